import type { Database } from 'better-sqlite3';
import type { Lane } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import { chainText } from '../../domain/sync/chain.ts';
import type { JournalRecord } from './emitter.ts';
import { hashOf } from './emitter.ts';
import { createOutbox } from './outbox.ts';
import type { Epochs } from './recover-epochs.ts';

type EventRecord = Extract<JournalRecord, { kind: 'event' }>;

/** The newest that the journal tells of each lane. */
export function journalHeads(records: readonly JournalRecord[]): ReadonlyMap<Lane, EventRecord> {
  const heads = new Map<Lane, EventRecord>();
  for (const record of records) {
    if (record.kind !== 'event') continue;
    const newest = heads.get(record.lane);
    const isNewer = !newest || record.epoch > newest.epoch || (record.epoch === newest.epoch && record.event.sequence >= newest.event.sequence);
    if (isNewer) heads.set(record.lane, record);
  }
  return heads;
}

/** `level`: it has what the journal tells. `behind`: less. `apart`: something else under the same number. */
export type LaneStanding = 'level' | 'behind' | 'apart';

/** How a store stands to its journal: the journal is written first, and so it is never behind by more than what it has lost itself. */
export function standing(database: Database, lane: Lane, newest: EventRecord | undefined): LaneStanding {
  if (!newest) return 'level';
  const { epoch, last } = createOutbox(database).position(lane);
  const { sequence, hash, id } = newest.event;
  if (newest.epoch > epoch || (newest.epoch === epoch && sequence > last)) return 'behind';
  if (newest.epoch < epoch) {
    // What was renumbered in the epoch after keeps its id; what HQ had by then may be forgotten.
    return 'level';
  }
  const kept = database.prepare<[string, number, number], { id: string; hash: string }>('SELECT id, hash FROM outbox WHERE lane = ? AND epoch = ? AND sequence = ?').get(lane, epoch, sequence);
  return kept === undefined || (kept.id === id && kept.hash === hash) ? 'level' : 'apart';
}

/** Whether what HQ has not acknowledged is one chain without a gap, up to the lane's head. */
function isOneChain(database: Database, lane: Lane): boolean {
  const outbox = createOutbox(database);
  const { epoch, last, head, acknowledged } = outbox.position(lane);
  let before = outbox.hashAt(lane, acknowledged);
  let sequence = acknowledged;
  for (;;) {
    const events = outbox.events(lane, sequence, 500);
    if (events.length === 0) return sequence === last && (before ?? head) === head;
    for (const event of events) {
      if (event.sequence !== sequence + 1 || (before !== undefined && hashOf(chainText(before, lane, epoch, event)) !== event.hash)) return false;
      before = event.hash;
      sequence = event.sequence;
    }
  }
}

function isAtHead(database: Database, lane: Lane, newest: EventRecord | undefined): boolean {
  const { epoch, head } = createOutbox(database).position(lane);
  return newest !== undefined && newest.epoch === epoch && newest.event.hash === head;
}

export interface OpenedEpoch { readonly lane: Lane; readonly from: number; readonly to: number }

/**
 * A lane whose end is not known for certain goes on in an epoch that nobody has used, with the same event ids: HQ applies each once, and no
 * number ever stands for two events.
 * @param isCertain the store and what the journal tells are together everything that there was
 * @param isJournalWhole what the journal ends with is the end
 * @param used the highest that is known besides
 */
export function openEpochs(database: Database, records: readonly JournalRecord[], isCertain: boolean, isJournalWhole: boolean, used: Epochs): readonly OpenedEpoch[] {
  const heads = journalHeads(records);
  const outbox = createOutbox(database);
  return lanes.flatMap((lane): OpenedEpoch[] => {
    const newest = heads.get(lane);
    const isEndKnown = isCertain || (isJournalWhole && isAtHead(database, lane, newest));
    if (isEndKnown && standing(database, lane, newest) === 'level' && isOneChain(database, lane)) return [];
    const { epoch } = outbox.position(lane);
    const newestKept = Number(database.prepare('SELECT coalesce(max(epoch), 0) FROM outbox WHERE lane = ?').pluck().get(lane));
    const to = Math.max(epoch, newestKept, newest?.epoch ?? 0, used[lane]) + 1;
    // Events of an epoch after the lane's own came from the journal: then only ids tell what HQ has.
    outbox.openEpoch(lane, epoch, to, newestKept > epoch ? 'kept' : 'unacknowledged');
    return [{ lane, from: epoch, to }];
  });
}
