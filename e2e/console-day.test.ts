import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { writeKioskFiles } from '../build/start/kiosk-files.ts';
import { fleetTexts } from '../hq/web/i18n/areas/fleet.ts';
import { ordersTexts } from '../hq/web/i18n/areas/orders.ts';
import { overviewTexts } from '../hq/web/i18n/areas/overview.ts';
import { peopleTexts } from '../hq/web/i18n/areas/people.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { startKiosk } from './stage/kiosk.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import { expect, test } from './stage/stage.ts';

const fleet = fleetTexts.en;
const orders = ordersTexts.en;
const words = wordsOf.en;
let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

test('a day with the fleet: a kiosk is seen, paused, let go on, made to print and photographed, its log followed, a customer who calls is answered, and another machine is let in', async ({ stage }) => {
  const { hq, bench, kiosk: { page: screen } } = stage;
  const operator = await openOperator(browser, hq.url);
  const { page, button } = operator;
  await operator.signIn(hq.account, '/fleet');
  const row = page.getByRole('row', { name: /kiosk-001/ });
  // It tells when its devices are there.
  await expect(row.getByText(fleet.states.selling)).toBeVisible();
  await page.getByRole('searchbox', { name: fleet.search }).fill('nowhere');
  await expect(page.getByRole('heading', { name: fleet.noMatchTitle })).toBeVisible();
  await page.getByRole('searchbox', { name: fleet.search }).fill('KIOSK-0');
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'kiosk-001' })).toBeVisible();

  await button(fleet.command.pause).click();
  await operator.dialog.getByLabel(fleet.noticeZh).fill('盘点中，十点再见');
  await expect(operator.dialog.getByRole('button', { name: fleet.command.pause, exact: true }).last()).toBeDisabled();
  await operator.dialog.getByLabel(fleet.noticeEn).fill('Stocktaking, back at ten');
  await operator.dialog.getByRole('button', { name: fleet.command.pause, exact: true }).last().click();
  await operator.told(fleet.commandGiven);
  await expect(screen.getByText('Stocktaking, back at ten')).toBeVisible();
  await expect(button(fleet.command.resume)).toBeVisible();
  await button(fleet.command.resume).click();
  await expect(screen.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  await expect(button(fleet.command.pause)).toBeVisible();

  const give = async (kind: keyof typeof fleet.command) => {
    await button(fleet.give).click();
    await operator.choose(new RegExp(`${fleet.what}`), fleet.command[kind]);
    await operator.dialog.getByRole('button', { name: fleet.command[kind], exact: true }).last().click();
    await expect(operator.dialog).toBeHidden();
  };
  await give('test_print');
  await expect.poll(() => bench.printer.sim.slips().map(slipText).join('\n')).toMatch(/打印机测试页|PRINTER TEST/);
  await give('screenshot');
  await operator.tab(fleet.commands);
  const commands = page.getByRole('tabpanel').getByRole('table').first();
  for (const kind of ['pause', 'resume', 'test_print', 'screenshot'] as const) await expect(commands.getByRole('row', { name: new RegExp(`^${fleet.command[kind]}`) }).getByText(fleet.commandState.done, { exact: true })).toBeVisible();
  const picture = page.getByRole('img', { name: new RegExp(fleet.screenshotOf('').trim()) }).first();
  await expect(picture).toBeVisible();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(200);

  await operator.tab(fleet.log);
  await button(fleet.follow).click();
  await expect(page.getByText(fleet.following)).toBeVisible();
  const customer = createCustomer(screen, 'en');
  await customer.takeForFree({ offerId: 'plaster' });
  const lines = page.getByRole('list', { name: fleet.log }).getByRole('listitem');
  await expect(lines.filter({ hasText: fleet.levels.info }).first()).toBeVisible();
  await customer.done();

  // A customer calls, wherever the operator is.
  await customer.begin();
  await screen.getByRole('button', { name: words.frame.tools.helpName }).click();
  const { help } = words.finish;
  const sheet = screen.getByRole('dialog', { name: help.title });
  await sheet.getByRole('button', { name: help.call }).click();
  const calls = page.getByRole('region', { name: overviewTexts.en.callsTitle });
  await calls.getByRole('button', { name: new RegExp(`^${overviewTexts.en.answer}`) }).first().click();
  await operator.dialog.getByLabel(overviewTexts.en.wordsEn).fill('Li comes in two minutes');
  await operator.dialog.getByLabel(overviewTexts.en.wordsZh).fill('小李两分钟后到');
  await operator.dialog.getByRole('button', { name: overviewTexts.en.send }).click();
  await expect(sheet.getByRole('region', { name: help.person })).toContainText('Li comes in two minutes');
  await sheet.getByRole('button', { name: help.stop }).click();
  await expect(calls).toBeHidden();

  // Another machine.
  await operator.go('/fleet', fleet.title);
  await button(fleet.addKiosk).click();
  await operator.dialog.getByLabel(new RegExp(`^${fleet.kioskId}`)).fill('kiosk-002');
  await operator.dialog.getByLabel(new RegExp(`^${fleet.name}`)).fill('Metro');
  await button(fleet.make).click();
  const codeDialog = page.getByRole('dialog', { name: fleet.codeTitle });
  const code = await codeDialog.getByRole('strong').first().innerText();
  await codeDialog.getByRole('link', { name: fleet.identity }).click();
  await expect(page.getByText(fleet.noKeys)).toBeVisible();
  const folder = path.join(stage.folder, 'kiosk-2');
  const base = JSON.parse(fs.readFileSync(stage.configFile, 'utf8')) as { kioskId: string };
  const configFile = writeKioskFiles({ folder, printerPath: path.join(folder, 'no-printer'), terminalPath: path.join(folder, 'no-terminal'), hqUrl: hq.url, hqCode: code, changes: { kioskId: base.kioskId.replace('001', '002') } as never });
  const second = await startKiosk({ configFile, dataFolder: path.join(folder, 'data') });
  try {
    await button(fleet.compare).click();
    await expect(button(fleet.approve)).toBeDisabled();
    await operator.dialog.getByRole('checkbox', { name: fleet.isSame }).click();
    await button(fleet.approve).click();
    await operator.told(fleet.approved);
    await operator.go('/fleet', fleet.title);
    // Without its devices it says so itself.
    await expect(page.getByRole('row', { name: /Metro/ }).getByText(new RegExp(`${fleet.states.limited}|${fleet.states.out_of_service}`))).toBeVisible();
  } finally {
    await second.close();
  }

  await operator.go('/audit', peopleTexts.en.audit.title);
  await button(peopleTexts.en.audit.check).click();
  await expect(page.getByText(/^Whole: \d+ entries$/)).toBeVisible();
  for (const act of ['Command a kiosk', 'Answer a call for help', 'Add a kiosk', 'Approve']) await expect(page.getByRole('row', { name: new RegExp(act) }).first()).toBeVisible();
});

test('an order is there live, found by its number and by the last digits of the phone, told as a timeline, given back once with a reason, and stands in the file', async ({ stage }) => {
  const { hq, bench, kiosk: { page: screen } } = stage;
  const operator = await openOperator(browser, hq.url);
  const { page, button } = operator;
  await operator.signIn(hq.account, '/orders');
  const customer = createCustomer(screen, 'en');
  await customer.buy({ offerId: 'top-up-50', phone: '13912345678' });
  bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  await customer.done();
  await customer.buy({ offerId: 'bubble-tea' });
  bench.terminal.sim.tapCard();
  const tea = await customer.pickupNumber();
  await customer.done();

  const rowOf = (which: string) => page.getByRole('row', { name: new RegExp(`^${which}`) });
  await expect(rowOf(number)).toBeVisible();
  await expect(rowOf(tea)).toBeVisible();
  const search = page.getByRole('searchbox', { name: orders.search });
  // HQ notes numbers within seconds of the order.
  await expect(async () => {
    await search.fill('');
    await expect(rowOf(tea)).toBeVisible();
    await search.fill('5678');
    await expect(rowOf(tea)).toBeHidden({ timeout: 3000 });
    await expect(rowOf(number)).toBeVisible({ timeout: 3000 });
  }).toPass();
  await search.fill(tea);
  await expect(rowOf(number)).toBeHidden();
  await rowOf(tea).getByRole('link').click();
  const life = operator.dialog.getByRole('region', { name: orders.life }).getByRole('listitem');
  await expect(life.first()).toContainText(orders.lifeKind.placed);
  await expect(life.filter({ hasText: orders.lifeKind.payment }).first()).toBeVisible();
  await expect(life.filter({ hasText: orders.lifeKind.job }).first()).toBeVisible();

  await button(orders.refundAsk).click();
  const ask = page.getByRole('dialog', { name: /back\?$/ });
  await ask.getByRole('button', { name: / back$/ }).click();
  await expect(ask.getByText(orders.refundTooShort)).toBeVisible();
  await ask.getByLabel(new RegExp(`^${orders.refundReason}`)).fill('The cup leaked');
  await ask.getByRole('button', { name: / back$/ }).click();
  await operator.told(orders.refundGiven);
  const money = page.getByRole('region', { name: orders.refund, exact: true });
  await expect(money.getByText(orders.refundState.done, { exact: true })).toBeVisible();
  await expect(money.getByText('The cup leaked')).toBeVisible();
  await expect(button(orders.refundAsk)).toBeHidden();
  expect(bench.terminal.sim.book().map(({ state }) => state).toSorted()).toEqual(['approved', 'reversal', 'reversed']);
  await expect(life.filter({ hasText: orders.lifeKind.command }).first()).toBeVisible();

  await page.goto('/orders');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: orders.exportCsv }).click()]);
  const csv = fs.readFileSync(await file.path(), 'utf8');
  expect(csv).toContain(tea);
  expect(csv).toContain(number);
  expect(csv).not.toContain('13912345678');
  expect(await stage.audit(2)).toMatchObject({ agree: true, strays: [] });
});
