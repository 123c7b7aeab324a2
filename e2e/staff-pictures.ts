import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, expect } from '@playwright/test';
import { root } from '../build/start/child.ts';
import { chromiumPath } from '../build/runtime.mjs';
import { openDisplay } from '../build/start/display.ts';
import { buildIfStale } from '../build/start/fresh.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { openDarkroom } from './stage/darkroom.ts';
import { startKiosk } from './stage/kiosk.ts';
import type { Stage } from './stage/stage.ts';
import { openStage } from './stage/stage.ts';
import { createStaff, staffKnown } from './stage/staff.ts';
import type { StageMoney } from './stage/wallets.ts';
import { openMoney, phoneReads, walletsKnown } from './stage/wallets.ts';

/** `node build/bootstrap.mjs e2e/staff-pictures.ts`: what staff does at the real kiosk, and leaves the pictures of docs/staff.md in docs/pictures/staff, at half the size of the screen. */
const folder = path.join(root, 'docs/pictures/staff');

const slots = [
  { slot: 'A1', offerId: 'cola', par: 55, capacity: 60, shelf: 'Cooler', code: 'SHELF-A1' },
  { slot: 'A2', offerId: 'apple-juice', par: 36, capacity: 40, shelf: 'Cooler' },
  { slot: 'A3', offerId: 'fresh-milk', par: 24, capacity: 40, shelf: 'Cooler' },
  { slot: 'A4', offerId: 'coconut-water', par: 24, capacity: 30, shelf: 'Cooler' },
  { slot: 'B1', offerId: 'popcorn', par: 20, capacity: 24, shelf: 'Snacks' },
  { slot: 'B2', offerId: 'chocolate', par: 24, capacity: 30, shelf: 'Snacks' },
  { slot: 'C1', offerId: 'umbrella', par: 10, capacity: 12, shelf: 'Travel' },
  { slot: 'C2', offerId: 'headphones', par: 6, capacity: 8, shelf: 'Travel' },
];

type Take = (name: string) => Promise<void>;

async function pictures(): Promise<void> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('there is no Chromium to scale the pictures with');
  await buildIfStale();
  // A size of our own, also where the machine has a display.
  delete process.env['DISPLAY'];
  delete process.env['WAYLAND_DISPLAY'];
  const display = await openDisplay('1080x1920');
  Object.assign(process.env, display.env);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const stageFolder = path.join(root, 'out/staff-pictures-stage');
  fs.rmSync(stageFolder, { recursive: true, force: true });
  // Its name is in the pictures: no path of whoever takes them.
  const sticks = path.join(os.tmpdir(), 'sticks');
  fs.mkdirSync(path.join(sticks, 'STICK'), { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  fs.mkdirSync(stageFolder, { recursive: true });
  const money = await openMoney({ folder: stageFolder });
  const stage = await openStage(stageFolder, startKiosk, { staff: { idleMs: 600_000, stickFolders: [sticks] }, times: { idleWarningMs: 15_000, idleEndMs: 20_000, resultMs: 60_000, unpaidOrderMs: 600_000, receiptMs: 180_000 } }, money.environment);
  const { develop } = await openDarkroom(browser);
  const take: Take = async (name) => {
    // What slides in has arrived, and every picture is there.
    await stage.kiosk.page.waitForTimeout(700);
    await develop(path.join(folder, `${name}.webp`), [{ png: await stage.kiosk.page.screenshot({ animations: 'disabled' }), scale: 0.5 }]);
  };
  try {
    const planogram = path.join(stageFolder, 'planogram.json');
    fs.writeFileSync(planogram, JSON.stringify({ slots }));
    await stage.hq.tell('publish', 'planogram', planogram);
    await staffKnown(stage);
    await walletsKnown(stage);
    await restocker(stage, take);
    await technician(stage, take);
    await manager(stage, take, money);
  } finally {
    await browser.close();
    await stage.close();
    await money.close();
    await display.close();
    for (const each of [stageFolder, sticks]) fs.rmSync(each, { recursive: true, force: true });
  }
}

async function buys(stage: Stage, offerId: string): Promise<string> {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.buy({ offerId });
  stage.bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  await stage.kiosk.page.getByText(wordsOf.en.result.receipt.printed).waitFor();
  await customer.done();
  return number;
}

const inDays = (days: number) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

async function restocker(stage: Stage, take: Take): Promise<void> {
  const { page } = stage.kiosk;
  const staff = createStaff(stage, 'restocker');
  await staff.pressLong();
  await take('sign-in');
  await staff.leave();
  await staff.showCard();
  await take('sign-in-card');
  await staff.enter({ card: true });
  await staff.press(/^A3 /);
  for (const days of [7, 3]) {
    await staff.press('Another number');
    for (let time = 0; time < 5; time += 1) await staff.press('One more');
    await staff.sheet.getByRole('radio', { name: new RegExp(inDays(days)) }).click();
    if (days === 7) await take('put-in');
    await staff.press('Put in 6');
  }
  await take('lots');
  await staff.press('Back');
  await staff.press(/^C1 /);
  await staff.press('Count');
  await staff.press('One fewer');
  await take('count');
  await staff.press('Missing');
  await staff.press('Back');
  await staff.press(/^C2 /);
  await staff.press('Waste');
  await staff.sheet.getByRole('radio', { name: 'Damaged' }).click();
  await take('waste');
  await staff.press('Take out 1');
  await staff.press('Another number');
  await staff.sheet.getByRole('radio', { name: 'Another date' }).click();
  for (let time = 0; time < 8; time += 1) await staff.press('Day −1');
  await staff.press(/^Put in/);
  await take('slot-expired');
  await staff.press('Back');
  await staff.press(/^Fill \+7 slot A1/);
  // What was said goes after a while.
  await staff.said.getByText('A1 saved').waitFor();
  await staff.said.getByText('A1 saved').waitFor({ state: 'hidden' });
  await take('shelves');
  await staff.button('中文').click();
  await take('shelves-zh');
  await staff.button('English').click();
  await staff.press(/^To bring/);
  await take('bring');
  await staff.press('Back');
  await staff.press('Finish');
  await take('finish');
  await page.getByRole('button', { name: 'Finish', exact: true }).click();
  await page.getByRole('heading', { name: 'Restocking is done. Thank you!' }).waitFor();
  await staff.leave();
}

async function technician(stage: Stage, take: Take): Promise<void> {
  const { page } = stage.kiosk;
  const number = await buys(stage, 'latte');
  const staff = createStaff(stage, 'technician');
  stage.bench.printer.sim.setPaper('out');
  await staff.signIn();
  await page.getByRole('listitem').filter({ hasText: 'Broken' }).first().waitFor();
  await take('devices');
  await staff.press('Test the scanner');
  await page.getByText('Nothing was read yet.').waitFor();
  await expect.poll(() => stage.bench.scanner.sim.isLit()).toBe(true);
  stage.bench.scanner.sim.show('9524024000170');
  await page.getByText('read once').waitFor();
  await take('scanner-test');
  await staff.press('Back');
  await staff.press('Test the touch');
  await take('touch-test');
  await staff.press('End');
  await staff.tab('Logs');
  await page.getByRole('list', { name: 'Logs' }).getByRole('listitem').first().waitFor();
  await take('logs');
  await page.getByRole('radio', { name: 'Faults' }).click();
  await page.getByRole('list', { name: 'Faults' }).waitFor();
  await take('faults');
  stage.bench.printer.sim.setPaper('ok');
  await page.getByRole('radio', { name: 'All lines' }).click();
  await staff.press('Export');
  await staff.sheet.getByRole('radio', { name: /USB stick STICK/ }).click();
  await staff.sheet.getByRole('button', { name: 'Export', exact: true }).click();
  await staff.sheet.getByText('SHA-256').waitFor();
  await take('export');
  await staff.press('Close');
  await staff.tab('Orders');
  await staff.press(new RegExp(number));
  await staff.press('Log of this order');
  await page.getByText('HQ has it').first().waitFor();
  await take('trail');
  await staff.leave();
}

async function manager(stage: Stage, take: Take, money: StageMoney): Promise<void> {
  const { page } = stage.kiosk;
  const { terminal } = stage.bench;
  await buys(stage, 'cola');
  const returned = await buys(stage, 'umbrella');
  const customer = createCustomer(page, 'en');
  await customer.begin();
  await customer.add({ offerId: 'bubble-tea' });
  await customer.checkOut();
  await customer.payWith('alipay');
  await money.gateways.phone.pay(await phoneReads(stage, money, 'en', 'alipay'));
  const tea = await customer.pickupNumber();
  await page.getByText(wordsOf.en.result.receipt.printed).waitFor();
  await customer.done();
  await customer.buy({ offerId: 'cola' });
  await terminal.unplug();
  terminal.sim.script([{ at: 'received 06 20', do: 'foreign_sale', value: 500 }]);
  await terminal.plug();
  await page.getByRole('button', { name: /Touch to start/ }).waitFor();
  const staff = createStaff(stage, 'manager');
  await staff.signIn();
  await page.getByRole('list', { name: 'Orders' }).waitFor();
  await take('orders');
  await page.getByRole('radio', { name: '1 needs you' }).click();
  await take('needs-you');
  await staff.press('Not in the journal: not paid');
  await staff.press('Yes, settle it');
  await page.getByText('Nothing needs you. All is well.').waitFor();
  await page.getByRole('radio', { name: 'All', exact: true }).click();
  await staff.press(new RegExp(returned));
  await staff.press('Refund ￥39.00');
  await staff.sheet.getByRole('radio', { name: 'Damaged' }).click();
  await take('refund');
  await staff.press('Next');
  await staff.press(/^Yes, send/);
  await page.getByText('It was refunded already.').waitFor();
  await take('order');
  await staff.press('Back');
  await staff.press(new RegExp(tea));
  await staff.press(/^Refund/);
  await staff.sheet.getByRole('radio', { name: 'A part' }).click();
  for (const digit of '500') await staff.sheet.getByRole('button', { name: digit, exact: true }).click();
  await staff.sheet.getByRole('radio', { name: 'Damaged' }).click();
  await take('refund-part');
  await staff.press('Next');
  await staff.press(/^Yes, send/);
  await page.getByText('given back').first().waitFor();
  await take('order-part');
  await staff.tab('Kiosk');
  await staff.press('Pause selling');
  await take('pause');
  await staff.press('Cancel');
  await staff.tab('Day');
  await staff.press('Close the day and print');
  await staff.press('Yes, close the day');
  await page.getByRole('region', { name: 'Report Z 1' }).waitFor();
  await take('day');
  await staff.tab('Audit');
  await page.getByRole('table').waitFor();
  await take('audit');
  await staff.leave();
}

pictures().then(
  () => process.exit(0),
  (cause: unknown) => {
    console.error(`pictures: ${cause instanceof Error ? cause.stack : String(cause)}`);
    process.exit(1);
  },
);
