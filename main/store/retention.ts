import type { Outbox } from './outbox.ts';
import type { PersonalData } from './personal.ts';

/** Each piece is a transaction of its own, which a sale waits for: a few milliseconds. */
export const retentionChunk = 200;
/** HQ may be restored from a copy of this age, and ask for all since then again (sync's `kept`). */
const keepAcknowledgedMs = 35 * 24 * 3_600_000;
const dayMs = 24 * 3_600_000;

export interface RetentionDeps {
  readonly personal: Pick<PersonalData, 'shred'>;
  readonly outbox: Pick<Outbox, 'prune'>;
  /** config.store.personalDays */
  readonly personalDays: number;
  /** Epoch milliseconds UTC. A clock that jumps ahead shreds early, one that jumps back late; HQ has its own. */
  readonly now: () => number;
}

export interface Forgotten {
  /** Orders whose words nobody can read any more. */
  readonly shredded: number;
  /** Events that HQ has and will not ask for again. */
  readonly pruned: number;
  /** There is more: call again, after others had their turn. */
  readonly isMore: boolean;
}

/**
 * Forgets what its time is over for: customers' words (by their keys, so that they are gone from every row and event at once), and old
 * events that HQ has. Orders, receipts, payments and amounts stay for good.
 *
 * What is forgotten is overwritten in the main file when the WAL has been taken over and cut (`secure_delete`; checkpoints.ts), and gone from the
 * hourly copies when the last of them from before is replaced.
 */
export function createRetention({ personal, outbox, personalDays, now }: RetentionDeps): { runChunk(): Forgotten } {
  return {
    runChunk() {
      const at = now();
      const shredded = personal.shred(at - personalDays * dayMs, retentionChunk, at);
      const pruned = outbox.prune(at - keepAcknowledgedMs, retentionChunk, at);
      return { shredded, pruned, isMore: shredded === retentionChunk || pruned === retentionChunk };
    },
  };
}
