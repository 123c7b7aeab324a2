import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import type { Order } from '../../domain/order/order.ts';
import { orderSchema } from '../../domain/order/order.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import { createOutbox } from './outbox.ts';
import { createStoreReader } from './reader.ts';
import { createStoreWriter } from './writer.ts';

let folder: string;
let store: OpenStore;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-reader-'));
  const opened = openStore({ folder, keyHex: 'd4'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  store = opened.value;
});

afterEach(() => {
  store.close();
  fs.rmSync(folder, { recursive: true });
});

function createWriter() {
  let ids = 0;
  const reader = createStoreReader(store.database);
  const newId = () => uuidV7From(++ids, new Uint8Array(10));
  return { reader, newId, writer: createStoreWriter({ database: store.database, reader, now: () => 1, newId }) };
}

const shop: Shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '', timeZone: 'Asia/Shanghai' };

const uuid = fc.tuple(fc.nat(2 ** 47), fc.uint8Array({ minLength: 10, maxLength: 10 })).map(([at, random]) => uuidV7From(at, random));
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const bilingual = fc.record({ zh: text, en: text });
const minorUnits = fc.integer({ min: 0, max: 999_999_999_999 });
const slug = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}$/);
/** Any order that the schema lets through; telecom and food only, since goods need a stock row. */
const orders: fc.Arbitrary<Order> = fc.record({
  id: uuid, cartId: uuid, number: fc.stringMatching(/^[A-Z]\d{3}$/), placedAt: fc.nat(2 ** 47), language: fc.constantFrom('zh', 'en'), catalogueRevision: fc.integer({ min: 1 }),
  lines: fc.array(fc.record({
    offerId: slug, name: bilingual,
    fulfilment: fc.oneof(fc.record({ kind: fc.constant('food') }), fc.record({ kind: fc.constant('telecom'), service: fc.constantFrom('top_up', 'data_pack', 'plan_change', 'application') })),
    choices: fc.array(fc.record({ id: slug, name: bilingual, price: minorUnits }), { maxLength: 3 }),
    quantity: fc.integer({ min: 1, max: 99 }), unitPrice: minorUnits, total: minorUnits,
    tax: fc.record({ basisPoints: fc.nat(5000), included: fc.boolean(), amount: minorUnits }),
    form: fc.oneof(fc.constant({}), fc.record({ phone: fc.string({ unit: 'grapheme', maxLength: 11 }) })),
    fields: fc.array(fc.record({ id: slug, kind: fc.constantFrom('phone', 'name', 'district'), label: bilingual }), { maxLength: 2 }),
  }), { minLength: 1, maxLength: 4 }),
  total: fc.record({ amount: minorUnits, currency: fc.constantFrom('CNY', 'EUR') }),
  taxes: fc.array(fc.record({ basisPoints: fc.nat(5000), included: fc.boolean(), gross: minorUnits, tax: minorUnits }), { maxLength: 3 }),
  receiptToken: fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
}).map((order) => orderSchema.parse(order));

describe('the reader', () => {
  it('gives an order, its shop and its link back exactly as they were written, byte for byte to HQ, too', () => {
    const { reader, writer } = createWriter();
    const outbox = createOutbox(store.database);
    const seen = new Set<string>();
    fc.assert(fc.property(orders, bilingual, fc.webUrl(), (order, name, receiptUrl) => {
      fc.pre(!seen.has(order.id) && !seen.has(order.cartId));
      seen.add(order.id).add(order.cartId);
      const before = outbox.position('orders').last;
      writer.placeOrder(order, { ...shop, name }, receiptUrl);
      const state = order.total.amount === 0 ? 'paid' : 'placed';
      expect(reader.order(order.id)).toEqual({ order, state, shop: { ...shop, name }, receiptUrl });
      const [event] = outbox.events('orders', before, 1);
      expect(event).toMatchObject({ kind: 'order.placed', version: 3 });
      const told = JSON.parse(event!.payload) as { order: Order };
      // All of it, but for what the customer said of themselves.
      const bare = (of: Order) => ({ ...of, lines: of.lines.map((line) => ({ ...line, form: {} })) });
      expect({ ...told, order: bare(told.order) }).toEqual({ order: bare(order), shop: { ...shop, name }, receiptUrl });
      for (const [index, { form }] of order.lines.entries()) {
        if (form.phone) expect(told.order.lines[index]?.form.phone).toMatch(/^sealed:/);
        else expect(told.order.lines[index]?.form).toEqual(form);
      }
    }), { numRuns: 60 });
  });

  it('gives the events after a mark, in order and no more than asked for', () => {
    const { writer, newId } = createWriter();
    const outbox = createOutbox(store.database);
    for (let count = 0; count < 5; count++) writer.placeOrder(sampleOrder(newId), shop, 'https://hq.example/');
    expect(outbox.events('orders', 0, 3).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(outbox.events('orders', 3, 100).map(({ sequence }) => sequence)).toEqual([4, 5]);
    expect(outbox.events('orders', 5, 100)).toEqual([]);
  });

  it('knows the cards of answered attempts, newest first, and none of those that are unsettled', () => {
    const { reader, writer, newId } = createWriter();
    const cards: CardDetails[] = [{ receiptNumber: '0001' }, { receiptNumber: '0002' }, { receiptNumber: '0003' }];
    for (const card of cards) {
      const order = sampleOrder(newId);
      writer.placeOrder(order, shop, 'https://hq.example/');
      const { id } = writer.startAttempt(order.id, order.total);
      writer.recordAuthorised(id, card);
      expect(reader.unsettledAttempt()?.card).toEqual(card);
      if (card !== cards[2]) writer.settleAttempt(id, { state: 'approved', card });
    }
    expect(reader.settledCards()).toEqual([{ receiptNumber: '0002' }, { receiptNumber: '0001' }]);
  });

  it('lists what is unpaid and what waits for the printer, oldest first', () => {
    const { reader, writer, newId } = createWriter();
    const unpaid = [3, 1, 2].map((placedAt) => ({ ...sampleOrder(newId), placedAt }));
    const free = [1, 2].map(() => ({ ...sampleOrder(newId), total: { amount: 0, currency: 'CNY' as const } }));
    for (const order of [...unpaid, ...free]) writer.placeOrder(order, shop, 'https://hq.example/');
    expect(reader.unpaidOrders().map(({ placedAt }) => placedAt)).toEqual([1, 2, 3]);
    expect(reader.unfinishedPrintJobs().map(({ orderId, state }) => [orderId, state])).toEqual(free.map(({ id }) => [id, 'queued']));
  });

  it('knows nothing of what is not there', () => {
    const { reader, newId } = createWriter();
    expect(reader.order(newId() as OrderId)).toBeUndefined();
    expect(reader.unsettledAttempt()).toBeUndefined();
    expect(reader.lastCatalogue()).toBeUndefined();
  });
});

describe('the queries of reader and writer', () => {
  /** Tables that grow with every order. The others have a row for each offer, or one. */
  const growing = /^SCAN (orders|jobs|outbox|payment_attempts|stock_moves)\b/;
  /** Walks the primary key backwards and stops at its limit. */
  const bounded = 'SELECT card FROM payment_attempts';

  function planOf(sql: string): string[] {
    const blanks = Array<number>((sql.match(/\?/g) ?? []).length).fill(1);
    return store.database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...blanks).map(({ detail }) => detail);
  }

  it('never walk through a table that grows', () => {
    const queries: string[] = [];
    const { database } = store;
    const noting = new Proxy(database, {
      get(target, property) {
        if (property !== 'prepare') return Reflect.get(target, property, target) as unknown;
        return (sql: string) => {
          queries.push(sql);
          return target.prepare(sql);
        };
      },
    }) as Database;
    createStoreWriter({ database: noting, reader: createStoreReader(noting), now: () => 1, newId: () => '' });
    expect(queries.length).toBeGreaterThan(20);
    const walks = queries.filter((sql) => planOf(sql).some((step) => growing.test(step) && !/USING (COVERING )?INDEX/.test(step)));
    expect(walks.filter((sql) => !sql.startsWith(bounded))).toEqual([]);
    const limited = queries.find((sql) => sql.startsWith(bounded)) ?? '';
    expect(limited).toMatch(/ORDER BY rowid DESC LIMIT \?$/);
    expect(planOf(limited)).toEqual(['SCAN payment_attempts']);
  });

  it('would be caught if they did', () => {
    expect(planOf("SELECT id FROM orders WHERE total = 300").some((step) => growing.test(step) && !/USING (COVERING )?INDEX/.test(step))).toBe(true);
  });
});

function sampleOrder(newId: () => string): Order {
  return orderSchema.parse({
    id: newId(), cartId: newId(), number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1,
    lines: [{ offerId: 'noodles', name: { zh: '面', en: 'Noodles' }, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 900, total: 900, tax: { basisPoints: 600, included: true, amount: 51 }, form: {}, fields: [] }],
    total: { amount: 900, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
  });
}
