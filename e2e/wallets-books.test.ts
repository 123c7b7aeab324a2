import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { moneyTexts } from '../hq/web/i18n/areas/money.ts';
import { ordersTexts } from '../hq/web/i18n/areas/orders.ts';
import { servicesTexts } from '../hq/web/i18n/areas/services.ts';
import { staffOrdersWords } from '../renderer/i18n/areas/staff-orders.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import type { Wish } from './stage/customer.ts';
import { createCustomer } from './stage/customer.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import type { Stage } from './stage/stage.ts';
import { expect } from './stage/stage.ts';
import { createStaff, look, staffKnown } from './stage/staff.ts';
import type { StageMoney } from './stage/wallets.ts';
import { phoneReads, test, walletsKnown } from './stage/wallets.ts';

test.use({
  changes: { staff: { idleMs: 600_000, stickFolders: [] }, times: { idleWarningMs: 120_000, idleEndMs: 30_000, resultMs: 60_000, unpaidOrderMs: 600_000, receiptMs: 180_000 } },
  // What the carrier leaves open stays open.
  servicesLimitMs: 600_000,
});

const words = wordsOf.en;
const staffWords = staffOrdersWords.en;
const orders = ordersTexts.en;
const books = moneyTexts.en;
const services = servicesTexts.en;

let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

async function buysByPhone(stage: Stage, money: StageMoney, wish: Wish): Promise<{ readonly number: string; readonly tradeNo: string }> {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.begin();
  await customer.add(wish);
  await customer.checkOut();
  await customer.payWith('wechat');
  const trade = await phoneReads(stage, money, 'en', 'wechat');
  expect(await money.gateways.phone.pay(trade)).toMatchObject({ ok: true });
  const number = await customer.pickupNumber();
  await expect(stage.kiosk.page.getByText(words.result.receipt.printed)).toBeVisible();
  await customer.done();
  return { number, tradeNo: trade.tradeNo };
}

test("a part is given back at the kiosk by its manager and another by HQ, each once and into the wallet; a service that its carrier left open is settled by a person and paid back; and all books agree", async ({ stage, money }) => {
  const { page } = stage.kiosk;
  const { gateways } = money;
  await walletsKnown(stage);
  const umbrella = await buysByPhone(stage, money, { offerId: 'umbrella' });
  const topUp = await buysByPhone(stage, money, { offerId: 'top-up-10', phone: '13912345611' });
  const refunded = (tradeNo: string) => gateways.books.trade('wechat', tradeNo)?.refunds.map(({ amountFen }) => amountFen);

  await staffKnown(stage);
  const staff = createStaff(stage, 'manager');
  await staff.signIn();
  await staff.press(new RegExp(umbrella.number));
  await expect(page.getByText(words.wallet.name.wechat).first()).toBeVisible();
  await staff.press(staffWords.refundOf('￥39.00'));
  await staff.sheet.getByRole('radio', { name: staffWords.part }).click();
  for (const digit of '500') await staff.sheet.getByRole('button', { name: digit, exact: true }).click();
  await staff.sheet.getByRole('radio', { name: staffWords.refundReasons.damaged }).click();
  await look(page, 'how much goes back, and why');
  await staff.press(staffWords.next);
  await expect(staff.sheet).toContainText(staffWords.refundWalletText(words.wallet.name.wechat));
  await look(page, 'sure of the part');
  await staff.press(staffWords.refundYes('￥5.00'));
  const given = page.getByRole('listitem').filter({ hasText: staffWords.refundReasons.damaged });
  await expect(given).toContainText(staffWords.refundStates.done);
  await expect(given).toContainText(staffWords.refundWays.tender);
  expect(refunded(umbrella.tradeNo)).toEqual([500]);
  await look(page, 'an order of which a part is back');
  await staff.leave();

  // The same at HQ, with what is left as the most that can go back.
  const operator = await openOperator(browser, stage.hq.url);
  const { page: console_, button } = operator;
  await operator.signIn(stage.hq.account, '/orders');
  await console_.getByRole('row', { name: new RegExp(`^${umbrella.number}`) }).getByRole('link').click();
  await button(orders.refundAsk).click();
  const ask = console_.getByRole('dialog', { name: /back\?$/ });
  await ask.getByLabel(new RegExp(`^${orders.refundAmount}`)).fill('34.01');
  await ask.getByLabel(new RegExp(`^${orders.refundReason}`)).fill('One rib was bent');
  await ask.getByRole('button', { name: / back$/ }).click();
  await expect(ask.getByText(orders.refundAmountWrong('￥34.00'))).toBeVisible();
  await ask.getByLabel(new RegExp(`^${orders.refundAmount}`)).fill('10');
  await examine(console_, 'a part refund at HQ');
  await ask.getByRole('button', { name: orders.refundGive('￥10.00') }).click();
  await operator.told(orders.refundGiven);
  await expect.poll(() => refunded(umbrella.tradeNo)).toEqual([500, 1000]);
  await expect(console_.getByRole('region', { name: orders.refund, exact: true }).getByText(orders.refundState.done)).toBeVisible();
  const life = operator.dialog.getByRole('region', { name: orders.life }).getByRole('listitem');
  await expect(life.filter({ hasText: orders.lifeKind.refund }).filter({ hasText: '￥5.00' }).first()).toBeVisible();
  await expect(life.filter({ hasText: orders.lifeKind.refund }).filter({ hasText: '￥10.00' }).first()).toBeVisible();
  await examine(console_, 'the life of an order');

  // What the carrier never ended: a person has asked there.
  await operator.go('/services', services.title);
  await console_.getByRole('tab', { name: services.open(1) }).click();
  const open = console_.getByRole('row', { name: new RegExp(topUp.number) });
  await expect(open).toContainText('￥10.00');
  await examine(console_, 'services that are open');
  await open.getByRole('button', { name: services.settle }).click();
  await operator.choose(new RegExp(services.outcome), services.refused);
  await examine(console_, 'settling a service');
  await operator.dialog.getByRole('button', { name: services.refused, exact: true }).last().click();
  // The carrier cannot take it back: nothing goes back before a person has looked there.
  await operator.dialog.getByRole('checkbox', { name: services.confirm }).click();
  await operator.dialog.getByRole('button', { name: services.refused, exact: true }).last().click();
  await operator.told(services.settled);
  await expect.poll(() => refunded(topUp.tradeNo)).toEqual([1000]);

  await operator.go('/money?view=books', books.title);
  await expect.poll(async () => (await stage.hq.orders()).find(({ row }) => row.number === topUp.number)?.row.state).toBe('refunded');
  await button(books.compareNow).click();
  await operator.told(books.compared);
  const wechat = console_.getByRole('row', { name: new RegExp(`^${books.tenders.wechat}`) });
  await expect(wechat.getByRole('gridcell').or(wechat.getByRole('cell'))).toHaveText(['￥49.00', '￥24.00', '￥25.00', '￥0.00', '￥0.00']);
  await expect(console_.getByText(books.allWell)).toBeVisible();
  await examine(console_, 'all books');

  // The next day: the gateway's book is there, line by line what we have; and one line that is somebody else's.
  const strange = await money.strangerPays(66);
  expect(await money.takeBooks(stage.hq)).toBe(1);
  await operator.go('/money', books.title);
  const day = console_.getByRole('row', { name: new RegExp(books.tenders.wechat) });
  await expect(day).toContainText('￥49.00');
  await expect(day).toContainText('￥0.66 · 1');
  await expect(day).toContainText(books.open(1));
  await examine(console_, 'by day');
  await day.getByRole('link').first().click();
  await console_.getByRole('row', { name: new RegExp(books.kinds.lines_not_ours.name) }).getByRole('link').first().click();
  await expect(operator.dialog).toContainText(`￥0.66 · ${books.lines(1)}`);
  await expect(operator.dialog).toContainText(books.kinds.lines_not_ours.advice);
  const file = await console_.request.get((await operator.dialog.getByRole('link', { name: books.othersFile }).getAttribute('href'))!);
  expect((await file.text()).trim().split('\n').slice(1).map((row) => row.includes(strange))).toEqual([true]);
  await examine(console_, 'a difference');
  await operator.dialog.getByLabel(new RegExp(`^${books.note}`)).fill('Of the vending machine next door');
  await operator.dialog.getByRole('button', { name: books.end, exact: true }).click();
  await operator.told(books.ended);
  await expect(console_.getByText(books.noDifferences)).toBeVisible();
  await examine(console_, 'no differences');

  const audit = await stage.audit(2);
  expect(audit.strays).toEqual([`wechat took 66 (${strange}) for no order`]);
  expect(audit.orders).toMatchObject([{ agree: true, kiosk: { state: 'fulfilled' }, wallet: { paid: 3900, refunded: 1500 } }, { agree: true, kiosk: { state: 'refunded' }, wallet: { paid: 1000, refunded: 1000 } }]);
  expect(gateways.books.totals('wechat')).toMatchObject({ paidFen: 4966, refundedFen: 2500 });
});

/** By axe: wide in light colours, and as narrow as a phone in dark ones. */
async function examine(page: Page, screen: string): Promise<void> {
  for (const { width, height, colorScheme } of [{ width: 1440, height: 900, colorScheme: 'light' }, { width: 360, height: 740, colorScheme: 'dark' }] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-live-announcer]').options({ resultTypes: ['violations'], preload: false })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    const broken = violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `axe ${id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`));
    expect.soft([...broken, ...(isWide ? ['wider than the window'] : [])], `${screen}, ${width}`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}
