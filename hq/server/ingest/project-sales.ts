import type { KioskId } from '../../../domain/ids.ts';
import type { Queries, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import type { Effective } from './understand.ts';

const dayMs = 86_400_000;

/** The orders whose money these events may change, for `markSales`. */
export function ordersOfSales(events: readonly Effective[]): readonly string[] {
  return [...new Set(events.flatMap(({ kind, body }) => (kind === 'order.placed' ? [body.order.id] : kind === 'order.state' || kind === 'payment.attempt' || kind === 'payment.refund' ? [body.orderId] : [])))];
}

/**
 * Says of which days the sums (migration 0011) are not those of these orders any more. In the transaction that changes the orders, once before the change
 * and once after it: an order may leave a day, or a refund move to another. The row of a day stays locked until that transaction ends, so whoever
 * takes the mark away to sum anew sees the change.
 */
export async function markSales(sql: Transaction, kioskId: string, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const wanted = [...new Set(orderIds)];
  await sql`
    insert into sales_dirty (kiosk_id, day, marks)
    select ${kioskId}::text, touched.day, 1 from (
      select (o.occurred_at + o.utc_offset_ms) / ${dayMs} as day from orders o where o.kiosk_id = ${kioskId} and o.order_id in ${sql(wanted)}
      union select (o.state_at + o.utc_offset_ms) / ${dayMs} from orders o where o.kiosk_id = ${kioskId} and o.order_id in ${sql(wanted)} and o.state = 'refunded'
      union select (p.started_at + o.utc_offset_ms) / ${dayMs} from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id
        where p.kiosk_id = ${kioskId} and p.order_id in ${sql(wanted)}
      union select (p.state_at + o.utc_offset_ms) / ${dayMs} from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id
        where p.kiosk_id = ${kioskId} and p.order_id in ${sql(wanted)} and p.state = 'reversed'
      union select (r.state_at + o.utc_offset_ms) / ${dayMs} from refund_parts r join orders o on o.kiosk_id = r.kiosk_id and o.order_id = r.order_id
        where r.kiosk_id = ${kioskId} and r.order_id in ${sql(wanted)}
    ) touched order by touched.day
    on conflict (kiosk_id, day) do update set marks = sales_dirty.marks + 1 returning day`;
}

/** The days that kiosks closed at their terminals. An event that is applied once more changes nothing. */
export async function insertDayReports(sql: Queries, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  await insertRows(
    sql,
    `insert into day_reports (kiosk_id, event_id, number, from_at, to_at, currency, staff, orders, amount, free_orders, refunds, refunded_amount,
       our_count, our_amount, terminal_count, terminal_amount, unsettled, occurred_at)`,
    events.filter((candidate) => candidate.kind === 'day.reported').map(({ event, body, occurredAt }) => [
      kioskId, event.id, body.number, body.from, body.to, body.currency, body.staff ?? null, body.orders.count, body.orders.amount, body.freeOrders, body.refunded.count, body.refunded.amount,
      body.cardsOurs.count, body.cardsOurs.amount, body.cardsTerminal?.count ?? null, body.cardsTerminal?.amount ?? null, body.unsettled, occurredAt,
    ]),
    'on conflict (kiosk_id, event_id) do nothing',
  );
}

/**
 * How far a zone's clock is ahead of UTC at a time, in milliseconds: for many times, which mostly lie in few zones and few hours. A zone's clock changes
 * on the quarter of an hour at the earliest. The zone's name was checked where the event was understood; times are epoch milliseconds UTC.
 */
export function createUtcOffsets(): (timeZone: string, at: number) => number {
  const formatters = new Map<string, Intl.DateTimeFormat>();
  const known = new Map<string, number>();
  return (timeZone, at) => {
    const key = `${timeZone} ${Math.floor(at / 900_000)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const formatter = formatters.get(timeZone) ?? wallClockOf(timeZone);
    formatters.set(timeZone, formatter);
    const offset = wallTime(formatter, at) - Math.floor(at / 1000) * 1000;
    known.set(key, offset);
    return offset;
  };
}

function wallClockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
}

/** The fields of the wall clock, read as if they were UTC. Whole seconds: no zone is ahead by less. */
function wallTime(formatter: Intl.DateTimeFormat, at: number): number {
  const fields = Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(fields['year'] ?? 0, (fields['month'] ?? 1) - 1, fields['day'] ?? 1, fields['hour'] ?? 0, fields['minute'] ?? 0, fields['second'] ?? 0);
}
