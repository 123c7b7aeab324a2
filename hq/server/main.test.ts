import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HqEvent, Mark } from '../../domain/contract/hq.ts';
import { connectDatabase } from './database.ts';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from './testing/database.ts';
import { testKiosk, testNow } from './testing/hq.ts';
import { createStory } from './testing/story.ts';

const script = fileURLToPath(new URL('./main.ts', import.meta.url));
const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const token = 'a-token-for-tests-0123456789';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Process {
  readonly child: ChildProcess;
  readonly ready: Promise<string>;
  readonly exited: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** One folder for all: making a cluster is what takes long. */
let DATA_FOLDER: string;
beforeAll(async () => {
  DATA_FOLDER = await temporaryFolder();
});
afterAll(() => rm(DATA_FOLDER, { recursive: true, force: true }));

function run(file: string, args: readonly string[], env: Record<string, string>): Process {
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH ?? '', HQ_DEV_KIOSK: `${testKiosk}:${token}`, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const ready = new Promise<string>((resolve, reject) => {
    child.once('message', (message: { kind: string; url: string }) => resolve(message.url));
    void exited.then(() => reject(new Error(`HQ ended before it was ready: ${stderr}`)));
  });
  ready.catch(() => {});
  cleanups.push(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  return { child, ready, exited };
}

async function send(url: string, events: readonly HqEvent[]): Promise<Response> {
  return fetch(`${url}/api/kiosk/events`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ kioskId: testKiosk, lane: 'orders', epoch: 1, events }),
  });
}

describe('HQ as a process', () => {
  test('says when it is ready, serves, and stops on SIGTERM with its database', async () => {
    const hq = run(script, [], { DATA_FOLDER, PORT: '0' });
    const url = await hq.ready;
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready' });
    // A console that is open does not hold up the stop.
    const live = await fetch(`${url}/api/live`);
    const news = live.text().catch(() => '');
    hq.child.kill('SIGTERM');
    const { code, stdout, stderr } = await hq.exited;
    await news;
    expect(code).toBe(0);
    expect(stdout).toBe(`HQ is ready at ${url}\n`);
    expect(stderr).toContain('DEVELOPMENT');
    expect(stderr).not.toContain(token);
    // The folder is free and the database was closed in order.
    const owned = await startPostgres({ dataFolder: DATA_FOLDER, onLine: (line) => expect(line).not.toMatch(/not properly shut down/) });
    await owned.stop();
  }, 60_000);

  test('killed under load and started again on the same folder, has everything that it acknowledged', async () => {
    const story = createStory(testKiosk);
    for (let index = 0; index < 150; index++) story.order({ offers: [['latte', 1], ['topUp', 1]], ending: 'declined_then_paid', at: testNow + index * 1000 });
    let hq = run(script, [], { DATA_FOLDER, PORT: '0' });
    let url = await hq.ready;
    let acknowledged = 0;
    for (const killAfter of [120, 900]) {
      const { child, exited } = hq;
      for (;;) {
        const answer = send(url, story.events.slice(acknowledged, acknowledged + 60));
        // In the middle of a batch, once enough was taken.
        if (acknowledged > killAfter) child.kill('SIGKILL');
        const mark = await answer.then((response) => (response.ok ? (response.json() as Promise<Mark>) : undefined)).catch(() => undefined);
        if (!mark) break;
        acknowledged = mark.acknowledged;
      }
      await exited;
      hq = run(script, [], { DATA_FOLDER, PORT: '0' });
      url = await hq.ready;
      const mark = (await (await fetch(`${url}/api/kiosk/mark`, { headers: { authorization: `Bearer ${token}` } })).json()) as Mark;
      expect(mark.acknowledged).toBeGreaterThanOrEqual(acknowledged);
      expect(mark.acknowledged % 60).toBe(0);
      acknowledged = Math.min(acknowledged, mark.acknowledged);
    }
    while (acknowledged < story.events.length) acknowledged = ((await (await send(url, story.events.slice(acknowledged, acknowledged + 60))).json()) as Mark).acknowledged;
    hq.child.kill('SIGTERM');
    await hq.exited;
    const owned = await startPostgres({ dataFolder: DATA_FOLDER });
    const sql = connectDatabase(owned.url);
    try {
      const rows = await sql<{ payload: string }[]>`select payload from events order by sequence`;
      expect(rows.map(({ payload }) => payload)).toEqual(story.events.map(({ payload }) => payload));
      expect(await sql`select count(*) as n, count(*) filter (where state = 'fulfilled') as fulfilled from orders`).toEqual([{ n: 150, fulfilled: 150 }]);
      expect(await sql`select count(*) as n from payments`).toEqual([{ n: 300 }]);
      expect(await sql`select count(*) as n from service_requests`).toEqual([{ n: 150 }]);
    } finally {
      await sql.end();
      await owned.stop();
    }
  }, 120_000);

  test('names a taken port in one sentence, and takes its database down again', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    cleanups.push(() => new Promise((resolve) => squatter.close(resolve)));
    const { port } = squatter.address() as AddressInfo;
    const { code, stderr, stdout } = await run(script, [], { DATA_FOLDER, PORT: String(port) }).exited;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`HQ: Port ${port} on 127.0.0.1 is taken by another program.`);
    await (await startPostgres({ dataFolder: DATA_FOLDER })).stop();
  }, 60_000);

  test('names a wrong environment in one sentence', async () => {
    const { code, stderr } = await run(script, [], { PORT: 'many' }).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^HQ: The environment is wrong: PORT: .*\n$/);
  }, 60_000);

  test('names a database that cannot be reached in one sentence', async () => {
    const { code, stderr } = await run(script, [], { DATABASE_URL: 'postgres://hq:secret@127.0.0.1:1/hq' }).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^HQ: The database at DATABASE_URL cannot be used: .*\n$/);
    expect(stderr).not.toContain('secret');
  }, 60_000);

  test('add-kiosk prints a new token once, and HQ knows the kiosk by it', async () => {
    const added = await run(cli, ['add-kiosk', 'kiosk-007', 'North hall'], { DATA_FOLDER }).exited;
    expect(added.code).toBe(0);
    const url = await run(script, [], { DATA_FOLDER, PORT: '0' }).ready;
    const known = await fetch(`${url}/api/kiosk/mark`, { headers: { authorization: `Bearer ${added.stdout.trim()}` } });
    expect(await known.json()).toEqual({ epoch: 1, acknowledged: 0 });
    const { kiosks } = (await (await fetch(`${url}/api/kiosks`)).json()) as { kiosks: { kioskId: string; name: string }[] };
    expect(kiosks.map(({ kioskId, name }) => [kioskId, name])).toEqual([['kiosk-001', 'kiosk-001'], ['kiosk-007', 'North hall']]);
  }, 60_000);
});
