import { randomUUID } from 'node:crypto';
import type { AccountRole } from '../../contract/api/permissions.ts';
import type { Queries } from '../database.ts';

export interface AccountRow {
  readonly account_id: string;
  readonly name: string;
  readonly full_name: string;
  readonly role: AccountRole;
  readonly state: 'invited' | 'active' | 'ended';
  readonly password_hash: string | null;
  readonly password_changed_at: number | null;
  readonly is_development: boolean;
  readonly version: number;
  readonly created_at: number;
  readonly created_by: string;
  readonly last_signed_in_at: number | null;
}

export async function accountByName(sql: Queries, name: string): Promise<AccountRow | undefined> {
  const [row] = await sql<AccountRow[]>`
    select account_id, name, full_name, role, state, password_hash, password_changed_at, is_development, version, created_at, created_by, last_signed_in_at from accounts where name = ${name}`;
  return row;
}

export async function accountById(sql: Queries, accountId: string): Promise<AccountRow | undefined> {
  const [row] = await sql<AccountRow[]>`
    select account_id, name, full_name, role, state, password_hash, password_changed_at, is_development, version, created_at, created_by, last_signed_in_at from accounts where account_id = ${accountId}`;
  return row;
}

/** What stands beside the password. */
export async function factorsOf(sql: Queries, accountId: string): Promise<{ readonly hasTotp: boolean; readonly passkeys: number; readonly recoveryCodesLeft: number }> {
  const [row] = await sql<{ has_totp: boolean; passkeys: number; codes: number }[]>`
    select a.totp_secret is not null as has_totp,
      (select count(*) from passkeys p where p.account_id = a.account_id) as passkeys,
      (select count(*) from account_recovery_codes c where c.account_id = a.account_id and c.used_at is null) as codes
    from accounts a where a.account_id = ${accountId}`;
  return { hasTotp: row?.has_totp ?? false, passkeys: row?.passkeys ?? 0, recoveryCodesLeft: row?.codes ?? 0 };
}

/** Whether anybody has an account; development's does not count. */
export async function isWithoutAccounts(sql: Queries): Promise<boolean> {
  const [row] = await sql<{ has: boolean }[]>`select exists (select 1 from accounts where not is_development) as has`;
  return row?.has !== true;
}

/** Undefined where a person has the name: it stays theirs. */
export async function ensureDevelopmentAccount(sql: Queries, name: string, now: number): Promise<AccountRow | undefined> {
  await sql`
    insert into accounts (account_id, name, full_name, role, state, is_development, version, created_at, created_by)
    values (${randomUUID()}, ${name}, 'Development', 'administrator', 'active', true, 1, ${now}, 'HQ_DEV_ACCOUNT') on conflict (name) do nothing`;
  const account = await accountByName(sql, name);
  return account?.is_development ? account : undefined;
}
