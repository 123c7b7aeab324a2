import type { Attention } from '../../domain/attention/attention.ts';
import { broughtBackWords } from '../../domain/attention/unheard.ts';
import type { AttentionId } from '../../domain/ids.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import type { StoreReader } from '../store/reader.ts';

export interface WalletsWaitingDeps {
  readonly reader: Pick<StoreReader, 'order' | 'attempts' | 'unsettledWallets' | 'openRefunds'>;
  readonly monotonicNow: () => number;
  /** How long ago it was that something began at this time of the wall clock. */
  readonly ageMs: (id: string, at: number) => number;
  /** False while HQ may still tell a restored store of what it has forgotten. */
  readonly isHistoryKnown: () => boolean;
}

/** Waited for in one run, before anybody is troubled: HQ being away is normal. */
const waitedForMs = 2 * 3_600_000;
/** And no younger than this. */
const ageAtLeastMs = 24 * 3_600_000;

/**
 * What is open with wallets in a store that was brought back. It asks HQ nothing about it before HQ has told what it knows: what was paid in the copy may have been
 * delivered, or gone back, long ago. Where HQ does not come back it stands here for staff to see, the oldest first. Nothing of it is written, or decided, since HQ
 * may know its end; when HQ has told, it is asked about as ever.
 */
export function createWalletsWaiting({ reader, monotonicNow, ageMs, isHistoryKnown }: WalletsWaitingDeps): () => readonly Attention[] {
  const bornMs = monotonicNow();

  return () => {
    if (isHistoryKnown() || monotonicNow() - bornMs < waitedForMs) return [];
    const isOld = (id: string, at: number) => ageMs(id, at) >= ageAtLeastMs;
    const entry = (about: Omit<Attention, 'id' | 'orderNumber' | 'raisedAt' | 'detail'> & { readonly startedAt: number }, id: string, what: string): Attention => ({
      ...about, id: id as AttentionId, orderNumber: reader.order(about.orderId)?.order.number, raisedAt: about.startedAt, detail: `${broughtBackWords} ${what}`,
    });
    // What is unclear has an entry of its own.
    const payments = reader.unsettledWallets().filter(({ id, state, startedAt }) => isUnsettled(state) && state !== 'unclear' && isOld(id, startedAt)).map(({ id, orderId, state, amount, startedAt }) => (
      state === 'reversing'
        ? entry({ kind: 'reversal_refused', orderId, attemptId: id, amount, startedAt }, id, 'whether it has gone back')
        : entry({ kind: 'payment_unclear', orderId, attemptId: id, amount, startedAt }, id, 'what became of it')
    ));
    const parts = reader.openRefunds().filter(({ id, way, askedAt }) => way === 'tender' && isOld(id, askedAt))
      .map(({ id, orderId, amount, askedAt }) => entry({ kind: 'refund_refused', orderId, refundId: id, amount, startedAt: askedAt }, id, 'whether it has gone back'));
    return [...payments, ...parts].toSorted((one, other) => one.raisedAt - other.raisedAt);
  };
}
