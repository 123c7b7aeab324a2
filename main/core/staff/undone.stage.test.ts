import { expect, test } from 'vitest';
import { approving, openStage } from '../testing/kiosk-stage-rig.ts';
import { makePerson } from './staff.fixture.ts';

test('a refund whose entry cannot be written is not done: the terminal hears of nothing, and the money stays where it is', async (context) => {
  const manager = await makePerson('300', 'manager');
  const stage = await openStage(context, { terminal: approving });
  stage.store.publish('staff', { members: [manager.entry] });
  await stage.hq.until(({ kind, payload }) => kind === 'document.applied' && payload.document === 'staff');
  const order = await stage.place('cola');
  await stage.pay(order.id);
  await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
  await stage.kiosk.request('leave', {});
  expect(await stage.kiosk.request('staff.login', { number: '300', pin: manager.pin, code: manager.code(Date.now()) })).toMatchObject({ ok: true, value: { kind: 'in' } });
  const lift = stage.store.refuse('INSERT ON staff_audit', "NEW.act = 'orders.refund'");
  expect(await stage.kiosk.request('orders.refund', { orderId: order.id, reason: 'flat' })).toMatchObject({ ok: false });
  // Long enough for a terminal that was asked: its line is a quick one here.
  await new Promise((resolve) => void setTimeout(resolve, 1_500));
  expect(stage.terminal.book().map(({ state }) => state)).toEqual(['approved']);
  expect(stage.store.attemptStates(order.id)).toEqual(['approved']);
  lift();
  expect(await stage.kiosk.request('orders.refund', { orderId: order.id, reason: 'flat' })).toMatchObject({ ok: true });
  await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'refunded');
  expect(stage.terminal.book().map(({ state }) => state)).toContain('reversed');
  await stage.expectAgreement();
});
