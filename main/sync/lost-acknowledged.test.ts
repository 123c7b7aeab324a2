import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../hq/server/database.ts';
import { signingKeyOf } from '../../hq/server/identity/signing-key.ts';
import type { TestDatabase, TestPostgres } from '../../hq/server/testing/database.ts';
import { startTestPostgres } from '../../hq/server/testing/database.ts';
import { startTestHq, testCode } from '../../hq/server/testing/hq.ts';
import { startHqRig } from '../core/testing/hq-rig.ts';
import type { KioskRig } from './testing/kiosk-rig.ts';
import { openKiosk, quickRuntime, rigCode } from './testing/kiosk-rig.ts';

let postgres: TestPostgres;
let admin: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
  admin = await postgres.createDatabase();
});
afterAll(() => postgres.stop());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
let copies = 0;

/** Of an HQ that is off: as its database is now. */
async function copyOf(database: TestDatabase): Promise<TestDatabase> {
  await database.sql.end({ timeout: 5 });
  const name = `copy_${++copies}`;
  await admin.sql.unsafe(`create database ${name} template ${new URL(database.url).pathname.slice(1)}`);
  const url = database.url.replace(/[^/]+$/, name);
  const sql = connectDatabase(url);
  closers.push(() => sql.end({ timeout: 1 }));
  return { url, sql };
}

function open(image?: string): KioskRig {
  const kiosk = openKiosk(image);
  closers.push(kiosk.close);
  return kiosk;
}

const toldAll = (note: string) => note.includes('told all that it has of orders');

/** Sync runs until this HQ has everything (and has told all that it has), and both end. */
async function runDry(kiosk: KioskRig, database: TestDatabase, until: 'dry' | 'history told' = 'dry') {
  const hq = await startTestHq(database, { signingKey, isWithoutKiosk: true, now: quickRuntime.now });
  const url = await hq.app.listen({ host: '127.0.0.1', port: 0 });
  const sync = kiosk.sync(url, { enrolmentCode: () => testCode });
  closers.push(sync.stop);
  // One that has nothing to tell is dry before it has heard anything.
  if (until === 'history told') await sync.until(() => sync.notes.some(toldAll));
  await sync.untilDry();
  await sync.stop();
  const cutting = setInterval(() => hq.app.server.closeAllConnections(), 20);
  await hq.close();
  clearInterval(cutting);
  expect(sync.codes()).not.toContain('INTERNAL');
  return sync;
}

/** Of the newest epoch of orders. */
const idsOf = (kiosk: KioskRig) => kiosk.outbox.events('orders', 0, 10_000).map(({ id }) => id as string);

/** Each order is there, and each of these events has taken effect once. */
async function expectAt({ sql }: TestDatabase, orders: readonly string[], events: readonly string[]): Promise<void> {
  const rows = await sql<{ order_id: string }[]>`select order_id from orders`;
  expect(rows.map((row) => row.order_id).sort()).toEqual([...orders].sort());
  const effective = await sql<{ event_id: string }[]>`select event_id from events where not repeated`;
  const counts = new Map<string, number>();
  for (const row of effective) counts.set(row.event_id, (counts.get(row.event_id) ?? 0) + 1);
  expect(events.map((id) => counts.get(id))).toEqual(events.map(() => 1));
  expect(await sql`select 1 from quarantined_events`).toHaveLength(0);
}

describe('what HQ had acknowledged, lost with a restoration, and another machine has written over', () => {
  it('is sent again by the machine that stays, though HQ has gone further than it ever was; and that learns what the other did', async () => {
    const [kiosk, database] = [open(), await postgres.createDatabase()];
    const orders = [kiosk.sell()];
    await runDry(kiosk, database);
    const [running, backup] = [await copyOf(database), await copyOf(database)];
    orders.push(kiosk.sell());
    await runDry(kiosk, running);
    const twin = open(kiosk.image());
    orders.push(kiosk.sell(), kiosk.sell());
    await runDry(kiosk, running);
    expect(kiosk.outbox.position('orders')).toMatchObject({ epoch: 1, acknowledged: 12 });
    orders.push(twin.sell(), twin.sell(), twin.sell());
    await runDry(twin, backup);
    const [ours, theirs] = [idsOf(kiosk), idsOf(twin)];
    expect(theirs).toHaveLength(15);

    const sync = await runDry(kiosk, backup, 'history told');
    await expectAt(backup, orders, [...ours, ...theirs]);
    expect(sync.opened).toMatchObject([{ lane: 'orders', from: 1, to: 2 }]);
    expect(sync.codes()).toEqual(expect.arrayContaining(['HQ_REWOUND', 'STORE_RECOVERED']));
    expect(sync.history.flatMap(({ events }) => events.map(({ event }) => event.id))).toEqual(expect.arrayContaining(theirs.slice(6)));
    const again = await runDry(kiosk, backup);
    expect([again.opened, again.codes()]).toEqual([[], []]);
  });

  it('is sent again, too, where HQ went back to before the epoch that had it', async () => {
    const [kiosk, database] = [open(), await postgres.createDatabase()];
    const orders = [kiosk.sell()];
    await runDry(kiosk, database);
    const [running, backup] = [await copyOf(database), await copyOf(database)];
    const twin = open(kiosk.image());
    kiosk.outbox.openEpoch('orders', 1, 2, 'unacknowledged');
    orders.push(kiosk.sell());
    await runDry(kiosk, running);
    const ours = idsOf(kiosk);
    orders.push(twin.sell());
    await runDry(twin, backup);

    const sync = await runDry(kiosk, backup, 'history told');
    await expectAt(backup, orders, [...ours, ...idsOf(twin)]);
    expect(sync.opened).toMatchObject([{ lane: 'orders', reason: 'hq_restored', from: 2, to: 3 }]);
    expect(sync.history.flatMap(({ events }) => events.map(({ event }) => event.id))).toEqual(expect.arrayContaining(idsOf(twin).slice(3)));
  });

  it('is sent again where the kiosk has opened an epoch, and HQ stands where it should by number alone', async () => {
    const [kiosk, database] = [open(), await postgres.createDatabase()];
    const orders = [kiosk.sell()];
    await runDry(kiosk, database);
    const [running, backup] = [await copyOf(database), await copyOf(database)];
    const twin = open(kiosk.image());
    orders.push(kiosk.sell(), kiosk.sell());
    await runDry(kiosk, running);
    const ours = idsOf(kiosk);
    // As a store does that was brought back and is not sure of its end.
    kiosk.outbox.openEpoch('orders', 1, 2, 'unacknowledged');
    orders.push(twin.sell(), twin.sell(), twin.sell());
    await runDry(twin, backup);
    expect(twin.outbox.position('orders').acknowledged).toBeGreaterThan(kiosk.outbox.position('orders').base!.acknowledged);

    const sync = await runDry(kiosk, backup, 'history told');
    await expectAt(backup, orders, [...ours, ...idsOf(twin)]);
    expect(sync.opened).toMatchObject([{ lane: 'orders', reason: 'hq_restored', from: 2, to: 3 }]);
  });
});

describe('what a kiosk still keeps, where HQ is new', () => {
  it.each<[string, (kiosk: KioskRig) => number]>([
    ['is sent whole where it has opened two epochs since HQ had anything', (kiosk) => {
      kiosk.outbox.openEpoch('orders', 1, 2, 'unacknowledged');
      kiosk.outbox.openEpoch('orders', 2, 3, 'unacknowledged');
      return 0;
    }],
    ['is sent from the first event that is left, where older ones were forgotten', (kiosk) => {
      kiosk.forget('orders', 4);
      return 4;
    }],
  ])('%s', async (_what, change) => {
    const [kiosk, hq] = [open(), await startHqRig(rigCode, { now: quickRuntime.now })];
    closers.push(hq.close);
    for (let count = 0; count < 3; count++) kiosk.sell();
    const all = idsOf(kiosk);
    const first = kiosk.sync(hq.url);
    closers.push(first.stop);
    await first.untilDry();
    await first.stop();
    const gone = change(kiosk);
    hq.restore('orders', 0);
    const sync = kiosk.sync(hq.url);
    closers.push(sync.stop);
    await sync.until(() => all.slice(gone).every((id) => hq.events().some((event) => event.id === id)));
    await sync.untilDry();
    await sync.stop();
    expect(hq.complaints()).toEqual([]);
  });
});

describe('the question what HQ has', () => {
  it('is not asked where nothing has happened to either, and once for each lane that another has written in', async () => {
    const [kiosk, hq] = [open(), await startHqRig(rigCode, { now: quickRuntime.now })];
    closers.push(hq.close);
    const histories = () => hq.asked().filter((asked) => asked === '/api/kiosk/history').length;
    const run = async (which: KioskRig) => {
      const sync = which.sync(hq.url);
      closers.push(sync.stop);
      await sync.untilDry();
      if (sync.opened.length > 0) await sync.until(() => sync.notes.some(toldAll));
      await sync.stop();
      return sync;
    };
    kiosk.sell();
    await run(kiosk);
    const image = kiosk.image();
    for (let count = 0; count < 3; count++) {
      kiosk.sell();
      await run(kiosk);
    }
    expect(histories()).toBe(0);
    const restored = open(image);
    restored.sell();
    expect((await run(restored)).opened).toMatchObject([{ lane: 'orders', again: 3, fork: { epoch: 1, sequence: 3 } }]);
    // One to compare, then what the store lacks, and that there is no more.
    expect(histories()).toBe(3);
    restored.sell();
    await run(restored);
    expect(histories()).toBe(3);
  });
});
