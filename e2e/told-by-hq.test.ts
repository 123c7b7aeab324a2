import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { formatMoney, money } from '../domain/money.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import type { StageHq } from './stage/hq.ts';
import { expect, test } from './stage/stage.ts';

const words = wordsOf.en;

/** A kiosk can be told something once HQ knows it. */
async function isKnown(hq: StageHq): Promise<void> {
  await expect.poll(async () => (await hq.kiosk()).row.lastSeenAt, { message: 'the kiosk is known to HQ' }).not.toBeNull();
}

async function isAnswered(hq: StageHq, sentence: RegExp): Promise<void> {
  await expect.poll(() => hq.tell('commands', 'kiosk-001')).toMatch(sentence);
}

const startButton = (page: Page) => page.getByRole('button', { name: /Touch to start/ });

test('HQ pauses the kiosk: who is ordering finishes, the next reads why in both languages, until HQ lets it go on', async ({ stage }) => {
  const { page } = stage.kiosk;
  const { hq } = stage;
  const notice = { zh: '盘点中，十点再见', en: 'Stocktaking, back at ten' };
  const customer = createCustomer(page, 'en');
  await isKnown(hq);
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await hq.tell('command', 'kiosk-001', 'pause', JSON.stringify({ notice }));
  await isAnswered(hq, /pause .*done/);

  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await page.getByRole('button', { name: words.common.done }).click();

  for (const language of ['zh', 'en'] as const) {
    await expect(page.getByText(wordsOf[language].paused.title)).toBeVisible();
    await expect(page.getByText(notice[language])).toBeVisible();
  }
  await expect(startButton(page)).toBeHidden();

  await hq.tell('command', 'kiosk-001', 'resume');
  await expect(startButton(page)).toBeVisible();
  await customer.takeForFree({ offerId: 'plaster' });
  expect(await stage.audit(2)).toMatchObject({ agree: true, strays: [] });
});

test("another price and an offer sold out, published by HQ: not under a customer's hands, and there for the next", async ({ stage }) => {
  const { page } = stage.kiosk;
  const { hq } = stage;
  const cola = catalogue.offers.find(({ id }) => id === 'cola')!;
  const next = { ...catalogue, revision: catalogue.revision + 1, offers: catalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, price: 480 } : offer)) };
  const files = { catalogue: path.join(stage.folder, 'catalogue.json'), sold_out: path.join(stage.folder, 'sold-out.json') };
  fs.writeFileSync(files.catalogue, JSON.stringify(next, null, 2));
  fs.writeFileSync(files.sold_out, JSON.stringify({ offerIds: ['bubble-tea'] }));
  /** Of the two that are published here; the staff's comes by itself. */
  const inForce = /HQ's documents are in force.*catalogue \d+, sold_out \d+/;
  const customer = createCustomer(page, 'en');
  const offer = (id: string) => page.getByRole('button', { name: new RegExp(`^${catalogue.offers.find((one) => one.id === id)!.name.en}`) });

  await isKnown(hq);
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  for (const [kind, file] of Object.entries(files)) await hq.tell('publish', kind, file);
  // What is answered came with or after both of them: the kiosk has them, and they wait.
  await hq.tell('command', 'kiosk-001', 'resume');
  await isAnswered(hq, /resume .*done/);
  expect(stage.kiosk.output()).not.toMatch(inForce);
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();

  await expect.poll(() => stage.kiosk.output()).toMatch(inForce);
  await customer.begin();
  await customer.open('cola');
  await expect(page.getByRole('dialog').getByText(formatMoney(money(480, 'CNY'))).first()).toBeVisible();
  await customer.close();
  await page.getByRole('button', { name: words.common.back }).click();
  await page.getByRole('button', { name: catalogue.categories.find(({ id }) => id === catalogue.offers.find((one) => one.id === 'bubble-tea')!.categoryId)!.name.en }).first().click();
  await expect(offer('bubble-tea')).toBeDisabled();
  await expect(offer('bubble-tea')).toContainText(words.offers.soldOut);
  await page.getByRole('button', { name: words.common.back }).click();
  await customer.add({ offerId: 'cola' });
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  const audit = await stage.audit(2);
  expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ amount: cola.price }, { amount: 480 }] });
});
