import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttentionId, CartId, JobId, OrderId } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { createStoreReader } from './reader.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig, onCopy } from './testing/replay-rig.ts';

let rig: ReplayRig;
beforeEach(() => {
  rig = createReplayRig();
});
afterEach(() => rig.dispose());

const cny = (amount: number) => money(amount, 'CNY');
const both = (text: string) => ({ zh: text, en: text });
const shop = { name: both('Shop'), address: both('Road'), phone: '021', timeZone: 'Asia/Shanghai' };

/** Paid: services that cost so much each, and food for 2000 beside them. */
function paid(services: readonly number[], by: 'wechat' | 'card' = 'card'): OrderId {
  const lines = [...services, 2000].map((total, nth): Order['lines'][number] => ({
    offerId: nth < services.length ? 'top-up' : 'noodles', name: both('it'), fulfilment: nth < services.length ? { kind: 'telecom', service: 'top_up' } : { kind: 'food' }, choices: [], quantity: 1, unitPrice: total, total,
    tax: { basisPoints: 600, included: true, amount: 0 }, form: {}, fields: [],
  }));
  const total = cny(lines.reduce((sum, line) => sum + line.total, 0));
  const id = rig.newId() as OrderId;
  const number = rig.writer.takePickupNumber();
  rig.writer.placeOrder({ id, cartId: rig.newId() as CartId, number, placedAt: rig.now(), language: 'zh', catalogueRevision: 1, lines, total, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv' }, shop, 'https://hq.example/r/x');
  if (by === 'card') rig.writer.settleAttempt(rig.writer.startAttempt(id, total).id, { state: 'approved', card: { receiptNumber: number } });
  else rig.writer.settleAttempt(rig.writer.startAttempt(id, total, { tender: by, mode: 'shown' }).id, { state: 'approved', wallet: { transactionId: '4200001' } });
  rig.tick();
  return id;
}
function refuse(jobId: JobId): void {
  rig.writer.settleService(jobId, 'refused', undefined);
  rig.tick();
}
function give(orderId: OrderId, amount: number, way: 'by_hand' | 'tender' = 'by_hand') {
  const refund = rig.writer.askRefund({ orderId, amount: cny(amount), way, reason: 'given at the till', by: '1001' });
  rig.tick();
  return refund;
}
function decide(id: AttentionId, decision: 'part_given_back' | 'part_settled'): void {
  rig.writer.settleAttention(id, decision, '1001');
  rig.tick();
}
const jobsOf = (orderId: OrderId) => rig.reader.services(orderId).map(({ jobId }) => jobId);
const listed = () => rig.reader.attention().filter(({ kind }) => kind === 'service_refused');
const amounts = () => listed().map(({ amount }) => amount!.amount);
const back = (orderId: OrderId) => {
  const { attempt, left } = rig.reader.refundable(orderId)!;
  return attempt.amount.amount - left.amount;
};

describe('what stands on the list for a refused service', () => {
  it('goes off it when so much of the order was given back beside the list, which counts once', () => {
    const order = paid([300]);
    refuse(jobsOf(order)[0]!);
    give(order, 100);
    expect(amounts()).toEqual([300]);
    give(order, 200);
    expect([amounts(), back(order)]).toEqual([[], 300]);
    const settled = rig.database.prepare("SELECT payload FROM outbox WHERE kind = 'attention.settled'").pluck().all() as string[];
    expect(settled.map((payload) => JSON.parse(payload) as unknown)).toMatchObject([{ kind: 'service_refused', orderId: order, decision: 'part_settled' }]);
  });

  it('stays where a part was given before it was refused: that was for something else', () => {
    const order = paid([300]);
    give(order, 300);
    refuse(jobsOf(order)[0]!);
    give(order, 299);
    expect(amounts()).toEqual([300]);
  });

  it('stays when what was given answers another entry of the order', () => {
    const order = paid([300], 'wechat');
    rig.writer.settleRefund(give(order, 500, 'tender').id, { state: 'refused', detail: 'too little balance' });
    refuse(jobsOf(order)[0]!);
    rig.writer.settleRefund(jobsOf(order)[0]! as never, { state: 'refused', detail: 'too little balance' });
    rig.tick();
    decide(rig.reader.attention().find(({ kind }) => kind === 'refund_refused')!.id, 'part_given_back');
    expect([amounts(), back(order)]).toEqual([[300], 500]);
    give(order, 300, 'by_hand');
    expect([amounts(), back(order)]).toEqual([[], 800]);
  });

  it('to the wallet goes off it when the gateway has done it, and not while it is asked for or refused', () => {
    const order = paid([300], 'wechat');
    refuse(jobsOf(order)[0]!);
    rig.writer.settleRefund(jobsOf(order)[0]! as never, { state: 'refused', detail: 'too little balance' });
    rig.tick();
    const [first, second] = [give(order, 300, 'tender'), give(order, 400, 'tender')];
    expect(amounts()).toEqual([300]);
    rig.writer.settleRefund(first.id, { state: 'refused', detail: 'too little balance' });
    expect(amounts()).toEqual([300]);
    rig.writer.settleRefund(second.id, { state: 'done' });
    expect(amounts()).toEqual([]);
  });

  it('goes off it one by one, the largest that is covered', () => {
    const order = paid([300, 500]);
    for (const job of jobsOf(order)) refuse(job);
    give(order, 500);
    expect(amounts()).toEqual([300]);
    give(order, 200);
    expect(amounts()).toEqual([300]);
    give(order, 100);
    expect([amounts(), back(order)]).toEqual([[], 800]);
  });

  it('goes off it in a store that was brought back and has forgotten only that it did', () => {
    const order = paid([300]);
    refuse(jobsOf(order)[0]!);
    const copy = rig.copy();
    give(order, 300);
    const refund = rig.reader.refundsOf(order)[0]!;
    copy.prepare("INSERT INTO refunds (id, attempt_id, order_id, amount, currency, way, state, reason, asked_at) VALUES (?, ?, ?, 300, 'CNY', 'by_hand', 'done', 'r', ?)").run(refund.id, refund.attemptId, order, refund.askedAt);
    onCopy(rig, copy).writer.judgeRefusedServices();
    expect(createStoreReader(copy).attention()).toEqual([]);
  });
});

it('an entry is open exactly as long as what is owed for it is more than what went back for the order since, as far as that is no answer to another', () => {
  const act = fc.oneof(
    fc.record({ what: fc.constant('give' as const), amount: fc.constantFrom(50, 100, 200, 300, 500), way: fc.constantFrom('by_hand', 'tender' as const), isDone: fc.boolean() }),
    fc.record({ what: fc.constant('refuse' as const), nth: fc.nat(2) }),
    fc.record({ what: fc.constant('decide' as const), which: fc.nat(2), decision: fc.constantFrom('part_given_back', 'part_settled' as const) }));
  fc.assert(fc.property(fc.constantFrom('wechat', 'card' as const), fc.uniqueArray(fc.constantFrom(100, 300, 500), { minLength: 1, maxLength: 3 }), fc.array(act, { maxLength: 14 }), (by, services, acts) => {
    rig.dispose();
    rig = createReplayRig();
    const order = paid(services, by);
    const jobs = jobsOf(order);
    // What the list ought to be, by what was done and when; the amounts differ, so each stands for its service.
    const owed = new Map<number, { readonly since: number; state: 'open' | 'settled' | 'given' }>();
    const gone: { readonly at: number; readonly amount: number }[] = [];
    let given = 0;
    const cover = () => {
      for (const amount of [...owed.keys()].toSorted((one, other) => other - one)) {
        const entry = owed.get(amount)!;
        const spent = [...owed].filter(([, { state }]) => state === 'settled').reduce((sum, [settled]) => sum + settled, 0);
        if (entry.state === 'open' && gone.filter(({ at }) => at > entry.since).reduce((sum, part) => sum + part.amount, 0) - spent >= amount) entry.state = 'settled';
      }
    };
    for (const one of acts) {
      const { left } = rig.reader.refundable(order) ?? {};
      if (one.what === 'refuse') {
        const amount = services[one.nth];
        // A wallet's part is asked for by itself, and its gateway will not; the order is never given back whole here.
        if (amount === undefined || owed.has(amount) || left!.amount <= amount) continue;
        refuse(jobs[one.nth]!);
        if (by === 'wechat') rig.writer.settleRefund(jobs[one.nth]! as never, { state: 'refused', detail: 'too little balance' });
        owed.set(amount, { since: listed().find((entry) => entry.amount!.amount === amount)!.raisedAt, state: 'open' });
        rig.tick();
      } else if (one.what === 'give') {
        if (left!.amount <= one.amount || (by === 'card' && one.way === 'tender')) continue;
        const at = rig.now();
        const refund = give(order, one.amount, one.way);
        if (one.way === 'tender') rig.writer.settleRefund(refund.id, one.isDone ? { state: 'done' } : { state: 'refused', detail: 'too little balance' });
        if (one.way === 'by_hand' || one.isDone) {
          gone.push({ at, amount: one.amount });
          given += one.amount;
          cover();
        }
        rig.tick();
      } else {
        const entry = rig.reader.attention()[one.which];
        if (!entry || left!.amount <= entry.amount!.amount) continue;
        decide(entry.id, one.decision);
        if (one.decision === 'part_given_back') given += entry.amount!.amount;
        if (entry.kind === 'service_refused') owed.get(entry.amount!.amount)!.state = one.decision === 'part_given_back' ? 'given' : 'settled';
      }
      expect(amounts().toSorted()).toEqual([...owed].flatMap(([amount, { state }]) => (state === 'open' ? [amount] : [])).toSorted());
      expect(back(order)).toBe(given);
      // Of one service the rule is simply this.
      if (services.length === 1 && owed.get(services[0]!)?.state === 'open') expect(gone.filter(({ at }) => at > owed.get(services[0]!)!.since).reduce((sum, part) => sum + part.amount, 0)).toBeLessThan(services[0]!);
    }
  }), { numRuns: 60 });
}, 60_000);
