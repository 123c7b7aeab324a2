import type { Database } from 'better-sqlite3';
import type { HqEvent, Lane } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import { chainText } from '../../domain/sync/chain.ts';
import type { JournalRecord } from './emitter.ts';
import { hashOf } from './emitter.ts';
import { createOutbox } from './outbox.ts';

export type EventRecord = Extract<JournalRecord, { kind: 'event' }>;
/** `journal`: HQ may lack it. `hq`: HQ has it. */
export type ReplaySource = 'journal' | 'hq';

/** Puts events that the outbox lacks into it. Made and used within one transaction. */
export interface OutboxPlacer {
  /**
   * - `in_place`: with its own epoch, sequence and hash;
   * - `at_end`: its place was taken or does not follow on what is there, so it goes to HQ (again) under the next free number of the lane's epoch: HQ knows
   *   its id, and applies it once;
   * - `known`: it is there already, or was, and was pruned.
   */
  place(record: EventRecord, source: ReplaySource): 'in_place' | 'at_end' | 'known';
  /** Writes where the lanes are now. Where HQ had a newer epoch, the lane goes on above it. */
  finish(): void;
}

interface LaneState { epoch: number; readonly lastAtStart: number; last: number; acknowledged: number; head: string; readonly newestAtHq: { epoch: number; sequence: number } }

export function createOutboxPlacer(database: Database): OutboxPlacer {
  const selectLane = database.prepare<[string], { epoch: number; last: number; acknowledged: number; head: string }>('SELECT epoch, last, acknowledged, head FROM lanes WHERE lane = ?');
  const isKept = database.prepare<[string], { lane: string }>('SELECT lane FROM outbox WHERE id = ?');
  const atPlace = database.prepare<[string, number, number], { id: string }>('SELECT id FROM outbox WHERE lane = ? AND epoch = ? AND sequence = ?');
  const insert = database.prepare(
    'INSERT INTO outbox (lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const moveLane = database.prepare('UPDATE lanes SET last = ?, acknowledged = ?, head = ? WHERE lane = ?');
  const setBase = database.prepare('UPDATE lanes SET base_epoch = ?, base_acknowledged = ? WHERE lane = ?');
  const states = new Map<Lane, LaneState>();
  for (const lane of lanes) {
    const row = selectLane.get(lane)!;
    states.set(lane, { ...row, lastAtStart: row.last, newestAtHq: { epoch: 0, sequence: 0 } });
  }
  const put = (lane: Lane, epoch: number, { sequence, id, kind, version, at, boot, monotonicMs, payload, hash }: HqEvent) =>
    void insert.run(lane, epoch, sequence, id, kind, version, at, boot, monotonicMs, payload, hash);

  return {
    place({ lane, epoch, event }, source) {
      const state = states.get(lane)!;
      const newest = state.newestAtHq;
      if (source === 'hq' && (epoch > newest.epoch || (epoch === newest.epoch && event.sequence > newest.sequence))) Object.assign(newest, { epoch, sequence: event.sequence });
      if (isKept.get(event.id)) return 'known';
      const isTaken = atPlace.get(lane, epoch, event.sequence) !== undefined;
      // What this store once had and has no more, it has pruned: that was acknowledged, and its effect stands in the tables.
      if (epoch === state.epoch && event.sequence <= state.lastAtStart && !isTaken) return 'known';
      const isNext = epoch === state.epoch && event.sequence === state.last + 1 && hashOf(chainText(state.head, lane, epoch, event)) === event.hash;
      if (isNext) {
        put(lane, epoch, event);
        Object.assign(state, { last: event.sequence, head: event.hash, ...(source === 'hq' ? { acknowledged: event.sequence } : {}) });
        return 'in_place';
      }
      // HQ's own, of an epoch that this lane has left or will leave: it is kept where HQ has it. Never in front of the lane's own numbers.
      if (source === 'hq' && epoch !== state.epoch && !isTaken) {
        put(lane, epoch, event);
        return 'in_place';
      }
      const moved = { ...event, sequence: state.last + 1 };
      const hash = hashOf(chainText(state.head, lane, state.epoch, moved));
      put(lane, state.epoch, { ...moved, hash });
      Object.assign(state, { last: moved.sequence, head: hash });
      return 'at_end';
    },

    finish() {
      const outbox = createOutbox(database);
      for (const [lane, state] of states) {
        moveLane.run(state.last, state.acknowledged, state.head, lane);
        const { epoch, sequence } = state.newestAtHq;
        if (epoch <= state.epoch) continue;
        // As hello would do; and HQ, which has this much of its newest epoch, is not taken for one that was restored.
        outbox.openEpoch(lane, state.epoch, epoch + 1, 'unacknowledged');
        setBase.run(epoch, sequence, lane);
      }
    },
  };
}
