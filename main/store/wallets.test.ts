import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventKind } from '../../domain/contract/hq.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { Order } from '../../domain/order/order.ts';
import type { WalletDetails } from '../../domain/payment/tender.ts';
import { createStoreReader } from './reader.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig } from './testing/replay-rig.ts';
import type { AttemptWay } from './writer.ts';

let rig: ReplayRig;
beforeEach(() => {
  rig = createReplayRig();
});
afterEach(() => rig.dispose());

const wechat: AttemptWay = { tender: 'wechat', mode: 'shown' };
const alipay: AttemptWay = { tender: 'alipay', mode: 'read' };
const wallet: WalletDetails = { transactionId: '4200001', paidAt: 1_700_000_000_000 };
const card = { receiptNumber: '0042' };

const begin = (order: Order, way?: AttemptWay) => rig.writer.startAttempt(order.id, order.total, way);
const noodles = () => rig.place({ noodles: 1 }, 300);
const stateOf = ({ id }: Order) => rig.reader.order(id)?.state;
const told = (kind: EventKind) => (rig.database.prepare('SELECT payload FROM outbox WHERE kind = ? ORDER BY position').pluck().all(kind) as string[]).map((payload) => JSON.parse(payload) as Record<string, unknown>);
function expectRefused(act: () => void, message: RegExp): void {
  const dump = () => rig.database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all().map((name) => rig.database.prepare(`SELECT * FROM ${name}`).all());
  const before = dump();
  expect(act).toThrow(message);
  expect(dump()).toEqual(before);
}

describe('a payment with a wallet', () => {
  it('is told with its tender, who shows the code, and the gateway’s number of it; and is read back as it was written', () => {
    const order = noodles();
    const attempt = begin(order, wechat);
    expect(attempt).toMatchObject({ tender: 'wechat', mode: 'shown', state: 'started' });
    rig.writer.settleAttempt(attempt.id, { state: 'approved', wallet });
    expect(rig.reader.attempts(order.id)).toEqual([{ ...attempt, state: 'approved', wallet }]);
    expect(stateOf(order)).toBe('paid');
    expect(told('payment.attempt')).toMatchObject([{ tender: 'wechat', mode: 'shown', state: 'started' }, { tender: 'wechat', mode: 'shown', state: 'approved', wallet }]);
    for (const payload of told('payment.attempt')) expect(eventPayloads['payment.attempt'].safeParse(payload).error).toBeUndefined();
  });

  it('holds up nobody but its own order: the card and other wallets are free', () => {
    const [first, second, third, fourth] = [noodles(), noodles(), noodles(), noodles()];
    const [one, two] = [begin(first, wechat), begin(second, alipay)];
    rig.writer.settleAttempt(one.id, { state: 'unknown' });
    expect(rig.reader.unsettledAttempt()).toBeUndefined();
    const byCard = begin(third);
    expect(rig.reader.unsettledAttempt()?.id).toBe(byCard.id);
    expect(rig.reader.unsettledWallets().map(({ id }) => id)).toEqual([one.id, two.id]);
    expect([first, second, third].map(({ id }) => rig.reader.unsettledOf(id)?.id)).toEqual([one.id, two.id, byCard.id]);
    expectRefused(() => begin(fourth), /UNIQUE/);
  });

  it('and its own order it does hold: no second payment of any kind, and it is not given up', () => {
    const order = noodles();
    begin(order, wechat);
    for (const way of [undefined, wechat, alipay]) expectRefused(() => begin(order, way), /UNIQUE/);
    for (const step of ['cancel', 'expire'] as const) expectRefused(() => rig.writer.endOrder(order.id, step), /unsettled payment/);
  });

  it('a card that is unsettled leaves wallets of other orders free, and not of its own', () => {
    const [first, second] = [noodles(), noodles()];
    begin(first);
    expectRefused(() => begin(first, alipay), /UNIQUE/);
    expect(begin(second, alipay).state).toBe('started');
  });

  it.each([
    [{ state: 'declined', resultCode: 'not_enough' }, 'not_enough'], [{ state: 'cancelled' }, undefined], [{ state: 'not_paid' }, undefined], [{ state: 'not_sent' }, undefined],
  ] as const)('that ended without money (%o) may be tried again, with what its customer can do about it', (settlement, refusal) => {
    const order = noodles();
    rig.writer.settleAttempt(begin(order, alipay).id, settlement);
    expect([stateOf(order), rig.reader.attempts(order.id)[0]?.resultCode]).toEqual(['awaiting_payment', refusal]);
    rig.writer.settleAttempt(begin(order).id, { state: 'approved', card });
    expect(stateOf(order)).toBe('paid');
  });

  it.each(['started', 'unknown'] as const)('found paid when nobody stands there any more goes back at once, also from %s; meanwhile its order can neither be paid nor be given up', (from) => {
    const order = rig.place({ cola: 2 }, 300);
    const { id } = begin(order, wechat);
    if (from === 'unknown') rig.writer.settleAttempt(id, { state: 'unknown' });
    rig.writer.settleAttempt(id, { state: 'reversing', wallet });
    expect([stateOf(order), rig.reader.unsettledWallets()]).toMatchObject(['payment_unknown', [{ id, state: 'reversing', wallet }]]);
    expectRefused(() => begin(order), /not allowed|UNIQUE/);
    expectRefused(() => rig.writer.endOrder(order.id, 'expire'), /unsettled payment/);
    expect(rig.reader.unsettledAttempt(), 'the card is free').toBeUndefined();
    rig.writer.settleReversal(id, { kind: 'reversed' });
    expect([stateOf(order), rig.reader.available().get('cola')]).toEqual(['refunded', 6]);
  });

  it('that the gateway will not give back stands on the list, paid', () => {
    const order = noodles();
    const { id } = begin(order, wechat);
    rig.writer.settleAttempt(id, { state: 'approved', wallet });
    rig.writer.startReversal(id);
    rig.writer.settleReversal(id, { kind: 'refused', detail: 'the merchant has not enough' });
    expect(rig.reader.attention()).toMatchObject([{ kind: 'reversal_refused', attemptId: id }]);
    rig.writer.settleAttention(rig.reader.attention()[0]!.id, 'given_back');
    expect([stateOf(order), rig.reader.attempts(order.id)[0]?.state]).toEqual(['refunded', 'reversed']);
  });

  it('is no card’s: it is never authorised by the terminal, and takes no card’s end; nor does a card’s take a wallet’s', () => {
    const [mine, cards] = [begin(noodles(), wechat), begin(noodles())];
    expectRefused(() => rig.writer.recordAuthorised(mine.id, card), /cannot be authorised/);
    expectRefused(() => rig.writer.settleAttempt(mine.id, { state: 'approved', card }), /cannot be settled so/);
    expectRefused(() => rig.writer.settleAttempt(cards.id, { state: 'approved', wallet }), /cannot be settled so/);
  });

  it('an approval that the terminal is refused meanwhile is nothing of it', () => {
    const order = noodles();
    const { id } = begin(order, wechat);
    rig.writer.recordRefused(card, true);
    expect(rig.reader.attempts(order.id)).toMatchObject([{ id, state: 'started' }]);
    expect(rig.reader.attempts(order.id)[0]).not.toHaveProperty('refused');
    expect(rig.reader.settledCards()).toEqual([card]);
  });
});

describe('a wallet’s payment of which HQ could not find out', () => {
  function unclear(): { order: Order; id: ReturnType<typeof begin>['id']; listed: ReturnType<ReplayRig['reader']['attention']>[number]['id'] } {
    const order = noodles();
    const { id } = begin(order, alipay);
    rig.writer.settleAttempt(id, { state: 'unclear', detail: 'the gateway does not answer since a day' });
    return { order, id, listed: rig.reader.attention()[0]!.id };
  }

  it.each([
    ['paid', 'paid', 'approved'], ['paid_send_back', 'payment_unknown', 'reversing'], ['not_paid', 'awaiting_payment', 'not_paid'],
  ] as const)('is decided by a person: %s', (decision, orderState, state) => {
    const { order, listed } = unclear();
    expect(rig.reader.unsettledAttempt(), 'the card is free').toBeUndefined();
    rig.writer.settleAttention(listed, decision);
    expect([stateOf(order), rig.reader.attempts(order.id)[0]?.state, rig.reader.attention()]).toEqual([orderState, state, []]);
  });

  it.each([
    [{ state: 'approved', wallet }, 'paid', 'paid'], [{ state: 'reversing', wallet }, 'paid_send_back', 'payment_unknown'], [{ state: 'not_paid' }, 'not_paid', 'awaiting_payment'],
  ] as const)('or by what HQ finds out later (%o), which takes it off the list', (settlement, decision, orderState) => {
    const { order, id, listed } = unclear();
    rig.writer.settleAttempt(id, settlement);
    expect([stateOf(order), rig.reader.attention(), rig.reader.decisionOf(listed)]).toEqual([orderState, [], decision]);
    expect(told('attention.settled')).toEqual([{ id: listed, kind: 'payment_unclear', orderId: order.id, decision }]);
  });

  it('and by nothing less', () => {
    const { id } = unclear();
    for (const settlement of [{ state: 'unknown' }, { state: 'declined' }, { state: 'not_sent' }] as const) expectRefused(() => rig.writer.settleAttempt(id, settlement), /is unclear/);
  });

  it('a card’s stays a person’s alone', () => {
    const order = noodles();
    const { id } = begin(order);
    rig.writer.settleAttempt(id, { state: 'unclear', detail: 'it fits neither' });
    expectRefused(() => rig.writer.settleAttempt(id, { state: 'approved', card }), /a person decides/);
  });
});

it('another connection reads the same of it', () => {
  const order = noodles();
  rig.writer.settleAttempt(begin(order, wechat).id, { state: 'approved', wallet });
  expect(createStoreReader(rig.copy()).attempts(order.id)).toEqual(rig.reader.attempts(order.id));
});
