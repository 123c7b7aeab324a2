import type { Sql } from '../database.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';

/** Ended ones stay for people to look at. */
const keptMs = 7 * 86_400_000;

/** A job of each hour: ends what is due to an endpoint that is gone, and lets go of what ended long ago. Answers how many rows. */
export async function tidyDeliveries(sql: Sql, now: number): Promise<number> {
  const gone = await sql<{ kiosk_id: string; webhook_id: string }[]>`
    select distinct kiosk_id, webhook_id from webhook_deliveries
    where state = 'due' and webhook_id not in (select webhook_id from webhooks where disabled_at is null)`;
  const byKiosk = Map.groupBy(gone, (row) => row.kiosk_id);
  const old = await sql<{ kiosk_id: string }[]>`select distinct kiosk_id from webhook_deliveries where state <> 'due' and ended_at < ${now - keptMs}`;
  return eachKiosk([...new Set([...byKiosk.keys(), ...old.map((row) => row.kiosk_id)])], async (kioskId) => {
    const webhooks = (byKiosk.get(kioskId) ?? []).map((row) => row.webhook_id);
    // One that was made again by hand meanwhile keeps what is due to it.
    const ended = webhooks.length === 0 ? [] : await sql`
      update webhook_deliveries set state = 'dead', ended_at = ${now}, error = 'the webhook was ended'
      where kiosk_id = ${kioskId} and state = 'due' and webhook_id in ${sql(webhooks)}
        and webhook_id not in (select webhook_id from webhooks where disabled_at is null)
      returning 1 as one`;
    const removed = await sql`delete from webhook_deliveries where kiosk_id = ${kioskId} and state <> 'due' and ended_at < ${now - keptMs} returning 1 as one`;
    return ended.length + removed.length;
  });
}
