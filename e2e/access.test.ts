import AxeBuilder from '@axe-core/playwright';
import type { CDPSession, Page } from '@playwright/test';
import type { Language } from '../domain/language.ts';
import { reachShare } from '../renderer/brand.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { measureScreen } from './stage/measure.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

test.describe.configure({ timeout: 240_000 });

/** How a screen is looked at. */
interface Mode {
  readonly width: number;
  readonly height: number;
  /** Attributes of the root, as main.tsx sets them; without them, as the customer has it. */
  readonly root?: Readonly<Record<string, string>>;
  /** Every rule, those about colours alone, or none. */
  readonly axe: 'all' | 'colours' | 'none';
  readonly focus: boolean;
  readonly reach?: boolean;
}

const portrait = { width: 1080, height: 1920 };
const tablet = { width: 768, height: 1024 };
/** The design's least text, and a pixel of the design is never less than 0.8 (tokens.css). */
const leastTextOf = (mode: Mode) => 24 * Math.max(0.8, Math.min(mode.width, mode.height) / 1080);

/** Says of a screen all that is wrong with it, in all modes. */
type Look = (screen: string) => Promise<void>;

async function openEyes({ kiosk }: Stage, modes: readonly Mode[]): Promise<Look> {
  const { page } = kiosk;
  const session = await page.context().newCDPSession(page);
  const share = reachShare({ heightMm: 708, bottomMm: 740 });
  await resize(session, page, modes[0]!);
  return async (screen) => {
    for (const mode of modes) {
      await resize(session, page, mode);
      const before = await page.evaluate((root) => {
        const { dataset } = document.documentElement;
        const kept = Object.fromEntries(Object.keys(root).map((name) => [name, dataset[name]]));
        Object.assign(dataset, root);
        return kept;
      }, mode.root ?? {});
      await painted(page);
      // As if by key: then the focus is seen. Shift alone does nothing.
      if (mode.focus) await page.keyboard.press('Shift');
      const measured = await page.evaluate(measureScreen, {
        leastMain: 60, leastOther: 48, leastText: leastTextOf(mode), highest: mode.reach && screen !== 'attract' && screen !== 'language' ? 1 - share : 0, focus: mode.focus,
      });
      const { violations } = mode.axe === 'none' ? { violations: [] } : await examine(page, mode.axe);
      const name = `${screen}, ${mode.width}×${mode.height}${Object.entries(mode.root ?? {}).map(([key, value]) => ` ${key} ${value}`).join('')}`;
      const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `axe ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
      // The rest is looked at all the same.
      expect.soft([...measured, ...broken], name).toEqual([]);
      await page.evaluate((kept) => {
        const { dataset } = document.documentElement;
        for (const [key, value] of Object.entries(kept)) {
          if (value === undefined) delete dataset[key];
          else dataset[key] = value;
        }
      }, before);
    }
    await resize(session, page, modes[0]!);
    await painted(page);
  };
}

function examine(page: Page, rules: 'all' | 'colours') {
  // Not the mode that opens a page of its own: the kiosk has one window.
  const builder = new AxeBuilder({ page }).setLegacyMode(true);
  return (rules === 'all' ? builder.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']) : builder.withRules(['color-contrast'])).analyze();
}

async function resize(session: CDPSession, page: Page, { width, height }: Mode): Promise<void> {
  const now = await page.evaluate(() => [innerWidth, innerHeight]);
  if (now[0] === width && now[1] === height) return;
  await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  await expect.poll(() => page.evaluate(() => `${innerWidth}×${innerHeight}`)).toBe(`${width}×${height}`);
}

async function painted(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  });
}

/** From the attract screen to the result, by way of every screen that there is; the name of each is told to `look`. */
async function walk(stage: Stage, language: Language, look: Look, wishes: (page: Page) => Promise<void>): Promise<void> {
  const { page } = stage.kiosk;
  const { sim } = stage.bench.terminal;
  const words = wordsOf[language];
  const customer = createCustomer(page, language);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const sheet = page.getByRole('dialog');
  const escape = async () => {
    for (let presses = 0; (await sheet.isVisible()) && presses < 12; presses += 1) await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  };

  await expect(button(/Touch to start/)).toBeVisible();
  await look('attract');
  await button(/Touch to start/).click();
  await expect(page.getByRole('heading', { name: words.language.title })).toBeVisible();
  await look('language');
  await button(language === 'zh' ? '中文' : 'English').last().click();
  await expect(page.getByRole('heading', { name: words.home.title })).toBeVisible();
  await wishes(page);
  await look('home');

  await customer.search('cola');
  await look('search');
  await button(words.shop.search.clear).click();
  await customer.type('zzqx');
  await look('search without a find');
  await button(words.common.back).click();

  await button(words.frame.tools.accessName).click();
  await look('how to see and hear');
  await escape();
  await button(words.frame.tools.helpName).click();
  await look('help');
  await sheet.getByRole('button', { name: words.finish.help.search }).click();
  await customer.type('ca');
  await look('help, searching');
  await sheet.getByRole('listitem').first().getByRole('button').click();
  await look('help, an answer');
  await escape();

  await customer.open('cola');
  await look('offer');
  await customer.goOn();
  await look('list');
  await customer.open('noodle-combo');
  await look('combo');
  await customer.goOn();
  await look('combo, a step');
  await sheet.getByRole('button', { name: words.details.next, exact: true }).click();
  await look('combo, something is missing');
  await escape();

  const plan = { offerId: 'plan-smooth', phone: '13912345678' };
  await customer.open('plan-smooth');
  await customer.goOn();
  await look('terms');
  await customer.goOn();
  await look('phone');
  await customer.fillIn(plan);
  await customer.goOn();
  await look('phone, once more');
  await customer.goOn();
  await look('a choice');
  await customer.goOn();
  await look('consent');
  await escape();

  const tea = { offerId: 'tea-set', form: { 'contact-name': '王小明', 'contact-phone': '13912345678', street: '人民路 12 号' }, district: language === 'zh' ? ['广东省', '深圳市', '南山区'] : ['Guangdong', 'Shenzhen', 'Nanshan District'] };
  await customer.open('tea-set');
  await customer.goOn();
  await customer.type('wang');
  await look('fields with the keyboard');
  await sheet.getByRole('button', { name: words.details.next, exact: true }).click();
  await look('fields, something is wrong');
  await customer.fillIn(tea);
  await customer.goOn();
  await look('address, provinces');
  await customer.fillIn(tea);
  await look('address, districts');
  await customer.goOn();
  await look('street');
  await customer.fillIn(tea);
  await customer.goOn();

  await button(words.common.back).click();
  await button(words.home.leave).click();
  await look('leave');
  await sheet.getByRole('button', { name: words.leave.stay }).click();
  await customer.add({ offerId: 'craft-beer' });
  await page.getByRole('button', { name: words.cart.view(3, '').trim().slice(0, 4) }).click();
  await look('cart');
  await customer.checkOut();
  await look('review');
  await customer.pay();
  await expect(sheet).toBeVisible();
  await look('refusals');
  await escape();
  await button(words.common.back).click();
  await button(words.cart.remove(nameOf('craft-beer', language))).click();
  await customer.checkOut();

  await customer.pay();
  await customer.askedForCard();
  await look('pay');
  sim.decline();
  await expect(page.getByRole('heading', { name: words.pay.due.declined.title })).toBeVisible();
  await look('pay, declined');
  await customer.payAgain();
  await customer.askedForCard();
  await stage.bench.terminal.unplug();
  await expect(page.getByRole('heading', { name: words.pay.unknown.title })).toBeVisible();
  await look('pay, not known');
  await stage.bench.terminal.plug();
  await customer.payAgain();
  await customer.askedForCard();
  sim.tapCard();
  await customer.pickupNumber();
  await look('result');
  await button(words.finish.feedback.more).click();
  await look('feedback');
  await sheet.getByRole('button', { name: words.finish.feedback.writeWords }).click();
  await look('feedback, writing');
}

const nameOf = (offerId: string, language: Language) => catalogue.offers.find(({ id }) => id === offerId)!.name[language];

const patient = { idleWarningMs: 180_000, idleEndMs: 60_000, resultMs: 180_000, unpaidOrderMs: 600_000, receiptMs: 180_000 };

test.describe('every screen', () => {
  test.use({ changes: { times: patient } });

  test('in Chinese, upright and on a tablet, by day and by night: nothing is too small, cut off, covered, out of order or without a name', async ({ stage }) => {
    const look = await openEyes(stage, [
      { ...portrait, axe: 'all', focus: true },
      { ...portrait, root: { ground: 'dark' }, axe: 'colours', focus: true },
      { ...tablet, root: { text: 'large' }, axe: 'none', focus: false },
    ]);
    await walk(stage, 'zh', look, async () => {});
  });

  test('in English with the largest text, high contrast and everything within reach: the same, and no control above 1220 mm', async ({ stage }) => {
    const words = wordsOf.en.frame;
    const look = await openEyes(stage, [
      { ...portrait, axe: 'all', focus: true, reach: true },
      { ...tablet, axe: 'none', focus: false, reach: true },
      { width: 1920, height: 1080, root: { text: 'large' }, axe: 'none', focus: false },
    ]);
    await walk(stage, 'en', look, async (page) => {
      await page.getByRole('button', { name: words.tools.accessName }).click();
      await page.getByRole('radio', { name: words.access.sizes.largest }).click();
      await page.getByRole('button', { name: words.access.contrast }).click();
      await page.getByRole('button', { name: words.access.reach }).click();
      await page.getByRole('button', { name: words.access.done }).click();
      expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject({ text: 'largest', contrast: 'high', reach: '' });
    });
  });
});
