import type { Database } from 'better-sqlite3';
import type { StaffMove } from '../../store/stock.ts';

/** What staff did under one id: of all the lots that it took. */
export interface Move {
  readonly offerId: string;
  /** Missing where it was of no slot. */
  readonly slot: string | undefined;
  readonly reason: StaffMove['reason'];
  readonly staff: string;
  /** In pieces. */
  readonly change: number;
}

export interface Moves {
  get(moveId: string): Move | undefined;
}

export function createMoves(database: Database): Moves {
  const sum = database.prepare<[string], { offer_id: string; slot: string | null; reason: StaffMove['reason']; staff: string; change: number }>(
    'SELECT offer_id, slot, reason, staff, sum(change) AS change FROM stock_moves WHERE move_id = ? GROUP BY move_id');
  return {
    get(moveId) {
      const row = sum.get(moveId);
      return row && { offerId: row.offer_id, slot: row.slot ?? undefined, reason: row.reason, staff: row.staff, change: row.change };
    },
  };
}
