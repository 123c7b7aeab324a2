import type { Sql, Transaction } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** No zone's clock is further from UTC: with it a day by the shop's clock is looked for in an index by UTC. */
const furthestMs = 15 * hourMs;
/** Days that one transaction sums anew: what takes orders waits for it where it touches one of these days. */
const daysAtOnce = 31;

/** Days by the shop's clock since 1970-01-01, both included. */
interface DaySpan { readonly from: number; readonly to: number }

/**
 * Makes the sums anew that are not those of the facts any more, kiosk by kiosk: a job of each few seconds. It may be cut off anywhere and done by several
 * processes at once: a mark is taken away by the transaction that sums, and whoever comes second waits for the first and finds none.
 * @param forMs begins nothing more after so long: HQ's other jobs wait for this one, and after an update years of days are marked
 * @returns how many days of kiosks were summed
 */
export async function rollUp(sql: Sql, { forMs = Number.POSITIVE_INFINITY }: { readonly forMs?: number } = {}): Promise<number> {
  const begun = performance.now();
  const kiosks = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from sales_dirty`;
  return eachKiosk(kiosks.map((row) => row.kiosk_id), async (kioskId) => {
    let days = 0;
    for (;;) {
      if (performance.now() - begun > forMs) return days;
      const done = await sql.begin((transaction) => rollUpSome(transaction, kioskId));
      days += done;
      if (done < daysAtOnce) return days;
    }
  });
}

/** Marks every day of every kiosk, or of one, and sums them anew: after a person has changed facts by hand, or does not believe the sums. */
export async function rebuildSales(sql: Sql, onlyKiosk?: string): Promise<number> {
  const kiosks = onlyKiosk === undefined ? await sql<{ kiosk_id: string }[]>`select kiosk_id from kiosks union select kiosk_id from cursors` : [{ kiosk_id: onlyKiosk }];
  await eachKiosk(kiosks.map((row) => row.kiosk_id), async (kioskId) => {
    await sql.begin((transaction) => markEveryDay(transaction, kioskId));
    return 0;
  });
  return rollUp(sql);
}

async function markEveryDay(sql: Transaction, kioskId: string): Promise<void> {
  await sql`set local statement_timeout = '10min'`;
  await sql`
    insert into sales_dirty (kiosk_id, day, marks)
    select ${kioskId}::text, touched.day, 1 from (
      select (o.occurred_at + o.utc_offset_ms) / ${dayMs} as day from orders o where o.kiosk_id = ${kioskId}
      union select (o.state_at + o.utc_offset_ms) / ${dayMs} from orders o where o.kiosk_id = ${kioskId} and o.state = 'refunded'
      union select (p.started_at + o.utc_offset_ms) / ${dayMs} from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id where p.kiosk_id = ${kioskId}
      union select (p.state_at + o.utc_offset_ms) / ${dayMs} from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id where p.kiosk_id = ${kioskId} and p.state = 'reversed'
      union select (r.state_at + o.utc_offset_ms) / ${dayMs} from refund_parts r join orders o on o.kiosk_id = r.kiosk_id and o.order_id = r.order_id where r.kiosk_id = ${kioskId}
      union select s.local_hour / 24 from sales_hours s where s.kiosk_id = ${kioskId}
      union select s.day from sales_days s where s.kiosk_id = ${kioskId}
      union select s.day from sales_businesses s where s.kiosk_id = ${kioskId}
      union select s.day from sales_offers s where s.kiosk_id = ${kioskId}
      union select s.day from sales_payments s where s.kiosk_id = ${kioskId}
    ) touched order by touched.day
    on conflict (kiosk_id, day) do update set marks = sales_dirty.marks + 1 returning day`;
}

async function rollUpSome(sql: Transaction, kioskId: string): Promise<number> {
  // Locked one after the other and in one order, as those who mark do.
  const wanted = await sql<{ day: number }[]>`select day from sales_dirty where kiosk_id = ${kioskId} order by day limit ${daysAtOnce} for update`;
  const days = wanted.map((row) => row.day);
  if (days.length === 0) return 0;
  await sql`delete from sales_dirty where kiosk_id = ${kioskId} and day in ${sql(days)}`;
  for (const span of spansOf(days)) await sumAnew(sql, kioskId, span);
  return days.length;
}

/** Neighbouring days together, so that their facts are read once. @param days rising */
export function spansOf(days: readonly number[]): readonly DaySpan[] {
  const spans: { from: number; to: number }[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last && day === last.to + 1) last.to = day;
    else spans.push({ from: day, to: day });
  }
  return spans;
}

/** Replaces the sums of these days by those of the facts. The days' marks are locked by the caller, so nobody else is at it. */
export async function sumAnew(sql: Transaction, kioskId: string, { from, to }: DaySpan): Promise<void> {
  const [start, end] = [from * dayMs, (to + 1) * dayMs];
  const sold = sql`o.occurred_at >= ${start - furthestMs} and o.occurred_at < ${end + furthestMs}
    and o.occurred_at + o.utc_offset_ms >= ${start} and o.occurred_at + o.utc_offset_ms < ${end}`;
  const refunded = sql`o.state = 'refunded' and o.state_at >= ${start - furthestMs} and o.state_at < ${end + furthestMs}
    and o.state_at + o.utc_offset_ms >= ${start} and o.state_at + o.utc_offset_ms < ${end}`;
  // A part that went back counts on its own day; of an order that went back in parts, the last state says no money that was not counted.
  const partsOfOrder = sql`coalesce((select sum(b.amount) from refund_parts b where b.kiosk_id = o.kiosk_id and b.order_id = o.order_id), 0)`;
  const partsWithin = sql`r.state_at >= ${start - furthestMs} and r.state_at < ${end + furthestMs}
    and r.state_at + o.utc_offset_ms >= ${start} and r.state_at + o.utc_offset_ms < ${end}`;
  const isSold = sql`o.state in ('paid', 'fulfilled', 'refunded')`;

  await sql`delete from sales_hours where kiosk_id = ${kioskId} and local_hour >= ${from * 24} and local_hour < ${(to + 1) * 24}`;
  await sql`
    insert into sales_hours (kiosk_id, local_hour, currency, orders, amount, free_orders, unsold_orders, refunds, refunded_amount)
    select ${kioskId}::text, f.local_hour, f.currency, sum(f.orders), sum(f.amount), sum(f.free_orders), sum(f.unsold_orders), sum(f.refunds), sum(f.refunded_amount) from (
      select (o.occurred_at + o.utc_offset_ms) / ${hourMs} as local_hour, o.currency, case when ${isSold} then 1 else 0 end as orders, case when ${isSold} then o.total_amount else 0 end as amount,
        case when ${isSold} and o.total_amount = 0 then 1 else 0 end as free_orders, case when ${isSold} then 0 else 1 end as unsold_orders, 0 as refunds, 0 as refunded_amount
      from orders o where o.kiosk_id = ${kioskId} and ${sold}
      union all
      select (o.state_at + o.utc_offset_ms) / ${hourMs}, o.currency, 0, 0, 0, 0, 1, greatest(0, o.total_amount - ${partsOfOrder}) from orders o where o.kiosk_id = ${kioskId} and ${refunded}
      union all
      select (r.state_at + o.utc_offset_ms) / ${hourMs}, r.currency, 0, 0, 0, 0, 0, r.amount from refund_parts r join orders o on o.kiosk_id = r.kiosk_id and o.order_id = r.order_id
      where r.kiosk_id = ${kioskId} and ${partsWithin}
    ) f group by f.local_hour, f.currency`;

  await sql`delete from sales_days where kiosk_id = ${kioskId} and day >= ${from} and day <= ${to}`;
  await sql`
    insert into sales_days (kiosk_id, day, currency, orders, amount, free_orders, unsold_orders, refunds, refunded_amount)
    select ${kioskId}::text, s.local_hour / 24, s.currency, sum(s.orders), sum(s.amount), sum(s.free_orders), sum(s.unsold_orders), sum(s.refunds), sum(s.refunded_amount)
    from sales_hours s where s.kiosk_id = ${kioskId} and s.local_hour >= ${from * 24} and s.local_hour < ${(to + 1) * 24} group by 2, 3`;

  const lines = sql`
    select (o.occurred_at + o.utc_offset_ms) / ${dayMs} as day, o.currency, l.offer_id, l.fulfilment ->> 'kind' as kind, l.name_zh, l.name_en, l.quantity, l.total as amount, 0 as refunded_quantity, 0 as refunded_amount
    from orders o join order_lines l on l.kiosk_id = o.kiosk_id and l.order_id = o.order_id where o.kiosk_id = ${kioskId} and ${sold} and ${isSold}
    union all
    select (o.state_at + o.utc_offset_ms) / ${dayMs}, o.currency, l.offer_id, l.fulfilment ->> 'kind', l.name_zh, l.name_en, 0, 0, l.quantity, l.total
    from orders o join order_lines l on l.kiosk_id = o.kiosk_id and l.order_id = o.order_id where o.kiosk_id = ${kioskId} and ${refunded}`;
  // As the catalogue has it: what is delivered is goods, too.
  const business = sql`case when f.kind = 'delivery' then 'goods' else f.kind end`;
  await sql`delete from sales_offers where kiosk_id = ${kioskId} and day >= ${from} and day <= ${to}`;
  await sql`
    insert into sales_offers (kiosk_id, day, currency, offer_id, business, name_zh, name_en, quantity, amount, refunded_quantity, refunded_amount)
    select ${kioskId}::text, f.day, f.currency, f.offer_id, max(${business}), max(f.name_zh), max(f.name_en), sum(f.quantity), sum(f.amount), sum(f.refunded_quantity), sum(f.refunded_amount)
    from (${lines}) f group by f.day, f.currency, f.offer_id`;
  await sql`delete from sales_businesses where kiosk_id = ${kioskId} and day >= ${from} and day <= ${to}`;
  await sql`
    insert into sales_businesses (kiosk_id, day, currency, business, quantity, amount, refunded_quantity, refunded_amount)
    select ${kioskId}::text, s.day, s.currency, s.business, sum(s.quantity), sum(s.amount), sum(s.refunded_quantity), sum(s.refunded_amount)
    from sales_offers s where s.kiosk_id = ${kioskId} and s.day >= ${from} and s.day <= ${to} group by s.day, s.currency, s.business`;

  const within = (column: 'started_at' | 'state_at') => sql`p.${sql(column)} >= ${start - furthestMs} and p.${sql(column)} < ${end + furthestMs}
    and p.${sql(column)} + o.utc_offset_ms >= ${start} and p.${sql(column)} + o.utc_offset_ms < ${end}`;
  // Of cards what the terminal named them; of a wallet the wallet.
  const tender = sql`case when p.tender = 'card' then coalesce(p.card ->> 'cardName', '') else p.tender end`;
  const partsOfPayment = sql`coalesce((select sum(b.amount) from refund_parts b where b.kiosk_id = p.kiosk_id and b.attempt_id = p.attempt_id), 0)`;
  await sql`delete from sales_payments where kiosk_id = ${kioskId} and day >= ${from} and day <= ${to}`;
  await sql`
    insert into sales_payments (kiosk_id, day, currency, tender, state, count, amount)
    select ${kioskId}::text, f.day, f.currency, f.tender, f.state, count(*), sum(f.amount) from (
      select (p.started_at + o.utc_offset_ms) / ${dayMs} as day, p.currency, ${tender} as tender, p.state, p.amount
      from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id where p.kiosk_id = ${kioskId} and ${within('started_at')}
      union all
      select (p.state_at + o.utc_offset_ms) / ${dayMs}, p.currency, ${tender}, 'returned', p.amount - ${partsOfPayment}
      from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id where p.kiosk_id = ${kioskId} and p.state = 'reversed' and ${within('state_at')} and p.amount > ${partsOfPayment}
      union all
      select (r.state_at + o.utc_offset_ms) / ${dayMs}, r.currency, coalesce(${tender}, ''), 'returned', r.amount
      from refund_parts r join orders o on o.kiosk_id = r.kiosk_id and o.order_id = r.order_id left join payments p on p.kiosk_id = r.kiosk_id and p.attempt_id = r.attempt_id
      where r.kiosk_id = ${kioskId} and ${partsWithin}
    ) f group by f.day, f.currency, f.tender, f.state`;
}
