import type { Sql } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';
import { chinaDay } from '../wallets/adapter/china-time.ts';

/** A year's books can be looked at and exported in the year after it, as the comparisons of all books can. */
export const settlementKeptMs = 400 * 86_400_000;

/**
 * A job of each day: lets go of differences that ended long ago, and of the lines of days so old of which no difference is left. What is open stays, and so does its day's
 * whole book. That a book was here is kept: it is not fetched again. Answers how many rows.
 */
export async function tidySettlement(sql: Sql, at: number): Promise<number> {
  const endedBefore = at - settlementKeptMs;
  const dayBefore = chinaDay(endedBefore);
  const ofDifferences = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from settlement_differences where day < ${dayBefore} and ended_at < ${endedBefore}`;
  let removed = await eachKiosk(ofDifferences.map(({ kiosk_id }) => kiosk_id), async (kioskId) => {
    const { count } = await sql`delete from settlement_differences where kiosk_id = ${kioskId} and day < ${dayBefore} and ended_at < ${endedBefore}`;
    return count;
  });
  const wallets = await sql<{ wallet: string }[]>`select distinct wallet from settlement_books`;
  for (const { wallet } of wallets) {
    const rows = await sql<{ day: string }[]>`select distinct day from settlement_differences where wallet = ${wallet} and day < ${dayBefore}`;
    const keptDays = rows.map(({ day }) => day);
    // First: half a book must not look like one. What is cut off here goes the next time, by the lines themselves.
    await sql`update settlement_books set state = 'gone' where wallet = ${wallet} and day < ${dayBefore} and state = 'taken' and not (day = any(${keptDays}::text[]))`;
    const ofLines = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from settlement_lines where wallet = ${wallet} and day < ${dayBefore} and not (day = any(${keptDays}::text[]))`;
    removed += await eachKiosk(ofLines.map(({ kiosk_id }) => kiosk_id), async (kioskId) => {
      const { count } = await sql`delete from settlement_lines where kiosk_id = ${kioskId} and wallet = ${wallet} and day < ${dayBefore} and not (day = any(${keptDays}::text[]))`;
      return count;
    });
  }
  return removed;
}
