import type { CartLine } from '../../domain/cart/cart.ts';
import { addLine } from '../../domain/cart/cart.ts';
import type { FormFieldKind } from '../../domain/catalogue/form.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { fieldsOf } from '../../domain/catalogue/offer.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import type { Step } from './action.ts';
import { mostOf, newLine, stillOffered } from './draft.ts';
import type { Draft, Model, Visit } from './model.ts';
import { only, withVisit } from './visit.ts';

/** The sheet with all that there is to decide about a line. */
export function openDraft(model: Model, opened: Draft): Step {
  return only(withVisit(model, { sheet: { kind: 'offer', draft: opened } }));
}

/** Together they are one place: a street of one delivery in the district of another is nowhere. */
const placeFields: readonly string[] = ['district', 'street', 'postcode'];

/** A line that is new to the cart, with what its customer entered for this offer before they went back: all of it but its id, and what is no longer offered. */
export function newDraft(shopfront: Shopfront, visit: Visit, offer: Offer): Draft {
  const line = newLine(offer, `line-${visit.linesMade}`, visit.cart);
  const before = visit.kept[offer.id];
  if (!before) return { line, changing: false, tried: false, part: 0 };
  const choices = Object.fromEntries(offer.options.flatMap((group) => {
    const chosen = before.choices[group.id];
    return chosen ? [[group.id, stillOffered(group, chosen).slice(0, group.max)] as const] : [];
  }));
  const entered = Object.entries(before.form).filter(([, value]) => value !== '');
  const hasPlace = entered.some(([id]) => placeFields.includes(id));
  const standing = Object.entries(line.form).filter(([id]) => !hasPlace || !placeFields.includes(id));
  const quantity = Math.max(1, Math.min(before.quantity, mostOf(shopfront, visit.cart, offer, line.id)));
  return { line: { ...line, quantity, choices: { ...line.choices, ...choices }, form: Object.fromEntries([...standing, ...entered]) }, changing: false, tried: false, part: 0 };
}

/** An agreement is given to what is bought now, and an identity card's number lies open to nobody who opens the offer again. */
const neverKept: readonly FormFieldKind[] = ['consent', 'id_card'];

/**
 * The sheet closes by the way back. A line of the cart stays as it was; of a new one nothing that its customer entered is lost. What stood in it by itself is not
 * theirs: it may be another by the next time, such as the address of a delivery that is changed meanwhile.
 */
export function leaveDraft(model: Model, visit: Visit, offer: Offer, { line, changing }: Draft): Step {
  if (changing) return only(withVisit(model, { sheet: undefined }));
  const blank = newLine(offer, line.id, visit.cart).form;
  const mayBeKept = (fieldId: string) => fieldsOf(offer).some(({ id, kind }) => id === fieldId && !neverKept.includes(kind));
  const isOwn = (fieldId: string) => (line.form[fieldId] ?? '') !== (blank[fieldId] ?? '');
  const isOwnPlace = placeFields.some(isOwn);
  const form = Object.fromEntries(Object.entries(line.form).filter(([id]) => mayBeKept(id) && (placeFields.includes(id) ? isOwnPlace : isOwn(id))));
  return only(withVisit(model, { sheet: undefined, kept: { ...visit.kept, [line.offerId]: { ...line, form } } }));
}

export function addToCart(model: Model, visit: Visit, line: CartLine): Model {
  const said = { offerId: line.offerId, times: (visit.said?.times ?? 0) + 1 };
  const { [line.offerId]: _, ...kept } = visit.kept;
  return withVisit(model, { cart: addLine(visit.cart, line), linesMade: visit.linesMade + 1, said, sheet: undefined, kept });
}
