import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

test.use({ changes: { times: { idleWarningMs: 8000, idleEndMs: 20_000, resultMs: 6000, unpaidOrderMs: 600_000, receiptMs: 180_000 } } });

test('whoever is away is asked, with seconds that count down: more time keeps everything, silence clears it, disarms the terminal, and never drops what is paid', async ({ stage }) => {
  const { page } = stage.kiosk;
  const words = wordsOf.zh;
  const { sim } = stage.bench.terminal;
  const warning = page.getByRole('dialog', { name: words.idle.title });
  const attract = page.getByRole('button', { name: /Touch to start/ });
  const customer = createCustomer(page, 'zh');
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await expect(warning).toBeVisible();
  const timer = warning.getByRole('timer');
  const seconds = async () => Number(/\d+/.exec(await timer.innerText())?.[0]);
  await expect.poll(seconds).toBeLessThanOrEqual(18);
  await expect.poll(seconds).toBeLessThanOrEqual(16);
  await warning.getByRole('button', { name: words.idle.stay }).click();
  await expect(warning).toBeHidden();
  await expect(page.getByRole('button', { name: words.cart.view(1, '￥3.50') })).toBeVisible();

  // Nobody comes back to a terminal that waits for a card: nobody else shall pay this order.
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  await expect(warning).toBeVisible();
  await expect(attract).toBeVisible();
  expect(sim.tapCard()).toBe(false);
  expect(sim.book()).toEqual([]);

  // A card that comes while it is asked is quicker than the end: the order is paid and shown, and its screen leaves by itself.
  await customer.buy({ offerId: 'cola' });
  await expect(warning).toBeVisible();
  expect(sim.tapCard()).toBe(true);
  const number = await customer.pickupNumber();
  await expect(warning).toBeHidden();
  await expect.poll(async () => Number(/\d+/.exec(await page.getByRole('timer').innerText())?.[0])).toBeLessThanOrEqual(3);
  await expect(attract).toBeVisible();

  // What was chosen is gone for the next.
  await customer.begin();
  await expect(page.getByRole('button', { name: words.cart.empty })).toBeVisible();
  expect(await stage.audit(2)).toMatchObject({
    agree: true, strays: [],
    orders: [{ kiosk: { state: 'cancelled' }, terminal: null, printed: { slips: 0 } }, { number, amount: 350, kiosk: { state: 'fulfilled' }, terminal: { amount: 350 } }],
  });
});
