import { z } from 'zod';
import { epochMsSchema } from '../../../domain/time.ts';
import { nothing } from './nothing.ts';
import { accountRoleSchema } from './permissions.ts';
import { apiRoute } from './route.ts';
import { accountIdSchema, accountNameSchema, credentialOptionsSchema, credentialSchema, typedCodeSchema, typedPasswordSchema } from './session.ts';

const sessionIdSchema = z.uuid();
export const openSessionSchema = z.strictObject({
  sessionId: sessionIdSchema, createdAt: epochMsSchema, lastSeenAt: epochMsSchema, endsAt: epochMsSchema, address: z.string(), agent: z.string(),
  /** The one that asks. */
  isThis: z.boolean(),
});
export type OpenSession = z.infer<typeof openSessionSchema>;
const sessionListSchema = z.strictObject({ sessions: z.array(openSessionSchema) });
const endedSchema = z.strictObject({ ended: z.int() });

/** One's password again, for what whoever finds an open screen must not do. Not asked for while the first factor is set up. */
const withPassword = z.strictObject({ password: typedPasswordSchema.optional() });
/** Null where there are recovery codes already: they are shown when they are made, and never again. */
const recoveryCodesSchema = z.strictObject({ recoveryCodes: z.array(z.string()).nullable() });
const ofSelf = { tag: 'session', permission: 'self', params: nothing, query: nothing } as const;

export const readAccount = apiRoute({
  ...ofSelf, method: 'GET', path: '/api/account', summary: "One's own account", withoutFactor: true, body: nothing,
  answer: z.strictObject({
    name: z.string(), fullName: z.string(), role: accountRoleSchema, isDevelopment: z.boolean(), passwordChangedAt: epochMsSchema.nullable(), hasTotp: z.boolean(), recoveryCodesLeft: z.int(),
    passkeys: z.array(z.strictObject({ passkey: z.string(), name: z.string(), createdAt: epochMsSchema, lastUsedAt: epochMsSchema.nullable(), isBackedUp: z.boolean() })),
    sessions: z.array(openSessionSchema),
  }),
});

/** Every other session ends. */
export const changePassword = apiRoute({
  ...ofSelf, method: 'POST', path: '/api/account/password', summary: "Change one's password", body: z.strictObject({ password: typedPasswordSchema, next: typedPasswordSchema }), answer: nothing,
});

/** The secret counts when `confirmTotp` brought a code of it. `uri` (otpauth) for a QR code, `secret` to type. */
export const beginTotp = apiRoute({
  ...ofSelf, method: 'POST', path: '/api/account/totp', summary: 'Begin to set up a code app', withoutFactor: true, body: withPassword, answer: z.strictObject({ uri: z.string(), secret: z.string() }),
});
/** Of a session that was for setting up it makes a full one, by a new cookie. */
export const confirmTotp = apiRoute({
  ...ofSelf, method: 'POST', path: '/api/account/totp/confirm', summary: 'Set up a code app', withoutFactor: true, body: z.strictObject({ code: typedCodeSchema }), answer: recoveryCodesSchema,
});
/** Refused where it is the only factor. */
export const removeTotp = apiRoute({ ...ofSelf, method: 'DELETE', path: '/api/account/totp', summary: 'Remove the code app', body: withPassword, answer: nothing });
export const newRecoveryCodes = apiRoute({ ...ofSelf, method: 'POST', path: '/api/account/recovery-codes', summary: 'Make new recovery codes', body: withPassword, answer: z.strictObject({ recoveryCodes: z.array(z.string()) }) });

export const beginPasskey = apiRoute({
  ...ofSelf, method: 'POST', path: '/api/account/passkeys/challenge', summary: 'Begin to add a passkey', withoutFactor: true, body: withPassword, answer: credentialOptionsSchema,
});
/** As `confirmTotp`. */
export const addPasskey = apiRoute({
  ...ofSelf, method: 'POST', path: '/api/account/passkeys', summary: 'Add a passkey', withoutFactor: true,
  body: z.strictObject({ name: z.string().trim().min(1).max(60), credential: credentialSchema }), answer: recoveryCodesSchema,
});
export const removePasskey = apiRoute({
  ...ofSelf, method: 'DELETE', path: '/api/account/passkeys/:passkey', summary: 'Remove a passkey', params: z.strictObject({ passkey: z.string().min(1).max(1400) }), body: withPassword, answer: nothing,
});

export const endOwnSession = apiRoute({
  ...ofSelf, method: 'DELETE', path: '/api/account/sessions/:session', summary: "End one of one's sessions", params: z.strictObject({ session: sessionIdSchema }), body: nothing, answer: endedSchema,
});
export const endOtherSessions = apiRoute({ ...ofSelf, method: 'DELETE', path: '/api/account/sessions', summary: "End one's other sessions", body: nothing, answer: endedSchema });

const ofPerson = { tag: 'people', permission: 'people.edit', params: z.strictObject({ account: accountIdSchema }), query: nothing } as const;

export const personSchema = z.strictObject({
  accountId: accountIdSchema, name: z.string(), fullName: z.string(), role: accountRoleSchema, state: z.enum(['invited', 'active', 'ended']), isDevelopment: z.boolean(),
  hasTotp: z.boolean(), passkeys: z.int(), sessions: z.int(), lastSignedInAt: epochMsSchema.nullable(), createdAt: epochMsSchema, createdBy: z.string(),
  /** Until when an invitation that is open can be taken. */
  invitedUntil: epochMsSchema.nullable(),
  version: z.int(),
});
export type Person = z.infer<typeof personSchema>;
/** Shown once. The link is `<console>/invitation#<token>`: what stands behind "#" reaches no server and no log. */
const invitationSchema = z.strictObject({ accountId: accountIdSchema, token: z.string(), expiresAt: epochMsSchema });

export const listPeople = apiRoute({ ...ofPerson, method: 'GET', path: '/api/people', summary: 'The people', params: nothing, body: nothing, answer: z.strictObject({ people: z.array(personSchema) }) });
export const invitePerson = apiRoute({
  ...ofPerson, method: 'POST', path: '/api/people', summary: 'Invite a person', params: nothing,
  body: z.strictObject({ name: accountNameSchema, fullName: z.string().trim().min(1).max(100), role: accountRoleSchema }), answer: invitationSchema,
});
/** Another role ends their sessions, and so does the end of the account. HQ_CHANGED_MEANWHILE where `version` is older; HQ_INVALID for oneself, and for the last administrator. */
export const changePerson = apiRoute({
  ...ofPerson, method: 'PATCH', path: '/api/people/:account', summary: 'Change a person',
  body: z.strictObject({ version: z.int(), fullName: z.string().trim().min(1).max(100).optional(), role: accountRoleSchema.optional(), isEnded: z.boolean().optional() }), answer: personSchema,
});
/** A new link in place of any before. Nothing changes until it is taken: then password, factors and sessions of before are gone. */
export const inviteAgain = apiRoute({ ...ofPerson, method: 'POST', path: '/api/people/:account/invitation', summary: 'Make a new link for a person', body: nothing, answer: invitationSchema });
export const listSessions = apiRoute({ ...ofPerson, method: 'GET', path: '/api/people/:account/sessions', summary: "A person's sessions", body: nothing, answer: sessionListSchema });
export const endSessionsOf = apiRoute({ ...ofPerson, method: 'DELETE', path: '/api/people/:account/sessions', summary: "End a person's sessions", body: nothing, answer: endedSchema });

/** The address of the page of people: who is in the side sheet. */
export const peopleFiltersSchema = z.object({ shown: accountIdSchema.optional() });
