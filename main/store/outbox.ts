import type { Database } from 'better-sqlite3';
import type { Batch, HqEvent, Lane } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import type { OrderId } from '../../domain/ids.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import type { LanePosition } from '../../domain/sync/reconcile.ts';
import { hashOf } from './emitter.ts';

/** What HQ has to hear, lane by lane. Used by sync, on a connection of its own. */
export interface Outbox {
  position(lane: Lane): LanePosition & { readonly head: string };
  /** Of the current epoch, in order. */
  events(lane: Lane, after: number, limit: number): readonly HqEvent[];
  /** The newest epoch and sequence at which these stand, for what HQ asks for again. */
  eventsAt(lane: Lane, epoch: number, sequences: readonly number[]): readonly HqEvent[];
  /** Hash of an event of the current epoch; undefined where it is not kept any more. */
  hashAt(lane: Lane, sequence: number): string | undefined;
  /** Opens what is sealed in these events' orders. */
  keysFor(events: readonly HqEvent[]): NonNullable<Batch['keys']>;
  /** HQ's mark, wherever it is between nothing and the newest: forward after an answer, back after HQ was restored. */
  setAcknowledged(lane: Lane, epoch: number, acknowledged: number): void;
  /**
   * Leaves an epoch (`base`: what HQ has said that it has by now; where it was not asked, what it had acknowledged): what HQ may lack gets new numbers and a new chain, with the same event ids. Answers how many events go again. Nothing happens where the
   * lane has left `from` already.
   */
  openEpoch(lane: Lane, from: number, to: number, resend: 'unacknowledged' | 'kept', base?: LanePosition['base']): number;
  /** Forgets what was acknowledged, was counted by a day's closing, and is older than that; at most so many. Answers how many. */
  prune(olderThan: number, limit: number): number;
}

interface LaneRow { epoch: number; last: number; acknowledged: number; head: string; base_epoch: number | null; base_acknowledged: number | null }
interface EventRow { position: number; sequence: number; id: HqEvent['id']; kind: string; version: number; at: number; boot: string; monotonicMs: number; payload: string; hash: string }

const columns = 'position, sequence, id, kind, version, at, boot, monotonic_ms AS monotonicMs, payload, hash';

export function createOutbox(database: Database): Outbox {
  const laneRow = database.prepare<[string], LaneRow>('SELECT * FROM lanes WHERE lane = ?');
  const after = database.prepare<[string, number, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch = ? AND sequence > ? ORDER BY sequence LIMIT ?`);
  const at = database.prepare<[string, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch = ? AND sequence = ?`);
  const hash = database.prepare<[string, number, number], { hash: string }>('SELECT hash FROM outbox WHERE lane = ? AND epoch = ? AND sequence = ?');
  const key = database.prepare<[string], { key: Buffer }>('SELECT key FROM personal_keys WHERE order_id = ?');
  const acknowledge = database.prepare('UPDATE lanes SET acknowledged = ? WHERE lane = ? AND epoch = ? AND last >= ?');
  const unacknowledged = database.prepare<[string, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch = ? AND sequence > ? ORDER BY position`);
  const kept = database.prepare<[string], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? ORDER BY position`);
  const renumber = database.prepare('UPDATE outbox SET epoch = ?, sequence = ?, hash = ? WHERE position = ?');
  const enter = database.prepare('UPDATE lanes SET epoch = ?, last = ?, acknowledged = 0, head = ?, base_epoch = ?, base_acknowledged = ? WHERE lane = ?');
  // By the lane's own index, so that looking for what is not there costs nothing: every sale waits while this writes.
  const old = database.prepare<[number, string, number, number, number]>(`
    DELETE FROM outbox WHERE at < ? AND position <= (SELECT coalesce(max(position), 0) FROM closings) AND position IN (
      SELECT position FROM outbox WHERE lane = ? AND (epoch, sequence) <= (?, ?) ORDER BY epoch, sequence LIMIT ?)`);

  return {
    position: (lane) => positionOf(laneRow.get(lane)!),
    events: (lane, sequence, limit) => after.all(lane, laneRow.get(lane)!.epoch, sequence, limit).map(eventOf),
    eventsAt: (lane, epoch, sequences) => sequences.flatMap((sequence) => {
      const row = at.get(lane, epoch, sequence);
      return row ? [eventOf(row)] : [];
    }),
    hashAt: (lane, sequence) => (sequence === 0 ? genesisHash : hash.get(lane, laneRow.get(lane)!.epoch, sequence)?.hash),
    keysFor: (events) =>
      events.flatMap((event) => {
        if (event.kind !== 'order.placed') return [];
        // Our own payload: its shape is that of the version that wrote it, and every version has the order's id here.
        const { order } = JSON.parse(event.payload) as { order: { id: OrderId } };
        const found = key.get(order.id);
        return found ? [{ orderId: order.id, key: found.key.toString('base64') }] : [];
      }),
    setAcknowledged: (lane, epoch, acknowledged) => void acknowledge.run(acknowledged, lane, epoch, acknowledged),
    openEpoch: database.transaction((lane: Lane, from: number, to: number, resend: 'unacknowledged' | 'kept', base?: LanePosition['base']) => {
      const row = laneRow.get(lane)!;
      if (row.epoch !== from || to <= from) return 0;
      const rows = resend === 'kept' ? kept.all(lane) : unacknowledged.all(lane, from, row.acknowledged);
      let head = genesisHash;
      // Out of the way first: two events may not share a number, not even for a moment.
      for (const [index, { position }] of rows.entries()) renumber.run(to, 1_000_000_000_000 + index, '', position);
      for (const [index, event] of rows.entries()) {
        const moved = { ...eventOf(event), sequence: index + 1 };
        head = hashOf(chainText(head, lane, to, moved));
        renumber.run(to, index + 1, head, event.position);
      }
      const before = base ?? (resend === 'kept' ? undefined : { epoch: from, acknowledged: row.acknowledged });
      enter.run(to, rows.length, head, before?.epoch ?? null, before?.acknowledged ?? null, lane);
      return rows.length;
    }).immediate,
    prune: (olderThan, limit) => lanes.reduce((sum, lane) => {
      const { epoch, acknowledged } = laneRow.get(lane)!;
      return sum + (sum < limit ? old.run(olderThan, lane, epoch, acknowledged, limit - sum).changes : 0);
    }, 0),
  };
}

/** Events of all lanes that HQ has not acknowledged. */
export function waitingEvents(outbox: Outbox): number {
  return lanes.reduce((sum, lane) => {
    const { last, acknowledged } = outbox.position(lane);
    return sum + last - acknowledged;
  }, 0);
}

function positionOf({ epoch, last, acknowledged, head, base_epoch: baseEpoch, base_acknowledged: baseAcknowledged }: LaneRow): LanePosition & { readonly head: string } {
  return { epoch, last, acknowledged, head, base: baseEpoch === null || baseAcknowledged === null ? undefined : { epoch: baseEpoch, acknowledged: baseAcknowledged } };
}

function eventOf({ sequence, id, kind, version, at, boot, monotonicMs, payload, hash }: EventRow): HqEvent {
  return { sequence, id, kind, version, at, boot, monotonicMs, payload, hash };
}
