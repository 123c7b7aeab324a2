import { randomUUID } from 'node:crypto';
import type { AccountRole } from '../../contract/api/permissions.ts';
import type { Queries, Sql } from '../database.ts';
import type { AccountRow } from './accounts.ts';
import { accountById } from './accounts.ts';
import type { Sessions } from './sessions.ts';
import { hashToken, makeToken } from './tokens.ts';

const validMs = 48 * 3_600_000;

export interface Invitation {
  readonly accountId: string;
  /** Shown once: HQ keeps a hash. */
  readonly token: string;
  readonly expiresAt: number;
}

export interface NewPerson {
  readonly name: string;
  readonly fullName: string;
  readonly role: AccountRole;
}

/** Undefined where the name is taken, also by somebody whose account has ended: the audit names people by it. */
export async function invite(sql: Sql, { name, fullName, role }: NewPerson, by: string, now: number): Promise<Invitation | undefined> {
  return sql.begin(async (transaction) => {
    const accountId = randomUUID();
    const made = await transaction`
      insert into accounts (account_id, name, full_name, role, state, is_development, version, created_at, created_by)
      values (${accountId}, ${name}, ${fullName}, ${role}, 'invited', false, 1, ${now}, ${by}) on conflict (name) do nothing`;
    return made.count === 1 ? makeInvitation(transaction, accountId, by, now) : undefined;
  });
}

/** In place of any before. */
export async function makeInvitation(sql: Queries, accountId: string, by: string, now: number): Promise<Invitation> {
  const token = makeToken();
  const expiresAt = now + validMs;
  await endInvitations(sql, accountId, now);
  await sql`insert into account_invitations (token_hash, account_id, made_by, made_at, expires_at) values (${hashToken(token)}, ${accountId}, ${by}, ${now}, ${expiresAt})`;
  return { accountId, token, expiresAt };
}

export async function endInvitations(sql: Queries, accountId: string, now: number): Promise<void> {
  await sql`update account_invitations set ended_at = ${now} where account_id = ${accountId} and ended_at is null`;
}

/** Whose it is, and until when; undefined where it was taken, replaced, or is too old. */
export async function readInvitation(sql: Queries, token: string, now: number): Promise<{ readonly account: AccountRow; readonly expiresAt: number } | undefined> {
  const [row] = await sql<{ account_id: string; expires_at: number }[]>`select account_id, expires_at from account_invitations where token_hash = ${hashToken(token)} and ended_at is null and expires_at > ${now}`;
  const account = row && (await accountById(sql, row.account_id));
  return row && account && account.state !== 'ended' ? { account, expiresAt: row.expires_at } : undefined;
}

/** Uses it up. What there was before of factors and sessions is gone: whoever needed a new link had lost them, or somebody else had them. */
export async function takeInvitation(sql: Sql, token: string, passwordHash: string, sessions: Sessions, now: number): Promise<AccountRow | undefined> {
  return sql.begin(async (transaction) => {
    const [used] = await transaction<{ account_id: string }[]>`update account_invitations set ended_at = ${now} where token_hash = ${hashToken(token)} and ended_at is null and expires_at > ${now} returning account_id`;
    if (!used) return undefined;
    const changed = await transaction`
      update accounts set state = 'active', password_hash = ${passwordHash}, password_changed_at = ${now}, totp_secret = null, totp_pending = null, totp_last_step = null, version = version + 1
      where account_id = ${used.account_id} and state <> 'ended'`;
    if (changed.count !== 1) return undefined;
    await transaction`delete from passkeys where account_id = ${used.account_id}`;
    await transaction`delete from account_recovery_codes where account_id = ${used.account_id}`;
    await sessions.end(transaction, { accountId: used.account_id, why: 'another password' });
    return accountById(transaction, used.account_id);
  });
}
