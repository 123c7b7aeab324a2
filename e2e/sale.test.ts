import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

test('goods in Chinese: chosen, paid by card, printed once, and every book agrees', async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'zh');
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  const audit = await stage.audit(1);
  expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ number, amount: 350, kiosk: { state: 'fulfilled' }, terminal: { amount: 350 }, printed: { slips: 1, total: '￥3.50' } }] });
});
