import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq, TestHqOptions } from '../testing/hq.ts';
import { signIn, startTestHq, testAccount, testNow } from '../testing/hq.ts';
import { addPerson, addTotp, codeOf, cookieOf, createAuthenticator } from '../testing/people.ts';
import { faultOfPassword } from './password-rules.ts';
import { makeSetupCode } from './setup-code.ts';
import { subjectOfAddress } from './throttle.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let at = testNow;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
afterEach(() => hq?.close());

async function start(options: TestHqOptions = {}): Promise<void> {
  at = testNow;
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true, now: () => at, ...options });
}
const post = (url: string, payload: object, cookie?: string, more: Record<string, string> = {}) => hq.app.inject({ method: 'POST', url, payload, headers: { ...(cookie ? { cookie } : {}), ...more } });
const remove = (url: string, cookie: string, payload: object = {}) => hq.app.inject({ method: 'DELETE', url, payload, headers: { cookie } });
const stateOf = async (cookie: string) => (await hq.app.inject({ url: '/api/session', headers: { cookie } })).json<{ state: string }>().state;
const later = (ms: number) => { at += ms; };
const minute = 60_000;

describe('a session', () => {
  test('is a cookie that no script reads and no other site sends, and of its token the database holds a hash alone', async () => {
    await start();
    const answer = await post('/api/session', testAccount);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^counter24=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const token = /=([^;]+)/.exec(cookie)?.[1] ?? '';
    const [{ dump } = { dump: '' }] = await database.sql<{ dump: string }[]>`select json_agg(s)::text as dump from account_sessions s`;
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(Buffer.from(token).toString('hex'));
  });

  test('over TLS has the name that a browser takes for this host alone, and the plain name is not believed there', async () => {
    await start({ trustedProxies: ['loopback'] });
    const secure = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9', host: 'hq.example' };
    const person = await addPerson(hq, 'viewer', at);
    later(minute);
    const answer = await hq.app.inject({ method: 'POST', url: '/api/session', payload: { name: person.name, password: person.password, code: codeOf(person.totpSecret, at) }, headers: secure });
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-counter24=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    const token = /=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? '';
    const ask = async (cookie: string) => (await hq.app.inject({ url: '/api/account', headers: { ...secure, cookie } })).statusCode;
    expect(await ask(`__Host-counter24=${token}`)).toBe(200);
    expect(await ask(`counter24=${token}`)).toBe(401);
    // Development's account is for this machine alone.
    expect((await hq.app.inject({ method: 'POST', url: '/api/session', payload: testAccount, headers: secure })).statusCode).toBe(401);
  });

  test('ends after half an hour without a call, and after twelve hours whatever is done; a page that asks by itself keeps nobody in', async () => {
    await start();
    const cookie = await signIn(hq.app);
    for (let minutes = 0; minutes < 40; minutes += 10) {
      later(10 * minute);
      expect((await hq.app.inject({ url: '/api/account', headers: { cookie } })).statusCode).toBe(200);
    }
    for (let minutes = 0; minutes < 30; minutes += 10) {
      expect(await stateOf(cookie)).toBe('signed_in');
      expect((await hq.app.inject({ url: '/api/account', headers: { cookie, 'x-counter24-watching': '1' } })).statusCode).toBe(200);
      later(10 * minute);
    }
    expect(await stateOf(cookie)).toBe('signed_out');
    const busy = await signIn(hq.app);
    for (let minutes = 0; minutes < 720; minutes += 20) {
      expect((await hq.app.inject({ url: '/api/account', headers: { cookie: busy } })).statusCode, `${minutes}`).toBe(200);
      later(20 * minute);
    }
    expect((await hq.app.inject({ url: '/api/account', headers: { cookie: busy } })).statusCode).toBe(401);
  });

  test('ends by signing out, by its owner from elsewhere, and by an administrator', async () => {
    await start();
    const person = await addPerson(hq, 'operator', at);
    const out = await remove('/api/session', person.cookie);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect(await stateOf(person.cookie)).toBe('signed_out');
    const signInAgain = async () => {
      later(minute);
      return signIn(hq.app, { name: person.name, password: person.password, code: codeOf(person.totpSecret, at) });
    };
    const [one, two, three] = [await signInAgain(), await signInAgain(), await signInAgain()];
    const { sessions } = (await hq.app.inject({ url: '/api/account', headers: { cookie: three } })).json<{ sessions: { sessionId: string; isThis: boolean; createdAt: number }[] }>();
    expect(sessions.map(({ isThis }) => isThis).filter(Boolean)).toHaveLength(1);
    const oldest = sessions.toSorted((a, b) => a.createdAt - b.createdAt)[0]!;
    expect((await remove(`/api/account/sessions/${oldest.sessionId}`, three)).json()).toEqual({ ended: 1 });
    expect([await stateOf(one), await stateOf(two), await stateOf(three)]).toEqual(['signed_out', 'signed_in', 'signed_in']);
    expect((await remove('/api/account/sessions', three)).json()).toEqual({ ended: 1 });
    expect([await stateOf(two), await stateOf(three)]).toEqual(['signed_out', 'signed_in']);
    // Nobody ends another's by guessing its id.
    const dev = (await hq.inject({ url: '/api/account' })).json<{ sessions: { sessionId: string }[] }>().sessions[0]!;
    expect((await remove(`/api/account/sessions/${dev.sessionId}`, three)).json()).toEqual({ ended: 0 });
    expect((await hq.inject({ method: 'DELETE', url: `/api/people/${person.accountId}/sessions` })).json()).toEqual({ ended: 1 });
    expect(await stateOf(three)).toBe('signed_out');
  });

  test('ends everywhere with another password, another role, and the end of the account', async () => {
    await start();
    const person = await addPerson(hq, 'operator', at);
    later(minute);
    const elsewhere = await signIn(hq.app, { name: person.name, password: person.password, code: codeOf(person.totpSecret, at) });
    const changed = await post('/api/account/password', { password: person.password, next: 'a quite different sentence' }, person.cookie);
    const renewed = cookieOf(changed);
    expect([await stateOf(person.cookie), await stateOf(elsewhere), await stateOf(renewed)]).toEqual(['signed_out', 'signed_out', 'signed_in']);
    const { version } = (await hq.inject({ url: '/api/people' })).json<{ people: { accountId: string; version: number }[] }>().people.find(({ accountId }) => accountId === person.accountId)!;
    const change = (payload: object) => hq.inject({ method: 'PATCH', url: `/api/people/${person.accountId}`, payload });
    expect((await change({ version, role: 'viewer' })).json()).toMatchObject({ role: 'viewer', sessions: 0 });
    expect(await stateOf(renewed)).toBe('signed_out');
    expect((await change({ version, role: 'operator' })).statusCode).toBe(409);
    later(minute);
    const again = await signIn(hq.app, { name: person.name, password: 'a quite different sentence', code: codeOf(person.totpSecret, at) });
    expect((await change({ version: version + 1, isEnded: true })).json()).toMatchObject({ state: 'ended' });
    expect(await stateOf(again)).toBe('signed_out');
    later(minute);
    expect((await post('/api/session', { name: person.name, password: 'a quite different sentence', code: codeOf(person.totpSecret, at) })).statusCode).toBe(401);
  });
});

describe('the first administrator', () => {
  test('is made by the code of the log, once, and needs a second factor before anything else', async () => {
    await start({ devAccount: undefined });
    const isNew = async () => (await hq.app.inject({ url: '/api/session' })).json<{ isNew: boolean }>().isNew;
    expect(await isNew()).toBe(true);
    const old = await makeSetupCode(database.sql, at);
    const code = await makeSetupCode(database.sql, at);
    const made = (with_: string | undefined, name: string, password = 'a long enough sentence') => post('/api/setup', { code: with_, name, fullName: 'First', password });
    expect((await made(old, 'first')).statusCode).toBe(401);
    expect((await made(code, 'first', 'password1234')).json()).toMatchObject({ code: 'HQ_INVALID', reason: 'password_common' });
    const both = await Promise.all([made(code?.toLowerCase(), 'first'), made(code, 'second')]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
    expect((await made(code, 'third')).statusCode).toBe(401);
    const cookie = cookieOf(both.find(({ statusCode }) => statusCode === 200)!);
    expect([await stateOf(cookie), await isNew(), await makeSetupCode(database.sql, at)]).toEqual(['setup', false, undefined]);
    for (const url of ['/api/people', '/api/orders', '/api/audit', '/api/live']) expect((await hq.app.inject({ url, headers: { cookie } })).json(), url).toMatchObject({ code: 'HQ_NOT_ALLOWED', needsFactor: true });
    const { cookie: full, recoveryCodes } = await addTotp(hq.app, cookie, at);
    expect(recoveryCodes).toHaveLength(10);
    expect([await stateOf(cookie), await stateOf(full)]).toEqual(['signed_out', 'signed_in']);
    expect((await hq.app.inject({ url: '/api/people', headers: { cookie: full } })).statusCode).toBe(200);
  });
});

describe('an invitation', () => {
  test('is taken once, within two days, and a new one ends the one before', async () => {
    await start();
    const invited = (await hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'Li@Example.com', fullName: 'Li', role: 'viewer' } })).json<{ accountId: string; token: string }>();
    expect((await hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'li@example.com', fullName: 'Other', role: 'administrator' } })).json()).toMatchObject({ reason: 'name_taken' });
    const again = (await hq.inject({ method: 'POST', url: `/api/people/${invited.accountId}/invitation`, payload: {} })).json<{ token: string }>();
    const accept = (token: string, password = 'my own long sentence') => post('/api/invitation', { token, password });
    expect((await accept(invited.token)).statusCode).toBe(404);
    expect((await post('/api/invitation/read', { token: again.token })).json()).toMatchObject({ name: 'li@example.com', isReset: false });
    expect((await accept(again.token, 'short')).json()).toMatchObject({ reason: 'password_short' });
    const both = await Promise.all([accept(again.token), accept(again.token)]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 404]);
    const late = (await hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'late', fullName: 'Late', role: 'viewer' } })).json<{ token: string }>();
    later(48 * 60 * minute);
    expect((await accept(late.token)).statusCode).toBe(404);
  });

  test('of who lost everything ends what there was: password, code app, recovery codes, passkeys, sessions', async () => {
    await start();
    const person = await addPerson(hq, 'merchandiser', at);
    const link = (await hq.inject({ method: 'POST', url: `/api/people/${person.accountId}/invitation`, payload: {} })).json<{ token: string }>();
    // Until it is taken nothing has changed.
    expect(await stateOf(person.cookie)).toBe('signed_in');
    const setup = cookieOf(await post('/api/invitation', { token: link.token, password: 'another sentence of mine' }));
    expect([await stateOf(person.cookie), await stateOf(setup)]).toEqual(['signed_out', 'setup']);
    await addTotp(hq.app, setup, at);
    later(minute);
    for (const code of [codeOf(person.totpSecret, at), person.recoveryCodes[0]!]) {
      expect((await post('/api/session', { name: person.name, password: 'another sentence of mine', code })).statusCode).toBe(401);
    }
  });
});

describe('the second factor', () => {
  test('is asked for after the password, and a code is good once, within a step before and after', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    const enter = (code?: string, password = person.password) => post('/api/session', { name: person.name.toUpperCase(), password, ...(code === undefined ? {} : { code }) });
    expect((await enter()).json()).toEqual({ state: 'code_wanted' });
    expect((await enter()).headers['set-cookie']).toBeUndefined();
    // It was used to set it up.
    expect((await enter(codeOf(person.totpSecret, at))).statusCode).toBe(401);
    later(5 * minute);
    const code = codeOf(person.totpSecret, at);
    const both = await Promise.all([enter(code), enter(code)]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
    later(5 * minute);
    expect((await enter(codeOf(person.totpSecret, at - 60_000))).statusCode).toBe(401);
    expect((await enter(codeOf(person.totpSecret, at + 30_000))).statusCode).toBe(200);
    // An older step than the last that was used is used up too.
    expect((await enter(codeOf(person.totpSecret, at))).statusCode).toBe(401);
    expect((await enter(codeOf(person.totpSecret, at), 'wrong password of them')).statusCode).toBe(401);
  });

  test('rests sealed, while it is set up and afterwards', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    const { secret } = (await post('/api/account/totp', { password: person.password }, person.cookie)).json<{ secret: string }>();
    const [{ dump } = { dump: '' }] = await database.sql<{ dump: string }[]>`select json_agg(a)::text as dump from accounts a`;
    expect(dump).toContain(person.name);
    for (const kept of [person.totpSecret, secret]) expect(dump).not.toContain(kept);
  });

  test('may be a recovery code, each once, as it was printed or typed', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    const [first = '', second = ''] = person.recoveryCodes;
    const enter = async (code: string) => (await post('/api/session', { name: person.name, password: person.password, code })).statusCode;
    expect(await enter(first)).toBe(200);
    expect(await enter(first)).toBe(401);
    expect(await enter(second.toLowerCase().replaceAll('-', ''))).toBe(200);
    const left = (await hq.app.inject({ url: '/api/account', headers: { cookie: person.cookie } })).json();
    expect(left).toMatchObject({ hasTotp: true, recoveryCodesLeft: 8 });
    expect((await post('/api/account/recovery-codes', { password: 'not the password' }, person.cookie)).json()).toMatchObject({ reason: 'password_wrong' });
    const { recoveryCodes } = (await post('/api/account/recovery-codes', { password: person.password }, person.cookie)).json<{ recoveryCodes: string[] }>();
    expect(await enter(person.recoveryCodes[2]!)).toBe(401);
    expect(await enter(recoveryCodes[0]!)).toBe(200);
    const [{ dump } = { dump: '' }] = await database.sql<{ dump: string }[]>`select json_agg(c)::text as dump from account_recovery_codes c`;
    for (const code of recoveryCodes) expect(dump).not.toContain(code);
  });

  test('is changed only by who knows the password, and the last one stays', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    expect((await post('/api/account/totp', {}, person.cookie)).json()).toMatchObject({ reason: 'password_wanted' });
    expect((await post('/api/account/passkeys/challenge', {}, person.cookie)).json()).toMatchObject({ reason: 'password_wanted' });
    expect((await remove('/api/account/totp', person.cookie, { password: person.password })).json()).toMatchObject({ reason: 'only_factor' });
    const other = (await post('/api/account/totp', { password: person.password }, person.cookie)).json<{ secret: string; uri: string }>();
    expect(other.uri).toContain(`otpauth://totp/Counter%2024%20HQ:${person.name}?`);
    // Until it is confirmed the old one counts.
    later(5 * minute);
    expect((await post('/api/session', { name: person.name, password: person.password, code: codeOf(other.secret, at) })).statusCode).toBe(401);
    expect((await post('/api/account/totp/confirm', { code: '000000' }, person.cookie)).json()).toMatchObject({ reason: 'code_wrong' });
    expect((await post('/api/account/totp/confirm', { code: codeOf(other.secret, at) }, person.cookie)).json()).toEqual({ recoveryCodes: null });
    later(5 * minute);
    expect((await post('/api/session', { name: person.name, password: person.password, code: codeOf(person.totpSecret, at) })).statusCode).toBe(401);
    expect((await post('/api/session', { name: person.name, password: person.password, code: codeOf(other.secret, at) })).statusCode).toBe(200);
  });
});

describe('a session that the password alone let in', () => {
  /** Two of them of one person, before there is any second factor: the second may be somebody's who has read the password. */
  const twoSetups = async () => {
    await start();
    const invited = (await hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'chen', fullName: 'Chen', role: 'administrator' } })).json<{ token: string }>();
    const own = cookieOf(await post('/api/invitation', { token: invited.token, password: 'what chen has chosen' }));
    const other = cookieOf(await post('/api/session', { name: 'chen', password: 'what chen has chosen' }));
    return { own, other };
  };

  test('ends when a second factor is set up in another one: it sets up none of its own, and is not let in whole', async () => {
    const { own, other } = await twoSetups();
    expect(await stateOf(other)).toBe('setup');
    const { totpSecret } = await addTotp(hq.app, own, at);
    expect(await stateOf(other)).toBe('signed_out');
    for (const url of ['/api/account/totp', '/api/account/passkeys/challenge']) expect((await post(url, { password: 'what chen has chosen' }, other)).statusCode, url).toBe(401);
    later(minute);
    expect((await post('/api/session', { name: 'chen', password: 'what chen has chosen', code: codeOf(totpSecret, at) })).json()).toEqual({ state: 'signed_in' });
  });

  test('sets up the first factor, and of two at one moment one does', async () => {
    const { own, other } = await twoSetups();
    const authenticator = createAuthenticator('localhost');
    const { secret } = (await post('/api/account/totp', {}, own)).json<{ secret: string }>();
    const options = (await post('/api/account/passkeys/challenge', {}, other)).json<{ challenge: string }>();
    const answers = await Promise.all([
      post('/api/account/totp/confirm', { code: codeOf(secret, at) }, own),
      post('/api/account/passkeys', { name: 'key', credential: authenticator.register(options, 'http://localhost:80') }, other),
      post('/api/account/passkeys', { name: 'key', credential: authenticator.register(options, 'http://localhost') }, other),
    ]);
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });
});

describe('a passkey', () => {
  const origin = 'http://localhost:24024';
  const host = { host: 'localhost:24024' };
  const addKey = async (cookie: string, authenticator: ReturnType<typeof createAuthenticator>, password?: string) => {
    const options = (await post('/api/account/passkeys/challenge', password === undefined ? {} : { password }, cookie, host)).json<{ challenge: string }>();
    return { options, answer: await post('/api/account/passkeys', { name: 'Laptop', credential: authenticator.register(options, origin) }, cookie, host) };
  };
  const challenge = async () => (await post('/api/session/passkey/challenge', {}, undefined, host)).json<{ challenge: string }>();
  const enter = (credential: object) => post('/api/session/passkey', { credential }, undefined, host);

  test('is a second factor by itself, and signs in without a password', async () => {
    await start();
    const invited = (await hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'key-holder', fullName: 'Key', role: 'accountant' } })).json<{ accountId: string; token: string }>();
    const setup = cookieOf(await post('/api/invitation', { token: invited.token, password: 'a sentence of the holder' }));
    const authenticator = createAuthenticator('localhost');
    const { options, answer } = await addKey(setup, authenticator);
    expect(options).toMatchObject({ rp: { id: 'localhost' }, authenticatorSelection: { residentKey: 'required', userVerification: 'required' } });
    expect(answer.json<{ recoveryCodes: string[] }>().recoveryCodes).toHaveLength(10);
    const full = cookieOf(answer);
    expect(await stateOf(full)).toBe('signed_in');
    expect((await post('/api/session', { name: 'key-holder', password: 'a sentence of the holder' })).json()).toEqual({ state: 'passkey_wanted' });

    const entered = await enter(authenticator.sign(await challenge(), origin, { userHandle: invited.accountId }));
    expect(entered.json()).toEqual({ state: 'signed_in' });
    expect(await stateOf(cookieOf(entered))).toBe('signed_in');
    // It is the only factor.
    expect((await remove(`/api/account/passkeys/${authenticator.id}`, full, { password: 'a sentence of the holder' })).json()).toMatchObject({ reason: 'only_factor' });
    const second = createAuthenticator('localhost');
    expect((await addKey(full, second, 'a sentence of the holder')).answer.json()).toEqual({ recoveryCodes: null });
    expect((await remove(`/api/account/passkeys/${authenticator.id}`, full, { password: 'a sentence of the holder' })).statusCode).toBe(200);
    expect((await enter(authenticator.sign(await challenge(), origin))).statusCode).toBe(401);
    expect((await enter(second.sign(await challenge(), origin))).statusCode).toBe(200);
  });

  test('is refused by an old challenge, another site, another account, without its user, and when its counter goes back', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    const authenticator = createAuthenticator('localhost');
    expect((await addKey(person.cookie, authenticator, person.password)).answer.statusCode).toBe(200);
    const used = await challenge();
    expect((await enter(authenticator.sign(used, origin))).statusCode).toBe(200);
    expect((await enter(authenticator.sign(used, origin))).statusCode).toBe(401);
    const old = await challenge();
    later(3 * minute);
    expect((await enter(authenticator.sign(old, origin))).statusCode).toBe(401);
    expect((await enter(authenticator.sign({ challenge: 'bWFkZS11cA' }, origin))).statusCode).toBe(401);
    expect((await enter(authenticator.sign(await challenge(), 'https://evil.example'))).statusCode).toBe(401);
    expect((await enter(authenticator.sign(await challenge(), origin, { isUserVerified: false }))).statusCode).toBe(401);
    expect((await enter(authenticator.sign(await challenge(), origin, { userHandle: '01936a00-0000-4000-8000-000000000001' }))).statusCode).toBe(401);
    expect((await enter(createAuthenticator('localhost').sign(await challenge(), origin))).statusCode).toBe(401);
    expect((await enter({ ...authenticator.sign(await challenge(), origin), id: createAuthenticator('localhost').id })).statusCode).toBe(401);
    expect((await enter({ id: authenticator.id, rawId: authenticator.id, type: 'public-key', response: {} })).statusCode).toBe(401);
    expect((await enter(authenticator.sign(await challenge(), origin, { counter: 40 }))).statusCode).toBe(200);
    expect((await enter(authenticator.sign(await challenge(), origin, { counter: 40 }))).statusCode).toBe(401);
    expect((await enter(authenticator.sign(await challenge(), origin, { counter: 12 }))).statusCode).toBe(401);
    // A registration's challenge is for that account alone.
    const mine = (await post('/api/account/passkeys/challenge', { password: person.password }, person.cookie, host)).json<{ challenge: string }>();
    const stranger = await addPerson(hq, 'viewer', at);
    expect((await post('/api/account/passkeys', { name: 'Mine now', credential: createAuthenticator('localhost').register(mine, origin) }, stranger.cookie, host)).json()).toMatchObject({ reason: 'passkey_refused' });
  });
});

describe('guessing', () => {
  const guess = async (name: string, password = 'not the password', address = '127.0.0.1', code?: string) =>
    hq.app.inject({ method: 'POST', url: '/api/session', payload: { name, password, ...(code ? { code } : {}) }, remoteAddress: address });

  test('is answered alike for accounts that exist and that do not, and waits longer and longer', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    const answers = { known: [] as unknown[], unknown: [] as unknown[] };
    for (let index = 0; index < 6; index++) {
      for (const [list, name] of [[answers.known, person.name], [answers.unknown, 'nobody-at-all']] as const) {
        const answer = await guess(name);
        list.push([answer.statusCode, answer.json()]);
      }
    }
    expect(answers.known).toEqual(answers.unknown);
    expect(answers.known.map((entry) => (entry as [number])[0])).toEqual([401, 401, 401, 401, 401, 429]);
    expect(answers.known[5]).toMatchObject([429, { code: 'HQ_TOO_MANY_REQUESTS', waitMs: 30_000 }]);
    // Not even by the right words while it waits.
    expect((await guess(person.name, person.password)).statusCode).toBe(429);
    later(30_000);
    expect((await guess(person.name)).statusCode).toBe(401);
    expect((await guess(person.name)).json()).toMatchObject({ waitMs: 60_000 });
    later(60_000);
    expect((await guess(person.name, person.password)).json()).toEqual({ state: 'code_wanted' });
    // To ask for the code is no wrong try, and takes none of the wrong ones away.
    expect((await guess(person.name, person.password, undefined, '000000')).statusCode).toBe(401);
    expect((await guess(person.name)).json()).toMatchObject({ waitMs: 120_000 });
    later(120_000);
    expect((await guess(person.name, person.password, undefined, codeOf(person.totpSecret, at))).statusCode).toBe(200);
    expect((await guess(person.name)).statusCode).toBe(401);
    expect((await guess(person.name)).statusCode).toBe(401);
  }, 60_000);

  test('by a stranger who knows only the name keeps nobody who is in from their own password and passkeys; there wrong tries are counted apart', async () => {
    await start();
    const person = await addPerson(hq, 'operator', at);
    for (let index = 0; index < 6; index++) await guess(person.name);
    expect((await guess(person.name, person.password)).statusCode).toBe(429);
    expect((await post('/api/account/passkeys/challenge', { password: person.password }, person.cookie)).statusCode).toBe(200);
    const confirmed = [];
    for (let index = 0; index < 6; index++) confirmed.push((await post('/api/account/passkeys/challenge', { password: `wrong ${index}` }, person.cookie)).statusCode);
    expect(confirmed).toEqual([422, 422, 422, 422, 422, 429]);
    // Not even by the right one while it waits; a new password takes both counts away.
    expect((await post('/api/account/password', { password: person.password, next: 'another long one of theirs' }, person.cookie)).statusCode).toBe(429);
    later(30_000);
    const changed = await post('/api/account/password', { password: person.password, next: 'another long one of theirs' }, person.cookie);
    expect(changed.statusCode).toBe(200);
    expect((await guess(person.name, 'another long one of theirs')).json()).toEqual({ state: 'code_wanted' });
    for (let index = 0; index < 4; index++) expect((await post('/api/account/passkeys/challenge', { password: `wrong ${index}` }, cookieOf(changed))).statusCode).toBe(422);
    expect((await post('/api/account/passkeys/challenge', { password: 'another long one of theirs' }, cookieOf(changed))).statusCode).toBe(200);
  }, 60_000);

  test('at one moment counts like as many one after another', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    const answers = await Promise.all(Array.from({ length: 12 }, () => guess(person.name)));
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
  });

  test('over many accounts stops the address', async () => {
    await start({ trustedProxies: ['loopback'] });
    const tries = async (address: string, times: number) => {
      const answers = [];
      for (let index = 0; index < times; index++) {
        answers.push((await hq.app.inject({ method: 'POST', url: '/api/session', payload: { name: `name-${address}-${index}`, password: 'x' }, headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'https' } })).statusCode);
      }
      return answers;
    };
    expect((await tries('203.0.113.9', 31)).indexOf(429)).toBe(30);
    expect(await tries('203.0.113.10', 2)).toEqual([401, 401]);
  }, 60_000);

  test('is stopped before it costs anything where calls come too fast', async () => {
    await start({ callsPerAddress: 3 });
    const answers = [];
    for (let index = 0; index < 5; index++) answers.push(await post('/api/session/passkey/challenge', {}));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429, 429]);
    expect(answers[4]!.json()).toMatchObject({ code: 'HQ_TOO_MANY_REQUESTS' });
    expect((await hq.app.inject({ url: '/api/session' })).statusCode).toBe(200);
  });

  test('from one network of IPv6 counts as from one address', () => {
    expect(['2001:db8:1:2::9', '2001:db8:1:2:ffff:1:2:3', '2001:0db8:0001:0002::'].map(subjectOfAddress)).toEqual(Array<string>(3).fill('address:2001:db8:1:2::/64'));
    expect(['203.0.113.9', '::ffff:203.0.113.9', '::1', '2001:db8::1:2:3:4:5'].map(subjectOfAddress)).toEqual(['address:203.0.113.9', 'address:203.0.113.9', 'address:0:0:0:0::/64', 'address:2001:db8:0:1::/64']);
  });

  test('of an unknown account is as much work as of a known one, so that time tells nothing', async () => {
    await start();
    const person = await addPerson(hq, 'viewer', at);
    // Of the processor, not of the clock: whatever else the machine does, the work is the same.
    const work = async (name: string) => {
      await database.sql`delete from sign_in_tries`;
      const begun = process.cpuUsage();
      await guess(name);
      const { user, system } = process.cpuUsage(begun);
      return user + system;
    };
    const spent: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let index = 0; index < 7; index++) {
      spent.known.push(await work(person.name));
      spent.unknown.push(await work(`nobody-${index}`));
    }
    const [known, unknown] = [spent.known, spent.unknown].map((all) => all.toSorted((one, other) => one - other)[3]!) as [number, number];
    // An answer without the hash would take a tenth.
    expect(unknown).toBeGreaterThan(known * 0.4);
    expect(known).toBeGreaterThan(unknown * 0.4);
  }, 60_000);
});

test.each([
  ['too short a', 'password_short'], ['一二三四五六七八九十一', 'password_short'], ['Password1234', 'password_common'], ['password1234!!', 'password_common'], ['abababababababab', 'password_common'], ['123412341234', 'password_common'],
  ['abcdefghijklmnop', 'password_common'], ['9876543210987', 'password_common'], ['li.hua-2026!', 'password_name'], ['shop window after rain', undefined], ['雨后的橱窗和一杯豆浆油条', undefined], ['kq3 vv8 zz1 p0', undefined],
] as const)('the password "%s" is %s', (password, fault) => {
  expect(faultOfPassword(password, 'li.hua')).toBe(fault);
});

describe('administrators', () => {
  test('cannot do away with themselves, nor with the last of them', async () => {
    await start();
    const one = await addPerson(hq, 'administrator', at);
    const two = await addPerson(hq, 'administrator', at);
    const change = (cookie: string, accountId: string, payload: object) => hq.app.inject({ method: 'PATCH', url: `/api/people/${accountId}`, payload: { version: 2, ...payload }, headers: { cookie } });
    expect((await change(one.cookie, one.accountId, { role: 'viewer' })).json()).toMatchObject({ reason: 'oneself' });
    const both = await Promise.all([change(one.cookie, two.accountId, { role: 'viewer' }), change(two.cookie, one.accountId, { role: 'viewer' })]);
    expect(both.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    const left = (await hq.inject({ url: '/api/people' })).json<{ people: { accountId: string; role: string; isDevelopment: boolean; version: number }[] }>().people.filter(({ role, isDevelopment }) => role === 'administrator' && !isDevelopment);
    expect(left).toHaveLength(1);
    expect((await hq.inject({ method: 'PATCH', url: `/api/people/${left[0]!.accountId}`, payload: { version: left[0]!.version, isEnded: true } })).json()).toMatchObject({ reason: 'last_administrator' });
  });
});
