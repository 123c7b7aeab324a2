import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lanes } from '../../domain/contract/hq.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { orderSchema } from '../../domain/order/order.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import { createEmitter, hashOf } from './emitter.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import { createOutbox, waitingEvents } from './outbox.ts';
import { createStoreReader } from './reader.ts';
import { createStoreWriter } from './writer.ts';

let folder: string;
let store: OpenStore;
let ids = 0;
let time = 1000;
const newId = () => uuidV7From(++ids, new Uint8Array(10));

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-outbox-'));
  const opened = openStore({ folder, keyHex: 'ab'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  store = opened.value;
});
afterEach(() => {
  store.close();
  fs.rmSync(folder, { recursive: true });
});

const words = { zh: '面', en: 'Noodles' };
function sell(): void {
  const writer = createStoreWriter({ database: store.database, reader: createStoreReader(store.database), now: () => ++time, newId });
  const order = orderSchema.parse({
    id: newId(), cartId: newId(), number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1,
    lines: [{ offerId: 'top-up', name: words, fulfilment: { kind: 'telecom', service: 'top_up' }, choices: [], quantity: 1, unitPrice: 0, total: 0, tax: { basisPoints: 600, included: true, amount: 0 }, form: { phone: '13912345678' }, fields: [] }],
    total: { amount: 0, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
  });
  writer.placeOrder(order, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
}

function expectChain(epoch: number): void {
  const outbox = createOutbox(store.database);
  const events = outbox.events('orders', 0, 1000);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
  const head = events.reduce((previous, { hash, ...event }) => {
    expect(hashOf(chainText(previous, 'orders', epoch, event))).toBe(hash);
    return hash;
  }, genesisHash);
  expect(outbox.position('orders')).toMatchObject({ epoch, last: events.length, head });
}

describe('the outbox', () => {
  it('opens an epoch with what HQ had not acknowledged, in order, under the same ids and a chain of its own', () => {
    for (let count = 0; count < 3; count++) sell();
    const outbox = createOutbox(store.database);
    const before = outbox.events('orders', 0, 100);
    outbox.setAcknowledged('orders', 1, 4);
    expect(outbox.openEpoch('orders', 1, 3, 'unacknowledged')).toBe(before.length - 4);
    expect(outbox.events('orders', 0, 100).map(({ id, payload }) => [id, payload])).toEqual(before.slice(4).map(({ id, payload }) => [id, payload]));
    expect(outbox.position('orders').base).toEqual({ epoch: 1, acknowledged: 4 });
    expectChain(3);
    sell();
    expectChain(3);
    expect(outbox.eventsAt('orders', 1, [2, 4, 5]).map(({ id }) => id)).toEqual([before[1]!.id, before[3]!.id]);
  });

  it('opens one with all that is kept, where nobody knows what HQ lacks', () => {
    for (let count = 0; count < 2; count++) sell();
    const outbox = createOutbox(store.database);
    const before = outbox.events('orders', 0, 100);
    outbox.setAcknowledged('orders', 1, 3);
    outbox.openEpoch('orders', 1, 2, 'unacknowledged');
    sell();
    const last = outbox.position('orders').last;
    outbox.setAcknowledged('orders', 2, last);
    outbox.openEpoch('orders', 2, 3, 'kept');
    const after = outbox.events('orders', 0, 100);
    expect(after.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.length).toBe(3 + last);
    expect(outbox.position('orders')).toMatchObject({ acknowledged: 0, base: undefined });
    expectChain(3);
  });

  it('opens no epoch twice, and none that is behind', () => {
    sell();
    const outbox = createOutbox(store.database);
    outbox.openEpoch('orders', 1, 2, 'unacknowledged');
    const before = JSON.stringify(outbox.events('orders', 0, 100));
    expect([outbox.openEpoch('orders', 1, 2, 'kept'), outbox.openEpoch('orders', 2, 2, 'kept')]).toEqual([0, 0]);
    expect(JSON.stringify(outbox.events('orders', 0, 100))).toBe(before);
  });

  it('believes no mark beyond its last event, nor of another epoch', () => {
    sell();
    const outbox = createOutbox(store.database);
    const { last } = outbox.position('orders');
    outbox.setAcknowledged('orders', 1, last + 1);
    outbox.setAcknowledged('orders', 2, 1);
    expect(outbox.position('orders').acknowledged).toBe(0);
    expect(waitingEvents(outbox)).toBe(last);
  });

  describe('an epoch that is opened piece by piece', () => {
    /** Every event of the lane that waits, in one chain without a gap, each id once. */
    const expectOneChain = (outbox: ReturnType<typeof createOutbox>, epoch: number) => {
      const { last, head, acknowledged, epoch: current } = outbox.position('orders');
      expect([current, acknowledged]).toEqual([epoch, 0]);
      const events = outbox.events('orders', 0, 100_000);
      let before = genesisHash;
      for (const [index, event] of events.entries()) {
        expect(event.sequence).toBe(index + 1);
        before = hashOf(chainText(before, 'orders', epoch, event));
        expect(event.hash).toBe(before);
      }
      expect([events.length, head]).toEqual([last, before]);
      return events;
    };
    const sellMany = (count: number) => store.database.transaction(() => {
      for (let sold = 0; sold < count; sold++) sell();
    })();
    const idsByPosition = () => store.database.prepare("SELECT id FROM outbox WHERE lane = 'orders' ORDER BY position").pluck().all();

    it.each(['unacknowledged', 'kept'] as const)('takes what is sold meanwhile behind the rest, and is gone on with after a kill between any two pieces (%s)', (resend) => {
      sellMany(150);
      const before = createOutbox(store.database);
      const count = before.position('orders').last;
      expect(count).toBeGreaterThan(400);
      before.setAcknowledged('orders', 1, 10);
      before.beginEpoch('orders', 1, 4, resend, { epoch: 3, acknowledged: 7 });
      let pieces = 1;
      // A new connection each time, as after a kill; and a sale between.
      for (;;) {
        const outbox = createOutbox(store.database);
        outbox.beginEpoch('orders', 1, 9, 'kept');
        expect(outbox.position('orders')).toMatchObject({ epoch: 1, acknowledged: 10 });
        sell();
        if (!outbox.continueEpochs()) break;
        pieces += 1;
      }
      expect(pieces).toBeGreaterThanOrEqual(3);
      const outbox = createOutbox(store.database);
      expect(outbox.position('orders').base).toEqual({ epoch: 3, acknowledged: 7 });
      sell();
      const events = expectOneChain(outbox, 4);
      expect(events.map(({ id }) => id)).toEqual(idsByPosition().slice(resend === 'kept' ? 0 : 10));
      expect(outbox.continueEpochs()).toBe(false);
    });

    it('no service counts as requested while its event waits for its new number', () => {
      sellMany(120);
      const outbox = createOutbox(store.database);
      outbox.setAcknowledged('orders', 1, 300);
      const writer = createStoreWriter({ database: store.database, reader: createStoreReader(store.database), now: () => time, newId });
      writer.finishRequestedServices();
      const queued = () => store.database.prepare("SELECT count(*) FROM jobs WHERE kind = 'request_service' AND state = 'queued'").pluck().get();
      const waiting = queued();
      expect(waiting).toBeGreaterThan(0);
      outbox.beginEpoch('orders', 1, 2, 'unacknowledged');
      while (outbox.continueEpochs()) {
        writer.finishRequestedServices();
        expect(queued()).toBe(waiting);
      }
      writer.finishRequestedServices();
      expect(queued()).toBe(waiting);
    });

    it('is brought to its end first where another is opened at once, and forgotten where the lane has gone on elsewhere', () => {
      sellMany(150);
      const outbox = createOutbox(store.database);
      const ids = idsByPosition();
      outbox.beginEpoch('orders', 1, 2, 'kept');
      outbox.continueEpochs();
      expect(outbox.openEpoch('orders', 1, 5, 'unacknowledged')).toBe(ids.length);
      expect(expectOneChain(outbox, 5).map(({ id }) => id)).toEqual(ids);
      expect(outbox.continueEpochs()).toBe(false);
      outbox.beginEpoch('orders', 5, 6, 'kept');
      store.database.prepare("UPDATE lanes SET epoch = 7 WHERE lane = 'orders'").run();
      expect(outbox.continueEpochs()).toBe(false);
      expect(outbox.position('orders').epoch).toBe(7);
    });
  });

  it('forgets only what HQ has, oldest first and no more than asked for', () => {
    for (let count = 0; count < 3; count++) sell();
    const outbox = createOutbox(store.database);
    const events = outbox.events('orders', 0, 100);
    outbox.setAcknowledged('orders', 1, 5);
    expect(outbox.prune(time + 1, 100), 'no closing has counted them').toBe(0);
    store.database.prepare("INSERT INTO closings (number, day, closed_at, event_id, position) VALUES (1, '2026-11-22', 1, 'x', 100)").run();
    expect(outbox.prune(time + 1, 2)).toBe(2);
    expect(outbox.prune(time + 1, 100), 'the one at the mark stays: HQ is held against its hash').toBe(2);
    expect(outbox.prune(time + 1, 100)).toBe(0);
    expect(outbox.events('orders', 0, 100)).toEqual(events.slice(4));
    expect([outbox.hashAt('orders', 4), outbox.hashAt('orders', 5)]).toEqual([undefined, events[4]!.hash]);
  });

  it('brings the keys of what is sealed in these events, and no others', () => {
    sell();
    sell();
    const outbox = createOutbox(store.database);
    const placed = outbox.events('orders', 0, 100).filter(({ kind }) => kind === 'order.placed');
    expect(placed.map(({ payload }) => payload).join()).not.toContain('13912345678');
    const keys = outbox.keysFor(placed.slice(0, 1));
    expect(keys.map(({ orderId }) => orderId)).toEqual([(JSON.parse(placed[0]!.payload) as { order: { id: string } }).order.id]);
  });
});

describe('the emitter', () => {
  it('gives the journal what a transaction told before it is committed, and undoes the transaction that the journal cannot take', () => {
    const taken: string[][] = [];
    let isFull = false;
    const emitter = createEmitter({
      database: store.database, now: () => 1, newId,
      journal: {
        append(records, isMoney) {
          if (isFull) throw new Error('no room');
          taken.push([...records.map((record) => (record.kind === 'event' ? record.event.kind : record.what)), isMoney ? 'money' : 'no money']);
        },
      },
    });
    const tell = emitter.transaction(() => {
      emitter.emit('clock.skewed', { skewMs: 1 });
      emitter.transaction(() => emitter.emit('disk.state', { state: 'well', freeBytes: 1 }))();
    });
    const note = emitter.transaction(() => emitter.noteLocal('foreign', { card: '{}' }, 'money'));
    const positions = () => lanes.map((lane) => createOutbox(store.database).position(lane).last);
    tell();
    note();
    expect(taken).toEqual([['clock.skewed', 'disk.state', 'no money'], ['foreign', 'money']]);
    const before = positions();
    isFull = true;
    expect(tell).toThrow('no room');
    expect(positions()).toEqual(before);
    isFull = false;
    tell();
    expect(taken.at(-1)).toEqual(['clock.skewed', 'disk.state', 'no money']);
  });
});
