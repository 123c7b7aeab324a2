import type { Sql } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';

/** Ended mails and alerts stay for people to look at. */
const mailsKeptMs = 7 * 86_400_000;
const alertsKeptMs = 400 * 86_400_000;

/** A job of each hour: lets go of what ended long ago. Answers how many rows. */
export async function tidyAlerts(sql: Sql, now: number): Promise<number> {
  const [mails, alerts] = [now - mailsKeptMs, now - alertsKeptMs];
  const ofMails = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from alert_mails where state <> 'due' and ended_at < ${mails}`;
  const ofAlerts = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from alarms where settled_at < ${alerts}`;
  return eachKiosk([...new Set([...ofMails, ...ofAlerts].map(({ kiosk_id }) => kiosk_id))], async (kioskId) => {
    const removedMails = await sql`delete from alert_mails where kiosk_id = ${kioskId} and state <> 'due' and ended_at < ${mails} returning 1 as one`;
    const removedAlerts = await sql`delete from alarms where kiosk_id = ${kioskId} and settled_at < ${alerts} returning 1 as one`;
    return removedMails.length + removedAlerts.length;
  });
}
