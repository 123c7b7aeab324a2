import type { KioskId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Sql } from '../database.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { approveKey } from './enrolment.ts';
import type { KeyState } from './kiosk-keys.ts';
import { endSessions } from './sessions.ts';

/** What a person decides about a kiosk's identity. */
export type DecisionError =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none_waiting' }
  | { readonly kind: 'nothing_to_undo' }
  /** Their fingerprints: one must be named. */
  | { readonly kind: 'several'; readonly fingerprints: readonly string[] };

interface KeyRow { readonly fingerprint: string; readonly state: KeyState }

/** Approves the key that waits, in place of the one before, which is revoked. @param prefix of its fingerprint, needed where several wait */
export async function approve(sql: Sql, kioskId: KioskId, prefix: string, now: number): Promise<Result<{ readonly fingerprint: string }, DecisionError>> {
  return sql.begin(async (transaction): Promise<Result<{ readonly fingerprint: string }, DecisionError>> => {
    const rows = await transaction<KeyRow[]>`select fingerprint, state from kiosk_keys where kiosk_id = ${kioskId} order by enrolled_at for update`;
    if (rows.length === 0) return err({ kind: 'unknown' });
    const waiting = rows.filter(({ state, fingerprint }) => state === 'waiting' && fingerprint.startsWith(prefix));
    const [only] = waiting;
    if (!only) return err({ kind: 'none_waiting' });
    if (waiting.length > 1) return err({ kind: 'several', fingerprints: waiting.map(({ fingerprint }) => fingerprint) });
    await approveKey(transaction, kioskId, only.fingerprint, now);
    return ok({ fingerprint: only.fingerprint });
  });
}

/** Revokes every key of a kiosk that is approved or waits, and ends its session. Holds from the kiosk's next request on. */
export async function revoke(sql: Sql, kioskId: KioskId, now: number): Promise<Result<{ readonly revoked: number }, DecisionError>> {
  return sql.begin(async (transaction): Promise<Result<{ readonly revoked: number }, DecisionError>> => {
    const rows = await transaction`update kiosk_keys set state = 'revoked', revoked_at = ${now} where kiosk_id = ${kioskId} and state <> 'revoked' returning fingerprint`;
    // A code that is still good would let the same person in again.
    await transaction`delete from enrolment_codes where kiosk_id = ${kioskId}`;
    await endSessions(transaction, kioskId, now);
    return rows.length > 0 ? ok({ revoked: rows.length }) : err({ kind: 'unknown' });
  });
}

/**
 * Takes a kiosk back: ends its flag as cloned, after one of the machines was switched off; or, where it has no approved key, approves the one that
 * was revoked last. @param prefix of the fingerprint of the key
 */
export async function reinstate(sql: Sql, kioskId: KioskId, prefix: string, now: number): Promise<Result<{ readonly was: 'cloned' | 'revoked' }, DecisionError>> {
  return sql.begin(async (transaction): Promise<Result<{ readonly was: 'cloned' | 'revoked' }, DecisionError>> => {
    const cleared = await transaction`update kiosks set cloned_at = null where kiosk_id = ${kioskId} and cloned_at is not null returning kiosk_id`;
    if (cleared.length > 0) {
      await endSessions(transaction, kioskId, now);
      await settleAlarms(transaction, kioskId, 'cloned', now);
      return ok({ was: 'cloned' });
    }
    const rows = await transaction<KeyRow[]>`
      select fingerprint, state from kiosk_keys where kiosk_id = ${kioskId} order by revoked_at desc nulls last, enrolled_at desc for update`;
    if (rows.length === 0) return err({ kind: 'unknown' });
    const revoked = rows.find(({ state, fingerprint }) => state === 'revoked' && fingerprint.startsWith(prefix));
    if (!revoked || rows.some(({ state }) => state === 'approved')) return err({ kind: 'nothing_to_undo' });
    await approveKey(transaction, kioskId, revoked.fingerprint, now);
    return ok({ was: 'revoked' });
  });
}
