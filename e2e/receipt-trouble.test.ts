import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

const words = wordsOf.zh;

test('paper out before printing: the order is paid, number and code are on the screen, and the receipt waits', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'zh');
  await customer.buy({ offerId: 'cola' });
  stage.bench.printer.sim.setPaper('out');
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await expect(page.getByRole('img', { name: words.result.qr })).toBeVisible();
  await expect(page.getByText(words.result.receipt.waiting)).toBeVisible();
  expect(stage.bench.printer.sim.slips()).toHaveLength(0);

  stage.bench.printer.sim.setPaper('ok');
  await expect(page.getByText(words.result.receipt.printed)).toBeVisible();
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ kiosk: { receipt: 'done' }, printed: { slips: 1 } }] });
});

test('killed between payment and printing: started again, the receipt comes out once and nothing is charged twice', async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'zh');
  await customer.buy({ offerId: 'cola' });
  stage.bench.printer.sim.setPaper('out');
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await stage.kiosk.kill();

  stage.bench.printer.sim.setPaper('ok');
  const { page } = await stage.restartKiosk();
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  await expect.poll(() => stage.bench.printer.sim.slips().length).toBe(1);
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ kiosk: { state: 'fulfilled', receipt: 'done' }, printed: { slips: 1 } }] });
  expect(stage.bench.terminal.sim.book()).toHaveLength(1);
});

test('killed while the card is being charged: started again, the kiosk asks the terminal what became of it', async ({ stage }) => {
  const customer = createCustomer(stage.kiosk.page, 'zh');
  await customer.buy({ offerId: 'cola' });
  await stage.kiosk.kill();
  // Nobody acknowledges this approval, so the terminal takes it back by itself.
  stage.bench.terminal.sim.tapCard();
  await stage.restartKiosk();

  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ kiosk: { state: 'cancelled' }, printed: { slips: 0 } }] });
});
