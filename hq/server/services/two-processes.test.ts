import { generateKeyPairSync } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHqProcess } from '../testing/process-rig.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres, temporaryFolder } from '../testing/database.ts';
import { startTestHq, testKiosk } from '../testing/hq.ts';
import { createStory, storyKeyOf } from '../testing/story.ts';

let postgres: TestPostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await temporaryFolder();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('two processes of HQ on one database, one of them killed at work, have every service credited once and told once', async () => {
  const database = await postgres.createDatabase();
  const keyFile = join(folder, 'hq.pem');
  const key = generateKeyPairSync('ed25519').privateKey;
  await writeFile(keyFile, key.export({ format: 'pem', type: 'pkcs8' }) as string, { mode: 0o600 });
  const hq = await startTestHq(database, { now: Date.now });
  const story = createStory(testKiosk, 'https://hq.example', 'sealed');
  const orders = Array.from({ length: 12 }, () => story.order({ offers: [['topUp', 1]], ending: 'fulfilled', at: Date.now() - 20_000 }));
  const keys = orders.map(({ orderId }) => ({ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }));
  expect(await hq.kiosk.send(story.events, { keys })).toMatchObject({ status: 200 });
  await hq.close();

  const books = join(folder, 'carrier');
  const start = () => startHqProcess({ DATABASE_URL: database.url, HQ_KEY_FILE: keyFile, PORT: '0', LOG_LEVEL: 'error', SERVICES: 'loopback', LOOPBACK_CARRIER_FOLDER: books });
  const processes = [start(), start()];
  try {
    const booked = async () => (await readdir(books).catch(() => [])).filter((name) => !name.startsWith('.')).toSorted();
    await expect.poll(async () => (await booked()).length, { interval: 5 }).toBeGreaterThan(0);
    processes[0]!.child.kill('SIGKILL');
    const told = async () => (await database.sql`select params from commands where kind = 'service_result' and params ->> 'outcome' = 'done'`).map(({ params }) => (params as { jobId: string }).jobId);
    // What the killed one had in hand is asked for when its claim has run out.
    await expect.poll(async () => (await told()).length, { interval: 200 }).toBe(12);
    expect((await told()).toSorted()).toEqual(orders.map(({ jobId }) => jobId).toSorted());
    expect(await booked()).toEqual(orders.map(({ jobId }) => `${jobId}.json`).toSorted());
    expect(await database.sql`select count(*) as open from service_work where ended_at is null`).toEqual([{ open: 0 }]);
  } finally {
    await Promise.all(processes.map(({ child, exited }) => {
      child.kill('SIGKILL');
      return exited;
    }));
  }
}, 120_000);
