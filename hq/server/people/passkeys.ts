import type { AuthenticationResponseJSON, PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { FastifyRequest } from 'fastify';
import type { Queries, Sql } from '../database.ts';
import type { AccountRow } from './accounts.ts';
import { accountById } from './accounts.ts';

/** For whom passkeys are: a browser gives one only to the origin that it was made for. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

const challengeMs = 120_000;
/** COSE: EdDSA, ES256, RS256: what authenticators have. */
const algorithms = [-8, -7, -257] as const;

/** By the configured origins, else by how this call names HQ: the line is TLS, or from this machine itself. */
export function relyingPartyOf(request: FastifyRequest, publicOrigins: readonly string[]): RelyingParty {
  const called = `${request.protocol}://${request.host}`;
  const origin = publicOrigins.length === 0 ? called : (publicOrigins.find((known) => known === called) ?? publicOrigins[0] ?? called);
  return { id: new URL(origin).hostname, origin };
}

/** Each challenge is good for one account (or for whoever signs in), for two minutes, and once. */
async function rememberChallenge(sql: Sql, challenge: string, purpose: 'register' | 'sign_in', accountId: string | null, now: number): Promise<void> {
  await sql`delete from passkey_challenges where expires_at < ${now}`;
  await sql`insert into passkey_challenges (challenge, purpose, account_id, expires_at) values (${challenge}, ${purpose}, ${accountId}, ${now + challengeMs})`;
}

async function useChallenge(sql: Queries, challenge: string, purpose: 'register' | 'sign_in', accountId: string | null, now: number): Promise<boolean> {
  const used = await sql`delete from passkey_challenges where challenge = ${challenge} and purpose = ${purpose} and account_id is not distinct from ${accountId} and expires_at > ${now}`;
  return used.count === 1;
}

export async function registrationOptions(sql: Sql, { id }: RelyingParty, { account_id: accountId, name, full_name: fullName }: AccountRow, now: number): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const known = await sql<{ credential_id: string }[]>`select credential_id from passkeys where account_id = ${accountId}`;
  const options = await generateRegistrationOptions({
    rpName: 'Counter 24 HQ', rpID: id, userName: name, userDisplayName: fullName, userID: Uint8Array.from(Buffer.from(accountId)), timeout: challengeMs, attestationType: 'none', supportedAlgorithmIDs: [...algorithms],
    excludeCredentials: known.map(({ credential_id }) => ({ id: credential_id })),
    // It stands for both factors: something held, and a finger, a face or a PIN.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await rememberChallenge(sql, options.challenge, 'register', accountId, now);
  return options;
}

/** Error: in words, for the log. */
export async function addPasskey(sql: Queries, { id, origin }: RelyingParty, accountId: string, name: string, credential: unknown, now: number): Promise<{ readonly fault: string } | undefined> {
  let verified;
  try {
    verified = await verifyRegistrationResponse({
      response: credential as RegistrationResponseJSON, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true, supportedAlgorithmIDs: [...algorithms],
      expectedChallenge: (challenge) => useChallenge(sql, challenge, 'register', accountId, now),
    });
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'malformed' };
  }
  if (!verified.verified) return { fault: 'not verified' };
  const { credential: made, credentialBackedUp } = verified.registrationInfo;
  const added = await sql`
    insert into passkeys (credential_id, account_id, public_key, counter, transports, name, is_backed_up, created_at)
    values (${made.id}, ${accountId}, ${Buffer.from(made.publicKey)}, ${made.counter}, ${sql.json([...(made.transports ?? [])])}, ${name}, ${credentialBackedUp}, ${now}) on conflict (credential_id) do nothing`;
  return added.count === 1 ? undefined : { fault: 'it is somebody’s already' };
}

/** Without a list of credentials: which accounts exist is nobody's business, and the browser knows its own. */
export async function signInOptions(sql: Sql, { id }: RelyingParty, now: number): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({ rpID: id, userVerification: 'required', timeout: challengeMs, allowCredentials: [] });
  await rememberChallenge(sql, options.challenge, 'sign_in', null, now);
  return options;
}

/** Who signed in. `account` of a refusal: whose the passkey is, for the audit. */
export async function signInByPasskey(sql: Sql, { id, origin }: RelyingParty, credential: { readonly id: string }, now: number): Promise<{ readonly account: AccountRow } | { readonly fault: string; readonly account?: AccountRow | undefined }> {
  const [known] = await sql<{ account_id: string; public_key: Buffer; counter: number }[]>`select account_id, public_key, counter from passkeys where credential_id = ${credential.id}`;
  if (!known) return { fault: 'no such passkey' };
  const account = await accountById(sql, known.account_id);
  if (account?.state !== 'active') return { fault: 'the account is not active', account };
  const response = credential as AuthenticationResponseJSON;
  try {
    const { userHandle } = response.response;
    if (userHandle !== undefined && Buffer.from(userHandle, 'base64url').toString() !== known.account_id) return { fault: 'it names another account', account };
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true,
      credential: { id: credential.id, publicKey: Uint8Array.from(known.public_key), counter: known.counter },
      expectedChallenge: (challenge) => useChallenge(sql, challenge, 'sign_in', null, now),
    });
    if (!verified) return { fault: 'not verified', account };
    const { newCounter, credentialBackedUp } = authenticationInfo;
    const counted = await sql`
      update passkeys set counter = ${newCounter}, last_used_at = ${now}, is_backed_up = ${credentialBackedUp}
      where credential_id = ${credential.id} and (counter < ${newCounter} or (counter = 0 and ${newCounter}::bigint = 0))`;
    return counted.count === 1 ? { account } : { fault: 'its counter went back: it may have been copied', account };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'malformed', account };
  }
}
