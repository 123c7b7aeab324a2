import type { OrderPage, OrderRow } from '../../contract/console.ts';

/** What the table holds. `waiting` came while somebody reads further down: shown when they ask for it. */
export interface OrderList {
  readonly rows: readonly OrderRow[];
  readonly waiting: readonly OrderRow[];
  readonly next: string | null;
}

export const emptyList: OrderList = { rows: [], waiting: [], next: null };

/** Newest first, as HQ sorts. */
export function compareRows(a: OrderRow, b: OrderRow): number {
  if (a.occurredAt !== b.occurredAt) return b.occurredAt - a.occurredAt;
  if (a.kioskId !== b.kioskId) return a.kioskId < b.kioskId ? 1 : -1;
  return a.orderId < b.orderId ? 1 : a.orderId > b.orderId ? -1 : 0;
}

/** Later lists win where both know an order. */
export function mergeRows(...lists: readonly (readonly OrderRow[])[]): OrderRow[] {
  return [...new Map(lists.flat().map((row) => [`${row.kioskId} ${row.orderId}`, row])).values()].sort(compareRows);
}

/**
 * News for the table. Known rows change where they stand, so that nothing moves under the reader's eyes; new ones are
 * shown at once only if nothing that is being read would move.
 * @param matching whether an order belongs under the filters
 */
export function withNews(list: OrderList, news: readonly OrderRow[], matching: (row: OrderRow) => boolean, isAtTop: boolean): OrderList {
  const find = (rows: readonly OrderRow[], row: OrderRow) => rows.find((known) => known.orderId === row.orderId && known.kioskId === row.kioskId);
  const rows = list.rows.map((row) => find(news, row) ?? row);
  const oldest = list.next === null ? undefined : list.rows.at(-1);
  // Older than what is loaded: it comes with its page.
  const fresh = news.filter((row) => !find(list.rows, row) && matching(row) && !(oldest && compareRows(row, oldest) > 0));
  const waiting = mergeRows(list.waiting.map((row) => find(news, row) ?? row), fresh);
  return isAtTop ? { ...list, rows: mergeRows(rows, waiting), waiting: [] } : { ...list, rows, waiting };
}

export function withWaitingShown(list: OrderList): OrderList {
  return { ...list, rows: mergeRows(list.rows, list.waiting), waiting: [] };
}

export function withOlderPage(list: OrderList, page: OrderPage): OrderList {
  return { ...list, rows: mergeRows(page.orders, list.rows), next: page.next };
}

/** Whether a first page reaches down to what is shown, so that no order between the two is missing. */
export function connects(list: OrderList, firstPage: readonly OrderRow[], next: string | null): boolean {
  const [newestShown, oldestOfPage] = [list.rows[0], firstPage.at(-1)];
  if (!newestShown) return false;
  return next === null || (oldestOfPage !== undefined && compareRows(oldestOfPage, newestShown) >= 0);
}
