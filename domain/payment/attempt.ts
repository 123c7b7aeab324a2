import { z } from 'zod';
import { attemptIdSchema, orderIdSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { epochMsSchema } from '../time.ts';
import { cardDetailsSchema } from './card.ts';
import { tenderSchema, walletDetailsSchema, walletModeSchema } from './tender.ts';

/**
 * A payment attempt's life in the journal:
 * - `started`: committed before the terminal (or, of a wallet, HQ) hears of it. Found after a restart: unknown.
 * - `authorised`: the terminal said approved and this was committed before we acknowledged it. Until the terminal has
 *   completed, it may still reverse by itself, so a restart asks it.
 * - `approved`: completed; money is taken.
 * - `declined`, `cancelled`, `not_sent`: no money moved.
 * - `unknown`: nobody knows until the terminal is asked what it did last.
 * - `not_paid`: was unknown, and the terminal has said that it did not happen.
 * - `unclear`: was unknown, and the terminal's answer fits neither. A person must look; the kiosk takes no card meanwhile. Of a wallet: HQ could not find out; what HQ
 *   learns later settles it too, and nothing but its own order waits for that.
 * - `reversing`: money is taken and the sale cannot be completed; committed before the terminal (or HQ) hears of the reversal. A
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
  tender: tenderSchema,
  /** Of a wallet: who shows the code. */
  mode: walletModeSchema.optional(),
  state: attemptStateSchema,
  /** Of a wallet, once it is paid. */
  wallet: walletDetailsSchema.optional(),
  card: cardDetailsSchema.optional(),
  /** We have answered an approval of it with "failed" (84 66): `card` names it, and nothing later makes it a payment. */
  refused: z.literal(true).optional(),
  /** The terminal's, two hex digits; of a wallet, why it was refused (`walletRefusals`). */
  resultCode: z.string().max(20).optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** Of one order: the payment that its receipt names, which is the one that stands, or else one that went back or goes. */
export function paymentOf<A extends Pick<Attempt, 'state'>>(attempts: readonly A[]): A | undefined {
  return attempts.find(({ state }) => state === 'approved') ?? attempts.findLast(({ state }) => state === 'reversing' || state === 'reversed');
}

/**
 * Nobody knows its end yet. No purchase may be sent to the terminal while one of the card is, and none for an order of which any is. A wallet's holds up
 * nobody but its own order: HQ keeps many apart by their ids.
 */
export function isUnsettled(state: AttemptState): boolean {
  return state === 'started' || state === 'authorised' || state === 'unknown' || state === 'unclear' || state === 'reversing';
}
