import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { createCustomer } from './stage/customer.ts';
import { measureScreen } from './stage/measure.ts';
import { expect, test } from './stage/stage.ts';
import { createStaff, look, staffKnown } from './stage/staff.ts';

test.use({ changes: { staff: { idleMs: 600_000, stickFolders: [] } } });

const slots = [
  { slot: 'A1', offerId: 'cola', par: 55, capacity: 60, shelf: 'Shelf A' },
  { slot: 'A2', offerId: 'fresh-milk', par: 24, capacity: 40, shelf: 'Shelf A' },
  { slot: 'B1', offerId: 'umbrella', par: 10, capacity: 12, shelf: 'Shelf B' },
];

/** By axe, and by measure: nothing lies under something else or is cut off, at the usual and at the largest text. */
async function lookAndMeasure(page: Page, screen: string): Promise<void> {
  await look(page, screen);
  for (const text of ['normal', 'largest']) {
    await page.evaluate((size) => new Promise((resolve) => {
      document.documentElement.dataset['text'] = size;
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    }), text);
    // Two thirds of the pixels of the screen that it stands for.
    const faults = await page.evaluate(measureScreen, { leastMain: 48, leastOther: 40, leastText: 10, highest: 0, focus: false });
    // A long line of the log is cut after three on purpose: touched, it is there whole.
    expect.soft(faults.filter((fault) => !(fault.startsWith('text runs out of its control') && fault.includes('log-line'))), `${screen}, ${text} text`).toEqual([]);
  }
  await page.evaluate(() => delete document.documentElement.dataset['text']);
}

test("every area of the staff's work is without fault for axe on a screen that lies on its side, with the largest text and in both languages", async ({ stage }) => {
  const { page } = stage.kiosk;
  const planogram = path.join(stage.folder, 'planogram.json');
  fs.writeFileSync(planogram, JSON.stringify({ slots }));
  await stage.hq.tell('publish', 'planogram', planogram);
  const customer = createCustomer(page, 'en');
  const number = await customer.takeForFree({ offerId: 'plaster' });
  await customer.done();
  await staffKnown(stage);
  await page.setViewportSize({ width: 1280, height: 720 });
  expect(await page.evaluate(() => matchMedia('(orientation: landscape)').matches)).toBe(true);
  const staff = createStaff(stage, 'manager');
  await staff.pressLong();
  await lookAndMeasure(page, 'sign-in, lying');
  await staff.enter({});
  const areas = page.getByRole('navigation', { name: 'Areas of work' }).getByRole('button');
  await expect(areas).toHaveText(['Restock', 'Orders', 'Devices', 'Logs', 'Kiosk', 'Day', 'Audit']);
  for (const area of await areas.allInnerTexts()) {
    await staff.tab(area);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (area === 'Orders') await expect(staff.button(new RegExp(number))).toBeVisible();
    await lookAndMeasure(page, `${area}, lying`);
  }
  await staff.tab('Restock');
  await staff.press(/^A1 /);
  await lookAndMeasure(page, 'a slot, lying');
  await staff.press('Back');
  await staff.tab('Orders');
  await staff.press(new RegExp(number));
  await lookAndMeasure(page, 'an order, lying');
  await staff.leave();
});
