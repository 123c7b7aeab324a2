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
const sellUntilKilled = async (folder: string, orders: number) => (await runUntilKilled(seller(folder), orders)) as OrderId[];

async function runUntilKilled(script: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
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

it.each(['one', 'another'])('a kiosk killed ten times over has every order that it had confirmed, with its event (%s)', { concurrent: true }, async (kiosk) => {
  const folder = path.join(top, kiosk);
  const said: OrderId[] = [];
  for (let round = 1; round <= 10; round++) {
    said.push(...(await sellUntilKilled(folder, 1 + ((round * 7) % 12))));
    expectWhole(folder, said);
  }
  expect(said.length).toBeGreaterThanOrEqual(10);
});

/** A restocker and customers without end. The names of the acts come in the order of a counter, so that a start which does not know whether its last was written says it again. */
const restocker = (folder: string, from: number) => `
  import { randomBytes } from 'node:crypto';
  import fs from 'node:fs';
  import { uuidV7From } from '../../domain/ids.ts';
  import { createEmitter } from './emitter.ts';
  import { openStore } from './open.ts';
  import { createStoreReader } from './reader.ts';
  import { createStockReader, createStockWriter } from './stock.ts';
  import { createStoreWriter } from './writer.ts';
  const opened = openStore(${JSON.stringify({ folder, keyHex: key, keyProvider: 'test' })});
  if (!opened.ok) throw new Error(opened.error.code + ' ' + opened.error.detail);
  const { database } = opened.value;
  const reader = createStoreReader(database);
  const newId = () => uuidV7From(Date.now(), randomBytes(10));
  const emitter = createEmitter({ database, now: Date.now, newId });
  const writer = createStoreWriter({ database, reader, emitter, now: Date.now, newId });
  const stock = createStockWriter({ database, emitter, now: Date.now, newId });
  const shelves = createStockReader(database);
  const words = { zh: '水', en: 'Water' };
  const moveId = (n) => '00000000-0000-4000-8000-' + String(n).padStart(12, '0');
  const act = (n) => {
    const lot = { offerId: 'water', slot: 'A' + (n % 3), bestBefore: n % 2 ? '2999-01-0' + (1 + n % 4) : undefined };
    stock.move({ moveId: moveId(n), staff: n % 40 < 20 ? '1001' : '1002', reason: 'refilled', changes: [{ lot, change: 2 }] });
    const [first] = shelves.lots();
    if (n % 5 === 0) stock.move({ moveId: moveId(1000000 + n), staff: '1001', reason: 'wasted', why: 'damaged', changes: [{ lot: first, change: -1 }] });
    if (n % 7 === 0) stock.finishVisit('1001');
  };
  for (let n = ${from}; ; n++) {
    act(n);
    fs.writeSync(1, n + '\\n');
    const id = newId();
    writer.placeOrder({
      id, cartId: newId(), number: writer.takePickupNumber(), placedAt: Date.now(), language: 'zh', catalogueRevision: 1,
      lines: [{ offerId: 'water', name: words, fulfilment: { kind: 'goods', initialStock: 1 }, choices: [], quantity: 1, unitPrice: 100, total: 100, tax: { basisPoints: 600, included: true, amount: 0 }, form: {}, fields: [] }],
      total: { amount: 100, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
    }, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
    if (n % 3 === 0) writer.endOrder(id, 'cancel');
  }`;

it('a kiosk killed while it is restocked has every move that it had confirmed, each once, with its event; and what is said again after the start counts once', async () => {
  const folder = path.join(top, 'restocked');
  let next = 1;
  for (let round = 1; round <= 6; round++) {
    // From the last that was said on: it stands there, and is said again.
    const said = (await runUntilKilled(restocker(folder, next), 3 + ((round * 5) % 9))).map(Number);
    next = said.at(-1)!;
    const opened = openStore({ folder, keyHex: key, keyProvider: 'test' });
    if (!opened.ok) throw new Error(opened.error.detail);
    const { database, close } = opened.value;
    const column = <T>(sql: string) => database.prepare<[], T>(sql).pluck().all() as T[];
    const rows = (sql: string) => database.prepare(sql).all();
    const moveIds = column<string>("SELECT move_id FROM stock_moves WHERE reason = 'refilled' ORDER BY move_id");
    // One more may stand there that could not be confirmed any more.
    expect([next, next + 1]).toContain(moveIds.length);
    expect(rows('SELECT lot_id, available FROM stock_lots WHERE available <> (SELECT sum(change) FROM stock_moves WHERE stock_moves.lot_id = stock_lots.lot_id)')).toEqual([]);
    expect(rows('SELECT offer_id FROM stock WHERE available <> (SELECT sum(available) FROM stock_lots WHERE stock_lots.offer_id = stock.offer_id)')).toEqual([]);
    expect(column("SELECT count(*) FROM outbox WHERE kind = 'stock.moved'")).toEqual(column('SELECT count(*) FROM stock_moves'));
    expect(column("SELECT payload ->> '$.visitId' FROM outbox WHERE kind = 'restock.visited' ORDER BY 1")).toEqual(column('SELECT visit_id FROM restock_visits WHERE ended_at IS NOT NULL ORDER BY 1'));
    expect(rows("SELECT visit_id FROM stock_moves WHERE visit_id IS NOT NULL AND visit_id NOT IN (SELECT visit_id FROM restock_visits)")).toEqual([]);
    expect(column<number>('SELECT count(*) FROM restock_visits WHERE ended_at IS NULL')[0]).toBeLessThanOrEqual(1);
    close();
  }
});

/** Customers who pay with wallets and by card, and managers who give back, without end. A start goes on with what the one before it left open, as core does. */
const cashier = (folder: string) => `
  import { randomBytes } from 'node:crypto';
  import fs from 'node:fs';
  import { uuidV7From } from '../../domain/ids.ts';
  import { openStore } from './open.ts';
  import { createStoreReader } from './reader.ts';
  import { createStoreWriter } from './writer.ts';
  const opened = openStore(${JSON.stringify({ folder, keyHex: key, keyProvider: 'test' })});
  if (!opened.ok) throw new Error(opened.error.code + ' ' + opened.error.detail);
  const { database } = opened.value;
  const reader = createStoreReader(database);
  const newId = () => uuidV7From(Date.now(), randomBytes(10));
  const writer = createStoreWriter({ database, reader, now: Date.now, newId });
  const words = { zh: '面', en: 'Noodles' };
  const wallet = { transactionId: '4200001' };
  const say = (text) => fs.writeSync(1, text + '\\n');
  for (const attempt of [...reader.unsettledWallets(), ...(reader.unsettledAttempt() ? [reader.unsettledAttempt()] : [])]) {
    if (attempt.state === 'reversing') writer.settleReversal(attempt.id, { kind: 'reversed' });
    else writer.settleAttempt(attempt.id, { state: 'not_paid' });
  }
  for (const refund of reader.openRefunds()) writer.settleRefund(refund.id, { state: 'done' });
  for (let n = 0; ; n++) {
    const id = newId();
    const total = { amount: 300, currency: 'CNY' };
    writer.placeOrder({
      id, cartId: newId(), number: writer.takePickupNumber(), placedAt: Date.now(), language: 'zh', catalogueRevision: 1,
      lines: [{ offerId: 'noodles', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 300, total: 300, tax: { basisPoints: 600, included: true, amount: 0 }, form: {}, fields: [] }],
      total, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
    }, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
    const isCard = n % 4 === 3;
    const attempt = writer.startAttempt(id, total, isCard ? undefined : { tender: n % 2 ? 'alipay' : 'wechat', mode: 'shown' });
    say('started ' + attempt.id);
    writer.settleAttempt(attempt.id, isCard ? { state: 'approved', card: {} } : { state: 'approved', wallet });
    say('approved ' + attempt.id);
    if (n % 3 === 0) {
      writer.startReversal(attempt.id);
      say('reversing ' + attempt.id);
      writer.settleReversal(attempt.id, { kind: 'reversed' });
      say('reversed ' + attempt.id);
      continue;
    }
    for (const amount of [100, 150, 50]) {
      const refund = writer.askRefund({ orderId: id, amount: { amount, currency: 'CNY' }, way: isCard ? 'by_hand' : 'tender', reason: 'cold' });
      say(refund.state + ' ' + refund.id);
      if (!isCard) writer.settleRefund(refund.id, { state: 'done' });
      say('done ' + refund.id);
    }
  }`;

it('a kiosk killed between any two steps of payments and refunds has all that it had confirmed, told as it stands; never more back than paid, and nothing back by halves', async () => {
  const folder = path.join(top, 'cashier');
  const rank = ['started', 'asked', 'approved', 'reversing', 'reversed', 'done'];
  for (let round = 1; round <= 8; round++) {
    const said = await runUntilKilled(cashier(folder), 1 + ((round * 5) % 13));
    const opened = openStore({ folder, keyHex: key, keyProvider: 'test' });
    if (!opened.ok) throw new Error(opened.error.detail);
    const { database, close } = opened.value;
    const stands = new Map(database.prepare<[], [string, string]>('SELECT id, state FROM payment_attempts UNION ALL SELECT id, state FROM refunds').raw().all());
    const told = new Map(database.prepare<[], [string, string]>(
      "SELECT coalesce(payload ->> '$.refundId', payload ->> '$.attemptId'), payload ->> '$.state' FROM outbox WHERE kind IN ('payment.attempt', 'payment.refund') ORDER BY position").raw().all());
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(stands));
    for (const line of said) {
      const [state = '', about = ''] = line.split(' ');
      expect(rank.indexOf(stands.get(about) ?? ''), `${line}, and it is ${stands.get(about)}`).toBeGreaterThanOrEqual(rank.indexOf(state));
    }
    expect(database.prepare("SELECT attempt_id FROM refunds JOIN payment_attempts AS attempts ON attempts.id = attempt_id WHERE refunds.state <> 'refused' GROUP BY attempt_id HAVING sum(refunds.amount) > attempts.amount").all()).toEqual([]);
    // All of it is back, or the payment stands: there is no moment between.
    expect(database.prepare(`
      SELECT attempts.id FROM payment_attempts AS attempts JOIN orders ON orders.id = order_id
      WHERE (attempts.state = 'reversed') <> (orders.state = 'refunded') OR (attempts.state IN ('approved', 'reversing')) <> (orders.state IN ('paid', 'fulfilled'))
        OR (attempts.state = 'approved' AND (SELECT coalesce(sum(amount), 0) FROM refunds WHERE attempt_id = attempts.id AND state = 'done') >= attempts.amount)`).all()).toEqual([]);
    close();
  }
});
