import type { Queries } from '../database.ts';

/** Where no shop has said its own yet. */
const usualTimeZone = 'Asia/Shanghai';

/**
 * The shops' today, "2026-11-23": by the time zone that the published configuration gives shops, or by that of the newest order. Kiosks in several zones differ by
 * hours at midnight alone; each of them blocks what has expired by its own clock.
 */
export async function readShopDay(sql: Queries, now: number): Promise<string> {
  const [row] = await sql<{ zone: string | null }[]>`
    select coalesce(
      (select text::jsonb -> 'shop' ->> 'timeZone' from documents where kind = 'config' and scope = 'all' and withdrawn_at is null order by revision desc limit 1),
      (select shop ->> 'timeZone' from orders order by occurred_at desc limit 1)
    ) as zone`;
  return dayIn(row?.zone ?? usualTimeZone, now);
}

/** "2026-11-23"; by the usual zone where there is no such one. */
export function dayIn(timeZone: string, at: number): string {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  } catch {
    return dayIn(usualTimeZone, at);
  }
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** @param day "2026-11-23"; so many days after it, or before it where negative */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
