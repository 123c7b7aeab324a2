import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lanes } from '../../../domain/contract/hq.ts';
import { chainText, genesisHash } from '../../../domain/sync/chain.ts';
import { openKeyed } from '../connection.ts';
import { copiesFolder, listCopies, verifyCopy } from '../copies-files.ts';
import { hashOf } from '../emitter.ts';
import { openStore } from '../open.ts';
import { createOutbox } from '../outbox.ts';
import { createStoreReader } from '../reader.ts';
import { migrate as migrateToNewest, newestVersion } from '../recover-migrate.ts';
import { migrations } from './all.ts';

/** Names, columns, checks and indexes, whatever the way to them was: a table made anew says its name in quotes. */
function schema(database: Database.Database): readonly string[] {
  const rows = database.prepare<[], { sql: string }>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return rows.map(({ sql }) => sql.replaceAll('"', '').replace(/\s+/g, ' '));
}

/** As an earlier Counter24 left it: to that version and no further. */
function createAt(database: Database.Database, version: number): void {
  database.pragma('foreign_keys = ON');
  for (const { version: step, sql, finish } of migrations) {
    if (step > version) continue;
    database.transaction(() => {
      database.exec(sql);
      finish?.(database);
      database.pragma(`user_version = ${step}`);
    })();
  }
}

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const kinds = ['order.placed', 'order.state', 'stock.moved', 'payment.attempt', 'service.requested', 'a.kind.of.yesterday'];

/** Rows of every kind that both versions know, and events of which HQ has acknowledged so many. */
function populate(database: Database.Database, events: number, acknowledged: number, epoch = 1): void {
  const order = database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', 'payment_unknown', 300, 'CNY', 5, '{}', '{}', 'https://hq.example/r')");
  for (const n of [1, 2]) order.run(id(n), id(n + 10));
  const attempt = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state, card, refused, result_code) VALUES (?, ?, 300, 'CNY', ?, ?, ?, ?, ?)");
  // Ids that sort the other way round: the order of the rows is what counts.
  attempt.run(id(23), id(1), 9, 'declined', '{"receiptNumber":"0001"}', 0, '05');
  attempt.run(id(22), id(1), 7, 'cancelled', '{"receiptNumber":"0002"}', 1, '6c');
  attempt.run(id(21), id(2), 8, 'unclear', null, 0, null);
  database.prepare("INSERT INTO foreign_transactions (card, reason, seen_at) VALUES ('{\"receiptNumber\":\"0009\"}', 'baseline', 1)").run();
  database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, sequence) VALUES (?, ?, 'print_receipt', 'queued', 3, NULL), (?, ?, 'request_service', 'queued', 4, ?)").run(id(31), id(1), id(32), id(1), events === 0 ? null : events);
  database.prepare("INSERT INTO counters (name, next) VALUES ('pickup', 42)").run();
  database.prepare("INSERT INTO stock (offer_id, available) VALUES ('cola', 3)").run();
  database.prepare("INSERT INTO stock_moves (offer_id, change, available_after, reason, order_id, at) VALUES ('cola', -1, 3, 'reserved', ?, 5)").run(id(1));
  const event = database.prepare('INSERT INTO outbox (sequence, id, kind, version, at, payload) VALUES (?, ?, ?, 1, ?, ?)');
  for (let n = 1; n <= events; n++) event.run(n, id(1000 + n), kinds[n % kinds.length], 100 + n, `{"line\\nbreak": ${n}}`);
  database.prepare('UPDATE outbox_position SET epoch = ?, last = ?, acknowledged = ?').run(epoch, events, acknowledged);
}

/** Every event of the lanes' epochs follows on the one before it, by the chain as everybody reckons it today. */
function expectChains(database: Database.Database): void {
  const outbox = createOutbox(database);
  for (const lane of lanes) {
    const { epoch, last, head } = outbox.position(lane);
    const events = outbox.events(lane, 0, 100_000);
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    let before = genesisHash;
    for (const { hash, ...event } of events) {
      expect(hash).toBe(hashOf(chainText(before, lane, epoch, event)));
      before = hash;
    }
    expect(head).toBe(before);
  }
}

describe.each([1, 2])('from version %i, with rows in it', (version) => {
  let database: Database.Database;
  beforeEach(() => {
    database = new Database(':memory:');
    createAt(database, version);
    populate(database, 20, 8, 3);
    // What version 2 itself writes for an attempt that is unclear.
    if (version === 2) database.prepare("INSERT INTO attention (id, kind, order_id, attempt_id, document, raised_at) VALUES (?, 'payment_unclear', ?, ?, ?, 8)").run(id(21), id(2), id(21),
      JSON.stringify({ id: id(21), kind: 'payment_unclear', orderId: id(2), attemptId: id(21), amount: { amount: 300, currency: 'CNY' }, detail: 'unclear since before there was a list', raisedAt: 8 }));
    expect(migrateToNewest(database)).toEqual({ ok: true, value: undefined });
  });
  afterEach(() => void database.close());

  test('the schema is that of a new store', () => {
    const fresh = new Database(':memory:');
    migrateToNewest(fresh);
    expect(schema(database)).toEqual(schema(fresh));
    expect(database.pragma('user_version', { simple: true })).toBe(newestVersion);
    fresh.close();
  });

  test('every attempt, job and foreign transaction is there as it was, in the same order', () => {
    const reader = createStoreReader(database);
    expect(reader.attempts(id(1) as never)).toMatchObject([
      { id: id(23), startedAt: 9, state: 'declined', card: { receiptNumber: '0001' }, resultCode: '05' }, { id: id(22), state: 'cancelled', refused: true },
    ]);
    expect(reader.settledCards().map((card) => card.receiptNumber)).toEqual(['0002', '0001', '0009']);
    expect(reader.unfinishedPrintJobs()).toEqual([
      { id: id(31), orderId: id(1), kind: 'print_receipt', state: 'queued', createdAt: 3, slip: undefined, document: undefined },
    ]);
    expect(database.prepare('SELECT next FROM counters').pluck().all()).toEqual([42]);
    expect(database.prepare('SELECT offer_id, available FROM stock').all()).toEqual([{ offer_id: 'cola', available: 3 }]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('what was unclear stands on the list', () => {
    expect(createStoreReader(database).attention()).toEqual([{
      id: id(21), kind: 'payment_unclear', orderId: id(2), attemptId: id(21), amount: { amount: 300, currency: 'CNY' },
      detail: 'unclear since before there was a list', raisedAt: 8,
    }]);
  });

  test('a job that waits for HQ still knows its event', () => {
    expect(database.prepare('SELECT event_id FROM jobs WHERE id = ?').get(id(32))).toEqual({ event_id: id(1020) });
  });

  test('what HQ has not acknowledged goes into the next epoch, in one chain a lane; the rest stays where HQ has it', () => {
    expectChains(database);
    const outbox = createOutbox(database);
    expect(outbox.position('orders')).toMatchObject({ epoch: 4, acknowledged: 0, base: { epoch: 3, acknowledged: 8 } });
    expect(outbox.position('stock')).toMatchObject({ epoch: 1, acknowledged: 0, base: undefined });
    const rows = database.prepare<[], { id: string; lane: string; epoch: number; kind: string; payload: string }>('SELECT id, lane, epoch, kind, payload FROM outbox ORDER BY position').all();
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 20 }, (_, index) => id(1001 + index)));
    expect(rows.filter(({ epoch, lane }) => epoch === 3 && lane === 'orders').length).toBe(8);
    expect(rows.slice(8).every(({ lane, kind }) => (lane === 'stock') === (kind === 'stock.moved'))).toBe(true);
    expect(rows[0]!.payload).toBe('{"line\\nbreak": 1}');
  });

  test('the hot queries use their indexes', () => {
    const plan = (sql: string) => database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join('; ');
    expect(plan("SELECT id FROM jobs WHERE state IN ('queued', 'doing') AND kind <> 'request_service' ORDER BY created_at, id")).toContain('jobs_unfinished');
    expect(plan("SELECT * FROM payment_attempts WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')")).toContain('one_unsettled_of_order');
    expect(plan("SELECT * FROM payment_attempts WHERE tender = 'card' AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')")).toMatch(/one_unsettled_(card|of_order)/);
    expect(plan('SELECT paper_mm FROM jobs WHERE paper_mm IS NOT NULL AND slip IS NOT NULL ORDER BY slip DESC LIMIT 50')).toContain('jobs_by_slip');
  });
});

test('whatever was sent and whatever was not, from both versions: no event is lost, doubled or out of order, and every chain holds', () => {
  fc.assert(fc.property(fc.constantFrom(1, 2), fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 9 }), (version, events, heard, epoch) => {
    const acknowledged = Math.min(events, heard);
    const database = new Database(':memory:');
    try {
      createAt(database, version);
      populate(database, events, acknowledged, epoch);
      migrateToNewest(database);
      expectChains(database);
      const kept = database.prepare<[], string>('SELECT id FROM outbox ORDER BY position').pluck().all();
      expect(kept).toEqual(Array.from({ length: events }, (_, index) => id(1001 + index)));
      const waiting = lanes.reduce((sum, lane) => sum + createOutbox(database).position(lane).last, 0);
      expect(waiting).toBe(events - acknowledged);
    } finally {
      database.close();
    }
  }), { numRuns: 60 });
});

/** As Counter24 wrote an order before taxes stood on their lines (`order.placed` version 2). */
function olderOrder(orderId: string): Record<string, unknown> {
  const line = { choices: [], quantity: 1, name: { zh: '充值', en: 'Top-up' }, fulfilment: { kind: 'telecom', service: 'top_up' } };
  return {
    id: orderId, cartId: id(61), number: 'A007', placedAt: 5, language: 'zh', catalogueRevision: 1, receiptToken: 'abcdefghijklmnopqrstuv',
    lines: [{ ...line, offerId: 'top-up', unitPrice: 3000, total: 3000, form: { phone: 'sealed:AAAA' } }, { ...line, offerId: 'pack', unitPrice: 1000, total: 1000, form: {} }],
    total: { amount: 4000, currency: 'CNY' }, taxes: [{ ratePerMille: 60, gross: 4000, tax: 226 }],
  };
}

describe('from version 3, with rows in it', () => {
  let database: Database.Database;
  beforeEach(() => {
    database = new Database(':memory:');
    createAt(database, 3);
    const shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
    database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A007', 'paid', 4000, 'CNY', 5, ?, ?, 'https://hq.example/r')")
      .run(id(1), id(61), JSON.stringify(olderOrder(id(1))), JSON.stringify(shop));
    const job = database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, event_id) VALUES (?, ?, ?, ?, 4, ?)");
    job.run(id(31), id(1), 'print_receipt', 'uncertain', null);
    job.run(id(33), id(1), 'request_service', 'queued', id(1002));
    job.run(id(32), id(1), 'request_service', 'done', id(1001));
    database.prepare("INSERT INTO attention (id, kind, order_id, job_id, document, raised_at) VALUES (?, 'print_uncertain', ?, ?, ?, 8)").run(id(41), id(1), id(31),
      JSON.stringify({ id: id(41), kind: 'print_uncertain', orderId: id(1), jobId: id(31), detail: 'print_receipt, slip 1', raisedAt: 8 }));
    expect(migrateToNewest(database)).toEqual({ ok: true, value: undefined });
  });
  afterEach(() => void database.close());

  test('the schema is that of a new store', () => {
    const fresh = new Database(':memory:');
    migrateToNewest(fresh);
    expect(schema(database)).toEqual(schema(fresh));
    fresh.close();
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('an order of before is read, with a tax on each of its lines', () => {
    expect(createStoreReader(database).order(id(1) as never)?.order).toMatchObject({
      number: 'A007', taxes: [{ basisPoints: 600, included: true, gross: 4000, tax: 226 }],
      lines: [{ tax: { basisPoints: 600, included: true, amount: 169 }, fields: [{ id: 'phone', kind: 'phone' }] }, { tax: { amount: 57 }, fields: [] }],
    });
  });

  test('its services are known in the order in which they were asked for, and what stood on the list stands there', () => {
    const reader = createStoreReader(database);
    expect(reader.services(id(1) as never)).toMatchObject([{ jobId: id(32), nth: 0, state: 'asked' }, { jobId: id(33), nth: 1, state: 'asked' }]);
    expect(reader.attention()).toMatchObject([{ id: id(41), kind: 'print_uncertain' }]);
  });
});

describe('from version 4, with rows in it', () => {
  let database: Database.Database;
  beforeEach(() => {
    database = new Database(':memory:');
    createAt(database, 4);
    database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', 'placed', 300, 'CNY', 5, '{}', '{}', 'https://hq.example/r')").run(id(1), id(2));
    database.prepare("INSERT INTO stock (offer_id, available) VALUES ('cola', 3), ('tea', 0)").run();
    const move = database.prepare('INSERT INTO stock_moves (id, offer_id, change, available_after, reason, order_id, at) VALUES (?, ?, ?, ?, ?, ?, 5)');
    move.run(7, 'cola', 4, 4, 'initial', null);
    move.run(9, 'tea', 0, 0, 'initial', null);
    move.run(12, 'cola', -1, 3, 'reserved', id(1));
    expect(migrateToNewest(database)).toEqual({ ok: true, value: undefined });
  });
  afterEach(() => void database.close());

  test('the schema is that of a new store', () => {
    const fresh = new Database(':memory:');
    migrateToNewest(fresh);
    expect(schema(database)).toEqual(schema(fresh));
    fresh.close();
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('what there was is one lot an offer, without slot and day, and its moves keep their rows', () => {
    expect(database.prepare('SELECT * FROM stock_lots ORDER BY lot_id').all()).toEqual([
      { lot_id: 'cola', offer_id: 'cola', slot: null, best_before: null, available: 3 }, { lot_id: 'tea', offer_id: 'tea', slot: null, best_before: null, available: 0 },
    ]);
    expect(database.prepare('SELECT id, lot_id, change, available_after, lot_after, reason, order_id, move_id FROM stock_moves ORDER BY id').all()).toEqual([
      { id: 7, lot_id: 'cola', change: 4, available_after: 4, lot_after: 4, reason: 'initial', order_id: null, move_id: null },
      { id: 9, lot_id: 'tea', change: 0, available_after: 0, lot_after: 0, reason: 'initial', order_id: null, move_id: null },
      { id: 12, lot_id: 'cola', change: -1, available_after: 3, lot_after: 3, reason: 'reserved', order_id: id(1), move_id: null },
    ]);
  });

  test('the database itself refuses a lot below nothing, and a move that is told twice', () => {
    expect(database.prepare('UPDATE stock_lots SET available = 3').run().changes).toBe(2);
    expect(() => database.prepare('UPDATE stock_lots SET available = -1').run()).toThrow(/CHECK/);
    database.prepare("INSERT INTO stock_moves (offer_id, lot_id, change, available_after, lot_after, reason, at, move_id) VALUES ('cola', 'cola', 1, 4, 4, 'refilled', 6, 'm')").run();
    expect(() => database.prepare("INSERT INTO stock_moves (offer_id, lot_id, change, available_after, lot_after, reason, at, move_id) VALUES ('cola', 'cola', 1, 5, 5, 'refilled', 7, 'm')").run()).toThrow(/UNIQUE/);
  });
});

describe('on the disk', () => {
  const key = 'd7'.repeat(32);
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-migrations-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const plant = (version: number) => {
    const database = openKeyed({ file: path.join(folder, 'store.db'), keyHex: key });
    database.pragma('journal_mode = WAL');
    createAt(database, version);
    populate(database, 20, 8);
    database.close();
  };

  test.each([1, 2])('a store of version %i is opened as the newest; as it was it is kept beside, encrypted', (version) => {
    plant(version);
    const opened = openStore({ folder, keyHex: key, keyProvider: 'test' });
    if (!opened.ok) throw new Error(opened.error.detail);
    expectChains(opened.value.database);
    expect(opened.value.recovery).toBeUndefined();
    opened.value.close();
    const copies = listCopies([copiesFolder(folder)]);
    expect(copies).toHaveLength(1);
    const { file } = copies[0]!;
    expect(verifyCopy({ file, keyHex: key }, newestVersion)).toEqual({ ok: true, value: version });
    expect(fs.readFileSync(file).includes('CREATE TABLE')).toBe(false);
    const copy = openKeyed({ file, keyHex: key, readonly: true });
    expect(copy.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(20);
    copy.close();
  });

  test('the copy of before is the last to go back to, and is brought up to date then', () => {
    plant(2);
    const open = () => openStore({ folder, keyHex: key, keyProvider: 'test' });
    const first = open();
    if (first.ok) first.value.close();
    fs.writeFileSync(path.join(folder, 'store.db'), Buffer.alloc(8192));
    const second = open();
    if (!second.ok) throw new Error(second.error.detail);
    expect(second.value.recovery).toMatchObject({ cause: 'file_zeroed', from: 'copy', needsHistory: true });
    expect(second.value.database.prepare('SELECT count(*) FROM orders').pluck().get()).toBe(2);
    expect(second.value.database.pragma('user_version', { simple: true })).toBe(newestVersion);
    second.value.close();
  });

  test('only the newest such copy is kept', () => {
    fs.mkdirSync(copiesFolder(folder));
    fs.writeFileSync(path.join(copiesFolder(folder), 'before-migration-1-5.db'), 'older');
    plant(2);
    const opened = openStore({ folder, keyHex: key, keyProvider: 'test' });
    if (opened.ok) opened.value.close();
    expect(fs.readdirSync(copiesFolder(folder)).map((name) => name.replace(/\d+\.db$/, ''))).toEqual(['before-migration-2-']);
  });

  test('a store of a newer Counter24 is refused by name, and nothing is copied', () => {
    plant(2);
    const database = openKeyed({ file: path.join(folder, 'store.db'), keyHex: key });
    database.pragma(`user_version = ${newestVersion + 1}`);
    database.close();
    expect(openStore({ folder, keyHex: key, keyProvider: 'test' })).toMatchObject({ ok: false, error: { code: 'STORE_TOO_NEW' } });
    expect(fs.existsSync(copiesFolder(folder))).toBe(false);
  });
});

test('services from before version 4 are numbered as their lines were asked for, whatever their ids are', () => {
  const database = new Database(':memory:');
  createAt(database, 3);
  database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', 'paid', 300, 'CNY', 5, '{}', '{}', 'https://hq.example/r')").run(id(1), id(2));
  const event = database.prepare("INSERT INTO outbox (position, lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms, payload, hash) VALUES (?, 'orders', 1, ?, ?, 'service.requested', 2, 1, 'b', 1, '{}', '')");
  const job = database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, event_id) VALUES (?, ?, 'request_service', 'queued', 4, ?)");
  // Made in one millisecond: the second's id is the smaller one.
  for (const [nth, jobId] of [[1, id(92)], [2, id(91)]] as const) {
    event.run(nth, nth, id(1000 + nth));
    job.run(jobId, id(1), id(1000 + nth));
  }
  expect(migrateToNewest(database)).toEqual({ ok: true, value: undefined });
  expect(createStoreReader(database).services(id(1) as never)).toMatchObject([{ jobId: id(92), nth: 0 }, { jobId: id(91), nth: 1 }]);
  database.close();
});

test('from version 5: what was sold before there were reports is of none, save for the last day, and what is open stays open', () => {
  const database = new Database(':memory:');
  createAt(database, 5);
  const day = 86_400_000;
  const order = database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', ?, 300, 'CNY', ?, '{}', '{}', 'https://hq.example/r')");
  const attempt = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state) VALUES (?, ?, 300, 'CNY', ?, ?)");
  for (const [n, at, state, attemptState] of [[1, 0, 'fulfilled', 'approved'], [2, day, 'refunded', 'reversed'], [3, 2 * day, 'payment_unknown', 'unclear'], [4, 9 * day, 'fulfilled', 'approved'], [5, 10 * day - 1, 'refunded', 'reversed']] as const) {
    order.run(id(n), id(n + 10), state, at);
    attempt.run(id(n + 20), id(n), at, attemptState);
  }
  migrateToNewest(database);
  expect(database.prepare('SELECT day, refund_day FROM orders ORDER BY id').raw().all()).toEqual([[0, null], [0, 0], [null, null], [null, null], [null, null]]);
  expect(database.prepare('SELECT day FROM payment_attempts ORDER BY id').pluck().all()).toEqual([0, 0, null, null, null]);
  database.close();
});

test('from version 7: what was paid was paid by card, the staff’s list keeps its rows, and what is open is found as before', () => {
  const database = new Database(':memory:');
  createAt(database, 7);
  const order = database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, 'A001', 'payment_unknown', 300, 'CNY', 5, '{}', '{}', 'https://hq.example/r')");
  for (const n of [1, 2]) order.run(id(n), id(n + 10));
  const attempt = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state, card, result_code) VALUES (?, ?, 300, 'CNY', 7, ?, ?, ?)");
  attempt.run(id(21), id(1), 'declined', '{"receiptNumber":"0001"}', '6c');
  attempt.run(id(22), id(2), 'unclear', null, null);
  const list = database.prepare("INSERT INTO attention (id, kind, order_id, attempt_id, job_id, document, raised_at, decision) VALUES (?, ?, ?, ?, ?, ?, 9, ?)");
  const document = (n: number, kind: string, about: object) => JSON.stringify({ id: id(n), kind, orderId: id(2), ...about, detail: 'd', raisedAt: 9 });
  list.run(id(41), 'payment_unclear', id(2), id(22), null, document(41, 'payment_unclear', { attemptId: id(22) }), null);
  list.run(id(42), 'print_uncertain', id(2), null, id(31), document(42, 'print_uncertain', { jobId: id(31) }), 'leave');
  expect(migrateToNewest(database)).toEqual({ ok: true, value: undefined });
  const reader = createStoreReader(database);
  expect(reader.attempts(id(1) as never)).toEqual([{ id: id(21), orderId: id(1), amount: { amount: 300, currency: 'CNY' }, startedAt: 7, tender: 'card', state: 'declined', card: { receiptNumber: '0001' }, resultCode: '6c' }]);
  expect(reader.unsettledAttempt()).toMatchObject({ id: id(22), tender: 'card', state: 'unclear' });
  expect([reader.unsettledOf(id(2) as never)?.id, reader.unsettledWallets(), reader.openRefunds()]).toEqual([id(22), [], []]);
  expect(reader.attention()).toMatchObject([{ id: id(41), kind: 'payment_unclear' }]);
  expect(reader.decisionOf(id(42) as never)).toBe('leave');
  expect(() => list.run(id(43), 'payment_unclear', id(2), id(22), null, '{}', null)).toThrow('UNIQUE');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  database.close();
});
