import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Catalogue } from '../domain/catalogue/catalogue.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

/** The kiosk's own catalogue file, which counts as long as HQ has given it none: what changes in it is in force at once. */
const file = path.join(os.tmpdir(), `counter24-e2e-changes-${process.pid}.json`);
const write = (changed: Catalogue) => fs.writeFileSync(file, JSON.stringify(changed));
test.use({ changes: { catalogueFile: file } });
test.beforeAll(() => write(catalogue));
test.afterAll(() => fs.rmSync(file, { force: true }));

test('a price that changes and an offer that goes while the review is open are told by name before paying, and the rest stays', async ({ stage }) => {
  const { page } = stage.kiosk;
  const words = wordsOf.en;
  const { review } = words.finish;
  const customer = createCustomer(page, 'en');
  await customer.begin();
  for (const offerId of ['cola', 'tissues', 'peanuts']) await customer.add({ offerId });
  await customer.checkOut();
  await expect(page.getByRole('button', { name: words.checkout.pay('￥13.90') })).toBeVisible();

  const repriced = catalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, price: 480 } : offer)).filter(({ id }) => id !== 'peanuts');
  write({ ...catalogue, revision: catalogue.revision + 1, offers: repriced });
  await expect(page.getByText(review.repriced('Ice-cold cola', '￥3.50', '￥4.80'))).toBeVisible();
  await expect(page.getByText(review.gone('Spiced peanuts'))).toBeVisible();
  await expect(page.getByText(words.checkout.priceChanged('￥13.90', '￥8.30'))).toBeVisible();
  await expect(page.getByText(review.restKept)).toBeVisible();
  await page.getByRole('button', { name: words.checkout.pay('￥8.30') }).click();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  const audit = await stage.audit(1);
  expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ amount: 830, terminal: { amount: 830 } }] });
  expect(audit.orders[0]!.lines).toMatchObject([{ offerId: 'cola', total: 480 }, { offerId: 'tissues', total: 350 }]);
});
