import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uuidV7From } from '../../domain/ids.ts';
import { orderSchema } from '../../domain/order/order.ts';
import type { TestDatabase, TestPostgres } from '../../hq/server/testing/database.ts';
import { startTestPostgres } from '../../hq/server/testing/database.ts';
import { startTestHq, testKiosk, testToken } from '../../hq/server/testing/hq.ts';
import { openStore } from '../store/open.ts';
import { createStoreReader } from '../store/reader.ts';
import { createStoreWriter } from '../store/writer.ts';
import { createHqClient } from './hq-client.ts';
import { createPump } from './pump.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

let made = 0;
function openKiosk() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-restored-'));
  const opened = openStore({ folder, keyHex: 'ab'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  const { database, close } = opened.value;
  const newId = () => uuidV7From(++made, new Uint8Array(10).fill(made % 251));
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: () => made, newId });
  return {
    reader,
    outbox: { ...reader, ...writer },
    /** A free order of three events. */
    sell(): string {
      const words = { zh: '面', en: 'Noodles' };
      const order = orderSchema.parse({
        id: newId(), cartId: newId(), number: writer.takePickupNumber(), placedAt: made, language: 'zh', catalogueRevision: 1,
        lines: [{ offerId: 'noodles', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 0, total: 0, form: {} }],
        total: { amount: 0, currency: 'CNY' }, taxes: [], receiptToken: String(made).padStart(22, 'a'),
      });
      writer.placeOrder(order, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
      return order.id;
    },
    close() {
      close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** Pumps into a real HQ until it has everything; answers what went wrong on the way. */
async function pumpDry(kiosk: ReturnType<typeof openKiosk>, database: TestDatabase): Promise<string[]> {
  const hq = await startTestHq(database);
  const url = await hq.app.listen({ host: '127.0.0.1', port: 0 });
  const troubles: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const pump = createPump({
      kioskId: testKiosk, outbox: kiosk.outbox, client: createHqClient({ url, token: () => testToken }), retryMaxMs: 50, random: () => 0,
      onTrouble: (kind, detail) => (kind === 'bug' ? reject(new Error(detail)) : troubles.push(kind)),
      onRecovered: () => {},
      onAcknowledged() {
        const { acknowledged, last } = kiosk.reader.outboxPosition();
        if (acknowledged === last) pump.stop().then(resolve, reject);
      },
    });
    pump.start();
  });
  await hq.close();
  return troubles;
}

async function ordersAt({ sql }: TestDatabase): Promise<string[]> {
  return (await sql<{ order_id: string }[]>`select order_id from orders order by order_id`).map((row) => row.order_id);
}

it('HQ lost everything: the kiosk goes back to where HQ stands, and HQ has every order again', async () => {
  const kiosk = openKiosk();
  const orders = [kiosk.sell(), kiosk.sell()];
  expect(await pumpDry(kiosk, await postgres.createDatabase())).toEqual([]);
  orders.push(kiosk.sell());
  const restored = await postgres.createDatabase();
  expect(await pumpDry(kiosk, restored)).toEqual(['gap']);
  expect(await ordersAt(restored)).toEqual(orders.sort());
  expect(kiosk.reader.outboxPosition().epoch).toBe(1);
  kiosk.close();
});

it('the kiosk lost its store: HQ keeps what it had, and takes the new events under the next epoch', async () => {
  const database = await postgres.createDatabase();
  const lost = openKiosk();
  const orders = [lost.sell(), lost.sell()];
  await pumpDry(lost, database);
  lost.close();
  const fresh = openKiosk();
  orders.push(fresh.sell(), fresh.sell(), fresh.sell());
  expect(await pumpDry(fresh, database)).toEqual(['conflict']);
  expect(await ordersAt(database)).toEqual(orders.sort());
  expect(fresh.reader.outboxPosition().epoch).toBe(2);
  fresh.close();
});
