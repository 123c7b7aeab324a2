import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lanes } from '../../domain/contract/hq.ts';
import type { OrderId } from '../../domain/ids.ts';
import { shredded } from '../../domain/personal/sealed.ts';
import { createCheckpointer } from './checkpoints.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import type { Outbox } from './outbox.ts';
import { createOutbox } from './outbox.ts';
import { createPersonalData } from './personal.ts';
import { removeOldStores } from './retention-files.ts';
import { createRetention, retentionChunk } from './retention.ts';
import type { SellerRig } from './testing/seller-rig.ts';
import { createSellerRig } from './testing/seller-rig.ts';
import { decryptFile, decryptWal } from './testing/sqlcipher-format.ts';

const keyHex = '5e'.repeat(32);
const dayMs = 24 * 3_600_000;
const phone = '13912345678';
let folder: string;
let store: OpenStore;
let now: number;
let seller: SellerRig;
let outbox: Outbox;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-retention-'));
  const opened = openStore({ folder, keyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  store = opened.value;
  now = Date.UTC(2026, 0, 1);
  seller = createSellerRig(store.database, () => now);
  outbox = createOutbox(store.database);
});
afterEach(() => {
  store.close();
  fs.rmSync(folder, { recursive: true });
});

function forget(personalDays = 90) {
  const { runChunk } = createRetention({ personal: createPersonalData(store.database), outbox, personalDays, now: () => now });
  const chunks = [runChunk()];
  while (chunks.at(-1)!.isMore) chunks.push(runChunk());
  return chunks;
}

/** HQ has everything by now, and the services were requested by it. */
function hqHasAll(): void {
  for (const lane of lanes) {
    const { epoch, last } = outbox.position(lane);
    outbox.setAcknowledged(lane, epoch, last);
  }
  seller.writer.finishRequestedServices();
}

const phoneOf = (id: OrderId) => seller.reader.order(id)?.order.lines[0]?.form.phone;
const keysOf = (ids: readonly OrderId[]) => ids.map((id) => createPersonalData(store.database).keyOf(id)!);

/** Every byte of the folder: as it lies there, and every page of the main file and the WAL as it is under the key. */
function everyByte(): Buffer {
  const read = (name: string) => fs.readFileSync(path.join(folder, name));
  const main = read('store.db');
  const wal = decryptWal(read('store.db-wal'), main.subarray(0, 16), keyHex);
  return Buffer.concat([...fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => read(name)), decryptFile(main, keyHex), ...wal]);
}

it("customers' words are shredded after their time, and no earlier; receipts and amounts stay", () => {
  const old = seller.place(seller.cart(3000, phone));
  now += 30 * dayMs;
  const young = seller.place(seller.cart(3000, phone));
  now += 61 * dayMs;
  hqHasAll();
  expect(forget()).toEqual([{ shredded: 1, pruned: 0, isMore: false }]);
  expect([phoneOf(old), phoneOf(young)]).toEqual([shredded, phone]);
  expect(seller.reader.order(old)).toMatchObject({ order: { total: { amount: 3000 }, lines: [{ name: { en: 'Planted noodles' }, quantity: 1, total: 3000 }] }, shop: { name: { en: 'Planted Shop' } } });
  expect(forget()).toEqual([{ shredded: 0, pruned: 0, isMore: false }]);
});

it('a paid top-up that HQ has not heard of keeps its phone, however long HQ is away; it is forgotten once the service was requested', () => {
  const paid = seller.place(seller.cart(0, phone));
  const unpaid = seller.place(seller.cart(3000, phone));
  now += 400 * dayMs;
  expect(forget()[0]).toMatchObject({ shredded: 0 });
  const { epoch, last } = outbox.position('orders');
  const placedAt = outbox.events('orders', 0, 500).findLast(({ kind }) => kind === 'order.placed')!.sequence;
  outbox.setAcknowledged('orders', epoch, placedAt - 1);
  expect(forget()[0], 'its service is still to be requested; the other order is not acknowledged').toMatchObject({ shredded: 0 });
  outbox.setAcknowledged('orders', epoch, last);
  expect(forget()[0], 'acknowledged, and the job not yet ended').toMatchObject({ shredded: 1 });
  expect([phoneOf(paid), phoneOf(unpaid)]).toEqual([phone, shredded]);
  hqHasAll();
  expect(forget()[0]).toMatchObject({ shredded: 1 });
  expect(phoneOf(paid)).toBe(shredded);
});

it('what a customer said of an order is not forgotten before HQ has it', () => {
  const order = seller.place(seller.cart(3000, phone));
  hqHasAll();
  seller.writer.giveFeedback(order, { stars: 5, chips: [], words: 'planted words' });
  now += 400 * dayMs;
  expect(forget()[0]).toMatchObject({ shredded: 0 });
  hqHasAll();
  expect(forget()[0]).toMatchObject({ shredded: 1 });
});

it('a clock that was ahead once stops nothing for good: what it stamped is forgotten after its time, and what comes later before it', () => {
  const right = now;
  now = Date.UTC(2040, 0, 1);
  const ids = seller.emitter.transaction(() => Array.from({ length: retentionChunk + 5 }, () => seller.place(seller.cart(0, phone))))();
  countAll();
  now = right;
  expect(forget().length, 'their time begins now').toBeGreaterThan(0);
  now += 2 * dayMs;
  seller.place(seller.cart(0, phone));
  hqHasAll();
  store.database.prepare("INSERT INTO closings (number, day, closed_at, event_id, position) VALUES (2, 'x', ?, 'x', (SELECT max(position) FROM outbox))").run(now);
  forget();
  expect(phoneOf(ids[0]!)).toBe(phone);
  expect(outbox.events('orders', 0, 1).length, 'nobody knows how old they are').toBe(1);
  now += 91 * dayMs;
  const chunks = forget();
  expect(chunks.reduce((sum, { shredded: count }) => sum + count, 0)).toBe(ids.length + 1);
  expect(outbox.position('orders').last).toBeGreaterThan(retentionChunk);
  expect(store.database.prepare('SELECT count(*) FROM outbox WHERE at > ?').pluck().get(now), 'a closing of 91 days ago has counted them').toBe(0);
});

it('by a clock that has lost its battery nothing is from the future: nothing begins or ends its time', () => {
  seller.place(seller.cart(0, phone));
  hqHasAll();
  countAll();
  const before = store.database.prepare('SELECT made_at FROM personal_keys').all();
  now = Date.UTC(2000, 0, 1);
  expect(forget()).toEqual([{ shredded: 0, pruned: 0, isMore: false }]);
  expect(store.database.prepare('SELECT made_at FROM personal_keys').all()).toEqual(before);
});

it('many at once go in pieces that a sale can come between', () => {
  const place = seller.emitter.transaction(() => {
    for (let order = 0; order < retentionChunk * 2 + 10; order++) seller.place(seller.cart(0, phone));
  });
  place();
  hqHasAll();
  now += 91 * dayMs;
  expect(forget().map((chunk) => chunk.shredded)).toEqual([retentionChunk, retentionChunk, 10]);
});

it('after shredding and a checkpoint the keys are in no byte of the folder and in no page under the key, those of other orders are', () => {
  const sell = seller.emitter.transaction((count: number) => Array.from({ length: count }, () => seller.place(seller.cart(0, phone))));
  // So many that pages were split and joined, in an order in which old ones lie between young ones.
  const old = sell(250);
  now += 20 * dayMs;
  const young = sell(50);
  const [oldKeys, youngKeys] = [keysOf(old), keysOf(young)];
  const before = everyByte();
  expect(oldKeys.filter((key) => !before.includes(key)).length).toBe(0);
  now += 75 * dayMs;
  hqHasAll();
  forget();
  const { cut } = createCheckpointer({ database: store.database, file: path.join(folder, 'store.db'), isQuiet: () => true });
  expect(cut()).toMatchObject({ kind: 'cut' });
  const bytes = everyByte();
  expect(oldKeys.filter((key) => bytes.includes(key)).length).toBe(0);
  expect(youngKeys.filter((key) => !bytes.includes(key)).length).toBe(0);
  expect(bytes.includes(phone)).toBe(false);
  expect([phoneOf(old[0]!), phoneOf(young[0]!)]).toEqual([shredded, phone]);
});

/** As a day's closing does. */
function countAll(): void {
  store.database.prepare("INSERT INTO closings (number, day, closed_at, event_id, position) VALUES ((SELECT count(*) + 1 FROM closings), '2026-01-01', ?, 'x', (SELECT max(position) FROM outbox))").run(now);
}

it('events go when HQ has them, a day has counted them, and 35 days are over: not one that waits, whatever its age', () => {
  for (let order = 0; order < 5; order++) seller.sell();
  const { epoch, last } = outbox.position('orders');
  outbox.setAcknowledged('orders', epoch, last - 4);
  now += 34 * dayMs;
  expect(forget()).toEqual([{ shredded: 0, pruned: 0, isMore: false }]);
  now += 2 * dayMs;
  expect(forget(), 'no day has counted them').toEqual([{ shredded: 0, pruned: 0, isMore: false }]);
  countAll();
  expect(forget()).toEqual([{ shredded: 0, pruned: last - 5, isMore: false }]);
  expect(outbox.events('orders', 0, 500).map(({ sequence }) => sequence)).toEqual([last - 4, last - 3, last - 2, last - 1, last]);
  expect(outbox.position('orders')).toMatchObject({ epoch, last });
});

it('whole stores of long ago go, too: what a recovery put aside, and the copy from before a migration; not the young ones, and no hourly copy', () => {
  const copies = path.join(folder, 'copies');
  fs.mkdirSync(copies, { recursive: true });
  for (const name of ['damaged-2025-09-01T10-00-00.123', 'damaged-2025-09-01T10-00-00.123-2', 'damaged-2025-12-30T10-00-00.000', 'damaged-notes']) fs.mkdirSync(path.join(folder, name));
  fs.writeFileSync(path.join(folder, 'damaged-2025-09-01T10-00-00.123', 'store.db'), 'old');
  const old = `before-migration-2-${now - 91 * dayMs}.db`;
  const files = [old, `before-migration-3-${now - 89 * dayMs}.db`, `store-00000007-${now - 300 * dayMs}-1.db`];
  for (const name of files) fs.writeFileSync(path.join(copies, name), 'copy');
  const remove = () => removeOldStores({ folder, personalDays: 90, now: () => now });
  expect([...remove()].sort()).toEqual([old, 'damaged-2025-09-01T10-00-00.123', 'damaged-2025-09-01T10-00-00.123-2'].sort());
  expect(fs.readdirSync(copies).sort()).toEqual(files.slice(1).sort());
  expect(fs.readdirSync(folder).filter((name) => name.startsWith('damaged'))).toEqual(['damaged-2025-12-30T10-00-00.000', 'damaged-notes']);
  expect(remove()).toEqual([]);
});

it('the copy from before a migration stays for as long as there is no other', () => {
  const copies = path.join(folder, 'copies');
  fs.rmSync(copies, { recursive: true, force: true });
  fs.mkdirSync(copies);
  fs.writeFileSync(path.join(copies, `before-migration-2-${now - 91 * dayMs}.db`), 'copy');
  expect(removeOldStores({ folder, personalDays: 90, now: () => now })).toEqual([]);
});
