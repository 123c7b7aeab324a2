import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lanes } from '../../domain/contract/hq.ts';
import { signingKeyOf } from '../../hq/server/identity/signing-key.ts';
import type { TestDatabase, TestPostgres } from '../../hq/server/testing/database.ts';
import { startTestPostgres } from '../../hq/server/testing/database.ts';
import { startTestHq, testCode } from '../../hq/server/testing/hq.ts';
import type { KioskRig } from './testing/kiosk-rig.ts';
import { openKiosk, quickRuntime } from './testing/kiosk-rig.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** HQ's own key, the same over all its restorations. */
const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);

async function startHq(database: TestDatabase): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const hq = await startTestHq(database, { signingKey, isWithoutKiosk: true, now: quickRuntime.now });
  const url = await hq.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    async close() {
      // A kiosk that stopped just before it said something leaves a connection that comes late, and never says anything.
      const cutting = setInterval(() => hq.app.server.closeAllConnections(), 20);
      await hq.close();
      clearInterval(cutting);
    },
  };
}

function open(image?: string): KioskRig {
  const kiosk = openKiosk(image);
  closers.push(kiosk.close);
  return kiosk;
}

const run = (kiosk: KioskRig, url: string) => {
  const sync = kiosk.sync(url, { enrolmentCode: () => testCode });
  closers.push(sync.stop);
  return sync;
};

/** Sync runs until this HQ has everything, and both end. */
async function runDry(kiosk: KioskRig, database: TestDatabase, until: 'dry' | 'history told' = 'dry') {
  const hq = await startHq(database);
  const sync = run(kiosk, hq.url);
  await sync.untilDry();
  if (until === 'history told') await sync.until(() => sync.notes.some((note) => note.includes('has told all')));
  await sync.stop();
  await hq.close();
  expect(sync.codes()).not.toContain('INTERNAL');
  return sync;
}

const ordersAt = async ({ sql }: TestDatabase): Promise<string[]> => (await sql<{ order_id: string }[]>`select order_id from orders order by order_id`).map((row) => row.order_id);
const idsOf = (kiosk: KioskRig) => lanes.flatMap((lane) => kiosk.outbox.events(lane, 0, 10_000).map(({ id }) => id as string));

describe('sync and the real HQ', () => {
  it('the kiosk enrols, and HQ has every order, with the keys of what customers said of themselves', async () => {
    const [kiosk, database] = [open(), await postgres.createDatabase()];
    const orders = [kiosk.sell(), kiosk.sell('面', { phone: '13800000000' })];
    kiosk.log(300);
    expect((await runDry(kiosk, database)).codes()).toEqual([]);
    expect(await ordersAt(database)).toEqual(orders.sort());
    expect(await database.sql`select 1 from personal_keys`).toHaveLength(1);
  });

  it('HQ lost everything: the kiosk brings its key and every event again, in the same epoch', async () => {
    const [kiosk, restored] = [open(), await postgres.createDatabase()];
    const orders = [kiosk.sell(), kiosk.sell()];
    await runDry(kiosk, await postgres.createDatabase());
    orders.push(kiosk.sell());
    expect((await runDry(kiosk, restored)).codes()).toEqual(['HQ_UNKNOWN_KIOSK', 'HQ_REWOUND']);
    expect(await ordersAt(restored)).toEqual(orders.sort());
    expect(kiosk.outbox.position('orders')).toMatchObject({ epoch: 1, last: 9, acknowledged: 9 });
  });

  it('the kiosk was restored from an image: HQ keeps what it had, takes the new events under the next epoch, and tells what the store lacks', async () => {
    const [kiosk, database] = [open(), await postgres.createDatabase()];
    const orders = [kiosk.sell()];
    await runDry(kiosk, database);
    const image = kiosk.image();
    orders.push(kiosk.sell(), kiosk.sell());
    await runDry(kiosk, database);
    const lost = idsOf(kiosk);
    const restored = open(image);
    // As a copy on another disk would be: the guard knows nothing of it.
    fs.rmSync(path.join(restored.folder, 'guard.json'));
    orders.push(restored.sell());
    const sync = await runDry(restored, database, 'history told');
    expect(sync.opened).toMatchObject([{ lane: 'orders', reason: 'store_restored', to: 2, fork: { epoch: 1, sequence: 3 } }]);
    expect(await ordersAt(database)).toEqual(orders.sort());
    expect(sync.history.flatMap(({ events }) => events.map(({ event }) => event.id as string))).toEqual(lost.slice(3));
    expect((await runDry(restored, database)).opened).toEqual([]);
  });

  it('two clones of one disk: as soon as both have spoken, neither sends', async () => {
    const [kiosk, database] = [open(), await postgres.createDatabase()];
    kiosk.sell();
    await runDry(kiosk, database);
    const twin = open(kiosk.image());
    const hq = await startHq(database);
    closers.push(hq.close);
    const [one, other] = [run(kiosk, hq.url), run(twin, hq.url)];
    await Promise.all([one, other].map((sync) => sync.until(() => sync.status()?.refusedAs === 'HQ_KIOSK_CLONED')));
    kiosk.sell();
    twin.sell();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([kiosk, twin].map(({ outbox }) => outbox.position('orders').acknowledged)).toEqual([3, 3]);
    expect(await ordersAt(database)).toHaveLength(1);
    await Promise.all([one.stop(), other.stop()]);
  });
});
