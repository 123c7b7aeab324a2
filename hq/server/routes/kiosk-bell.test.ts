import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { ring } from '../down/ring.ts';
import { endSessions, openSession as openKioskSession } from '../identity/sessions.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { Bells, BellsDeps } from '../live/bells.ts';
import { createBells } from '../live/bells.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { kioskBellRoutes } from './kiosk-bell.ts';
import './kiosk-request.ts';

const first = kioskIdSchema.parse('kiosk-001');
const second = kioskIdSchema.parse('kiosk-002');
let postgres: TestPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  for (const kioskId of [first, second]) await ensureKiosk(database.sql, kioskId, kioskId, 1);
}, 60_000);
afterAll(() => postgres?.stop());
const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function openSession(kioskId: KioskId): Promise<string> {
  const clock = { at: 1, boot: randomUUID(), monotonicMs: 1 };
  const opened = await openKioskSession(database.sql, { kioskId, protocol: 1, app: '1', schema: 1, instance: randomUUID(), clock, lanes: [] }, 1, 1);
  if (opened.kind !== 'open') throw new Error(opened.kind);
  return opened.session;
}

/** One HQ process as far as bells go. The guard's part, who it is, comes by header here. */
async function startProcess(options: Partial<BellsDeps> = {}) {
  const bells: Bells = createBells({ url: database.url, onProblem: () => {}, retryMs: 20, ...options });
  const app = Fastify();
  app.decorateRequest('kiosk', undefined);
  app.addHook('onRequest', async (request) => {
    request.kiosk = { kioskId: request.headers['x-kiosk'] as KioskId, session: request.headers['x-session'] as string };
  });
  await app.register(async (scope) => kioskBellRoutes(scope, { bells, sql: database.sql }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await app.close();
  };
  cleanups.push(stop);
  await expect.poll(() => bells.isListening()).toBe(true);
  return { app, bells, port, stop };
}

async function listen(port: number, kioskId: KioskId, session: string) {
  const heard = { text: '', ended: false, status: 0, headers: {} as http.IncomingHttpHeaders };
  const request = http.get({ port, host: '127.0.0.1', path: '/api/kiosk/bell', headers: { 'x-kiosk': kioskId, 'x-session': session }, agent: false });
  request.on('error', () => { heard.ended = true; });
  await new Promise<void>((resolve) => request.once('response', (answer) => {
    Object.assign(heard, { status: answer.statusCode, headers: answer.headers });
    answer.on('data', (chunk: Buffer) => { heard.text += chunk.toString(); });
    answer.on('close', () => { heard.ended = true; });
    answer.on('error', () => {});
    resolve();
  }));
  cleanups.push(() => void request.destroy());
  return { heard, request, rings: () => heard.text.split('event: news').length - 1 };
}

describe('the bell', () => {
  test('rings at once, then for what is for its kiosk or for all, through every HQ process', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    const [a, b] = [await listen(one.port, first, await openSession(first)), await listen(two.port, second, await openSession(second))];
    expect(a.heard.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    await expect.poll(() => [a.rings(), b.rings()]).toEqual([1, 1]);
    await ring(database.sql, first);
    await expect.poll(() => [a.rings(), b.rings()]).toEqual([2, 1]);
    await ring(database.sql, { all: true });
    await expect.poll(() => [a.rings(), b.rings()]).toEqual([3, 2]);
    expect(a.heard.text.replaceAll('event: news\ndata: {}\n\n', '')).toBe('');
  });

  test('rings only when the transaction commits', async () => {
    const { port } = await startProcess();
    const bell = await listen(port, first, await openSession(first));
    await expect.poll(() => bell.rings()).toBe(1);
    await database.sql.begin(async (transaction) => {
      await ring(transaction, first);
      throw new Error('undone');
    }).catch(() => {});
    await ring(database.sql, second);
    await ring(database.sql, first);
    await expect.poll(() => bell.rings()).toBe(2);
  });

  test('ends at a revocation, in whatever process it is held, and for this kiosk alone', async () => {
    const { port, bells } = await startProcess();
    const [a, b] = [await listen(port, first, await openSession(first)), await listen(port, second, await openSession(second))];
    await database.sql.begin((transaction) => endSessions(transaction, first, 2));
    await expect.poll(() => a.heard.ended).toBe(true);
    expect([b.heard.ended, bells.count()]).toEqual([false, 1]);
  });

  test('ends where the session was over before the stream stood', async () => {
    const { port, bells } = await startProcess();
    const bell = await listen(port, first, randomUUID());
    await expect.poll(() => bell.heard.ended).toBe(true);
    expect(bells.count()).toBe(0);
  });

  test('is one for each kiosk: a newer one takes the place of the older, whose end does not end it', async () => {
    const { port, bells } = await startProcess();
    const session = await openSession(first);
    const older = await listen(port, first, session);
    const newer = await listen(port, first, session);
    await expect.poll(() => older.heard.ended).toBe(true);
    expect(bells.count()).toBe(1);
    await ring(database.sql, first);
    await expect.poll(() => newer.rings()).toBe(2);
  });

  test('beats, so that a dead line is noticed, and ends after its age', async () => {
    const { port } = await startProcess({ heartbeatMs: 20, maxAgeMs: 200 });
    const bell = await listen(port, first, await openSession(first));
    await expect.poll(() => bell.heard.ended).toBe(true);
    expect(bell.heard.text).toContain(': beat\n\n');
  });

  test('does not hold a kiosk that went away', async () => {
    const { port, bells } = await startProcess();
    const bell = await listen(port, first, await openSession(first));
    expect(bells.count()).toBe(1);
    bell.request.destroy();
    await expect.poll(() => bells.count()).toBe(0);
  });

  test('drops a kiosk that takes nothing any more, and rings the others', async () => {
    const { port, bells } = await startProcess();
    const stuck = { taken: 0, ended: 0 };
    bells.open(first, { write: () => stuck.taken++ < 1, end: () => void stuck.ended++ });
    const other = await listen(port, second, await openSession(second));
    await ring(database.sql, { all: true });
    await expect.poll(() => [stuck.ended, bells.count(), other.rings()]).toEqual([1, 1, 2]);
    await ring(database.sql, { all: true });
    await expect.poll(() => other.rings()).toBe(3);
    expect(stuck).toEqual({ taken: 2, ended: 1 });
  });

  test('ends, spread over time, when the process was deaf for a while, and is heard again afterwards', async () => {
    const { port, bells } = await startProcess({ chunk: 1, chunkMs: 5 });
    const [a, b] = [await listen(port, first, await openSession(first)), await listen(port, second, await openSession(second))];
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'counter24-hq-live' and datname = current_database()`;
    await expect.poll(() => [a.heard.ended, b.heard.ended, bells.count()]).toEqual([true, true, 0]);
    const again = await listen(port, first, await openSession(first));
    await ring(database.sql, first);
    await expect.poll(() => again.rings()).toBe(2);
  });

  test('is refused beyond what a process holds, with a time to come again', async () => {
    const { port } = await startProcess({ maxStreams: 1 });
    await listen(port, first, await openSession(first));
    const refused = await listen(port, second, await openSession(second));
    expect([refused.heard.status, refused.heard.headers['retry-after']]).toEqual([503, '30']);
  });

  test('does not hold up the stop of its process', async () => {
    const { port, stop } = await startProcess();
    const bell = await listen(port, first, await openSession(first));
    await stop();
    await expect.poll(() => bell.heard.ended).toBe(true);
  });
});
