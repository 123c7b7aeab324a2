import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { MoveReason } from '../../domain/stock/stock.ts';
import { compareLots, isFresh } from '../../domain/stock/stock.ts';
import type { Emitter } from './emitter.ts';
import { createSlotOrder } from './stock-slots.ts';

/** What lies in one slot and was made to last until one day. */
export interface LotPlace {
  readonly offerId: string;
  /** Missing: nobody has said yet where. */
  readonly slot?: string | undefined;
  readonly bestBefore?: string | undefined;
}

/** Who moved it, and why. */
export interface MoveAbout {
  readonly reason: MoveReason;
  readonly orderId?: OrderId | undefined;
  readonly staff?: { readonly moveId: string; readonly visitId: string; readonly number: string } | undefined;
  readonly why?: HqEventPayload<'stock.moved'>['why'];
  readonly note?: string | undefined;
}

/** The one place where stock changes. Only within a transaction: each change is a row of moves, the lot's sum, the offer's sum, and an event. */
export interface StockLedger {
  /** Answers false where the offer is counted already. */
  countIn(offerId: string, pieces: number): boolean;
  /**
   * For an order: what must be sold soonest goes first, of equals that which lies first in the planogram; never what is past its day.
   * Throws where there is not enough.
   * @param today asked for only where something has a day
   */
  reserve(orderId: OrderId, offerId: string, pieces: number, today: () => string): void;
  /** What the order holds of it goes back into the lots that it came from, at most `pieces`; all of them where its moves are not known. */
  release(orderId: OrderId, offerId: string, pieces: number): void;
  /** One lot's pieces come or go. A lot that is not there yet is made; one that nobody has placed is placed where `slot` says. Throws where the lot has not so many. */
  change(lotId: string, place: LotPlace, change: number, about: MoveAbout): void;
}

export interface LotRow { readonly lot_id: string; readonly offer_id: string; readonly slot: string | null; readonly best_before: string | null; readonly available: number }

/**
 * The same goods in the same place are the same lot, whichever store of this kiosk says so: two that went different ways after a copy come together again as
 * the sum of both. What has neither place nor day is named as its offer, and was there before there were lots.
 */
export function lotIdOf({ offerId, slot, bestBefore }: LotPlace): string {
  if (slot === undefined && bestBefore === undefined) return offerId;
  return `lot-${createHash('sha256').update(JSON.stringify([offerId, slot ?? null, bestBefore ?? null])).digest('hex').slice(0, 32)}`;
}

export function createStockLedger(database: Database, emit: Emitter['emit'], now: () => number): StockLedger {
  const insertStock = database.prepare('INSERT INTO stock (offer_id, available) VALUES (?, 0) ON CONFLICT (offer_id) DO NOTHING');
  const insertLot = database.prepare('INSERT INTO stock_lots (lot_id, offer_id, slot, best_before, available) VALUES (?, ?, ?, ?, 0) ON CONFLICT (lot_id) DO NOTHING');
  const placeLot = database.prepare('UPDATE stock_lots SET slot = ? WHERE lot_id = ? AND slot IS NULL');
  const changeLot = database.prepare<[number, string], LotRow>('UPDATE stock_lots SET available = available + ? WHERE lot_id = ? RETURNING lot_id, offer_id, slot, best_before, available');
  const changeStock = database.prepare<[number, string], { available: number }>('UPDATE stock SET available = available + ? WHERE offer_id = ? RETURNING available');
  const insertMove = database.prepare(`
    INSERT INTO stock_moves (offer_id, lot_id, change, available_after, lot_after, reason, order_id, at, slot, move_id, visit_id, staff, why, note, event_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const lotsOf = database.prepare<[string], LotRow>('SELECT lot_id, offer_id, slot, best_before, available FROM stock_lots WHERE offer_id = ? AND available > 0');
  const heldBy = database.prepare<[string, string], { lot_id: string; held: number }>(
    'SELECT lot_id, -sum(change) AS held FROM stock_moves WHERE order_id = ? AND offer_id = ? GROUP BY lot_id ORDER BY min(id)');
  const slotOrder = createSlotOrder(database);

  function write(lotId: string, change: number, about: MoveAbout): void {
    const lot = changeLot.get(change, lotId)!;
    const { available: left } = changeStock.get(change, lot.offer_id)!;
    const { reason, orderId, staff, why, note } = about;
    const eventId = emit('stock.moved', {
      offerId: lot.offer_id, change, left, reason, ...(orderId === undefined ? {} : { orderId }), lotId, lotLeft: lot.available,
      ...(lot.slot === null ? {} : { slot: lot.slot }), ...(lot.best_before === null ? {} : { bestBefore: lot.best_before }),
      ...(staff ? { moveId: staff.moveId, visitId: staff.visitId, staff: staff.number } : {}), ...(why === undefined ? {} : { why }), ...(note === undefined ? {} : { note }),
    });
    insertMove.run(
      lot.offer_id, lotId, change, left, lot.available, reason, orderId ?? null, now(), lot.slot, staff?.moveId ?? null, staff?.visitId ?? null, staff?.number ?? null, why ?? null, note ?? null,
      eventId);
  }

  /** What may be sold, in the order in which it goes. */
  function forSale(offerId: string, today: () => string): readonly LotRow[] {
    const lots = lotsOf.all(offerId);
    if (lots.every(({ best_before: day }) => day === null) && lots.length < 2) return lots;
    const day = today();
    const fresh = lots.filter((lot) => isFresh(lot.best_before, day));
    if (fresh.length < 2) return fresh;
    const order = slotOrder(offerId);
    return fresh.sort((one, other) =>
      compareLots({ bestBefore: one.best_before ?? undefined, id: '' }, { bestBefore: other.best_before ?? undefined, id: '' })
      || order(one.slot) - order(other.slot) || (one.lot_id < other.lot_id ? -1 : 1));
  }

  function change(lotId: string, { offerId, slot, bestBefore }: LotPlace, pieces: number, about: MoveAbout): void {
    insertStock.run(offerId);
    insertLot.run(lotId, offerId, slot ?? null, bestBefore ?? null);
    if (slot !== undefined) placeLot.run(slot, lotId);
    write(lotId, pieces, about);
  }

  return {
    change,

    countIn(offerId, pieces) {
      if (insertStock.run(offerId).changes === 0) return false;
      insertLot.run(offerId, offerId, null, null);
      write(offerId, pieces, { reason: 'initial' });
      return true;
    },

    reserve(orderId, offerId, pieces, today) {
      let wanted = pieces;
      for (const { lot_id: lotId, available } of forSale(offerId, today)) {
        const taken = Math.min(available, wanted);
        write(lotId, -taken, { reason: 'reserved', orderId });
        wanted -= taken;
        if (wanted === 0) return;
      }
      if (wanted > 0) throw new Error(`offer ${offerId} does not have ${pieces} pieces that may be sold`);
    },

    release(orderId, offerId, pieces) {
      const lots = heldBy.all(orderId, offerId);
      if (lots.length === 0) return change(offerId, { offerId }, pieces, { reason: 'released', orderId });
      let wanted = pieces;
      for (const { lot_id: lotId, held } of lots) {
        const given = Math.min(held, wanted);
        if (given > 0) write(lotId, given, { reason: 'released', orderId });
        wanted -= Math.max(0, given);
      }
    },
  };
}
