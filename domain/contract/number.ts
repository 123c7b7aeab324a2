import { z } from 'zod';
import { bilingualSchema } from '../language.ts';
import { moneySchema } from '../money.ts';

/** What the carrier tells of a number before anything is paid for it. */
export const numberViewSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('found'),
    /** Masked by the carrier: "张*". */
    owner: z.string().max(40),
    /** The plan it has now. `planId`: its offer's id here, where the carrier names one. */
    plan: z.strictObject({ name: bilingualSchema, planId: z.string().max(60).optional(), price: moneySchema.optional() }).optional(),
    balance: moneySchema.optional(),
    /** When a changed plan would begin, YYYY-MM-DD. */
    effectiveOn: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).optional(),
  }),
  /** The carrier has no such number. */
  z.strictObject({ kind: z.literal('unknown_number') }),
  /** It has, and this offer cannot be had for it. */
  z.strictObject({ kind: z.literal('not_for_it') }),
  /** Nobody could be asked. */
  z.strictObject({ kind: z.literal('away') }),
]);
export type NumberView = z.infer<typeof numberViewSchema>;
