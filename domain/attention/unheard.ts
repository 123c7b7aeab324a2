import type { OrderId } from '../ids.ts';
import type { Attention } from './attention.ts';

/** In the detail of what stands on the list because HQ does not tell, in front of what is not known: "HQ has not said whether it has gone back". */
export const unheardWords = 'HQ has not said';
/** Begins the detail of the same in a store that was brought back. */
export const broughtBackWords = 'the store was brought back, and HQ has not said';

/**
 * Money that was to go back, and of which HQ has not told what became of it: it is asked for on, now and then, and ends by itself when HQ has an answer. So whoever
 * gives it back in another way looks first whether it has gone.
 */
export function isRefundUnheard({ kind, detail }: Pick<Attention, 'kind' | 'detail'>): boolean {
  return (kind === 'reversal_refused' || kind === 'refund_refused' || kind === 'service_refused') && detail.includes(unheardWords);
}

/** Something of the order may still go back by itself: a part that is asked for beside it would be a second one. */
export function mayStillGoBack(open: readonly Attention[], orderId: OrderId): boolean {
  return open.some((entry) => entry.orderId === orderId && isRefundUnheard(entry));
}

/**
 * A wallet's payment, or money that was to go back, in a store that was brought back and waits for HQ to tell what happened since. It may have had its end long ago, so
 * nobody can decide about it here: it is only shown, and stands in no journal.
 */
export function waitsForHistory({ detail }: Pick<Attention, 'detail'>): boolean {
  return detail.startsWith(broughtBackWords);
}
