import type { CartLine } from '../../domain/cart/cart.ts';
import { addLine } from '../../domain/cart/cart.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import type { Step } from './action.ts';
import { mostOf, newLine } from './draft.ts';
import type { Draft, Model, Visit } from './model.ts';
import { only, withVisit } from './visit.ts';

/** The sheet with all that there is to decide about a line. */
export function openDraft(model: Model, opened: Draft): Step {
  return only(withVisit(model, { sheet: { kind: 'offer', draft: opened } }));
}

/** A line that is new to the cart, with what its customer entered for this offer before they went back: all of it but its id. */
export function newDraft(shopfront: Shopfront, visit: Visit, offer: Offer): Draft {
  const line = newLine(offer, `line-${visit.linesMade}`, visit.cart);
  const before = visit.kept[offer.id];
  if (!before) return { line, changing: false, tried: false, part: 0 };
  const entered = Object.entries(before.form).filter(([, value]) => value !== '');
  const quantity = Math.max(1, Math.min(before.quantity, mostOf(shopfront, visit.cart, offer, line.id)));
  return { line: { ...line, quantity, choices: { ...line.choices, ...before.choices }, form: { ...line.form, ...Object.fromEntries(entered) } }, changing: false, tried: false, part: 0 };
}

/** The sheet closes by the way back. A line of the cart stays as it was; of a new one nothing is lost. */
export function leaveDraft(model: Model, visit: Visit, { line, changing }: Draft): Step {
  return only(withVisit(model, { sheet: undefined, kept: changing ? visit.kept : { ...visit.kept, [line.offerId]: line } }));
}

export function addToCart(model: Model, visit: Visit, line: CartLine): Model {
  const said = { offerId: line.offerId, times: (visit.said?.times ?? 0) + 1 };
  const { [line.offerId]: _, ...kept } = visit.kept;
  return withVisit(model, { cart: addLine(visit.cart, line), linesMade: visit.linesMade + 1, said, sheet: undefined, kept });
}
