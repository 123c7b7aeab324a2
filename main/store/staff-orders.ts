import type { Database } from 'better-sqlite3';
import type { OrderId } from '../../domain/ids.ts';

export interface OrderQuestion {
  /** A pickup number or its beginning, or the end of an order's id, or of a number that the customer's phone shows of a wallet payment: the gateway's, and ours. */
  readonly text?: string | undefined;
  /** Placed in this range, epoch milliseconds, the end not in it. */
  readonly range?: { readonly from: number; readonly to: number } | undefined;
  /** Something of it stands on the staff's list. */
  readonly needsPerson?: boolean | undefined;
  /** Older than this one. */
  readonly before?: OrderId | undefined;
  readonly limit: number;
}

export interface StaffOrders {
  /** Newest first. */
  find(question: OrderQuestion): readonly OrderId[];
  /** A report of a closed day has this payment: the terminal gives it back no more. */
  isReported(attemptId: string): boolean;
}

/** Of a wallet's number: less of its end is that of too many. */
const shortestEnd = 6;

export function createStaffOrders(database: Database): StaffOrders {
  const placedAt = database.prepare<[string], number>('SELECT placed_at FROM orders WHERE id = ?').pluck();
  const reported = database.prepare<[string], number | null>('SELECT day FROM payment_attempts WHERE id = ?').pluck();

  return {
    find({ text, range, needsPerson, before, limit }) {
      const wheres: string[] = [];
      const values: (string | number)[] = [];
      const where = (sql: string, ...given: readonly (string | number)[]) => {
        wheres.push(sql);
        values.push(...given);
      };
      const word = text?.trim() ?? '';
      // A number comes again after some thousand orders: by its own index, whatever the store holds.
      if (/^[A-Za-z]\d{0,3}$/.test(word)) where('number >= ? AND number < ?', word.toUpperCase(), `${word.toUpperCase()}~`);
      else if (word !== '') {
        const end = `%${word.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}`;
        const bare = end.replaceAll('-', '');
        const ofWallet = `id IN (
          SELECT order_id FROM payment_attempts WHERE tender <> 'card' AND (json_extract(wallet, '$.transactionId') LIKE ? ESCAPE '\\' OR replace(id, '-', '') LIKE ? ESCAPE '\\'))`;
        if (bare.length > shortestEnd) where(`(id LIKE ? ESCAPE '\\' OR ${ofWallet})`, end, bare, bare);
        else where("id LIKE ? ESCAPE '\\'", end);
      }
      if (range) where('placed_at >= ? AND placed_at < ?', range.from, range.to);
      if (needsPerson === true) where('id IN (SELECT order_id FROM attention WHERE decision IS NULL)');
      if (needsPerson === false) where('id NOT IN (SELECT order_id FROM attention WHERE decision IS NULL)');
      const since = before === undefined ? undefined : placedAt.get(before);
      if (before !== undefined && since !== undefined) where('(placed_at, id) < (?, ?)', since, before);
      const sql = `SELECT id FROM orders ${wheres.length > 0 ? `WHERE ${wheres.join(' AND ')}` : ''} ORDER BY placed_at DESC, id DESC LIMIT ?`;
      return database.prepare<(string | number)[], OrderId>(sql).pluck().all(...values, limit);
    },
    isReported: (attemptId) => (reported.get(attemptId) ?? null) !== null,
  };
}
