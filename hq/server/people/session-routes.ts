import type { FastifyReply } from 'fastify';
import { permissions, isAllowed } from '../../contract/api/permissions.ts';
import { acceptInvitation, passkeyChallenge, readInvitation as readInvitationRoute, readMe, setUpHq, signIn, signInByPasskey, signOut } from '../../contract/api/session.ts';
import type { Me } from '../../contract/api/session.ts';
import type { ApiAnswer, ApiRoute } from '../../contract/api/route.ts';
import { sessionCookie, setSessionCookie } from '../api/cookie.ts';
import type { Api, ApiCall } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { isNear } from '../routes/near.ts';
import type { Seal } from '../staff/seal.ts';
import type { AccountRow } from './accounts.ts';
import { isWithoutAccounts } from './accounts.ts';
import { readInvitation, takeInvitation } from './invitations.ts';
import { relyingPartyOf, signInByPasskey as checkPasskey, signInOptions } from './passkeys.ts';
import { faultOfPassword } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { createPasswords } from './passwords.ts';
import { makeFirstAdministrator } from './setup-code.ts';
import type { DevAccount } from './sign-in.ts';
import { signedInOf, signInByPassword } from './sign-in.ts';
import { ofAddress, subjectOfAddress, takeTry } from './throttle.ts';
import type { Sessions, SignedInInFull } from './sessions.ts';

export interface PeopleDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly sessions: Sessions;
  /** For the secrets of code apps. */
  readonly seal: Seal;
  readonly devAccount: DevAccount | undefined;
  /** The origin of the console as people type it, "https://hq.example"; otherwise as each request says. */
  readonly publicOrigins: readonly string[];
  /** Told of each sign-in, for the metrics. */
  readonly onSignIn?: ((outcome: 'in' | 'wrong' | 'too_many') => void) | undefined;
}

/** Who is signed in, in and out. */
export function sessionRoutes(api: Api, deps: PeopleDeps): void {
  const { sql, now, sessions, seal, devAccount, publicOrigins, onSignIn } = deps;
  const passwords = createPasswords();

  api.serve(readMe, async ({ request }): Promise<Me> => {
    const account = await sessions.read(sessionCookie(request), { isWatching: true });
    return account ? meOf(account) : { state: 'signed_out', isNew: await isWithoutAccounts(sql) && devAccount === undefined };
  });

  api.serve(signIn, async ({ body, request, reply, note, actAs, begin }): Promise<ApiAnswer<typeof signIn>> => {
    const outcome = await signInByPassword(sql, { seal, passwords }, { name: body.name, password: body.password, code: body.code, address: request.ip, isNear: isNear(request) }, now(), devAccount);
    if (outcome.kind === 'in') {
      await beginSession(deps, { request, reply, actAs, begin }, outcome.account, outcome.state);
      note(`by ${outcome.by}`);
      onSignIn?.('in');
      return { state: outcome.state === 'full' ? 'signed_in' : 'setup' };
    }
    if (outcome.kind === 'too_many') {
      onSignIn?.('too_many');
      throw tooMany(reply, outcome.waitMs);
    }
    // Only a name that exists: what was typed into the wrong field may be a password.
    note(outcome.account ? `account ${outcome.account.name}` : 'no such account');
    if (outcome.kind === 'wrong') {
      onSignIn?.('wrong');
      throw new ApiRefusal('HQ_NOT_SIGNED_IN', body.code === undefined ? 'name or password is wrong' : 'name, password or code is wrong');
    }
    note(`account ${outcome.account.name}: the password was right, ${outcome.kind.replace('_', ' ')}`);
    return { state: outcome.kind };
  });

  api.serve(passkeyChallenge, async ({ request }) => ({ ...(await signInOptions(sql, relyingPartyOf(request, publicOrigins), now())) }));

  api.serve(signInByPasskey, async ({ body, request, reply, note, actAs, begin }) => {
    const at = now();
    const byAddress = await takeTry(sql, subjectOfAddress(request.ip), ofAddress, at);
    if ('waitMs' in byAddress) {
      onSignIn?.('too_many');
      throw tooMany(reply, byAddress.waitMs);
    }
    const outcome = await checkPasskey(sql, relyingPartyOf(request, publicOrigins), body.credential, at);
    if ('fault' in outcome) {
      note(`${outcome.account ? `account ${outcome.account.name}: ` : ''}${outcome.fault}`);
      onSignIn?.('wrong');
      throw new ApiRefusal('HQ_NOT_SIGNED_IN', 'this passkey does not sign in here');
    }
    await byAddress.undo();
    await beginSession(deps, { request, reply, actAs, begin }, outcome.account, 'full');
    note('by passkey');
    onSignIn?.('in');
    return { state: 'signed_in' as const };
  });

  api.serve(setUpHq, async ({ body, request, reply, note, actAs, begin }) => {
    const at = now();
    const byAddress = await takeTry(sql, subjectOfAddress(request.ip), ofAddress, at);
    if ('waitMs' in byAddress) throw tooMany(reply, byAddress.waitMs);
    const passwordHash = await newPassword(passwords, body.password, body.name);
    await begin();
    const made = await makeFirstAdministrator(sql, { ...body, passwordHash }, at);
    if (made === 'code_wrong') throw new ApiRefusal('HQ_NOT_SIGNED_IN', 'the code is wrong, or used up');
    await byAddress.undo();
    if (made === 'name_taken') throw new ApiRefusal('HQ_INVALID', 'the name is taken', { reason: 'name_taken' });
    note('the first administrator');
    await beginSession(deps, { request, reply, actAs, begin }, made, 'setup');
    return { state: 'setup' as const };
  });

  api.serve(readInvitationRoute, async ({ body }) => {
    const found = await readInvitation(sql, body.token, now());
    if (!found) throw new ApiRefusal('HQ_NOT_FOUND', 'the link was used, replaced, or is too old');
    return { name: found.account.name, fullName: found.account.full_name, expiresAt: found.expiresAt, isReset: found.account.password_hash !== null };
  });

  api.serve(acceptInvitation, async ({ body, request, reply, note, actAs, begin }) => {
    const found = await readInvitation(sql, body.token, now());
    const passwordHash = found && (await newPassword(passwords, body.password, found.account.name));
    if (found && passwordHash !== undefined) {
      actAs(signedInOf(found.account, '', true));
      await begin();
    }
    const account = passwordHash === undefined ? undefined : await takeInvitation(sql, body.token, passwordHash, sessions, now());
    if (!account) throw new ApiRefusal('HQ_NOT_FOUND', 'the link was used, replaced, or is too old');
    note(found?.account.password_hash === null ? 'password chosen' : 'password chosen anew; factors and sessions of before are gone');
    await beginSession(deps, { request, reply, actAs, begin }, account, 'setup');
    return { state: 'setup' as const };
  });

  api.serve(signOut, async ({ account, request, reply }) => {
    if (account) await sessions.end(sql, { accountId: account.accountId, sessionId: account.sessionId, why: 'signed out' });
    setSessionCookie(request, reply, undefined);
    return {};
  });
}

/** The hash of a password that may be one. */
export async function newPassword(passwords: Passwords, password: string, name: string): Promise<string> {
  const fault = faultOfPassword(password, name);
  if (fault) throw new ApiRefusal('HQ_INVALID', 'this password is not good enough', { reason: fault });
  return passwords.hash(password);
}

export function tooMany(reply: FastifyReply, waitMs: number): ApiRefusal {
  reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
  return new ApiRefusal('HQ_TOO_MANY_REQUESTS', 'too many wrong tries', { waitMs });
}

export type BeginningCall = Pick<ApiCall<ApiRoute>, 'request' | 'reply' | 'actAs' | 'begin'>;

/** Always a new token, whatever cookie came: one that somebody else may have set is worth nothing. The session that it is made in ends. */
export async function beginSession({ sql, sessions }: PeopleDeps, { request, reply, actAs, begin }: BeginningCall, account: AccountRow, state: 'full' | 'setup'): Promise<string> {
  actAs(signedInOf(account, '', state === 'setup'));
  await begin();
  const before = await sessions.read(sessionCookie(request));
  if (before) await sessions.end(sql, { accountId: before.accountId, sessionId: before.sessionId, why: 'replaced' });
  const { token, sessionId } = await sessions.begin(sql, { accountId: account.account_id, state, address: request.ip, agent: request.headers['user-agent'] ?? '' });
  setSessionCookie(request, reply, token);
  actAs(signedInOf(account, sessionId, state === 'setup'));
  return sessionId;
}

export function meOf({ accountId, name, fullName, role, endsAt, isDevelopment, needsFactor }: SignedInInFull): Me {
  return {
    state: needsFactor ? 'setup' : 'signed_in', accountId, name, fullName, role, endsAt, isDevelopment,
    permissions: needsFactor ? [] : permissions.filter((permission) => isAllowed(role, permission)),
  };
}
