import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventKind } from '../../domain/contract/hq.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { JobId, OrderId, RefundId } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig } from './testing/replay-rig.ts';
import { createStoreReader } from './reader.ts';
import { createStoreWriter } from './writer.ts';

let rig: ReplayRig;
beforeEach(() => {
  rig = createReplayRig();
});
afterEach(() => rig.dispose());

const id = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}` as RefundId;
const cny = (amount: number) => money(amount, 'CNY');
const wallet = { transactionId: '4200001' };

/** Paid with a wallet, or by card. */
function paid(wish: Readonly<Record<string, number>>, by: 'wechat' | 'card' = 'wechat'): Order {
  const order = rig.place(wish, 300);
  if (by === 'card') rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total).id, { state: 'approved', card: { receiptNumber: order.number } });
  else rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total, { tender: by, mode: 'shown' }).id, { state: 'approved', wallet });
  return order;
}
const ask = (order: Order, amount: number, more: Partial<Parameters<ReplayRig['writer']['askRefund']>[0]> = {}) =>
  rig.writer.askRefund({ orderId: order.id, amount: cny(amount), way: 'tender', reason: 'the noodles were cold', by: '1001', ...more });
const left = ({ id: orderId }: Order) => rig.reader.refundable(orderId)?.left.amount;
const stateOf = ({ id: orderId }: Order) => [rig.reader.order(orderId)?.state, rig.reader.attempts(orderId).at(-1)?.state];
const jobsOf = (orderId: OrderId) => rig.reader.services(orderId).map(({ jobId }) => jobId);
const told = (kind: EventKind) => (rig.database.prepare('SELECT payload FROM outbox WHERE kind = ? ORDER BY position').pluck().all(kind) as string[]).map((payload) => JSON.parse(payload) as Record<string, unknown>);
const kindsToldSince = (position: number) => rig.database.prepare<[number], string>("SELECT kind FROM outbox WHERE position > ? AND kind <> 'job.state' ORDER BY position").pluck().all(position);
const lastPosition = () => Number(rig.database.prepare('SELECT max(position) FROM outbox').pluck().get());
function expectRefused(act: () => void, message: RegExp): void {
  const dump = () => rig.database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all().map((name) => rig.database.prepare(`SELECT * FROM ${name}`).all());
  const before = dump();
  expect(act).toThrow(message);
  expect(dump()).toEqual(before);
}

describe('a part of a payment', () => {
  it('goes back to the wallet: it is asked for until HQ has answered, and HQ hears of both', () => {
    const order = paid({ noodles: 3 });
    expect(rig.reader.refundable(order.id)).toMatchObject({ left: cny(900), isWhole: true });
    const refund = ask(order, 300);
    expect(rig.reader.openRefunds()).toEqual([refund]);
    expect(rig.reader.refundable(order.id)).toMatchObject({ left: cny(600), isWhole: false });
    expect(rig.writer.settleRefund(refund.id, { state: 'done' })).toBe('settled');
    expect(rig.writer.settleRefund(refund.id, { state: 'done' })).toBe('as_before');
    expect([rig.reader.openRefunds(), rig.reader.refundsOf(order.id)]).toEqual([[], [{ ...refund, state: 'done' }]]);
    expect([left(order), ...stateOf(order)]).toEqual([600, 'paid', 'approved']);
    expect(told('payment.refund')).toMatchObject([{ refundId: refund.id, state: 'asked', amount: cny(300), way: 'tender', by: '1001' }, { state: 'done' }]);
    for (const payload of told('payment.refund')) expect(eventPayloads['payment.refund'].safeParse(payload).error).toBeUndefined();
  });

  it('by the same id is the same one, however often it is asked for; another amount under it is refused', () => {
    const order = paid({ noodles: 3 });
    const first = ask(order, 300, { id: id(1) });
    expect(ask(order, 300, { id: id(1) })).toEqual(first);
    expectRefused(() => ask(order, 200, { id: id(1) }), /is another one/);
    rig.writer.settleRefund(id(1), { state: 'refused', detail: 'no' });
    expect(ask(order, 300, { id: id(1) }).state).toBe('refused');
    expect(rig.reader.refundsOf(order.id).length).toBe(1);
  });

  it('is never more than is left, in another money, of what is not paid, or sent through a card terminal', () => {
    const order = paid({ noodles: 3 });
    ask(order, 500);
    expectRefused(() => ask(order, 401), /has 400 left/);
    expectRefused(() => ask(order, 100, { amount: money(100, 'EUR') }), /cannot go back/);
    const unpaid = rig.place({ noodles: 1 }, 300);
    expectRefused(() => ask(unpaid, 100), /is not paid/);
    const byCard = paid({ noodles: 3 }, 'card');
    expectRefused(() => ask(byCard, 100), /cannot go back by it/);
  });

  it('is refused by the database itself where more than was paid would go back, whoever writes it', () => {
    const order = paid({ noodles: 3 });
    const attemptId = rig.reader.attempts(order.id)[0]!.id;
    const insert = (n: number, amount: number, state = 'asked') => rig.database.prepare(
      "INSERT INTO refunds (id, attempt_id, order_id, amount, currency, way, state, reason, asked_at) VALUES (?, ?, ?, ?, 'CNY', 'tender', ?, 'r', 1)").run(id(n), attemptId, order.id, amount, state);
    insert(1, 600);
    insert(2, 400, 'refused');
    expect(() => insert(3, 301)).toThrow('more than was paid');
    expect(() => rig.database.prepare("UPDATE refunds SET state = 'asked' WHERE id = ?").run(id(2))).toThrow('more than was paid');
  });

  it('that is the whole, with nothing given back, is a reversal; and no reversal begins while a part is back or on its way', () => {
    const order = paid({ noodles: 2 });
    expectRefused(() => ask(order, 600), /that is a reversal/);
    const refund = ask(order, 100);
    const attempt = rig.reader.refundable(order.id)!.attempt;
    expectRefused(() => rig.writer.startReversal(attempt.id), /cannot go back as a whole/);
    rig.writer.settleRefund(refund.id, { state: 'refused', detail: 'no' });
    rig.writer.startReversal(attempt.id);
    expect(stateOf(order)[1]).toBe('reversing');
    expectRefused(() => ask(order, 100), /is not paid/);
  });

  it('that is the last: the payment is reversed and the order refunded, told before the part is told as done, and what waits is not printed', () => {
    const order = paid({ noodles: 2 });
    rig.writer.settleRefund(ask(order, 250).id, { state: 'done' });
    const rest = ask(order, 350);
    expect([left(order), ...stateOf(order)]).toEqual([0, 'paid', 'approved']);
    const before = lastPosition();
    rig.writer.settleRefund(rest.id, { state: 'done' });
    expect([left(order), ...stateOf(order)]).toEqual([undefined, 'refunded', 'reversed']);
    expect(kindsToldSince(before)).toEqual(['payment.attempt', 'order.state', 'payment.refund']);
    expect(rig.reader.jobs(order.id).filter(({ state }) => state === 'queued')).toEqual([]);
  });

  it('given by a person is done at once: of a card’s payment too, and the whole of it where its terminal gives it back no more', () => {
    const order = paid({ noodles: 2 }, 'card');
    expect(ask(order, 200, { way: 'by_hand' }).state).toBe('done');
    expect([left(order), rig.reader.isPartGivenBack(order.id), ...stateOf(order)]).toEqual([400, true, 'paid', 'approved']);
    ask(order, 400, { way: 'by_hand' });
    expect(stateOf(order)).toEqual(['refunded', 'reversed']);
    const other = paid({ noodles: 1 }, 'card');
    ask(other, 300, { way: 'by_hand' });
    expect(stateOf(other)).toEqual(['refunded', 'reversed']);
  });
});

describe('a part that the gateway refused', () => {
  it('stands on the list; given by a person it counts as given back, once, by whom', () => {
    const order = paid({ noodles: 3 });
    const refund = ask(order, 300);
    rig.writer.settleRefund(refund.id, { state: 'refused', detail: 'the merchant has not enough' });
    expect(left(order)).toBe(900);
    const [listed] = rig.reader.attention();
    expect(listed).toMatchObject({ kind: 'refund_refused', refundId: refund.id, orderId: order.id, amount: cny(300), detail: 'the merchant has not enough' });
    expect(told('attention.raised')).toEqual([listed]);
    rig.writer.settleAttention(listed!.id, 'part_given_back', '1002');
    expect(rig.reader.refundsOf(order.id)).toMatchObject([{ state: 'refused' }, { way: 'by_hand', state: 'done', amount: cny(300), by: '1002', reason: 'the noodles were cold' }]);
    expect([left(order), rig.reader.attention()]).toEqual([600, []]);
  });

  it('was settled in another way: nothing of it has gone back', () => {
    const order = paid({ noodles: 3 });
    rig.writer.settleRefund(ask(order, 300).id, { state: 'refused', detail: 'no' });
    rig.writer.settleAttention(rig.reader.attention()[0]!.id, 'part_settled');
    expect([left(order), rig.reader.isPartGivenBack(order.id), rig.reader.refundsOf(order.id).length]).toEqual([900, false, 1]);
  });

  it('and is found to have gone all the same leaves the list; where a person has given it meanwhile, that is said and not counted twice', () => {
    const [order, other] = [paid({ noodles: 3 }), paid({ noodles: 1 })];
    const refund = ask(order, 300);
    rig.writer.settleRefund(refund.id, { state: 'refused', detail: 'unknown order' });
    expect(rig.writer.settleRefund(refund.id, { state: 'done' })).toBe('settled');
    expect([left(order), rig.reader.attention(), rig.reader.refund(refund.id)]).toMatchObject([600, [], { state: 'done' }]);
    expect(rig.reader.refund(refund.id)).not.toHaveProperty('detail');

    const late = ask(other, 200);
    rig.writer.settleRefund(late.id, { state: 'refused', detail: 'unknown order' });
    rig.writer.settleAttention(rig.reader.attention()[0]!.id, 'part_given_back', '1002');
    expect(rig.writer.settleRefund(late.id, { state: 'done' })).toBe('too_much');
    expect(left(other)).toBe(100);
  });

  it('cannot be given by a person where so much is not left any more; the list keeps it', () => {
    const order = paid({ noodles: 3 });
    rig.writer.settleRefund(ask(order, 700).id, { state: 'refused', detail: 'no' });
    ask(order, 300);
    const [listed] = rig.reader.attention();
    expectRefused(() => rig.writer.settleAttention(listed!.id, 'part_given_back'), /has 600 left/);
    rig.writer.settleAttention(listed!.id, 'part_settled');
  });

  it('leaves the list when all else is back: with the last part nobody has to decide any more', () => {
    const order = paid({ noodles: 2 });
    rig.writer.settleRefund(ask(order, 200).id, { state: 'refused', detail: 'no' });
    const attempt = rig.reader.refundable(order.id)!.attempt;
    rig.writer.startReversal(attempt.id);
    rig.writer.settleReversal(attempt.id, { kind: 'reversed' });
    expect([rig.reader.attention(), ...stateOf(order)]).toEqual([[], 'refunded', 'reversed']);
  });
});

describe('the money of a refused service that was paid with a wallet', () => {
  it('goes back by itself where the order holds more, under the service’s own id, with the amount of it', () => {
    const order = paid({ 'top-up': 1, noodles: 1 });
    const [job] = jobsOf(order.id);
    rig.writer.settleService(job!, 'refused', undefined);
    expect(rig.reader.openRefunds()).toMatchObject([{ id: job, jobId: job, orderId: order.id, amount: cny(300), way: 'tender', reason: 'service refused' }]);
    expect([rig.reader.attention(), rig.reader.ordersWithRefused('open'), rig.reader.ordersWithRefused('owed')]).toEqual([[], [], []]);
    rig.writer.settleRefund(job as JobId as never, { state: 'done' });
    expect([left(order), ...stateOf(order)]).toEqual([300, 'paid', 'approved']);
    rig.writer.judgeRefusedServices();
    expect(rig.reader.refundsOf(order.id).length).toBe(1);
  });

  it('goes back whole where the order holds nothing else, as of a card', () => {
    const order = paid({ 'top-up': 1 });
    rig.writer.settleService(jobsOf(order.id)[0]!, 'refused', undefined);
    expect([rig.reader.ordersWithRefused('owed'), rig.reader.refundsOf(order.id)]).toEqual([[order.id], []]);
    rig.writer.startReversal(rig.reader.refundable(order.id)!.attempt.id);
    expect(rig.reader.ordersWithRefused('owed')).toEqual([]);
  });

  it('is a person’s where the gateway refuses, as of a card', () => {
    const order = paid({ 'top-up': 1, noodles: 1 });
    const [job] = jobsOf(order.id);
    rig.writer.settleService(job!, 'refused', undefined);
    rig.writer.settleRefund(job as string as RefundId, { state: 'refused', detail: 'the merchant has not enough' });
    const [listed] = rig.reader.attention();
    expect(listed).toMatchObject({ kind: 'service_refused', jobId: job, amount: cny(300) });
    rig.writer.judgeRefusedServices();
    expect(rig.reader.attention().length).toBe(1);
    rig.writer.settleAttention(listed!.id, 'part_given_back', '1002');
    expect(rig.reader.refundsOf(order.id)).toMatchObject([{ state: 'refused' }, { way: 'by_hand', state: 'done', jobId: job, by: '1002' }]);
    expect(left(order)).toBe(300);
  });

  it.each([['wechat', 200], ['card', 200]] as const)('of which somebody had given back a part (%s): no more goes than is left', (by, rest) => {
    const order = paid({ 'top-up': 1 }, by);
    ask(order, 100, { way: 'by_hand' });
    rig.writer.settleService(jobsOf(order.id)[0]!, 'refused', undefined);
    expect(rig.reader.ordersWithRefused('owed')).toEqual([]);
    if (by === 'wechat') expect(rig.reader.openRefunds()).toMatchObject([{ amount: cny(rest) }]);
    else expect(rig.reader.attention()).toMatchObject([{ kind: 'service_refused', amount: cny(rest) }]);
  });

  it.each(['wechat', 'card'] as const)('that waited to go back as a whole goes back as the rest, when somebody gives a part of it first (%s)', (by) => {
    const order = paid({ 'top-up': 1 }, by);
    rig.writer.settleService(jobsOf(order.id)[0]!, 'refused', undefined);
    expect(rig.reader.ordersWithRefused('owed')).toEqual([order.id]);
    ask(order, 100, { way: 'by_hand' });
    expect(rig.reader.ordersWithRefused('owed')).toEqual([]);
    expect(by === 'wechat' ? rig.reader.openRefunds() : rig.reader.attention()).toMatchObject([{ amount: cny(200) }]);
  });

  it('is asked for under the same id again by a store that has forgotten it', () => {
    const order = paid({ 'top-up': 1, noodles: 1 });
    const copy = rig.copy();
    const [job] = jobsOf(order.id);
    rig.writer.settleService(job!, 'refused', undefined);
    const reader = createStoreReader(copy);
    createStoreWriter({ database: copy, reader, now: rig.now, newId: rig.newId }).settleService(job!, 'refused', undefined);
    expect(reader.openRefunds().map(({ id: refundId, amount }) => [refundId, amount])).toEqual(rig.reader.openRefunds().map(({ id: refundId, amount }) => [refundId, amount]));
  });
});

it('of a card’s refused service, what a person gives back is noted as a refund by hand', () => {
  const order = paid({ 'top-up': 1, noodles: 1 }, 'card');
  rig.writer.settleService(jobsOf(order.id)[0]!, 'refused', undefined);
  rig.writer.settleAttention(rig.reader.attention()[0]!.id, 'part_given_back', '1001');
  expect(rig.reader.refundsOf(order.id)).toMatchObject([{ way: 'by_hand', state: 'done', amount: cny(300), jobId: jobsOf(order.id)[0], by: '1001', reason: 'service refused' }]);
  expect(left(order)).toBe(300);
});

it('a decision from before there were refunds counts as given back, and once where a refund tells of it too', () => {
  const order = paid({ 'top-up': 1, noodles: 1 }, 'card');
  const [job] = jobsOf(order.id);
  rig.writer.settleService(job!, 'refused', undefined);
  rig.writer.settleAttention(rig.reader.attention()[0]!.id, 'part_given_back');
  const row = rig.database.prepare('SELECT * FROM refunds').get() as Record<string, unknown>;
  rig.database.prepare('DELETE FROM refunds').run();
  expect([left(order), rig.reader.isPartGivenBack(order.id)]).toEqual([300, true]);
  rig.database.prepare(`INSERT INTO refunds (${Object.keys(row).join()}) VALUES (${Object.keys(row).map(() => '?').join()})`).run(...Object.values(row));
  expect(left(order)).toBe(300);
});
