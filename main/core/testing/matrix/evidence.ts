import type { HqEvent } from '../../../../domain/contract/hq.ts';
import type { Attempt } from '../../../../domain/payment/attempt.ts';
import type { BookEntry } from '../../../../hardware/sim/zvt-terminal/book.ts';
import type { LanePosition } from '../../../../domain/sync/reconcile.ts';
import type { StoredJob, StoredOrder } from '../../../store/reader.ts';
import type { Stage, Told } from './stage.ts';

/** Everything that is left of a case when nothing moves any more: four books, each kept by somebody else. */
export interface Evidence {
  /** The terminal's, with those of the terminals that stood there before. */
  readonly book: readonly BookEntry[];
  /** Those of its entries that other tills made. */
  readonly foreign: readonly BookEntry[];
  /** The store's. */
  readonly orders: readonly OrderEvidence[];
  readonly unsettled: Attempt | undefined;
  /** Of the lane that orders and payments take. */
  readonly events: readonly HqEvent[];
  readonly position: LanePosition;
  readonly colaLeft: number;
  /** What the customer's screen was told, in order. */
  readonly told: readonly Told[];
}

export interface OrderEvidence extends StoredOrder {
  readonly attempts: readonly Attempt[];
  readonly jobs: readonly StoredJob[];
  /** How many slips bear it, finished or still in the printer: the paper's book. */
  readonly slips: number;
}

export function gatherEvidence(stage: Stage): Evidence {
  const { reader, outbox, orderIds } = stage.store();
  return {
    book: stage.book(),
    foreign: stage.foreign(),
    orders: orderIds().map((id) => ({ ...reader.order(id)!, attempts: reader.attempts(id), jobs: reader.jobs(id), slips: stage.slipsOf(id).length })),
    unsettled: reader.unsettledAttempt(),
    events: outbox.events('orders', 0, 1_000_000),
    position: outbox.position('orders'),
    colaLeft: reader.available().get('cola') ?? Number.NaN,
    told: stage.told(),
  };
}
