import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attention } from '../../../domain/attention/attention.ts';
import { isRefundUnheard } from '../../../domain/attention/unheard.ts';
import type { StaffMember } from '../../../domain/contract/staff.ts';
import { staffRequests } from '../../../domain/contract/staff.ts';
import type { OrderId, RefundId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import { createStaffOrders } from '../../store/staff-orders.ts';
import type { StaffPayments } from '../paying.ts';
import { createServiceActs } from '../service-acts.ts';
import type { WalletRig } from '../testing/wallet-rig.ts';
import { openWalletRig } from '../testing/wallet-rig.ts';
import { createStaffOrderHandlers } from './orders.ts';
import { detailOf } from './wording.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const manager: StaffMember = { number: '0300', name: 'M', role: 'manager', acts: [], idleMs: 60_000 };
let ids = 0;
const refundId = () => uuidV7From(1_800_000_000_000 + ++ids, new Uint8Array(10)) as RefundId;

function open(rig: WalletRig = openWalletRig(), waiting: () => readonly Attention[] = () => []) {
  const run = rig.run();
  const payments = { running: () => undefined, reverse: () => ({ ok: true, value: undefined }), settleOpenAttempt: () => {}, waiting } as unknown as StaffPayments;
  const terminal = { state: () => ({ kind: 'ready' }) } as never;
  const acts = createServiceActs({
    reader: rig.reader, writer: rig.writer, payments, walletRefunds: run.refunds, printing: {} as never, printer: {} as never, terminal, testPage: {} as never, now: () => Date.now(), afterCommit: (act) => act(), onChange: () => {},
  });
  const handlers = createStaffOrderHandlers({ reader: rig.reader, orders: createStaffOrders(rig.database), acts, payments, terminal, timeZone: 'Asia/Shanghai' });
  const see = (orderId: OrderId) => {
    const answer = handlers['orders.see']({ orderId }, manager) as { readonly value: unknown };
    return staffRequests['orders.see'].result.parse(answer.value);
  };
  const refund = (orderId: OrderId, part?: { readonly refundId: RefundId; readonly amount: number }) =>
    handlers['orders.refund']({ orderId, reason: 'sour milk', ...(part ? { part } : {}) }, manager);
  return { rig, ...run, see, refund, handlers };
}

async function paidByWallet() {
  const opened = open();
  const { rig, wallets } = opened;
  const orderId = rig.place([{ total: 300 }, { total: 50 }]);
  wallets.show(orderId, 'alipay');
  await rig.pass(1_000);
  rig.desk.pay(rig.attemptOf(orderId));
  await rig.pass(1_000);
  return { ...opened, orderId };
}

function paidByCard() {
  const opened = open();
  const { rig } = opened;
  const orderId = rig.place();
  const attempt = rig.writer.startAttempt(orderId, money(350, 'CNY'));
  rig.writer.recordAuthorised(attempt.id, { receiptNumber: '0001' });
  rig.writer.settleAttempt(attempt.id, { state: 'approved', card: { receiptNumber: '0001' } });
  return { ...opened, orderId };
}

describe('a part of what was paid with a wallet', () => {
  it('goes back once, however often it is asked for, and stands with its reason and person', async () => {
    const { rig, orderId, see, refund } = await paidByWallet();
    expect(see(orderId)).toMatchObject({ tender: 'alipay', part: { way: 'tender', atMost: money(350, 'CNY') }, attempts: [{ tender: 'alipay', card: expect.stringContaining('T-') }], refunds: [] });
    const part = { refundId: refundId(), amount: 120 };
    for (let times = 0; times < 3; times += 1) expect(refund(orderId, part)).toEqual({ ok: true, value: { state: 'paid' } });
    await rig.pass(2_000);
    expect(refund(orderId, part)).toMatchObject({ ok: true });
    expect(rig.desk.balance(rig.attemptOf(orderId))).toBe(230);
    expect(see(orderId)).toMatchObject({ part: { atMost: money(230, 'CNY') }, refunds: [{ amount: money(120, 'CNY'), state: 'done', way: 'tender', reason: 'sour milk', by: '0300' }] });
  });

  it('is never more than is left', async () => {
    const { rig, orderId, see, refund } = await paidByWallet();
    expect(refund(orderId, { refundId: refundId(), amount: 351 })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    refund(orderId, { refundId: refundId(), amount: 300 });
    expect(refund(orderId, { refundId: refundId(), amount: 51 })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    await rig.pass(2_000);
    // All that is left: without a part, it is meant so.
    expect(refund(orderId)).toMatchObject({ ok: true });
    await rig.pass(2_000);
    expect([rig.desk.balance(rig.attemptOf(orderId)), see(orderId)]).toMatchObject([0, { state: 'refunded', refundBlocked: 'refunded' }]);
    expect(see(orderId).part).toBeUndefined();
  });

  it('that is all of it goes back as the whole', async () => {
    const { rig, orderId, refund } = await paidByWallet();
    const all = { refundId: refundId(), amount: 350 };
    // Also while it goes back, and when it is back: whoever asks again has had no answer.
    for (let times = 0; times < 2; times += 1) expect(refund(orderId, all)).toEqual({ ok: true, value: { state: 'paid' } });
    await rig.pass(2_000);
    expect([rig.states(orderId), rig.reader.refundsOf(orderId), refund(orderId, all)]).toEqual([['reversed'], [], { ok: true, value: { state: 'refunded' } }]);
    expect(rig.desk.balance(rig.attemptOf(orderId))).toBe(0);
  });

  it('under an id of another refund is refused', async () => {
    const { orderId, refund } = await paidByWallet();
    const part = { refundId: refundId(), amount: 100 };
    refund(orderId, part);
    expect(refund(orderId, { ...part, amount: 90 })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
  });
});

describe('a part of what was paid by card', () => {
  it('is given by hand by whoever says so, and the rest goes through the terminal no more', () => {
    const { orderId, see, refund, rig } = paidByCard();
    expect(see(orderId)).toMatchObject({ part: { way: 'by_hand', atMost: money(350, 'CNY') } });
    expect(refund(orderId, { refundId: refundId(), amount: 100 })).toEqual({ ok: true, value: { state: 'paid' } });
    expect(see(orderId)).toMatchObject({ refundBlocked: 'part_given_back', part: { atMost: money(250, 'CNY') }, refunds: [{ way: 'by_hand', state: 'done', by: '0300' }] });
    expect(refund(orderId)).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    expect(refund(orderId, { refundId: refundId(), amount: 250 })).toEqual({ ok: true, value: { state: 'refunded' } });
    expect(rig.states(orderId)).toEqual(['reversed']);
  });
});

it('all of a card payment cannot be given by hand while the terminal takes it back', () => {
  const { rig, orderId, refund } = paidByCard();
  rig.writer.startReversal(rig.attemptOf(orderId));
  expect(refund(orderId, { refundId: refundId(), amount: 350 })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
});

it('of what nobody has paid, or whose payment is not settled, nothing goes back', async () => {
  const { rig, see, refund, wallets } = open();
  const orderId = rig.place();
  expect(refund(orderId, { refundId: refundId(), amount: 10 })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_PAID' } });
  rig.desk.setFaults(() => 'lost');
  wallets.show(orderId, 'wechat');
  await rig.pass(20_000);
  expect(see(orderId)).toMatchObject({ refundBlocked: 'unsettled' });
  expect(refund(orderId, { refundId: refundId(), amount: 10 })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
});

it('the audit has how much it was', () => {
  expect(detailOf({ orderId: 'x', reason: 'sour milk', part: { refundId: 'r', amount: 120 } })).toBe('reason sour milk, part 120');
});

describe('the list of what needs a person', () => {
  it('has a refund of which HQ has not said what became of it, until a manager gives it by hand: then the kiosk asks no more', async () => {
    const { rig, orderId, see, refund, handlers, refunds } = await paidByWallet();
    rig.desk.setFaults(({ act }) => (act === 'refund' ? 'refused' : undefined));
    refund(orderId, { refundId: refundId(), amount: 120 });
    await rig.pass(2.1 * 3_600_000);
    const list = () => staffRequests['attention.list'].result.parse((handlers['attention.list']({}, manager) as { readonly value: unknown }).value).items;
    expect(list()).toMatchObject([{ kind: 'refund_refused', orderId, amount: money(120, 'CNY') }]);
    expect(list().every(isRefundUnheard)).toBe(true);
    expect(see(orderId)).toMatchObject({ needsPerson: true, attention: [{ kind: 'refund_refused' }] });
    // It may still go by itself: another part beside it would be a second one.
    expect(see(orderId)).not.toHaveProperty('part.atMost');
    expect(refund(orderId, { refundId: refundId(), amount: 120 })).toMatchObject({ ok: false });
    expect(handlers['attention.decide']({ id: list()[0]!.id, decision: 'part_given_back' }, manager)).toMatchObject({ ok: true });
    rig.desk.setFaults(() => undefined);
    refunds.look();
    refunds.hqChanged();
    await rig.pass(2 * 3_600_000);
    expect([list(), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([[], 350]);
    expect(see(orderId)).toMatchObject({ part: { atMost: money(230, 'CNY') }, refunds: [{ state: 'refused' }, { state: 'done', way: 'by_hand', by: '0300' }] });
    // Twice is once.
    expect(rig.reader.refundsOf(orderId)).toHaveLength(2);
  });

  it('shows what waits for HQ’s history beside what the journal lists, and nobody can decide about it', () => {
    const rig = openWalletRig();
    const orderId = rig.place();
    const waiting: Attention = { id: refundId() as string as Attention['id'], kind: 'payment_unclear', orderId, detail: 'the store was brought back, and HQ has not said what became of it', raisedAt: 1 };
    const { handlers, see } = open(rig, () => [waiting]);
    expect(handlers['attention.list']({}, manager)).toMatchObject({ ok: true, value: { items: [{ orderId, kind: 'payment_unclear' }] } });
    expect(see(orderId)).toMatchObject({ needsPerson: true, attention: [{ kind: 'payment_unclear' }] });
    expect(handlers['attention.decide']({ id: waiting.id, decision: 'paid' }, manager)).toMatchObject({ ok: false, error: { code: 'ATTENTION_UNKNOWN' } });
  });
});
