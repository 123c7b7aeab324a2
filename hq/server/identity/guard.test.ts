import { generateKeyPairSync } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { SigningKiosk, Twist } from '../testing/signing-kiosk.ts';
import { revoke } from './decisions.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let sql: Sql;
let hq: TestHq;
let kiosk: SigningKiosk;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  await hq?.close();
  database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
  kiosk = hq.kiosk;
});
afterAll(() => hq?.close());

const greet = (twist: Twist = {}, from = kiosk) => from.ask('POST', '/api/kiosk/greet', { kioskId: from.kioskId, clock: from.clock() }, twist);
const wrong = { status: 401, body: { code: 'HQ_SIGNATURE_WRONG' }, isSigned: true };

describe('a signed request', () => {
  test('is taken, and its answer is signed for it alone', async () => {
    expect(await greet()).toMatchObject({ status: 200, body: { hqTime: testNow }, isSigned: true });
  });

  test('may arrive out of order with others in flight, each number once', async () => {
    const prepared = Array.from({ length: 20 }, () => kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() }));
    const late = [...prepared.slice(10), ...prepared.slice(0, 10).reverse()];
    expect((await Promise.all(late.map(kiosk.deliver))).map(({ status }) => status)).toEqual(late.map(() => 200));
    for (const again of await Promise.all(late.map(kiosk.deliver))) expect(again).toMatchObject({ status: 401, body: { code: 'HQ_REPLAYED' }, isSigned: true });
  });

  test('of a number long gone by is held to be a replay', async () => {
    const old = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
    const edge = Array.from({ length: 62 }, () => kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() }));
    expect((await kiosk.deliver(edge.at(-1)!)).status).toBe(200);
    expect(await kiosk.deliver(old)).toMatchObject({ status: 401, body: { code: 'HQ_REPLAYED' } });
    expect((await kiosk.deliver(edge[0]!)).status).toBe(200);
    expect((await kiosk.deliver(edge[0]!)).status).toBe(401);
    // Far ahead, nothing before is remembered singly any more.
    expect((await greet({ nonce: '100000.x' })).status).toBe(200);
    expect((await kiosk.deliver(edge[1]!)).status).toBe(401);
  });

  test('of which two copies come at once is taken once', async () => {
    for (let round = 0; round < 10; round++) {
      const prepared = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
      const answers = await Promise.all([1, 2, 3].map(() => kiosk.deliver(prepared)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    }
  });

  test('may be of any clock: a kiosk whose clock stands at 1970 or 2090 is heard', async () => {
    expect((await greet({ parameters: { created: 1 } })).status).toBe(200);
    expect((await greet({ parameters: { created: 3_800_000_000, expires: 5 } })).status).toBe(200);
    expect((await greet({ parameters: { created: undefined } })).status).toBe(200);
  });

  test('may be compressed', async () => {
    for (const [name, compress] of [['gzip', gzipSync], ['zstd', zstdCompressSync]] as const) {
      expect(await greet({ encode: { name, with: (body) => Buffer.from(compress(body)) } })).toMatchObject({ status: 200, isSigned: true });
    }
  });
});

describe('refused, in a signed answer,', () => {
  test.each<[string, Twist]>([
    ['signed by another key', { key: generateKeyPairSync('ed25519').privateKey }],
    ['with a component left out', { components: ['@method', '@authority', '@path', '@query', 'content-digest'] }],
    ['with only the path covered', { components: ['@path'] }],
    ['with the components in another order', { components: ['@authority', '@method', '@path', '@query', 'content-digest', 'counter24-session'] }],
    ['with more covered than is agreed', { components: ['@method', '@authority', '@path', '@query', 'content-digest', 'counter24-session', 'host'] }],
    ['with another tag', { parameters: { tag: 'another-app' } }],
    ['without a tag', { parameters: { tag: undefined } }],
    ['with another algorithm', { parameters: { alg: 'hmac-sha256' } }],
    ['without an algorithm', { parameters: { alg: undefined } }],
    ['with a nonce that does not count', { parameters: { nonce: 'random' } }],
    ['without a nonce', { parameters: { nonce: undefined } }],
    ['with no kiosk as its key id', { keyId: 'No Kiosk' }],
    ['with the digest of another body', { digest: 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:' }],
    ['with a digest of another kind', { digest: 'sha-512=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:' }],
    ['for another HQ', { signedAuthority: 'other-hq.example' }],
    ['with another session than was signed', { headers: { 'counter24-session': 'none' } }],
    ['with the body swapped', { encode: { name: 'identity', with: (body) => body }, digest: 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' }],
  ])('is a request %s', async (_title, twist) => {
    const answer = await greet(twist);
    expect(answer).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
    if (twist.parameters && 'nonce' in twist.parameters) expect(answer.headers['counter24-nonce']).toBe('none');
    else if (twist.components || twist.parameters || twist.digest === undefined || !twist.digest.startsWith('sha-256')) expect(answer.headers['signature']).toMatch(/^hq=:/);
    else expect(answer.isSigned).toBe(true);
  });

  test('is what is not signed at all, before its body is read', async () => {
    const answer = await hq.app.inject({ method: 'POST', url: '/api/kiosk/greet', payload: { kioskId: testKiosk } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'HQ_SIGNATURE_WRONG', detail: 'the request is not signed' });
    expect(answer.headers['signature']).toMatch(/^hq=:/);
  });

  test('is a request moved to another path, method or query', async () => {
    const prepared = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
    expect(await kiosk.deliver({ ...prepared, url: '/api/kiosk/down' })).toMatchObject(wrong);
    expect(await kiosk.deliver({ ...prepared, url: '/api/kiosk/greet?x=1' })).toMatchObject(wrong);
    // Not burnt by that: the one that was signed still goes.
    expect((await kiosk.deliver(prepared)).status).toBe(200);
  });

  test('are a second signature beside the first, and a doubled parameter', async () => {
    const prepared = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
    const { 'signature-input': input = '', signature = '' } = prepared.headers;
    const two = { 'signature-input': `${input}, other=("@method");keyid="${testKiosk}"`, signature: `${signature}, other=:AAAA:` };
    expect(await kiosk.deliver({ ...prepared, headers: { ...prepared.headers, ...two } })).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
    expect(await kiosk.deliver({ ...prepared, headers: { ...prepared.headers, 'signature-input': `${input};keyid="kiosk-002"` } })).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
  });

  test('is the session of another kiosk, and one that never was', async () => {
    const other = await hq.addKiosk(kioskIdSchema.parse('kiosk-002'));
    expect(await greet({ session: other.session() })).toMatchObject({ status: 403, body: { code: 'HQ_SESSION_ENDED' }, isSigned: true });
    expect(await greet({ session: 'none' })).toMatchObject({ status: 403, body: { code: 'HQ_SESSION_ENDED' } });
    expect(await other.ask('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() })).toMatchObject({ status: 401, body: { code: 'HQ_SIGNATURE_WRONG' } });
    expect((await greet()).status).toBe(200);
  });

  test('is a kiosk that HQ does not know', async () => {
    expect(await greet({ keyId: 'kiosk-999' })).toMatchObject({ status: 401, body: { code: 'HQ_UNKNOWN_KIOSK' }, isSigned: true });
  });

  test('is a revoked kiosk, from its next request on, in every HQ process', async () => {
    const other = await startTestHq(database, { isWithoutKiosk: true, signingKey: hq.signingKey });
    try {
      expect((await greet()).status).toBe(200);
      await revoke(sql, testKiosk, testNow);
      expect(await greet()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' }, isSigned: true });
      expect(await kiosk.hello()).toMatchObject({ status: 403, body: { code: 'HQ_KIOSK_REVOKED' } });
      const prepared = kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: kiosk.clock() });
      expect((await other.app.inject({ ...prepared, payload: prepared.payload! })).statusCode).toBe(403);
    } finally {
      await other.close();
    }
  });

  test('is what is not JSON, nests too deep, or is compressed as it should not be', async () => {
    expect(await kiosk.ask('POST', '/api/kiosk/greet', '{"kioskId":')).toMatchObject({ status: 400, body: { code: 'HQ_BATCH_MALFORMED' }, isSigned: true });
    expect(await kiosk.ask('POST', '/api/kiosk/greet', '['.repeat(3000))).toMatchObject({ status: 400, isSigned: true });
    expect(await greet({ encode: { name: 'br', with: (body) => body } })).toMatchObject({ status: 415, isSigned: true });
    expect(await greet({ encode: { name: 'gzip', with: (body) => body } })).toMatchObject({ status: 400, isSigned: true });
  });

  test('is a body over the limit, and a small one that would become a huge one', async () => {
    expect(await kiosk.ask('POST', '/api/kiosk/greet', { kioskId: 'x'.repeat(20_000) })).toMatchObject({ status: 413, isSigned: true });
    const bomb = Buffer.alloc(200_000_000);
    for (const [name, compress] of [['gzip', gzipSync], ['zstd', zstdCompressSync]] as const) {
      const small = Buffer.from(compress(bomb.subarray(0, name === 'gzip' ? 5_000_000 : undefined)));
      const before = process.memoryUsage().rss;
      expect(small.length).toBeLessThan(20_000);
      expect(await kiosk.ask('POST', '/api/kiosk/down', 'x', { encode: { name, with: () => small } })).toMatchObject({ status: 413, isSigned: true });
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    }
  });
});

describe('behind a proxy', () => {
  test('the names of the environment are what kiosks sign, whatever Host the proxy writes', async () => {
    const behind = await startTestHq(await postgres.createDatabase(), { isWithoutKiosk: true, publicAuthorities: ['hq.example', 'hq.example:8443'] });
    try {
      const far = behind.kiosk;
      const enrol = (twist: Twist) => far.ask('POST', '/api/kiosk/enrol', { kioskId: testKiosk, code: 'code-for-tests', publicKey: far.publicKey, app: '1' }, { session: 'none', ...twist });
      expect((await enrol({ host: 'inner:3000', signedAuthority: 'hq.example' })).status).toBe(200);
      expect((await enrol({ host: 'inner:3000', signedAuthority: 'hq.example:8443' })).status).toBe(200);
      expect((await enrol({ host: 'inner:3000' })).status).toBe(401);
    } finally {
      await behind.close();
    }
  });
});

test('a kiosk that runs wild is told to wait, and no other', async () => {
  const strict = await startTestHq(await postgres.createDatabase(), { requestsPerKiosk: { max: 5, timeWindowMs: 60_000 } });
  try {
    const other = await strict.addKiosk(kioskIdSchema.parse('kiosk-002'));
    const answers = [];
    for (let index = 0; index < 8; index++) answers.push(await greet({}, strict.kiosk));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429, 429, 429]);
    expect(answers.at(-1)).toMatchObject({ body: { code: 'HQ_TOO_MANY_REQUESTS' }, isSigned: true });
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await greet({}, other)).status).toBe(200);
  } finally {
    await strict.close();
  }
});
