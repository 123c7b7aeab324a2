import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { EventKind } from '../../domain/contract/hq.ts';
import type { CartId, JobId, OrderId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import type { Order, OrderLine } from '../../domain/order/order.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import { isSealed } from '../../domain/personal/sealed.ts';

import { createEmitter } from './emitter.ts';
import { createHelpStore } from './help.ts';
import { migrations } from './migrations/all.ts';
import { createOutbox } from './outbox.ts';
import { createPersonalData } from './personal.ts';
import type { StoreReader } from './reader.ts';
import { createStoreReader } from './reader.ts';
import { recordsOf, replayRecords } from './replay.ts';
import type { StoreWriter } from './writer.ts';
import { createStoreWriter } from './writer.ts';

let database: Database.Database;
let reader: StoreReader;
let writer: StoreWriter;
let ids: number;
let time: number;

const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));
const now = () => ++time;

function emptyDatabase(): Database.Database {
  const made = new Database(':memory:');
  made.pragma('foreign_keys = ON');
  for (const { sql, finish } of migrations) {
    made.exec(sql);
    finish?.(made);
  }
  return made;
}

beforeEach(() => {
  [ids, time] = [0, 1_700_000_000_000];
  database = emptyDatabase();
  reader = createStoreReader(database);
  writer = createStoreWriter({ database, reader, now, newId });
});
afterEach(() => void database.close());

const both = (text: string) => ({ zh: text, en: text });
const shop = { name: both('Shop'), address: both('Road'), phone: '021', timeZone: 'Asia/Shanghai' };

function line(offerId: string, total: number, rest: Partial<OrderLine> = {}): OrderLine {
  return {
    offerId, name: both(offerId), fulfilment: { kind: 'telecom', service: 'top_up' }, choices: [], quantity: 1, unitPrice: total, total,
    tax: { basisPoints: 600, included: true, amount: 0 }, form: { phone: '13912345678' }, fields: [], ...rest,
  };
}
const food = (total: number) => line('noodles', total, { fulfilment: { kind: 'food' }, form: {} });

/** Placed, and paid by card where it costs something. */
function paid(...lines: OrderLine[]): OrderId {
  const added = lines.reduce((sum, { tax }) => sum + (tax.included ? 0 : tax.amount), 0);
  const total = money(lines.reduce((sum, each) => sum + each.total, added), 'CNY');
  const order: Order = {
    id: newId() as OrderId, cartId: newId() as CartId, number: writer.takePickupNumber(), placedAt: now(), language: 'zh', catalogueRevision: 1, lines, total, taxes: [],
    receiptToken: String(ids).padStart(22, '0'),
  };
  writer.placeOrder(order, shop, 'https://hq.example/r/x');
  if (total.amount === 0) return order.id;
  const card: CardDetails = { receiptNumber: String(ids).padStart(4, '0') };
  writer.settleAttempt(writer.startAttempt(order.id, total).id, { state: 'approved', card });
  return order.id;
}

const jobs = (orderId: OrderId) => reader.services(orderId).map(({ jobId }) => jobId);
const states = (orderId: OrderId) => reader.services(orderId).map(({ state }) => state);
const approvedOf = (orderId: OrderId) => reader.attempts(orderId).find(({ state }) => state === 'approved')!.id;
const told = (kind: EventKind) => (database.prepare('SELECT payload FROM outbox WHERE kind = ? ORDER BY position').pluck().all(kind) as string[]).map((payload) => JSON.parse(payload) as Record<string, unknown>);

describe('what HQ says of a service', () => {
  it('is kept and told back once: pending, then done, with the carrier’s reference', () => {
    const order = paid(line('top-up', 3000), line('pack', 1000), food(500));
    const [first, second] = jobs(order);
    expect(states(order)).toEqual(['asked', 'asked']);
    expect([writer.settleService(first!, 'pending', undefined), writer.settleService(first!, 'pending', undefined), writer.settleService(first!, 'done', 'CM-77'), writer.settleService(first!, 'done', 'CM-77')])
      .toEqual(['settled', 'as_before', 'settled', 'as_before']);
    expect(reader.services(order)).toMatchObject([{ jobId: first, nth: 0, state: 'done', reference: 'CM-77' }, { jobId: second, nth: 1, state: 'asked' }]);
    expect(told('service.settled').map((payload) => eventPayloads['service.settled'].parse(payload))).toEqual([
      { jobId: first, orderId: order, outcome: 'pending' }, { jobId: first, orderId: order, outcome: 'done', reference: 'CM-77' },
    ]);
  });

  it('ends the job that asked: HQ has it, whether its acknowledgement was heard or not', () => {
    const order = paid(line('top-up', 3000));
    const [job] = jobs(order);
    writer.settleService(job!, 'pending', undefined);
    expect(reader.jobs(order).find(({ kind }) => kind === 'request_service')?.state).toBe('done');
    writer.setJobState(reader.jobs(order).find(({ kind }) => kind === 'print_receipt')!.id, 'done');
    expect(reader.order(order)?.state).toBe('fulfilled');
  });

  it('is final once it is done or refused', () => {
    const order = paid(line('top-up', 3000));
    const [job] = jobs(order);
    writer.settleService(job!, 'done', undefined);
    expect([writer.settleService(job!, 'refused', undefined), states(order), reader.ordersWithRefused('owed')]).toEqual(['final', ['done'], []]);
  });

  it('of one that was never asked for is a bug of the caller', () => {
    expect(() => writer.settleService(newId() as JobId, 'done', undefined)).toThrow('never asked for');
  });

  it('is written whole or not at all: without room for the event, the service is as it was', () => {
    const order = paid(line('top-up', 3000));
    database.exec("CREATE TRIGGER full BEFORE INSERT ON outbox WHEN NEW.kind = 'service.settled' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    expect(() => writer.settleService(jobs(order)[0]!, 'refused', undefined)).toThrow('the disk is full');
    expect([states(order), reader.ordersWithRefused('open'), reader.ordersWithRefused('owed')]).toEqual([['asked'], [], []]);
  });
});

describe('the money of a refused service', () => {
  it('goes back whole where the order holds nothing else that costs, and the wish for it ends with the reversal', () => {
    const order = paid(line('top-up', 3000), line('gift', 0, { fulfilment: { kind: 'food' }, form: {} }));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    expect(reader.ordersWithRefused('owed')).toEqual([order]);
    const attempt = approvedOf(order);
    writer.startReversal(attempt);
    expect(reader.ordersWithRefused('owed')).toEqual([]);
    writer.settleReversal(attempt, { kind: 'reversed' });
    expect([reader.order(order)?.state, reader.attention()]).toEqual(['refunded', []]);
    writer.judgeRefusedServices();
    expect(reader.ordersWithRefused('owed')).toEqual([]);
  });

  it('waits until every service of such an order is settled, and then goes back once', () => {
    const order = paid(line('top-up', 3000), line('top-up', 5000));
    const [first, second] = jobs(order);
    writer.settleService(first!, 'refused', undefined);
    expect([reader.ordersWithRefused('open'), reader.ordersWithRefused('owed'), reader.attention()]).toEqual([[order], [], []]);
    writer.settleService(second!, 'pending', undefined);
    expect(reader.ordersWithRefused('owed')).toEqual([]);
    writer.settleService(second!, 'refused', undefined);
    expect([reader.ordersWithRefused('open'), reader.ordersWithRefused('owed')]).toEqual([[], [order]]);
  });

  it('is a person’s to give back where another part was done, with the part’s amount', () => {
    const order = paid(line('top-up', 3000), line('top-up', 5000));
    const [first, second] = jobs(order);
    writer.settleService(first!, 'refused', undefined);
    writer.settleService(second!, 'done', undefined);
    expect(reader.ordersWithRefused('owed')).toEqual([]);
    expect(reader.attention()).toMatchObject([{ kind: 'service_refused', orderId: order, jobId: first, amount: { amount: 3000, currency: 'CNY' } }]);
  });

  it('is a person’s at once where goods or food were bought with it; a tax on top is theirs, too', () => {
    const order = paid(line('top-up', 3000, { tax: { basisPoints: 600, included: false, amount: 180 } }), food(900));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    const [item] = reader.attention();
    expect(item).toMatchObject({ kind: 'service_refused', amount: { amount: 3180, currency: 'CNY' } });
    expect(JSON.stringify(item)).not.toContain('13912345678');
    writer.settleAttention(item!.id, 'part_given_back');
    writer.judgeRefusedServices();
    expect([reader.attention(), reader.order(order)?.state, reader.ordersWithRefused('open')]).toEqual([[], 'paid', []]);
  });

  it('what stands on the list is settled when the whole order is given back after all', () => {
    const order = paid(line('top-up', 3000), food(900));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    const attempt = approvedOf(order);
    writer.startReversal(attempt);
    writer.settleReversal(attempt, { kind: 'reversed' });
    expect([reader.attention(), told('attention.settled')]).toMatchObject([[], [{ kind: 'service_refused', decision: 'part_given_back' }]]);
  });

  it('is none where the service was free', () => {
    const order = paid(line('broadband', 0));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    const mixed = paid(line('broadband', 0), food(900));
    writer.settleService(jobs(mixed)[0]!, 'refused', undefined);
    expect([states(order), reader.ordersWithRefused('open'), reader.ordersWithRefused('owed'), reader.attention()]).toEqual([['refused'], [], [], []]);
  });

  it('is not sent back again where the terminal would not: then a person decides by the payment', () => {
    const order = paid(line('top-up', 3000));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    const attempt = approvedOf(order);
    writer.startReversal(attempt);
    writer.settleReversal(attempt, { kind: 'refused', detail: 'B5' });
    writer.judgeRefusedServices();
    expect([reader.ordersWithRefused('owed'), reader.attention()]).toMatchObject([[], [{ kind: 'reversal_refused', orderId: order }]]);
  });

  it('is judged by how a reversal ends that was under way already', () => {
    const order = paid(line('top-up', 3000));
    const attempt = approvedOf(order);
    writer.startReversal(attempt);
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    expect([reader.ordersWithRefused('open'), reader.ordersWithRefused('owed')]).toEqual([[order], []]);
    writer.settleReversal(attempt, { kind: 'reversed' });
    expect([reader.ordersWithRefused('open'), reader.order(order)?.state]).toEqual([[], 'refunded']);
  });
});

describe('a part that was given back by hand', () => {
  const mixed = () => {
    const order = paid(line('top-up', 3000), food(900));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    return { order, attempt: approvedOf(order), listed: reader.attention()[0]!.id };
  };

  it('does not go back a second time with the whole order', () => {
    const { order, attempt, listed } = mixed();
    expect(reader.isPartGivenBack(order)).toBe(false);
    writer.settleAttention(listed, 'part_given_back');
    expect(reader.isPartGivenBack(order)).toBe(true);
    expect(() => writer.startReversal(attempt)).toThrow('given back by hand');
    expect(reader.attempts(order)[0]?.state).toBe('approved');
  });

  it('cannot be so while the whole order is on its way back, and can when the terminal would not', () => {
    const { order, attempt, listed } = mixed();
    writer.startReversal(attempt);
    expect(() => writer.settleAttention(listed, 'part_given_back')).toThrow('is being taken back just now');
    expect([reader.attention().map(({ id }) => id), told('attention.settled')]).toEqual([[listed], []]);
    writer.settleReversal(attempt, { kind: 'refused', detail: 'B5' });
    writer.settleAttention(listed, 'part_given_back');
    expect(reader.isPartGivenBack(order)).toBe(true);
  });

  it('was settled in another way: the whole may still go back', () => {
    const { order, attempt, listed } = mixed();
    writer.settleAttention(listed, 'part_settled');
    writer.startReversal(attempt);
    writer.settleReversal(attempt, { kind: 'reversed' });
    expect(reader.order(order)?.state).toBe('refunded');
  });
});

it('HQ is told what was paid for a service: a tax that is added is in it', () => {
  paid(line('top-up', 1000, { tax: { basisPoints: 1000, included: false, amount: 100 } }), line('pack', 500));
  expect(told('service.requested')).toMatchObject([{ offerId: 'top-up', amount: 1100 }, { offerId: 'pack', amount: 500 }]);
});

it('words that look sealed are sealed as any others, and come back as they were given', () => {
  for (const order of [paid(line('top-up', 3000, { form: { note: 'sealed:my planted name' } })), paid(line('application', 0, { form: { note: 'sealed:my planted name' } }))]) {
    writer.giveFeedback(order, { stars: 5, chips: [], words: 'sealed:my planted name' });
    expect(reader.order(order)?.order.lines[0]?.form).toEqual({ note: 'sealed:my planted name' });
  }
  expect([told('service.requested').length, told('feedback.given').length]).toEqual([2, 2]);
  expect(Buffer.from(database.serialize()).includes('my planted name')).toBe(false);
});

describe('a store that got its history back from HQ', () => {
  function brought(): { reader: StoreReader; writer: StoreWriter; tellAgain: () => void; close: () => void } {
    const other = emptyDatabase();
    const tell = () => void replayRecords(other, recordsOf({ events: eventsNow(), keys: [] }), { now, newId, source: 'hq' });
    tell();
    const otherReader = createStoreReader(other);
    return { reader: otherReader, writer: createStoreWriter({ database: other, reader: otherReader, now, newId }), tellAgain: tell, close: () => void other.close() };
  }

  function eventsNow() {
    const rows = database.prepare<[], { lane: 'orders'; epoch: number; sequence: number; id: never; kind: string; version: number; at: number; boot: string; monotonicMs: number; payload: string; hash: string }>(
      'SELECT lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms AS monotonicMs, payload, hash FROM outbox ORDER BY position').all();
    return rows.map(({ lane, epoch, ...event }) => ({ lane, epoch, event }));
  }

  it('owes the money of a refused service that was still to be sent back', () => {
    const order = paid(line('top-up', 3000));
    writer.settleService(jobs(order)[0]!, 'refused', undefined);
    const again = brought();
    expect([again.reader.ordersWithRefused('open'), again.reader.ordersWithRefused('owed')]).toEqual([[order], []]);
    again.writer.judgeRefusedServices();
    expect(again.reader.ordersWithRefused('owed')).toEqual([order]);
    again.close();
  });

  it('owes nothing any more of one that it hears to be back after all', () => {
    const order = paid(line('top-up', 3000));
    const job = jobs(order)[0]!;
    const before = brought();
    before.writer.settleService(job, 'refused', undefined);
    expect(before.reader.ordersWithRefused('owed')).toEqual([order]);
    const attempt = approvedOf(order);
    writer.startReversal(attempt);
    writer.settleReversal(attempt, { kind: 'reversed' });
    before.tellAgain();
    expect([before.reader.order(order)?.state, before.reader.ordersWithRefused('owed')]).toEqual(['refunded', [order]]);
    before.writer.judgeRefusedServices();
    expect([before.reader.ordersWithRefused('owed'), before.reader.attention()]).toEqual([[], []]);
    before.close();
  });

  it('owes nothing of one that is back, was refused by the terminal, or stands decided on the list', () => {
    const back = paid(line('top-up', 3000));
    writer.settleService(jobs(back)[0]!, 'refused', undefined);
    const attempt = approvedOf(back);
    writer.startReversal(attempt);
    writer.settleReversal(attempt, { kind: 'reversed' });
    const hindered = paid(line('top-up', 3000));
    writer.settleService(jobs(hindered)[0]!, 'refused', undefined);
    const other = approvedOf(hindered);
    writer.startReversal(other);
    writer.settleReversal(other, { kind: 'refused', detail: 'B5' });
    writer.settleAttention(reader.attention()[0]!.id, 'stays_paid');
    const part = paid(line('top-up', 3000), food(900));
    writer.settleService(jobs(part)[0]!, 'refused', undefined);
    writer.settleAttention(reader.attention()[0]!.id, 'part_settled');
    const again = brought();
    again.writer.judgeRefusedServices();
    expect([again.reader.ordersWithRefused('open'), again.reader.ordersWithRefused('owed'), again.reader.attention()]).toEqual([[], [], []]);
    again.close();
  });
});

describe('what an order’s customer says of it', () => {
  it('is told once, and their own words sealed under the order’s key, which HQ gets beside it', () => {
    const order = paid(food(0));
    const personal = createPersonalData(database);
    expect(personal.keyOf(order)).toBeUndefined();
    expect(writer.giveFeedback(order, { stars: 4, chips: ['quick', 'easy'], words: 'planted words' })).toBe(true);
    expect(writer.giveFeedback(order, { stars: 1, chips: [], words: 'a second time' })).toBe(false);
    const [given, ...others] = told('feedback.given').map((payload) => eventPayloads['feedback.given'].parse(payload));
    expect([others, given]).toMatchObject([[], { orderId: order, stars: 4, chips: ['quick', 'easy'] }]);
    expect(isSealed(given!.words!)).toBe(true);
    const outbox = createOutbox(database);
    expect(outbox.keysFor(outbox.events('orders', 0, 100).filter(({ kind }) => kind === 'feedback.given'))).toEqual([{ orderId: order, key: personal.keyOf(order)!.toString('base64') }]);
    expect(Buffer.from(database.serialize()).includes('planted words')).toBe(false);
    expect(Buffer.from(database.serialize()).includes('a second time')).toBe(false);
  });

  it('goes under the key that there is', () => {
    const order = paid(line('top-up', 3000));
    const key = createPersonalData(database).keyOf(order);
    writer.giveFeedback(order, { stars: 5, chips: [], words: 'fine' });
    expect(createPersonalData(database).keyOf(order)).toEqual(key);
  });

  it('needs no words, and then no key', () => {
    const order = paid(food(0));
    writer.giveFeedback(order, { stars: 5, chips: [] });
    expect([told('feedback.given'), createPersonalData(database).keyOf(order)]).toEqual([[{ orderId: order, stars: 5, chips: [] }], undefined]);
  });
});

describe('a call for a person', () => {
  const help = () => createHelpStore(database, createEmitter({ database, now, newId }), now, newId);

  it('is open until it is ended, over restarts, and HQ hears of both, once each', () => {
    const order = paid(food(0));
    const { id } = help().call('cart', order);
    expect(help().open()).toEqual([{ id, isAnswered: false, words: undefined }]);
    expect(help().answer(id, { zh: '马上来', en: 'On my way' })).toBe(true);
    expect(help().open()).toEqual([{ id, isAnswered: true, words: { zh: '马上来', en: 'On my way' } }]);
    help().end(id, 'customer');
    help().end(id, 'idle');
    expect([help().open(), help().answer(id, undefined)]).toEqual([[], false]);
    expect([told('help.called'), told('help.ended')]).toEqual([[{ callId: id, screen: 'cart', orderId: order }], [{ callId: id, by: 'customer' }]]);
  });
});
