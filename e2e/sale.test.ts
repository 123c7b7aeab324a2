import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

test('goods and food with options, in Chinese: paid by card, printed once, and every book agrees', async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'zh');
  await customer.buy({ offerId: 'cola' }, { offerId: 'bubble-tea', choices: ['large', 'pearls'] });
  stage.bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  await customer.done();

  const audit = await stage.audit(1);
  expect(audit).toMatchObject({
    agree: true,
    strays: [],
    orders: [{ number, amount: 2350, kiosk: { state: 'fulfilled', receipt: 'done' }, terminal: { amount: 2350, state: 'approved' }, printed: { slips: 1, total: '￥23.50' } }],
  });
});

test('a free order skips payment and still gets its number and receipt', async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'en');
  const number = await customer.takeForFree({ offerId: 'plaster' });

  const audit = await stage.audit(1);
  expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ number, amount: 0, kiosk: { state: 'fulfilled' }, terminal: null, printed: { slips: 1 } }] });
});

test('a top-up takes a phone number, and is fulfilled when HQ has the request', async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.buy({ offerId: 'top-up-50', phone: '13912345678' });
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  const audit = await stage.audit(1);
  expect(audit).toMatchObject({ agree: true, orders: [{ amount: 5000, kiosk: { state: 'fulfilled' } }] });
  const [order] = await stage.hq.orders();
  expect(order?.services).toMatchObject([{ service: 'top_up', quantity: 1, amount: { amount: 5000, currency: 'CNY' } }]);
});
