import type { OrderFilter } from '../../contract/api/orders.ts';
import { orderQuerySchema } from '../../contract/api/orders.ts';
import type { Sql } from '../database.ts';
import { csvLine, decimalOf } from './csv.ts';
import { readOrderPage } from './list.ts';
import type { PhoneKey } from './phones.ts';

const atOnce = 200;

export const exportHead = ['kiosk', 'kiosk_name', 'number', 'order_id', 'placed_at', 'received_at', 'state', 'total', 'currency', 'payment', 'receipt', 'items_zh', 'items_en', 'needs_person'] as const;

/** The list as it is filtered, page by page, however long it is: no more of it than a page is held here. */
export async function* exportedOrders(sql: Sql, filter: OrderFilter, phoneKey: PhoneKey): AsyncGenerator<string> {
  let before: string | undefined;
  do {
    const page = await readOrderPage(sql, { ...orderQuerySchema.parse({}), ...filter, limit: atOnce, before }, phoneKey);
    const time = (at: number) => new Date(at).toISOString();
    yield page.orders.map((row) => csvLine([
      row.kioskId, row.kioskName, row.number, row.orderId, time(row.occurredAt), time(row.receivedAt), row.state, decimalOf(row.total.amount, row.total.currency), row.total.currency, row.payment, row.print,
      row.items.map(({ name, quantity }) => `${name.zh} × ${quantity}`).join('; '), row.items.map(({ name, quantity }) => `${name.en} × ${quantity}`).join('; '), row.needsPerson ? 'yes' : '',
    ])).join('');
    before = page.next ?? undefined;
  } while (before !== undefined);
}
