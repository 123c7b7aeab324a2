import { z } from 'zod';
import { epochMsSchema } from '../../../domain/time.ts';
import { nothing } from './nothing.ts';
import { accountRoleSchema, permissionSchema } from './permissions.ts';
import { apiRoute } from './route.ts';

/*
 * How a test signs in: one POST, and the cookie of its answer goes back with every call.
 *   const { headers } = await app.inject({ method: 'POST', url: '/api/session', payload: { name: 'dev', password: '…' } });
 *   app.inject({ url: '/api/orders', headers: { cookie: String(headers['set-cookie']).split(';')[0] } })
 * The account is that of HQ_DEV_ACCOUNT=name:password (loopback alone), which needs no second factor. Tests of HQ have `hq.inject` (as the test's
 * administrator) and `signIn(app)` in hq/server/testing/hq.ts; accounts of other roles come from hq/server/testing/people.ts.
 */

/** What a person signs in by: an e-mail address or a short name, always in small letters. */
export const accountNameSchema = z.string().trim().toLowerCase().regex(/^[a-z0-9][a-z0-9._+-]{0,63}(@[a-z0-9.-]{1,63})?$/, 'an e-mail address, or a name of small letters, digits, dots and hyphens');
export const accountIdSchema = z.uuid();
/** Anything that can be typed; the rules for a new one stand in hq/server/people/password-rules.ts. */
export const typedPasswordSchema = z.string().min(1).max(256);
/** Six digits of an app, or a recovery code. */
export const typedCodeSchema = z.string().trim().min(6).max(24);
/** What a browser's WebAuthn made: checked by its signature, not by its shape. */
export const credentialSchema = z.looseObject({ id: z.string().min(1).max(1400), rawId: z.string().max(1400), type: z.literal('public-key'), response: z.looseObject({}) });
/** What a browser's WebAuthn wants to be given. */
export const credentialOptionsSchema = z.looseObject({ challenge: z.string() });

const whoSchema = z.strictObject({
  accountId: accountIdSchema,
  name: z.string(),
  fullName: z.string(),
  role: accountRoleSchema,
  permissions: z.array(permissionSchema),
  /** When it ends whatever is done. */
  endsAt: epochMsSchema,
  /** The account of HQ_DEV_ACCOUNT. */
  isDevelopment: z.boolean(),
});
export const meSchema = z.discriminatedUnion('state', [
  /** `isNew`: HQ has no account yet, and its log holds the code with which the first is made. */
  z.strictObject({ state: z.literal('signed_out'), isNew: z.boolean() }),
  /** The password was right, and there is no second factor yet: nothing but setting one up can be done. */
  whoSchema.extend({ state: z.literal('setup') }),
  whoSchema.extend({ state: z.literal('signed_in') }),
]);
export type Me = z.infer<typeof meSchema>;

export const readMe = apiRoute({
  method: 'GET', path: '/api/session', summary: 'Who is signed in', tag: 'session', permission: 'anyone', params: nothing, query: nothing, body: nothing, answer: meSchema,
});

/**
 * By password, and a code where the account has one: a right password without it is answered by what is wanted, and asked for again with it.
 * `passkey_wanted`: the account has no code, only passkeys. Wrong: HQ_NOT_SIGNED_IN, the same for an account that does not exist; too often: HQ_TOO_MANY_REQUESTS with `waitMs`.
 */
export const signIn = apiRoute({
  method: 'POST', path: '/api/session', summary: 'Sign in', tag: 'session', permission: 'anyone', params: nothing, query: nothing,
  body: z.strictObject({ name: z.string().trim().min(1).max(128), password: typedPasswordSchema, code: typedCodeSchema.optional() }),
  answer: z.strictObject({ state: z.enum(['signed_in', 'setup', 'code_wanted', 'passkey_wanted']) }),
});

export const signOut = apiRoute({
  method: 'DELETE', path: '/api/session', summary: 'Sign out', tag: 'session', permission: 'self', withoutFactor: true, params: nothing, query: nothing, body: nothing, answer: nothing,
});

/** The challenge is good for two minutes, and once. */
export const passkeyChallenge = apiRoute({
  method: 'POST', path: '/api/session/passkey/challenge', summary: 'Begin to sign in by passkey', tag: 'session', permission: 'anyone', unaudited: true, params: nothing, query: nothing, body: nothing,
  answer: credentialOptionsSchema,
});

export const signInByPasskey = apiRoute({
  method: 'POST', path: '/api/session/passkey', summary: 'Sign in by passkey', tag: 'session', permission: 'anyone', params: nothing, query: nothing,
  body: z.strictObject({ credential: credentialSchema }), answer: z.strictObject({ state: z.literal('signed_in') }),
});

/** The first administrator, by the code that stands in HQ's log. Signs them in to set up a second factor. */
export const setUpHq = apiRoute({
  method: 'POST', path: '/api/setup', summary: 'Make the first administrator', tag: 'session', permission: 'anyone', params: nothing, query: nothing,
  body: z.strictObject({ code: z.string().trim().min(1).max(40), name: accountNameSchema, fullName: z.string().trim().min(1).max(100), password: typedPasswordSchema }),
  answer: z.strictObject({ state: z.literal('setup') }),
});

const invitationTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const readInvitation = apiRoute({
  method: 'POST', path: '/api/invitation/read', summary: 'Whose an invitation is', tag: 'session', permission: 'anyone', unaudited: true, params: nothing, query: nothing,
  body: z.strictObject({ token: invitationTokenSchema }), answer: z.strictObject({ name: z.string(), fullName: z.string(), expiresAt: epochMsSchema, isReset: z.boolean() }),
});

/** Chooses the password of one's own account; earlier factors and sessions are gone by it. Signs in to set up a second factor. */
export const acceptInvitation = apiRoute({
  method: 'POST', path: '/api/invitation', summary: 'Take an invitation', tag: 'session', permission: 'anyone', params: nothing, query: nothing,
  body: z.strictObject({ token: invitationTokenSchema, password: typedPasswordSchema }), answer: z.strictObject({ state: z.literal('setup') }),
});
