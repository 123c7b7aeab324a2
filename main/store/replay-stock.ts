import type { Database } from 'better-sqlite3';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { EventId, OrderId } from '../../domain/ids.ts';
import { compareLots } from '../../domain/stock/stock.ts';
import type { Emitter } from './emitter.ts';
import type { ReplaySource } from './replay-outbox.ts';
import type { StockLedger } from './stock-ledger.ts';

const twiceNote = 'counted in by two stories of one store';
const levelled = { reason: 'counted', why: 'other', note: 'levelled: two stories of one store' } as const;

export interface MoveEvent { readonly id: EventId; readonly at: number }

export interface ReplayedStock {
  /** Answers what is strange about it. */
  move(move: HqEventPayload<'stock.moved'>, event: MoveEvent, isOfLeftEpoch: boolean): 'done' | 'skipped' | 'counted_in_twice' | 'order_unknown';
  /** Writes what is left of each lot that was moved, and tells HQ where it would think otherwise. `short`: how much more was taken of an offer than there was. */
  write(source: ReplaySource): readonly { readonly offerId: string; readonly short: number }[];
  /** Orders of which moves stood here already, and others have been told: each store may have given the same goods back. */
  readonly retold: ReadonlySet<OrderId>;
  /**
   * Moves that the outbox tells and the table has forgotten, after a disk that lied: they are written, and their lots are the sum of their moves again. Reads
   * all of the outbox's moves: for a recovery.
   */
  levelWithOutbox(): readonly { readonly offerId: string; readonly short: number }[];
}

/**
 * What is left is the sum of the moves, each once: written at the end, since on the way there moves of two lines of events may stand in any order. Lots that two
 * lines have made have one id (`lotIdOf`), and so become one again. An event from before there were lots is about its offer's first lot.
 */
export function createReplayedStock(database: Database, ledger: StockLedger, emit: Emitter['emit'], now: () => number): ReplayedStock {
  const lotsOf = database.prepare<[string], { id: string; bestBefore: string | null; available: number }>(
    'SELECT lot_id AS id, best_before AS bestBefore, available FROM stock_lots WHERE offer_id = ? ORDER BY lot_id');
  const insertStock = database.prepare('INSERT INTO stock (offer_id, available) VALUES (?, 0) ON CONFLICT (offer_id) DO NOTHING');
  const insertLot = database.prepare('INSERT INTO stock_lots (lot_id, offer_id, slot, best_before, available) VALUES (?, ?, ?, ?, 0) ON CONFLICT (lot_id) DO NOTHING');
  const placeLot = database.prepare('UPDATE stock_lots SET slot = ? WHERE lot_id = ? AND slot IS NULL');
  const setLot = database.prepare('UPDATE stock_lots SET available = ? WHERE lot_id = ?');
  const setStock = database.prepare('UPDATE stock SET available = (SELECT coalesce(sum(available), 0) FROM stock_lots WHERE offer_id = ?) WHERE offer_id = ? RETURNING available').pluck();
  const insertMove = database.prepare(`
    INSERT INTO stock_moves (offer_id, lot_id, change, available_after, lot_after, reason, order_id, at, slot, move_id, visit_id, staff, why, note, event_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertVisit = database.prepare('INSERT INTO restock_visits (visit_id, staff, started_at) VALUES (?, ?, ?) ON CONFLICT (visit_id) DO NOTHING');
  const isKnownOrder = database.prepare<[string], { id: string }>('SELECT id FROM orders WHERE id = ?');
  // By the events' ids, which each store and HQ have alike.
  const firstInitial = database.prepare<[string], { lotId: string; change: number }>(
    "SELECT lot_id AS lotId, change FROM stock_moves WHERE offer_id = ? AND reason = 'initial' ORDER BY event_id IS NOT NULL, event_id LIMIT 1");
  const countedIn = database.prepare<[string, string], number>("SELECT coalesce(sum(change), 0) FROM stock_moves WHERE offer_id = ? AND (reason = 'initial' OR note = ?)").pluck();
  const hasStaffMove = database.prepare<[string, string, string | null], { id: number }>('SELECT id FROM stock_moves WHERE move_id = ? AND (lot_id = ? OR visit_id IS NOT ?)');
  const hasEvent = database.prepare<[string], { id: number }>('SELECT id FROM stock_moves WHERE event_id = ?');
  // From before moves said which event had told of them.
  const hasMove = database.prepare<[string, string, string, number, number], { id: number }>(
    'SELECT id FROM stock_moves WHERE order_id = ? AND lot_id = ? AND reason = ? AND change = ? AND id <= ? AND event_id IS NULL');
  const hasOldMove = database.prepare<[string, string, string, number, number, string | null], { id: number }>(
    'SELECT id FROM stock_moves WHERE offer_id = ? AND lot_id = ? AND reason = ? AND change = ? AND available_after = ? AND order_id IS ? AND event_id IS NULL');
  const hasMoved = database.prepare<[string, number], { id: number }>('SELECT id FROM stock_moves WHERE order_id = ? AND id <= ?');
  const movedOf = database.prepare<[string, string], number>('SELECT coalesce(sum(change), 0) FROM stock_moves WHERE offer_id = ? AND lot_id = ?').pluck();
  const newestTold = database.prepare<[string], { left: number }>(
    "SELECT payload ->> '$.left' AS left FROM outbox WHERE lane = 'stock' AND kind = 'stock.moved' AND payload ->> '$.offerId' = ? ORDER BY epoch DESC, sequence DESC LIMIT 1");
  const newestLotTold = database.prepare<[string, string], { left: number }>(`
    SELECT coalesce(payload ->> '$.lotLeft', payload ->> '$.left') AS left FROM outbox
    WHERE lane = 'stock' AND kind = 'stock.moved' AND payload ->> '$.offerId' = ? AND coalesce(payload ->> '$.lotId', payload ->> '$.offerId') = ? ORDER BY epoch DESC, sequence DESC LIMIT 1`);
  const newestAtStart = Number(database.prepare('SELECT coalesce(max(id), 0) FROM stock_moves').pluck().get());
  const changes = new Map<string, Map<string, number>>();
  const retold = new Set<OrderId>();
  const twice = new Set<string>();

  /** A correction of our own, in the table and for HQ; what is left of its lot is the caller's to write. */
  function add({ offerId, lotId, change, left, lotLeft }: { readonly offerId: string; readonly lotId: string } & Record<'change' | 'left' | 'lotLeft', number>, note: string): void {
    const about = { reason: 'counted', why: 'other', note } as const;
    const eventId = emit('stock.moved', { offerId, change, left, lotId, lotLeft, ...about });
    insertMove.run(offerId, lotId, change, left, lotLeft, about.reason, null, now(), null, null, null, null, about.why, about.note, eventId);
  }

  /** Of two lines of events more may have been taken of a lot than it had: it was of the others then, soonest first. What none had, the books were wrong about. */
  function level(offerId: string, short: ReadonlyMap<string, number>): number {
    let missing = [...short.values()].reduce((total, pieces) => total + pieces, 0);
    const others = lotsOf.all(offerId).map((lot) => ({ ...lot, bestBefore: lot.bestBefore ?? undefined })).sort(compareLots);
    for (const { id, available } of others) {
      const taken = Math.min(available, missing);
      if (taken > 0) ledger.change(id, { offerId }, -taken, levelled);
      missing -= taken;
    }
    const left = Number(setStock.get(offerId, offerId));
    for (const [lotId, pieces] of short) {
      // It stands at nothing already: the row makes its moves come to that.
      add({ offerId, lotId, change: pieces, left, lotLeft: 0 }, levelled.note);
    }
    return missing;
  }

  function move(
    { offerId, change, left, reason, orderId, lotId = offerId, lotLeft = left, slot, bestBefore, moveId, visitId, staff, why, note }: HqEventPayload<'stock.moved'>,
    { id: eventId, at }: MoveEvent,
    isOfLeftEpoch: boolean,
  ): 'done' | 'skipped' | 'counted_in_twice' | 'order_unknown' {
    // The event may have been pruned from an epoch that was left; its move stands in the table for good.
    if (hasEvent.get(eventId)) return 'skipped';
    const isSecond = reason === 'initial' && firstInitial.get(offerId) !== undefined;
    if (isSecond || note === twiceNote) twice.add(offerId);
    if (isOfLeftEpoch && orderId !== undefined && hasMove.get(orderId, lotId, reason, change, newestAtStart)) return 'skipped';
    const ofOffer = changes.get(offerId) ?? new Map<string, number>();
    changes.set(offerId, ofOffer);
    // What staff did counts once, also where the page has said it again to the store that had forgotten it, in another visit. What is of several lots is of one.
    if (moveId !== undefined && hasStaffMove.get(moveId, lotId, visitId ?? null)) return 'skipped';
    insertStock.run(offerId);
    insertLot.run(lotId, offerId, slot ?? null, bestBefore ?? null);
    if (slot !== undefined) placeLot.run(slot, lotId);
    // Ended by its own event, which may stand before or behind.
    if (visitId !== undefined && staff !== undefined) insertVisit.run(visitId, staff, at);
    const isKnown = orderId === undefined || isKnownOrder.get(orderId) !== undefined;
    if (orderId !== undefined && hasMoved.get(orderId, newestAtStart)) retold.add(orderId as OrderId);
    insertMove.run(
      offerId, lotId, change, left, lotLeft, reason, isKnown ? orderId ?? null : null, at, slot ?? null, moveId ?? null, visitId ?? null, staff ?? null, why ?? null, note ?? null, eventId);
    ofOffer.set(lotId, (ofOffer.get(lotId) ?? 0) + change);
    return isSecond ? 'counted_in_twice' : isKnown ? 'done' : 'order_unknown';
  }

  /**
   * An offer is counted in once. Two firsts: a store that began empty, or went back, did it again. HQ has both, so both stand here, and what takes the later away;
   * of that, too, there may be several where more than one store has said it, or none. Wherever it is told, in whatever order, one first is what remains.
   */
  function countInOnce(offerId: string): void {
    const { lotId, change: wanted } = firstInitial.get(offerId)!;
    const change = wanted - countedIn.get(offerId, twiceNote)!;
    if (change === 0) return;
    const moved = changes.get(offerId) ?? new Map<string, number>();
    changes.set(offerId, moved.set(lotId, (moved.get(lotId) ?? 0) + change));
    const lefts = new Map(lotsOf.all(offerId).map(({ id, available }) => [id, Math.max(0, available + (moved.get(id) ?? 0))]));
    const left = [...lefts.values()].reduce((sum, pieces) => sum + pieces, 0);
    add({ offerId, lotId, change, left, lotLeft: lefts.get(lotId)! }, twiceNote);
  }

  function write(isTold: boolean): readonly { readonly offerId: string; readonly short: number }[] {
    for (const offerId of twice) countInOnce(offerId);
    twice.clear();
    const written = [...changes].map(([offerId, moved]) => {
      const short = new Map<string, number>();
      for (const { id, available } of lotsOf.all(offerId)) {
        const sum = available + (moved.get(id) ?? 0);
        if (sum < 0) short.set(id, -sum);
        if (moved.has(id)) setLot.run(Math.max(0, sum), id);
      }
      setStock.get(offerId, offerId);
      const missing = short.size === 0 ? 0 : level(offerId, short);
      const left = Number(setStock.get(offerId, offerId));
      if (isTold) tell(offerId, left, moved.keys());
      return { offerId, short: missing };
    });
    changes.clear();
    return written;
  }

  return {
    move,
    retold,
    write: (source) => write(source === 'hq'),

    levelWithOutbox() {
      const rows = database.prepare<[], { id: EventId; at: number; payload: string }>("SELECT id, at, payload FROM outbox WHERE lane = 'stock' AND kind = 'stock.moved' ORDER BY epoch, sequence").all();
      for (const { payload, ...event } of rows) {
        const told = eventPayloads['stock.moved'].safeParse(JSON.parse(payload));
        // A move of nothing only tells what is left.
        if (!told.success || told.data.change === 0) continue;
        const { offerId, lotId = offerId, reason, change, left, orderId } = told.data;
        if (!hasOldMove.get(offerId, lotId, reason, change, left, orderId ?? null)) move(told.data, event, true);
      }
      // The lots may be of another moment than the moves.
      for (const [offerId, moved] of changes) {
        if (moved.size === 0) changes.delete(offerId);
        else changes.set(offerId, new Map(lotsOf.all(offerId).map(({ id, available }) => [id, movedOf.get(offerId, id)! - available])));
      }
      return write(true);
    },
  };

  /** Where two lines of moves have become one, the newest of neither says what is left; and HQ goes by the newest that it has. */
  function tell(offerId: string, left: number, lotIds: Iterable<string>): void {
    const lots = new Map(lotsOf.all(offerId).map(({ id, available }) => [id, available]));
    const emitLeft = (lotId: string) => emit('stock.moved', { offerId, change: 0, left, reason: 'released', lotId, lotLeft: lots.get(lotId)! });
    let last = offerId;
    for (const lotId of lotIds) {
      last = lotId;
      if (newestLotTold.get(offerId, lotId)?.left !== lots.get(lotId)) emitLeft(lotId);
    }
    if (newestTold.get(offerId)?.left !== left) emitLeft(last);
  }
}
