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

interface KeyRow { readonly fingerprint: string; readonly state: KeyState; readonly approved_at: number | null }

export type Reinstated = { readonly was: 'cloned' } | { readonly was: 'revoked'; readonly fingerprint: string };

/** Approves the key that waits, in place of the one before, which is revoked. @param prefix of its fingerprint, needed where several wait */
export async function approve(sql: Sql, kioskId: KioskId, prefix: string, now: number): Promise<Result<{ readonly fingerprint: string }, DecisionError>> {
  return sql.begin(async (transaction): Promise<Result<{ readonly fingerprint: string }, DecisionError>> => {
    const rows = await transaction<KeyRow[]>`select fingerprint, state, approved_at from kiosk_keys where kiosk_id = ${kioskId} order by enrolled_at for update`;
    if (rows.length === 0) return err({ kind: 'unknown' });
    const waiting = rows.filter(({ state, fingerprint }) => state === 'waiting' && fingerprint.startsWith(prefix));
    const [only] = waiting;
    if (!only) return err({ kind: 'none_waiting' });
    if (waiting.length > 1) return err({ kind: 'several', fingerprints: waiting.map(({ fingerprint }) => fingerprint) });
    await approveKey(transaction, kioskId, only.fingerprint, now);
    return ok({ fingerprint: only.fingerprint });
  });
}

export interface Revoked {
  /** How many keys. */
  readonly revoked: number;
  /** There was a code with which another key could have been enrolled. */
  readonly isCodeVoid: boolean;
}

/** Revokes every key of a kiosk that is approved or waits, and ends its session. Holds from the kiosk's next request on. */
export async function revoke(sql: Sql, kioskId: KioskId, now: number): Promise<Result<Revoked, DecisionError>> {
  return sql.begin(async (transaction): Promise<Result<Revoked, DecisionError>> => {
    const rows = await transaction`update kiosk_keys set state = 'revoked', revoked_at = ${now} where kiosk_id = ${kioskId} and state <> 'revoked' returning fingerprint`;
    // A code that is still good would let the same person in again.
    const codes = await transaction<{ isGood: boolean }[]>`delete from enrolment_codes where kiosk_id = ${kioskId} returning fingerprint is null and expires_at > ${now} as "isGood"`;
    const isCodeVoid = codes.some(({ isGood }) => isGood);
    await endSessions(transaction, kioskId, now);
    return rows.length > 0 || isCodeVoid ? ok({ revoked: rows.length, isCodeVoid }) : err({ kind: 'unknown' });
  });
}

/**
 * Takes a kiosk back: ends its flag as cloned, after one of the machines was switched off; or, where it has no approved key, approves the one that
 * was approved last. A key that nobody ever approved (a stranger's, who had a code) is taken only where it is named.
 * @param prefix of the fingerprint of the key; empty where none is named
 */
export async function reinstate(sql: Sql, kioskId: KioskId, prefix: string, now: number): Promise<Result<Reinstated, DecisionError>> {
  return sql.begin(async (transaction): Promise<Result<Reinstated, DecisionError>> => {
    const cleared = await transaction`update kiosks set cloned_at = null where kiosk_id = ${kioskId} and cloned_at is not null returning kiosk_id`;
    if (cleared.length > 0) {
      await endSessions(transaction, kioskId, now);
      await settleAlarms(transaction, kioskId, 'cloned', now);
      return ok({ was: 'cloned' });
    }
    const rows = await transaction<KeyRow[]>`
      select fingerprint, state, approved_at from kiosk_keys where kiosk_id = ${kioskId} order by approved_at desc nulls last, enrolled_at desc for update`;
    if (rows.length === 0) return err({ kind: 'unknown' });
    const meant = rows.filter(({ state, fingerprint, approved_at }) => state === 'revoked' && (prefix === '' ? approved_at !== null : fingerprint.startsWith(prefix)));
    const [newest] = meant;
    if (!newest || rows.some(({ state }) => state === 'approved')) return err({ kind: 'nothing_to_undo' });
    if (prefix !== '' && meant.length > 1) return err({ kind: 'several', fingerprints: meant.map(({ fingerprint }) => fingerprint) });
    await approveKey(transaction, kioskId, newest.fingerprint, now);
    return ok({ was: 'revoked', fingerprint: newest.fingerprint });
  });
}
