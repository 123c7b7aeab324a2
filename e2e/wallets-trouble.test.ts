import fs from 'node:fs';
import type { Page } from '@playwright/test';
import type { KioskConfig } from '../domain/contract/config.ts';
import type { Language } from '../domain/language.ts';
import type { Wallet } from '../domain/scan/payment-code.ts';
import type { TradeView } from '../hq/server/sim/wallets/phone/phone.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import type { Look } from './stage/eyes.ts';
import { openEyes, portrait } from './stage/eyes.ts';
import type { Stage } from './stage/stage.ts';
import { expect } from './stage/stage.ts';
import type { StageMoney } from './stage/wallets.ts';
import { phoneReads, test, walletsKnown } from './stage/wallets.ts';

test.use({ changes: { times: { idleWarningMs: 180_000, idleEndMs: 60_000, resultMs: 180_000, unpaidOrderMs: 600_000, receiptMs: 180_000, walletMs: 15_000 } } });

const title = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

/** To a code on the screen, which a phone reads. Answers the payment as the phone shows it. */
async function reads(stage: Stage, money: StageMoney, language: Language, wallet: Wallet) {
  const customer = createCustomer(stage.kiosk.page, language);
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await customer.checkOut();
  await customer.payWith(wallet);
  return phoneReads(stage, money, language, wallet);
}

const tradeOf = ({ gateways: { books } }: StageMoney, { wallet, tradeNo }: { readonly wallet: Wallet; readonly tradeNo: string }) => books.trade(wallet, tradeNo)!;

test('the time limit, a cancel in the moment of the payment, HQ away before and in the middle: nobody pays for nothing, nobody is told a guess, and what came too late is given back by itself', async ({ stage, money }) => {
  await walletsKnown(stage);
  const look = await openEyes(stage, [
    { ...portrait, axe: true, focus: true },
    { width: 1920, height: 1080, axe: true, focus: false },
    { ...portrait, root: { text: 'largest' }, axe: true, focus: false },
    { width: 1920, height: 1080, root: { text: 'large' }, axe: false, focus: false },
  ]);
  await tooLate(stage, money, look, 'zh', 'wechat');
  await tooLate(stage, money, look, 'en', 'alipay');
  await cancelledInThatMoment(stage, money);
  const kept = await hqGoes(stage, money, look, 'en', 'wechat');
  await stage.hq.start();
  // Not long after: the order stands, and its customer has its number and its receipt.
  await expect.poll(async () => (await stage.hq.orders()).filter(({ row }) => row.state === 'fulfilled').length).toBe(3);
  expect(tradeOf(money, kept)).toMatchObject({ state: 'paid', refundedFen: 0 });
  await walletsKnown(stage);

  const late = await hqGoes(stage, money, look, 'zh', 'alipay');
  // Long after, and the kiosk has been off meanwhile: nobody waits for it any more.
  await stage.kiosk.close();
  const config = JSON.parse(fs.readFileSync(stage.configFile, 'utf8')) as KioskConfig;
  fs.writeFileSync(stage.configFile, JSON.stringify({ ...config, times: { ...config.times, unpaidOrderMs: 1000 } }));
  await stage.hq.start();
  await stage.restartKiosk();
  await expect.poll(() => tradeOf(money, late).refundedFen).toBe(350);

  const audit = await stage.audit(7);
  expect(audit).toMatchObject({ agree: true, strays: [] });
  expect(audit.orders.map(({ kiosk: { state }, wallet }) => [state, wallet])).toEqual([
    ['cancelled', { paid: 350, refunded: 350 }], ['cancelled', { paid: 350, refunded: 350 }], ['fulfilled', { paid: 350, refunded: 0 }],
    ['fulfilled', null], ['fulfilled', { paid: 350, refunded: 0 }], ['fulfilled', null], [expect.stringMatching(/^(cancelled|expired|refunded)$/), { paid: 350, refunded: 350 }],
  ]);
});

/** Nothing was charged when the time is over; what the phone pays afterwards is back without anybody asking. */
async function tooLate(stage: Stage, money: StageMoney, look: Look, language: Language, wallet: Wallet): Promise<void> {
  const { page } = stage.kiosk;
  const words = wordsOf[language];
  const trade = await reads(stage, money, language, wallet);
  await expect(title(page, words.wallet.due.too_late(words.wallet.name[wallet]).title)).toBeVisible();
  await look(`${language}: too late`);
  expect(await money.gateways.phone.pay(trade, { force: true })).toMatchObject({ ok: true });
  await expect.poll(() => tradeOf(money, trade).refundedFen).toBe(350);
  await page.getByRole('button', { name: words.pay.giveUp }).click();
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
}

/** The phone pays just before the gateway hears of the cancel: its customer stands there, and gets what was paid for. */
async function cancelledInThatMoment(stage: Stage, money: StageMoney): Promise<void> {
  const { page } = stage.kiosk;
  const words = wordsOf.en;
  money.gateways.script.person({ does: 'pay', when: { on: 'close', side: 'before' } });
  const trade = await reads(stage, money, 'en', 'wechat');
  await page.getByRole('button', { name: words.pay.cancel }).click();
  await createCustomer(page, 'en').pickupNumber();
  await expect(page.getByText(words.wallet.paidBy(words.wallet.name.wechat))).toBeVisible();
  expect(tradeOf(money, trade)).toMatchObject({ state: 'paid', refundedFen: 0 });
  await createCustomer(page, 'en').done();
}

/** HQ is away while somebody pays by card; then it goes while a phone pays, and has not come back when its customer leaves. */
async function hqGoes(stage: Stage, money: StageMoney, look: Look, language: Language, wallet: Wallet): Promise<TradeView> {
  const { page } = stage.kiosk;
  const words = wordsOf[language];
  const names = words.wallet.name;
  const customer = createCustomer(page, language);
  const ways = page.getByRole('group', { name: new RegExp(words.wallet.choose('').trim()) });

  // Away before: greyed, with the reason in words.
  await stage.hq.stop();
  await customer.begin();
  await customer.add({ offerId: 'cola' });
  await customer.checkOut();
  for (const each of ['wechat', 'alipay'] as const) await expect(ways.getByRole('button', { name: new RegExp(`${names[each]}\\s*${words.wallet.away}`) })).toBeDisabled();
  await look(`${language}: wallets away`);
  await customer.payWith('card');
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();
  await stage.hq.start();
  await walletsKnown(stage);

  // Away in the middle.
  const trade = await reads(stage, money, language, wallet);
  await stage.hq.kill();
  expect(await money.gateways.phone.pay(trade)).toMatchObject({ ok: true });
  await expect(title(page, words.pay.unknown.title)).toBeVisible();
  await expect(page.getByText(words.wallet.unknown(names[wallet]))).toBeVisible();
  await look(`${language}: being checked`);
  await page.getByRole('button', { name: words.pay.unknown.leave }).click();
  await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
  expect(tradeOf(money, trade)).toMatchObject({ state: 'paid', refundedFen: 0 });
  return trade;
}
