import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { chromium, expect } from '@playwright/test';
import { root } from '../build/start/child.ts';
import { chromiumPath } from '../build/runtime.mjs';
import type { Display } from '../build/start/display.ts';
import { openDisplay } from '../build/start/display.ts';
import { buildIfStale } from '../build/start/fresh.ts';
import type { KioskConfig } from '../domain/contract/config.ts';
import type { Language } from '../domain/language.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { openDarkroom } from './stage/darkroom.ts';
import { startKiosk } from './stage/kiosk.ts';
import type { Stage } from './stage/stage.ts';
import { openStage } from './stage/stage.ts';
import type { StageMoney } from './stage/wallets.ts';
import { openMoney, phoneReads, walletsKnown } from './stage/wallets.ts';

/**
 * `node build/bootstrap.mjs e2e/pictures.ts`: walks the real kiosk in both languages, both directions of the screen and both sample brands, and leaves the pictures
 * of docs/customer.md in docs/pictures/customer, at half the size of the screen, and the README's.
 */
const folder = path.join(root, 'docs/pictures/customer');
const portrait = '1080x1920';
const landscape = '1920x1080';
const phone = '13912345678';

async function pictures(): Promise<void> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('there is no Chromium to scale the pictures with');
  await buildIfStale();
  // A size of our own, also where the machine has a display.
  delete process.env['DISPLAY'];
  delete process.env['WAYLAND_DISPLAY'];
  let display = await show(portrait);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const stageFolder = path.join(root, 'out/pictures-stage');
  fs.rmSync(stageFolder, { recursive: true, force: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  fs.mkdirSync(stageFolder, { recursive: true });
  const money = await openMoney({ folder: stageFolder });
  const stage = await openStage(stageFolder, startKiosk, {}, money.environment);
  const photographer = await createPhotographer(browser, stage);
  try {
    await walletsKnown(stage);
    await arriving(stage, photographer);
    await goodsInChinese(stage, photographer);
    await foodInEnglish(stage, photographer);
    await servicesInBoth(stage, photographer);
    await seenDifferently(stage, photographer);
    await byPhone(stage, money, photographer);
    await paused(stage, photographer);

    await stage.kiosk.close();
    const night = JSON.parse(fs.readFileSync(path.join(root, 'config/brands/night.json'), 'utf8')) as KioskConfig['brand'];
    changeConfig(stage.configFile, { brand: { ...night, logoFile: path.join(root, 'config', night.logoFile!) } });
    await stage.restartKiosk();
    await createCustomer(stage.kiosk.page, 'zh').begin();
    await photographer.take('night-home');

    await stage.kiosk.close();
    await display.close();
    display = await show(landscape);
    changeConfig(stage.configFile, { brand: { ground: 'light', logoFile: path.join(root, 'config/brands/day.svg') } });
    await stage.restartKiosk();
    const customer = createCustomer(stage.kiosk.page, 'en');
    await customer.begin();
    await customer.add({ offerId: 'cola' });
    await customer.add({ offerId: 'latte' });
    await photographer.take('landscape-list');
  } finally {
    await browser.close();
    await stage.close();
    await money.close();
    await display.close();
    fs.rmSync(stageFolder, { recursive: true, force: true });
  }
}

async function show(size: string): Promise<Display> {
  delete process.env['DISPLAY'];
  const display = await openDisplay(size);
  Object.assign(process.env, display.env);
  return display;
}

function changeConfig(file: string, change: Partial<KioskConfig>): void {
  fs.writeFileSync(file, JSON.stringify({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as KioskConfig), ...change }, null, 2));
}

const startTile = (page: Page) => page.locator('.attract__touch');
const tool = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

interface Photographer {
  take(name: string): Promise<void>;
  /** The kiosk beside the workbench, for the README. */
  takeWithWorkbench(): Promise<void>;
}

async function createPhotographer(browser: Browser, stage: Stage): Promise<Photographer> {
  const { develop } = await openDarkroom(browser);
  async function shoot(): Promise<Buffer> {
    // What slides in has arrived, and every picture is there.
    await stage.kiosk.page.waitForTimeout(700);
    return stage.kiosk.page.screenshot({ animations: 'disabled' });
  }
  return {
    take: async (name) => develop(path.join(folder, `${name}.webp`), [{ png: await shoot(), scale: 0.5 }]),
    async takeWithWorkbench() {
      const workbench = await browser.newPage({ viewport: { width: 864, height: 960 }, locale: 'en-GB' });
      await workbench.goto(stage.bench.url);
      await workbench.getByText('approved').first().waitFor();
      await develop(path.join(root, 'docs/pictures/start.webp'), [{ png: await shoot(), scale: 0.5 }, { png: await workbench.screenshot(), scale: 1 }]);
      await workbench.close();
    },
  };
}

async function arriving({ kiosk: { page } }: Stage, { take }: Photographer): Promise<void> {
  await startTile(page).waitFor();
  await take('attract');
  await startTile(page).click();
  await tool(page, '中文').waitFor();
  await take('language');
  await tool(page, '中文').click();
  await page.getByRole('heading', { name: wordsOf.zh.home.title }).waitFor();
  await take('home-zh');
  await page.getByRole('button', { name: wordsOf.zh.language.switchTo }).click();
  await take('home-en');
  await page.getByRole('button', { name: wordsOf.en.home.leave }).click();
}

async function goodsInChinese({ kiosk: { page }, bench }: Stage, { take }: Photographer): Promise<void> {
  const words = wordsOf.zh;
  const customer = createCustomer(page, 'zh');
  const sheet = page.getByRole('dialog');
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await take('list');
  await customer.open('bubble-tea');
  await customer.fillIn({ offerId: 'bubble-tea', choices: ['large', 'pearls'] });
  await take('offer');
  await customer.goOn();
  await customer.open('panda-plush');
  await customer.goOn();
  const wish = { offerId: 'panda-plush', phone, form: { 'contact-name': '王小明' } };
  await sheet.getByRole('textbox').click();
  await customer.type('wang');
  await take('keyboard');
  for (let pages = 0; pages < 2; pages += 1) {
    await customer.fillIn(wish);
    await customer.goOn();
  }
  await customer.fillIn({ ...wish, district: ['广东省', '深圳市'] });
  await take('address');
  await sheet.getByRole('button', { name: '南山区', exact: true }).click();
  await customer.goOn();
  await customer.fillIn({ ...wish, form: { street: '科技园南路 24 号', postcode: '518057' } });
  await customer.goOn();
  await customer.checkOut();
  await take('review');
  await customer.pay();
  await customer.askedForCard();
  bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await page.getByText(words.result.receipt.printed).waitFor();
  await customer.done();
}

async function foodInEnglish({ kiosk: { page }, bench }: Stage, { take }: Photographer): Promise<void> {
  const words = wordsOf.en;
  const customer = createCustomer(page, 'en');
  await customer.begin();
  await customer.search('umbrela');
  await take('search');
  await tool(page, words.common.back).click();
  await customer.open('noodle-combo');
  const wish = { offerId: 'noodle-combo', choices: ['hot-pot', 'dumplings', 'tempura', 'bubble-tea'] };
  for (let pages = 0; pages < 2; pages += 1) {
    await customer.fillIn(wish);
    await customer.goOn();
  }
  await customer.fillIn(wish);
  await take('combo');
  await customer.goOn();
  await customer.fillIn(wish);
  await customer.goOn();
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  await take('pay');
  bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await page.getByText(words.result.receipt.printed).waitFor();
  const { feedback } = words.finish;
  await page.getByRole('radio', { name: feedback.star(4, feedback.stars[3]) }).click();
  await page.getByRole('button', { name: feedback.more }).click();
  await page.getByRole('button', { name: feedback.chips.easy }).click();
  await take('feedback');
  await page.getByRole('dialog').getByRole('button', { name: feedback.send }).click();
  await customer.done();
}

async function servicesInBoth({ kiosk: { page }, bench }: Stage, { take, takeWithWorkbench }: Photographer): Promise<void> {
  for (const language of ['en', 'zh'] as const) {
    const customer = createCustomer(page, language);
    await customer.begin();
    await customer.open('plan-smooth');
    await customer.goOn();
    await customer.fillIn({ offerId: 'plan-smooth', phone });
    if (language === 'zh') await take('phone');
    await customer.goOn();
    if (language === 'en') await take('phone-check');
    await customer.goOn();
    if (language === 'zh') await take('terms');
    await customer.goOn();
    await customer.goOn();
    await customer.fillIn({ offerId: 'plan-smooth' });
    if (language === 'en') await take('consent');
    await customer.goOn();
    await customer.checkOut();
    await customer.pay();
    await customer.askedForCard();
    bench.terminal.sim.tapCard();
    await customer.pickupNumber();
    const words = wordsOf[language];
    // The carrier's reference.
    await page.getByText(/LB[0-9A-F]{12}/).waitFor();
    await page.getByText(words.result.receipt.printed).waitFor();
    await (language === 'zh' ? take('result') : takeWithWorkbench());
    await customer.done();
  }
}

/** WeChat Pay in Chinese, Alipay in English: what works, what is refused, and what nobody knows yet. */
async function byPhone(stage: Stage, money: StageMoney, { take }: Photographer): Promise<void> {
  const { kiosk: { page }, bench, hq } = stage;
  const { phone: person } = money.gateways;
  const title = (name: string) => page.getByRole('heading', { name, exact: true });
  const holds = async (wallet: 'wechat' | 'alipay') => {
    await expect.poll(() => bench.scanner.sim.isLit()).toBe(true);
    bench.scanner.sim.show(person.showCode(wallet, { needsPassword: true }).digits);
    await expect.poll(() => person.asking().length).toBe(1);
    return person.asking()[0]!;
  };
  const { zh, en } = wordsOf;
  const inChinese = createCustomer(page, 'zh');
  const topUp = { offerId: 'top-up-50', phone: '13912345601' };
  await inChinese.begin();
  await inChinese.open(topUp.offerId);
  await inChinese.goOn();
  await inChinese.fillIn(topUp);
  await inChinese.goOn();
  await page.getByRole('dialog').getByText(zh.wallet.number.owner, { exact: true }).waitFor();
  await take('number-owner');
  await inChinese.goOn();
  await inChinese.checkOut();
  await take('ways');
  await inChinese.payWith('wechat');
  const first = await phoneReads(stage, money, 'zh', 'wechat');
  await take('wallet-qr-zh');
  person.pay(first).catch(() => undefined);
  await title(zh.result.refunded).waitFor();
  await page.getByText(zh.result.receipt.printed).waitFor();
  await take('wallet-given-back');
  await inChinese.done();

  const inEnglish = createCustomer(page, 'en');
  await inEnglish.begin();
  await inEnglish.add({ offerId: 'umbrella' });
  await inEnglish.checkOut();
  await inEnglish.payWith('alipay');
  // Read by a phone, Alipay's is confirmed there already.
  await title(en.wallet.show(en.wallet.name.alipay).title).waitFor();
  await take('wallet-qr-en');
  const refused = await holds('wechat');
  await title(en.wallet.confirm(en.wallet.name.wechat).title).waitFor();
  await take('wallet-confirm');
  person.refuse(refused);
  await title(en.wallet.refused.refused(en.wallet.name.wechat).title).waitFor();
  await take('wallet-refused');
  await inEnglish.payWith('alipay');
  await person.pay(await phoneReads(stage, money, 'en', 'alipay'));
  await inEnglish.pickupNumber();
  await page.getByText(en.result.receipt.printed).waitFor();
  await take('wallet-result');
  await inEnglish.done();

  await inEnglish.begin();
  await inEnglish.add({ offerId: 'cola' });
  await inEnglish.checkOut();
  await inEnglish.payWith('wechat');
  await phoneReads(stage, money, 'en', 'wechat');
  await hq.kill();
  await title(en.pay.unknown.title).waitFor();
  await take('wallet-checking');
  await page.getByRole('button', { name: en.pay.unknown.leave }).click();
  await inChinese.begin();
  await inChinese.add({ offerId: 'cola' });
  await inChinese.checkOut();
  await page.getByRole('button', { name: new RegExp(`${zh.wallet.name.alipay}\\s*${zh.wallet.away}`) }).waitFor();
  await take('wallets-away');
  await page.getByRole('button', { name: zh.common.back }).click();
  await hq.start();
  await walletsKnown(stage);
  for (let times = 0; times < 2; times += 1) await page.getByRole('button', { name: zh.common.back }).click();
  await page.getByRole('button', { name: zh.home.leave }).click();
  await page.getByRole('dialog').getByRole('button', { name: zh.leave.go }).click();
}

async function seenDifferently({ kiosk: { page } }: Stage, { take }: Photographer): Promise<void> {
  const access = async (language: Language, change: () => Promise<void>) => {
    const words = wordsOf[language].frame;
    await tool(page, words.tools.accessName).click();
    await change();
    await page.getByRole('dialog').getByRole('button', { name: words.access.done }).click();
  };
  const zh = createCustomer(page, 'zh');
  await zh.begin();
  await tool(page, wordsOf.zh.frame.tools.helpName).click();
  await take('help');
  await page.getByRole('dialog').getByRole('button', { name: wordsOf.zh.finish.help.close }).click();
  await zh.add({ offerId: 'cola' });
  await access('zh', () => page.getByRole('radio', { name: wordsOf.zh.frame.access.sizes.largest }).click());
  await take('largest-text');
  await page.getByRole('button', { name: wordsOf.zh.common.back }).click();
  await page.getByRole('button', { name: wordsOf.zh.home.leave }).click();
  await page.getByRole('dialog').getByRole('button', { name: wordsOf.zh.leave.go }).click();

  const en = createCustomer(page, 'en');
  await en.begin();
  await en.add({ offerId: 'bubble-tea' });
  await tool(page, wordsOf.en.frame.tools.accessName).click();
  await take('access');
  await page.getByRole('dialog').getByText(wordsOf.en.frame.access.contrast).click();
  await page.getByRole('dialog').getByRole('button', { name: wordsOf.en.frame.access.done }).click();
  await take('high-contrast');
  await access('en', () => page.getByRole('dialog').getByText(wordsOf.en.frame.access.contrast).click());
  await tool(page, wordsOf.en.frame.tools.lowerName).click();
  await take('reach');
  await page.getByRole('button', { name: wordsOf.en.common.back }).click();
  await page.getByRole('button', { name: wordsOf.en.home.leave }).click();
  await page.getByRole('dialog').getByRole('button', { name: wordsOf.en.leave.go }).click();
}

async function paused({ kiosk: { page }, hq }: Stage, { take }: Photographer): Promise<void> {
  await hq.tell('command', 'kiosk-001', 'pause', JSON.stringify({ notice: { zh: '盘点中，十点再见', en: 'Stocktaking, back at ten' } }));
  // The kiosk has just found its HQ again.
  await page.getByText(wordsOf.zh.paused.title).waitFor();
  await take('paused');
  await hq.tell('command', 'kiosk-001', 'resume');
  await startTile(page).waitFor();
}

pictures().then(
  () => process.exit(0),
  (cause: unknown) => {
    console.error(`pictures: ${cause instanceof Error ? cause.stack : String(cause)}`);
    process.exit(1);
  },
);
