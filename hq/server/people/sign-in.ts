import type { Sql } from '../database.ts';
import type { SignedIn } from '../api/account.ts';
import type { Seal } from '../staff/seal.ts';
import type { AccountRow } from './accounts.ts';
import { accountByName, ensureDevelopmentAccount, factorsOf } from './accounts.ts';
import type { Passwords } from './passwords.ts';
import { useCode } from './second-factor.ts';
import { forgetTries, ofAccount, ofAddress, subjectOfAddress, takeTry } from './throttle.ts';
import { isSameSecret } from './tokens.ts';

/** HQ_DEV_ACCOUNT: an administrator for development, who needs no second factor and reaches HQ from this machine alone. */
export interface DevAccount {
  readonly name: string;
  readonly password: string;
}

export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  readonly code: string | undefined;
  readonly address: string;
  /** From this machine itself: development's account is for nobody else. */
  readonly isNear: boolean;
}

export type SignInOutcome =
  | { readonly kind: 'in'; readonly account: AccountRow; readonly state: 'full' | 'setup'; readonly by: string }
  | { readonly kind: 'code_wanted' | 'passkey_wanted'; readonly account: AccountRow }
  /** `account`: whose it was, for the audit; the answer says nothing of it. */
  | { readonly kind: 'wrong'; readonly account: AccountRow | undefined }
  | { readonly kind: 'too_many'; readonly waitMs: number };

/**
 * By password, and by code where the account has one. Every try costs the same time and counts for the name and for the address, whether there is such an
 * account or not.
 */
export async function signInByPassword(sql: Sql, { seal, passwords }: { readonly seal: Seal; readonly passwords: Passwords }, { name: typed, password, code, address, isNear }: SignInRequest, now: number, devAccount: DevAccount | undefined): Promise<SignInOutcome> {
  const name = typed.trim().toLowerCase();
  const ofName = `account:${name}`;
  const byAddress = await takeTry(sql, subjectOfAddress(address), ofAddress, now);
  if ('waitMs' in byAddress) return { kind: 'too_many', waitMs: byAddress.waitMs };
  const byName = await takeTry(sql, ofName, ofAccount, now);
  if ('waitMs' in byName) return { kind: 'too_many', waitMs: byName.waitMs };
  const isRight = async () => {
    await byAddress.undo();
    await byName.undo();
  };

  if (devAccount && name === devAccount.name && isNear && isSameSecret(password, devAccount.password)) {
    const account = await ensureDevelopmentAccount(sql, devAccount.name, now);
    if (account) {
      await isRight();
      return { kind: 'in', account, state: 'full', by: "development's password" };
    }
  }
  const account = await accountByName(sql, name);
  const isKnown = await passwords.matches(password, account?.state === 'active' ? account.password_hash : undefined).catch(async (error: unknown) => {
    // It was not looked at: that is no wrong try.
    await isRight();
    throw error;
  });
  if (!account || !isKnown) return { kind: 'wrong', account };
  const { hasTotp, passkeys } = await factorsOf(sql, account.account_id);
  if (!hasTotp && passkeys === 0) {
    await isRight();
    return { kind: 'in', account, state: 'setup', by: 'password' };
  }
  if (code === undefined) {
    await isRight();
    return { kind: hasTotp ? 'code_wanted' : 'passkey_wanted', account };
  }
  const used = await useCode(sql, seal, account.account_id, code, now);
  if (used === 'wrong') return { kind: 'wrong', account };
  await byAddress.undo();
  await forgetTries(sql, ofName);
  return { kind: 'in', account, state: 'full', by: used === 'totp' ? 'password and code' : 'password and recovery code' };
}

export function signedInOf(account: AccountRow, sessionId: string, needsFactor: boolean): SignedIn {
  return { accountId: account.account_id, name: account.name, role: account.role, sessionId, needsFactor };
}
