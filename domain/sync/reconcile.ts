import { genesisHash } from './chain.ts';

/** How far one lane of a kiosk is, as the kiosk knows it. */
export interface LanePosition {
  readonly epoch: number;
  /** Sequence of the newest event; 0 before the first of this epoch. */
  readonly last: number;
  /** HQ has said that it has everything up to here. */
  readonly acknowledged: number;
  /** What HQ had of the epoch before, when this one was opened: it must still have it. Undefined for the first epoch. */
  readonly base: { readonly epoch: number; readonly acknowledged: number } | undefined;
}

/** How far HQ is with it: its newest epoch, and the hash of the event at the mark. */
export interface LaneMark {
  readonly epoch: number;
  readonly acknowledged: number;
  readonly head: string;
}

export type NextEpochReason =
  /** HQ holds more than this store has ever written, or another event under one of its numbers: the store is older than it was, or a copy. */
  | 'store_restored'
  /** HQ holds less than it once acknowledged, from before this epoch or beyond what is kept. */
  | 'hq_restored';

export type Reconciliation =
  /** Go on from HQ's mark: `moved` says whether acknowledgements were lost (`forward`) or HQ was restored (`back`). */
  | { readonly kind: 'continue'; readonly acknowledged: number; readonly moved: 'no' | 'forward' | 'back' }
  /** `resend: 'unacknowledged'`: HQ has the rest. `'kept'`: everything that is still here, since nobody knows what HQ lacks. */
  | { readonly kind: 'next_epoch'; readonly epoch: number; readonly reason: NextEpochReason; readonly resend: 'unacknowledged' | 'kept' };

/**
 * What a kiosk does when HQ says where it stands. Sent again under a next epoch, events keep their ids, so HQ applies each once whatever is
 * decided here; and no sequence number ever stands for two events.
 * @param ours the kiosk's position in the lane
 * @param theirs undefined where HQ has never heard of this lane
 * @param hashAt the kiosk's own hash of an event of the current epoch; undefined where it is not kept any more
 */
export function reconcile(ours: LanePosition, theirs: LaneMark | undefined, hashAt: (sequence: number) => string | undefined): Reconciliation {
  const hq = theirs ?? { epoch: ours.base?.epoch ?? ours.epoch, acknowledged: 0, head: genesisHash };
  const above = (reason: NextEpochReason, resend: 'unacknowledged' | 'kept'): Reconciliation => ({ kind: 'next_epoch', epoch: Math.max(ours.epoch, hq.epoch) + 1, reason, resend });
  if (hq.epoch > ours.epoch) return above('store_restored', 'unacknowledged');
  if (hq.epoch < ours.epoch) {
    const hasBase = ours.base === undefined ? hq.acknowledged === 0 : hq.epoch === ours.base.epoch && hq.acknowledged >= ours.base.acknowledged;
    if (ours.acknowledged > 0 || !hasBase) return above('hq_restored', 'kept');
    return { kind: 'continue', acknowledged: 0, moved: 'no' };
  }
  if (hq.acknowledged > ours.last) return above('store_restored', 'unacknowledged');
  const hash = hq.acknowledged === 0 ? genesisHash : hashAt(hq.acknowledged);
  if (hash === undefined) return above('hq_restored', 'kept');
  if (hash !== hq.head) return above('store_restored', 'unacknowledged');
  // HQ takes no event before it has the one before: what is kept begins somewhere behind its mark.
  if (hq.acknowledged < ours.last && hashAt(hq.acknowledged + 1) === undefined) return above('hq_restored', 'kept');
  const moved = hq.acknowledged > ours.acknowledged ? 'forward' : hq.acknowledged < ours.acknowledged ? 'back' : 'no';
  return { kind: 'continue', acknowledged: hq.acknowledged, moved };
}
