import type { Cart, CartLine } from '../../domain/cart/cart.ts';
import { addLine, maxCartLines, preselectedChoices, quantityOf } from '../../domain/cart/cart.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { FormField } from '../../domain/catalogue/form.ts';
import { askedFields, deliveryFields, keptOfForm, maxFormValue } from '../../domain/catalogue/form.ts';
import type { Offer, OptionGroup } from '../../domain/catalogue/offer.ts';
import { fieldsOf } from '../../domain/catalogue/offer.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import { checkField } from '../../domain/rules/form.ts';
import { checkWish } from '../../domain/rules/rules.ts';
import type { Part } from './parts.ts';

/** Goes into the cart by one tap: nothing to choose, nothing to read beforehand and nothing to fill in. */
export function isPlain(offer: Offer): boolean {
  return offer.options.length === 0 && fieldsOf(offer).length === 0 && offer.terms === undefined && offer.minAge === undefined;
}

/** A second delivery goes where the first one does, unless its customer says otherwise. */
export function newLine(offer: Offer, id: string, cart: Cart): CartLine {
  const preselected = fieldsOf(offer).flatMap((field) => (field.kind === 'choice' && field.preselected !== undefined ? [[field.id, field.preselected] as const] : []));
  const earlier = offer.fulfilment.kind === 'delivery' ? cart.lines.findLast(({ form }) => form['district'] !== undefined) : undefined;
  const address = deliveryFields.flatMap(({ id: field }) => (earlier?.form[field] ? [[field, earlier.form[field]] as const] : []));
  return { id, offerId: offer.id, quantity: 1, choices: preselectedChoices(offer), form: Object.fromEntries([...preselected, ...address]) };
}

/** One of a group replaces the other; of several, the most that may be chosen stay until one of them is given back: none goes unasked. */
export function switchChoice(offer: Offer, line: CartLine, groupId: string, choiceId: string): CartLine {
  const group = offer.options.find((candidate) => candidate.id === groupId);
  if (!group || !group.choices.some((choice) => choice.id === choiceId)) return line;
  const chosen = stillOffered(group, line.choices[groupId]);
  const without = chosen.filter((id) => id !== choiceId);
  const isChosen = without.length < chosen.length;
  const withIt = group.max === 1 ? [choiceId] : isFull(group, chosen) ? chosen : [...chosen, choiceId];
  // Where as many have to be chosen as may be, one goes before another comes: in between, one is missing.
  const next = isChosen ? (without.length >= group.min || isFull(group, chosen) ? without : chosen) : withIt;
  return { ...line, choices: { ...line.choices, [groupId]: next } };
}

/** Without what the group offered before, and no longer does: nobody sees it, so nobody could give it back. */
export function stillOffered({ choices }: OptionGroup, chosen: readonly string[] = []): string[] {
  return chosen.filter((id) => choices.some((choice) => choice.id === id));
}

/** Several may be chosen, and as many as may be are: for another one, one has to go first. */
export function isFull({ max }: OptionGroup, chosen: readonly string[]): boolean {
  return max > 1 && chosen.length >= max;
}

/** So many of one choice of a group that repeats, as far as the others leave room. */
export function countChoice(offer: Offer, line: CartLine, groupId: string, choiceId: string, count: number): CartLine {
  const group = offer.options.find((candidate) => candidate.id === groupId);
  if (!group?.repeats || !group.choices.some((choice) => choice.id === choiceId)) return line;
  const others = stillOffered(group, line.choices[groupId]).filter((id) => id !== choiceId);
  const next = [...others, ...Array.from({ length: Math.max(0, Math.min(count, group.max - others.length)) }, () => choiceId)];
  return { ...line, choices: { ...line.choices, [groupId]: next } };
}

/** The line with what was typed into one of its fields, as that field can hold it. */
export function typeField(offer: Offer, line: CartLine, fieldId: string, typed: string): CartLine {
  const field = askedFields(fieldsOf(offer), line.form).find(({ id }) => id === fieldId);
  return field ? { ...line, form: { ...line.form, [fieldId]: heldBy(field, typed) } } : line;
}

function heldBy(field: FormField, typed: string): string {
  switch (field.kind) {
    case 'phone':
      return phoneDigits(typed);
    case 'digits':
      return typed.replace(/\D/g, '').slice(0, field.maxLength);
    case 'postcode':
    case 'district':
      return typed.replace(/\D/g, '').slice(0, 6);
    case 'id_card':
      return typed.toUpperCase().replace(/[^\dX]/g, '').slice(0, 18);
    case 'text':
      return typed.slice(0, field.maxLength);
    case 'name':
    case 'street':
      return typed.slice(0, field.kind === 'name' ? 40 : maxFormValue);
    case 'choice':
      return field.choices.some(({ id }) => id === typed) ? typed : '';
    case 'consent':
      return typed === field.version ? typed : '';
  }
}

/** The line as it goes into the cart: what is not asked, or was left empty, is no part of it. */
export function tidied(offer: Offer, line: CartLine): CartLine {
  return { ...line, form: keptOfForm(fieldsOf(offer), line.form) };
}

/** Core has the list of districts; the page's own picker gives none that is not in it. */
export function isDistrictCode(code: string): boolean {
  return /^\d{6}$/.test(code);
}

/** Whether nothing is missing on this page of the sheet. */
export function isPartDone(offer: Offer, line: CartLine, part: Part): boolean {
  const groupIsDone = (ids: readonly string[]) => !checkWish(offer, line, isDistrictCode).some(({ suggestion }) => suggestion.kind === 'choose_options' && ids.includes(suggestion.groupId));
  const fieldIsDone = (field: FormField) => checkField(field, (line.form[field.id] ?? '').trim(), line.form, isDistrictCode) === undefined;
  switch (part.kind) {
    case 'offer':
      return groupIsDone(part.groups.map(({ id }) => id));
    case 'step':
      return groupIsDone([part.group.id]);
    case 'terms':
    case 'phone_check':
      return true;
    case 'fields':
      return part.fields.every(fieldIsDone);
    default:
      return fieldIsDone(part.field);
  }
}

/** The digits of what was typed, at most eleven. */
export function phoneDigits(typed: string): string {
  return typed.replace(/\D/g, '').slice(0, 11);
}

/** "139 1234 5678", also while it grows. */
export function formatPhone(digits: string): string {
  return [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)].filter(Boolean).join(' ');
}

/** How many of this line there may be: by the shelf, by the rule, less what other lines of the cart hold. */
export function mostOf(shopfront: Shopfront, cart: Cart, offer: Offer, lineId: string): number {
  const own = cart.lines.find((line) => line.id === lineId);
  const others = quantityOf(cart, offer.id) - (own?.quantity ?? 0);
  return Math.max(0, Math.min(offer.maxPerOrder, shopfront.available[offer.id] ?? Number.POSITIVE_INFINITY) - others);
}

/** Whether the cart has room for this line: always for more of what is in it, and for something new until it is full. */
export function hasRoomFor(cart: Cart, line: CartLine): boolean {
  return cart.lines.length < maxCartLines || addLine(cart, line).lines.length <= cart.lines.length;
}

/** Pieces left, or undefined where nothing is counted. */
export function stockOf(shopfront: Shopfront, offer: Offer): number | undefined {
  return shopfront.available[offer.id];
}

/** Food asks where it is eaten; a cart without food does not say. */
export function withDining(shopfront: Shopfront, cart: Cart): Cart {
  const hasFood = cart.lines.some(({ offerId }) => findOffer(shopfront.catalogue, offerId)?.fulfilment.kind === 'food');
  const { dining, ...rest } = cart;
  return hasFood ? { ...rest, dining: dining ?? shopfront.dining.preselected } : rest;
}
