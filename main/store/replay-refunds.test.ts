import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventId, OrderId, RefundId } from '../../domain/ids.ts';
import { chainText } from '../../domain/sync/chain.ts';
import type { Order } from '../../domain/order/order.ts';
import type { JournalRecord } from './emitter.ts';
import { hashOf } from './emitter.ts';
import { readJournal } from './journal-read.ts';
import { createStoreReader } from './reader.ts';
import { replayRecords } from './replay.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig, emptyStore, onCopy, rigKeyHex } from './testing/replay-rig.ts';

let rig: ReplayRig;
beforeEach(() => {
  rig = createReplayRig();
});
afterEach(() => rig.dispose());

const id = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}` as RefundId;
const journal = () => readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] }).records;
const replayInto = (own: ReplayRig, source: 'journal' | 'hq' = 'hq', records = journal()) => replayRecords(own.database, records, { now: rig.now, newId: rig.newId, source });
const wechat = { tender: 'wechat', mode: 'shown' } as const;
const alipay = { tender: 'alipay', mode: 'shown' } as const;
function paid(): Order {
  const order = rig.place({ noodles: 1 }, 300);
  rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total, wechat).id, { state: 'approved', wallet: { transactionId: '1' } });
  return order;
}
const ask = (of: ReplayRig, order: Order, n: number, amount: number, way: 'tender' | 'by_hand' = 'tender') =>
  of.writer.askRefund({ id: id(n), orderId: order.id, amount: { amount, currency: 'CNY' }, way, reason: 'cold', by: '1001' });
const states = (of: ReplayRig, orderId: OrderId) => of.reader.refundsOf(orderId).map((refund) => [refund.id, refund.state]).sort();

describe('refunds of two stories of one payment', () => {
  it('what has gone for sure goes before what is only asked for: that gives way, HQ hears so, and a person looks', () => {
    const order = paid();
    const own = onCopy(rig, rig.copy());
    ask(rig, order, 1, 200);
    rig.writer.settleRefund(id(1), { state: 'done' });
    ask(own, order, 2, 200);
    expect(replayInto(own).conflicts).toContainEqual({ kind: 'refund_gave_way', about: id(2) });
    expect(states(own, order.id)).toEqual([[id(1), 'done'], [id(2), 'refused']]);
    expect(own.reader.attention()).toMatchObject([{ kind: 'refund_refused', refundId: id(2) }]);
    const told = own.database.prepare("SELECT payload FROM outbox WHERE kind = 'payment.refund' ORDER BY position DESC LIMIT 1").pluck().get() as string;
    expect(JSON.parse(told)).toMatchObject({ refundId: id(2), state: 'refused' });
    expect(replayInto(own)).toMatchObject({ applied: 0 });
    expect(own.reader.attention().length).toBe(1);
  });

  it('that have both gone and come to more than was paid: the second is named to a person, and never counted', () => {
    const order = paid();
    const own = onCopy(rig, rig.copy());
    ask(rig, order, 1, 200, 'by_hand');
    ask(own, order, 2, 200, 'by_hand');
    replayInto(own);
    expect(states(own, order.id)).toEqual([[id(1), 'refused'], [id(2), 'done']]);
    expect(own.reader.attention()).toMatchObject([{ kind: 'refund_refused', refundId: id(1), detail: expect.stringContaining('it was done') as string }]);
    expect(own.reader.refundable(order.id)?.left.amount).toBe(100);
  });

  it('that together are all of it end the payment, which neither story had ended', () => {
    const order = paid();
    const own = onCopy(rig, rig.copy());
    ask(rig, order, 1, 200, 'by_hand');
    ask(own, order, 2, 100, 'by_hand');
    replayInto(own);
    expect([own.reader.order(order.id)?.state, own.reader.attempts(order.id)[0]?.state]).toEqual(['refunded', 'reversed']);
    expect(replayInto(own)).toMatchObject({ applied: 0 });
  });
});

describe('wallets of two stories', () => {
  it('of two orders never displace each other, nor the card: each is asked about', () => {
    const [first, second, third] = [1, 2, 3].map(() => rig.place({ noodles: 1 }, 300)) as [Order, Order, Order];
    const own = onCopy(rig, rig.copy());
    const lost = rig.writer.startAttempt(first.id, first.total, wechat);
    const mine = own.writer.startAttempt(second.id, second.total, alipay);
    const card = own.writer.startAttempt(third.id, third.total);
    expect(replayInto(own).conflicts.filter(({ kind }) => kind === 'displaced')).toEqual([]);
    expect(own.reader.unsettledWallets().map(({ id: attempt }) => attempt).sort()).toEqual([lost.id, mine.id].sort());
    expect(own.reader.unsettledAttempt()?.id).toBe(card.id);
  });

  it('of one order: the one waits for the other, and is asked of HQ then, without a person', () => {
    const order = rig.place({ noodles: 1 }, 300);
    const own = onCopy(rig, rig.copy());
    const lost = rig.writer.startAttempt(order.id, order.total, wechat);
    const mine = own.writer.startAttempt(order.id, order.total, alipay);
    expect(replayInto(own).conflicts).toContainEqual({ kind: 'displaced', about: lost.id });
    expect(own.reader.unsettledOf(order.id)?.id).toBe(mine.id);
    own.writer.settleAttempt(mine.id, { state: 'declined' });
    replayInto(own, 'journal', []);
    expect([own.reader.unsettledOf(order.id), own.reader.order(order.id)?.state, own.reader.attention()]).toMatchObject([{ id: lost.id, state: 'unknown' }, 'payment_unknown', []]);
    own.writer.settleAttempt(lost.id, { state: 'reversing', wallet: { transactionId: '1' } });
    own.writer.settleReversal(lost.id, { kind: 'reversed' });
    expect(own.reader.order(order.id)?.state).toBe('refunded');
  });

  it('of one order that the other has paid: HQ hears that it does not count here', () => {
    const order = rig.place({ noodles: 1 }, 300);
    const own = onCopy(rig, rig.copy());
    const lost = rig.writer.startAttempt(order.id, order.total, wechat);
    own.writer.settleAttempt(own.writer.startAttempt(order.id, order.total, alipay).id, { state: 'approved', wallet: { transactionId: '1' } });
    replayInto(own);
    expect([own.reader.unsettledOf(order.id), own.reader.attention(), own.reader.order(order.id)?.state]).toEqual([undefined, [], 'paid']);
    const told = own.database.prepare("SELECT payload FROM outbox WHERE kind = 'payment.attempt' ORDER BY position DESC LIMIT 1").pluck().get() as string;
    expect(JSON.parse(told)).toMatchObject({ attemptId: lost.id, tender: 'wechat', mode: 'shown', state: 'not_paid' });
  });

  it('found paid for an order that was given up in the other goes back; what was given up stays so', () => {
    const order = rig.place({ cola: 1 }, 300);
    const own = onCopy(rig, rig.copy());
    const lost = rig.writer.startAttempt(order.id, order.total, wechat);
    own.writer.endOrder(order.id, 'cancel');
    replayInto(own);
    expect(own.reader.unsettledWallets().map(({ id: attempt }) => attempt)).toEqual([lost.id]);
    own.writer.settleAttempt(lost.id, { state: 'unknown' });
    own.writer.settleAttempt(lost.id, { state: 'approved', wallet: { transactionId: '1' } });
    expect(own.reader.attempts(order.id)).toMatchObject([{ state: 'reversing' }]);
    own.writer.settleReversal(lost.id, { kind: 'reversed' });
    expect([own.reader.order(order.id)?.state, own.reader.attempts(order.id)[0]?.state, own.reader.available().get('cola')]).toEqual(['cancelled', 'reversed', 6]);
  });

  it('taken goes before a card that is only authorised', () => {
    const order = rig.place({ noodles: 1 }, 300);
    const own = onCopy(rig, rig.copy());
    const lost = rig.writer.startAttempt(order.id, order.total, wechat);
    rig.writer.settleAttempt(lost.id, { state: 'approved', wallet: { transactionId: '1' } });
    const mine = own.writer.startAttempt(order.id, order.total);
    own.writer.recordAuthorised(mine.id, { receiptNumber: '0042' });
    replayInto(own);
    expect(own.reader.refundable(order.id)?.attempt.id).toBe(lost.id);
    expect(own.reader.attention()).toMatchObject([{ kind: 'reversal_refused', attemptId: lost.id, detail: expect.stringContaining(mine.id) as string }]);
  });
});

describe('tables and outbox of two times', () => {
  it('a refund that the tables forgot comes back from the outbox, and one that the outbox forgot is told, once', () => {
    const order = paid();
    ask(rig, order, 1, 200);
    const early = journal();
    const { last, head } = rig.database.prepare<[], { last: number; head: string }>("SELECT last, head FROM lanes WHERE lane = 'orders'").get()!;
    rig.writer.settleRefund(id(1), { state: 'done' });

    const forgotten = onCopy(rig, rig.copy());
    forgotten.database.prepare("UPDATE refunds SET state = 'asked'").run();
    replayInto(forgotten, 'journal');
    expect(states(forgotten, order.id)).toEqual([[id(1), 'done']]);

    const untold = onCopy(rig, rig.copy());
    untold.database.prepare("DELETE FROM outbox WHERE lane = 'orders' AND sequence > ?").run(last);
    untold.database.prepare("UPDATE lanes SET last = ?, head = ? WHERE lane = 'orders'").run(last, head);
    const tellings = () => untold.database.prepare("SELECT payload ->> '$.state' FROM outbox WHERE kind = 'payment.refund' ORDER BY position").pluck().all();
    for (let round = 0; round < 2; round++) {
      replayInto(untold, 'journal', early);
      expect(tellings()).toEqual(['asked', 'done']);
    }
  });

  it.each(['journal', 'hq'] as const)('payments of before there were wallets come back from the %s as by card', (source) => {
    const order = rig.place({ noodles: 1 }, 300);
    rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total).id, { state: 'approved', card: { receiptNumber: '0042' } });
    let head = '0'.repeat(64);
    const older = journal().flatMap((record): JournalRecord[] => {
      if (record.kind !== 'event' || record.lane !== 'orders') return [record];
      const { hash: _, ...event } = record.event;
      const { tender: _tender, ...payload } = JSON.parse(event.payload) as Record<string, unknown>;
      const isAttempt = event.kind === 'payment.attempt';
      const unsigned = { ...event, id: event.id as EventId, version: isAttempt ? 1 : event.version, payload: isAttempt ? JSON.stringify(payload) : event.payload };
      head = hashOf(chainText(head, 'orders', record.epoch, unsigned));
      return [{ ...record, event: { ...unsigned, hash: head } }];
    });
    expect(JSON.stringify(older)).not.toContain('tender');
    const empty = emptyStore();
    try {
      expect(replayRecords(empty.database, older, { now: rig.now, newId: rig.newId, source }).conflicts).toEqual([]);
      expect(createStoreReader(empty.database).attempts(order.id)).toMatchObject([{ tender: 'card', state: 'approved', card: { receiptNumber: '0042' } }]);
    } finally {
      empty.dispose();
    }
  });
});
