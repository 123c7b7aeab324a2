import { createHash, randomBytes } from 'node:crypto';
import type { KioskId } from '../../domain/ids.ts';
import type { Queries } from './database.ts';

/** HQ keeps only the hash: who reads the database cannot send as a kiosk. A token is random, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** 256 random bits, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Makes a kiosk known by this token, or gives the known one this token and name. */
export async function ensureKiosk(sql: Queries, kioskId: KioskId, name: string, token: string, now: number): Promise<void> {
  await sql`
    insert into kiosks (kiosk_id, name, token_hash, created_at) values (${kioskId}, ${name}, ${hashToken(token)}, ${now})
    on conflict (kiosk_id) do update set name = excluded.name, token_hash = excluded.token_hash`;
}

/** Which kiosk a token is, if any. Found by its hash, so that comparing takes no time that tells something. */
export async function kioskOfToken(sql: Queries, token: string): Promise<KioskId | undefined> {
  const [row] = await sql<{ kiosk_id: KioskId }[]>`select kiosk_id from kiosks where token_hash = ${hashToken(token)}`;
  return row?.kiosk_id;
}

/** Written at most every five seconds and kiosk: a pump that drains a backlog calls far more often. */
export async function noteContact(sql: Queries, kioskId: KioskId, now: number): Promise<void> {
  await sql`
    insert into kiosk_contacts (kiosk_id, last_seen_at) values (${kioskId}, ${now})
    on conflict (kiosk_id) do update set last_seen_at = excluded.last_seen_at
    where kiosk_contacts.last_seen_at < ${now - 5000}`;
}
