import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayClosingSchema, eventPayloads } from '../../domain/contract/hq.ts';
import type { KioskId, OrderId } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { orderSchema } from '../../domain/order/order.ts';
import type { Closings } from './closing.ts';
import { createClosings } from './closing.ts';
import type { Emitter } from './emitter.ts';
import { createEmitter } from './emitter.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import { createOutbox } from './outbox.ts';
import { createStoreReader } from './reader.ts';
import type { StoreWriter } from './writer.ts';
import { createStoreWriter } from './writer.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const words = { zh: '伞', en: 'Umbrella' };
let folder: string;
let store: OpenStore;
let emitter: Emitter;
let writer: StoreWriter;
let closings: Closings;
let time: number;
let ids: number;
const newId = () => uuidV7From(++ids, new Uint8Array(10));
const signText = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64');

beforeEach(() => {
  ids = 0;
  time = 1000;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-closing-'));
  const opened = openStore({ folder, keyHex: 'ab'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  store = opened.value;
  const { database } = store;
  emitter = createEmitter({ database, now: () => ++time, newId });
  writer = createStoreWriter({ database, reader: createStoreReader(database), now: () => ++time, newId, emitter });
  closings = create();
});
afterEach(() => {
  store.close();
  fs.rmSync(folder, { recursive: true });
});

function create(signer = signText): Closings {
  return createClosings({ database: store.database, emitter, kioskId: 'kiosk-001' as KioskId, now: () => ++time, sign: signer });
}

function sell(total: number): OrderId {
  const order = orderSchema.parse({
    id: newId(), cartId: newId(), number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1,
    lines: [{ offerId: 'umbrella', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: total, total, tax: { basisPoints: 600, included: true, amount: 0 }, form: {}, fields: [] }],
    total: { amount: total, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
  });
  writer.placeOrder(order, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
  return order.id;
}
const move = () => emitter.transaction(() => void emitter.emit('stock.moved', { offerId: 'umbrella', change: -2, left: 3, reason: 'reserved' }))();
const heads = () => new Map((['orders', 'stock', 'logs'] as const).map((lane) => [lane, createOutbox(store.database).position(lane)]));

describe('closing a day', () => {
  it('counts all that was not counted before, and signs the text that travels', () => {
    sell(1200);
    sell(800);
    move();
    const before = heads();
    const closing = closings.close('2026-11-22');
    expect(closing).toMatchObject({
      kioskId: 'kiosk-001', number: 1, day: '2026-11-22', orders: { CNY: { count: 2, sum: 2000 } }, payments: {}, stock: { reserved: -2 },
      ranges: [
        { lane: 'orders', epoch: 1, from: 1, to: before.get('orders')!.last, head: before.get('orders')!.head },
        { lane: 'stock', epoch: 1, from: 1, to: 1, count: 1, head: before.get('stock')!.head },
      ],
    });
    const event = createOutbox(store.database).events('orders', before.get('orders')!.last, 10)[0]!;
    const { body, signature } = eventPayloads['day.closed'].parse(JSON.parse(event.payload));
    expect(dayClosingSchema.parse(JSON.parse(body))).toEqual(closing);
    expect(verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    expect(closings.last()).toEqual({ number: 1, day: '2026-11-22', closedAt: closing.closedAt });
  });

  it('leaves nothing out and counts nothing twice, over closings and restarts, however it was added up before', () => {
    const told = [];
    for (let day = 1; day <= 4; day++) {
      for (let count = 0; count < day; count++) sell(100);
      closings.countSome(day);
      if (day === 2) closings = create();
      told.push(closings.close(`2026-11-0${day}`));
    }
    expect(told.map(({ number, orders }) => [number, orders['CNY']?.count])).toEqual([[1, 1], [2, 2], [3, 3], [4, 4]]);
    const ranges = told.flatMap((closing) => closing.ranges);
    ranges.reduce((last, { from, to }) => {
      expect(from).toBe(last + 1);
      return to;
    }, 0);
  });

  it('counts payments by their tender and state, and what went back in parts by its way', () => {
    const [byCard, byWallet] = [sell(500), sell(900)];
    writer.settleAttempt(writer.startAttempt(byCard, money(500, 'CNY')).id, { state: 'approved', card: { receiptNumber: '0042' } });
    writer.settleAttempt(writer.startAttempt(byWallet, money(900, 'CNY'), { tender: 'alipay', mode: 'shown' }).id, { state: 'approved', wallet: { transactionId: '1' } });
    writer.settleRefund(writer.askRefund({ orderId: byWallet, amount: money(200, 'CNY'), way: 'tender', reason: 'cold' }).id, { state: 'done' });
    writer.askRefund({ orderId: byCard, amount: money(100, 'CNY'), way: 'by_hand', reason: 'cold' });
    expect(closings.close('2026-11-22').payments).toEqual({
      'CNY card started': { count: 1, sum: 500 }, 'CNY card approved': { count: 1, sum: 500 }, 'CNY alipay started': { count: 1, sum: 900 }, 'CNY alipay approved': { count: 1, sum: 900 },
      'CNY refund_tender asked': { count: 1, sum: 200 }, 'CNY refund_tender done': { count: 1, sum: 200 }, 'CNY refund_by_hand done': { count: 1, sum: 100 },
    });
  });

  it('closes a day on which nothing happened', () => {
    sell(100);
    closings.close('2026-11-01');
    expect(closings.close('2026-11-02')).toMatchObject({ number: 2, orders: {}, ranges: [{ lane: 'orders', count: 1 }] });
  });

  it('names the epochs in which events stand now, when the kiosk was restored in the middle of the day', () => {
    for (let count = 0; count < 3; count++) sell(100);
    const outbox = createOutbox(store.database);
    const { last } = outbox.position('orders');
    outbox.setAcknowledged('orders', 1, last - 2);
    closings.countSome(1);
    outbox.openEpoch('orders', 1, 2, 'unacknowledged');
    sell(100);
    const closing = closings.close('2026-11-22');
    expect(closing.orders).toEqual({ CNY: { count: 4, sum: 400 } });
    const { last: lastNow, head } = { ...heads().get('orders')!, last: heads().get('orders')!.last - 1 };
    expect(closing.ranges).toEqual([
      { lane: 'orders', epoch: 1, from: 1, to: last - 2, count: last - 2, head: outbox.eventsAt('orders', 1, [last - 2])[0]!.hash },
      { lane: 'orders', epoch: 2, from: 1, to: lastNow, count: lastNow, head: outbox.hashAt('orders', lastNow) },
    ]);
    expect(head).not.toBe(outbox.hashAt('orders', lastNow));
  });

  it('counts nothing that has no hash: it was acknowledged before there were chains', () => {
    sell(100);
    store.database.exec("UPDATE outbox SET hash = ''");
    move();
    expect(closings.close('2026-11-22')).toMatchObject({ orders: {}, stock: { reserved: -2 }, ranges: [{ lane: 'stock', from: 1, to: 1, count: 1 }] });
  });

  it('writes nothing where it cannot be signed, and closes the same later', () => {
    sell(700);
    const failing = create(() => {
      throw new Error('no key');
    });
    expect(() => failing.close('2026-11-22')).toThrow('no key');
    expect(closings.last()).toBeUndefined();
    expect(closings.close('2026-11-22')).toMatchObject({ number: 1, orders: { CNY: { count: 1, sum: 700 } } });
  });
});
