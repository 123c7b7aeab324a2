import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPaymentCode } from '../../domain/scan/payment-code.ts';
import { openWalletRig } from './testing/wallet-rig.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const paymentCode = () => readPaymentCode('134567890123456789')!.code;
const hourMs = 3_600_000;

describe('a store that was brought back', () => {
  it('asks about no wallet payment before HQ has told what it has of it: what was delivered long ago is not sent back', async () => {
    const rig = openWalletRig();
    const first = rig.run();
    const orderId = rig.place();
    first.wallets.show(orderId, 'wechat');
    await rig.pass(1_000);
    rig.desk.pay(rig.attemptOf(orderId));
    first.kill();
    // In the copy it is under way; in truth it was paid and handed out, and its customer has gone.
    rig.screen = undefined;
    rig.isTooLate = true;
    rig.isHistoryKnown = false;
    const next = rig.run();
    await rig.pass(60_000);
    expect([rig.states(orderId), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['started'], 350]);
    // HQ tells it, in the other thread.
    rig.writer.settleAttempt(rig.attemptOf(orderId), { state: 'approved', wallet: undefined });
    rig.isHistoryKnown = true;
    next.wallets.settleOpen();
    next.refunds.look();
    await rig.pass(60_000);
    expect([rig.states(orderId), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['approved'], 350]);
  });

  it('and sends no refund before that', async () => {
    const rig = openWalletRig();
    const first = rig.run();
    const orderId = await rig.paid(first);
    rig.writer.startReversal(rig.attemptOf(orderId));
    first.kill();
    rig.isHistoryKnown = false;
    const next = rig.run();
    await rig.pass(60_000);
    expect(rig.desk.balance(rig.attemptOf(orderId))).toBe(350);
    rig.isHistoryKnown = true;
    next.refunds.look();
    await rig.pass(2_000);
    expect([rig.states(orderId), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['reversed'], 0]);
  });
});

describe('an end that nobody can tell', () => {
  it('for a day is a person’s, who may decide; and HQ is asked on', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(1_000);
    rig.screen = undefined;
    wallets.cancel(orderId);
    rig.desk.setFaults(() => 'not_asked');
    await rig.pass(23 * hourMs);
    expect([rig.states(orderId), rig.reader.attention()]).toEqual([['unknown'], []]);
    await rig.pass(2 * hourMs);
    expect([rig.states(orderId), rig.reader.attention()]).toMatchObject([['unclear'], [{ kind: 'payment_unclear', orderId }]]);
    rig.desk.setFaults(() => undefined);
    wallets.hqChanged();
    await rig.pass(2_000);
    expect([rig.states(orderId), rig.reader.attention()]).toEqual([['not_paid'], []]);
  });

  it('of a kiosk that was off for days is asked for first: nobody is troubled about what HQ knows', async () => {
    const rig = openWalletRig();
    const first = rig.run();
    const orderId = rig.place();
    first.wallets.show(orderId, 'wechat');
    await rig.pass(1_000);
    rig.screen = undefined;
    first.kill();
    await rig.pass(48 * hourMs);
    rig.desk.setFaults(() => 'not_asked');
    const next = rig.run();
    await rig.pass(60_000);
    rig.desk.setFaults(() => undefined);
    next.wallets.hqChanged();
    await rig.pass(2_000);
    expect([rig.states(orderId), rig.database.prepare('SELECT count(*) FROM attention').pluck().get()]).toEqual([['not_paid'], 0]);
  });

  it('after a person has decided, HQ is asked no more', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    rig.desk.setFaults(({ act }) => (act === 'begin' ? undefined : 'not_asked'));
    wallets.show(orderId, 'alipay');
    await rig.pass(1_000);
    rig.screen = undefined;
    await rig.pass(25 * hourMs);
    const [entry] = rig.reader.attention();
    rig.writer.settleAttention(entry!.id, 'not_paid', '0007');
    wallets.hqChanged();
    await rig.pass(120_000);
    const asked = rig.desk.asked().length;
    await rig.pass(hourMs);
    expect([rig.states(orderId), rig.desk.asked().length]).toEqual([['not_paid'], asked]);
  });
});

describe('what cannot be written', () => {
  it('is shown as being checked and holds no screen, and is written when it can be', async () => {
    const rig = openWalletRig();
    let isFull = false;
    const { wallets, view } = rig.run((step) => {
      if (isFull && step === 'before settleAttempt') throw new Error('database or disk is full');
    });
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(1_000);
    isFull = true;
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(2_000);
    expect(view(orderId).payment).toEqual({ kind: 'unknown', tender: 'wechat' });
    expect(wallets.runningOrder()).toBeUndefined();
    isFull = false;
    await rig.pass(70_000);
    expect([rig.states(orderId), view(orderId).payment]).toMatchObject([['approved'], { kind: 'paid' }]);
  });
});

describe('a code that is read while another one is shown', () => {
  it('is charged without a word of a payment that was cancelled in between', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    wallets.read(orderId, 'alipay', paymentCode());
    await rig.pass(2_000);
    expect(view(orderId).payment).toMatchObject({ kind: 'wallet', wallet: 'alipay', mode: 'read' });
    expect(rig.shown.map(({ payment }) => payment.kind)).not.toContain('due');
  });

  it('and HQ is away by then: its customer sees that nothing was paid', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    wallets.read(orderId, 'alipay', paymentCode());
    rig.isHqThere = false;
    await rig.pass(2_000);
    expect(rig.shown.at(-1)?.payment).toMatchObject({ kind: 'due', last: 'cancelled' });
  });
});
