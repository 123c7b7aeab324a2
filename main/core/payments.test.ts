import { describe, expect, test } from 'vitest';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

describe.concurrent('a card payment', () => {
  test('declined, then approved: one charge', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    stage.terminal.decline(0x05);
    await stage.pay(order.id);
    const due = await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'declined');
    expect(due.state).toBe('awaiting_payment');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(stage.store.attemptStates(order.id)).toEqual(['declined', 'approved']);
    expect(stage.terminal.book().map(({ state }) => state)).toEqual(['declined', 'approved']);
    await stage.expectAgreement();
  });

  test('cancelled at the terminal: nothing is charged, and the customer may try again', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    stage.terminal.cancel();
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'cancelled');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    stage.terminal.tapCard();
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('cancelled by the customer while a card is asked for: the terminal stops, and nothing is charged', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'running' && payment.message === 'present_card');
    expect(await stage.kiosk.request('cancelPayment', { orderId: order.id })).toMatchObject({ ok: true, value: { payment: { kind: 'running', cancelRequested: true } } });
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'cancelled');
    expect(stage.terminal.tapCard()).toBe(false);
    expect(await stage.kiosk.request('cancelOrder', { orderId: order.id })).toMatchObject({ ok: true, value: { state: 'cancelled' } });
    await stage.expectAgreement();
    expect(stage.store.reader.available().get('cola')).toBe(40);
  });

  test('an approval that was quicker than the cancel stands', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    let cancelled: Promise<unknown> | undefined;
    stage.terminal.onChange(() => {
      if (stage.terminal.book().some(({ state }) => state === 'approved')) cancelled ??= stage.kiosk.request('cancelPayment', { orderId: order.id });
    });
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await cancelled;
    expect(await stage.kiosk.request('cancelOrder', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    await stage.expectAgreement();
  });

  test('a customer who leaves while the card is read: paid and printed, or given up with its stock free, and never between', async (context) => {
    const stage = await openStage(context, { terminal: { processingMs: 5, autoApproveAfterMs: 0 } });
    const order = await stage.place('umbrella');
    await stage.pay(order.id);
    await stage.untilPhase('please_wait');
    await stage.kiosk.request('leave', {});
    const ended = await stage.hq.until(({ kind, payload }) => kind === 'order.state' && ['cancelled', 'fulfilled'].includes(payload.to));
    await stage.expectAgreement();
    expect(stage.store.reader.available().get('umbrella')).toBe('to' in ended.payload && ended.payload.to === 'cancelled' ? 1 : 0);
  });

  test('two taps on Pay are one charge, and twenty are', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    for (const taps of [2, 20]) {
      const order = await stage.place('cola');
      const answers = await Promise.all(Array.from({ length: taps }, () => stage.kiosk.request('pay', { orderId: order.id })));
      expect(answers.every((answer) => answer.ok)).toBe(true);
      await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
      expect(stage.store.attemptStates(order.id)).toEqual(['approved']);
    }
    expect(stage.terminal.book()).toHaveLength(2);
    await stage.expectAgreement();
  });

  test('another order is not payable while one is being paid', async (context) => {
    const stage = await openStage(context);
    const [first, second] = [await stage.place('cola'), await stage.place('cola')];
    await stage.pay(first.id);
    expect(await stage.kiosk.request('pay', { orderId: second.id })).toMatchObject({ ok: false, error: { code: 'PAYMENT_BUSY' } });
    await stage.untilPhase('present_card');
    stage.terminal.tapCard();
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === first.id && payload.to === 'fulfilled');
    expect(stage.store.attemptStates(second.id)).toEqual([]);
    await stage.expectAgreement();
  });
});

describe.concurrent('a line that fails', () => {
  test('terminal unplugged before paying: nothing reaches it, the customer is told, and plugged in again it works', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    await stage.terminalLine.unplug();
    await stage.untilStatus(({ card }) => card === 'unavailable');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'terminal_unavailable');
    await stage.terminalLine.plug();
    await stage.untilStatus(({ card }) => card === 'ready');
    expect(stage.terminal.book()).toEqual([]);
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(stage.store.attemptStates(order.id)).toEqual(['not_sent', 'approved']);
    await stage.expectAgreement();
  });

  test.for(['present_card', 'please_wait'] as const)('cable out while the terminal shows %s and in again: the truth is found, and charged once', async (phase, context) => {
    const stage = await openStage(context, { terminal: { processingMs: phase === 'please_wait' ? 50 : 0, t2Ms: 1000, t3Ms: 500, ...(phase === 'please_wait' ? { autoApproveAfterMs: 0 } : {}) } });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilPhase(phase);
    await stage.terminalLine.unplug();
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'unknown');
    expect(await stage.kiosk.request('pay', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
    await stage.terminalLine.plug();
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'not_paid');
    await stage.untilStatus(({ card }) => card === 'ready');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    stage.terminal.tapCard();
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });
});

describe.concurrent('a terminal that falls silent', () => {
  test('before the purchase: unknown, no second purchase, and when it speaks again the customer may try again', async (context) => {
    const stage = await openStage(context, { isQuick: true });
    const order = await stage.place('cola');
    stage.terminal.setSilent(true);
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'unknown');
    await stage.untilStatus(({ card }) => card === 'held');
    expect(await stage.kiosk.request('pay', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
    expect(await stage.kiosk.request('cancelOrder', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    expect(await stage.kiosk.request('place', stage.placing('cola'))).toMatchObject({ ok: true, value: { kind: 'refused', refusals: [{ code: 'payment_unavailable' }] } });
    stage.terminal.setSilent(false);
    await stage.untilStatus(({ card }) => card === 'ready');
    const other = await stage.place('cola');
    expect(stage.terminal.book()).toEqual([]);
    expect(stage.store.attemptStates(order.id)).toEqual(['not_paid']);
    await stage.pay(other.id);
    await stage.untilPhase('present_card');
    stage.terminal.tapCard();
    await stage.untilOrder(other.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('after a purchase that was reversed, the next one of another amount that never reached it is not taken for unclear', async (context) => {
    const stage = await openStage(context, { terminal: approving, isQuick: true });
    const reversed = await stage.place('cola');
    const lift = stage.store.refuse('UPDATE ON payment_attempts', "NEW.state = 'authorised'");
    await stage.pay(reversed.id);
    await stage.untilOrder(reversed.id, ({ payment }) => payment.kind === 'due' && payment.last === 'not_paid');
    lift();
    await stage.untilStatus(({ card }) => card === 'ready');
    const order = await stage.place('umbrella');
    stage.terminal.setSilent(true);
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'unknown');
    stage.terminal.setSilent(false);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'not_paid');
    await stage.untilStatus(({ card }) => card === 'ready');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test.for([
    { silent: 'before_status', unacknowledged: 'reversed', ends: 'not_paid' },
    { silent: 'before_status', unacknowledged: 'kept', ends: 'paid' },
    // Our answer may have been on the line already when it hung: its book tells.
    { silent: 'after_status', unacknowledged: 'reversed', ends: 'as its book says' },
    { silent: 'after_status', unacknowledged: 'kept', ends: 'paid' },
    { silent: 'after_acknowledgement', unacknowledged: 'reversed', ends: 'paid' },
  ] as const)('$silent, an approval that nobody acknowledged is $unacknowledged: $ends, once', async ({ silent, unacknowledged, ends }, context) => {
    const stage = await openStage(context, { isQuick: true, terminal: { ...approving, t2Ms: 1000, t3Ms: 300, reversesUnacknowledged: unacknowledged === 'reversed' } });
    const order = await stage.place('cola');
    stage.terminal.script.approveAndFallSilent = silent;
    await stage.pay(order.id);
    await stage.untilPhase('hung');
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'unknown');
    expect(await stage.kiosk.request('pay', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
    expect(stage.terminal.book()).toHaveLength(1);
    stage.terminal.setSilent(false);
    await stage.untilBook((book) => book.every(({ state }) => state !== 'authorised'));
    const isTaken = stage.terminal.book().some(({ state }) => state === 'approved');
    if (ends !== 'as its book says') expect(isTaken).toBe(ends === 'paid');
    if (!isTaken) {
      await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'not_paid');
      await stage.untilStatus(({ card }) => card === 'ready');
      await stage.pay(order.id);
    }
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(stage.slipsOf(order.id)).toHaveLength(1);
    await stage.expectAgreement();
  });
});
