import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

const offer = (id: string) => catalogue.offers.find((candidate) => candidate.id === id)!;
const cola = offer('cola');

test('four taps from the attract screen to the card for what is bought most, and the search finds by pinyin, by initials and in spite of a typo', async ({ stage }) => {
  const { page } = stage.kiosk;
  const [zh, en] = [wordsOf.zh, wordsOf.en];
  await page.evaluate(() => addEventListener('pointerdown', () => (document.documentElement.title = `${Number(document.documentElement.title) + 1}`), { capture: true }));
  await page.getByRole('button', { name: /Touch to start/ }).click();
  await page.getByRole('button', { name: 'English' }).last().click();
  await page.getByRole('region', { name: en.frame.home.most }).getByRole('button', { name: `${en.frame.home.buy} ${cola.name.en} ￥3.50` }).click();
  await page.getByRole('button', { name: en.checkout.pay('￥3.50') }).click();
  const customer = createCustomer(page, 'en');
  await customer.askedForCard();
  expect(await page.evaluate(() => document.documentElement.title)).toBe('4');
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();

  const reader = createCustomer(page, 'zh');
  await reader.begin();
  const found = (language: 'zh' | 'en') => page.getByRole('list', { name: wordsOf[language].shop.search.results });
  for (const [typed, id] of [['kele', 'cola'], ['rrzj', 'tissues']] as const) {
    await reader.search(typed);
    await found('zh').getByRole('button', { name: zh.shop.card.addOne(offer(id).name.zh, '￥3.50') }).click();
  }
  await page.getByRole('button', { name: zh.language.switchTo }).click();
  await customer.search('umbrela');
  const row = found('en').getByRole('listitem').first();
  await expect(row.getByRole('button').first()).toHaveText(new RegExp(`^${offer('umbrella').name.en}`));
  await row.getByRole('button', { name: en.shop.card.addOne(offer('umbrella').name.en, '￥39.00') }).click();
  // What is not there leads on to every category.
  await customer.search('zzqqxw');
  await expect(page.getByText(en.shop.search.none('zzqqxw'))).toBeVisible();
  await page.getByRole('list', { name: en.offers.categories }).getByRole('button', { name: 'Snacks' }).click();
  await expect(page.getByRole('heading', { name: 'Snacks' })).toBeVisible();
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  const audit = await stage.audit(2);
  expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350 }, { amount: 350 + 350 + 3900 }] });
  expect(audit.orders[1]!.lines.map(({ offerId, quantity }) => [offerId, quantity])).toEqual([['cola', 1], ['tissues', 1], ['umbrella', 1]]);
});
