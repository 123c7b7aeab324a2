import type { Sql } from '../database.ts';

/** Ended mails and alerts stay for people to look at. */
const mailsKeptMs = 7 * 86_400_000;
const alertsKeptMs = 400 * 86_400_000;

/** A job of each hour: lets go of what ended long ago. Answers how many rows. */
export async function tidyAlerts(sql: Sql, now: number): Promise<number> {
  const mails = await sql`delete from alert_mails where state <> 'due' and ended_at < ${now - mailsKeptMs} returning 1 as one`;
  const alerts = await sql`delete from alarms where settled_at < ${now - alertsKeptMs} returning 1 as one`;
  return mails.length + alerts.length;
}
