import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { root } from '../build/start/child.ts';
import type { Language } from '../domain/language.ts';
import { fleetTexts } from '../hq/web/i18n/areas/fleet.ts';
import { uiTexts } from '../hq/web/i18n/areas/ui.ts';
import { createCustomer } from './stage/customer.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import { expect, test } from './stage/stage.ts';

test.use({ hqEnv: { HQ_DEV_CATALOGUE: path.join(root, 'config/catalogue.json') } });

let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

/** Every page and view of the console. */
const places = [
  '/', '/fleet', '/fleet?view=map', '/fleet/-/groups', '/fleet/-/settings', '/fleet/kiosk-001',
  ...['devices', 'log', 'commands', 'documents', 'staff', 'history', 'identity'].map((tab) => `/fleet/kiosk-001?tab=${tab}`),
  '/orders', '/orders?q=nothing', '/catalogue', '/catalogue?entry=cola',
  ...['categories', 'promotions', 'scenes', 'questions', 'soldOut', 'history'].map((view) => `/catalogue?view=${view}`),
  '/stock', ...['kiosks', 'planogram', 'routes', 'expiring', 'differences', 'visits'].map((view) => `/stock?view=${view}`), '/stock/kiosks/kiosk-001',
  ...['sales', 'payments', 'availability', 'feedback'].map((kind) => `/reports/${kind}`),
  '/alerts', ...['unseen', 'ended', 'rules', 'webhooks'].map((view) => `/alerts?view=${view}`), '/feedback', '/staff', '/people', '/account', '/audit', '/nowhere',
];

interface Look {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}
/** Each page is opened once a language, and looked at in two ways: together that is each theme at each width. */
const looks: Readonly<Record<Language, readonly [Look, Look]>> = {
  en: [{ theme: 'light', width: 1440, height: 900 }, { theme: 'dark', width: 360, height: 740 }],
  zh: [{ theme: 'dark', width: 1440, height: 900 }, { theme: 'light', width: 360, height: 740 }],
};

/** Nothing is asked for any more, and what slides in has arrived. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first(), `${page.url()} has its heading`).toBeVisible();
  await expect(page.getByText(new RegExp(`^(${uiTexts.en.loading}|${uiTexts.zh.loading})$`))).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-live-announcer]').options({ resultTypes: ['violations'], preload: false })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `axe ${id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`)),
    ...(wide > 1 ? [`the page is ${wide} px wider than the window`] : []),
  ];
}

for (const [language, name] of [['en', 'English'], ['zh', 'Chinese']] as const) {
  test(`every page of the console is without fault for axe in ${name}, light and dark, wide and narrow`, async ({ stage }) => {
    const { hq, bench } = stage;
    const customer = createCustomer(stage.kiosk.page, 'en');
    await customer.buy({ offerId: 'bubble-tea' });
    bench.terminal.sim.tapCard();
    await customer.pickupNumber();
    await customer.done();
    await expect.poll(async () => (await hq.orders()).length).toBe(1);
    const [{ row }] = (await hq.orders()) as [Awaited<ReturnType<typeof hq.orders>>[number]];
    const { page, signIn } = await openOperator(browser, hq.url, language);
    const lookAt = async (place: string) => {
      for (const [index, { theme, width, height }] of looks[language].entries()) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        if (index === 0) await page.goto(place);
        await settled(page);
        expect.soft(await faultsOf(page), `${place} ${theme} ${width}`).toEqual([]);
      }
    };
    await lookAt('/sign-in');
    await signIn(hq.account);
    for (const place of [...places, `/orders/${row.kioskId}/${row.orderId}`]) await lookAt(place);
  });
}

test('the console goes by keys alone: past the menu, along it, into a dialog and out of it to where it was opened; the narrow menu holds the focus', async ({ stage }) => {
  const { hq } = stage;
  const ui = uiTexts.en;
  const fleet = fleetTexts.en;
  const operator = await openOperator(browser, hq.url);
  const { page } = operator;
  await operator.signIn(hq.account, '/fleet');
  await operator.go('/fleet', fleet.title);
  await expect(page.getByRole('row', { name: /kiosk-001/ })).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: ui.skip });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);

  const goTo = async (name: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      const focused = await page.evaluate(() => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim());
      if (focused === name) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`by Tab alone nobody comes to "${name}"`);
  };
  await goTo(fleet.addKiosk);
  await page.keyboard.press('Enter');
  await expect(operator.dialog).toBeVisible();
  for (let presses = 0; presses < 12; presses += 1) {
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  await expect(operator.dialog).toBeHidden();
  await expect(operator.button(fleet.addKiosk)).toBeFocused();

  await page.getByRole('navigation', { name: ui.navigation }).getByRole('link', { name: ui.areas.orders }).focus();
  await page.keyboard.press('Enter');
  // Whoever cannot see the page hears where they are.
  await expect(page.getByRole('heading', { level: 1, name: ui.areas.orders })).toBeVisible();

  await page.setViewportSize({ width: 360, height: 740 });
  await operator.button(ui.openMenu).focus();
  await page.keyboard.press('Enter');
  await expect(operator.dialog).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
  await operator.dialog.getByRole('link', { name: ui.areas.alerts }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: ui.areas.alerts })).toBeVisible();
  await expect(operator.dialog).toBeHidden();
});
