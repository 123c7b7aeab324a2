import type { PeriodQuery } from '../../contract/api/reports.ts';
import type { Queries } from '../database.ts';

export const dayMs = 86_400_000;

/** Days by the shop's clock since 1970-01-01, both included, and as many just before them. */
export interface Period { readonly from: number; readonly to: number; readonly beforeFrom: number }

export function periodOf({ from, to }: Pick<PeriodQuery, 'from' | 'to'>): Period {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  return { from: first, to: last, beforeFrom: first - (last - first + 1) };
}

export function dayNumber(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);
}

/** "2026-11-22" */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export function periodTexts({ from, to, beforeFrom }: Period) {
  return { from: dayText(from), to: dayText(to), beforeFrom: dayText(beforeFrom), beforeTo: dayText(from - 1) };
}

/** That a row's `kiosk_id` is one of those that are asked for. */
export function ofKiosks(sql: Queries, { kiosk, group }: Pick<PeriodQuery, 'kiosk' | 'group'>) {
  return sql`
    ${kiosk ? sql`and s.kiosk_id in ${sql(kiosk)}` : sql``}
    ${group === undefined ? sql`` : sql`and s.kiosk_id in (select member.kiosk_id from kiosk_group_members member where member.group_id = ${group})`}`;
}

/** How many days of kiosks wait to be summed. */
export async function readPending(sql: Queries): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*) as count from sales_dirty`;
  return row?.count ?? 0;
}

/** The names of these kiosks. */
export async function readNames(sql: Queries, kioskIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (kioskIds.length === 0) return new Map();
  const rows = await sql<{ kiosk_id: string; name: string }[]>`select kiosk_id, name from kiosks where kiosk_id in ${sql([...new Set(kioskIds)])}`;
  return new Map(rows.map((row) => [row.kiosk_id, row.name]));
}

/** How far each kiosk's shop is ahead of UTC, by its newest order; of one without orders nothing is known, and 0 is taken. */
export async function readOffsets(sql: Queries, query: Pick<PeriodQuery, 'kiosk' | 'group'>): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ kiosk_id: string; utc_offset_ms: number | null }[]>`
    select s.kiosk_id, (select o.utc_offset_ms from orders o where o.kiosk_id = s.kiosk_id order by o.occurred_at desc limit 1) as utc_offset_ms
    from kiosks s where true ${ofKiosks(sql, query)}`;
  return new Map(rows.map((row) => [row.kiosk_id, row.utc_offset_ms ?? 0]));
}

/** The offset of a row `s` by its kiosk. Nearly every fleet is of one zone: then there is one number for all. */
export function offsetOf(sql: Queries, offsets: ReadonlyMap<string, number>) {
  const zones = [...Map.groupBy(offsets, ([, offset]) => offset)];
  return zones.reduce((rest, [ms, kiosks], place) => (place === 0 ? sql`${ms}::bigint` : sql`case when s.kiosk_id in ${sql(kiosks.map(([kioskId]) => kioskId))} then ${ms}::bigint else ${rest} end`), sql`0::bigint`);
}
