import type { Locator, Page } from '@playwright/test';
import type { Language } from '../domain/language.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import type { Look } from './stage/eyes.ts';
import { openEyes, painted, portrait, resize, tablet, tabletOnSide, wide } from './stage/eyes.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

/** From the attract screen to the result, by way of every screen that there is; the name of each is told to `look`. */
async function walk(stage: Stage, language: Language, look: Look, wishes: (page: Page) => Promise<void>): Promise<void> {
  const { page } = stage.kiosk;
  const { sim } = stage.bench.terminal;
  const words = wordsOf[language];
  const customer = createCustomer(page, language);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const sheet = page.getByRole('dialog');
  const openCart = () => page.getByRole('button', { name: words.cart.view(1, '').slice(0, 4) }).click();
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
  await look('phone');
  await customer.fillIn(plan);
  await customer.goOn();
  await look('phone, once more');
  await customer.goOn();
  await look('terms');
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
  await sheet.getByRole('textbox').fill('');
  await sheet.getByRole('button', { name: words.details.next, exact: true }).click();
  await look('fields, something is wrong');
  while (await sheet.getByRole('heading', { name: words.details.district.title }).isHidden()) {
    await customer.fillIn(tea);
    await customer.goOn();
  }
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
  await customer.add({ offerId: 'top-up-50', phone: '13912345678' });
  await openCart();
  await look('cart');
  await customer.checkOut();
  await look('review');
  await customer.pay();
  await expect(sheet).toBeVisible();
  await look('refusals');
  await escape();
  await button(words.common.back).click();
  const bin = button(words.cart.remove(nameOf('top-up-50', language)));
  await bin.click();
  await look('cart, asking before a line goes');
  await bin.click();
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
  // With the top-up the walk's order is more than one may come to, and without it it is not.
  test.use({ changes: { times: patient, maxOrderTotal: 26800 } });

  test('in Chinese, upright and on a tablet, by day and by night: nothing is too small, cut off, covered, out of order or without a name', async ({ stage }) => {
    const look = await openEyes(stage, [
      { ...portrait, axe: true, focus: true },
      { ...portrait, root: { ground: 'dark' }, axe: false, focus: true },
      { ...tablet, root: { text: 'large' }, axe: false, focus: false },
      { ...wide, axe: false, focus: false },
    ]);
    await stage.kiosk.page.emulateMedia({ reducedMotion: 'reduce' });
    await walk(stage, 'zh', look, async () => {});
  });

  test('in English with the largest text, high contrast and everything within reach: the same, and no control above 1220 mm', async ({ stage }) => {
    const words = wordsOf.en.frame;
    await stage.kiosk.page.emulateMedia({ reducedMotion: 'reduce' });
    const look = await openEyes(stage, [
      { ...portrait, axe: true, focus: true, reach: true },
      { ...tablet, axe: false, focus: false, reach: true },
      { width: 1920, height: 1080, root: { text: 'large' }, axe: false, focus: false },
      { ...tabletOnSide, axe: false, focus: false },
    ]);
    await walk(stage, 'en', look, async (page) => {
      await page.getByRole('button', { name: words.tools.accessName }).click();
      await page.getByRole('radio', { name: words.access.sizes.largest }).click();
      await page.getByRole('button', { name: words.access.contrast }).click();
      await page.getByRole('button', { name: words.access.reach }).click();
      await page.getByRole('button', { name: words.access.calm }).click();
      await page.getByRole('button', { name: words.access.done }).click();
      // From here on it is the customer's own wish that nothing moves.
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toMatchObject({ text: 'largest', contrast: 'high', reach: '', calm: '' });
    });
  });
});

test.describe('a finger, a key, and what comes by itself', () => {
  test.use({ changes: { times: { ...patient, idleWarningMs: 20_000 } } });

  test('nothing happens before the finger is lifted, or where it slid away; a sheet takes the focus, keeps it and gives it back; the question for more time and the pause are as good as the rest', async ({ stage }) => {
    const { page } = stage.kiosk;
    const words = wordsOf.en;
    const customer = createCustomer(page, 'en');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const look = await openEyes(stage, [{ ...portrait, axe: true, focus: true }, { ...tablet, root: { text: 'largest' }, axe: false, focus: false }]);
    const button = (name: string | RegExp) => page.getByRole('button', { name });

    await expect(button(/Touch to start/)).toBeVisible();
    await button(/Touch to start/).click();
    await slidesOff(page, button('English').last());
    await button('English').last().click();
    await slidesOff(page, page.getByRole('region', { name: words.home.business.goods }).getByRole('button').first());
    await customer.open('cola');
    await slidesOff(page, button(words.offer.more));
    await slidesOff(page, button(new RegExp(`^${words.offer.add('').trim()}`)));
    await customer.goOn();
    await slidesOff(page, button(words.offers.addOne(nameOf('apple-juice', 'en'))));
    await slidesOff(page, button(words.cart.checkOut));
    await button(words.frame.tools.accessName).click();
    await slidesOff(page, button(words.frame.access.contrast));
    await slidesOff(page, page.getByRole('radio', { name: words.frame.access.sizes.largest }));
    await page.keyboard.press('Escape');
    await customer.search('a');
    await slidesOff(page, button(words.details.keyboard.letter('b')));

    // A sheet by keys alone.
    const opener = button(words.frame.tools.accessName);
    const sheet = page.getByRole('dialog');
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect(sheet).toBeVisible();
    for (let presses = 0; presses < 20; presses += 1) {
      expect(await sheet.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(opener).toBeFocused();

    await expect(page.getByRole('dialog', { name: words.idle.title })).toBeVisible();
    await look('the question for more time');
    await slidesOff(page, button(words.idle.go), withoutSeconds);
    await button(words.idle.go).click();
    await expect.poll(async () => (await stage.hq.kiosk()).row.lastSeenAt).not.toBeNull();
    await stage.hq.tell('command', 'kiosk-001', 'pause', JSON.stringify({ notice: { zh: '盘点中，十点再见', en: 'Stocktaking, back at ten' } }));
    await expect(page.getByText(words.paused.title)).toBeVisible();
    await look('paused');
  });
});

test.describe('without a drag', () => {
  test.use({ changes: { times: patient } });

  test('on the lowest screens every control is large enough, a list goes to its end and back by presses, what is wrong with a field stands in sight above its keys, and a choice beyond the most says why it cannot be made', async ({ stage }) => {
    const { page } = stage.kiosk;
    const words = wordsOf.en;
    const customer = createCustomer(page, 'en');
    const session = await page.context().newCDPSession(page);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await customer.begin();
    // With the least height, words of the usual size make the least controls.
    const look = await openEyes(stage, [{ ...tabletOnSide, axe: false, focus: false }, { ...wide, axe: false, focus: false }]);
    await look('home');
    await page.getByRole('region', { name: words.home.business.goods }).getByRole('button').first().click();
    await look('list');
    await page.getByRole('button', { name: words.common.back }).click();

    const home = page.locator('.home');
    const atEnd = () => home.evaluate((list) => list.scrollTop > 0 && list.scrollHeight - list.scrollTop - list.clientHeight <= 8);
    for (let presses = 0; presses < 12 && !(await atEnd()); presses += 1) await page.getByText(words.offer.moreBelow, { exact: true }).click();
    expect(await atEnd()).toBe(true);
    await page.getByText(words.offer.toTop, { exact: true }).click();
    await expect.poll(() => home.evaluate((list) => list.scrollTop)).toBe(0);

    await resize(session, page, portrait);
    await customer.open('tea-set');
    const tea = { offerId: 'tea-set', form: { 'contact-name': 'Ada', 'contact-phone': '13912345678', street: 'Keji Road 24' }, district: ['Guangdong', 'Shenzhen', 'Nanshan District'] };
    const street = page.getByRole('textbox', { name: /^Street/ });
    while (await street.isHidden()) {
      await customer.fillIn(tea);
      await customer.goOn();
    }
    await customer.fillIn({ ...tea, form: { street: 'Keji Road 24', postcode: '100001' } });
    await page.getByRole('button', { name: new RegExp(`^${words.offer.add('').trim()}`) }).click();
    for (const size of [portrait, tablet, tabletOnSide, wide]) {
      await resize(session, page, size);
      const postcode = page.locator('.field--active input');
      // Something else is wrong now, and then the first again.
      for (const typed of ['10000', '100001']) {
        await postcode.fill(typed);
        await painted(page);
        const seen = await page.locator('.field--active .field__note--bad').evaluate((note) => {
          const { left, top, bottom } = note.getBoundingClientRect();
          return [top + 3, bottom - 3].map((y) => note.contains(document.elementFromPoint(left + 12, y)));
        });
        expect(seen, `${typed} on ${size.width}×${size.height}`).toEqual([true, true]);
      }
    }
    await resize(session, page, portrait);
    for (let presses = 0; (await page.getByRole('dialog').isVisible()) && presses < 12; presses += 1) await page.keyboard.press('Escape');

    const topped = catalogue.offers.find(({ options }) => options.some(({ max, repeats, choices }) => max > 1 && !repeats && choices.length > max))!;
    const group = topped.options.find(({ max, repeats, choices }) => max > 1 && !repeats && choices.length > max)!;
    await customer.open(topped.id);
    const boxes = group.choices.map(({ name }) => page.getByRole('checkbox', { name: new RegExp(`^${name.en}`) }));
    for (const box of boxes.slice(0, group.max)) await box.click();
    const last = boxes[group.max]!;
    await expect(last).toHaveAttribute('aria-disabled', 'true');
    await expect(last).toHaveAccessibleDescription(words.details.chosenAll);
    await last.click({ force: true });
    await expect(last).not.toBeChecked();
    for (const box of boxes.slice(0, group.max)) await expect(box).toBeChecked();
    await boxes[0]!.click();
    await last.click();
    await expect(last).toBeChecked();
  });
});

/** Puts a finger on it, slides it away and lifts it there: nothing has happened, neither before nor after. */
async function slidesOff(page: Page, control: Locator, as = (text: string) => text): Promise<void> {
  const box = (await control.boundingBox())!;
  const seen = async () => (await shown(page)).map(as);
  const before = await seen();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await painted(page);
  expect(await seen(), 'while the finger is down').toEqual(before);
  await page.mouse.move(2, 2, { steps: 4 });
  await page.mouse.up();
  await painted(page);
  expect(await seen(), 'after the finger slid away').toEqual(before);
}

/** A countdown goes on by itself. */
function withoutSeconds(text: string): string {
  return text.replace(/\d+/g, '#');
}

function shown(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [
    ...[...document.querySelectorAll<HTMLElement>('main h1, main h2, .page__cart, [role=dialog], output')].map((element) => element.innerText),
    ...[...document.querySelectorAll('[aria-pressed], [aria-checked]')].map((element) => `${element.getAttribute('aria-pressed')} ${element.getAttribute('aria-checked')}`),
    ...[...document.querySelectorAll('input')].map((element) => element.value),
  ]);
}
