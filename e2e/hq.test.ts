import { chromium } from '@playwright/test';
import { chromiumPath } from '../build/runtime.mjs';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

test('HQ off for three orders, then on: each arrives once', async ({ stage }) => {
  await stage.hq.stop();
  const customer = createCustomer(stage.kiosk.page, 'en');
  for (const offerId of ['plaster', 'city-map', 'hot-water']) {
    await customer.takeForFree({ offerId });
    await customer.done();
  }
  await stage.hq.start();

  const audit = await stage.audit(3);
  expect(audit).toMatchObject({ agree: true, strays: [] });
  for (const { events } of await stage.hq.orders()) {
    const sequences = events.map((event) => event.sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(events.every((event) => event.setAside === null)).toBe(true);
  }
});

test("an order appears live in HQ's console, opens in full, and has its e-receipt", async ({ stage }) => {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('there is no Chromium: bootstrap installs it for the tests');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  try {
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(`${stage.hq.url}/sign-in?to=/orders`);
    await page.getByLabel(/^Name or e-mail/).fill(stage.hq.account.name);
    await page.getByLabel(/^Password/).fill(stage.hq.account.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
    const customer = createCustomer(stage.kiosk.page, 'en');
    await customer.buy({ offerId: 'bubble-tea' });
    stage.bench.terminal.sim.tapCard();
    const number = await customer.pickupNumber();

    await page.getByRole('row', { name: new RegExp(number) }).click();
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByText('Bubble tea').first()).toBeVisible();
    await expect(sheet.getByText('622202******1234').first()).toBeVisible();

    const [order] = await stage.hq.orders();
    await page.goto(order!.receiptUrl);
    await expect(page.getByText(number)).toBeVisible();
  } finally {
    await browser.close();
  }
});
