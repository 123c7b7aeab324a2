import type { Person } from '../../contract/api/people.ts';
import type { AccountRole } from '../../contract/api/permissions.ts';
import type { Queries, Sql } from '../database.ts';
import { accountById } from './accounts.ts';
import { endInvitations } from './invitations.ts';
import type { Sessions } from './sessions.ts';

export async function listPeople(sql: Queries, now: number, idleMs: number, accountId?: string): Promise<readonly Person[]> {
  const rows = await sql<PersonRow[]>`
    select a.account_id, a.name, a.full_name, a.role, a.state, a.is_development, a.totp_secret is not null as has_totp, a.version, a.created_at, a.created_by, a.last_signed_in_at,
      (select count(*) from passkeys p where p.account_id = a.account_id) as passkeys,
      (select count(*) from account_sessions s where s.account_id = a.account_id and s.ended_at is null and s.expires_at > ${now} and s.last_seen_at > ${now - idleMs}) as sessions,
      (select max(i.expires_at) from account_invitations i where i.account_id = a.account_id and i.ended_at is null and i.expires_at > ${now}) as invited_until
    from accounts a ${accountId === undefined ? sql`` : sql`where a.account_id = ${accountId}`} order by (a.state = 'ended'), a.name limit 2000`;
  return rows.map((row) => ({
    accountId: row.account_id, name: row.name, fullName: row.full_name, role: row.role, state: row.state, isDevelopment: row.is_development, hasTotp: row.has_totp, passkeys: row.passkeys, sessions: row.sessions,
    lastSignedInAt: row.last_signed_in_at, createdAt: row.created_at, createdBy: row.created_by, invitedUntil: row.invited_until, version: row.version,
  }));
}

export interface PersonChange {
  readonly fullName?: string | undefined;
  readonly role?: AccountRole | undefined;
  readonly isEnded?: boolean | undefined;
}
export type ChangeOutcome = { readonly kind: 'done'; readonly words: string } | { readonly kind: 'not_found' | 'changed' | 'last_administrator' | 'development' };

/** `version`: undefined takes whatever there is (the command line). */
export async function changePerson(sql: Sql, sessions: Sessions, accountId: string, version: number | undefined, { fullName, role, isEnded }: PersonChange, now: number): Promise<ChangeOutcome> {
  return sql.begin(async (transaction): Promise<ChangeOutcome> => {
    // All of them, in one order: of two who take away each other's role at one moment one finds itself the last.
    const administrators = await transaction<{ account_id: string }[]>`
      select account_id from accounts where role = 'administrator' and state = 'active' and not is_development order by account_id for update`;
    await transaction`select 1 from accounts where account_id = ${accountId} for update`;
    const before = await accountById(transaction, accountId);
    if (!before) return { kind: 'not_found' };
    if (before.is_development) return { kind: 'development' };
    if (version !== undefined && before.version !== version) return { kind: 'changed' };
    const isAdministrator = administrators.some(({ account_id }) => account_id === accountId);
    const staysOne = (role ?? before.role) === 'administrator' && isEnded !== true;
    if (isAdministrator && !staysOne && administrators.length === 1) return { kind: 'last_administrator' };
    const state = isEnded === undefined ? before.state : isEnded ? 'ended' : before.state !== 'ended' ? before.state : before.password_hash === null ? 'invited' : 'active';
    await transaction`update accounts set full_name = ${fullName ?? before.full_name}, role = ${role ?? before.role}, state = ${state}, version = version + 1 where account_id = ${accountId}`;
    if (role !== undefined && role !== before.role) await sessions.end(transaction, { accountId, why: 'another role' });
    if (isEnded) {
      await sessions.end(transaction, { accountId, why: 'account ended' });
      await endInvitations(transaction, accountId, now);
    }
    const words = [
      before.name, ...(role !== undefined && role !== before.role ? [`role ${before.role} to ${role}`] : []), ...(state === before.state ? [] : [`${before.state} to ${state}`]),
      ...(fullName !== undefined && fullName !== before.full_name ? ['full name'] : []),
    ];
    return { kind: 'done', words: words.join(', ') };
  });
}

interface PersonRow {
  readonly account_id: string;
  readonly name: string;
  readonly full_name: string;
  readonly role: AccountRole;
  readonly state: Person['state'];
  readonly is_development: boolean;
  readonly has_totp: boolean;
  readonly version: number;
  readonly created_at: number;
  readonly created_by: string;
  readonly last_signed_in_at: number | null;
  readonly passkeys: number;
  readonly sessions: number;
  readonly invited_until: number | null;
}
