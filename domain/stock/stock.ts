import { z } from 'zod';
import { slugSchema } from '../ids.ts';

/**
 * Goods at a kiosk. A lot is what lies in one slot and was made to last until one day; the ledger of moves is append-only, and what a lot has is the sum of
 * its moves. Slots and how much belongs into each stand in HQ's planogram.
 */

/**
 * One of the planogram's slots; or, where staff sees goods that have no slot in it, that which they are shown under (domain/stock/shelves.ts): an offer's id, or
 * the slot in which they were put and the offer's id.
 */
export const slotNameSchema = z.string().min(1).max(100);
/** Which lot: its offer's id for what has neither slot nor day, else made of offer, slot and day by the kiosk. */
export const lotIdSchema = z.string().regex(/^[a-z0-9-]{1,60}$/);
/** The last day on which it is sold, by the shop's calendar: YYYY-MM-DD. */
export const bestBeforeSchema = z.iso.date();

/**
 * Why pieces came or went. `initial`: the catalogue counted them in. `reserved`, `released`: an order took them, or gave them back.
 * The rest is staff's: `refilled`, `counted` (the shelf holds more or fewer than the books said), `wasted`.
 */
export const moveReasons = ['initial', 'reserved', 'released', 'refilled', 'counted', 'wasted'] as const;
export const moveReasonSchema = z.enum(moveReasons);
export type MoveReason = z.infer<typeof moveReasonSchema>;

export const wasteReasons = ['expired', 'damaged', 'recalled', 'sample', 'other'] as const;
/** Why a count differs from the books. */
export const countReasons = ['miscounted', 'missing', 'stolen', 'found', 'sold_elsewhere', 'other'] as const;
export const wasteReasonSchema = z.enum(wasteReasons);
export const countReasonSchema = z.enum(countReasons);

export const planogramSlotSchema = z
  .strictObject({
    slot: slotNameSchema.max(20),
    offerId: slugSchema,
    /** How many should lie there after a visit. */
    par: z.int().min(0).max(100_000),
    /** How many can. */
    capacity: z.int().min(0).max(100_000),
    /** Which shelf or module it is on, as people call it. */
    shelf: z.string().max(40).optional(),
    /** Of a code on the shelf's edge, where the slot is scanned. */
    code: z.string().min(1).max(60).optional(),
  })
  .refine(({ par, capacity }) => par <= capacity, { error: 'is more than fits in', path: ['par'] });
export type PlanogramSlot = z.infer<typeof planogramSlotSchema>;

/** A lot that may be sold on this day, "2026-11-23". */
export function isFresh(bestBefore: string | undefined | null, today: string): boolean {
  return bestBefore === undefined || bestBefore === null || bestBefore >= today;
}

/** Soonest first; what has no date comes last, and of equals the older lot. */
export function compareLots(one: { readonly bestBefore?: string | undefined; readonly id: string }, other: { readonly bestBefore?: string | undefined; readonly id: string }): number {
  const [left, right] = [one.bestBefore ?? '9999-99-99', other.bestBefore ?? '9999-99-99'];
  return left === right ? (one.id < other.id ? -1 : one.id > other.id ? 1 : 0) : left < right ? -1 : 1;
}
