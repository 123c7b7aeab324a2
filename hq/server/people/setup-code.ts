import { randomInt, randomUUID } from 'node:crypto';
import type { Queries, Sql } from '../database.ts';
import type { AccountRow } from './accounts.ts';
import { accountByName, isWithoutAccounts } from './accounts.ts';
import { hashToken } from './tokens.ts';

/** Without what is mistaken for one another when read off a log: 0 O, 1 I L, U V. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ';

/** For an HQ that nobody has an account at: a new code in place of any before, 16 letters, to be shown where only who runs HQ sees it. Undefined where there is an account. */
export async function makeSetupCode(sql: Sql, now: number): Promise<string | undefined> {
  const letters = Array.from({ length: 16 }, () => alphabet[randomInt(alphabet.length)]).join('');
  const isMade = await sql.begin(async (transaction) => {
    if (!(await isWithoutAccounts(transaction))) return false;
    await transaction`delete from setup_codes where used_at is null`;
    await transaction`insert into setup_codes (code_hash, made_at) values (${hashOf(letters)}, ${now})`;
    return true;
  });
  return isMade ? (letters.match(/.{4}/g) ?? []).join('-') : undefined;
}

/** By the set-up code, which it uses up; of two at one moment one becomes it. */
export async function makeFirstAdministrator(sql: Sql, { code, name, fullName, passwordHash }: { readonly code: string; readonly name: string; readonly fullName: string; readonly passwordHash: string }, now: number): Promise<AccountRow | 'code_wrong' | 'name_taken'> {
  return sql.begin(async (transaction) => {
    if (await accountByName(transaction, name)) return (await isSetupCode(transaction, code)) ? 'name_taken' : 'code_wrong';
    if (!(await useSetupCode(transaction, code, now))) return 'code_wrong';
    await transaction`
      insert into accounts (account_id, name, full_name, role, state, password_hash, password_changed_at, is_development, version, created_at, created_by)
      values (${randomUUID()}, ${name}, ${fullName}, 'administrator', 'active', ${passwordHash}, ${now}, false, 1, ${now}, 'the set-up code')`;
    return (await accountByName(transaction, name)) ?? 'name_taken';
  });
}

async function isSetupCode(sql: Queries, typed: string): Promise<boolean> {
  const [row] = await sql`select 1 from setup_codes where code_hash = ${hashOf(typed)} and used_at is null`;
  return row !== undefined && (await isWithoutAccounts(sql));
}

/** In the transaction that makes the first administrator: of two at one moment one gets it. */
async function useSetupCode(sql: Queries, typed: string, now: number): Promise<boolean> {
  if (!(await isWithoutAccounts(sql))) return false;
  const used = await sql`update setup_codes set used_at = ${now} where code_hash = ${hashOf(typed)} and used_at is null`;
  return used.count === 1;
}

function hashOf(typed: string): Buffer {
  return hashToken(typed.replace(/[\s-]/g, '').toUpperCase());
}
