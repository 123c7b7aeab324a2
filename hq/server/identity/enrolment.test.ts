import { generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testCode, testKiosk, testNow } from '../testing/hq.ts';
import type { SigningKiosk } from '../testing/signing-kiosk.ts';
import { createSigningKiosk } from '../testing/signing-kiosk.ts';
import { approve, reinstate, revoke } from './decisions.ts';
import { makeCode } from './enrolment.ts';
import { provenKeys } from './kiosk-keys.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
let now = testNow;
const kioskId = kioskIdSchema.parse('kiosk-007');
const hourMs = 3_600_000;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  await hq?.close();
  now = testNow;
  const database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database, { isWithoutKiosk: true, now: () => now });
});
afterAll(() => hq?.close());

const newKiosk = (id: string = kioskId): SigningKiosk => createSigningKiosk({ app: hq.app, kioskId: id, now: () => now, hqPublicKey: hq.signingKey.publicKey });
const wrongCode = { status: 403, body: { code: 'HQ_CODE_WRONG' }, isSigned: true };

describe('enrolment', () => {
  test('by the code that HQ made: the key waits until a person approves it, then the kiosk is welcome', async () => {
    const { code, expiresAt } = await makeCode(sql, kioskId, 'North hall', now, hourMs);
    expect(code).toMatch(/^[2-9A-HJ-NP-TW-Z]{4}-[2-9A-HJ-NP-TW-Z]{4}$/);
    expect(expiresAt).toBe(now + hourMs);
    const kiosk = newKiosk();
    expect(await kiosk.enrol(code)).toMatchObject({ status: 200, body: { state: 'waiting', hqPublicKey: hq.signingKey.publicKey, hqTime: now }, isSigned: true });
    expect(await kiosk.hello()).toMatchObject({ status: 401, body: { code: 'HQ_UNKNOWN_KIOSK' }, isSigned: true });
    expect(await approve(sql, kioskId, '', now)).toMatchObject({ ok: true });
    expect(await kiosk.enrol(code)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect((await kiosk.hello()).status).toBe(200);
    expect(await sql`select name, token_hash from kiosks where kiosk_id = ${kioskId}`).toEqual([{ name: 'North hall', token_hash: null }]);
  });

  test('takes the code as a person types it', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    expect((await newKiosk().enrol(` ${code.toLowerCase().replace('-', ' ')} `)).status).toBe(200);
  });

  test('of the same key hears its state again, even when the code has long expired', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    const kiosk = newKiosk();
    await kiosk.enrol(code);
    now += 100 * hourMs;
    expect(await kiosk.enrol('forgotten')).toMatchObject({ status: 200, body: { state: 'waiting' } });
  });

  test('of several keys at once by one code takes one, and hears that one asking twice', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    const kiosks = [newKiosk(), newKiosk(), newKiosk()];
    const answers = await Promise.all([...kiosks, ...kiosks].map(async (kiosk) => ({ kiosk, status: (await kiosk.enrol(code)).status })));
    const taken = answers.filter(({ status }) => status === 200);
    expect(taken).toHaveLength(2);
    expect(taken[0]?.kiosk).toBe(taken[1]?.kiosk);
    expect(await sql`select state from kiosk_keys`).toEqual([{ state: 'waiting' }]);
  });

  test('is refused for a code that is wrong, was used by another key, has expired, or is of another kiosk', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    expect(await newKiosk().enrol('ABCD-EFGH')).toMatchObject(wrongCode);
    expect(await newKiosk('kiosk-008').enrol(code)).toMatchObject(wrongCode);
    expect((await newKiosk().enrol(code)).status).toBe(200);
    expect(await newKiosk().enrol(code)).toMatchObject(wrongCode);
    const later = await makeCode(sql, kioskId, undefined, now, hourMs);
    now += hourMs;
    expect(await newKiosk().enrol(later.code)).toMatchObject(wrongCode);
    expect(await sql`select count(*) as n from kiosk_keys`).toEqual([{ n: 1 }]);
  });

  test('lets a code be guessed ten times, in all HQ processes together', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    const statuses = await Promise.all(Array.from({ length: 10 }, (_, index) => newKiosk().enrol(`WRONG${index}`)));
    expect(statuses.map(({ status }) => status)).toEqual(statuses.map(() => 403));
    expect(await sql`select guesses from enrolment_codes`).toEqual([{ guesses: 10 }]);
    // The address is held off here, so another process is asked: the right code is worth nothing any more.
    const answer = await newKiosk().enrol(code);
    expect(answer).toMatchObject({ status: 429, body: { code: 'HQ_TOO_MANY_REQUESTS' }, isSigned: true });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    const other = await startTestHq({ sql, url: (await postgres.createDatabase()).url }, { isWithoutKiosk: true, signingKey: hq.signingKey });
    try {
      const there = createSigningKiosk({ app: other.app, kioskId, now: () => now, hqPublicKey: hq.signingKey.publicKey });
      expect(await there.enrol(code)).toMatchObject(wrongCode);
    } finally {
      await other.close();
    }
  });

  test('is not stopped by strangers: not for a kiosk that waits, and not from another address', async () => {
    const waiting = newKiosk();
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    expect(await waiting.enrol(code)).toMatchObject({ status: 200, body: { state: 'waiting' } });
    const from = (remoteAddress: string): FastifyInstance => ({ inject: (options: InjectOptions) => hq.app.inject({ ...options, remoteAddress }) }) as unknown as FastifyInstance;
    const statuses = new Set<number>();
    for (let address = 1; address <= 12; address++) {
      const stranger = createSigningKiosk({ app: from(`127.0.0.${address}`), kioskId: 'kiosk-404', now: () => now, hqPublicKey: hq.signingKey.publicKey });
      for (let guess = 0; guess < 11; guess++) statuses.add((await stranger.enrol(`WRONG${guess}`)).status);
    }
    expect([...statuses]).toEqual([403, 429]);
    // Behind the very address of one of them.
    for (let again = 0; again < 3; again++) expect(await waiting.enrol(code)).toMatchObject({ status: 200, body: { state: 'waiting' } });
    const other = createSigningKiosk({ app: from('127.0.1.1'), kioskId: 'kiosk-008', now: () => now, hqPublicKey: hq.signingKey.publicKey });
    const { code: right } = await makeCode(sql, kioskIdSchema.parse('kiosk-008'), undefined, now, hourMs);
    expect(await other.enrol(right)).toMatchObject({ status: 200, body: { state: 'waiting' } });
  });

  test('is refused where the request is not signed by the key that it brings, or brings none', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    const kiosk = newKiosk();
    const bring = (publicKey: string, twist = {}) => kiosk.ask('POST', '/api/kiosk/enrol', { kioskId, code, publicKey, app: '1' }, { session: 'none', ...twist });
    expect(await bring(newKiosk().publicKey)).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' }, isSigned: true });
    expect(await bring(kiosk.publicKey, { keyId: 'kiosk-008' })).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
    expect(await bring('no key')).toMatchObject({ status: 400 });
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(await bring(rsa)).toMatchObject({ status: 400 });
    expect((await bring(kiosk.publicKey)).status).toBe(200);
  });

  test('of a second key leaves the first in force until a person approves, and ends it then', async () => {
    const first = newKiosk();
    await first.enrol((await makeCode(sql, kioskId, undefined, now, hourMs)).code);
    await approve(sql, kioskId, '', now);
    await first.hello();
    const second = newKiosk();
    await second.enrol((await makeCode(sql, kioskId, undefined, now, hourMs)).code);
    expect((await first.greet()).status).toBe(200);
    await approve(sql, kioskId, '', (now += 1000));
    expect(await first.greet()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
    expect((await second.hello()).status).toBe(200);
    // What the first has signed can still be checked.
    expect((await provenKeys(sql, kioskId)).map(({ spki }) => spki.toString('base64'))).toEqual([second.publicKey, first.publicKey]);
  });

  test('of several keys that wait has one approved by name', async () => {
    for (let count = 0; count < 2; count++) await newKiosk().enrol((await makeCode(sql, kioskId, undefined, now, hourMs)).code);
    const several = await approve(sql, kioskId, '', now);
    const fingerprints = several.ok || several.error.kind !== 'several' ? [] : several.error.fingerprints;
    expect(fingerprints).toHaveLength(2);
    expect(await approve(sql, kioskId, fingerprints[1]!.slice(0, 12), now)).toEqual({ ok: true, value: { fingerprint: fingerprints[1] } });
    expect(await approve(sql, kioskId, 'ffffffffffffffff', now)).toEqual({ ok: false, error: { kind: 'none_waiting' } });
  });
});

describe('revoking and taking back', () => {
  test('end the key, its session and its code, until a person takes it back', async () => {
    const kiosk = newKiosk();
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    await kiosk.enrol(code);
    await approve(sql, kioskId, '', now);
    await kiosk.hello();
    expect(await revoke(sql, kioskId, now)).toEqual({ ok: true, value: { revoked: 1, isCodeVoid: false } });
    expect(await kiosk.greet()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
    expect(await kiosk.enrol(code)).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
    expect(await newKiosk().enrol(code)).toMatchObject(wrongCode);
    expect(await revoke(sql, kioskId, now)).toEqual({ ok: false, error: { kind: 'unknown' } });
    expect(await reinstate(sql, kioskId, '', now)).toMatchObject({ ok: true, value: { was: 'revoked', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
    expect(await reinstate(sql, kioskId, '', now)).toEqual({ ok: false, error: { kind: 'nothing_to_undo' } });
    // Its session has ended; the same run says hello again.
    expect(await kiosk.greet()).toMatchObject({ status: 403, body: { code: 'HQ_SESSION_ENDED' } });
    expect((await kiosk.hello()).status).toBe(200);
    expect((await kiosk.greet()).status).toBe(200);
  });

  test('take back the key that a person approved last, and one that nobody approved only by its name', async () => {
    const enrolOne = async () => {
      await newKiosk().enrol((await makeCode(sql, kioskId, undefined, now, hourMs)).code);
      const [row] = await sql<{ fingerprint: string }[]>`select fingerprint from kiosk_keys where kiosk_id = ${kioskId} and state = 'waiting'`;
      return row?.fingerprint ?? '';
    };
    const ours = await enrolOne();
    await approve(sql, kioskId, '', (now += 1000));
    now += 1000;
    const strangers = await enrolOne();
    // Its person sees the fingerprint, and revokes everything.
    expect(await revoke(sql, kioskId, (now += 1000))).toMatchObject({ ok: true, value: { revoked: 2 } });
    expect(await reinstate(sql, kioskId, '', (now += 1000))).toEqual({ ok: true, value: { was: 'revoked', fingerprint: ours } });
    await revoke(sql, kioskId, (now += 1000));
    expect(await reinstate(sql, kioskId, strangers.slice(0, 16), (now += 1000))).toEqual({ ok: true, value: { was: 'revoked', fingerprint: strangers } });
  });

  test('take back no key at all where none was ever approved', async () => {
    await newKiosk().enrol((await makeCode(sql, kioskId, undefined, now, hourMs)).code);
    await revoke(sql, kioskId, now);
    expect(await reinstate(sql, kioskId, '', now)).toEqual({ ok: false, error: { kind: 'nothing_to_undo' } });
  });

  test('end a code that no key has used yet', async () => {
    const { code } = await makeCode(sql, kioskId, undefined, now, hourMs);
    expect(await revoke(sql, kioskId, now)).toEqual({ ok: true, value: { revoked: 0, isCodeVoid: true } });
    expect(await newKiosk().enrol(code)).toMatchObject(wrongCode);
  });

  test('of a kiosk that HQ does not know say so', async () => {
    for (const decide of [revoke(sql, kioskId, now), approve(sql, kioskId, '', now), reinstate(sql, kioskId, '', now)]) {
      expect(await decide).toEqual({ ok: false, error: { kind: 'unknown' } });
    }
  });
});

describe('the code of development', () => {
  test('enrols a key at once, the same again and a new one in its place', async () => {
    const [first, second] = [newKiosk(testKiosk), newKiosk(testKiosk)];
    expect(await first.enrol(testCode)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await first.enrol(testCode)).toMatchObject({ status: 200, body: { state: 'approved' } });
    await first.hello();
    expect(await second.enrol(testCode)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await first.greet()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
    expect((await second.hello()).status).toBe(200);
    expect(await first.enrol(testCode)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect((await first.hello()).status).toBe(200);
  });

  test('is of its kiosk alone, letter by letter', async () => {
    expect(await newKiosk().enrol(testCode)).toMatchObject(wrongCode);
    expect(await newKiosk(testKiosk).enrol(testCode.toUpperCase())).toMatchObject(wrongCode);
  });
});
