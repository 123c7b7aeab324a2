import type { KioskId } from '../../../domain/ids.ts';
import type { Queries } from '../database.ts';
import type { PublicKey } from './keys.ts';
import { readPublicKey } from './keys.ts';

export type KeyState = 'waiting' | 'approved' | 'revoked';

export interface KioskKey extends PublicKey {
  readonly state: KeyState;
}

/**
 * The keys by which a kiosk may be known, the approved one first, and whether it is held to be cloned. Asked of the database for every
 * request rather than remembered: it is one row by its primary key, HQ's processes keep nothing that could differ, and a revocation holds
 * from the next request on without anybody having to be told.
 */
export async function findKeys(sql: Queries, kioskId: KioskId): Promise<{ readonly keys: readonly KioskKey[]; readonly isCloned: boolean }> {
  const rows = await sql<{ public_key: Buffer; state: KeyState; cloned_at: number | null }[]>`
    select k.public_key, k.state, i.cloned_at from kiosk_keys k join kiosks i on i.kiosk_id = k.kiosk_id
    where k.kiosk_id = ${kioskId} order by (k.state = 'approved') desc, k.enrolled_at desc, k.fingerprint limit 4`;
  const keys = rows.flatMap(({ public_key, state }) => {
    const key = readPublicKey(public_key);
    return key ? [{ ...key, state }] : [];
  });
  return { keys, isCloned: rows.some(({ cloned_at }) => cloned_at !== null) };
}

/** Every key that was ever approved, the one in force first: a day that was closed under an earlier key is checked by that one. */
export async function provenKeys(sql: Queries, kioskId: string): Promise<readonly PublicKey[]> {
  const rows = await sql<{ public_key: Buffer }[]>`
    select public_key from kiosk_keys where kiosk_id = ${kioskId} and approved_at is not null
    order by (state = 'approved') desc, approved_at desc, fingerprint`;
  return rows.flatMap(({ public_key }) => readPublicKey(public_key) ?? []);
}
