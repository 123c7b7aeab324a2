import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import type { Sql, Transaction } from '../database.ts';
import { ensureKiosk } from './kiosks.ts';
import type { KeyState } from './kiosk-keys.ts';
import type { PublicKey } from './keys.ts';
import { endSessions } from './sessions.ts';

/** Without what is mistaken for one another when read aloud or off a screen: 0 O, 1 I L, U V. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const codeLength = 8;
/** Of one code; after that a person makes another. With 29^8 codes, guessing is hopeless long before. */
const maxGuesses = 10;

/** Development's own code (HQ_DEV_KIOSK): good again and again, approved at once. */
export interface DevKiosk {
  readonly kioskId: KioskId;
  readonly code: string;
}

/** Makes the one code with which a key of this kiosk may be enrolled, in place of any before. It is shown once: HQ keeps a hash. */
export async function makeCode(sql: Sql, kioskId: KioskId, name: string | undefined, now: number, validMs: number): Promise<{ readonly code: string; readonly expiresAt: number }> {
  const letters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  const salt = randomBytes(16);
  const expiresAt = now + validMs;
  await sql.begin(async (transaction) => {
    const [known] = await transaction<{ name: string }[]>`select name from kiosks where kiosk_id = ${kioskId}`;
    await ensureKiosk(transaction, kioskId, name ?? known?.name ?? kioskId, now);
    await transaction`
      insert into enrolment_codes (kiosk_id, salt, code_hash, expires_at) values (${kioskId}, ${salt}, ${hashCode(salt, letters)}, ${expiresAt})
      on conflict (kiosk_id) do update set salt = excluded.salt, code_hash = excluded.code_hash, expires_at = excluded.expires_at, guesses = 0, fingerprint = null`;
  });
  return { code: `${letters.slice(0, 4)}-${letters.slice(4)}`, expiresAt };
}

export type Enrolment = { readonly kind: 'known'; readonly state: Exclude<KeyState, 'revoked'> } | { readonly kind: 'revoked' } | { readonly kind: 'code_wrong' };

export interface EnrolmentRequest {
  readonly kioskId: KioskId;
  readonly code: string;
  readonly key: PublicKey;
  readonly app: string;
}

/**
 * How a key stands that HQ knows already, or that development's code makes known: its signature says who asks, and no code is looked at. Undefined: it is
 * a new one, for `enrol`.
 */
export async function enrolKnown(sql: Sql, { kioskId, code, key, app }: EnrolmentRequest, now: number, devKiosk: DevKiosk | undefined): Promise<Exclude<Enrolment, { kind: 'code_wrong' }> | undefined> {
  if (devKiosk?.kioskId === kioskId && isSameText(devKiosk.code, code)) {
    await sql.begin(async (transaction) => {
      await insertKey(transaction, kioskId, key, app, now);
      await approveKey(transaction, kioskId, key.fingerprint, now);
    });
    return { kind: 'known', state: 'approved' };
  }
  const [known] = await sql<{ state: KeyState }[]>`select state from kiosk_keys where kiosk_id = ${kioskId} and fingerprint = ${key.fingerprint}`;
  return known && standing(known.state);
}

function standing(state: KeyState): Exclude<Enrolment, { kind: 'code_wrong' }> {
  return state === 'revoked' ? { kind: 'revoked' } : { kind: 'known', state };
}

/** Takes a key for a kiosk, by a code that was made for it. */
export async function enrol(sql: Sql, { kioskId, code, key, app }: EnrolmentRequest, now: number): Promise<Enrolment> {
  return sql.begin(async (transaction): Promise<Enrolment> => {
    // Locked first: of two that ask at once, the second sees what the first has done.
    const [row] = await transaction<{ salt: Buffer; code_hash: Buffer; expires_at: number; guesses: number; fingerprint: string | null }[]>`
      select salt, code_hash, expires_at, guesses, fingerprint from enrolment_codes where kiosk_id = ${kioskId} for update`;
    const [known] = await transaction<{ state: KeyState }[]>`select state from kiosk_keys where kiosk_id = ${kioskId} and fingerprint = ${key.fingerprint}`;
    if (known) return standing(known.state);
    // The same work and the same answer, whatever is wrong.
    const isRight = timingSafeEqual(hashCode(row?.salt ?? Buffer.alloc(16), code), row?.code_hash ?? Buffer.alloc(32));
    if (!row || !isRight || row.fingerprint !== null || row.expires_at <= now || row.guesses >= maxGuesses) {
      if (row && !isRight) await transaction`update enrolment_codes set guesses = guesses + 1 where kiosk_id = ${kioskId}`;
      return { kind: 'code_wrong' };
    }
    await insertKey(transaction, kioskId, key, app, now);
    await transaction`update enrolment_codes set fingerprint = ${key.fingerprint} where kiosk_id = ${kioskId}`;
    return { kind: 'known', state: 'waiting' };
  });
}

/** Approves one key in place of the one before, whose sessions end. */
export async function approveKey(sql: Transaction, kioskId: KioskId, fingerprint: string, now: number): Promise<void> {
  const replaced = await sql`update kiosk_keys set state = 'revoked', revoked_at = ${now} where kiosk_id = ${kioskId} and state = 'approved' and fingerprint <> ${fingerprint} returning fingerprint`;
  if (replaced.length > 0) await endSessions(sql, kioskId, now);
  await sql`update kiosk_keys set state = 'approved', approved_at = ${now} where kiosk_id = ${kioskId} and fingerprint = ${fingerprint} and state <> 'approved'`;
}

async function insertKey(sql: Transaction, kioskId: KioskId, { fingerprint, spki }: PublicKey, app: string, now: number): Promise<void> {
  await sql`
    insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at) values (${kioskId}, ${fingerprint}, ${spki}, 'waiting', ${app}, ${now})
    on conflict (kiosk_id, fingerprint) do nothing`;
}

/** However it was typed: small letters, with or without the hyphen. */
function hashCode(salt: Buffer, code: string): Buffer {
  return createHash('sha256').update(salt).update(code.toUpperCase().replace(/[^A-Z0-9]/g, ''), 'utf8').digest();
}

function isSameText(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(hash(left), hash(right));
}
