import fc from 'fast-check';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { decisionsFor } from '../../domain/attention/attention.ts';
import type { AttemptId, OrderId, RefundId } from '../../domain/ids.ts';
import { isPaid } from '../../domain/order/order.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import { readJournal } from './journal-read.ts';
import { createStoreReader } from './reader.ts';
import { replayRecords } from './replay.ts';
import type { RandomStep, ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig, emptyStore, onCopy, randomStep, rigKeyHex } from './testing/replay-rig.ts';
import type { AttemptSettlement } from './writer.ts';

/** Orders, payments of every tender, services, refunds and what people decide: nothing else, so that stories of money become long. */
const acts = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 10, 11, 12, 16, 16, 24, 24, 25, 25, 26, 27, 28, 29, 29] as const;
const steps = (maxLength = 60) => fc.array(fc.record({ what: fc.constantFrom(...acts), which: fc.nat(99), how: fc.nat(99) }), { minLength: 1, maxLength, size: 'max' });

const count = (database: Database, sql: string) => Number(database.prepare(sql).pluck().get());
const rows = <T>(database: Database, sql: string) => database.prepare<[], T>(sql).all();
const everything = (database: Database) =>
  JSON.stringify(rows<{ name: string }>(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()]));
const unsettledStates = "('started', 'authorised', 'unknown', 'unclear', 'reversing')";

function withRig(check: (rig: ReplayRig) => void): void {
  const rig = createReplayRig();
  try {
    check(rig);
  } finally {
    rig.dispose();
  }
}

/** What must hold after every step, whatever was done, and in whichever of two stories. */
function expectSound(database: Database, isOneStory = true): void {
  expect(rows(database, `
    SELECT id, amount, (SELECT sum(amount) FROM refunds WHERE attempt_id = payment_attempts.id AND state <> 'refused') AS back FROM payment_attempts WHERE back > amount`), 'never more back than paid').toEqual([]);
  expect(rows(database, `SELECT order_id FROM payment_attempts WHERE state IN ${unsettledStates} GROUP BY order_id HAVING count(*) > 1`), 'one unsettled of an order').toEqual([]);
  expect(count(database, `SELECT count(*) FROM payment_attempts WHERE tender = 'card' AND state IN ${unsettledStates}`), 'one unsettled of the card').toBeLessThanOrEqual(1);
  expect(rows(database, "SELECT order_id FROM payment_attempts WHERE state IN ('authorised', 'approved', 'reversing') GROUP BY order_id HAVING count(*) > 1"), 'one payment of an order').toEqual([]);
  // What was given up in the one story may be paid for in the other: there the money goes back when it is found.
  if (isOneStory) expect(rows(database, `SELECT id FROM orders WHERE state IN ('placed', 'cancelled', 'expired') AND id IN (SELECT order_id FROM payment_attempts WHERE state IN ${unsettledStates})`), 'money is never out of sight').toEqual([]);
  expect(rows(database, `
    SELECT id FROM payment_attempts AS attempts WHERE state = 'approved'
      AND amount <= (SELECT coalesce(sum(amount), 0) FROM refunds WHERE attempt_id = attempts.id AND state = 'done')`), 'what is back in parts is back').toEqual([]);
}

/** The newest that was told of each is how it stands. */
function expectTold(database: Database): void {
  const told = new Map<string, string>();
  for (const { kind, payload } of rows<{ kind: string; payload: string }>(database, "SELECT kind, payload FROM outbox WHERE kind IN ('payment.attempt', 'payment.refund') ORDER BY position")) {
    const body = JSON.parse(payload) as { readonly attemptId: string; readonly refundId?: string; readonly state: string };
    told.set(kind === 'payment.attempt' ? body.attemptId : body.refundId!, body.state);
  }
  const stands = rows<{ id: string; state: string }>(database, 'SELECT id, state FROM payment_attempts UNION ALL SELECT id, state FROM refunds');
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(stands.map(({ id, state }) => [id, state])));
}

/** Of what was ever taken: it was delivered for, or is back. */
function expectMoneyWhereItBelongs(rig: ReplayRig): void {
  const taken = rows<{ id: AttemptId; order_id: OrderId; amount: number; state: string }>(rig.database, "SELECT id, order_id, amount, state FROM payment_attempts WHERE state IN ('approved', 'reversed')");
  for (const { id, order_id: orderId, state } of taken) {
    const { state: orderState } = rig.reader.order(orderId)!;
    expect(state === 'approved' ? isPaid(orderState) : orderState === 'refunded', `${id} ${state}, ${orderState}`).toBe(true);
  }
  const paidOrders = rows<{ id: OrderId }>(rig.database, "SELECT id FROM orders WHERE total > 0 AND state IN ('paid', 'fulfilled', 'refunded')").map(({ id }) => id);
  expect(taken.map(({ order_id: orderId }) => orderId).sort()).toEqual(paidOrders.sort());
}

/** HQ, the terminal and people answer everything that is open, as `which` chooses, until nothing is. */
function settleAll(rig: ReplayRig, which: number): void {
  const { reader, writer } = rig;
  for (let round = 0; round < 200; round++) {
    rig.tick();
    const turn = which + round;
    const card = reader.unsettledAttempt();
    const open = [...(card ? [card] : []), ...reader.unsettledWallets()].find(({ state }) => state !== 'unclear');
    const refund = reader.openRefunds()[0];
    const listed = reader.attention()[0];
    const owed = reader.ordersWithRefused('owed')[0];
    if (open?.state === 'reversing') writer.settleReversal(open.id, turn % 3 === 0 ? { kind: 'refused', detail: 'no' } : { kind: 'reversed' });
    else if (open?.state === 'started' || open?.state === 'authorised') writer.settleAttempt(open.id, { state: 'unknown' });
    else if (open && turn % 3 === 0) writer.settleAttempt(open.id, { state: 'not_paid' });
    else if (open?.tender === 'card') writer.settleAttempt(open.id, { state: turn % 3 === 1 ? 'approved' : 'reversing', card: {} } as AttemptSettlement);
    else if (open) writer.settleAttempt(open.id, { state: turn % 3 === 1 ? 'approved' : 'reversing', wallet: { transactionId: '1' } } as AttemptSettlement);
    else if (refund) writer.settleRefund(refund.id, turn % 3 === 0 ? { state: 'refused', detail: 'no' } : { state: 'done' });
    else if (owed) writer.startReversal(reader.refundable(owed)!.attempt.id);
    else if (listed) {
      const decisions = decisionsFor[listed.kind];
      const decision = decisions[turn % decisions.length]!;
      const isTooMuch = decision === 'part_given_back' && (listed.amount?.amount ?? 0) > (reader.refundable(listed.orderId)?.left.amount ?? Infinity);
      writer.settleAttention(listed.id, isTooMuch ? 'part_settled' : decision);
    } else if (reader.ordersWithRefused('open').length > 0) writer.judgeRefusedServices();
    else return;
  }
  throw new Error('it does not come to an end');
}

describe('whatever is paid, however, and whatever goes back', () => {
  it('no more goes back than was paid, an order has one payment, a wallet never holds up the card, and HQ hears how all of it stands', () => {
    fc.assert(fc.property(steps(), (story) => withRig((rig) => {
      for (const step of story) {
        randomStep(rig, step);
        expectSound(rig.database);
      }
      expectTold(rig.database);
      if (rig.reader.unsettledAttempt()) return;
      const order = rig.place({ noodles: 1 }, 300);
      expect(rig.writer.startAttempt(order.id, order.total).state, 'the card is free as long as none of its own is unsettled').toBe('started');
    })), { numRuns: 40 });
  }, 120_000);

  it('when all is answered and decided, every payment has been delivered for or is back, and nothing stands open', () => {
    fc.assert(fc.property(steps(), fc.nat(99), (story, which) => withRig((rig) => {
      for (const step of story) randomStep(rig, step);
      settleAll(rig, which);
      expectSound(rig.database);
      expectTold(rig.database);
      expectMoneyWhereItBelongs(rig);
      expect([rig.reader.attention(), rig.reader.openRefunds(), rig.reader.unsettledWallets(), rig.reader.unsettledAttempt()]).toEqual([[], [], [], undefined]);
      expect(rows<{ state: 'started' }>(rig.database, 'SELECT state FROM payment_attempts').filter(({ state }) => isUnsettled(state))).toEqual([]);
    })), { numRuns: 40 });
  }, 120_000);

  it('a kiosk that dies before any step is written has nothing of it, and one that dies after has all of it', () => {
    fc.assert(fc.property(steps(30), (story) => withRig((rig) => {
      // As if the power went when the journal had it nearly written: the transaction never ends.
      const dying = { append: () => { throw new Error('the power is gone'); } };
      for (const step of story) {
        const before = everything(rig.database);
        tryStep(onCopy(rig, rig.database, dying), step);
        expect(everything(rig.database)).toBe(before);
        // And starts anew after each: all that is known is in the tables.
        randomStep(onCopy(rig, rig.database), step);
        expectSound(rig.database);
      }
    })), { numRuns: 12 });
  }, 120_000);

  it('in two stories of one kiosk that meet, too: from the journal, or from HQ', () => {
    fc.assert(fc.property(steps(30), steps(30), steps(30), fc.boolean(), fc.nat(99), (before, lost, since, fromJournal, which) => withRig((rig) => {
      for (const step of before) randomStep(rig, step);
      const copy = rig.copy();
      for (const step of lost) randomStep(rig, step);
      const own = onCopy(rig, copy);
      for (const step of since) randomStep(own, step);
      const { records } = readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] });
      replayRecords(copy, records, { now: rig.now, newId: rig.newId, source: fromJournal ? 'journal' : 'hq' });
      expectSound(copy, false);
      const once = everything(copy);
      replayRecords(copy, records, { now: rig.now, newId: rig.newId, source: fromJournal ? 'journal' : 'hq' });
      expect(everything(copy)).toBe(once);
      settleAll(own, which);
      // What gave way to another payment finds its place when there is room.
      for (let round = 0; round < 5; round++) {
        replayRecords(copy, [], { now: rig.now, newId: rig.newId });
        settleAll(own, which + round);
      }
      expectSound(copy, false);
      expect(count(copy, `SELECT count(*) FROM payment_attempts WHERE state IN ${unsettledStates}`)).toBe(0);
      expect(copy.pragma('foreign_key_check')).toEqual([]);
    })), { numRuns: 25 });
  }, 120_000);
});

describe('refunds that a store hears of again', () => {
  interface Tale { readonly id: RefundId; readonly states: readonly ('asked' | 'refused' | 'done')[] }
  const refundIds = [1, 2, 3, 4].map((n) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}` as RefundId);
  const tales: fc.Arbitrary<Tale[]> = fc.tuple(...refundIds.map((id) => fc.constantFrom<Tale['states'][]>(['asked'], ['asked', 'done'], ['asked', 'refused'], ['asked', 'refused', 'done']).map((states) => ({ id, states }))));

  it('come to the same end in whatever order their events come, as often as they come, and by however few at a time', () => {
    fc.assert(fc.property(tales, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 9 }), (told, luck, atOnce) => withRig((rig) => {
      const order = rig.place({ noodles: 3 }, 300);
      rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total, { tender: 'wechat', mode: 'shown' }).id, { state: 'approved', wallet: { transactionId: '1' } });
      const copy = rig.copy();
      for (const { id } of told) rig.writer.askRefund({ id, orderId: order.id, amount: { amount: 100, currency: 'CNY' }, way: 'tender', reason: 'r' });
      for (const { id, states } of told) for (const state of states.slice(1)) rig.writer.settleRefund(id, state === 'done' ? { state } : { state: 'refused', detail: 'no' });
      const { records } = readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] });
      const events = records.filter((record) => record.kind === 'event' && record.event.kind === 'payment.refund');
      const shuffled = [...events, ...events.slice(0, 3)].map((record) => [luck.next().value, record] as const).toSorted(([one], [other]) => one - other).map(([, record]) => record);
      for (let at = 0; at < shuffled.length; at += atOnce) replayRecords(copy, shuffled.slice(at, at + atOnce), { now: rig.now, newId: rig.newId, source: 'hq' });
      const states = (database: Database) => rows(database, 'SELECT id, attempt_id, order_id, amount, way, state, reason, detail FROM refunds ORDER BY id');
      expect(states(copy)).toEqual(states(rig.database));
    })), { numRuns: 30 });
  }, 60_000);

  it('wait for the payment that they are of', () => withRig((rig) => {
    const empty = emptyStore();
    try {
      const order = rig.place({ noodles: 3 }, 300);
      rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total, { tender: 'wechat', mode: 'shown' }).id, { state: 'approved', wallet: { transactionId: '1' } });
      const refund = rig.writer.askRefund({ orderId: order.id, amount: { amount: 100, currency: 'CNY' }, way: 'tender', reason: 'r' });
      const { records } = readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] });
      const deps = { now: rig.now, newId: rig.newId, source: 'hq' } as const;
      replayRecords(empty.database, records.filter((record) => record.kind === 'event' && record.event.kind !== 'payment.attempt'), deps);
      expect(createStoreReader(empty.database).refundsOf(order.id)).toEqual([]);
      replayRecords(empty.database, records, deps);
      expect(createStoreReader(empty.database).refundsOf(order.id)).toEqual([refund]);
    } finally {
      empty.dispose();
    }
  }));
});

function tryStep(rig: ReplayRig, step: RandomStep): void {
  try {
    randomStep(rig, step);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.message !== 'the power is gone') throw cause;
  }
}
