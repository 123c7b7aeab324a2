import type { Cart, CartLine } from '../../domain/cart/cart.ts';
import { addLine, maxCartLines, preselectedChoices, quantityOf } from '../../domain/cart/cart.ts';
import type { Offer } from '../../domain/catalogue/catalogue.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';

/** Goes into the cart by one tap: nothing to choose and nothing to fill in. */
export function isPlain(offer: Offer): boolean {
  return offer.options.length === 0 && offer.form.length === 0;
}

export function newLine(offer: Offer, id: string): CartLine {
  return { id, offerId: offer.id, quantity: 1, choices: preselectedChoices(offer), form: offer.form.includes('phone') ? { phone: '' } : {} };
}

/** One of a group replaces the other; of several, the oldest makes room for the newest. */
export function switchChoice(offer: Offer, line: CartLine, groupId: string, choiceId: string): CartLine {
  const group = offer.options.find((candidate) => candidate.id === groupId);
  if (!group || !group.choices.some((choice) => choice.id === choiceId)) return line;
  const chosen = line.choices[groupId] ?? [];
  const without = chosen.filter((id) => id !== choiceId);
  const isChosen = without.length < chosen.length;
  const next = isChosen ? (without.length >= group.min ? without : chosen) : [...chosen, choiceId].slice(-group.max);
  return { ...line, choices: { ...line.choices, [groupId]: next } };
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
