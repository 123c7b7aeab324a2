import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { Lot } from '../../domain/stock/shelves.ts';
import type { Emitter } from './emitter.ts';
import { createStockLedger, lotIdOf } from './stock-ledger.ts';
import type { LotPlace, LotRow } from './stock-ledger.ts';

/** A restocker's visit, as its moves tell it. */
export interface StoredVisit {
  readonly visitId: string;
  readonly staff: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** Slots that have been filled, counted or cleared, by the order in which they were first; `offerId` where they have no name. */
  readonly slots: readonly { readonly slot: string | undefined; readonly offerId: string }[];
  readonly piecesIn: number;
  readonly piecesOut: number;
  /** How many counts differed from the books. */
  readonly differences: number;
}

export interface StockReader {
  /** Every lot that holds something, or of which an unpaid order holds something. */
  lots(): readonly Lot[];
  /** Begun and not ended by this member. */
  openVisit(staff: string): StoredVisit | undefined;
  visit(visitId: string): StoredVisit | undefined;
  /** Of which offer something was moved under this id; undefined where nothing was. */
  offerOfMove(moveId: string): string | undefined;
}

/** One thing that staff did, to one or several lots. */
export interface StaffMove {
  /** Made by the page: the same again changes nothing. */
  readonly moveId: string;
  readonly staff: string;
  readonly reason: 'refilled' | 'counted' | 'wasted';
  readonly why?: HqEventPayload<'stock.moved'>['why'];
  readonly note?: string | undefined;
  readonly changes: readonly {
    /** Without an id it is the lot of that place and day, made where it is not there yet. A lot that nobody has placed comes to lie in `slot`. */
    readonly lot: LotPlace & { readonly id?: string | undefined };
    readonly change: number;
  }[];
}

/** Each method is one transaction with its moves, events and visit in it, durable when it returns. */
export interface StockWriter {
  /** Begins the member's visit where none is open. `known`: it was written before. Throws where a lot has not so many. */
  move(move: StaffMove): 'done' | 'known';
  /** Ends the member's visit and tells HQ; undefined where none is open. */
  finishVisit(staff: string): StoredVisit | undefined;
  /** The emitter's own: at once, or when the transaction around has been committed. */
  readonly afterCommit: Emitter['afterCommit'];
}

interface VisitRow { visit_id: string; staff: string; started_at: number; ended_at: number | null }

export function createStockReader(database: Database): StockReader {
  const lots = database.prepare<[], LotRow>('SELECT lot_id, offer_id, slot, best_before, available FROM stock_lots INDEXED BY stock_lots_of_offer WHERE available > 0');
  const lot = database.prepare<[string], LotRow>('SELECT lot_id, offer_id, slot, best_before, available FROM stock_lots WHERE lot_id = ?');
  // Of orders that wait for money, or of whose money nobody knows yet: until then nobody has taken the goods with them.
  const held = database.prepare<[], { lot_id: string; held: number }>(`
    SELECT lot_id, -sum(change) AS held FROM stock_moves WHERE order_id IN (
      SELECT id FROM orders INDEXED BY orders_open WHERE state IN ('placed', 'awaiting_payment')
      UNION SELECT attempts.order_id FROM payment_attempts AS attempts INDEXED BY one_unsettled_of_order CROSS JOIN orders ON orders.id = attempts.order_id
        WHERE attempts.state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing') AND orders.state = 'payment_unknown')
    GROUP BY lot_id HAVING sum(change) < 0`);
  const openVisit = database.prepare<[string], VisitRow>(
    'SELECT visit_id, staff, started_at, ended_at FROM restock_visits WHERE ended_at IS NULL AND staff = ? ORDER BY started_at DESC, visit_id DESC LIMIT 1');
  const visit = database.prepare<[string], VisitRow>('SELECT visit_id, staff, started_at, ended_at FROM restock_visits WHERE visit_id = ?');
  const sums = database.prepare<[string], { pieces_in: number; pieces_out: number; differences: number }>(`
    SELECT coalesce(sum(change) FILTER (WHERE reason = 'refilled'), 0) AS pieces_in, coalesce(-sum(change) FILTER (WHERE reason = 'wasted'), 0) AS pieces_out,
      count(DISTINCT move_id) FILTER (WHERE reason = 'counted' AND change <> 0) AS differences
    FROM stock_moves WHERE visit_id = ?`);
  const slots = database.prepare<[string], { slot: string | null; offer_id: string }>('SELECT slot, offer_id FROM stock_moves WHERE visit_id = ? GROUP BY slot, offer_id ORDER BY min(id)');
  const offerOfMove = database.prepare<[string], string>('SELECT offer_id FROM stock_moves WHERE move_id = ? LIMIT 1').pluck();

  function visitOf(row: VisitRow | undefined): StoredVisit | undefined {
    if (!row) return undefined;
    const { pieces_in: piecesIn, pieces_out: piecesOut, differences } = sums.get(row.visit_id)!;
    return {
      visitId: row.visit_id, staff: row.staff, startedAt: row.started_at, endedAt: row.ended_at ?? undefined, piecesIn, piecesOut, differences,
      slots: slots.all(row.visit_id).map(({ slot, offer_id: offerId }) => ({ slot: slot ?? undefined, offerId })),
    };
  }

  return {
    lots() {
      const heldOf = new Map(held.all().map((row) => [row.lot_id, row.held]));
      const rows = lots.all();
      const full = new Set(rows.map((row) => row.lot_id));
      for (const lotId of heldOf.keys()) if (!full.has(lotId)) rows.push(lot.get(lotId)!);
      return rows.map((row): Lot => ({
        id: row.lot_id, offerId: row.offer_id, slot: row.slot ?? undefined, bestBefore: row.best_before ?? undefined, count: row.available, held: heldOf.get(row.lot_id) ?? 0,
      }));
    },
    openVisit: (staff) => visitOf(openVisit.get(staff)),
    visit: (visitId) => visitOf(visit.get(visitId)),
    offerOfMove: (moveId) => offerOfMove.get(moveId),
  };
}

export interface StockWriterDeps {
  readonly database: Database;
  /** The connection's own. */
  readonly emitter: Emitter;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  /** A new UUID. */
  readonly newId: () => string;
}

export function createStockWriter({ database, emitter: { emit, transaction, afterCommit }, now, newId }: StockWriterDeps): StockWriter {
  const reader = createStockReader(database);
  const ledger = createStockLedger(database, emit, now);
  const insertVisit = database.prepare('INSERT INTO restock_visits (visit_id, staff, started_at) VALUES (?, ?, ?)');
  const endVisit = database.prepare('UPDATE restock_visits SET ended_at = ? WHERE visit_id = ?');
  const openVisits = database.prepare<[], { visit_id: string; staff: string }>('SELECT visit_id, staff FROM restock_visits WHERE ended_at IS NULL ORDER BY started_at, visit_id');

  function end(visitId: string): StoredVisit {
    const endedAt = now();
    endVisit.run(endedAt, visitId);
    const visit = reader.visit(visitId)!;
    const { staff, startedAt, slots, piecesIn, piecesOut, differences } = visit;
    emit('restock.visited', { visitId, staff, startedAt, endedAt, slots: slots.length, piecesIn, piecesOut, differences });
    return visit;
  }

  /** There is one shelf and one screen: whoever begins ends what another has left open, after a crash or without a word. */
  function visitOf(staff: string): string {
    const own = reader.openVisit(staff)?.visitId;
    for (const { visit_id: visitId } of openVisits.all()) if (visitId !== own) end(visitId);
    if (own !== undefined) return own;
    const visitId = newId();
    insertVisit.run(visitId, staff, now());
    return visitId;
  }

  return {
    afterCommit,

    move: transaction(({ moveId, staff, reason, why, note, changes }: StaffMove) => {
      if (reader.offerOfMove(moveId) !== undefined) return 'known';
      // Words of a page: with a NUL or half of a character in them HQ could not keep the whole move.
      const about = { reason, why, note: note?.replaceAll('\0', ' ').toWellFormed(), staff: { moveId, visitId: visitOf(staff), number: staff } };
      for (const { lot, change } of changes) ledger.change(lot.id ?? lotIdOf(lot), lot, change, about);
      return 'done';
    }),

    finishVisit: transaction((staff: string) => {
      const open = reader.openVisit(staff);
      return open && end(open.visitId);
    }),
  };
}
