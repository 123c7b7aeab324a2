import type { StaffRole } from '../../../domain/staff/role.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import type { Seal } from './seal.ts';
import { hashPin, isTotpCode, makeRecoveryCodes, makeToken, makeTotpSecret, pinFault, sha256, totpUri } from './secrets.ts';

const linkValidMs = 48 * 3_600_000;
/** Of one link: after that a person makes another. */
const mostTries = 10;

/**
 * Makes the one link by which a member sets PIN and time-based code, in place of any before; what they have stays good until it is used. The secret is in no
 * answer but that of the link: who made it does not see it, and HQ keeps it sealed.
 */
export async function makeLink(sql: Sql, seal: Seal, number: string, now: number): Promise<{ readonly token: string; readonly until: number }> {
  const { token, hash } = makeToken();
  const until = now + linkValidMs;
  await sql.begin(async (transaction) => {
    const [known] = await transaction`select 1 from staff_members where number = ${number} and ended_at is null for update`;
    if (!known) throw new ApiRefusal('HQ_NOT_FOUND', `nobody has the number ${number}`);
    await transaction`
      insert into staff_enrolments (number, token_hash, totp_sealed, expires_at, tries) values (${number}, ${hash}, ${seal.seal(makeTotpSecret(), number)}, ${until}, 0)
      on conflict (number) do update set token_hash = excluded.token_hash, totp_sealed = excluded.totp_sealed, expires_at = excluded.expires_at, tries = 0`;
  });
  return { token, until };
}

interface LinkRow { readonly number: string; readonly name: string; readonly role: StaffRole; readonly totp_sealed: string; readonly expires_at: number }

export interface OpenedLink {
  readonly number: string;
  readonly name: string;
  readonly role: StaffRole;
  readonly until: number;
  readonly uri: string;
  readonly secret: string;
}

export async function openLink(sql: Sql, seal: Seal, token: string, now: number): Promise<OpenedLink> {
  const [row] = await sql<LinkRow[]>`
    select m.number, m.name, m.role, e.totp_sealed, e.expires_at from staff_enrolments e join staff_members m on m.number = e.number
    where e.token_hash = ${sha256(token)} and e.expires_at > ${now} and e.tries < ${mostTries} and m.ended_at is null`;
  if (!row) throw linkGone();
  const secret = opened(seal, row);
  return { number: row.number, name: row.name, role: row.role, until: row.expires_at, secret, uri: totpUri(secret, row.number) };
}

/** A link that was made before HQ lost its key is none any more. */
function opened(seal: Seal, { totp_sealed, number }: Pick<LinkRow, 'totp_sealed' | 'number'>): string {
  try {
    return seal.open(totp_sealed, number);
  } catch {
    throw linkGone();
  }
}

/**
 * Sets PIN, secret and recovery codes, and ends the link: whole or not at all. Refused in words that name the field: the PIN is too short or what everybody tries
 * first, the code is not the one that the app shows. @returns the recovery codes, for the only time
 */
export async function finishLink(sql: Sql, seal: Seal, { token, pin, code, now }: { token: string; pin: string; code: string; now: number }): Promise<{ readonly number: string; readonly codes: readonly string[] }> {
  const { number, secret } = await openLink(sql, seal, token, now);
  const fault = pinFault(pin, number);
  if (fault) throw new ApiRefusal('HQ_INVALID', fault === 'length' ? 'a PIN has 6 to 12 digits' : 'this PIN is one of those that are tried first', { field: 'pin', kind: fault });
  const tokenHash = sha256(token);
  // Counted before it is looked at: tries at one moment are tries.
  const counted = await sql`update staff_enrolments set tries = tries + 1 where token_hash = ${tokenHash} and tries < ${mostTries} returning 1 as one`;
  if (counted.length === 0) throw linkGone();
  if (!isTotpCode(secret, code, now)) throw new ApiRefusal('HQ_INVALID', 'this is not the code that the app shows now', { field: 'code' });
  const pinHash = await hashPin(pin);
  const { codes, hashes } = makeRecoveryCodes();
  await sql.begin(async (transaction) => {
    const used = await transaction`delete from staff_enrolments where token_hash = ${tokenHash} and number = ${number} returning 1 as one`;
    if (used.length === 0) throw linkGone();
    await transaction`
      update staff_members set pin_hash = ${pinHash}, totp_sealed = ${seal.seal(secret, number)}, recovery_hashes = ${transaction.json([...hashes])}, changed_at = ${now}, changed_by = ${`staff ${number}`}
      where number = ${number} and ended_at is null`;
  });
  return { number, codes };
}

function linkGone(): ApiRefusal {
  return new ApiRefusal('HQ_NOT_FOUND', 'this link is used up, has run out, or never was one');
}
