import { z } from 'zod';
import type { Catalogue, FormField, Offer } from '../catalogue/catalogue.ts';
import { findOffer, formFieldSchema } from '../catalogue/catalogue.ts';
import type { Cart, CartLine } from '../cart/cart.ts';
import { maxCartLines, quantityOf } from '../cart/cart.ts';
import { moneySchema } from '../money.ts';
import { priceCart } from '../pricing/pricing.ts';

/** What would make a refused cart right: the page offers it as one button. */
export const suggestionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('set_quantity'), lineId: z.string(), quantity: z.int() }),
  z.strictObject({ kind: z.literal('remove_line'), lineId: z.string() }),
  z.strictObject({ kind: z.literal('choose_options'), lineId: z.string(), groupId: z.string() }),
  z.strictObject({ kind: z.literal('fill_in'), lineId: z.string(), field: formFieldSchema }),
  z.strictObject({ kind: z.literal('accept_total'), total: moneySchema }),
  z.strictObject({ kind: z.literal('keep_shopping') }),
]);
export type Suggestion = z.infer<typeof suggestionSchema>;

export const refusalCodes = [
  'cart_empty', 'offer_gone', 'sold_out', 'stock_short', 'too_many', 'too_many_lines', 'option_missing', 'option_unknown', 'form_missing', 'form_invalid',
  'total_changed', 'total_too_high',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Why a cart cannot become an order. The words for the code are the renderer's, in both languages; `name` fills their gap. */
export const refusalSchema = z.strictObject({
  code: z.enum(refusalCodes),
  lineId: z.string().optional(),
  offerId: z.string().optional(),
  suggestion: suggestionSchema,
});
export type Refusal = z.infer<typeof refusalSchema>;

export interface RuleFacts {
  readonly catalogue: Catalogue;
  /** Pieces that can still be sold, by offer id; an offer that is not counted is missing here, unless it is not to be sold at all (`withSoldOut`). */
  readonly available: ReadonlyMap<string, number>;
  /** The most that one order may cost, in minor units. */
  readonly maxTotal: number;
}

/** What can still be sold where some offers are not to be sold, whatever the stock says and whether they are counted or not. */
export function withSoldOut(available: ReadonlyMap<string, number>, soldOut: ReadonlySet<string>): ReadonlyMap<string, number> {
  return soldOut.size === 0 ? available : new Map([...available, ...[...soldOut].map((offerId) => [offerId, 0] as const)]);
}

/** Every rule, in the order in which a customer would mend them. Empty means: this cart may become an order. */
export function checkCart(facts: RuleFacts, cart: Cart): readonly Refusal[] {
  if (cart.lines.length === 0) return [{ code: 'cart_empty', suggestion: { kind: 'keep_shopping' } }];
  const refusals = cart.lines.flatMap((line) => checkLine(facts, cart, line));
  if (refusals.length > 0) return refusals;
  const unfit = cart.lines.slice(maxCartLines);
  if (unfit.length > 0) {
    return unfit.map(({ id, offerId }) => ({ code: 'too_many_lines', lineId: id, offerId, suggestion: { kind: 'remove_line', lineId: id } }));
  }
  const { total } = priceCart(facts.catalogue, cart);
  if (total.amount > facts.maxTotal) return [{ code: 'total_too_high', suggestion: { kind: 'keep_shopping' } }];
  return [];
}

/** The options and fields of one line, as the options sheet asks before it lets the line into the cart. */
export function checkWish(offer: Offer, line: CartLine): readonly Refusal[] {
  return [...checkOptions(offer, line), ...checkForm(offer, line)];
}

/** Mobile numbers of the People's Republic of China: eleven digits, from 13 to 19. */
export function isPhoneNumber(value: string): boolean {
  return /^1[3-9]\d{9}$/.test(value);
}

function checkLine(facts: RuleFacts, cart: Cart, line: CartLine): readonly Refusal[] {
  const offer = findOffer(facts.catalogue, line.offerId);
  const about = { lineId: line.id, offerId: line.offerId };
  const remove: Suggestion = { kind: 'remove_line', lineId: line.id };
  if (!offer) return [{ code: 'offer_gone', ...about, suggestion: remove }];
  const wanted = quantityOf(cart, offer.id);
  const others = wanted - line.quantity;
  const fit = (limit: number): Suggestion =>
    limit - others > 0 ? { kind: 'set_quantity', lineId: line.id, quantity: limit - others } : remove;
  const available = facts.available.get(offer.id);
  if (available !== undefined && available <= 0) return [{ code: 'sold_out', ...about, suggestion: remove }];
  if (available !== undefined && wanted > available) return [{ code: 'stock_short', ...about, suggestion: fit(available) }];
  if (wanted > offer.maxPerOrder) return [{ code: 'too_many', ...about, suggestion: fit(offer.maxPerOrder) }];
  return checkWish(offer, line);
}

function checkOptions(offer: Offer, line: CartLine): readonly Refusal[] {
  const about = { lineId: line.id, offerId: offer.id };
  const known = new Set(offer.options.map((group) => group.id));
  if (Object.keys(line.choices).some((groupId) => !known.has(groupId))) {
    return [{ code: 'option_unknown', ...about, suggestion: { kind: 'remove_line', lineId: line.id } }];
  }
  return offer.options.flatMap((group): Refusal[] => {
    const chosen = line.choices[group.id] ?? [];
    const suggestion: Suggestion = { kind: 'choose_options', lineId: line.id, groupId: group.id };
    const offered = new Set(group.choices.map((choice) => choice.id));
    if (new Set(chosen).size !== chosen.length || chosen.some((id) => !offered.has(id)) || chosen.length > group.max) {
      return [{ code: 'option_unknown', ...about, suggestion }];
    }
    return chosen.length < group.min ? [{ code: 'option_missing', ...about, suggestion }] : [];
  });
}

function checkForm(offer: Offer, line: CartLine): readonly Refusal[] {
  const asked = new Set<FormField>(offer.form);
  const about = { lineId: line.id, offerId: offer.id };
  const unasked = Object.keys(line.form).find((field) => !asked.has(field as FormField));
  if (unasked) return [{ code: 'form_invalid', ...about, suggestion: { kind: 'remove_line', lineId: line.id } }];
  return offer.form.flatMap((field): Refusal[] => {
    const suggestion: Suggestion = { kind: 'fill_in', lineId: line.id, field };
    const value = line.form[field] ?? '';
    if (value === '') return [{ code: 'form_missing', ...about, suggestion }];
    return isPhoneNumber(value) ? [] : [{ code: 'form_invalid', ...about, suggestion }];
  });
}
