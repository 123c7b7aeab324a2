import { z } from 'zod';
import { maxFormValue } from '../catalogue/form.ts';
import type { Offer } from '../catalogue/offer.ts';
import type { CartId } from '../ids.ts';
import { cartIdSchema, slugSchema } from '../ids.ts';

export const cartLineSchema = z.strictObject({
  /** Unique in its cart; made by whoever adds the line. */
  id: z.string().min(1).max(40),
  offerId: slugSchema,
  quantity: z.int().min(1).max(99),
  /** Chosen choice ids by option group; one that repeats stands there as often as it was taken. */
  choices: z.record(slugSchema, z.array(slugSchema).max(10)),
  /** What was filled in, by the field's id: only fields that are asked (`askedFields`), none of them empty once it is in the cart. */
  form: z.record(slugSchema, z.string().max(maxFormValue)),
});
export type CartLine = z.infer<typeof cartLineSchema>;

/** The most lines of an order; `domain/rules` refuses more. */
export const maxCartLines = 40;

/** The border lets some more through, so that too many are answered by the rule, with words, and not as a malformed message. */
const maxSentLines = 60;

/** Where food is eaten: it may be taxed by that. */
export const diningSchema = z.enum(['eat_in', 'take_away']);
export type Dining = z.infer<typeof diningSchema>;

/** What a customer has picked. Its id makes a repeated "place" harmless: one cart becomes one order. */
export const cartSchema = z.strictObject({
  id: cartIdSchema,
  lines: z.array(cartLineSchema).max(maxSentLines).refine((lines) => new Set(lines.map(({ id }) => id)).size === lines.length, 'two lines share an id'),
  /** Asked once, and only where there is food. */
  dining: diningSchema.optional(),
});
export type Cart = z.infer<typeof cartSchema>;

export function emptyCart(id: CartId): Cart {
  return { id, lines: [] };
}

/** The choices that stand before a customer touches anything. */
export function preselectedChoices(offer: Offer): CartLine['choices'] {
  return Object.fromEntries(offer.options.map((group) => [group.id, group.preselected]));
}

/** Adds a line, or raises the quantity of the line that is the same but for its number. */
export function addLine(cart: Cart, line: CartLine): Cart {
  const twin = cart.lines.find((candidate) => sameWish(candidate, line));
  if (twin) return setQuantity(cart, twin.id, twin.quantity + line.quantity);
  return { ...cart, lines: [...cart.lines, line] };
}

/** A line that was changed: in its place, or, where another line is the same but for its number now, added to that one. */
export function replaceLine(cart: Cart, line: CartLine): Cart {
  if (!cart.lines.some(({ id }) => id === line.id)) return cart;
  const twin = cart.lines.find((candidate) => candidate.id !== line.id && sameWish(candidate, line));
  if (twin) return setQuantity({ ...cart, lines: cart.lines.filter(({ id }) => id !== line.id) }, twin.id, twin.quantity + line.quantity);
  return { ...cart, lines: cart.lines.map((candidate) => (candidate.id === line.id ? line : candidate)) };
}

/** A quantity of 0 or less takes the line out; more than 99 is 99. */
export function setQuantity(cart: Cart, lineId: string, quantity: number): Cart {
  if (quantity <= 0) return { ...cart, lines: cart.lines.filter((line) => line.id !== lineId) };
  return { ...cart, lines: cart.lines.map((line) => (line.id === lineId ? { ...line, quantity: Math.min(quantity, 99) } : line)) };
}

export function itemCount(cart: Cart): number {
  return cart.lines.reduce((count, line) => count + line.quantity, 0);
}

/** How many of an offer the whole cart holds, over all lines. */
export function quantityOf(cart: Cart, offerId: string): number {
  return cart.lines.reduce((count, line) => (line.offerId === offerId ? count + line.quantity : count), 0);
}

function sameWish(a: CartLine, b: CartLine): boolean {
  const signature = (line: CartLine) => {
    const groups = Object.entries(line.choices).filter(([, chosen]) => chosen.length > 0);
    const sorted = groups.map(([group, chosen]) => [group, [...chosen].sort()] as const).sort(([left], [right]) => (left < right ? -1 : 1));
    const filled = Object.entries(line.form).filter(([, value]) => value !== '').sort(([left], [right]) => (left < right ? -1 : 1));
    return JSON.stringify([line.offerId, sorted, filled]);
  };
  return signature(a) === signature(b);
}
