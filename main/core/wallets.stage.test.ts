import { describe, expect, test } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import type { Stage, StageOptions } from './testing/kiosk-stage-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

const codeText = '134567890123456789';
const both = ['shown', 'read'] as const;

/** A kiosk whose HQ takes both wallets. */
async function openShop(context: Parameters<typeof openStage>[0], options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(context, options);
  stage.hq.setWays([{ wallet: 'wechat', modes: [...both], state: 'ready' }, { wallet: 'alipay', modes: [...both], state: 'ready' }]);
  // HQ is asked when it comes.
  stage.hq.setAway(true);
  await stage.untilStatus(({ hq }) => hq === 'away');
  stage.hq.setAway(false);
  await stage.untilStatus(({ wallets, card }) => card === 'ready' && wallets.length === 2 && wallets.every(({ state }) => state === 'ready'));
  return stage;
}

const attemptOf = (stage: Stage, orderId: OrderId) => stage.store.reader.attempts(orderId).at(-1)!.id;

async function show(stage: Stage, offer = 'cola'): Promise<OrderId> {
  const { id } = await stage.place(offer);
  expect(await stage.kiosk.request('pay', { orderId: id, tender: 'wechat' })).toMatchObject({ ok: true, value: { payment: { kind: 'wallet', step: 'starting' } } });
  await stage.untilOrder(id, ({ payment }) => payment.kind === 'wallet' && payment.step === 'show' && payment.code !== undefined);
  return id;
}

describe.concurrent('a wallet', () => {
  test('a code is shown, paid with the phone, and the order is printed; two taps are one charge', async (context) => {
    const stage = await openShop(context);
    const orderId = await show(stage);
    expect(await stage.kiosk.request('pay', { orderId, tender: 'wechat' })).toMatchObject({ ok: true, value: { payment: { step: 'show' } } });
    // Nor at the terminal while it runs.
    expect(await stage.kiosk.request('pay', { orderId })).toMatchObject({ ok: true, value: { payment: { kind: 'wallet' } } });
    stage.hq.desk.pay(attemptOf(stage, orderId));
    const paid = await stage.untilOrder(orderId, ({ state }) => state === 'fulfilled');
    expect(paid.payment).toMatchObject({ kind: 'paid', tender: 'wechat' });
    expect(stage.terminal.book()).toEqual([]);
    await stage.expectAgreement();
  });

  test('a code that the phone shows is charged when it is held before the scanner, and is in no line of the log', async (context) => {
    const stage = await openShop(context);
    const { id } = await stage.place('cola');
    await stage.kiosk.request('scan', { text: codeText });
    await stage.untilOrder(id, ({ payment }) => payment.kind === 'wallet' && payment.mode === 'read' && payment.step === 'confirm');
    stage.hq.desk.pay(attemptOf(stage, id));
    await stage.untilOrder(id, ({ state }) => state === 'fulfilled');
    await stage.errors();
    expect(stage.hq.desk.asked().filter((question) => 'code' in question)).toMatchObject([{ act: 'begin', code: codeText }]);
    const told = JSON.stringify([stage.kiosk.log(), stage.kiosk.events(), stage.hq.events(), stage.store.everything()]);
    for (const part of [codeText, codeText.slice(3, 15)]) expect(told).not.toContain(part);
    await stage.expectAgreement();
  });

  test('a code that is read while a card is asked for, or before there is an order, charges nothing', async (context) => {
    const stage = await openShop(context);
    await stage.kiosk.request('scan', { text: codeText });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    await stage.kiosk.request('scan', { text: '281234567890123456' });
    stage.terminal.tapCard();
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect([stage.hq.desk.attempts(), stage.store.attemptStates(order.id)]).toEqual([[], ['approved']]);
    await stage.expectAgreement();
  });

  test('HQ away: greyed and refused, and the card goes on', async (context) => {
    const stage = await openShop(context, { terminal: approving });
    stage.hq.setAway(true);
    await stage.untilStatus(({ wallets }) => wallets.length === 2 && wallets.every(({ state }) => state === 'away'));
    const order = await stage.place('cola');
    expect(await stage.kiosk.request('pay', { orderId: order.id, tender: 'alipay' })).toMatchObject({ ok: false, error: { code: 'HQ_UNAVAILABLE' } });
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    stage.hq.setAway(false);
    await stage.expectAgreement();
  });

  test('HQ vanishes while it is paid: checked, held up for its own order only, and found when HQ is back, its customer gone', async (context) => {
    const stage = await openShop(context, { terminal: approving });
    const orderId = await show(stage);
    stage.hq.desk.pay(attemptOf(stage, orderId));
    stage.hq.setAway(true);
    await stage.untilOrder(orderId, ({ payment }) => payment.kind === 'unknown' && payment.tender === 'wechat');
    expect(await stage.kiosk.request('pay', { orderId })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
    await stage.kiosk.request('leave', {});
    const other = await stage.place('cola');
    await stage.pay(other.id);
    await stage.untilOrder(other.id, ({ state }) => state === 'fulfilled');
    await stage.kiosk.request('leave', {});
    stage.hq.setAway(false);
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === orderId && payload.to === 'fulfilled');
    await stage.expectAgreement();
  });

  test('core is killed while it is paid: the next one finds out, and nothing is charged twice', async (context) => {
    const stage = await openShop(context);
    const orderId = await show(stage);
    await stage.kiosk.kill();
    stage.hq.desk.pay(attemptOf(stage, orderId));
    await stage.restart();
    const { order } = await stage.open(orderId);
    if (order?.payment.kind !== 'paid') await stage.untilOrder(orderId, ({ payment }) => payment.kind === 'paid');
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === orderId && payload.to === 'fulfilled');
    expect(stage.store.attemptStates(orderId)).toEqual(['approved']);
    await stage.expectAgreement();
  });

  test('its page is lost: the next one shows it, and it is paid there; one that its customer has left is shown to nobody', async (context) => {
    const stage = await openShop(context);
    const orderId = await show(stage);
    stage.kiosk.losePage();
    stage.kiosk.connectPage();
    expect((await stage.open()).order).toMatchObject({ id: orderId, payment: { kind: 'wallet', step: 'show' } });
    stage.hq.desk.pay(attemptOf(stage, orderId));
    await stage.untilOrder(orderId, ({ state }) => state === 'fulfilled');
    await stage.kiosk.request('leave', {});
    const left = await show(stage);
    stage.hq.desk.closesAs('closing');
    await stage.kiosk.request('leave', {});
    stage.kiosk.losePage();
    stage.kiosk.connectPage();
    expect((await stage.open()).order).toBeUndefined();
    await context.expect.poll(() => stage.hq.desk.stateOf(attemptOf(stage, left))).toBe('closing');
    stage.hq.desk.put(attemptOf(stage, left), 'closed');
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === left && payload.to === 'cancelled');
    await stage.expectAgreement();
  });

  test('its customer leaves before paying: closed, the order given up, its stock free', async (context) => {
    const stage = await openShop(context);
    const orderId = await show(stage, 'umbrella');
    await stage.kiosk.request('leave', {});
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === orderId && payload.to === 'cancelled');
    expect([stage.hq.desk.pay(attemptOf(stage, orderId)), stage.store.reader.available().get('umbrella')]).toEqual([false, 1]);
    await stage.expectAgreement();
  });

  test('a part of it goes back at HQ’s command while others are there, and the rest after it', async (context) => {
    const stage = await openShop(context);
    const orderId = await show(stage, 'umbrella');
    stage.hq.desk.pay(attemptOf(stage, orderId));
    await stage.untilOrder(orderId, ({ state }) => state === 'fulfilled');
    stage.store.give('refund', { orderId, reason: 'a scratch', amount: 900, by: 'Zhao' });
    await stage.kiosk.request('visit', { active: true });
    await stage.hq.until(({ kind, payload }) => kind === 'payment.refund' && payload.state === 'done' && payload.amount.amount === 900 && payload.by === 'HQ, Zhao');
    expect(stage.hq.desk.balance(attemptOf(stage, orderId))).toBe(3000);
    stage.store.give('refund', { orderId, reason: 'broken' });
    await stage.kiosk.request('visit', { active: true });
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === orderId && payload.to === 'refunded');
    expect(stage.hq.desk.balance(attemptOf(stage, orderId))).toBe(0);
    await stage.expectAgreement();
  });
});

test('whose number it is, is asked before it is paid for; nobody there to be asked is no reason not to sell', async (context) => {
  const stage = await openStage(context);
  const ask = (number: string, offerId = 'top-up-30') => stage.kiosk.request('lookUpNumber', { offerId, number });
  expect(await ask('13800000000')).toEqual({ ok: true, value: { kind: 'away' } });
  stage.hq.setNumbers(({ number, service }) => (number === '13800000000' && service === 'top_up' ? { kind: 'found', owner: '张*', balance: { amount: 1230, currency: 'CNY' } } : { kind: 'unknown_number' }));
  stage.hq.setAway(true);
  await stage.untilStatus(({ hq }) => hq === 'away');
  stage.hq.setAway(false);
  await stage.untilStatus(({ hq }) => hq === 'ready');
  await expect.poll(() => ask('13800000000')).toEqual({ ok: true, value: { kind: 'found', owner: '张*', balance: { amount: 1230, currency: 'CNY' } } });
  expect(await ask('13900000000')).toEqual({ ok: true, value: { kind: 'unknown_number' } });
  expect(await ask('13800000000', 'cola')).toEqual({ ok: true, value: { kind: 'not_for_it' } });
  await stage.errors();
  expect(JSON.stringify([stage.kiosk.log(), stage.hq.events()])).not.toMatch(/13800000000|13900000000|张/);
});
