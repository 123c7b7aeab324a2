import { z } from 'zod';
import { slugSchema } from '../ids.ts';
import { bilingualSchema } from '../language.ts';
import { minorUnitsSchema } from '../money.ts';
import type { Moment } from '../time.ts';
import { epochMsSchema } from '../time.ts';
import { isWithin, windowSchema } from './window.ts';

const common = {
  id: slugSchema,
  /** What it is called on screen and receipt. */
  name: bilingualSchema,
  offerIds: z.array(slugSchema).min(1).max(10_000),
  /** From (included) until (not included), by whole minutes; unbounded where missing. */
  from: epochMsSchema.optional(),
  until: epochMsSchema.optional(),
  windows: z.array(windowSchema).max(14).optional(),
};

/** A lower price for a while. Where several fit an offer, the one that is best for the customer counts, alone. */
export const promotionSchema = z.discriminatedUnion('kind', [
  /** Off the price, options included, in basis points: 1000 is 10 %. */
  z.strictObject({ ...common, kind: z.literal('percent_off'), basisPoints: z.int().min(1).max(10_000) }),
  /** In place of the offer's own price; options cost what they do. */
  z.strictObject({ ...common, kind: z.literal('special_price'), price: minorUnitsSchema.min(0) }),
  /** Of each `buy + free` pieces of one offer, the `free` cheapest cost nothing. */
  z.strictObject({ ...common, kind: z.literal('buy_get'), buy: z.int().min(1).max(20), free: z.int().min(1).max(20) }),
]);
export type Promotion = z.infer<typeof promotionSchema>;

export function isRunning({ from, until, windows }: Promotion, moment: Moment): boolean {
  return (from === undefined || moment.at >= from) && (until === undefined || moment.at < until) && isWithin(windows, moment);
}
