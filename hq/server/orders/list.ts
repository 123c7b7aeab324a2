import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import { orderStateSchema } from '../../../domain/order/order.ts';
import type { OrderPage, OrderRow } from '../../contract/console.ts';
import type { Queries } from '../database.ts';

const cursorPattern = /^(\d{1,15})~([a-z0-9-]{2,41})~([0-9a-f-]{36})$/;

/** The query string of GET /api/orders. */
export const orderQuerySchema = z.strictObject({
  before: z.string().regex(cursorPattern).optional(),
  /** One or more states, with commas. */
  state: z.string().transform((text) => text.split(',').filter(Boolean)).pipe(z.array(orderStateSchema).max(8)).optional(),
  kiosk: kioskIdSchema.optional(),
  /** `person`: only those about which a person has to decide something. */
  needs: z.literal('person').optional(),
  /** A pickup number or its beginning, or the end of an order's id as it stands on the receipt. */
  q: z.string().trim().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type OrderQuery = z.infer<typeof orderQuerySchema>;

interface Row {
  kiosk_id: string;
  kiosk_name: string | null;
  order_id: string;
  number: string;
  state: OrderRow['state'];
  placed_at: number;
  occurred_at: number;
  received_at: number;
  language: OrderRow['language'];
  total_amount: number;
  currency: Currency;
  items: { zh: string; en: string; quantity: number }[] | null;
  payment: OrderRow['payment'];
  print: OrderRow['print'];
  needs_person: boolean;
}

/** Newest first by when HQ reckons that an order was placed, whatever the kiosk's clock said; each page is one index range, however many orders there are. */
export async function readOrderPage(sql: Queries, query: OrderQuery): Promise<OrderPage> {
  const [, occurredAt, kioskId, orderId] = cursorPattern.exec(query.before ?? '') ?? [];
  const rows = await sql<Row[]>`
    ${selectRows(sql)}
    where true
      ${occurredAt && kioskId && orderId ? sql`and (o.occurred_at, o.kiosk_id, o.order_id) < (${Number(occurredAt)}, ${kioskId}, ${orderId}::uuid)` : sql``}
      ${query.kiosk ? sql`and o.kiosk_id = ${query.kiosk}` : sql``}
      ${query.state?.length ? sql`and o.state in ${sql(query.state)}` : sql``}
      ${query.needs ? sql`and ${needsPerson(sql)}` : sql``}
      ${query.q ? searchFor(sql, query.q) : sql``}
    order by o.occurred_at desc, o.kiosk_id desc, o.order_id desc
    limit ${query.limit + 1}`;
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return { orders: page.map(orderRow), next: rows.length > page.length && last ? `${last.occurred_at}~${last.kiosk_id}~${last.order_id}` : null };
}

/** The given orders of one kiosk, newest first. */
export async function readOrderRows(sql: Queries, kioskId: string, orderIds: readonly string[]): Promise<OrderRow[]> {
  const rows = await sql<Row[]>`
    ${selectRows(sql)} where o.kiosk_id = ${kioskId} and o.order_id in ${sql([...orderIds])}
    order by o.occurred_at desc, o.order_id desc`;
  return rows.map(orderRow);
}

function selectRows(sql: Queries) {
  return sql`
    select o.kiosk_id, k.name as kiosk_name, o.order_id, o.number, o.state, o.placed_at, o.occurred_at, o.received_at, o.language, o.total_amount, o.currency,
      (select jsonb_agg(jsonb_build_object('zh', l.name_zh, 'en', l.name_en, 'quantity', l.quantity) order by l.line)
         from order_lines l where l.kiosk_id = o.kiosk_id and l.order_id = o.order_id and l.line <= 8) as items,
      (select p.state from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id order by p.started_at desc, p.attempt_id desc limit 1) as payment,
      (select j.state from jobs j where j.kiosk_id = o.kiosk_id and j.order_id = o.order_id and j.kind in ('print_receipt', 'print_copy') order by j.queued_at desc, j.job_id desc limit 1) as print,
      ${needsPerson(sql)} as needs_person
    from orders o left join kiosks k on k.kiosk_id = o.kiosk_id`;
}

/** Of an order `o`. */
function needsPerson(sql: Queries) {
  return sql`exists (select 1 from attention a where a.kiosk_id = o.kiosk_id and a.order_id = o.order_id and a.decision is null)`;
}

function searchFor(sql: Queries, text: string) {
  if (/^[a-z]\d{0,3}$/i.test(text)) return sql`and o.number like ${`${text.toUpperCase()}%`}`;
  const id = text.toLowerCase();
  if (/^[0-9a-f]{12}$/.test(id)) return sql`and right(o.order_id::text, 12) = ${id}`;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return sql`and o.order_id = ${id}::uuid`;
  return sql`and false`;
}

function orderRow(row: Row): OrderRow {
  return {
    kioskId: row.kiosk_id,
    kioskName: row.kiosk_name ?? row.kiosk_id,
    orderId: row.order_id,
    number: row.number,
    state: row.state,
    placedAt: row.placed_at,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    language: row.language,
    total: { amount: row.total_amount, currency: row.currency },
    items: (row.items ?? []).map(({ zh, en, quantity }) => ({ name: { zh, en }, quantity })),
    payment: row.payment,
    print: row.print,
    needsPerson: row.needs_person,
  };
}
