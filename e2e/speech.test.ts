import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../build/start/child.ts';
import type { Catalogue } from '../domain/catalogue/catalogue.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue } from './stage/customer.ts';
import type { Listener } from './stage/listener.ts';
import { createListener } from './stage/listener.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';

test.describe('without sight, by five keys and help', () => {
  test('in Chinese: food with its options, in number and size, from the attract screen to the receipt and a rating', async ({ stage }) => {
    const { page } = stage.kiosk;
    await isReady(stage);
    const ear = await createListener(page);

    // The machine says what it can before anybody has chosen a language: both.
    expect(await ear.pressUntil('on', /请选择语言/)).toMatch(/^语音已打开。.*\nSpeech is on\..*\n请选择语言/s);
    // It is really heard: core's sound plays, and the next key breaks it off.
    await expect.poll(async () => (await ear.sounds()).seconds.length).toBeGreaterThan(0);
    expect(await ear.press('down')).toBe('中文，按钮');
    const { brokenOff } = await ear.sounds();
    expect(brokenOff).toBeGreaterThan(0);
    expect(await ear.pressUntil('ok', /有 \d+ 项可选/)).toMatch(/^您想办点什么？/);

    expect(await ear.goTo(/现做美食/, 'right')).toBe('现做美食，面食，按钮，第 1 项，共 7 项');
    await ear.goTo(/^茶饮，按钮/);
    expect(await ear.pressUntil('ok', /项可选/)).toMatch(/^茶饮。/);
    expect(await ear.press('down')).toMatch(/^珍珠奶茶，￥15\.00 起，.+，按钮，第 1 项，共 5 项$/);
    expect(await ear.pressUntil('ok', /按左键/)).toMatch(/^弹出窗口，珍珠奶茶。.*按左键：加入购物车 ￥15\.00。$/);

    // Number, size and topping, each told before and after it changes, with what it costs then.
    await ear.goTo(/^数量，可调节，1，按左右键调节$/);
    expect(await ear.pressUntil('right', /￥/)).toBe('2。加入购物车 ￥30.00。');
    expect(await ear.goTo(/中杯/)).toMatch(/杯型，中杯，单选项，已选中，第 1 项，共 2 项$/);
    expect(await ear.pressUntil('right', /￥36/)).toBe('大杯 +￥3，单选项，已选中，第 2 项，共 2 项\n加入购物车 ￥36.00。');
    expect(await ear.goTo(/珍珠 \+￥2/)).toMatch(/加料，珍珠 \+￥2，复选项，未选中$/);
    expect(await ear.pressUntil('ok', /￥40/)).toMatch(/已选中。?/);
    expect(await ear.goTo(/标题$/, 'up')).toMatch(/加料，标题/);
    await ear.goTo(/珍珠奶茶，标题/, 'up');
    expect(await ear.press('left')).toBe('加入购物车 ￥40.00，按钮');
    expect(await ear.pressUntil('ok', /回到茶饮/)).toMatch(/^珍珠奶茶已加入，共 2 件。合计 ￥40\.00。回到茶饮。珍珠奶茶，￥15\.00 起，已选 2 件，.*第 1 项，共 5 项。$/);

    expect(await ear.goTo(/查看已选/, 'right')).toBe('已选清单，查看已选 2 件 ￥40.00，按钮');
    expect(await ear.pressUntil('ok', /按左键/)).toMatch(/合计 ￥40\.00.*按左键：去结算。$/);
    expect(await ear.press('left')).toBe('去结算，按钮');
    expect(await ear.pressUntil('ok', /按左键/)).toMatch(/合计 ￥40\.00.*收据.*按左键：付款 ￥40\.00。$/);
    await ear.press('left');
    await ear.holdUntil('ok', /^付款 ￥40\.00，按钮$/m);
    const asked = await ear.pressUntil('ok', /请刷卡/);
    expect(asked).toContain('合计 ￥40.00');
    expect(asked).toContain('请刷卡、插卡或挥卡。卡或手机靠近刷卡机都可以。');
    await ear.goTo(/刷卡机在/);
    stage.bench.terminal.sim.tapCard();
    const paid = await ear.hears(/按左键：完成/);
    // What the terminal asks for is told as it comes, and the number and where to go come with the thanks.
    expect(paid).toMatch(/请稍等….*付款成功。付款方式：银行卡（尾号 1234）。取货号。[A-Z]\d{3}。取餐台，/s);
    const [called = ''] = /[A-Z]\d{3}/.exec(paid) ?? [];
    await expect.poll(async () => (await ear.transcript()).join('\n')).toContain('请取走您的小票');

    expect(await ear.goTo(/^[A-Z]\d{3}$/)).toBe(called);
    await ear.goTo(/5 星/);
    await ear.pressUntil('ok', /已选中/);
    await ear.goTo(/^提交评价，按钮$/);
    await ear.pressUntil('ok', /谢谢您的评价/);
    await ear.goTo(/付款成功，标题/, 'left');
    expect(await ear.press('left')).toBe('完成，按钮');
    expect(await ear.pressUntil('ok', /语音已关闭/)).toBe('本次服务已结束，语音已关闭。');

    const { seconds } = await ear.sounds();
    const said = await ear.transcript();
    expect(Math.min(...seconds)).toBeGreaterThan(0.1);
    expect(await ear.touches()).toBe(0);
    expect(said.join('\n')).not.toMatch(/undefined|NaN|\[object/);

    const audit = await stage.audit(1);
    expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ number: called, amount: 4000, kiosk: { state: 'fulfilled', receipt: 'done' }, terminal: { amount: 4000 }, printed: { slips: 1 } }] });
  });

  test.describe('where a price changes and time runs out', () => {
    /** The kiosk's own catalogue file, which counts as long as HQ has given it none: what changes in it is in force at once. */
    const file = path.join(os.tmpdir(), `counter24-e2e-speech-${process.pid}.json`);
    const write = (changed: Catalogue) => fs.writeFileSync(file, JSON.stringify(changed));
    test.use({ changes: { catalogueFile: file, times: { idleWarningMs: 8000, idleEndMs: 20_000, resultMs: 20_000, unpaidOrderMs: 600_000, receiptMs: 180_000 } } });
    test.beforeAll(() => write(catalogue));
    test.afterAll(() => fs.rmSync(file, { force: true }));

    test('in English: what most people buy in eight presses, a top-up by the keypad, help, and a voice that is louder and faster for this customer alone', async ({ stage }) => {
      const { page } = stage.kiosk;
      await isReady(stage);
      const ear = await createListener(page);
      await ear.pressUntil('on', /请选择语言/);
      await ear.goTo(/^English, button$/);
      await ear.pressUntil('ok', /^What can we get you\?.* \d+ items to choose from\.$/m);
      expect(await ear.press('right')).toBe('Most bought, Buy now, Ice-cold cola, ￥3.50, button, 1 of 4');
      expect(await ear.pressUntil('ok', /Left: Pay/)).toMatch(/^Ice-cold cola added, 1 item in all\. Check your order\. total ￥3\.50\. Pay by card.*Left: Pay ￥3\.50\.$/);
      // One more "left" and "OK" would pay.
      expect(ear.presses()).toBe(6);

      write({ ...catalogue, revision: catalogue.revision + 1, offers: catalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, price: 480 } : offer)) });
      const changed = await ear.hears(/￥4\.80/);
      expect(changed).toMatch(/Ice-cold cola.*￥3\.50.*￥4\.80/s);

      // Nobody answers for a while, and the machine asks. The countdown is told, and not each second.
      const asked = await ear.hears(/seconds left/);
      expect(asked).toMatch(/^dialog, .+/m);
      expect(await ear.hears(/5 seconds left/)).not.toMatch(/4 seconds left/);
      await ear.press('left');
      expect(await ear.pressUntil('ok', /back to/)).toContain('back to Check your order.');

      // Back from the review is what was chosen, and back from there the shop.
      await ear.goTo(/^Back, button$/);
      await ear.pressUntil('ok', /^Your order\..*Left: Check out\.$/m);
      await ear.goTo(/^Keep looking, button$/);
      await ear.pressUntil('ok', /What can we get you/);
      await ear.goTo(/Top-up ￥50/);
      expect(await ear.pressUntil('ok', /Left: Next/)).toMatch(/^dialog, Top-up ￥50\. Step 1 of 3/);
      await ear.press('left');
      expect(await ear.pressUntil('ok', /Left: Next/)).toMatch(/^Enter the mobile number\. Step 2 of 3/);
      expect(await ear.goTo(/text field/)).toMatch(/^Mobile number, text field, empty/);
      expect(await ear.goTo(/1$/)).toMatch(/^Number pad: .+, the four arrows move from key to key, 1$/);
      for (const [place, digit] of [...'13912345678'].entries()) {
        await toKey(ear, place === 0 ? '1' : '13912345678'[place - 1]!, digit);
        expect(await ear.pressUntil('ok', place === 10 ? /Complete/ : /to go/)).toMatch(new RegExp(`^${digit}\\.`));
      }
      await ear.goTo(/^Back, button$/);
      expect(await ear.press('down')).toBe('Next, button');
      expect(await ear.pressUntil('ok', /Left:/)).toMatch(/^Is this number right\? Step 3 of 3.*1 3 9 +1 2 3 4 +5 6 7 8.*Left: Yes, this number\.$/);
      await ear.press('left');
      expect(await ear.pressUntil('ok', /back to/)).toMatch(/Top-up ￥50 added, 2 items in all\. total ￥54\.80\. back to What can we get you\?/);

      // Help, and how the keys work, over whatever is open; then where one was.
      expect(await ear.pressUntil('help', /Can we help/)).toMatch(/^dialog, Can we help\? On this screen/);
      expect(await ear.press('help')).toMatch(/^About the keys\..*PIN is entered on the card terminal alone/);
      await ear.goTo(/^Close.*button$|^Back.*button$/);
      expect(await ear.pressUntil('ok', /back to/)).toMatch(/Top-up ￥50/);

      const normal = await ear.gain();
      expect(await ear.press('louder')).toBe('volume 7');
      expect(await ear.gain()).toBeGreaterThan(normal);
      expect(await ear.press('faster')).toBe('speed 205');
      await ear.goTo(/What can we get you\?, heading|What can we get you\? heading/, 'left');
      expect(await ear.press('left')).toBe('Check out, button');
      await ear.pressUntil('ok', /Left: Pay ￥54\.80/);
      await ear.press('left');
      await ear.pressUntil('ok', /Tap, insert or swipe your card/);
      stage.bench.terminal.sim.tapCard();
      expect(await ear.hears(/Left: Done/)).toMatch(/Paid, thank you\.[^]*Pickup number\. [A-Z]\d{3}\./);
      await ear.press('left');
      expect(await ear.pressUntil('ok', /Speech is off/)).toBe('Your visit has ended. Speech is off.');
      await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();

      // The next customer has the normal voice, in the shop's own language first.
      await ear.pressUntil('on', /请选择语言/);
      expect(await ear.gain()).toBe(normal);
      expect(await ear.press('louder')).toBe('音量 7');
      expect(await ear.press('faster')).toBe('语速 205');
      expect(await ear.press('off')).toBe('语音已关闭。');

      const said = (await ear.transcript()).join('\n');
      expect(said).not.toMatch(/undefined|NaN|\[object/);
      expect(said, 'a phone number is never read as one large number').not.toContain('13912345678');
      expect(await ear.touches()).toBe(0);
      expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 5480, printed: { slips: 1 } }] });
    });
  });
});

test.describe('where no voice is installed', () => {
  test.use({ changes: { speech: { program: 'no-such-voice' } } });

  test('the kiosk sells, and says so to its customers and in the diagnostics', async ({ stage }) => {
    const { page } = stage.kiosk;
    await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
    await expect.poll(() => stage.kiosk.output()).toContain('SPEECH_PROGRAM_MISSING');
    const device = await promisify(execFile)(process.execPath, [path.join(root, 'hardware/cli/device.ts'), 'status', `--data=${stage.dataFolder}`]).catch((failed: { readonly stdout: string }) => failed);
    expect(device.stdout).toMatch(/^speech +missing/m);

    // The keys go on working: whoever sees a little follows the ring.
    const ear = await createListener(page);
    await ear.pressUntil('on', /请选择语言/);
    await ear.goTo(/^English/);
    await ear.pressUntil('ok', /What can we get you/);
    await expect(page.locator('[data-reading]')).toHaveText('What can we get you?');
    await page.getByRole('button', { name: wordsOf.en.frame.tools.accessName }).click();
    await expect(page.getByText(wordsOf.en.frame.access.speechMissing)).toBeVisible();
    expect((await ear.sounds()).seconds).toEqual([]);
  });
});

/** Nothing changes by itself any more: HQ knows the kiosk. */
async function isReady({ kiosk, hq }: Stage): Promise<void> {
  await expect(kiosk.page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  await expect.poll(async () => (await hq.kiosk()).row.lastSeenAt).not.toBeNull();
}

/** From one digit to another, as they lie on a telephone; each key is named before it is pressed. */
async function toKey(ear: Listener, from: string, to: string): Promise<void> {
  const [fromY, fromX] = placeOf(from);
  const [toY, toX] = placeOf(to);
  const across = () => Array.from({ length: Math.abs(toX - fromX) }, () => (toX > fromX ? ('right' as const) : ('left' as const)));
  const along = Array.from({ length: Math.abs(toY - fromY) }, () => (toY > fromY ? ('down' as const) : ('up' as const)));
  const keys = [...along, ...across()];
  if (keys.length > 0) expect(await ear.press(...keys)).toBe(to);
}

function placeOf(digit: string): readonly [number, number] {
  return digit === '0' ? [3, 1] : [Math.floor((Number(digit) - 1) / 3), (Number(digit) - 1) % 3];
}
