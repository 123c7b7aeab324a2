import { createHash, randomInt, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Queries, Sql } from '../database.ts';
import type { Seal } from '../staff/seal.ts';

const issuer = 'Counter 24 HQ';
const stepMs = 30_000;
const totpOf = (secret: string, label: string) => new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: stepMs / 1000, secret: Secret.fromBase32(secret) });

/** 160 bits, as RFC 4226, 4 recommends, in base32; and the address that apps read from a QR code. */
export function makeTotp(label: string): { readonly secret: string; readonly uri: string } {
  const secret = new Secret({ buffer: Uint8Array.from(randomBytes(20)).buffer }).base32;
  return { secret, uri: totpOf(secret, label).toString() };
}

/**
 * The step that a code is of: this one, the one before or the next, as clocks differ (RFC 6238, 5.2).
 * @returns undefined where it is of none of them
 */
export function stepOfCode(secret: string, code: string, now: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / stepMs) + delta;
}

/** Secrets rest sealed by a key that is not in the database: who has a copy of it has nobody's second factor. */
export function sealTotp(seal: Seal, secret: string, accountId: string): string {
  return seal.seal(secret, `account ${accountId}`);
}

/** Undefined where it was sealed by a key that HQ has lost: then a recovery code is the way in, or a new link. */
export function openTotp(seal: Seal, sealed: string, accountId: string): string | undefined {
  try {
    return seal.open(sealed, `account ${accountId}`);
  } catch {
    return undefined;
  }
}

/** Uses up a code of the app, or a recovery code; each is good once, whatever comes at the same moment. */
export async function useCode(sql: Sql, seal: Seal, accountId: string, typed: string, now: number): Promise<'totp' | 'recovery' | 'wrong'> {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  const [account] = await sql<{ totp_secret: string | null }[]>`select totp_secret from accounts where account_id = ${accountId}`;
  const secret = account?.totp_secret ? openTotp(seal, account.totp_secret, accountId) : undefined;
  const step = secret === undefined ? undefined : stepOfCode(secret, code, now);
  if (step !== undefined) {
    const used = await sql`update accounts set totp_last_step = ${step} where account_id = ${accountId} and (totp_last_step is null or totp_last_step < ${step})`;
    return used.count === 1 ? 'totp' : 'wrong';
  }
  const used = await sql`update account_recovery_codes set used_at = ${now} where account_id = ${accountId} and code_hash = ${hashOfCode(accountId, code)} and used_at is null`;
  return used.count === 1 ? 'recovery' : 'wrong';
}

/** Without what is mistaken for one another when read off paper. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ';
const codes = 10;

/** Ten new ones in place of any before. Shown once: HQ keeps hashes. */
export async function makeRecoveryCodes(sql: Queries, accountId: string): Promise<readonly string[]> {
  const made = Array.from({ length: codes }, () => Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join(''));
  await sql`delete from account_recovery_codes where account_id = ${accountId}`;
  for (const code of made) await sql`insert into account_recovery_codes (account_id, code_hash) values (${accountId}, ${hashOfCode(accountId, code)})`;
  return made.map((code) => `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`);
}

/** 29^12 are 58 random bits, and tries are throttled; the account beside it, so that one table does not serve for all. */
function hashOfCode(accountId: string, code: string): Buffer {
  return createHash('sha256').update(`${accountId}:${code}`).digest();
}
