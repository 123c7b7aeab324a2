import path from 'node:path';
import type { Browser } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { root } from '../build/start/child.ts';
import { formatMoney, money } from '../domain/money.ts';
import { catalogueTexts } from '../hq/web/i18n/areas/catalogue.ts';
import { fleetTexts } from '../hq/web/i18n/areas/fleet.ts';
import { reportsTexts } from '../hq/web/i18n/areas/reports.ts';
import { staffTexts } from '../hq/web/i18n/areas/staff.ts';
import { stockTexts } from '../hq/web/i18n/areas/stock.ts';
import { uiTexts } from '../hq/web/i18n/areas/ui.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import { createStaff } from './stage/staff.ts';
import { expect, test } from './stage/stage.ts';

const texts = catalogueTexts.en;
const stock = stockTexts.en;
const staff = staffTexts.en;
const words = wordsOf.en;
const cola = catalogue.offers.find(({ id }) => id === 'cola')!;
let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

test('a price is edited in the draft, looked at, published and paid by the next customer; an offer is taken off sale at once; the price of before comes back', async ({ stage }) => {
  const { hq, bench, kiosk: { page: screen } } = stage;
  const operator = await openOperator(browser, hq.url);
  const { page, button, dialog } = operator;
  await operator.signIn(hq.account, '/catalogue');
  await expect(page.getByRole('heading', { name: texts.nothing })).toBeVisible();
  await page.getByLabel(texts.import).setInputFiles(path.join(root, 'config/catalogue.json'));
  await operator.told(texts.imported);

  /** The kiosk has it, and sells by it. */
  const isInForce = (revision: number) => expect.poll(async () => {
    const known = (await hq.kiosk()).documents.find(({ document }) => document === 'catalogue');
    return known && `${known.revision} ${known.outcome}`;
  }).toBe(`${revision} applied`);
  await button(texts.review).click();
  await dialog.getByRole('button', { name: texts.publish, exact: true }).click();
  await operator.told(texts.published(1));
  await expect(dialog).toBeHidden();
  await expect(page.getByText(texts.noDraft)).toBeVisible();
  await isInForce(1);

  const openCola = async () => {
    await page.getByRole('searchbox', { name: texts.search }).fill(cola.name.en);
    await page.getByRole('row', { name: new RegExp(`^${cola.name.en}`) }).first().getByRole('button', { name: cola.name.en, exact: true }).click();
    await expect(dialog).toBeVisible();
  };
  await openCola();
  const price = dialog.getByLabel(new RegExp('^Price \\('));
  await price.fill('four');
  await expect(dialog.getByText(texts.issue.format).first()).toBeVisible();
  await price.fill('4.80');
  await expect(dialog.getByText(formatMoney(money(480, 'CNY'))).first()).toBeVisible();
  await button(texts.save).click();
  await operator.told(texts.saved);
  await expect(page.getByText(texts.draftOf, { exact: true })).toBeVisible();

  // Nobody pays a draft.
  const customer = createCustomer(screen, 'en');
  await customer.buy({ offerId: 'cola' });
  bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();

  await button(texts.review).click();
  await expect(dialog.getByText(cola.name.en).first()).toBeVisible();
  await expect(dialog).toContainText(formatMoney(money(480, 'CNY')));
  await dialog.getByRole('button', { name: texts.publish, exact: true }).click();
  await operator.told(texts.published(2));
  await isInForce(2);
  await customer.buy({ offerId: 'cola' });
  bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();

  await operator.tab(texts.tabs.soldOut);
  await page.getByRole('searchbox', { name: texts.soldOutSearch }).fill(cola.name.en);
  await page.getByRole('row', { name: new RegExp(`^${cola.name.en}`) }).first().getByRole('button', { name: new RegExp(`^${texts.rest}`) }).click();
  await dialog.getByRole('button', { name: texts.rest, exact: true }).click();
  await operator.told(texts.nowOff);
  const card = screen.getByRole('button', { name: new RegExp(`^${cola.name.en}`) }).first();
  await expect(async () => {
    await customer.begin();
    await screen.getByRole('button', { name: catalogue.categories.find(({ id }) => id === cola.categoryId)!.name.en }).first().click();
    const isOff = (await card.innerText()).includes(words.offers.soldOut);
    await screen.getByRole('button', { name: words.common.back }).click();
    await screen.getByRole('button', { name: words.home.leave }).click();
    const leave = screen.getByRole('dialog').getByRole('button', { name: words.leave.go });
    const attract = screen.getByRole('button', { name: /Touch to start/ });
    await expect(leave.or(attract).first()).toBeVisible();
    if (await leave.isVisible()) await leave.click();
    await expect(attract).toBeVisible();
    expect(isOff).toBe(true);
  }).toPass();
  await page.getByRole('row', { name: new RegExp(`^${cola.name.en}`) }).first().getByRole('button', { name: new RegExp(`^${texts.backOnSale}`) }).click();
  await operator.told(texts.nowOn);

  await operator.tab(texts.tabs.history);
  const revisions = page.getByRole('table', { name: texts.tabs.history }).getByRole('row');
  await expect(revisions).toHaveCount(3);
  await revisions.nth(2).getByRole('button').first().click();
  await button(texts.rollBack).first().click();
  await page.getByRole('dialog', { name: texts.rollBack }).getByRole('button', { name: texts.rollBack, exact: true }).click();
  await operator.told(texts.rolledBack(3));
  await expect(revisions).toHaveCount(4);
  await isInForce(3);
  await customer.begin();
  await customer.open('cola');
  await expect(screen.getByRole('dialog').getByText(formatMoney(money(cola.price, 'CNY'))).first()).toBeVisible();
  expect(await stage.audit(2)).toMatchObject({ agree: true, strays: [], orders: [{ amount: cola.price }, { amount: 480 }] });
});

test.describe('with what it sells known to HQ', () => {
  test.use({ hqEnv: { HQ_DEV_CATALOGUE: path.join(root, 'config/catalogue.json') } });

  test('a planogram makes a list of what to bring; a new member of staff sets PIN and code behind their link and comes in at the kiosk; the sales are there as chart, table and file', async ({ stage }) => {
    const { hq, bench, kiosk: { page: screen } } = stage;
    const operator = await openOperator(browser, hq.url);
    const { page, button, dialog } = operator;
    await operator.signIn(hq.account, '/stock?view=planogram');
    await button(stock.addSlot).click();
    const slot = page.getByRole('group', { name: new RegExp(`^${stock.slot}`) }).last();
    await slot.getByLabel(new RegExp(`^${stock.slot}`)).fill('A1');
    await slot.getByRole('combobox').fill(cola.name.en);
    await page.getByRole('option', { name: cola.name.en, exact: true }).click();
    await slot.getByRole('textbox', { name: new RegExp(`^${stock.par}`) }).fill('300');
    await slot.getByRole('textbox', { name: new RegExp(`^${stock.capacity}`) }).fill('200');
    await slot.getByRole('textbox', { name: new RegExp(`^${stock.capacity}`) }).blur();
    await expect(page.getByText(stock.tooMuch)).toBeVisible();
    await expect(button(stock.publish)).toBeDisabled();
    await slot.getByRole('textbox', { name: new RegExp(`^${stock.capacity}`) }).fill('400');
    await slot.getByRole('textbox', { name: new RegExp(`^${stock.capacity}`) }).blur();
    await button(stock.publish).click();
    await operator.told(stock.published);

    await page.goto('/stock?view=routes');
    await button(stock.addRoute).first().click();
    await dialog.getByLabel(new RegExp(`^${stock.routeName}`)).fill('Monday');
    await dialog.getByRole('combobox').click();
    await page.getByRole('option', { name: /kiosk-001/ }).click();
    await dialog.getByRole('button', { name: stock.save }).click();
    await operator.told(stock.saved);
    await page.getByRole('row', { name: /Monday/ }).getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1, name: stock.listTitle('Monday') })).toBeVisible();
    await expect(page.getByRole('row', { name: /A1/ })).toContainText(cola.name.en);

    // Their PIN and code are their own.
    await operator.go('/staff', staff.title);
    await button(staff.add).first().click();
    await dialog.getByLabel(new RegExp(`^${staff.number}`)).fill('4711');
    await dialog.getByLabel(new RegExp(`^${staff.name}`)).fill('Zhao Min');
    await dialog.getByRole('button', { name: staff.save }).click();
    await dialog.getByRole('button', { name: staff.makeLink }).click();
    const link = await page.getByRole('dialog', { name: staff.linkTitle('Zhao Min') }).locator('code').innerText();
    const phone = await openOperator(browser, hq.url, 'en', { width: 360, height: 740 });
    await phone.page.goto(link);
    const secret = (await phone.page.locator('code').innerText()).replaceAll(' ', '');
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    await phone.page.getByLabel(new RegExp(`^${staff.enrol.code}`)).fill(totp.generate());
    const pins = [phone.page.getByLabel(new RegExp(`^${staff.enrol.pin}`)), phone.page.getByLabel(new RegExp(`^${staff.enrol.pinAgain}`))] as const;
    for (const field of pins) await field.fill('123456');
    await phone.button(staff.enrol.finish).click();
    await expect(phone.page.getByText(staff.enrol.pinTrivial)).toBeVisible();
    for (const field of pins) await field.fill('739164');
    const usedStep = Math.floor(Date.now() / 30_000);
    await phone.page.getByLabel(new RegExp(`^${staff.enrol.code}`)).fill(totp.generate());
    await phone.button(staff.enrol.finish).click();
    await expect(phone.page.getByRole('heading', { name: staff.enrol.doneTitle })).toBeVisible();
    await phone.page.reload();
    await expect(phone.page.getByRole('heading', { name: staff.enrol.gone })).toBeVisible();
    await phone.page.context().close();

    const customer = createCustomer(screen, 'en');
    await customer.buy({ offerId: 'cola' });
    bench.terminal.sim.tapCard();
    await customer.pickupNumber();
    await customer.done();
    const atKiosk = createStaff(stage, 'restocker');
    await atKiosk.pressLong();
    const type = async (field: string, digits: string) => {
      await screen.locator(`input[name="staff-${field}"]`).click();
      for (const digit of digits) await atKiosk.button(digit).click();
    };
    await type('number', '4711');
    await type('pin', '739164');
    // The code that they were set up with is used up.
    await type('code', totp.generate({ timestamp: Math.max(Date.now(), (usedStep + 1) * 30_000) }));
    await atKiosk.button('Sign in').click();
    await expect(screen.getByText(/Zhao Min/).first()).toBeVisible();
    await atKiosk.leave();

    await page.goto('/fleet/kiosk-001?tab=staff');
    await expect(page.getByText(fleetTexts.en.chainHolds)).toBeVisible();
    await expect(page.getByRole('row', { name: /4711/ }).first()).toBeVisible();

    const { en: reports } = reportsTexts;
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const sold = page.getByRole('table', { name: reports.tabs.sales }).getByRole('row', { name: new RegExp(cola.name.en) });
    await expect(async () => {
      await page.goto(`/reports/sales?from=${day}&to=${day}&by=offer`);
      await expect(sold).toContainText(formatMoney(money(cola.price, 'CNY')), { timeout: 3000 });
    }).toPass();
    await expect(page.locator('canvas, figure svg').first()).toBeVisible();
    await button(uiTexts.en.asTable).click();
    await expect(page.getByRole('table').first()).toContainText(cola.name.en);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: reports.exportCsv }).click()]);
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    for (const kind of ['payments', 'availability', 'feedback'] as const) {
      await page.goto(`/reports/${kind}?from=${day}&to=${day}`);
      await expect(page.getByRole('heading', { level: 1, name: reports.title })).toBeVisible();
      await expect(page.getByRole('alert')).toHaveCount(0);
    }
  });
});
