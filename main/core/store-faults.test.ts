import { describe, expect, test } from 'vitest';
import { rigCatalogue } from './testing/catalogue-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

/** What a full disk does at each place where something must be written. */
describe.concurrent('the store cannot be written', () => {
  test('the order: the customer hears it, no stock moves, and later the same cart is placed', async (context) => {
    const stage = await openStage(context);
    const lift = stage.store.refuse('INSERT ON stock_moves');
    const cart = stage.placing('umbrella');
    expect(await stage.kiosk.request('place', cart)).toMatchObject({ ok: false, error: { code: 'STORE_FAILED' } });
    expect(stage.store.orderIds()).toEqual([]);
    expect(stage.store.reader.available().get('umbrella')).toBe(1);
    lift();
    expect(await stage.kiosk.request('place', cart)).toMatchObject({ ok: true, value: { kind: 'placed' } });
    await stage.expectAgreement();
  });

  test('the attempt: the terminal never hears of the purchase', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    const lift = stage.store.refuse('INSERT ON payment_attempts');
    let purchases = 0;
    stage.terminal.onChange(() => {
      if (stage.terminal.display().phase === 'present_card') purchases += 1;
    });
    expect(await stage.kiosk.request('pay', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'STORE_FAILED' } });
    lift();
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(purchases).toBe(1);
    expect(stage.terminal.book()).toHaveLength(1);
    await stage.expectAgreement();
  });

  test('the approval: the terminal is told, and takes it back; asked again, it was not paid', async (context) => {
    const stage = await openStage(context, { terminal: approving, isQuick: true });
    const order = await stage.place('cola');
    const lift = stage.store.refuse('UPDATE ON payment_attempts', "NEW.state = 'authorised'");
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'due' && payment.last === 'not_paid');
    expect(stage.terminal.book()).toMatchObject([{ state: 'reversed', reason: 'answered 84 66' }]);
    lift();
    await stage.untilStatus(({ card }) => card === 'ready');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('the payment, after the terminal has taken the money: never shown as due, never charged again, and paid as soon as it can be written', async (context) => {
    const stage = await openStage(context, { terminal: approving, isQuick: true });
    const order = await stage.place('cola');
    const lift = stage.store.refuse('UPDATE ON payment_attempts', "NEW.state IN ('approved', 'unknown')");
    const before = stage.kiosk.eventCount();
    await stage.pay(order.id);
    await stage.untilBook((book) => book.some(({ state }) => state === 'approved'));
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'unknown', before);
    expect(await stage.kiosk.request('pay', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
    expect(await stage.kiosk.request('cancelOrder', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    lift();
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(stage.terminal.book()).toHaveLength(1);
    await stage.expectAgreement();
  });

  test('the end of a receipt that is on paper: it is not printed again', async (context) => {
    const stage = await openStage(context);
    const lift = stage.store.refuse('UPDATE ON jobs', "NEW.state = 'done'");
    const order = await stage.place('city-map');
    await stage.untilPaper((slips) => slips.length === 1);
    await stage.untilOrder(order.id, ({ receipt }) => receipt.kind === 'on_screen_only');
    lift();
    const next = await stage.place('city-map');
    await stage.untilOrder(next.id, ({ state }) => state === 'fulfilled');
    expect(stage.slipsOf(order.id)).toHaveLength(1);
    await stage.expectAgreement();
  });

  test('the begin of a receipt: nothing is printed until it can be written', async (context) => {
    const stage = await openStage(context);
    const lift = stage.store.refuse('UPDATE ON jobs');
    const order = await stage.place('city-map');
    await stage.kiosk.untilLog(({ message }) => message.includes('printing:'));
    expect(stage.printer.slips()).toEqual([]);
    lift();
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('the end of an order that nobody pays: core stays up, says it once, and ends it later', async (context) => {
    const stage = await openStage(context, { times: { unpaidOrderMs: 1000 }, isQuick: true });
    const lift = stage.store.refuse('UPDATE ON orders', "NEW.state IN ('cancelled', 'expired')");
    const order = await stage.place('umbrella');
    await stage.kiosk.untilLog(({ message }) => message.startsWith('STORE_FAILED'));
    stage.kiosk.losePage();
    stage.kiosk.connectPage();
    await stage.open(order.id);
    expect(await stage.kiosk.request('leave', {})).toEqual({ ok: true, value: {} });
    await stage.open(order.id);
    lift();
    await stage.untilOrder(order.id, ({ state }) => state === 'expired');
    expect(await stage.errors()).toHaveLength(1);
    await stage.expectAgreement();
  });

  test('a new catalogue: the one before sells on, and it is taken in as soon as it can be written', async (context) => {
    const stage = await openStage(context, { isQuick: true });
    const lift = stage.store.refuse('INSERT ON last_catalogue');
    stage.writeCatalogue({ ...rigCatalogue, revision: 2 });
    await stage.kiosk.untilLog(({ message }) => message.startsWith('STORE_FAILED'));
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    lift();
    await stage.kiosk.until('shopfront', ({ catalogue }) => catalogue.revision === 2);
    expect(await stage.errors()).toHaveLength(1);
    await stage.expectAgreement();
  });

  test('at the start: out of service with one line, and in service when it can be written, with both devices', async (context) => {
    const stage = await openStage(context, { isQuick: true });
    const lift = stage.store.refuse('INSERT ON last_catalogue');
    await stage.kiosk.stop();
    stage.writeCatalogue({ ...rigCatalogue, revision: 2 });
    await stage.restart();
    await stage.kiosk.untilLog(({ message }) => message.startsWith('STORE_FAILED'));
    expect((await stage.open()).status.service).toMatchObject({ kind: 'out_of_service', reason: { code: 'STORE_FAILED' } });
    expect(await stage.kiosk.request('place', stage.placing('cola'))).toMatchObject({ ok: false, error: { code: 'OUT_OF_SERVICE' } });
    lift();
    await stage.untilStatus(({ service, card, paper }) => service.kind === 'in_service' && card === 'ready' && paper === 'ready');
    expect((await stage.errors()).filter(({ code }) => code === 'STORE_FAILED')).toHaveLength(1);
  });
});
