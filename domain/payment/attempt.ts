import { z } from 'zod';
import { attemptIdSchema, orderIdSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { epochMsSchema } from '../time.ts';
import { cardDetailsSchema } from './card.ts';

/**
 * A payment attempt's life in the journal:
 * - `started`: committed before the terminal hears of it. Found after a restart: unknown.
 * - `authorised`: the terminal said approved and this was committed before we acknowledged it. Until the terminal has
 *   completed, it may still reverse by itself, so a restart asks it.
 * - `approved`: completed; money is taken.
 * - `declined`, `cancelled`, `not_sent`: no money moved.
 * - `unknown`: nobody knows until the terminal is asked what it did last.
 * - `not_paid`: was unknown, and the terminal has said that it did not happen.
 * - `unclear`: was unknown, and the terminal's answer fits neither. A person must look; the kiosk takes no card meanwhile.
 * - `reversing`: money is taken and the sale cannot be completed; committed before the terminal hears of the reversal. A
 *   reversal may be sent again (taking back twice takes back once), so a restart sends it again.
 * - `reversed`: the money is back.
 */
export const attemptStates = ['started', 'authorised', 'approved', 'declined', 'cancelled', 'not_sent', 'unknown', 'not_paid', 'unclear', 'reversing', 'reversed'] as const;
export const attemptStateSchema = z.enum(attemptStates);
export type AttemptState = z.infer<typeof attemptStateSchema>;

export const attemptSchema = z.strictObject({
  id: attemptIdSchema,
  orderId: orderIdSchema,
  amount: moneySchema,
  startedAt: epochMsSchema,
  state: attemptStateSchema,
  card: cardDetailsSchema.optional(),
  /** We have answered an approval of it with "failed" (84 66): `card` names it, and nothing later makes it a payment. */
  refused: z.literal(true).optional(),
  resultCode: z.string().max(4).optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** No purchase may be sent to the terminal while one of these exists. */
export function isUnsettled(state: AttemptState): boolean {
  return state === 'started' || state === 'authorised' || state === 'unknown' || state === 'unclear' || state === 'reversing';
}
