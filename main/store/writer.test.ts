import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { Fulfilment } from '../../domain/catalogue/offer.ts';
import type { Decision } from '../../domain/attention/attention.ts';
import { attentionKinds, decisionsFor, mayDecide } from '../../domain/attention/attention.ts';
import type { EventKind, JobKind, JobState } from '../../domain/contract/hq.ts';
import { eventPayloads, jobStates, laneOf, lanes } from '../../domain/contract/hq.ts';
import type { AttemptId, AttentionId, CartId, JobId, OrderId } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import type { AttemptState } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import { hashOf } from './emitter.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import { createOutbox } from './outbox.ts';
import type { StoreReader } from './reader.ts';
import { createStoreReader } from './reader.ts';
import type { AttemptSettlement, StoreWriter } from './writer.ts';
import { createStoreWriter } from './writer.ts';

const shop: Shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
const card: CardDetails = { receiptNumber: '0042', traceNumber: '000042', maskedPan: '************1234' };
const initialStock = { cola: 3, charger: 5 } as const;

const fulfilments: Readonly<Record<string, Fulfilment>> = {
  cola: { kind: 'goods', initialStock: initialStock.cola },
  charger: { kind: 'goods', initialStock: initialStock.charger },
  unknown: { kind: 'goods', initialStock: 1 },
  noodles: { kind: 'food' },
  'top-up': { kind: 'telecom', service: 'top_up' },
};

/** What an order is made of: pieces by offer. */
type Wish = Readonly<Record<string, number>>;

const word = (text: string) => ({ zh: text, en: text });
const formOf = (offerId: string): Order['lines'][number]['form'] => (offerId === 'top-up' ? { phone: '13912345678' } : {});

function catalogue(revision = 1, stock: Readonly<Record<string, number>> = initialStock): Catalogue {
  const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
  return catalogueSchema.parse({
    revision, currency: 'CNY',
    categories: [{ id: 'shelf', business: 'goods', name: word('Shelf'), picture }],
    offers: Object.entries(stock).map(([id, pieces]) => ({
      id, categoryId: 'shelf', name: word(id), description: word(id), picture, price: 300, taxPerMille: 130,
      fulfilment: { kind: 'goods', initialStock: pieces }, options: [], form: [], maxPerOrder: 9,
    })),
    scenes: [{ offerId: Object.keys(stock)[0], line: word('Scene') }],
  });
}

interface Rig {
  readonly folder: string;
  readonly store: OpenStore;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly newId: () => string;
}

function createRig(): Rig {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-writer-'));
  const opened = openStore({ folder, keyHex: 'c3'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  let ids = 0;
  let time = 1_700_000_000_000;
  const newId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`;
  const reader = createStoreReader(opened.value.database);
  const writer = createStoreWriter({ database: opened.value.database, reader, now: () => ++time, newId });
  writer.saveCatalogue(catalogue());
  return { folder, store: opened.value, reader, writer, newId };
}

function dispose({ store, folder }: Rig): void {
  store.close();
  fs.rmSync(folder, { recursive: true });
}

function makeOrder({ newId }: Pick<Rig, 'newId'>, wish: Wish, unitPrice = 300, cartId = newId()): Order {
  const lines = Object.entries(wish).map(([offerId, quantity]) => ({
    offerId, name: word(offerId), fulfilment: fulfilments[offerId]!, choices: [], quantity, unitPrice, total: unitPrice * quantity,
    tax: { basisPoints: 1300, included: true, amount: 0 }, form: formOf(offerId), fields: [],
  }));
  return {
    id: newId() as OrderId, cartId: cartId as CartId, number: 'A001', placedAt: 1_700_000_000_000, language: 'zh', catalogueRevision: 1, lines,
    total: money(lines.reduce((sum, line) => sum + line.total, 0), 'CNY'), taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
  };
}

function place(rig: Rig, wish: Wish, unitPrice?: number): Order {
  const order = makeOrder(rig, wish, unitPrice);
  rig.writer.placeOrder(order, shop, `https://hq.example/r/${order.receiptToken}`);
  return order;
}

interface Told { readonly sequence: number; readonly kind: EventKind; readonly payload: Record<string, unknown> }

function events({ store }: Rig, after = 0): Told[] {
  const rows = store.database.prepare<[number], Told & { payload: string }>('SELECT position AS sequence, kind, payload FROM outbox WHERE position > ? ORDER BY position').all(after);
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as Record<string, unknown> }));
}

/** Every row of every table, as one text. */
function dump({ store: { database } }: Rig): string {
  const tables = database.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return JSON.stringify(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()]));
}

function expectRefused(rig: Rig, act: () => void, message?: RegExp): void {
  const before = dump(rig);
  expect(act).toThrow(message);
  expect(dump(rig)).toBe(before);
}

const settlements: { readonly [S in AttemptState]?: AttemptSettlement } & { readonly [S in AttemptSettlement['state']]: AttemptSettlement } = {
  approved: { state: 'approved', card }, declined: { state: 'declined', resultCode: '05' }, cancelled: { state: 'cancelled', resultCode: '6C' },
  not_sent: { state: 'not_sent' }, not_paid: { state: 'not_paid' }, unknown: { state: 'unknown' }, unclear: { state: 'unclear', detail: 'it fits neither' }, reversing: { state: 'reversing', card },
};

describe('the writer', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = createRig();
  });
  afterEach(() => dispose(rig));

  it('never writes an event that HQ would not take: nothing of it is kept', () => {
    const order = makeOrder(rig, { cola: 1 });
    const choices = Array.from({ length: 3000 }, (_, index) => ({ id: `choice-${index}`, name: word('with pearls'), price: 0 }));
    const tooLong: Order = { ...order, lines: order.lines.map((line) => ({ ...line, choices })) };
    expectRefused(rig, () => rig.writer.placeOrder(tooLong, shop, 'https://hq.example/r/x'), /order\.placed has \d+ characters, and HQ takes 200000/);
    rig.writer.placeOrder(order, shop, 'https://hq.example/r/x');
  });

  it('places an order with its event and its reservation in one go', () => {
    const order = place(rig, { cola: 2, noodles: 1 });
    expect(rig.reader.order(order.id)).toMatchObject({ state: 'placed', order });
    expect(rig.reader.orderOfCart(order.cartId)).toBe(order.id);
    expect(rig.reader.available().get('cola')).toBe(1);
    expect(events(rig).slice(-2)).toMatchObject([
      { kind: 'order.placed', payload: { order: { id: order.id }, shop } },
      { kind: 'stock.moved', payload: { offerId: 'cola', change: -2, left: 1, reason: 'reserved', orderId: order.id } },
    ]);
  });

  it('a free order is paid at once and gets its jobs', () => {
    const order = place(rig, { cola: 1, 'top-up': 1 }, 0);
    expect(rig.reader.order(order.id)?.state).toBe('paid');
    expect(rig.reader.jobs(order.id).map(({ kind, state }) => [kind, state])).toEqual([['print_receipt', 'queued'], ['request_service', 'queued']]);
    expect(rig.reader.unpaidOrders()).toEqual([]);
    expectRefused(rig, () => rig.writer.startAttempt(order.id, order.total));
  });

  it('more than there is writes nothing at all, not even the order', () => {
    expectRefused(rig, () => place(rig, { charger: 1, cola: 4 }), /does not have/);
    expectRefused(rig, () => place(rig, { unknown: 1 }), /does not have/);
  });

  it('one cart becomes one order', () => {
    const order = place(rig, { noodles: 1 });
    expectRefused(rig, () => rig.writer.placeOrder(makeOrder(rig, { noodles: 1 }, 300, order.cartId), shop, 'https://hq.example/'), /UNIQUE/);
  });

  it('an approval makes the order paid, with jobs, and the services are asked for', () => {
    const order = place(rig, { 'top-up': 2, noodles: 1 });
    const attempt = rig.writer.startAttempt(order.id, order.total);
    rig.writer.recordAuthorised(attempt.id, card);
    expect(rig.reader.unsettledAttempt()).toMatchObject({ id: attempt.id, state: 'authorised', card });
    rig.writer.settleAttempt(attempt.id, { state: 'approved', card });
    expect(rig.reader.unsettledAttempt()).toBeUndefined();
    expect(rig.reader.order(order.id)?.state).toBe('paid');
    expect(rig.reader.settledCards()).toEqual([card]);
    expect(events(rig).filter(({ kind }) => kind === 'service.requested').map(({ payload }) => payload)).toMatchObject([
      { orderId: order.id, offerId: 'top-up', service: 'top_up', quantity: 2, amount: 600, form: { phone: expect.stringMatching(/^sealed:/) as string } },
    ]);
  });

  it('only the whole total of an order is charged', () => {
    const order = place(rig, { noodles: 1 });
    expectRefused(rig, () => rig.writer.startAttempt(order.id, money(299, 'CNY')), /costs 300/);
    expectRefused(rig, () => rig.writer.startAttempt(order.id, money(300, 'EUR')));
  });

  it('no second attempt while one is unsettled, whoever asks', () => {
    const first = place(rig, { noodles: 1 });
    const second = place(rig, { noodles: 1 });
    rig.writer.startAttempt(first.id, first.total);
    expectRefused(rig, () => rig.writer.startAttempt(second.id, second.total), /UNIQUE/);
    expectRefused(rig, () => rig.writer.startAttempt(first.id, first.total), /UNIQUE/);
    for (const state of unsettledStates) {
      const insert = rig.store.database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state) VALUES ('direct', ?, 1, 'CNY', 1, ?)");
      expectRefused(rig, () => insert.run(second.id, state), /UNIQUE/);
    }
  });

  it('no order is approved twice, not even by direct SQL', () => {
    const order = place(rig, { noodles: 1 });
    rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total).id, settlements.approved);
    const insert = rig.store.database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state) VALUES ('direct', ?, 1, 'CNY', 1, ?)");
    for (const state of ['authorised', 'approved', 'reversing']) expectRefused(rig, () => insert.run(order.id, state), /UNIQUE/);
  });

  it('a settled attempt stays as it is: the same again does nothing, anything else is refused', () => {
    const order = place(rig, { noodles: 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    rig.writer.settleAttempt(id, settlements.declined);
    const before = dump(rig);
    rig.writer.settleAttempt(id, settlements.declined);
    expect(dump(rig)).toBe(before);
    for (const settlement of Object.values(settlements)) if (settlement.state !== 'declined') expectRefused(rig, () => rig.writer.settleAttempt(id, settlement), /settled/);
    expectRefused(rig, () => rig.writer.recordAuthorised(id, card), /cannot be authorised/);
  });

  it.each<[AttemptState, AttemptSettlement['state'], OrderState | 'refused']>([
    ['started', 'approved', 'paid'], ['started', 'declined', 'awaiting_payment'], ['started', 'cancelled', 'awaiting_payment'], ['started', 'not_sent', 'awaiting_payment'],
    ['started', 'unknown', 'payment_unknown'], ['authorised', 'approved', 'paid'], ['authorised', 'unknown', 'payment_unknown'], ['authorised', 'declined', 'awaiting_payment'],
    ['unknown', 'approved', 'paid'], ['unknown', 'not_paid', 'awaiting_payment'], ['unknown', 'unclear', 'payment_unknown'],
    ['unknown', 'reversing', 'payment_unknown'], ['started', 'reversing', 'refused'], ['authorised', 'reversing', 'refused'],
    ['unclear', 'approved', 'refused'], ['unclear', 'not_paid', 'refused'], ['unclear', 'unknown', 'refused'],
    ['approved', 'unknown', 'refused'], ['approved', 'not_paid', 'refused'], ['cancelled', 'approved', 'refused'],
  ])('an attempt that is %s and then %s leaves its order %s', (from, to, expected) => {
    const order = place(rig, { noodles: 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    if (from === 'authorised') rig.writer.recordAuthorised(id, card);
    else if (from !== 'started') rig.writer.settleAttempt(id, settlements[from]!);
    if (expected === 'refused') return expectRefused(rig, () => rig.writer.settleAttempt(id, settlements[to]));
    rig.writer.settleAttempt(id, settlements[to]);
    expect(rig.reader.order(order.id)?.state).toBe(expected);
    expect(rig.reader.attempts(order.id)).toMatchObject([{ id, state: to }]);
  });

  it('an unclear payment stands on the list with all that a person needs, and is settled by what they decide', () => {
    for (const [decision, state] of [['paid', 'paid'], ['not_paid', 'awaiting_payment']] as const) {
      const order = place(rig, { noodles: 1 });
      const { id } = rig.writer.startAttempt(order.id, order.total);
      rig.writer.recordAuthorised(id, card);
      rig.writer.settleAttempt(id, settlements.unclear);
      const [attention] = rig.reader.attention();
      expect(attention).toMatchObject({ kind: 'payment_unclear', orderId: order.id, attemptId: id, amount: order.total, card, detail: 'it fits neither' });
      expectRefused(rig, () => rig.writer.settleAttention(attention!.id, 'leave'), /cannot be decided/);
      rig.writer.settleAttention(attention!.id, decision);
      expect(rig.reader.order(order.id)?.state).toBe(state);
      expect(rig.reader.attention()).toEqual([]);
      expect(rig.reader.unsettledAttempt()).toBeUndefined();
      expectRefused(rig, () => rig.writer.settleAttention(attention!.id, decision), /does not stand on the list/);
    }
  });

  it('what the terminal named when it was asked is remembered, whatever a person decides', () => {
    const last = { receiptNumber: '0077', traceNumber: '000077' };
    for (const decision of ['paid', 'not_paid', 'paid_send_back'] as const) {
      const order = place(rig, { noodles: 1 });
      const { id } = rig.writer.startAttempt(order.id, order.total);
      rig.writer.settleAttempt(id, { state: 'unclear', detail: 'another amount', last });
      const [attention] = rig.reader.attention();
      expect(attention).toMatchObject({ lastCard: last, orderNumber: 'A001' });
      rig.writer.settleAttention(attention!.id, decision);
      expect(rig.reader.settledCards()).toContainEqual(last);
      if (decision === 'paid_send_back') rig.writer.settleReversal(id, { kind: 'reversed' });
    }
  });

  it('a refusal keeps the numbers of what is committed, and remembers the other beside it', () => {
    const other = { receiptNumber: '0043', traceNumber: '000043' };
    const order = place(rig, { noodles: 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    rig.writer.recordAuthorised(id, card);
    for (const isOfRunningPurchase of [true, false]) {
      rig.writer.recordRefused(other, isOfRunningPurchase);
      expect(rig.reader.unsettledAttempt()).toEqual(expect.objectContaining({ card }));
      expect(rig.reader.unsettledAttempt()?.refused).toBeUndefined();
    }
    expect(rig.reader.settledCards()).toEqual([other]);
    rig.writer.recordRefused({}, true);
    expect(rig.reader.unsettledAttempt()).toMatchObject({ card, refused: true });
  });

  it('nobody is given a receipt or a service who has long gone, until it is decided that the payment stays', () => {
    const order = place(rig, { 'top-up': 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    rig.writer.settleAttempt(id, settlements.unknown);
    rig.writer.settleAttempt(id, settlements.reversing);
    rig.writer.settleReversal(id, { kind: 'refused', detail: 'b5' });
    expect(events(rig).filter(({ kind }) => kind === 'service.requested')).toEqual([]);
    rig.writer.settleAttention(rig.reader.attention()[0]!.id, 'stays_paid');
    expect(rig.reader.jobs(order.id).map(({ kind }) => kind)).toEqual(['print_receipt', 'request_service']);
  });

  it('a payment taken back before anything was sold refunds its order and frees its stock, and its numbers are known', () => {
    const order = place(rig, { cola: 2 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    rig.writer.settleAttempt(id, settlements.unknown);
    rig.writer.settleAttempt(id, settlements.reversing);
    expect(rig.reader.unsettledAttempt()).toMatchObject({ id, state: 'reversing', card });
    const reversal = { receiptNumber: '0043', traceNumber: '000043' };
    rig.writer.settleReversal(id, { kind: 'reversed', card: reversal });
    expect(rig.reader.order(order.id)?.state).toBe('refunded');
    expect(rig.reader.available().get('cola')).toBe(initialStock.cola);
    expect(rig.reader.jobs(order.id)).toEqual([]);
    expect(rig.reader.settledCards()).toEqual([card, reversal]);
  });

  it('a sale taken back prints nothing more of what waits', () => {
    const order = place(rig, { cola: 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    rig.writer.settleAttempt(id, settlements.approved);
    rig.writer.startReversal(id);
    rig.writer.settleReversal(id, { kind: 'reversed' });
    expect(rig.reader.order(order.id)?.state).toBe('refunded');
    expect(rig.reader.jobs(order.id).map(({ state }) => state)).toEqual(['lapsed']);
    expect(rig.reader.available().get('cola'), 'whether the goods came back is for staff to say').toBe(initialStock.cola - 1);
  });

  it('money that the terminal will not give back stays on the list until a person has given it back', () => {
    const order = place(rig, { cola: 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    rig.writer.settleAttempt(id, settlements.unknown);
    rig.writer.settleAttempt(id, settlements.reversing);
    rig.writer.settleReversal(id, { kind: 'refused', detail: 'b5' });
    expect(rig.reader.order(order.id)?.state).toBe('paid');
    expect(rig.reader.jobs(order.id), 'nothing is printed or asked for: its customer has gone').toEqual([]);
    const [attention] = rig.reader.attention();
    expect(attention).toMatchObject({ kind: 'reversal_refused', attemptId: id, amount: order.total, card, detail: 'b5' });
    rig.writer.settleAttention(attention!.id, 'given_back');
    expect(rig.reader.order(order.id)?.state).toBe('refunded');
    expect(rig.reader.available().get('cola')).toBe(initialStock.cola);
    expect(rig.reader.attempts(order.id)).toMatchObject([{ state: 'reversed' }]);
  });

  it('what may have been printed is on the list, and is printed again only as a copy that a person asked for', () => {
    const order = place(rig, { noodles: 1 }, 0);
    const [job] = rig.reader.jobs(order.id);
    rig.writer.setJobState(job!.id, 'doing');
    rig.writer.setJobState(job!.id, 'uncertain', 80);
    const [attention] = rig.reader.attention();
    expect(attention).toMatchObject({ kind: 'print_uncertain', orderId: order.id, jobId: job!.id });
    expect(rig.reader.unfinishedPrintJobs()).toEqual([]);
    rig.writer.settleAttention(attention!.id, 'print_copy');
    expect(rig.reader.unfinishedPrintJobs()).toMatchObject([{ kind: 'print_copy', orderId: order.id, state: 'queued' }]);
  });

  it('each slip has a number of its own, which a second try keeps', () => {
    const jobs = [place(rig, { noodles: 1 }, 0), place(rig, { noodles: 1 }, 0)].map((order) => rig.reader.jobs(order.id)[0]!.id);
    rig.writer.setJobState(jobs[0]!, 'doing');
    rig.writer.setJobState(jobs[0]!, 'queued');
    rig.writer.setJobState(jobs[1]!, 'doing');
    rig.writer.setJobState(jobs[0]!, 'doing');
    expect(jobs.map((job) => rig.reader.printJob(job)?.slip)).toEqual([1, 2]);
  });

  it('paper is counted by the roll', () => {
    expect(rig.reader.paperUse()).toEqual({ usedMm: 0, meanSlipMm: undefined });
    for (const paperMm of [100, 140.2]) {
      const [job] = rig.reader.jobs(place(rig, { noodles: 1 }, 0).id);
      rig.writer.setJobState(job!.id, 'doing');
      rig.writer.setJobState(job!.id, 'done', paperMm);
    }
    expect(rig.reader.paperUse()).toEqual({ usedMm: 241, meanSlipMm: 120.5 });
    rig.writer.startPaperRoll();
    expect(rig.reader.paperUse()).toEqual({ usedMm: 0, meanSlipMm: 120.5 });
  });

  it('a document of its own is printed in its turn, or only kept', () => {
    const document = { language: 'zh' as const, lines: [{ kind: 'rule' as const }] };
    const printed = rig.writer.queueDocument(document, 'print_document', undefined);
    rig.writer.queueDocument(document, 'print_document', undefined, 'kept');
    expect(rig.reader.unfinishedPrintJobs()).toMatchObject([{ id: printed, kind: 'print_document', orderId: undefined, document }]);
    const before = events(rig).length;
    rig.writer.setJobState(printed, 'doing');
    rig.writer.setJobState(printed, 'uncertain');
    expect(events(rig), 'HQ hears of orders').toHaveLength(before);
  });

  it('staff with a printer get a kitchen ticket for food, and a counted slip for goods', () => {
    const writer = createStoreWriter({ database: rig.store.database, reader: rig.reader, now: () => 1, newId: rig.newId, hasStaffPrinter: true });
    const kinds = (wish: Wish) => {
      const order = makeOrder(rig, wish, 0);
      writer.placeOrder(order, shop, 'https://hq.example/r/x');
      return rig.reader.jobs(order.id).map(({ kind }) => kind);
    };
    expect(kinds({ noodles: 1, cola: 1 })).toEqual(['print_receipt', 'print_kitchen', 'print_staff_slip']);
    expect(kinds({ cola: 1 })).toEqual(['print_receipt', 'print_staff_slip']);
    expect(kinds({ 'top-up': 1 })).toEqual(['print_receipt', 'request_service']);
  });

  it('an order with an unsettled payment is not given up: money may be on its way', () => {
    const order = place(rig, { cola: 1 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    expectRefused(rig, () => rig.writer.endOrder(order.id, 'cancel'), /unsettled/);
    rig.writer.settleAttempt(id, settlements.unknown);
    expectRefused(rig, () => rig.writer.endOrder(order.id, 'expire'), /unsettled/);
    rig.writer.settleAttempt(id, settlements.not_paid);
    rig.writer.endOrder(order.id, 'expire');
    expect(rig.reader.order(order.id)?.state).toBe('expired');
    expect(rig.reader.available().get('cola')).toBe(initialStock.cola);
  });

  it('the last job that ends makes the order fulfilled', () => {
    const order = place(rig, { 'top-up': 1 }, 0);
    const [print, service] = rig.reader.jobs(order.id);
    rig.writer.setJobState(print!.id, 'lapsed');
    expect(rig.reader.order(order.id)?.state).toBe('paid');
    rig.writer.setJobState(service!.id, 'done');
    expect(rig.reader.order(order.id)?.state).toBe('fulfilled');
  });

  it('a job that has ended is never done again', () => {
    const [job] = rig.reader.jobs(place(rig, { noodles: 1 }, 0).id);
    rig.writer.setJobState(job!.id, 'done');
    for (const state of jobStates) expectRefused(rig, () => rig.writer.setJobState(job!.id, state), /ended/);
  });

  it('what does not exist is refused', () => {
    const nobody = rig.newId();
    expectRefused(rig, () => rig.writer.startAttempt(nobody as OrderId, money(1, 'CNY')), /does not exist/);
    expectRefused(rig, () => rig.writer.endOrder(nobody as OrderId, 'cancel'), /does not exist/);
    expectRefused(rig, () => rig.writer.settleAttempt(nobody as AttemptId, settlements.approved), /does not exist/);
    expectRefused(rig, () => rig.writer.recordAuthorised(nobody as AttemptId, card));
    expectRefused(rig, () => rig.writer.setJobState(nobody as JobId, 'done'), /does not exist/);
  });

  it("HQ's mark ends the service jobs that it covers, and no others", () => {
    const order = place(rig, { 'top-up': 1 }, 0);
    const requested = events(rig).find(({ kind }) => kind === 'service.requested')!;
    const service = () => rig.reader.jobs(order.id).find(({ kind }) => kind === 'request_service')?.state;
    const outbox = createOutbox(rig.store.database);
    const { sequence } = outbox.events('orders', 0, 100).find(({ kind }) => kind === 'service.requested')!;
    expect(requested.payload['form']).toEqual({ phone: expect.stringMatching(/^sealed:/) as string });
    outbox.setAcknowledged('orders', 1, sequence - 1);
    expect(rig.writer.finishRequestedServices()).toBe(0);
    expect(service()).toBe('queued');
    outbox.setAcknowledged('orders', 1, sequence);
    expect(rig.writer.finishRequestedServices()).toBe(1);
    expect(service()).toBe('done');
    expect(rig.writer.finishRequestedServices()).toBe(0);
  });

  it('a later catalogue counts in the stock of new offers and leaves that of known ones', () => {
    place(rig, { cola: 2 });
    const next = catalogue(2, { cola: 50, water: 7 });
    rig.writer.saveCatalogue(next);
    expect(Object.fromEntries(rig.reader.available())).toEqual({ cola: 1, charger: initialStock.charger, water: 7 });
    expect(rig.reader.lastCatalogue()).toEqual(next);
  });

  it('pickup numbers run on, and are not given twice', () => {
    expect([rig.writer.takePickupNumber(), rig.writer.takePickupNumber(), rig.writer.takePickupNumber()]).toEqual(['A001', 'A002', 'A003']);
  });
});

/** What the store should hold after each step, kept by rules of its own: independent of domain/order and of the writer. */
interface ModelOrder { readonly order: Order; state: OrderState; wasPaid: boolean; readonly attempts: ModelAttempt[]; readonly jobs: Map<JobId, { readonly kind: JobKind; state: JobState }> }
interface ModelAttempt { readonly id: AttemptId; readonly of: ModelOrder; state: AttemptState }
interface Model { readonly stock: Map<string, number>; readonly orders: ModelOrder[]; readonly open: ModelAttention[]; acknowledged: number; readonly told: Told[] }
interface ModelAttention { readonly about: (typeof attentionKinds)[number]; readonly of: ModelOrder; readonly attempt?: ModelAttempt; readonly jobId?: JobId }

const ended: readonly JobState[] = ['done', 'failed', 'uncertain', 'lapsed'];
const unsettledStates: readonly AttemptState[] = ['started', 'authorised', 'unknown', 'unclear', 'reversing'];
const attemptsOf = (model: Model) => model.orders.flatMap(({ attempts }) => attempts);
const jobsOf = (model: Model) => model.orders.flatMap((of) => [...of.jobs].map(([id, job]) => ({ id, job, of })));
const isUnsettled = ({ state }: ModelAttempt) => unsettledStates.includes(state);
const pick = <T>(list: readonly T[], index: number): T | undefined => (list.length === 0 ? undefined : list[index % list.length]);

function becomePaid(rig: Rig, entry: ModelOrder): void {
  entry.state = 'paid';
  entry.wasPaid = true;
  for (const { id, kind, state } of rig.reader.jobs(entry.order.id)) entry.jobs.set(id, { kind, state });
}

/** The money is back: what was never sold is free, what waits for the printer will not come. */
function becomeRefunded(model: Model, entry: ModelOrder, attempt: ModelAttempt): void {
  attempt.state = 'reversed';
  model.open.splice(0, model.open.length, ...model.open.filter((open) => open.attempt !== attempt));
  entry.state = 'refunded';
  if (!entry.wasPaid) for (const { offerId, quantity } of entry.order.lines) if (model.stock.has(offerId)) model.stock.set(offerId, model.stock.get(offerId)! + quantity);
  for (const job of entry.jobs.values()) if (job.state === 'queued' && job.kind !== 'request_service') job.state = 'lapsed';
}

function endJob(entry: ModelOrder): void {
  if (entry.state === 'paid' && [...entry.jobs.values()].every(({ state }) => ended.includes(state))) entry.state = 'fulfilled';
}

type Step =
  | { readonly do: 'place'; readonly wish: Wish; readonly unitPrice: number; readonly againCartOf: number | null }
  | { readonly do: 'start'; readonly order: number; readonly amountOff: number }
  | { readonly do: 'authorise'; readonly attempt: number }
  | { readonly do: 'settle'; readonly attempt: number; readonly to: AttemptSettlement['state'] }
  | { readonly do: 'reverse'; readonly attempt: number }
  | { readonly do: 'reversal'; readonly attempt: number; readonly ends: 'reversed' | 'refused' }
  | { readonly do: 'decide'; readonly which: number; readonly decision: Decision }
  | { readonly do: 'end'; readonly order: number; readonly by: 'cancel' | 'expire' }
  | { readonly do: 'job'; readonly job: number; readonly to: JobState }
  | { readonly do: 'acknowledge'; readonly share: number; readonly epoch: number };

/** Counted from the newest, in which the most can happen. */
const recent = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2, 5);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    do: fc.constant('place' as const),
    wish: fc.dictionary(fc.constantFrom('cola', 'charger', 'noodles', 'top-up', 'unknown'), fc.integer({ min: 1, max: 3 }), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    unitPrice: fc.constantFrom(300, 300, 300, 0),
    againCartOf: fc.option(fc.nat(5), { freq: 8 }),
  }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), order: recent, amountOff: fc.constantFrom(0, 0, 0, 0, 0, 1, -1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('authorise' as const), attempt: recent }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), attempt: recent, to: fc.constantFrom(...(Object.keys(settlements) as AttemptSettlement['state'][]), 'approved') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), attempt: recent }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reversal' as const), attempt: recent, ends: fc.constantFrom('reversed' as const, 'reversed' as const, 'refused' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('decide' as const), which: fc.nat(5), decision: fc.constantFrom(...attentionKinds.flatMap((kind): readonly Decision[] => decisionsFor[kind])) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), order: recent, by: fc.constantFrom('cancel' as const, 'expire' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('job' as const), job: fc.nat(9), to: fc.constantFrom(...jobStates, 'done') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), share: fc.double({ min: 0, max: 1.2, noNaN: true }), epoch: fc.constantFrom(1, 1, 1, 1, 2) }) },
);

const newest = <T>(list: readonly T[], index: number) => pick(list.toReversed(), index);

class StoreStep implements fc.Command<Model, Rig> {
  readonly step: Step;
  constructor(step: Step) {
    this.step = step;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, rig: Rig): void {
    const { step } = this;
    switch (step.do) {
      case 'place': this.place(model, rig, step); break;
      case 'start': this.start(model, rig, step); break;
      case 'authorise': this.authorise(model, rig, step); break;
      case 'settle': this.settle(model, rig, step); break;
      case 'reverse': this.reverse(model, rig, step); break;
      case 'reversal': this.reversal(model, rig, step); break;
      case 'decide': this.decide(model, rig, step); break;
      case 'end': this.end(model, rig, step); break;
      case 'job': this.job(model, rig, step); break;
      case 'acknowledge': this.acknowledge(model, rig, step); break;
    }
    expectWhole(model, rig);
  }

  place(model: Model, rig: Rig, { wish, unitPrice, againCartOf }: Step & { do: 'place' }): void {
    const again = againCartOf === null ? undefined : pick(model.orders, againCartOf);
    const order = makeOrder(rig, wish, unitPrice, again?.order.cartId);
    const goods = Object.entries(wish).filter(([offerId]) => fulfilments[offerId]?.kind === 'goods');
    const isLegal = !again && goods.every(([offerId, pieces]) => (model.stock.get(offerId) ?? 0) >= pieces);
    const act = () => rig.writer.placeOrder(order, shop, 'https://hq.example/r/x');
    if (!isLegal) return expectRefused(rig, act);
    act();
    for (const [offerId, pieces] of goods) model.stock.set(offerId, model.stock.get(offerId)! - pieces);
    const entry: ModelOrder = { order, state: 'placed', wasPaid: false, attempts: [], jobs: new Map() };
    model.orders.push(entry);
    if (unitPrice === 0) becomePaid(rig, entry);
  }

  start(model: Model, rig: Rig, { order: index, amountOff }: Step & { do: 'start' }): void {
    const entry = newest(model.orders, index);
    if (!entry) return;
    const isLegal = amountOff === 0 && (entry.state === 'placed' || entry.state === 'awaiting_payment') && !attemptsOf(model).some(isUnsettled);
    const act = () => rig.writer.startAttempt(entry.order.id, money(entry.order.total.amount + amountOff, 'CNY'));
    if (!isLegal) return expectRefused(rig, act);
    entry.attempts.push({ id: act().id, of: entry, state: 'started' });
    entry.state = 'awaiting_payment';
  }

  authorise(model: Model, rig: Rig, { attempt: index }: Step & { do: 'authorise' }): void {
    const attempt = newest(attemptsOf(model), index);
    if (!attempt) return;
    const act = () => rig.writer.recordAuthorised(attempt.id, card);
    if (attempt.state !== 'started') return expectRefused(rig, act);
    act();
    attempt.state = 'authorised';
  }

  settle(model: Model, rig: Rig, { attempt: index, to }: Step & { do: 'settle' }): void {
    const attempt = newest(attemptsOf(model), index);
    if (!attempt) return;
    const act = () => rig.writer.settleAttempt(attempt.id, settlements[to]);
    const isOpen = attempt.state === 'started' || attempt.state === 'authorised' || attempt.state === 'unknown';
    if (attempt.state !== to && (!isOpen || (to === 'reversing' && attempt.state !== 'unknown'))) return expectRefused(rig, act);
    const before = dump(rig);
    act();
    if (attempt.state === to) return expect(dump(rig)).toBe(before);
    attempt.state = to;
    if (to === 'unclear') model.open.push({ about: 'payment_unclear', of: attempt.of, attempt });
    if (to === 'approved') becomePaid(rig, attempt.of);
    else attempt.of.state = isUnsettled(attempt) ? 'payment_unknown' : 'awaiting_payment';
  }

  reverse(model: Model, rig: Rig, { attempt: index }: Step & { do: 'reverse' }): void {
    const attempt = newest(attemptsOf(model), index);
    if (!attempt) return;
    const act = () => rig.writer.startReversal(attempt.id);
    if (attempt.state !== 'approved' || attemptsOf(model).some(isUnsettled)) return expectRefused(rig, act);
    act();
    attempt.state = 'reversing';
  }

  reversal(model: Model, rig: Rig, { attempt: index, ends }: Step & { do: 'reversal' }): void {
    const attempt = attemptsOf(model).find(({ state }) => state === 'reversing') ?? newest(attemptsOf(model), index);
    if (!attempt) return;
    const act = () => rig.writer.settleReversal(attempt.id, ends === 'reversed' ? { kind: 'reversed' } : { kind: 'refused', detail: 'b5' });
    if (attempt.state !== 'reversing') return expectRefused(rig, act);
    act();
    if (ends === 'reversed') return becomeRefunded(model, attempt.of, attempt);
    attempt.state = 'approved';
    // Its customer has gone: nothing is done for it until a person has decided.
    if (attempt.of.state === 'payment_unknown') attempt.of.state = 'paid';
    const isListed = model.open.some((entry) => entry.attempt === attempt && entry.about === 'reversal_refused');
    if (!isListed) model.open.push({ about: 'reversal_refused', of: attempt.of, attempt });
  }

  decide(model: Model, rig: Rig, { which, decision }: Step & { do: 'decide' }): void {
    const listed = rig.reader.attention();
    const index = listed.length === 0 ? -1 : which % listed.length;
    const entry = model.open[index];
    if (!entry) return expectRefused(rig, () => rig.writer.settleAttention(rig.newId() as AttentionId, decision), /does not stand/);
    const act = () => rig.writer.settleAttention(listed[index]!.id, decision);
    // Who gives money back by hand while the terminal is asked again must wait for its answer.
    if (!mayDecide(entry.about, decision) || (entry.about === 'reversal_refused' && entry.attempt!.state !== 'approved')) return expectRefused(rig, act);
    act();
    model.open.splice(index, 1);
    if (decision === 'print_copy') {
      for (const { id, kind, state } of rig.reader.jobs(entry.of.order.id)) if (!entry.of.jobs.has(id)) entry.of.jobs.set(id, { kind, state });
    } else if (decision === 'paid') {
      entry.attempt!.state = 'approved';
      becomePaid(rig, entry.of);
    } else if (decision === 'paid_send_back') {
      entry.attempt!.state = 'reversing';
    } else if (decision === 'stays_paid') {
      if (!entry.of.wasPaid) becomePaid(rig, entry.of);
    } else if (decision === 'not_paid') {
      entry.attempt!.state = 'not_paid';
      entry.of.state = 'awaiting_payment';
    } else if (entry.attempt) becomeRefunded(model, entry.of, entry.attempt);
  }

  end(model: Model, rig: Rig, { order: index, by }: Step & { do: 'end' }): void {
    const entry = newest(model.orders, index);
    if (!entry) return;
    const isLegal = (entry.state === 'placed' || entry.state === 'awaiting_payment') && !entry.attempts.some(isUnsettled);
    const act = () => rig.writer.endOrder(entry.order.id, by);
    if (!isLegal) return expectRefused(rig, act);
    act();
    entry.state = by === 'cancel' ? 'cancelled' : 'expired';
    for (const { offerId, quantity } of entry.order.lines) if (model.stock.has(offerId)) model.stock.set(offerId, model.stock.get(offerId)! + quantity);
  }

  job(model: Model, rig: Rig, { job: index, to }: Step & { do: 'job' }): void {
    const found = newest(jobsOf(model), index);
    if (!found) return;
    const act = () => rig.writer.setJobState(found.id, to);
    if (ended.includes(found.job.state)) return expectRefused(rig, act);
    act();
    if (to === 'uncertain' && found.job.kind !== 'request_service') model.open.push({ about: 'print_uncertain', of: found.of, jobId: found.id });
    found.job.state = to;
    endJob(found.of);
  }

  acknowledge(model: Model, rig: Rig, { share, epoch }: Step & { do: 'acknowledge' }): void {
    const outbox = createOutbox(rig.store.database);
    const { last } = outbox.position('orders');
    const acknowledged = Math.round(last * share);
    const before = dump(rig);
    const ofLane = model.told.filter(({ kind }) => laneOf(kind) === 'orders');
    outbox.setAcknowledged('orders', epoch, acknowledged);
    if (epoch !== 1 || acknowledged > last) expect(dump(rig)).toBe(before);
    else model.acknowledged = acknowledged;
    const requests = ofLane.slice(0, model.acknowledged).filter(({ kind }) => kind === 'service.requested').map(({ payload }) => payload['jobId']);
    rig.writer.finishRequestedServices();
    for (const { id, job, of } of jobsOf(model)) {
      if (job.kind !== 'request_service' || job.state !== 'queued' || !requests.includes(id)) continue;
      job.state = 'done';
      endJob(of);
    }
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

/** The invariants, read from the tables and the outbox alone, and that both agree with the model. */
function expectWhole(model: Model, rig: Rig): void {
  const { reader, store: { database } } = rig;
  const all = model.told;
  for (const event of events(rig, all.length)) {
    expect(event.sequence).toBe(all.length + 1);
    expect(eventPayloads[event.kind].safeParse(event.payload).error).toBeUndefined();
    all.push(event);
  }
  const about = (kind: EventKind, key: string, id: string) => all.filter((event) => event.kind === kind && event.payload[key] === id).map(({ payload }) => payload);

  expect(database.prepare('SELECT count(*) AS n FROM outbox').get()).toEqual({ n: all.length });
  const outbox = createOutbox(database);
  for (const lane of lanes) {
    const events = outbox.events(lane, 0, 10_000);
    expect(events.map(({ sequence }) => sequence)).toEqual(all.filter(({ kind }) => laneOf(kind) === lane).map((_event, index) => index + 1));
    const head = events.reduce((previous, { hash, ...event }) => {
      expect(hashOf(chainText(previous, lane, 1, event)), 'each event follows on the one before').toBe(hash);
      return hash;
    }, genesisHash);
    expect(outbox.position(lane)).toEqual({ epoch: 1, last: events.length, acknowledged: lane === 'orders' ? model.acknowledged : 0, head, base: undefined });
  }

  const rows = database.prepare<[], { id: OrderId; state: OrderState }>('SELECT id, state FROM orders ORDER BY id').all();
  expect(rows).toEqual(model.orders.map(({ order, state }) => ({ id: order.id, state })).sort((left, right) => (left.id < right.id ? -1 : 1)));
  const placed = all.filter(({ kind }) => kind === 'order.placed').map(({ payload }) => JSON.stringify(payload['order']));
  expect(placed.map((order) => JSON.parse(order) as Order).map(({ id }) => id)).toEqual(model.orders.map(({ order }) => order.id));
  expect(placed.join(), 'what a customer said of themselves is nowhere in the clear').not.toContain('13912345678');
  for (const { order } of model.orders) expect(reader.order(order.id)?.order).toEqual(order);
  for (const { id, state } of rows) {
    let told: unknown = 'placed';
    for (const change of about('order.state', 'orderId', id)) {
      expect(change['from']).toBe(told);
      told = change['to'];
    }
    expect(told).toBe(state);
  }

  const attempts = attemptsOf(model);
  expect(attempts.filter(isUnsettled).length).toBeLessThanOrEqual(1);
  expect(database.prepare('SELECT count(*) AS n FROM payment_attempts').get()).toEqual({ n: attempts.length });
  for (const { order, state, attempts: own } of model.orders) {
    expect(reader.attempts(order.id).map((attempt) => [attempt.id, attempt.state])).toEqual(own.map((attempt) => [attempt.id, attempt.state]));
    for (const attempt of own) expect(about('payment.attempt', 'attemptId', attempt.id).at(-1)?.['state']).toBe(attempt.state);
    const entry = model.orders.find((candidate) => candidate.order.id === order.id)!;
    const isPaid = state === 'paid' || state === 'fulfilled';
    const taken = own.filter((attempt) => attempt.state === 'approved' || (attempt.state === 'reversing' && isPaid)).length;
    expect(taken, 'money is taken for what is paid, and for nothing else').toBe(isPaid && order.total.amount > 0 ? 1 : 0);
    expect(own.filter((attempt) => attempt.state === 'reversed').length, 'and back for what is refunded').toBe(state === 'refunded' ? 1 : 0);

    const jobs = reader.jobs(order.id);
    const services = order.lines.filter(({ fulfilment }) => fulfilment.kind === 'telecom').length;
    const kinds = jobs.map(({ kind }) => kind).filter((kind) => kind !== 'print_copy').sort();
    expect(kinds).toEqual(entry.wasPaid ? ['print_receipt', ...Array<string>(services).fill('request_service')] : []);
    for (const job of jobs) expect(about('job.state', 'jobId', job.id).at(-1)?.['state']).toBe(job.state);
    expect(jobs.map(({ id, state: jobState }) => [id, jobState]).sort()).toEqual([...entry.jobs].map(([id, job]) => [id, job.state]).sort());
    expect(about('service.requested', 'orderId', order.id).length).toBe(entry.wasPaid ? services : 0);
  }

  const listed = reader.attention();
  expect(listed.map(({ kind, orderId, attemptId, jobId }) => [kind, orderId, attemptId, jobId])).toEqual(
    model.open.map(({ about: kind, of, attempt, jobId }) => [kind, of.order.id, attempt?.id, jobId]));
  expect(attempts.filter(({ state }) => state === 'unclear').every(({ id }) => listed.some(({ attemptId }) => attemptId === id))).toBe(true);

  const available = reader.available();
  expect(available).toEqual(model.stock);
  for (const [offerId, initial] of Object.entries(initialStock)) {
    const held = model.orders.filter(({ state, wasPaid }) => state !== 'cancelled' && state !== 'expired' && (state !== 'refunded' || wasPaid)).flatMap(({ order }) => order.lines)
      .reduce((pieces, line) => (line.offerId === offerId ? pieces + line.quantity : pieces), 0);
    expect(available.get(offerId)! + held).toBe(initial);
    expect(available.get(offerId)).toBeGreaterThanOrEqual(0);
    expect(about('stock.moved', 'offerId', offerId).reduce((pieces, move) => pieces + Number(move['change']), 0)).toBe(available.get(offerId));
    expect(about('stock.moved', 'offerId', offerId).at(-1)?.['left']).toBe(available.get(offerId));
  }
}

describe('whatever is asked of the writer in whatever order', () => {
  it('orders, stock, payments, jobs and events agree after every step, and a forbidden step changes nothing', () => {
    fc.assert(
      fc.property(fc.commands([steps.map((step) => new StoreStep(step))], { maxCommands: 40, size: 'max' }), (commands) => {
        const rig = createRig();
        try {
          fc.modelRun(() => ({ model: { stock: new Map(Object.entries(initialStock)), orders: [], open: [], acknowledged: 0, told: [] }, real: rig }), commands);
        } finally {
          dispose(rig);
        }
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
