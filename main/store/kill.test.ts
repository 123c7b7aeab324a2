import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import { openStore } from './open.ts';
import { createOutbox } from './outbox.ts';
import { createStoreReader } from './reader.ts';

const key = 'e5'.repeat(32);
let top: string;

beforeAll(() => {
  top = fs.mkdtempSync(path.join(os.tmpdir(), 'store-kill-'));
});
afterAll(() => fs.rmSync(top, { recursive: true }));

/** Places free orders without end, and says the id of each when it is committed. Plain JavaScript, since it runs from a string. */
const seller = (folder: string) => `
  import { randomBytes } from 'node:crypto';
  import fs from 'node:fs';
  import { uuidV7From } from '../../domain/ids.ts';
  import { openStore } from './open.ts';
  import { createOutbox } from './outbox.ts';
import { createStoreReader } from './reader.ts';
  import { createStoreWriter } from './writer.ts';
  const opened = openStore(${JSON.stringify({ folder, keyHex: key, keyProvider: 'test' })});
  if (!opened.ok) throw new Error(opened.error.code + ' ' + opened.error.detail);
  const { database } = opened.value;
  const reader = createStoreReader(database);
  const newId = () => uuidV7From(Date.now(), randomBytes(10));
  const writer = createStoreWriter({ database, reader, now: Date.now, newId });
  const words = { zh: '面', en: 'Noodles' };
  for (;;) {
    const id = newId();
    writer.placeOrder({
      id, cartId: newId(), number: writer.takePickupNumber(), placedAt: Date.now(), language: 'zh', catalogueRevision: 1,
      lines: [{ offerId: 'noodles', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 0, total: 0, tax: { basisPoints: 600, included: true, amount: 0 }, form: {}, fields: [] }],
      total: { amount: 0, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
    }, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
    fs.writeSync(1, id + '\\n');
  }`;

/** Runs a seller, kills it after so many orders, and answers every id that it said until then. */
async function sellUntilKilled(folder: string, orders: number): Promise<OrderId[]> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', seller(folder)], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said: OrderId[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line as OrderId);
    if (said.length === orders) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return said;
}

/** Everything in the store, and whether it belongs together: all that was said is there, and nothing is there by halves. */
function expectWhole(folder: string, said: readonly OrderId[]): void {
  const opened = openStore({ folder, keyHex: key, keyProvider: 'test' });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  const { database, close } = opened.value;
  const reader = createStoreReader(database);
  const outbox = createOutbox(database);
  const events = outbox.events('orders', 0, 1_000_000);
  const placed = new Set(events.filter(({ kind }) => kind === 'order.placed').map(({ payload }) => (JSON.parse(payload) as { order: { id: OrderId } }).order.id));
  expect(said.filter((id) => !placed.has(id) || reader.order(id)?.state !== 'paid' || reader.jobs(id).length !== 1)).toEqual([]);
  expect(placed.size).toBe(Number(database.prepare('SELECT count(*) FROM orders').pluck().get()));
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
  expect(outbox.position('orders').last).toBe(events.length);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  close();
}

it.each(['one', 'another'])('a kiosk killed ten times over has every order that it had confirmed, with its event (%s)', { concurrent: true, timeout: 60_000 }, async (kiosk) => {
  const folder = path.join(top, kiosk);
  const said: OrderId[] = [];
  for (let round = 1; round <= 10; round++) {
    said.push(...(await sellUntilKilled(folder, 1 + ((round * 7) % 12))));
    expectWhole(folder, said);
  }
  expect(said.length).toBeGreaterThanOrEqual(10);
});
