import { generateKeyPairSync } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Mark, Welcome } from '../../domain/contract/hq.ts';
import { connectDatabase } from './database.ts';
import { loadSigningKey } from './identity/signing-key.ts';
import { startPostgres } from './embedded/postgres.ts';
import type { HqProcess } from './testing/process-rig.ts';
import { overHttp, startHqProcess } from './testing/process-rig.ts';
import { temporaryFolder } from './testing/database.ts';
import { testAccount, testKiosk, testNow } from './testing/hq.ts';
import { createSigningKiosk } from './testing/signing-kiosk.ts';
import { createStory } from './testing/story.ts';

const enrolmentCode = 'a-code-for-tests';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** One folder for all: making a cluster is what takes long. */
let DATA_FOLDER: string;
beforeAll(async () => {
  DATA_FOLDER = await temporaryFolder();
});
afterAll(() => rm(DATA_FOLDER, { recursive: true, force: true }));

function run(env: Record<string, string>): HqProcess {
  const hq = startHqProcess({ HQ_DEV_KIOSK: `${testKiosk}:${enrolmentCode}`, HQ_DEV_ACCOUNT: `${testAccount.name}:${testAccount.password}`, ...env });
  cleanups.push(hq.stop);
  return hq;
}

async function signInByFetch(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(testAccount) });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Of localhost, for a hundred years; of use nowhere else. */
const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgi/PLqKKPzxZ4+i3u
ZhME3x1D/YxurdyWF3dJOXAsPzWhRANCAAQN19fIKzkMOplPlTEMVKYonncl8J5t
EC+iiY6HWNrc0qH2OEB+NPsqnnAT4aHeoRRidMpn6MwxXrnh1V3RkLVn
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUPcCt4UQM2O5oZfbgvOHCy010k24wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE5MzEwNVoYDzIxMjYxMDI5
MTkzMTA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQN19fIKzkMOplPlTEMVKYonncl8J5tEC+iiY6HWNrc0qH2OEB+NPsq
nnAT4aHeoRRidMpn6MwxXrnh1V3RkLVno28wbTAdBgNVHQ4EFgQU+o36+C/Kc1fT
cwq2T8ICe1byhAswHwYDVR0jBBgwFoAU+o36+C/Kc1fTcwq2T8ICe1byhAswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDSQAwRgIhAI6ZoaX2XrxQGLfDYrCmHCJPs9Q2sob6EXZz52EVLX7VAiEA
4Mc5TcBhp4UFBXp89UQPXZIjaDBl1qTzheg1y4jZgA8=
-----END CERTIFICATE-----
`,
};

describe('HQ as a process', () => {
  test('says when it is ready, serves, and stops on SIGTERM with its database', async () => {
    const hq = run({ DATA_FOLDER, PORT: '0' });
    const url = await hq.ready;
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready' });
    // A console that is open does not hold up the stop.
    const live = await fetch(`${url}/api/live`, { headers: { cookie: await signInByFetch(url) } });
    const news = live.text().catch(() => '');
    hq.child.kill('SIGTERM');
    const { code, stdout, stderr } = await hq.exited;
    await news;
    expect(code).toBe(0);
    expect(stdout).toBe(`HQ is ready at ${url}\n`);
    expect(stderr).toContain('DEVELOPMENT');
    expect(stderr).not.toContain(enrolmentCode);
    expect(stderr).not.toContain(testAccount.password);
    // The folder is free and the database was closed in order.
    const owned = await startPostgres({ dataFolder: DATA_FOLDER, onLine: (line) => expect(line).not.toMatch(/not properly shut down/) });
    await owned.stop();
  }, 60_000);

  test('prints the code for its first account, which nobody else has, and lets nobody in without one', async () => {
    const hq = run({ DATA_FOLDER, PORT: '0', HQ_DEV_ACCOUNT: '' });
    const url = await hq.ready;
    expect((await fetch(`${url}/api/orders`)).status).toBe(401);
    expect(await (await fetch(`${url}/api/session`)).json()).toEqual({ state: 'signed_out', isNew: true });
    // The account of another start for development is worth nothing in this one.
    expect((await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(testAccount) })).status).toBe(401);
    hq.child.kill('SIGTERM');
    const { stdout, stderr } = await hq.exited;
    const [, code = ''] = /with this code: ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})\n/.exec(stdout) ?? [];
    expect(code).not.toBe('');
    expect(stderr).toContain('no account yet');
    expect(stderr).not.toContain(code);
  }, 60_000);

  test('killed under load and started again on the same folder, has everything that it acknowledged', async () => {
    const story = createStory(testKiosk);
    for (let index = 0; index < 150; index++) story.order({ offers: [['latte', 1], ['topUp', 1]], ending: 'declined_then_paid', at: testNow + index * 1000 });
    const events = story.lane('orders');
    let hq = run({ DATA_FOLDER, PORT: '0' });
    let url = await hq.ready;
    const { publicKey } = await loadSigningKey({ hqKeyFile: undefined, database: { kind: 'embedded', dataFolder: DATA_FOLDER } });
    const kiosk = createSigningKiosk({ app: overHttp(() => url), kioskId: testKiosk, now: Date.now, hqPublicKey: publicKey });
    expect((await kiosk.enrol(enrolmentCode)).body).toMatchObject({ state: 'approved' });
    const welcome = async () => ((await kiosk.hello()).body as Welcome).lanes.find(({ lane }) => lane === 'orders')?.acknowledged ?? 0;
    const send = async (from: number): Promise<number | undefined> => {
      const answer = await kiosk.send(events.slice(from, from + 60)).catch(() => undefined);
      return answer?.status === 200 ? (answer.body as Mark).acknowledged : undefined;
    };
    let acknowledged = await welcome();
    for (const killAfter of [120, 600]) {
      const { child, exited } = hq;
      for (;;) {
        const answer = send(acknowledged);
        // In the middle of a batch, once enough was taken.
        if (acknowledged > killAfter) child.kill('SIGKILL');
        const mark = await answer;
        if (mark === undefined) break;
        acknowledged = mark;
      }
      await exited;
      hq = run({ DATA_FOLDER, PORT: '0' });
      url = await hq.ready;
      const held = await welcome();
      expect(held).toBeGreaterThanOrEqual(acknowledged);
      expect(held === events.length || held % 60 === 0).toBe(true);
      acknowledged = held;
    }
    for (let mark: number | undefined = acknowledged; mark !== undefined && mark < events.length; ) mark = await send(mark);
    await hq.stop();
    const owned = await startPostgres({ dataFolder: DATA_FOLDER });
    const sql = connectDatabase(owned.url);
    try {
      const rows = await sql<{ payload: string; hash: string }[]>`select payload, hash from events where lane = 'orders' order by sequence`;
      expect(rows).toEqual(events.map(({ payload, hash }) => ({ payload, hash })));
      expect(await sql`select count(*) as n, count(*) filter (where state = 'fulfilled') as fulfilled from orders`).toEqual([{ n: 150, fulfilled: 150 }]);
      expect(await sql`select count(*) as n from payments`).toEqual([{ n: 300 }]);
      expect(await sql`select count(*) as n from service_requests`).toEqual([{ n: 150 }]);
    } finally {
      await sql.end();
      await owned.stop();
    }
  }, 120_000);

  test('speaks TLS itself, gives metrics to this machine alone, and carries a request id through', async () => {
    const [TLS_CERT_FILE, TLS_KEY_FILE] = [join(DATA_FOLDER, 'cert.pem'), join(DATA_FOLDER, 'key.pem')];
    await writeFile(TLS_CERT_FILE, certificate.cert);
    await writeFile(TLS_KEY_FILE, certificate.key, { mode: 0o600 });
    const url = await run({ DATA_FOLDER, PORT: '0', TLS_CERT_FILE, TLS_KEY_FILE }).ready;
    expect(url).toMatch(/^https:/);
    const ask = (path: string, headers: Record<string, string> = {}) => new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      https.get(`${url}${path}`, { ca: certificate.cert, servername: 'localhost', headers, agent: false }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
      }).on('error', reject);
    });
    // It says that it is ready when it listens; that it hears of news may be a moment later on a busy machine.
    await expect.poll(async () => (await ask('/ready')).status).toBe(200);
    const ready = await ask('/ready', { 'x-request-id': 'from-the-proxy.1' });
    expect([ready.status, ready.headers['x-request-id']]).toEqual([200, 'from-the-proxy.1']);
    expect((await ask('/ready', { 'x-request-id': 'x'.repeat(500) })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const { status, text } = await ask('/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(/counter24_http_seconds_count\{route="\/ready",method="GET",status="200"\} ([2-9]|\d{2,})$/m);
    expect(text).toMatch(/counter24_database_listening 1/);
    expect(text).toMatch(/counter24_process_resident_memory_bytes/);
    expect((await ask('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404);
    expect((await ask('/metrics', { host: 'hq.example' })).status).toBe(404);
  }, 60_000);

  test('names a certificate that cannot be read in one sentence', async () => {
    const { code, stderr } = await run({ DATA_FOLDER, TLS_CERT_FILE: join(DATA_FOLDER, 'no.pem'), TLS_KEY_FILE: join(DATA_FOLDER, 'no.pem') }).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^HQ: TLS_CERT_FILE cannot be read: ENOENT.*\n$/);
  }, 60_000);

  test('that stops says so before it shuts its door, and finishes what it has begun', async () => {
    const hq = run({ DATA_FOLDER, PORT: '0', STOP_DELAY_MS: '700' });
    const url = await hq.ready;
    await expect.poll(async () => (await fetch(`${url}/ready`)).status).toBe(200);
    hq.child.kill('SIGTERM');
    await expect.poll(async () => [(await fetch(`${url}/ready`)).status, (await fetch(`${url}/health`)).status]).toEqual([503, 200]);
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'not ready', why: 'HQ is stopping' });
    expect((await hq.exited).code).toBe(0);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  }, 60_000);

  test('of a database of its own needs the signing key by name, and the one that this database knows', async () => {
    const owned = await startPostgres({ dataFolder: DATA_FOLDER });
    try {
      expect((await run({ DATABASE_URL: owned.url }).exited).stderr).toMatch(/^HQ: Set HQ_KEY_FILE: /);
      const file = join(DATA_FOLDER, 'other.pem');
      await writeFile(file, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
      expect((await run({ DATABASE_URL: owned.url, HQ_KEY_FILE: file }).exited).stderr).toMatch(/^HQ: This HQ holds the signing key .*, but the kiosks of this database trust /);
    } finally {
      await owned.stop();
    }
  }, 60_000);

  test('names a taken port in one sentence, and takes its database down again', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    cleanups.push(() => new Promise((resolve) => squatter.close(resolve)));
    const { port } = squatter.address() as AddressInfo;
    const { code, stderr, stdout } = await run({ DATA_FOLDER, PORT: String(port) }).exited;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`HQ: Port ${port} on 127.0.0.1 is taken by another program.`);
    await (await startPostgres({ dataFolder: DATA_FOLDER })).stop();
  }, 60_000);

  test('names a wrong environment in one sentence', async () => {
    const { code, stderr } = await run({ PORT: 'many' }).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^HQ: The environment is wrong: PORT: .*\n$/);
  }, 60_000);

  test('names a database that cannot be reached in one sentence', async () => {
    const { code, stderr } = await run({ DATABASE_URL: 'postgres://hq:secret@127.0.0.1:1/hq' }).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^HQ: The database at DATABASE_URL cannot be used: .*\n$/);
    expect(stderr).not.toContain('secret');
  }, 60_000);
});
