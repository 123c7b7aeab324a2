import type { Bilingual } from '../../../domain/language.ts';
import type { SalesFigures, SalesQuery, SalesReport } from '../../contract/api/reports.ts';
import type { Queries } from '../database.ts';
import type { Period } from './period.ts';
import { dayText, ofKiosks, periodOf, periodTexts, readNames, readPending } from './period.ts';

const nothingSold: SalesFigures = { orders: 0, amount: 0, freeOrders: 0, unsoldOrders: 0, refunds: 0, refundedAmount: 0, quantity: 0 };

interface Row {
  key: string | number; is_before: boolean;
  orders: number; amount: number; free_orders: number; unsold_orders: number; refunds: number; refunded_amount: number; quantity: number;
}

/** Out of the sums alone, so that it takes as long for ten orders as for ten million. */
export async function readSalesReport(sql: Queries, query: SalesQuery): Promise<SalesReport> {
  const period = periodOf(query);
  const totals = await readTotals(sql, query, period);
  const currencies = [...new Set(totals.toSorted((left, right) => right.amount - left.amount).map((row) => String(row.key)))];
  const currency = query.currency ?? currencies[0] ?? null;
  const totalOf = (isBefore: boolean) => figuresOf(totals.find((row) => row.key === currency && row.is_before === isBefore));
  const rows = currency === null ? [] : await readRows(sql, query, period, currency);
  return {
    periods: periodTexts(period), currency, currencies, total: totalOf(false), totalBefore: totalOf(true), rows: await shapeRows(sql, query, period, rows), pending: await readPending(sql),
  };
}

async function readTotals(sql: Queries, query: SalesQuery, { from, to, beforeFrom }: Period): Promise<readonly Row[]> {
  return sql<Row[]>`
    select s.currency as key, s.day < ${from} as is_before, ${orderSums(sql)}
    from sales_days s where s.day >= ${beforeFrom} and s.day <= ${to} ${ofKiosks(sql, query)} group by 1, 2`;
}

function orderSums(sql: Queries) {
  return sql`sum(s.orders)::bigint as orders, sum(s.amount)::bigint as amount, sum(s.free_orders)::bigint as free_orders, sum(s.unsold_orders)::bigint as unsold_orders,
    sum(s.refunds)::bigint as refunds, sum(s.refunded_amount)::bigint as refunded_amount, 0::bigint as quantity`;
}

async function readRows(sql: Queries, query: SalesQuery, period: Period, currency: string): Promise<readonly Row[]> {
  const { from, to, beforeFrom } = period;
  if (query.by === 'offer' || query.by === 'business') {
    const table = query.by === 'offer' ? sql`sales_offers s` : sql`sales_businesses s`;
    return sql<Row[]>`
      select ${query.by === 'offer' ? sql`s.offer_id` : sql`s.business`} as key, s.day < ${from} as is_before, 0::bigint as orders, sum(s.amount)::bigint as amount, 0::bigint as free_orders, 0::bigint as unsold_orders,
        sum(s.refunded_quantity)::bigint as refunds, sum(s.refunded_amount)::bigint as refunded_amount, sum(s.quantity)::bigint as quantity
      from ${table} where s.day >= ${beforeFrom} and s.day <= ${to} and s.currency = ${currency} ${ofKiosks(sql, query)} group by key, is_before`;
  }
  // Counted from the beginning of its period: the same place in both is compared.
  if (query.by === 'hour' || query.by === 'hour_of_day') {
    const since = sql`s.local_hour - case when s.local_hour < ${from * 24} then ${beforeFrom * 24}::bigint else ${from * 24}::bigint end`;
    return sql<Row[]>`
      select ${query.by === 'hour' ? since : sql`s.local_hour % 24`} as key, s.local_hour < ${from * 24} as is_before, ${orderSums(sql)}
      from sales_hours s where s.local_hour >= ${beforeFrom * 24} and s.local_hour < ${(to + 1) * 24} and s.currency = ${currency} ${ofKiosks(sql, query)} group by 1, 2`;
  }
  const since = sql`s.day - case when s.day < ${from} then ${beforeFrom}::bigint else ${from}::bigint end`;
  return sql<Row[]>`
    select ${query.by === 'kiosk' ? sql`s.kiosk_id` : query.by === 'day' ? since : sql`(${since}) / 7`} as key, s.day < ${from} as is_before, ${orderSums(sql)}
    from sales_days s where s.day >= ${beforeFrom} and s.day <= ${to} and s.currency = ${currency} ${ofKiosks(sql, query)} group by 1, 2`;
}

function figuresOf(row: Row | undefined): SalesFigures {
  if (!row) return nothingSold;
  return {
    orders: row.orders, amount: row.amount, freeOrders: row.free_orders, unsoldOrders: row.unsold_orders, refunds: row.refunds, refundedAmount: row.refunded_amount, quantity: row.quantity,
  };
}

/** In the order of time, without a gap; what is no time by its amount, the most first. */
async function shapeRows(sql: Queries, { by }: SalesQuery, { from, to }: Period, rows: readonly Row[]): Promise<SalesReport['rows']> {
  const byKey = Map.groupBy(rows, ({ key }) => String(key));
  const shape = (key: string, label: string, name: Bilingual | null) => ({
    key: label, name, now: figuresOf(byKey.get(key)?.find(({ is_before }) => !is_before)), before: figuresOf(byKey.get(key)?.find(({ is_before }) => is_before)),
  });
  const days = to - from + 1;
  const list = (count: number, label: (place: number) => string) => Array.from({ length: count }, (_, place) => shape(String(place), label(place), null));
  switch (by) {
    case 'hour': return list(days * 24, (hour) => `${dayText(from + Math.floor(hour / 24))}T${String(hour % 24).padStart(2, '0')}`);
    case 'hour_of_day': return list(24, (hour) => String(hour).padStart(2, '0'));
    case 'day': return list(days, (day) => dayText(from + day));
    case 'week': return list(Math.ceil(days / 7), (week) => dayText(from + week * 7));
    case 'kiosk': {
      const names = await readNames(sql, [...byKey.keys()]);
      return [...byKey.keys()].map((key) => shape(key, key, { zh: names.get(key) ?? key, en: names.get(key) ?? key })).toSorted(mostFirst);
    }
    case 'offer': {
      const names = await readOfferNames(sql, [...byKey.keys()], to);
      return [...byKey.keys()].map((key) => shape(key, key, names.get(key) ?? null)).toSorted(mostFirst);
    }
    case 'business': return [...byKey.keys()].map((key) => shape(key, key, null)).toSorted(mostFirst);
  }
}

/** As they were called last: in the fortnight before the period's end, and only for those that were not sold then, before. */
async function readOfferNames(sql: Queries, offerIds: readonly string[], to: number): Promise<ReadonlyMap<string, Bilingual>> {
  const names = new Map<string, Bilingual>();
  for (const [after, until] of [[to - 14, to], [-1, to - 14]] as const) {
    const missing = offerIds.filter((offerId) => !names.has(offerId));
    if (missing.length === 0) break;
    const rows = await sql<{ offer_id: string; name_zh: string; name_en: string }[]>`
      select s.offer_id, max(s.name_zh collate "C") as name_zh, max(s.name_en collate "C") as name_en from sales_offers s
      where s.day > ${after} and s.day <= ${until} and s.offer_id in ${sql(missing)} group by s.offer_id`;
    for (const { offer_id: offerId, name_zh: zh, name_en: en } of rows) names.set(offerId, { zh, en });
  }
  return names;
}

function mostFirst(left: SalesReport['rows'][number], right: SalesReport['rows'][number]): number {
  return right.now.amount - left.now.amount || right.now.quantity - left.now.quantity || right.before.amount - left.before.amount || (left.key < right.key ? -1 : 1);
}
