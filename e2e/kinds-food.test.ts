import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

/** ￥36, hot pot +5, prawns +3, bubble tea +3; of three snacks one is free, and two are ￥5 each. */
const combo = { offerId: 'noodle-combo', choices: ['hot-pot', 'dumplings', 'dumplings', 'tempura', 'bubble-tea'] };
const comboPrice = 3600 + 500 + 300 + 300 + 2 * 500;
const croissantPrice = 1100;
/** Of ￥57.00 and ￥11.00, each line rounded by itself. */
const taxes = { comboAt6: 323, croissantAt6: 62, croissantAt13: 127 };

const eaten = {
  zh: { dining: 'eat_in', shown: [['6%', '￥3.85']], taxes: [{ basisPoints: 600, tax: taxes.comboAt6 + taxes.croissantAt6 }] },
  en: { dining: 'take_away', shown: [['6%', '￥3.23'], ['13%', '￥1.27']], taxes: [{ basisPoints: 1300, tax: taxes.croissantAt13 }, { basisPoints: 600, tax: taxes.comboAt6 }] },
} as const;

for (const language of ['zh', 'en'] as const) {
  const words = wordsOf[language];
  const { dining, shown, taxes: booked } = eaten[language];

  test(`a combo by steps with what is free and what is dearer, eaten in or taken away with its own tax; and what is free (${language})`, async ({ stage }) => {
    const { page } = stage.kiosk;
    const sheet = page.getByRole('dialog');
    const customer = createCustomer(page, language);
    await customer.begin();
    await customer.open('noodle-combo');
    await customer.goOn();
    // A step that asks for one does not go on without it.
    const first = sheet.getByRole('heading', { level: 2 });
    const step = await first.innerText();
    await sheet.getByRole('button', { name: words.details.next, exact: true }).click();
    await expect(sheet.getByText(words.offer.pickMissing)).toBeVisible();
    await expect(first).toHaveText(step);
    await customer.fillIn(combo);
    await customer.goOn();
    await expect(sheet.getByText(words.details.freeThenEach(1, '￥5.00'))).toBeVisible();
    await customer.fillIn(combo);
    await expect(sheet.getByText(words.details.chosen(3, 3))).toBeVisible();
    // Three are the most: each counter says so.
    await expect(sheet.getByRole('button', { name: words.details.takeOneMore('') }).first()).toBeDisabled();
    await customer.goOn();
    await customer.fillIn(combo);
    await expect(sheet.getByRole('button', { name: words.offer.add('￥57.00') })).toBeVisible();
    await customer.goOn();
    await customer.add({ offerId: 'croissant' });

    await customer.checkOut();
    await page.getByRole('radio', { name: words.finish.review.dining[dining].title }).click();
    await expect(page.getByRole('radio', { name: words.finish.review.dining[dining].title })).toBeChecked();
    for (const [percent, tax] of shown) await expect(page.getByText(`${words.finish.review.taxIncluded(percent)}${tax}`, { exact: true })).toBeVisible();
    await customer.pay();
    await customer.askedForCard();
    stage.bench.terminal.sim.tapCard();
    await customer.pickupNumber();
    await expect(page.getByText(words.result.where.food)).toBeVisible();
    await customer.done();

    await customer.takeForFree({ offerId: 'hot-water' });
    await expect(page.getByRole('heading', { name: words.result.free })).toBeVisible();
    await customer.done();

    const amount = comboPrice + croissantPrice;
    const audit = await stage.audit(2);
    expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ amount, terminal: { amount }, printed: { slips: 1 } }, { amount: 0, terminal: null, printed: { slips: 1 } }] });
    expect(audit.orders[0]!.lines).toMatchObject([
      { offerId: 'noodle-combo', total: comboPrice, choices: ['hot-pot', 'dumplings', 'dumplings', 'tempura', 'bubble-tea'].map((id) => ({ id })) },
      { offerId: 'croissant', total: croissantPrice },
    ]);
    const order = (await stage.hq.orders()).find(({ row }) => row.total.amount === amount)!;
    expect(order.dining).toBe(dining);
    expect(order.taxes).toMatchObject([...booked]);
    const slip = stage.bench.printer.sim.slips().map(slipText).find((text) => text.includes(audit.orders[0]!.number))!;
    for (const [percent, tax] of shown) expect(slip).toMatch(new RegExp(`${percent}.*${tax.replace('￥', '￥ ?')}`));
  });
}
