import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';

export interface ReplayedStock {
  /** Answers what is strange about it. */
  move(move: HqEventPayload<'stock.moved'>, at: number, isOfLeftEpoch: boolean): 'done' | 'skipped' | 'counted_in_twice' | 'order_unknown';
  /** Writes what is left of each offer that was moved. `short`: how much more was taken of it than there was. */
  write(): readonly { readonly offerId: string; readonly left: number; readonly short: number }[];
}

/** What is left is the sum of the moves, each once: written at the end, since on the way there moves of two lines of events may stand in any order. */
export function createReplayedStock(database: Database): ReplayedStock {
  const available = database.prepare<[string], { available: number }>('SELECT available FROM stock WHERE offer_id = ?');
  const insertStock = database.prepare('INSERT INTO stock (offer_id, available) VALUES (?, 0) ON CONFLICT (offer_id) DO NOTHING');
  const setStock = database.prepare('UPDATE stock SET available = ? WHERE offer_id = ?');
  const insertMove = database.prepare('INSERT INTO stock_moves (offer_id, change, available_after, reason, order_id, at) VALUES (?, ?, ?, ?, ?, ?)');
  const isKnownOrder = database.prepare<[string], { id: string }>('SELECT id FROM orders WHERE id = ?');
  const hasInitial = database.prepare<[string], { id: number }>("SELECT id FROM stock_moves WHERE offer_id = ? AND reason = 'initial'");
  const hasMove = database.prepare<[string, string, string, number, number], { id: number }>(
    'SELECT id FROM stock_moves WHERE order_id = ? AND offer_id = ? AND reason = ? AND change = ? AND id <= ?');
  const newestAtStart = Number(database.prepare('SELECT coalesce(max(id), 0) FROM stock_moves').pluck().get());
  const changes = new Map<string, number>();

  return {
    move({ offerId, change, left, reason, orderId }, at, isOfLeftEpoch) {
      // An offer is counted in once. Two firsts: a store that began empty did it again.
      if (reason === 'initial' && hasInitial.get(offerId)) return 'counted_in_twice';
      // The event may have been pruned from an epoch that was left; its move stands in the table for good.
      if (isOfLeftEpoch && orderId !== undefined && hasMove.get(orderId, offerId, reason, change, newestAtStart)) return 'skipped';
      insertStock.run(offerId);
      const isKnown = orderId === undefined || isKnownOrder.get(orderId) !== undefined;
      insertMove.run(offerId, change, left, reason, isKnown ? orderId ?? null : null, at);
      changes.set(offerId, (changes.get(offerId) ?? 0) + change);
      return isKnown ? 'done' : 'order_unknown';
    },

    write() {
      return [...changes].map(([offerId, change]) => {
        const sum = available.get(offerId)!.available + change;
        setStock.run(Math.max(0, sum), offerId);
        return { offerId, left: Math.max(0, sum), short: Math.max(0, -sum) };
      });
    },
  };
}
