import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

const nameOf = (id: string) => catalogue.categories.find((category) => category.id === id)!.name;

test('each part that is missing takes away what needs it, says why in the customer’s words, and leaves the rest', async ({ stage }) => {
  const { page } = stage.kiosk;
  const { printer, terminal } = stage.bench;
  const zh = wordsOf.zh;
  const customer = createCustomer(page, 'zh');

  // HQ away: what is credited through it waits, and says so; goods and food go on.
  await customer.begin();
  const topUps = page.getByRole('region', { name: zh.home.business.telecom }).getByRole('button', { name: nameOf('top-up').zh });
  await expect(topUps).toBeEnabled();
  await stage.hq.stop();
  await expect(page.getByText(zh.frame.home.hqAway)).toBeVisible();
  await expect(topUps).toBeDisabled();
  await expect(topUps).toContainText(zh.frame.home.hqAwayShort);
  await customer.add({ offerId: 'cola' });
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();
  await stage.hq.start();
  await customer.begin();
  await expect(topUps).toBeEnabled();
  await expect(page.getByText(zh.frame.home.hqAway)).toBeHidden();

  // The printer away: everything can be bought, and the receipt is on the screen until there is paper.
  const en = wordsOf.en;
  await page.getByRole('button', { name: zh.language.switchTo }).click();
  await printer.unplug();
  await expect(page.getByText(en.frame.home.paperAway)).toBeVisible();
  const reader = createCustomer(page, 'en');
  await reader.add({ offerId: 'tissues' });
  await reader.checkOut();
  await expect(page.getByText(en.checkout.noPaper.title)).toBeVisible();
  await reader.pay();
  await reader.askedForCard();
  terminal.sim.tapCard();
  await reader.pickupNumber();
  await expect(page.getByText(en.result.receipt.waiting)).toBeVisible();
  await expect(page.getByRole('img', { name: en.result.qr })).toBeVisible();
  await printer.plug();
  await expect(page.getByText(en.result.receipt.printed)).toBeVisible();
  await reader.done();

  // The card terminal away: what is free stays.
  await terminal.unplug();
  await reader.begin();
  await expect(page.getByText(en.frame.home.cardAway)).toBeVisible();
  await reader.add({ offerId: 'cola' });
  await reader.add({ offerId: 'plaster' });
  await reader.checkOut();
  await expect(page.getByText(en.checkout.cardUnavailable.title)).toBeVisible();
  await expect(page.getByRole('button', { name: en.checkout.paused })).toBeDisabled();
  await page.getByRole('button', { name: en.common.back }).click();
  await page.getByRole('button', { name: en.cart.remove('Ice-cold cola') }).click();
  await reader.checkOut();
  await reader.pay();
  await reader.pickupNumber();
  await reader.done();
  await terminal.plug();

  expect(await stage.audit(3)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350 }, { amount: 350, printed: { slips: 1 } }, { amount: 0, terminal: null }] });
});
