import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPaymentCode } from '../../domain/scan/payment-code.ts';
import type { DeskFault } from './testing/wallet-desk.ts';
import { openWalletRig } from './testing/wallet-rig.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codeText = '134567890123456789';
const paymentCode = () => readPaymentCode(codeText)!.code;

describe('a code that the kiosk shows', () => {
  it('is asked for, shown with its time, and paid', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    expect(wallets.show(orderId, 'wechat')).toEqual({ ok: true, value: undefined });
    expect(view(orderId).payment).toEqual({ kind: 'wallet', wallet: 'wechat', mode: 'shown', step: 'starting', leftMs: 120_000, sinceMs: 0, cancelRequested: false });
    await rig.pass(1_000);
    expect(view(orderId).payment).toMatchObject({ step: 'show', code: expect.stringContaining('weixin://'), leftMs: 119_000 });
    expect(rig.desk.pay(rig.attemptOf(orderId))).toBe(true);
    await rig.pass(1_000);
    expect(view(orderId)).toMatchObject({ state: 'paid', payment: { kind: 'paid', tender: 'wechat', transactionId: expect.stringContaining('T-') } });
    expect([rig.states(orderId), wallets.runningOrder()]).toEqual([['approved'], undefined]);
    // One beginning, and no question after its end.
    const asked = rig.desk.asked().length;
    await rig.pass(300_000);
    expect([rig.desk.asked().length, rig.desk.asked().filter(({ act }) => act === 'begin')]).toMatchObject([asked, [{ orderNumber: 'A042', title: '小店 A042', validMs: 120_000 }]]);
  });

  it('is asked about without a pause while HQ holds the question, and never more than once a second', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    wallets.show(rig.place(), 'alipay');
    await rig.pass(60_000);
    expect(rig.desk.asked().length).toBeLessThan(10);
    rig.desk.setFaults(() => 'refused');
    const before = rig.desk.asked().length;
    await rig.pass(60_000);
    expect(rig.desk.asked().length - before).toBeLessThan(60);
  });

  it('that nobody pays in its time is closed, and its customer may try again', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(119_000);
    expect(view(orderId).payment).toMatchObject({ step: 'show' });
    await rig.pass(2_000);
    expect([view(orderId).payment, view(orderId).state]).toEqual([{ kind: 'due', last: 'too_late', tender: 'wechat' }, 'awaiting_payment']);
    expect(rig.desk.pay(rig.attemptOf(orderId))).toBe(false);
    expect(wallets.show(orderId, 'alipay').ok).toBe(true);
    await rig.pass(1_000);
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(1_000);
    expect(rig.states(orderId)).toEqual(['cancelled', 'approved']);
  });

  it.each([119_970, 119_990, 120_000, 120_010, 120_030])('paid after %i ms, at the moment of the time limit, it is paid or can be paid no more', async (ms) => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(ms);
    const wasTaken = rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(2_000);
    expect(rig.states(orderId)).toEqual([wasTaken ? 'approved' : 'cancelled']);
    expect(view(orderId).payment.kind).toBe(wasTaken ? 'paid' : 'due');
    expect(rig.desk.balance(rig.attemptOf(orderId))).toBe(wasTaken ? 350 : 0);
  });

  it('is begun once, however often the customer taps', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    for (let taps = 0; taps < 20; taps += 1) expect(wallets.show(orderId, 'wechat').ok).toBe(true);
    await rig.pass(5_000);
    expect(wallets.show(orderId, 'alipay').ok).toBe(true);
    await rig.pass(5_000);
    expect(rig.desk.attempts()).toHaveLength(1);
  });

  it('HQ refuses: its customer reads why', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    rig.desk.beginsAs('declined', 'limit');
    wallets.show(orderId, 'wechat');
    await rig.pass(1_000);
    expect(view(orderId).payment).toEqual({ kind: 'due', last: 'declined', tender: 'wechat', refusal: 'limit' });
  });

  it('cannot be asked for while HQ is away; what never left the kiosk was not paid', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    rig.isHqThere = false;
    expect(wallets.show(orderId, 'wechat')).toMatchObject({ ok: false, error: { code: 'HQ_UNAVAILABLE' } });
    expect(rig.states(orderId)).toEqual([]);
    rig.isHqThere = true;
    rig.desk.setFaults(() => 'not_asked');
    wallets.show(orderId, 'wechat');
    await rig.pass(10);
    expect([rig.states(orderId), view(orderId).payment]).toEqual([['not_sent'], { kind: 'due', last: 'wallet_unavailable', tender: 'wechat' }]);
  });
});

describe('a customer who does not want it any more', () => {
  it.each(['starting', 'show'] as const)('cancels while it is %s: it is closed, and nothing is paid', async (step) => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(step === 'show' ? 2_000 : 1);
    expect(view(orderId).payment).toMatchObject({ step });
    wallets.cancel(orderId);
    expect(view(orderId).payment).toMatchObject({ kind: 'wallet', step: 'checking', cancelRequested: true });
    await rig.pass(2_000);
    expect([view(orderId).payment, rig.states(orderId)]).toEqual([{ kind: 'due', last: 'cancelled', tender: 'wechat' }, ['cancelled']]);
    expect(rig.desk.pay(rig.attemptOf(orderId))).toBe(false);
  });

  it.each([0, 10, 19, 20, 21, 40])('cancels %i ms before paying: the books agree, whichever was quicker', async (ms) => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    wallets.cancel(orderId);
    await rig.pass(ms);
    const wasTaken = rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(3_000);
    expect(rig.states(orderId)).toEqual([wasTaken ? 'approved' : 'cancelled']);
  });

  it('leaves and has paid: it is theirs as long as they may come back, and goes back after that', async () => {
    for (const isTooLate of [false, true]) {
      const rig = openWalletRig();
      const { wallets, refunds } = rig.run();
      const orderId = rig.place();
      wallets.show(orderId, 'wechat');
      await rig.pass(2_000);
      rig.screen = undefined;
      rig.isTooLate = isTooLate;
      rig.desk.pay(rig.attemptOf(orderId));
      wallets.cancel(orderId);
      await rig.pass(2_000);
      refunds.look();
      await rig.pass(2_000);
      expect([rig.states(orderId), rig.reader.order(orderId)?.state]).toEqual(isTooLate ? [['reversed'], 'refunded'] : [['approved'], 'paid']);
      expect(rig.desk.balance(rig.attemptOf(orderId))).toBe(isTooLate ? 0 : 350);
    }
  });
});

describe('a code that the customer’s phone shows', () => {
  it('is charged, confirmed on the phone, and stands in no line and no row', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    expect(wallets.read(orderId, 'wechat', paymentCode()).ok).toBe(true);
    await rig.pass(1_000);
    expect(view(orderId).payment).toMatchObject({ kind: 'wallet', mode: 'read', step: 'confirm', leftMs: 59_000 });
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(1_000);
    expect(rig.states(orderId)).toEqual(['approved']);
    expect(rig.desk.asked().filter((question) => 'code' in question)).toMatchObject([{ act: 'begin', code: codeText }]);
    const tables = rig.database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
    const everything = JSON.stringify([rig.logged, rig.shown, tables.map((name) => rig.database.prepare(`SELECT * FROM ${name}`).all())]);
    for (const part of [codeText, codeText.slice(2, 14), codeText.slice(-8)]) expect(everything).not.toContain(part);
  });

  it('read twice is charged once', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    wallets.read(orderId, 'wechat', paymentCode());
    expect(wallets.read(orderId, 'wechat', paymentCode())).toMatchObject({ ok: false, error: { code: 'PAYMENT_BUSY' } });
    await rig.pass(2_000);
    expect(wallets.read(orderId, 'wechat', paymentCode()).ok).toBe(false);
    expect(rig.desk.attempts()).toHaveLength(1);
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(2_000);
    expect(wallets.read(orderId, 'wechat', paymentCode())).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_PAYABLE' } });
  });

  it('that is not confirmed within a minute is closed', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    wallets.read(orderId, 'alipay', paymentCode());
    await rig.pass(62_000);
    expect(view(orderId).payment).toEqual({ kind: 'due', last: 'too_late', tender: 'alipay' });
  });

  it('read while one is being shown closes that one first, and is charged then', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    const shown = rig.attemptOf(orderId);
    expect(wallets.read(orderId, 'alipay', paymentCode()).ok).toBe(true);
    await rig.pass(2_000);
    expect([rig.desk.stateOf(shown), view(orderId).payment]).toMatchObject(['closed', { kind: 'wallet', wallet: 'alipay', mode: 'read' }]);
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(2_000);
    expect(rig.states(orderId)).toEqual(['cancelled', 'approved']);
  });

  it('read when the shown one was just paid is charged no more', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    rig.desk.pay(rig.attemptOf(orderId));
    wallets.read(orderId, 'wechat', paymentCode());
    await rig.pass(5_000);
    expect([rig.states(orderId), rig.desk.attempts().length]).toEqual([['approved'], 1]);
  });

  it.each(['code_unusable', 'not_enough'] as const)('is refused as %s: its customer reads what to do', async (refusal) => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    rig.desk.beginsAs('declined', refusal);
    wallets.read(orderId, 'wechat', paymentCode());
    await rig.pass(1_000);
    expect(view(orderId).payment).toEqual({ kind: 'due', last: 'declined', tender: 'wechat', refusal });
  });
});

describe('HQ that does not answer', () => {
  it('after the beginning: unknown, shown as being checked, and shown again when HQ is back in time', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    rig.desk.setFaults(({ act }) => (act === 'begin' ? 'answer_lost' : 'not_asked'));
    wallets.show(orderId, 'wechat');
    await rig.pass(16_000);
    expect(view(orderId)).toMatchObject({ state: 'payment_unknown', payment: { kind: 'unknown', tender: 'wechat' } });
    expect([wallets.runningOrder(), wallets.show(orderId, 'wechat').ok, rig.desk.attempts().length]).toEqual([undefined, true, 1]);
    rig.desk.setFaults(() => undefined);
    wallets.hqChanged();
    await rig.pass(1_000);
    expect(view(orderId).payment).toMatchObject({ kind: 'wallet', step: 'show', code: expect.stringContaining('weixin') });
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(1_000);
    expect(rig.states(orderId)).toEqual(['approved']);
  });

  it('and never got the beginning: it is told not to take it any more, also when it comes late', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    rig.desk.setFaults(({ act }) => (act === 'begin' ? 'late' : undefined));
    wallets.show(orderId, 'wechat');
    await rig.pass(20_000);
    expect([rig.states(orderId), view(orderId).payment]).toEqual([['not_paid'], { kind: 'due', last: 'not_paid', tender: 'wechat' }]);
    rig.desk.deliver();
    expect(rig.desk.pay(rig.attemptOf(orderId))).toBe(false);
  });

  it('for one question keeps the code on the screen; for more it is unknown, and asked again with longer pauses, customer there or not', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    let lost = 1;
    rig.desk.setFaults(({ act }) => (act === 'state' && lost-- > 0 ? 'lost' : undefined));
    wallets.show(orderId, 'wechat');
    await rig.pass(20_000);
    expect(view(orderId).payment).toMatchObject({ kind: 'wallet', step: 'show' });
    rig.desk.setFaults(() => 'lost');
    await rig.pass(60_000);
    expect(view(orderId).payment).toEqual({ kind: 'unknown', tender: 'wechat' });
    rig.screen = undefined;
    wallets.cancel(orderId);
    await rig.pass(600_000);
    const before = rig.desk.asked().length;
    await rig.pass(3_600_000);
    const anHour = rig.desk.asked().length - before;
    expect(anHour).toBeGreaterThan(30);
    expect(anHour).toBeLessThan(70);
    rig.desk.pay(rig.attemptOf(orderId));
    rig.desk.setFaults(() => undefined);
    await rig.pass(80_000);
    expect([rig.states(orderId), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['approved'], 350]);
  });

  it.each<DeskFault>(['lost', 'answer_lost', 'not_asked', 'refused'])('to anything at all (%s), and comes back: the end is found, and nothing is guessed', async (fault) => {
    for (const pays of [true, false]) {
      const rig = openWalletRig();
      const { wallets } = rig.run();
      const orderId = rig.place();
      wallets.show(orderId, 'wechat');
      await rig.pass(1_000);
      rig.desk.setFaults(() => fault);
      await rig.pass(11_000);
      const wasTaken = pays && rig.desk.pay(rig.attemptOf(orderId));
      await rig.pass(300_000);
      // HQ may have done what it was asked: of its answer nothing is known here.
      expect(rig.states(orderId)).toEqual(['unknown']);
      rig.desk.setFaults(() => undefined);
      wallets.hqChanged();
      await rig.pass(70_000);
      expect(rig.states(orderId)).toEqual([wasTaken ? 'approved' : 'cancelled']);
    }
  });

  it('holds up its own order and no other', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const first = rig.place();
    wallets.show(first, 'wechat');
    await rig.pass(1_000);
    rig.desk.setFaults(({ attemptId }) => (attemptId === rig.reader.attempts(first)[0]!.id ? 'not_asked' : undefined));
    await rig.pass(20_000);
    const second = rig.place();
    expect(wallets.show(second, 'wechat').ok).toBe(true);
    await rig.pass(2_000);
    rig.desk.pay(rig.attemptOf(second));
    await rig.pass(2_000);
    expect([rig.states(first), rig.states(second)]).toEqual([['unknown'], ['approved']]);
  });

  it('to a close for long: called unknown after a while, and ended when HQ has found out', async () => {
    const rig = openWalletRig();
    const { wallets, view } = rig.run();
    const orderId = rig.place();
    rig.desk.closesAs('closing');
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    wallets.cancel(orderId);
    await rig.pass(5_000);
    expect(view(orderId).payment).toMatchObject({ kind: 'wallet', step: 'checking' });
    await rig.pass(40_000);
    expect(view(orderId).payment).toEqual({ kind: 'unknown', tender: 'wechat' });
    rig.desk.put(rig.attemptOf(orderId), 'closed');
    await rig.pass(2_000);
    expect(view(orderId).payment).toEqual({ kind: 'due', last: 'cancelled', tender: 'wechat' });
  });

  it('could not find out: a person’s list has it, and what HQ finds out later takes it off', async () => {
    const rig = openWalletRig();
    const { wallets } = rig.run();
    const orderId = rig.place();
    wallets.show(orderId, 'wechat');
    await rig.pass(2_000);
    rig.desk.put(rig.attemptOf(orderId), 'held');
    await rig.pass(2_000);
    expect([rig.states(orderId), rig.reader.attention()]).toMatchObject([['unclear'], [{ kind: 'payment_unclear', orderId }]]);
    rig.screen = undefined;
    rig.desk.put(rig.attemptOf(orderId), 'closed');
    await rig.pass(130_000);
    expect([rig.states(orderId), rig.reader.attention()]).toEqual([['not_paid'], []]);
  });
});

describe('money that goes back', () => {
  async function paid() {
    const rig = openWalletRig();
    const run = rig.run();
    const orderId = rig.place([{ total: 300 }, { total: 50 }]);
    run.wallets.show(orderId, 'wechat');
    await rig.pass(1_000);
    rig.desk.pay(rig.attemptOf(orderId));
    await rig.pass(1_000);
    return { ...run, rig, orderId };
  }
  const cny = (amount: number) => ({ amount, currency: 'CNY' as const });

  it('as a whole, once, whatever answers are lost', async () => {
    const { rig, orderId, refunds } = await paid();
    let faults = 3;
    rig.desk.setFaults(({ act }) => (act === 'refund' && faults-- > 0 ? (['answer_lost', 'lost', 'not_asked'] as const)[faults] : undefined));
    expect(refunds.reverse(orderId, 'sour milk', '0007').ok).toBe(true);
    expect(rig.states(orderId)).toEqual(['reversing']);
    await rig.pass(120_000);
    expect([rig.states(orderId), rig.reader.order(orderId)?.state, rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['reversed'], 'refunded', 0]);
    expect(refunds.reverse(orderId, 'again').ok).toBe(false);
  });

  it('that HQ only takes down at first is asked for until it is done', async () => {
    const { rig, orderId, refunds } = await paid();
    rig.desk.refundsAs('asked');
    refunds.reverse(orderId, 'sour milk');
    await rig.pass(300_000);
    expect(rig.states(orderId)).toEqual(['reversing']);
    rig.desk.refundsAs('done');
    await rig.pass(61_000);
    expect([rig.states(orderId), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['reversed'], 0]);
  });

  it('in parts, and the rest as a part too: with the last one the order is refunded', async () => {
    const { rig, orderId, refunds } = await paid();
    rig.writer.askRefund({ orderId, amount: cny(100), way: 'tender', reason: 'a cup too few', by: '0007' });
    refunds.look();
    await rig.pass(2_000);
    expect([rig.reader.refundsOf(orderId)[0]?.state, rig.desk.balance(rig.attemptOf(orderId)), rig.states(orderId)]).toEqual(['done', 250, ['approved']]);
    expect(refunds.reverse(orderId, 'the rest, too').ok).toBe(true);
    await rig.pass(2_000);
    expect([rig.reader.refundsOf(orderId).map(({ amount }) => amount.amount), rig.desk.balance(rig.attemptOf(orderId)), rig.reader.order(orderId)?.state]).toEqual([[100, 250], 0, 'refunded']);
  });

  it('and is refused stands on a person’s list, whole or part', async () => {
    const whole = await paid();
    whole.rig.desk.refundsAs('refused');
    whole.refunds.reverse(whole.orderId, 'sour milk');
    await whole.rig.pass(2_000);
    expect([whole.rig.states(whole.orderId), whole.rig.reader.attention()]).toMatchObject([['approved'], [{ kind: 'reversal_refused' }]]);
    const part = await paid();
    part.rig.desk.refundsAs('refused');
    part.rig.writer.askRefund({ orderId: part.orderId, amount: cny(100), way: 'tender', reason: 'sour milk' });
    part.refunds.look();
    await part.rig.pass(2_000);
    expect(part.rig.reader.attention()).toMatchObject([{ kind: 'refund_refused', orderId: part.orderId }]);
  });

  it('from an HQ that was restored from an older copy: it asks its gateway first, and gives it back then', async () => {
    const { rig, orderId, refunds } = await paid();
    rig.desk.forget(rig.attemptOf(orderId));
    refunds.reverse(orderId, 'sour milk');
    await rig.pass(10_000);
    expect([rig.states(orderId), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([['reversed'], 0]);
  });

  it('of a payment that HQ calls closed is for a person after some answers', async () => {
    const { rig, orderId, refunds } = await paid();
    rig.desk.put(rig.attemptOf(orderId), 'closed');
    refunds.reverse(orderId, 'sour milk');
    await rig.pass(300_000);
    expect(rig.reader.attention()).toMatchObject([{ kind: 'reversal_refused', detail: expect.stringContaining('closed') }]);
  });
});

describe('a kiosk that is killed', () => {
  /** One story, cut off at the n-th step; true where it came to its end before. */
  async function story(cutAt: number, pays: 'soon' | 'late' | 'never', faults: (times: number) => DeskFault | undefined): Promise<boolean> {
    const rig = openWalletRig();
    let steps = 0;
    let asked = 0;
    rig.desk.setFaults(() => faults(++asked));
    const killed = new Error('killed');
    const run = rig.run(() => {
      steps += 1;
      if (steps !== cutAt) return;
      run.kill();
      throw killed;
    });
    const orderId = rig.place([{ total: 300 }, { total: 50 }]);
    const payIfAsked = () => rig.reader.attempts(orderId).forEach(({ id }) => rig.desk.pay(id));
    const guarded = (act: () => void) => {
      try {
        act();
      } catch (cause) {
        if (cause !== killed && !(cause instanceof Error && cause.message === 'killed')) throw cause;
      }
    };
    guarded(() => run.wallets.show(orderId, 'wechat'));
    await rig.pass(3_000);
    if (pays === 'soon') payIfAsked();
    await rig.pass(2_000);
    if (pays === 'never') guarded(() => run.wallets.cancel(orderId));
    await rig.pass(30_000);
    const isPaid = () => rig.reader.order(orderId)?.state === 'paid';
    if (isPaid()) guarded(() => run.refunds.reverse(orderId, 'sour milk'));
    await rig.pass(40_000);
    const wasCut = steps >= cutAt;
    run.kill();
    if (pays === 'late') payIfAsked();

    // The next one comes up, its customer gone, and everything comes to an end.
    rig.screen = undefined;
    rig.isTooLate = true;
    let nextSteps = 0;
    let next = rig.run(() => {
      nextSteps += 1;
      if (nextSteps !== 1 + (cutAt % 7)) return;
      // Not even that one lives.
      next.kill();
      throw killed;
    });
    await rig.pass(60_000);
    next.kill();
    next = rig.run();
    const keepHouse = setInterval(() => {
      next.wallets.settleOpen();
      next.refunds.look();
    }, 2_000);
    await rig.pass(600_000);
    clearInterval(keepHouse);

    const told = `cut at ${cutAt}, paid ${pays}`;
    expect(rig.reader.unsettledWallets(), told).toEqual([]);
    for (const { id, state } of rig.reader.attempts(orderId)) {
      const balance = rig.desk.balance(id);
      expect(balance, `${told}: ${state}`).toBe(state === 'approved' ? 350 : 0);
    }
    const { state } = rig.reader.order(orderId)!;
    expect(['placed', 'awaiting_payment', 'refunded', 'paid'], told).toContain(state);
    expect(rig.reader.attempts(orderId).filter((attempt) => attempt.state === 'approved').length, told).toBe(state === 'paid' ? 1 : 0);
    expect(rig.desk.attempts().length, told).toBeLessThanOrEqual(1);
    return wasCut;
  }

  it.each([
    ['soon', 'well', () => undefined],
    ['late', 'well', () => undefined],
    ['never', 'well', () => undefined],
    ['soon', 'each second answer lost', (times: number) => (times % 2 === 0 ? 'answer_lost' : undefined)],
    ['never', 'each second question lost', (times: number) => (times % 2 === 0 ? 'lost' : undefined)],
    ['late', 'the beginning lost', (times: number) => (times === 1 ? 'lost' : undefined)],
    ['soon', 'HQ away from the second question on, for a while', (times: number) => (times > 1 && times < 6 ? 'not_asked' : undefined)],
  ] as const)('before and after each step, paid %s, HQ %s: the books agree', async (pays, _, faults) => {
    let cuts = 0;
    for (let cutAt = 1; cutAt < 60; cutAt += 1) {
      if (!(await story(cutAt, pays, faults))) break;
      cuts += 1;
    }
    expect(cuts).toBeGreaterThan(2);
    expect(cuts).toBeLessThan(59);
  });
});
