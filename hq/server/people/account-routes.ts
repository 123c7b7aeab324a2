import { addPasskey as addPasskeyRoute, beginPasskey, beginTotp, changePassword, confirmTotp, endOtherSessions, endOwnSession, newRecoveryCodes, readAccount, removePasskey, removeTotp } from '../../contract/api/people.ts';
import type { SignedIn } from '../api/account.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Transaction } from '../database.ts';
import type { AccountRow } from './accounts.ts';
import { accountById, factorsOf } from './accounts.ts';
import { addPasskey, registrationOptions, relyingPartyOf } from './passkeys.ts';
import { createPasswords } from './passwords.ts';
import { makeRecoveryCodes, makeTotp, openTotp, sealTotp, stepOfCode } from './second-factor.ts';
import type { BeginningCall, PeopleDeps } from './session-routes.ts';
import { beginSession, newPassword, tooMany } from './session-routes.ts';
import { forgetTries, ofAccount, takeTry } from './throttle.ts';
import { isSameSecret } from './tokens.ts';

interface OwnCall extends BeginningCall {
  readonly account: SignedIn | undefined;
}

/** Counted apart from sign-ins: who only knows a name keeps nobody who is in from the passkey that would help them. */
const confirmsOf = ({ account_id: accountId }: Pick<AccountRow, 'account_id'>) => `confirm:${accountId}`;

/** What everybody may do with their own account. */
export function accountRoutes(api: Api, deps: PeopleDeps): void {
  const { sql, now, sessions, seal, devAccount, publicOrigins } = deps;
  // A line of their own: strangers who try to sign in hold up nobody who is.
  const passwords = createPasswords();

  const own = async ({ account }: Pick<OwnCall, 'account'>): Promise<AccountRow> => {
    const row = account && (await accountById(sql, account.accountId));
    if (!row) throw new ApiRefusal('HQ_NOT_SIGNED_IN', 'the account is gone');
    return row;
  };

  /** The password again. A session that is there to set up the first factor has just had it. */
  const confirm = async ({ account, reply }: OwnCall, password: string | undefined, row: AccountRow): Promise<void> => {
    if (account?.needsFactor) {
      const { hasTotp, passkeys } = await factorsOf(sql, row.account_id);
      if (!hasTotp && passkeys === 0) return;
    }
    if (password === undefined) throw new ApiRefusal('HQ_INVALID', 'the password is needed again', { reason: 'password_wanted' });
    const counted = await takeTry(sql, confirmsOf(row), ofAccount, now());
    if ('waitMs' in counted) throw tooMany(reply, counted.waitMs);
    const isRight = row.is_development ? devAccount !== undefined && isSameSecret(password, devAccount.password) : await passwords.matches(password, row.password_hash);
    if (!isRight) throw new ApiRefusal('HQ_INVALID', 'the password is wrong', { reason: 'password_wrong' });
    await counted.undo();
  };

  /** The password alone sets up the first factor, and no other: of two sessions at one moment one does. */
  const lockForFactor = async (transaction: Transaction, { account }: OwnCall, row: AccountRow): Promise<void> => {
    await transaction`select 1 from accounts where account_id = ${row.account_id} for update`;
    if (!account?.needsFactor) return;
    const { hasTotp, passkeys } = await factorsOf(transaction, row.account_id);
    if (hasTotp || passkeys > 0) throw new ApiRefusal('HQ_NOT_SIGNED_IN', 'a second factor was set up meanwhile: sign in with it');
  };

  /**
   * There is a second factor now: the session becomes a full one, by a new token, and recovery codes are there in case it is lost. Others that were let in by the
   * password alone end: whoever holds one is not the person who has the factor.
   */
  const afterFactor = async (call: OwnCall, row: AccountRow) => {
    await sessions.end(sql, { accountId: row.account_id, state: 'setup', why: 'factors changed' });
    if (call.account?.needsFactor) await beginSession(deps, call, row, 'full');
    const { recoveryCodesLeft } = await factorsOf(sql, row.account_id);
    return { recoveryCodes: recoveryCodesLeft > 0 ? null : [...(await sql.begin((transaction) => makeRecoveryCodes(transaction, row.account_id)))] };
  };

  api.serve(readAccount, async ({ account }) => {
    const row = await own({ account });
    const { hasTotp, recoveryCodesLeft } = await factorsOf(sql, row.account_id);
    const passkeys = await sql<{ credential_id: string; name: string; created_at: number; last_used_at: number | null; is_backed_up: boolean }[]>`
      select credential_id, name, created_at, last_used_at, is_backed_up from passkeys where account_id = ${row.account_id} order by created_at`;
    return {
      name: row.name, fullName: row.full_name, role: row.role, isDevelopment: row.is_development, passwordChangedAt: row.password_changed_at, hasTotp, recoveryCodesLeft,
      passkeys: passkeys.map((key) => ({ passkey: key.credential_id, name: key.name, createdAt: key.created_at, lastUsedAt: key.last_used_at, isBackedUp: key.is_backed_up })),
      sessions: (await sessions.list(row.account_id)).map((session) => ({ ...session, isThis: session.sessionId === account?.sessionId })),
    };
  });

  api.serve(changePassword, async (call) => {
    const row = await own(call);
    if (row.is_development) throw new ApiRefusal('HQ_INVALID', 'its password stands in HQ_DEV_ACCOUNT', { reason: 'development' });
    await confirm(call, call.body.password, row);
    const hash = await newPassword(passwords, call.body.next, row.name);
    const changed = await sql`update accounts set password_hash = ${hash}, password_changed_at = ${now()} where account_id = ${row.account_id} and password_hash is not distinct from ${row.password_hash}`;
    if (changed.count !== 1) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'the password was changed meanwhile');
    // Also this one: a copy of its token ends with it.
    const sessionId = await beginSession(deps, call, row, 'full');
    await sessions.end(sql, { accountId: row.account_id, except: sessionId, why: 'another password' });
    await forgetTries(sql, `account:${row.name}`);
    await forgetTries(sql, confirmsOf(row));
    return {};
  });

  api.serve(beginTotp, async (call) => {
    const row = await own(call);
    await confirm(call, call.body.password, row);
    const { secret, uri } = makeTotp(row.name);
    await sql`update accounts set totp_pending = ${sealTotp(seal, secret, row.account_id)} where account_id = ${row.account_id}`;
    return { secret, uri };
  });

  api.serve(confirmTotp, async (call) => {
    const row = await own(call);
    const [{ pending } = { pending: null }] = await sql<{ pending: string | null }[]>`select totp_pending as pending from accounts where account_id = ${row.account_id}`;
    const secret = pending === null ? undefined : openTotp(seal, pending, row.account_id);
    const step = secret === undefined ? undefined : stepOfCode(secret, call.body.code.replace(/\s/g, ''), now());
    if (pending === null || step === undefined) throw new ApiRefusal('HQ_INVALID', 'the code is wrong', { reason: 'code_wrong' });
    await sql.begin(async (transaction) => {
      await lockForFactor(transaction, call, row);
      const changed = await transaction`update accounts set totp_secret = totp_pending, totp_pending = null, totp_last_step = ${step} where account_id = ${row.account_id} and totp_pending = ${pending}`;
      if (changed.count !== 1) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'it was set up meanwhile');
    });
    return afterFactor(call, row);
  });

  api.serve(removeTotp, async (call) => {
    const row = await own(call);
    await confirm(call, call.body.password, row);
    await sql.begin(async (transaction) => {
      // Locked, as whoever removes a passkey locks it: of the last two factors that are removed at one moment one stays.
      await transaction`select 1 from accounts where account_id = ${row.account_id} for update`;
      const removed = await transaction`update accounts set totp_secret = null, totp_pending = null, totp_last_step = null where account_id = ${row.account_id} and exists (select 1 from passkeys where account_id = ${row.account_id})`;
      if (removed.count !== 1) throw new ApiRefusal('HQ_INVALID', 'it is the only second factor', { reason: 'only_factor' });
    });
    return {};
  });

  api.serve(newRecoveryCodes, async (call) => {
    const row = await own(call);
    await confirm(call, call.body.password, row);
    return { recoveryCodes: [...(await sql.begin((transaction) => makeRecoveryCodes(transaction, row.account_id)))] };
  });

  api.serve(beginPasskey, async (call) => {
    const row = await own(call);
    await confirm(call, call.body.password, row);
    return { ...(await registrationOptions(sql, relyingPartyOf(call.request, publicOrigins), row, now())) };
  });

  api.serve(addPasskeyRoute, async (call) => {
    const row = await own(call);
    const refused = await sql.begin(async (transaction) => {
      await lockForFactor(transaction, call, row);
      return addPasskey(transaction, relyingPartyOf(call.request, publicOrigins), row.account_id, call.body.name, call.body.credential, now());
    });
    if (refused) {
      call.note(refused.fault);
      throw new ApiRefusal('HQ_INVALID', 'this passkey cannot be added', { reason: 'passkey_refused' });
    }
    call.note(call.body.name);
    return afterFactor(call, row);
  });

  api.serve(removePasskey, async (call) => {
    const row = await own(call);
    await confirm(call, call.body.password, row);
    const { passkey } = call.params;
    await sql.begin(async (transaction) => {
      // Locked: of two passkeys that are removed at one moment one stays.
      const [locked] = await transaction<{ has_totp: boolean }[]>`select totp_secret is not null as has_totp from accounts where account_id = ${row.account_id} for update`;
      const keys = await transaction<{ credential_id: string; name: string }[]>`select credential_id, name from passkeys where account_id = ${row.account_id}`;
      const wanted = keys.find(({ credential_id }) => credential_id === passkey);
      if (!wanted) throw new ApiRefusal('HQ_NOT_FOUND', 'no such passkey');
      if (!locked?.has_totp && keys.length === 1) throw new ApiRefusal('HQ_INVALID', 'it is the only second factor', { reason: 'only_factor' });
      await transaction`delete from passkeys where credential_id = ${passkey} and account_id = ${row.account_id}`;
      call.note(wanted.name);
    });
    return {};
  });

  api.serve(endOwnSession, async ({ account, params }) => ({ ended: account ? await sessions.end(sql, { accountId: account.accountId, sessionId: params.session, why: 'ended by hand' }) : 0 }));
  api.serve(endOtherSessions, async ({ account }) => ({ ended: account ? await sessions.end(sql, { accountId: account.accountId, except: account.sessionId, why: 'ended by hand' }) : 0 }));
}
