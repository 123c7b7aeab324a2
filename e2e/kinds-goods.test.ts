import { deliveryFields } from '../domain/catalogue/form.ts';
import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

const addresses = {
  zh: { district: ['广东省', '深圳市', '南山区'], shown: '广东省 深圳市 南山区', code: '440305', name: '王小明', street: '科技园南路 24 号 3 单元', wrong: '200000', postcode: '518057' },
  en: { district: ['Shanghai', 'Huangpu District'], shown: 'Huangpu District, Shanghai', code: '310101', name: 'Mary Wang', street: '8 Yuyuan Road, Room 302', wrong: '518057', postcode: '200001' },
} as const;
const phone = '13912345678';
const [cola, plush] = ['cola', 'panda-plush'].map((id) => catalogue.offers.find((offer) => offer.id === id)!);

for (const language of ['zh', 'en'] as const) {
  const words = wordsOf[language];
  const place = addresses[language];

  test(`goods from the hatch, and goods that are delivered to an address, paid as one order (${language})`, async ({ stage }) => {
    const { page } = stage.kiosk;
    const sheet = page.getByRole('dialog');
    const customer = createCustomer(page, language);
    await customer.begin();
    // The same by one tap, twice: one line.
    await customer.add({ offerId: 'cola' });
    await page.getByRole('button', { name: words.shop.card.addOne(cola!.name[language], '￥3.50') }).click();

    await customer.open('panda-plush');
    await customer.fillIn({ offerId: 'panda-plush', choices: ['brown'] });
    await customer.goOn();
    const form = { 'contact-name': place.name, street: place.street, postcode: place.wrong };
    const wish = { offerId: 'panda-plush', phone, district: place.district, form };
    for (const title of [words.details.fields.fillIn(plushField('contact-name')), words.details.phone.title, words.details.district.title]) {
      await expect(sheet.getByRole('heading', { name: title })).toBeVisible();
      await customer.fillIn(wish);
      await customer.goOn();
    }
    // A postcode of another province is explained where it stands, and nothing that was filled in is lost by it.
    await customer.fillIn(wish);
    await sheet.getByRole('button', { name: words.offer.add('') }).click();
    const postcode = sheet.getByRole('textbox', { name: plushField('postcode') });
    await expect(postcode).toHaveAttribute('aria-invalid', 'true');
    await customer.fillIn({ ...wish, form: { postcode: place.postcode } });
    await expect(sheet.getByRole('textbox', { name: plushField('street') })).toHaveValue(place.street);
    await customer.goOn();
    await expect(sheet).toBeHidden();

    await customer.checkOut();
    for (const text of [place.shown, place.name, place.street, '139 1234 5678', place.postcode]) await expect(page.getByText(text, { exact: true })).toBeVisible();
    await customer.pay();
    await customer.askedForCard();
    stage.bench.terminal.sim.tapCard();
    const number = await customer.pickupNumber();
    await expect(page.getByText(words.result.where.goods)).toBeVisible();
    await expect(page.getByText(words.finish.result.delivery.text)).toBeVisible();
    await customer.done();

    const amount = 2 * 350 + 9900;
    const audit = await stage.audit(1);
    expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ number, amount, kiosk: { state: 'fulfilled', receipt: 'done' }, terminal: { amount }, printed: { slips: 1 } }] });
    expect(audit.orders[0]!.lines).toMatchObject([
      { offerId: 'cola', quantity: 2, total: 700, form: {} },
      { offerId: 'panda-plush', choices: [{ id: 'brown' }], total: 9900, form: { 'contact-name': place.name, 'contact-phone': phone, district: place.code, street: place.street, postcode: place.postcode } },
    ]);
    const [order] = await stage.hq.orders();
    expect(order!.lines.map(({ offerId, fulfilment, quantity }) => [offerId, fulfilment.kind, quantity])).toEqual([['cola', 'goods', 2], ['panda-plush', 'delivery', 1]]);
    // Stock leaves the hatch alone: what is delivered is not in this kiosk.
    expect(order!.stockMoves.filter(({ change }) => change < 0).map(({ offerId }) => offerId)).not.toContain('panda-plush');
    // HQ's console sees that there is an address, and not which.
    expect(JSON.stringify(order)).not.toContain(place.street);
    const [slip] = stage.bench.printer.sim.slips().map(slipText);
    expect(slip).toContain('106.00');
    expect(slip).not.toContain(phone);
  });

  function plushField(id: string): string {
    return plush!.form.concat(deliveryFields).find((field) => field.id === id)!.label[language];
  }
}
