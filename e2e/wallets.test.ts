import type { Page } from '@playwright/test';
import type { Language } from '../domain/language.ts';
import { formatMoney, money } from '../domain/money.ts';
import { receiptWords } from '../domain/receipt/words.ts';
import type { Wallet } from '../domain/scan/payment-code.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import type { Look } from './stage/eyes.ts';
import { openEyes, portrait } from './stage/eyes.ts';
import { readQrCode } from './stage/phone-camera.ts';
import type { Stage } from './stage/stage.ts';
import { expect } from './stage/stage.ts';
import type { StageMoney } from './stage/wallets.ts';
import { phoneReads, test, walletsKnown } from './stage/wallets.ts';

// Time enough for what is asked for twice, and not for what never ends.
test.use({ servicesLimitMs: 20_000, changes: { times: { idleWarningMs: 180_000, idleEndMs: 60_000, resultMs: 180_000, unpaidOrderMs: 600_000, receiptMs: 180_000, walletMs: 600_000 } } });

/** The loopback carrier's references (docs/hq.md). */
const carrierReference = /LB[0-9A-F]{12}/;
const others: Readonly<Record<Wallet, Wallet>> = { wechat: 'alipay', alipay: 'wechat' };

test('phones pay: a code on the screen, a code before the scanner with the password on the phone, a phone that refuses; what the carrier refuses, or never ends, is back in the wallet and the receipt says so', async ({ stage, money: behind }) => {
  await walletsKnown(stage);
  const look = await openEyes(stage, [
    { ...portrait, axe: true, focus: true },
    { width: 1920, height: 1080, axe: true, focus: false },
    { ...portrait, root: { text: 'largest' }, axe: true, focus: false },
    { width: 1920, height: 1080, root: { text: 'large' }, axe: false, focus: false },
  ]);
  await refusedAndGivenBack(stage, behind, look, 'zh', 'wechat');
  await changesPlan(stage, behind, look);
  await refusedAndGivenBack(stage, behind, look, 'en', 'alipay');
  await neverEnds(stage, behind);

  const settled = ['fulfilled', 'refunded'];
  await expect.poll(async () => (await stage.hq.orders()).map(({ row }) => row.state).filter((state) => !settled.includes(state))).toEqual([]);
  await expect.poll(async () => (await stage.hq.orders()).filter(({ row }) => row.state === 'refunded').length).toBe(3);
  const audit = await stage.audit(4);
  expect(audit).toMatchObject({ agree: true, strays: [] });
  expect(audit.orders.map(({ amount, kiosk: { state }, wallet }) => [amount, state, wallet])).toEqual([
    [5000, 'refunded', { paid: 5000, refunded: 5000 }], [7900, 'fulfilled', { paid: 7900, refunded: 0 }], [5000, 'refunded', { paid: 5000, refunded: 5000 }], [1000, 'refunded', { paid: 1000, refunded: 1000 }],
  ]);
  expect(behind.gateways.books.trades().filter(({ state }) => state === 'waiting' || state === 'confirming')).toEqual([]);
});

const img = (page: Page, name: string) => page.getByRole('img', { name });

/** A phone reads what is on the screen, and pays it. */
async function scansAndPays(stage: Stage, money: StageMoney, language: Language, wallet: Wallet): Promise<void> {
  expect(await money.gateways.phone.pay(await phoneReads(stage, money, language, wallet))).toMatchObject({ ok: true });
}

/** Holds a payment code before the scanner, whose phone then asks for the password. Answers the payment as the phone shows it. */
async function holdsCode(stage: Stage, { gateways: { phone } }: StageMoney, wallet: Wallet) {
  const { sim } = stage.bench.scanner;
  await expect.poll(() => sim.isLit(), { message: 'the scanner is lit' }).toBe(true);
  expect(sim.show(phone.showCode(wallet, { needsPassword: true }).digits)).toBe(true);
  await expect.poll(() => phone.asking().length).toBe(1);
  const [asked] = phone.asking();
  expect(asked).toMatchObject({ wallet, mode: 'read' });
  return asked!;
}

/** One order through every screen of a payment by phone. */
async function refusedAndGivenBack(stage: Stage, behind: StageMoney, look: Look, language: Language, wallet: Wallet): Promise<void> {
  const { page } = stage.kiosk;
  const words = wordsOf[language];
  const names = words.wallet.name;
  const other = others[wallet];
  const customer = createCustomer(page, language);
  const title = (name: string) => page.getByRole('heading', { name, exact: true });
  await customer.begin();
  const wish = { offerId: 'top-up-50', phone: '13912345601' };
  await customer.open(wish.offerId);
  await customer.goOn();
  await customer.fillIn(wish);
  await customer.goOn();
  // Whose number it is, before anything is paid for it.
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText(words.wallet.number.owner, { exact: true })).toBeVisible();
  await expect(sheet.getByText(/^\*+\p{Script=Han}$/u)).toBeVisible();
  await look(`${language}: whose number it is`);
  await customer.goOn();
  await expect(sheet).toBeHidden();
  await customer.checkOut();
  await look(`${language}: ways to pay`);

  await customer.payWith(wallet);
  await expect(title(words.wallet.show(names[wallet]).title)).toBeVisible();
  await expect(page.getByRole('timer')).toContainText(/\d:\d\d/);
  await look(`${language}: a code to be scanned`);
  const asked = await holdsCode(stage, behind, other);
  await expect(title(words.wallet.confirm(names[other]).title)).toBeVisible();
  await look(`${language}: to be confirmed on the phone`);
  expect(behind.gateways.phone.refuse(asked)).toMatchObject({ ok: true });
  // WeChat says that its customer refused; of Alipay's there is no more than that it was closed.
  const refused = other === 'wechat' ? words.wallet.refused.refused : words.wallet.due.not_paid;
  await expect(title(refused(names[other]).title)).toBeVisible();
  await look(`${language}: refused`);

  await customer.payWith(wallet);
  await scansAndPays(stage, behind, language, wallet);
  await expect(title(words.result.refunded)).toBeVisible();
  await expect(page.getByText(words.wallet.refunded(names[wallet]))).toBeVisible();
  await expect(page.getByText(words.wallet.serviceMoney.returned(names[wallet]))).toBeVisible();
  await look(`${language}: given back`);
  // And the receipt, behind the code of the same screen, says so.
  const receipt = await readQrCode(img(page, words.result.qr));
  const read = async () => (await fetch(receipt)).text();
  await expect.poll(read).toContain(formatMoney(money(-5000, 'CNY')));
  const said = receiptWords[language];
  for (const line of [said.paymentReversed, said.returned, said.paidBy[wallet]]) expect(await read()).toContain(line);
  await customer.done();
}

/** In Chinese: old and new plan side by side for this very number, paid by a code with its password, and credited by a carrier whose first answer is lost. */
async function changesPlan(stage: Stage, money: StageMoney, look: Look): Promise<void> {
  const { page } = stage.kiosk;
  const words = wordsOf.zh;
  const customer = createCustomer(page, 'zh');
  const sheet = page.getByRole('dialog');
  const wish = { offerId: 'plan-smooth', phone: '13812345678', form: { effective: 'now' } };
  await customer.begin();
  await customer.open(wish.offerId);
  await customer.goOn();
  await customer.fillIn(wish);
  await customer.goOn();
  await expect(sheet.getByText('*芳')).toBeVisible();
  await expect(sheet.getByText(`畅聊 29 元套餐 · ${words.wallet.number.perMonth('￥29.00')}`)).toBeVisible();
  await expect(sheet.getByText(words.wallet.number.perMonth('￥79.00'))).toBeVisible();
  await look('zh: old and new plan of the number');
  while (await sheet.isVisible()) {
    await customer.goOn();
    if (await sheet.isVisible()) await customer.fillIn(wish);
  }
  await customer.checkOut();
  await expect(page.getByText('*芳')).toBeVisible();
  await expect(page.getByText(words.wallet.number.from, { exact: true })).toBeVisible();
  await look('zh: the plan on the review');
  money.carrier.script.add([{ on: 'submit', faults: ['lost'] }]);
  await customer.payWith('wechat');
  const asked = await holdsCode(stage, money, 'wechat');
  expect(await money.gateways.phone.pay(asked)).toMatchObject({ ok: true });
  const progress = page.getByRole('region', { name: words.finish.result.services });
  await expect(progress).toContainText(carrierReference);
  await expect(page.getByText(words.wallet.paidBy(words.wallet.name.wechat))).toBeVisible();
  await look('zh: paid with a phone');
  await customer.done();
}

/** A carrier that has it and never ends it: HQ takes it back after its time, and the money is where it came from. */
async function neverEnds(stage: Stage, money: StageMoney): Promise<void> {
  const { page } = stage.kiosk;
  const words = wordsOf.en;
  const customer = createCustomer(page, 'en');
  await customer.begin();
  await customer.add({ offerId: 'top-up-10', phone: '13912345610' });
  await customer.checkOut();
  await customer.payWith('wechat');
  await scansAndPays(stage, money, 'en', 'wechat');
  await expect(page.getByRole('heading', { name: words.result.refunded })).toBeVisible();
  await expect(page.getByText(words.wallet.refunded(words.wallet.name.wechat))).toBeVisible();
  await customer.done();
}
