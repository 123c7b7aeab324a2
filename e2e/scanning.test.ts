import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';
import { wordsOf } from '../renderer/i18n/language.ts';

const cola = catalogue.offers.find(({ id }) => id === 'cola')!;

test('a bottle held before the scanner is in the cart, and is paid for', async ({ stage }) => {
  const { page } = stage.kiosk;
  const words = wordsOf.zh;
  const { scanner, terminal } = stage.bench;
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  await expect.poll(() => scanner.sim.isLit()).toBe(true);
  expect(scanner.sim.show(cola.barcode!)).toBe(true);
  // From the attract screen straight to the shop, with it in the cart.
  const customer = createCustomer(page, 'zh');
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  await expect.poll(() => scanner.sim.isLit(), { message: 'dark while the terminal has the word' }).toBe(false);
  terminal.sim.tapCard();
  await expect(page.getByRole('region', { name: words.result.number })).toBeVisible();
  expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: cola.price, printed: { slips: 1 } }] });
});

test('a scanner that types like a keyboard does the same', async ({ stage }) => {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  await customer.begin();
  // Within a few milliseconds, as a scanner sends them: keys that are pressed from outside come too slowly on a busy machine.
  await page.evaluate((keys) => {
    for (const key of keys) for (const type of ['keydown', 'keyup']) document.activeElement?.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
  }, [...cola.barcode!, 'Enter']);
  await customer.checkOut();
  await expect(page.getByText(cola.name.en).first()).toBeVisible();
  expect(stage.bench.scanner.sim.book()).toEqual([]);
});
