import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { welcomeSchema } from '../../domain/contract/hq.ts';
import { createHq } from './app.ts';
import { connectDatabase } from './database.ts';
import { signingKeyOf } from './identity/signing-key.ts';
import { createBells } from './live/bells.ts';
import { createLiveHub } from './live/hub.ts';
import { createSignedClient } from '../../main/sync/signed-client.ts';
import { publicKeyOf, verifyResponse } from '../../main/sync/signatures.ts';
import type { TestPostgres } from './testing/database.ts';
import { startTestPostgres } from './testing/database.ts';
import type { TestHq, TestHqOptions } from './testing/hq.ts';
import { startTestHq, testCode, testKiosk } from './testing/hq.ts';
import { createSigningKiosk } from './testing/signing-kiosk.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function start(options: TestHqOptions = {}): Promise<TestHq> {
  const hq = await startTestHq(await postgres.createDatabase(), options);
  cleanups.push(hq.close);
  return hq;
}

async function listen(hq: TestHq): Promise<number> {
  await hq.app.listen({ host: '127.0.0.1', port: 0 });
  return (hq.app.server.address() as AddressInfo).port;
}

/** Sends text slowly, or not at all, and hears how HQ ends it. */
function speak(port: number, parts: readonly string[], everyMs: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    const waiting = [...parts];
    const next = () => {
      const part = waiting.shift();
      if (part !== undefined && socket.writable) socket.write(part);
    };
    const timer = setInterval(next, everyMs);
    next();
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve(heard);
    });
  });
}

describe('HQ over a socket', () => {
  test("is understood by the kiosk's own client, both ways, compressed and not", async () => {
    const hq = await start({ isWithoutKiosk: true });
    const port = await listen(hq);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const hqKey = publicKeyOf(hq.signingKey.publicKey);
    if (!hqKey) throw new Error('no key');
    const client = createSignedClient({
      url: `http://127.0.0.1:${port}`, kioskId: testKiosk, privateKey, fetch, now: Date.now, monotonicMs: () => performance.now(), random: Math.random, timers: { setTimeout, clearTimeout },
    });
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(await client.ask({ method: 'POST', path: '/api/kiosk/enrol', body: { kioskId: testKiosk, code: testCode, publicKey: spki, app: '1' }, hqKey })).toMatchObject({ ok: true, value: { status: 200 } });
    const clock = { at: Date.now(), boot: randomUUID(), monotonicMs: 5 };
    const hello = await client.ask({ method: 'POST', path: '/api/kiosk/hello', body: { kioskId: testKiosk, protocol: 1, app: '1', schema: 3, instance: randomUUID(), clock, lanes: [] }, hqKey, encoding: 'gzip' });
    const { session } = welcomeSchema.parse(JSON.parse(hello.ok ? hello.value.text : ''));
    for (const encoding of [undefined, 'gzip', 'zstd'] as const) {
      expect(await client.ask({ method: 'POST', path: '/api/kiosk/greet', body: { kioskId: testKiosk, clock }, session, hqKey, encoding })).toMatchObject({ ok: true, value: { status: 200 } });
    }
    expect(await client.ask({ method: 'GET', path: '/api/kiosk/history?lane=orders&epoch=1&after=0', session, hqKey })).toMatchObject({ ok: true, value: { status: 200, text: '{"events":[],"keys":[]}' } });
    expect(await client.ask({ method: 'POST', path: '/api/kiosk/a-newer-path', body: {}, session, hqKey })).toMatchObject({ ok: true, value: { status: 404 } });
    expect(await client.ask({ method: 'POST', path: '/api/kiosk/greet', body: {}, session: randomUUID(), hqKey })).toMatchObject({ ok: true, value: { status: 403 } });
  });

  test("signs the head of the bell's stream", async () => {
    const hq = await start();
    const port = await listen(hq);
    const { headers, nonce } = hq.kiosk.prepare('GET', '/api/kiosk/bell', undefined, { host: `127.0.0.1:${port}` });
    const { host: _, ...rest } = headers;
    const giveUp = new AbortController();
    const bell = await fetch(`http://127.0.0.1:${port}/api/kiosk/bell`, { headers: rest, signal: giveUp.signal });
    expect(bell.status).toBe(200);
    expect(bell.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(bell.headers.get('counter24-nonce')).toBe(nonce);
    expect(await verifyResponse(publicKeyOf(hq.signingKey.publicKey)!, 200, Object.fromEntries(bell.headers), new Uint8Array(), nonce)).toBe('signed');
    giveUp.abort();
  });

  test('cuts off who sends a head or a body too slowly, and serves the others meanwhile', async () => {
    const hq = await start({ timeouts: { headMs: 300, requestMs: 600, silenceMs: 5000 } });
    const port = await listen(hq);
    const { headers, payload = Buffer.alloc(0) } = hq.kiosk.prepare('POST', '/api/kiosk/greet', { kioskId: testKiosk, clock: hq.kiosk.clock() }, { host: `127.0.0.1:${port}` });
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const slowHead = speak(port, ['POST /api/kiosk/greet HTTP/1.1\r\n', ...head.split(/(?<=\n)/)], 200);
    const slowBody = speak(port, [`POST /api/kiosk/greet HTTP/1.1\r\n${head}content-length: ${payload.length}\r\n\r\n`, ...payload.toString().slice(0, 20)], 200);
    expect((await hq.kiosk.greet()).status).toBe(200);
    expect(await slowHead).toMatch(/^HTTP\/1\.1 408 /);
    expect(await slowBody).toMatch(/^HTTP\/1\.1 (408|400) /);
    expect((await hq.kiosk.greet()).status).toBe(200);
  });

  test('ends a connection that says nothing', async () => {
    const hq = await start({ timeouts: { headMs: 5000, requestMs: 5000, silenceMs: 300 } });
    expect(await speak(await listen(hq), [], 10_000)).toBe('');
  });
});

describe('HQ whose database is away', () => {
  test('says so in a signed answer, with the time after which to ask again', async () => {
    const url = 'postgres://hq@127.0.0.1:1/hq';
    const sql = connectDatabase(url);
    const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
    const hub = createLiveHub({ url, sql, onProblem: () => {} });
    const bells = createBells({ url, onProblem: () => {} });
    const app = await createHq({ sql, hub, bells, signingKey, now: Date.now, logger: false, webFolder: '/nowhere', console: 'withheld' });
    cleanups.push(() => app.close(), hub.close, bells.close, () => sql.end({ timeout: 1 }));
    const kiosk = createSigningKiosk({ app, kioskId: testKiosk, now: Date.now, hqPublicKey: signingKey.publicKey });
    expect(await kiosk.greet()).toMatchObject({ status: 503, body: { code: 'HQ_UNAVAILABLE' }, headers: { 'retry-after': '5' }, isSigned: true });
  });
});

test('every answer bears the id that stands in the log', async () => {
  const lines: string[] = [];
  const hq = await start({ logger: { level: 'info', stream: { write: (line: string) => void lines.push(line) } } });
  const answer = await hq.kiosk.ask('POST', '/api/kiosk/greet', {});
  expect(answer.status).toBe(400);
  const id = String(answer.headers['x-request-id']);
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  const given = await hq.app.inject({ url: '/health', headers: { 'x-request-id': 'proxy-17.4' } });
  expect(given.headers['x-request-id']).toBe('proxy-17.4');
  for (const wrong of ['x'.repeat(65), 'a b', '<script>']) expect((await hq.app.inject({ url: '/health', headers: { 'x-request-id': wrong } })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(lines.some((line) => line.includes(id) && line.includes('"status":400'))).toBe(true);
});
