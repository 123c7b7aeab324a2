import { describe, expect, test } from 'vitest';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

describe.concurrent('a page that is lost', () => {
  test('with an unpaid order: it is given up, its stock is free, and the next page shows nothing of it', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('umbrella');
    stage.kiosk.losePage();
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'cancelled');
    stage.kiosk.connectPage();
    const opened = await stage.open();
    expect(opened.order).toBeUndefined();
    expect(opened.shopfront?.available['umbrella']).toBe(1);
    expect(stage.store.reader.order(order.id)?.state).toBe('cancelled');
    expect(JSON.stringify(opened)).not.toContain(order.number);
    await stage.expectAgreement();
  });

  test('in mid-payment: the payment goes on, and the next page shows it to its customer', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    stage.kiosk.losePage();
    stage.kiosk.connectPage();
    const opened = await stage.open();
    expect(opened.order).toMatchObject({ id: order.id, payment: { kind: 'running' } });
    const from = stage.kiosk.eventCount();
    stage.terminal.tapCard();
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled', from);
    await stage.expectAgreement();
  });

  test('in mid-payment, which is paid before the next page comes: that page shows its result', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    stage.kiosk.losePage();
    stage.terminal.tapCard();
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'fulfilled');
    stage.kiosk.connectPage();
    expect((await stage.open()).order).toMatchObject({ id: order.id, payment: { kind: 'paid' } });
    await stage.expectAgreement();
  });

  test('in mid-payment, which then fails before the next page comes: the order is given up', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('umbrella');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    stage.kiosk.losePage();
    stage.terminal.decline();
    await stage.hq.until(({ kind, payload }) => kind === 'payment.attempt' && payload.state === 'declined');
    stage.kiosk.connectPage();
    expect((await stage.open()).order).toBeUndefined();
    await stage.expectAgreement();
    expect(stage.store.reader.order(order.id)?.state).toBe('cancelled');
  });

  test('after a customer has left, the next page is told nothing of their order', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'paid');
    await stage.kiosk.request('leave', {});
    const from = stage.kiosk.eventCount();
    expect((await stage.open()).order).toBeUndefined();
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'fulfilled');
    await stage.expectAgreement();
    expect(stage.kiosk.last('order', from)).toBeUndefined();
  });

  test('a page that comes again after core was restarted shows the order that it showed, and no other', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.kiosk.kill();
    await stage.restart();
    expect((await stage.open(order.id)).order).toMatchObject({ id: order.id, number: order.number, state: 'fulfilled' });
    expect((await stage.open()).order).toBeUndefined();
  });
});

test('an order that nobody pays expires, its stock is free, and the same cart does not pay for it any more', async (context) => {
  const stage = await openStage(context, { times: { unpaidOrderMs: 1000 }, isQuick: true });
  const request = stage.placing('umbrella');
  const placed = await stage.kiosk.request('place', request);
  if (!placed.ok || placed.value.kind !== 'placed') throw new Error('not placed');
  const { id } = placed.value.order;
  await stage.untilOrder(id, ({ state }) => state === 'expired');
  await stage.kiosk.until('stock', ({ available }) => available['umbrella'] === 1);
  expect(await stage.kiosk.request('pay', { orderId: id })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_PAYABLE' } });
  expect(await stage.kiosk.request('place', request)).toMatchObject({ ok: true, value: { kind: 'placed', order: { id, state: 'expired' } } });
  await stage.expectAgreement();
});
