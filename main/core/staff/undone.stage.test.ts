import type { TestContext } from 'vitest';
import { describe, expect, test } from 'vitest';
import { approving, openStage } from '../testing/kiosk-stage-rig.ts';
import { makePerson } from './staff.fixture.ts';

/** A manager is in, and there is one paid order. */
async function openWithManager(context: TestContext) {
  const manager = await makePerson('300', 'manager');
  const stage = await openStage(context, { terminal: approving });
  stage.store.publish('staff', { members: [manager.entry] });
  await stage.hq.until(({ kind, payload }) => kind === 'document.applied' && payload.document === 'staff');
  const order = await stage.place('cola');
  await stage.pay(order.id);
  await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
  await stage.kiosk.request('leave', {});
  expect(await stage.kiosk.request('staff.login', { number: '300', pin: manager.pin, code: manager.code(Date.now()) })).toMatchObject({ ok: true, value: { kind: 'in' } });
  return { stage, orderId: order.id };
}

describe.concurrent('money that goes back', () => {
  test('a refund whose entry cannot be written is not done: the terminal hears of nothing, and the money stays where it is', async (context) => {
    const { stage, orderId } = await openWithManager(context);
    const lift = stage.store.refuse('INSERT ON staff_audit', "NEW.act = 'orders.refund'");
    expect(await stage.kiosk.request('orders.refund', { orderId, reason: 'flat' })).toMatchObject({ ok: false });
    // Long enough for a terminal that was asked: its line is a quick one here.
    await new Promise((resolve) => void setTimeout(resolve, 1_500));
    expect(stage.terminal.book().map(({ state }) => state)).toEqual(['approved']);
    expect(stage.store.attemptStates(orderId)).toEqual(['approved']);
    lift();
    expect(await stage.kiosk.request('orders.refund', { orderId, reason: 'flat' })).toMatchObject({ ok: true });
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'refunded');
    expect(stage.terminal.book().map(({ state }) => state)).toContain('reversed');
    await stage.expectAgreement();
  });

  test('nothing goes back, and core is not started again, in the middle of an end of day', async (context) => {
    const { stage, orderId } = await openWithManager(context);
    const closing = stage.kiosk.request('day.close', { language: 'en' });
    const [refund, restart] = await Promise.all([stage.kiosk.request('orders.refund', { orderId, reason: 'flat' }), stage.kiosk.request('kiosk.restart', {})]);
    expect([refund, restart]).toMatchObject([{ ok: false, error: { code: 'PAYMENT_BUSY' } }, { ok: false, error: { code: 'PAYMENT_BUSY' } }]);
    expect(await closing).toMatchObject({ ok: true, value: { report: { cardsOurs: { count: 1 }, cardsTerminal: { count: 1 }, difference: 0, unsettled: 0 } } });
    expect(await stage.kiosk.request('orders.refund', { orderId, reason: 'flat' })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    expect(stage.store.attemptStates(orderId)).toEqual(['approved']);
  });
});
