import { z } from 'zod';
import { slugSchema } from '../ids.ts';
import { bilingualSchema } from '../language.ts';
import { moneySchema } from '../money.ts';

/** What would make a refused cart right: the page offers it as one button, and applies it. */
export const suggestionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('set_quantity'), lineId: z.string(), quantity: z.int() }),
  z.strictObject({ kind: z.literal('remove_line'), lineId: z.string() }),
  z.strictObject({ kind: z.literal('choose_options'), lineId: z.string(), groupId: z.string() }),
  z.strictObject({ kind: z.literal('fill_in'), lineId: z.string(), field: slugSchema }),
  z.strictObject({ kind: z.literal('choose_dining') }),
  /** The lines that cost something go; what is free stays. */
  z.strictObject({ kind: z.literal('keep_free') }),
  z.strictObject({ kind: z.literal('accept_total'), total: moneySchema }),
  /** A person of the staff has to come. */
  z.strictObject({ kind: z.literal('call_staff') }),
  z.strictObject({ kind: z.literal('keep_shopping') }),
]);
export type Suggestion = z.infer<typeof suggestionSchema>;

export const refusalCodes = [
  'kiosk_paused', 'cart_empty', 'too_many_lines', 'offer_gone', 'outside_hours', 'snoozed', 'sold_out', 'stock_short', 'too_many', 'online_only',
  'option_missing', 'option_unknown', 'option_sold_out', 'form_missing', 'form_invalid', 'phone_invalid', 'address_invalid', 'age_restricted', 'dining_missing',
  'payment_unavailable', 'total_changed', 'total_too_high',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Why a cart cannot become an order. */
export const refusalSchema = z.strictObject({
  code: z.enum(refusalCodes),
  /** What the customer reads: what is the matter, by the offer's name. What to do about it stands on the suggestion's button. */
  text: bilingualSchema,
  lineId: z.string().optional(),
  offerId: z.string().optional(),
  suggestion: suggestionSchema,
});
export type Refusal = z.infer<typeof refusalSchema>;
