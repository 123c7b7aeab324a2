import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isPaid } from '../../domain/order/order.ts';
import { readPaymentCode } from '../../domain/scan/payment-code.ts';
import type { DeskFault } from './testing/wallet-desk.ts';
import { openWalletRig } from './testing/wallet-rig.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codes = ['134567890123456789', '281234567890123456'] as const;
const acts = ['show', 'show_other', 'read', 'pay', 'cancel', 'leave', 'come_back', 'kill', 'hq_changed', 'refund', 'refund_part', 'deliver'] as const;
type Act = (typeof acts)[number];

const total = 350;
/** Until then anything may happen; after it HQ answers, and everything has to come to its end. */
const troubleMs = 200_000;

const storyArbitrary = fc.record({
  happens: fc.array(fc.record({ atMs: fc.integer({ min: 0, max: troubleMs }), act: fc.constantFrom(...acts) }), { minLength: 3, maxLength: 24 }),
  faults: fc.array(fc.option(fc.constantFrom<DeskFault>('not_asked', 'lost', 'answer_lost', 'late', 'refused'), { nil: undefined, freq: 2 }), { maxLength: 40 }),
  refusesRefunds: fc.boolean(),
  isTooLate: fc.boolean(),
});

it('whatever customers do, whatever gets lost and whenever the kiosk dies: money and orders agree in the end', async () => {
  await fc.assert(fc.asyncProperty(storyArbitrary, async ({ happens, faults, refusesRefunds, isTooLate }) => {
    const rig = openWalletRig();
    const orderId = rig.place([{ total: 300 }, { total: 50 }]);
    let asked = 0;
    rig.desk.setFaults(() => faults[asked++]);
    rig.desk.refundsAs(refusesRefunds ? 'refused' : 'done');
    let run = rig.run();
    const does: Readonly<Record<Act, () => unknown>> = {
      show: () => run.wallets.show(orderId, 'wechat'),
      show_other: () => run.wallets.show(orderId, 'alipay'),
      read: () => run.wallets.read(orderId, 'wechat', readPaymentCode(codes[0])!.code),
      // Whichever code the customer's phone still has.
      pay: () => rig.desk.attempts().forEach((attemptId) => rig.desk.pay(attemptId)),
      cancel: () => run.wallets.cancel(orderId),
      leave() {
        rig.screen = undefined;
        rig.isTooLate = isTooLate;
        run.wallets.cancel(orderId);
      },
      come_back() {
        rig.screen = orderId;
        rig.isTooLate = false;
      },
      kill() {
        run.kill();
        run = rig.run();
      },
      hq_changed() {
        run.wallets.hqChanged();
        run.refunds.hqChanged();
      },
      refund: () => run.refunds.reverse(orderId, 'sour milk'),
      refund_part() {
        const left = rig.reader.refundable(orderId);
        if (left && left.left.amount >= 20) rig.writer.askRefund({ orderId, amount: { amount: 10, currency: 'CNY' }, way: 'tender', reason: 'sour milk' });
        run.refunds.look();
      },
      deliver: () => rig.desk.deliver(),
    };
    const keepHouse = setInterval(() => {
      run.wallets.settleOpen();
      run.refunds.look();
    }, 4_000);
    let nowMs = 0;
    for (const { atMs, act } of happens.toSorted((one, other) => one.atMs - other.atMs)) {
      await rig.pass(atMs - nowMs);
      nowMs = atMs;
      does[act]();
      // At no moment more than one attempt of an order is open, and never is more back than was paid.
      expect(rig.reader.attempts(orderId).filter(({ state }) => !['declined', 'cancelled', 'not_sent', 'not_paid', 'reversed'].includes(state)).length).toBeLessThanOrEqual(1);
      for (const attemptId of rig.desk.attempts()) expect(rig.desk.balance(attemptId)).toBeGreaterThanOrEqual(0);
    }
    await rig.pass(troubleMs - nowMs);
    rig.desk.setFaults(() => undefined);
    rig.desk.deliver();
    rig.screen = undefined;
    run.wallets.cancel(orderId);
    await rig.pass(400_000);
    clearInterval(keepHouse);
    run.kill();

    expect([rig.reader.unsettledWallets(), rig.reader.openRefunds()]).toEqual([[], []]);
    const { state } = rig.reader.order(orderId)!;
    const attempts = rig.reader.attempts(orderId);
    const goneInParts = rig.reader.refundsOf(orderId).filter((refund) => refund.state === 'done').reduce((sum, { amount }) => sum + amount.amount, 0);
    expect(attempts.filter((attempt) => attempt.state === 'approved').length).toBe(isPaid(state) ? 1 : 0);
    for (const attempt of attempts) expect(rig.desk.balance(attempt.id), attempt.state).toBe(attempt.state === 'approved' ? total - goneInParts : 0);
    // Nobody at HQ has heard of a payment that the kiosk has not written down.
    expect(rig.desk.attempts().filter((attemptId) => !attempts.some(({ id }) => id === attemptId))).toEqual([]);
    expect(rig.logged.join('\n')).not.toMatch(/INTERNAL|STORE_FAILED/);
    expect(rig.logged.join('\n')).not.toContain(codes[0].slice(2, 14));
    // Each code was charged at most once.
    const begun = rig.desk.asked().filter(({ act }) => act === 'begin').map(({ attemptId }) => attemptId);
    expect(new Set(begun).size).toBe(begun.length);
    rig.close();
  }), { numRuns: 60 });
}, 120_000);
