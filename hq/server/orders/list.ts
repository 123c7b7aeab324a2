import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import type { OrderFilter, OrderQuery } from '../../contract/api/orders.ts';
import { orderCursorPattern } from '../../contract/api/orders.ts';
import type { OrderPage, OrderRow } from '../../contract/console.ts';
import type { Queries } from '../database.ts';
import type { PhoneKey } from './phones.ts';
import { phoneDigest } from './phones.ts';

/** Kiosks whose orders are read each for itself: a quiet one among busy ones would else be looked for among all the orders of all. */
const kiosksEachMost = 12;

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

/**
 * Newest first by when HQ reckons that an order was placed, whatever the kiosk's clock said; each page is one index range, however many orders there are.
 * @param phoneKey by which phone numbers are found
 */
export async function readOrderPage(sql: Queries, query: OrderQuery, phoneKey: PhoneKey): Promise<OrderPage> {
  const kiosks = await kiosksOf(sql, query);
  const read = (of: readonly string[] | undefined) => readRows(sql, query, of, phoneKey);
  const rows = kiosks !== undefined && kiosks.length > 1 && kiosks.length <= kiosksEachMost
    ? (await Promise.all(kiosks.map((kioskId) => read([kioskId])))).flat().toSorted(newestFirst).slice(0, query.limit + 1)
    : await read(kiosks);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return { orders: page.map(orderRow), next: rows.length > page.length && last ? `${last.occurred_at}~${last.kiosk_id}~${last.order_id}` : null };
}

/** The kiosks that are asked for, by themselves or by their group; undefined for all. */
async function kiosksOf(sql: Queries, { kiosk, group }: OrderFilter): Promise<readonly string[] | undefined> {
  if (group === undefined) return kiosk;
  const members = await sql<{ kiosk_id: string }[]>`select kiosk_id from kiosk_group_members where group_id = ${group}`;
  return members.map((row) => row.kiosk_id).filter((kioskId) => kiosk === undefined || kiosk.includes(kioskIdSchema.parse(kioskId)));
}

function newestFirst(left: Row, right: Row): number {
  if (left.occurred_at !== right.occurred_at) return right.occurred_at - left.occurred_at;
  if (left.kiosk_id !== right.kiosk_id) return left.kiosk_id < right.kiosk_id ? 1 : -1;
  return left.order_id < right.order_id ? 1 : -1;
}

async function readRows(sql: Queries, query: OrderQuery, kiosks: readonly string[] | undefined, phoneKey: PhoneKey): Promise<readonly Row[]> {
  const [, occurredAt, kioskId, orderId] = orderCursorPattern.exec(query.before ?? '') ?? [];
  if (kiosks?.length === 0) return [];
  return sql<Row[]>`
    ${selectRows(sql)}
    where true
      ${occurredAt && kioskId && orderId ? sql`and (o.occurred_at, o.kiosk_id, o.order_id) < (${Number(occurredAt)}, ${kioskId}, ${orderId}::uuid)` : sql``}
      ${conditions(sql, query, kiosks, phoneKey)}
    order by o.occurred_at desc, o.kiosk_id desc, o.order_id desc
    limit ${query.limit + 1}`;
}

/** Of an order `o`, all that narrows the list but the page. */
export function conditions(sql: Queries, query: OrderFilter, kiosks: readonly string[] | undefined, phoneKey: PhoneKey) {
  return sql`
    ${kiosks === undefined ? sql`` : kiosks.length === 1 ? sql`and o.kiosk_id = ${kiosks[0]!}` : sql`and o.kiosk_id in ${sql([...kiosks])}`}
    ${query.state?.length ? sql`and o.state in ${sql(query.state)}` : sql``}
    ${query.payment?.length ? sql`and exists (select 1 from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.state in ${sql(query.payment)})` : sql``}
    ${query.min === undefined ? sql`` : sql`and o.total_amount >= ${query.min}`}
    ${query.max === undefined ? sql`` : sql`and o.total_amount <= ${query.max}`}
    ${query.from === undefined ? sql`` : sql`and o.occurred_at >= ${query.from}`}
    ${query.to === undefined ? sql`` : sql`and o.occurred_at < ${query.to}`}
    ${query.needs ? sql`and ${needsPerson(sql)}` : sql``}
    ${query.q ? searchFor(sql, query.q, phoneKey) : sql``}`;
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

function searchFor(sql: Queries, text: string, phoneKey: PhoneKey) {
  const plain = text.replace(/[\s+-]/g, '');
  if (/^[a-z]\d{3}$/i.test(plain)) return sql`and o.number = ${plain.toUpperCase()}`;
  if (/^[a-z]\d{0,2}$/i.test(plain)) return sql`and o.number like ${`${plain.toUpperCase()}%`}`;
  const id = text.toLowerCase();
  const isTail = /^[0-9a-f]{12}$/.test(id);
  const digits = /^\d{4}$|^\d{7,15}$/.test(plain) ? plain : undefined;
  const byPhone = digits && sql`select f.kiosk_id, f.order_id from order_phones f where f.digest = ${phoneDigest(phoneKey, digits)}`;
  // Twelve digits may be either.
  if (isTail && byPhone) return sql`and (o.kiosk_id, o.order_id) in (${byPhone} union all select t.kiosk_id, t.order_id from orders t where right(t.order_id::text, 12) = ${id})`;
  if (isTail) return sql`and right(o.order_id::text, 12) = ${id}`;
  if (byPhone) return sql`and (o.kiosk_id, o.order_id) in (${byPhone})`;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return sql`and right(o.order_id::text, 12) = ${id.slice(-12)} and o.order_id = ${id}::uuid`;
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
