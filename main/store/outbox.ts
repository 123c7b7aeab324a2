import type { Database } from 'better-sqlite3';
import type { Batch, HqEvent, Lane } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import type { OrderId } from '../../domain/ids.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import type { LanePosition } from '../../domain/sync/reconcile.ts';
import { hashOf } from './emitter.ts';

/** Where an event stands in its lane. */
export interface Place {
  readonly epoch: number;
  readonly sequence: number;
}

/** What HQ has to hear, lane by lane. Used by sync, on a connection of its own. */
export interface Outbox {
  position(lane: Lane): LanePosition & { readonly head: string };
  /** Of the current epoch, in order. */
  events(lane: Lane, after: number, limit: number): readonly HqEvent[];
  /** The newest epoch and sequence at which these stand, for what HQ asks for again. */
  eventsAt(lane: Lane, epoch: number, sequences: readonly number[]): readonly HqEvent[];
  /** Hash of an event of the current epoch; undefined where it is not kept any more. */
  hashAt(lane: Lane, sequence: number): string | undefined;
  /**
   * Of the kept events at this place and before it, in every epoch, the one that stands so many before the newest; the oldest where fewer are kept, undefined where
   * none is.
   */
  keptUpTo(lane: Lane, place: Place, back: number): (Place & { readonly hash: string }) | undefined;
  /** Opens what is sealed in these events' orders. */
  keysFor(events: readonly HqEvent[]): NonNullable<Batch['keys']>;
  /** HQ's mark, wherever it is between nothing and the newest: forward after an answer, back after HQ was restored. */
  setAcknowledged(lane: Lane, epoch: number, acknowledged: number): void;
  /**
   * Leaves an epoch (`base`: what HQ has said that it has by now; where it was not asked, what it had acknowledged): what HQ may lack gets new numbers and a new chain, with the same event ids. Answers how many events go again. Nothing happens where the
   * lane has left `from` already. All of it is one transaction, for those who are in one anyway and have the store to themselves: see `beginEpoch`. One that was
   * begun is brought to its end first.
   */
  openEpoch(lane: Lane, from: number, to: number, resend: 'unacknowledged' | 'kept', base?: LanePosition['base']): number;
  /**
   * The same, while others sell: only noted now, and done by `continueEpochs` in pieces, also after a kill. Until then the lane stays in `from`, where new events
   * get its numbers and are moved behind the others by the last piece: so the new epoch is entered whole, and nobody else has given a number in it. What is noted
   * must not be told to HQ before: neither where the lane stands nor its events.
   */
  beginEpoch(lane: Lane, from: number, to: number, resend: 'unacknowledged' | 'kept', base?: LanePosition['base']): void;
  /** A transaction of a few milliseconds for what `beginEpoch` has noted. Answers whether there is more. */
  continueEpochs(): boolean;
  /**
   * Forgets what was acknowledged, was counted by a day's closing, and is older than that; at most so many. Answers how many. What a clock that was ahead has
   * stamped later than `now` tells nothing by its time: it goes when a closing of before `olderThan` has counted it.
   */
  prune(olderThan: number, limit: number, now?: number): number;
}

/** An epoch that is being opened, as it is noted in `sync_state`. */
interface Opening {
  readonly from: number;
  readonly to: number;
  readonly resend: 'unacknowledged' | 'kept';
  readonly base: LanePosition['base'] | null;
  /** What HQ had of `from`. */
  readonly acknowledged: number;
  /** How many have their new numbers, and the hash of the last of them. */
  readonly moved: number;
  readonly head: string;
}

/** Each piece of an opening is a transaction that a sale waits for. */
const openingChunk = 200;

interface LaneRow { epoch: number; last: number; acknowledged: number; head: string; base_epoch: number | null; base_acknowledged: number | null }
interface EventRow { position: number; sequence: number; id: HqEvent['id']; kind: string; version: number; at: number; boot: string; monotonicMs: number; payload: string; hash: string }

/** Events of this much later than now are of a clock that was ahead. */
const aheadMs = 24 * 3_600_000;

const columns = 'position, sequence, id, kind, version, at, boot, monotonic_ms AS monotonicMs, payload, hash';

export function createOutbox(database: Database): Outbox {
  const laneRow = database.prepare<[string], LaneRow>('SELECT * FROM lanes WHERE lane = ?');
  const after = database.prepare<[string, number, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch = ? AND sequence > ? ORDER BY sequence LIMIT ?`);
  const at = database.prepare<[string, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch = ? AND sequence = ?`);
  const hash = database.prepare<[string, number, number], { hash: string }>('SELECT hash FROM outbox WHERE lane = ? AND epoch = ? AND sequence = ?');
  const keptUpTo = database.prepare<[string, number, number, number], Place & { hash: string }>(
    `SELECT epoch, sequence, hash FROM (SELECT epoch, sequence, hash FROM outbox WHERE lane = ? AND (epoch, sequence) <= (?, ?) ORDER BY epoch DESC, sequence DESC LIMIT ?)
      ORDER BY epoch, sequence LIMIT 1`);
  const key = database.prepare<[string], { key: Buffer }>('SELECT key FROM personal_keys WHERE order_id = ?');
  const acknowledge = database.prepare('UPDATE lanes SET acknowledged = ? WHERE lane = ? AND epoch = ? AND last >= ?');
  // By the lane's own index; what was moved stands above.
  const unacknowledged = database.prepare<[string, number, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch = ? AND sequence > ? ORDER BY epoch, sequence LIMIT ?`);
  const kept = database.prepare<[string, number, number], EventRow>(`SELECT ${columns} FROM outbox WHERE lane = ? AND epoch < ? ORDER BY epoch, sequence LIMIT ?`);
  const newestKept = database.prepare<[string], number>('SELECT coalesce(max(epoch), 0) FROM outbox WHERE lane = ?').pluck();
  const opening = database.prepare<[string], string>('SELECT value FROM sync_state WHERE name = ?').pluck();
  const noteOpening = database.prepare('INSERT OR REPLACE INTO sync_state (name, value) VALUES (?, ?)');
  const endOpening = database.prepare('DELETE FROM sync_state WHERE name = ?');
  const renumber = database.prepare('UPDATE outbox SET epoch = ?, sequence = ?, hash = ? WHERE position = ?');
  const enter = database.prepare('UPDATE lanes SET epoch = ?, last = ?, acknowledged = 0, head = ?, base_epoch = ?, base_acknowledged = ? WHERE lane = ?');
  // By the lane's own index, and read before anything is written: no sale waits for what is passed over.
  const acknowledgedRows = database.prepare<[string, number, number], { position: number; at: number }>(
    'SELECT position, at FROM outbox WHERE lane = ? AND (epoch, sequence) < (?, ?) ORDER BY epoch, sequence');
  const countedUpTo = database.prepare<[number], number>('SELECT coalesce(max(position), 0) FROM closings WHERE closed_at < ?').pluck();
  // HQ may have been restored meanwhile, and want it again.
  const forget = database.prepare('DELETE FROM outbox WHERE position = ? AND (epoch, sequence) < (SELECT epoch, acknowledged FROM lanes WHERE lanes.lane = outbox.lane)');
  const forgetThese = database.transaction((positions: readonly number[]) => positions.reduce((sum, position) => sum + forget.run(position).changes, 0)).immediate;

  function openingOf(lane: Lane): Opening | undefined {
    const text = opening.get(openingName(lane));
    if (text === undefined) return undefined;
    const noted = JSON.parse(text) as Opening;
    if (laneRow.get(lane)!.epoch === noted.from) return noted;
    // The store was brought back meanwhile, and the lane has gone on elsewhere with all that is kept.
    endOpening.run(openingName(lane));
    return undefined;
  }

  function begin(lane: Lane, from: number, to: number, resend: Opening['resend'], base: LanePosition['base']): void {
    const { epoch, acknowledged } = laneRow.get(lane)!;
    if (epoch !== from || to <= from) return;
    const before = base ?? (resend === 'kept' ? undefined : { epoch: from, acknowledged });
    // No number may stand for two events: where some of a later epoch are here (from HQ's history), it goes above them.
    const above = Math.max(to, newestKept.get(lane)! + 1);
    const noted: Opening = { from, to: above, resend, base: before ?? null, acknowledged, moved: 0, head: genesisHash };
    noteOpening.run(openingName(lane), JSON.stringify(noted));
  }

  /** Answers whether there is more. */
  function move(lane: Lane, { from, to, resend, base, acknowledged, moved, head: before }: Opening): boolean {
    const rows = resend === 'kept' ? kept.all(lane, to, openingChunk) : unacknowledged.all(lane, from, acknowledged, openingChunk);
    let head = before;
    for (const [index, row] of rows.entries()) {
      const event = { ...eventOf(row), sequence: moved + index + 1 };
      head = hashOf(chainText(head, lane, to, event));
      renumber.run(to, event.sequence, head, row.position);
    }
    const sum = moved + rows.length;
    if (rows.length === openingChunk) {
      noteOpening.run(openingName(lane), JSON.stringify({ from, to, resend, base, acknowledged, moved: sum, head } satisfies Opening));
      return true;
    }
    enter.run(to, sum, head, base?.epoch ?? null, base?.acknowledged ?? null, lane);
    endOpening.run(openingName(lane));
    return false;
  }

  /** To its end, in the transaction of the caller. */
  function moveAll(lane: Lane): number {
    for (let noted = openingOf(lane); noted; noted = openingOf(lane)) move(lane, noted);
    return laneRow.get(lane)!.last;
  }

  function oldPositions(lane: Lane, olderThan: number, limit: number, now: number): readonly number[] {
    const { epoch, acknowledged } = laneRow.get(lane)!;
    const [counted, countedLongAgo] = [countedUpTo.get(Number.MAX_SAFE_INTEGER)!, countedUpTo.get(olderThan)!];
    const found: number[] = [];
    for (const { position, at: writtenAt } of acknowledgedRows.iterate(lane, epoch, acknowledged)) {
      const isFuture = writtenAt > now + aheadMs;
      // In the order in which they were written: what follows is younger still.
      if (writtenAt >= olderThan && !isFuture) break;
      if (position <= (isFuture ? countedLongAgo : counted)) found.push(position);
      if (found.length >= limit) break;
    }
    return found;
  }

  const continueOne = database.transaction(() => {
    for (const lane of lanes) {
      const noted = openingOf(lane);
      if (noted) return move(lane, noted) || lanes.some((other) => openingOf(other) !== undefined);
    }
    return false;
  }).immediate;

  return {
    position: (lane) => positionOf(laneRow.get(lane)!),
    events: (lane, sequence, limit) => after.all(lane, laneRow.get(lane)!.epoch, sequence, limit).map(eventOf),
    eventsAt: (lane, epoch, sequences) => sequences.flatMap((sequence) => {
      const row = at.get(lane, epoch, sequence);
      return row ? [eventOf(row)] : [];
    }),
    hashAt: (lane, sequence) => (sequence === 0 ? genesisHash : hash.get(lane, laneRow.get(lane)!.epoch, sequence)?.hash),
    keptUpTo: (lane, { epoch, sequence }, back) => keptUpTo.get(lane, epoch, sequence, back + 1),
    keysFor: (events) =>
      events.flatMap((event) => {
        const orderId = sealedOrderOf(event);
        const found = orderId && key.get(orderId);
        return orderId && found ? [{ orderId, key: found.key.toString('base64') }] : [];
      }),
    setAcknowledged: (lane, epoch, acknowledged) => void acknowledge.run(acknowledged, lane, epoch, acknowledged),
    openEpoch: database.transaction((lane: Lane, from: number, to: number, resend: 'unacknowledged' | 'kept', base?: LanePosition['base']) => {
      const noted = openingOf(lane);
      if (laneRow.get(lane)!.epoch !== from || to <= from) return 0;
      const again = noted ? moveAll(lane) : 0;
      const { epoch } = laneRow.get(lane)!;
      if (to <= epoch) return again;
      begin(lane, epoch, to, resend, base);
      return moveAll(lane);
    }).immediate,
    beginEpoch: database.transaction((lane: Lane, from: number, to: number, resend: 'unacknowledged' | 'kept', base?: LanePosition['base']) => {
      if (!openingOf(lane)) begin(lane, from, to, resend, base);
    }).immediate,
    continueEpochs() {
      // Asked before the store's one lock is taken.
      if (lanes.every((lane) => opening.get(openingName(lane)) === undefined)) return false;
      return continueOne();
    },
    prune: (olderThan, limit, now = Number.MAX_SAFE_INTEGER) => lanes.reduce((sum, lane) => {
      const old = sum < limit ? oldPositions(lane, olderThan, limit - sum, now) : [];
      return sum + (old.length > 0 ? forgetThese(old) : 0);
    }, 0),
  };
}

const openingName = (lane: Lane) => `opening:${lane}`;

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

/** Whose words are sealed in it. Of an order that asked for none, the first may be those that its customer says afterwards. */
function sealedOrderOf({ kind, payload }: HqEvent): OrderId | undefined {
  // Our own payload: its shape is that of the version that wrote it, and every version has the order's id here.
  if (kind === 'order.placed') return (JSON.parse(payload) as { order: { id: OrderId } }).order.id;
  if (kind === 'feedback.given') return (JSON.parse(payload) as { orderId: OrderId }).orderId;
  return undefined;
}

function eventOf({ sequence, id, kind, version, at, boot, monotonicMs, payload, hash }: EventRow): HqEvent {
  return { sequence, id, kind, version, at, boot, monotonicMs, payload, hash };
}
