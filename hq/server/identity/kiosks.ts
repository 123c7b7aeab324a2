import type { KioskId } from '../../../domain/ids.ts';
import type { Queries } from '../database.ts';

/** Makes a kiosk known by its name, or renames the known one. Who may send as it is decided by its key (identity/). */
export async function ensureKiosk(sql: Queries, kioskId: KioskId, name: string, now: number): Promise<void> {
  await sql`
    insert into kiosks (kiosk_id, name, created_at) values (${kioskId}, ${name}, ${now})
    on conflict (kiosk_id) do update set name = excluded.name, version = kiosks.version + 1, changed_at = ${now}, changed_by = null where kiosks.name <> excluded.name`;
}

/** Written at most every five seconds and kiosk: a pump that drains a backlog calls far more often. */
export async function noteContact(sql: Queries, kioskId: KioskId, now: number): Promise<void> {
  await sql`
    insert into kiosk_contacts (kiosk_id, last_seen_at) values (${kioskId}, ${now})
    on conflict (kiosk_id) do update set last_seen_at = excluded.last_seen_at
    where kiosk_contacts.last_seen_at < ${now - 5000}`;
}
