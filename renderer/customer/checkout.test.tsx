import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Cart } from '../../domain/cart/cart.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { KioskStatus, Shopfront } from '../../domain/contract/kiosk.ts';
import { languages } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import { momentOf } from '../../domain/time.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Model, Stage } from '../state/model.ts';
import { numberKey } from '../state/numbers.ts';
import { catalogue, createFresh, createTake, noon, openPage, shopfrontOf, status } from '../state/testing/shop-rig.ts';
import { fitted } from './checkout-changes.tsx';
import { Checkout } from './checkout.tsx';
import { KioskProvider } from './kiosk-context.tsx';

const goods = catalogue.categories.find(({ business }) => business === 'goods')!;
const telecom = catalogue.categories.find(({ business }) => business === 'telecom')!;
const food = catalogue.categories.find(({ business }) => business === 'food')!;
const plain = { description: { zh: '说明', en: 'Text' }, picture: goods.picture, options: [], maxPerOrder: 9 };
const included = { basisPoints: 600, included: true };

/** One offer of each kind that the review shows differently. */
const shop: Catalogue = catalogueSchema.parse({
  ...catalogue,
  offers: [
    ...catalogue.offers,
    { ...plain, id: 'tea', categoryId: goods.id, name: { zh: '茶', en: 'Tea' }, price: 350, tax: included, fulfilment: { kind: 'goods', initialStock: 9 }, form: [] },
    { ...plain, id: 'rice', categoryId: goods.id, name: { zh: '米', en: 'Rice' }, price: 8900, tax: { basisPoints: 900, included: false }, fulfilment: { kind: 'delivery' }, form: [] },
    { ...plain, id: 'noodles', categoryId: food.id, name: { zh: '面', en: 'Noodles' }, price: 1000, tax: included, takeAwayTax: { basisPoints: 1000, included: false }, fulfilment: { kind: 'food' }, form: [] },
    {
      ...plain, id: 'fibre', categoryId: telecom.id, name: { zh: '宽带', en: 'Fibre' }, price: 0, tax: included, fulfilment: { kind: 'telecom', service: 'application' },
      form: [
        { id: 'idn', kind: 'id_card', label: { zh: '身份证', en: 'Identity card' } },
        { id: 'account', kind: 'digits', label: { zh: '账号', en: 'Account' }, minLength: 8, maxLength: 8, required: false },
        { id: 'when', kind: 'choice', label: { zh: '时间', en: 'When' }, choices: [{ id: 'am', label: { zh: '上午', en: 'Morning' } }, { id: 'pm', label: { zh: '下午', en: 'Afternoon' } }] },
        { id: 'agree', kind: 'consent', label: { zh: '协议', en: 'Terms' }, text: { zh: '条款', en: 'Text' }, version: 'terms-2026' },
      ],
    },
  ],
  promotions: [{ id: 'third', name: { zh: '第三件免费', en: 'Third one free' }, offerIds: ['tea'], kind: 'buy_get', buy: 2, free: 1 }],
});

const line = (id: string, offerId: string, quantity = 1, form: Record<string, string> = {}) => ({ id, offerId, quantity, choices: {}, form });
const stage: Extract<Stage, { kind: 'checkout' }> = { kind: 'checkout', placing: false, trouble: false };

function modelOf(language: Language, cart: Partial<Cart>, part: Partial<Shopfront> = {}): Model {
  const take = createTake();
  const { model } = take(openPage(take, shopfrontOf({ catalogue: shop, ...part })), { kind: 'touched' }, { kind: 'language_chosen', language });
  const visit = model.visit!;
  return { ...model, visit: { ...visit, stage, cart: { ...visit.cart, ...cart } } };
}

function shown(model: Model): string {
  const store = { getModel: () => model, dispatch: () => {}, subscribe: () => () => {} };
  return renderToStaticMarkup(<KioskProvider store={store}><Checkout stage={stage} /></KioskProvider>);
}

describe.each(languages)('the review (%s)', (language) => {
  const words = wordsOf[language];
  const { review } = words.finish;

  it('shows each line with a way to change it that is named after it', () => {
    const html = shown(modelOf(language, { lines: [line('a', 'tea', 2), line('b', 'rice')] }));
    for (const id of ['tea', 'rice']) {
      const { name } = shop.offers.find((offer) => offer.id === id)!;
      expect(html).toContain(`aria-label="${review.change(name[language])}"`);
    }
    expect(html).toContain('×2');
  });

  it('names a discount, with what the line would cost without it', () => {
    const html = shown(modelOf(language, { lines: [line('a', 'tea', 3)] }));
    expect(html).toContain(review.off(shop.promotions[0]!.name[language], '￥3.50'));
    expect(html).toMatch(/<s [^>]*>￥10\.50<\/s>/);
    expect(html).toContain(words.checkout.pay('￥7.00'));
  });

  it('shows a delivery with its recipient, address and the number in groups', () => {
    const html = shown(modelOf(language, { lines: [line('a', 'rice', 1, { 'contact-name': '张晓明', 'contact-phone': '13912345678', district: '110105', street: '建国路 88 号' })] }));
    for (const text of ['张晓明', '139 1234 5678', '110105', '建国路 88 号']) expect(html).toContain(text);
    expect(html).not.toContain('13912345678');
  });

  it('says a postcode and an account digit by digit, and shows them in one', () => {
    const delivered = shown(modelOf(language, { lines: [line('a', 'rice', 1, { 'contact-name': '张晓明', 'contact-phone': '13912345678', district: '110105', street: '建国路 88 号', postcode: '100020' })] }));
    expect(delivered).toContain('<span class="unseen">1 0 0 0 2 0</span><span aria-hidden="true">100020</span>');
    const applied = shown(modelOf(language, { lines: [line('a', 'fibre', 1, { account: '60012345' })] }));
    expect(applied).toContain('<span class="unseen">6 0 0 1 2 3 4 5</span><span aria-hidden="true">60012345</span>');
  });

  it('shows an application without the day of birth, its choices in words and what was agreed to', () => {
    const html = shown(modelOf(language, { lines: [line('a', 'fibre', 1, { idn: '110101199003071233', when: 'pm', agree: 'terms-2026' })] }));
    expect(html).not.toContain('19900307');
    expect(html).toContain('110101 •••••••• 1233');
    expect(html).toContain({ zh: '下午', en: 'Afternoon' }[language]);
    expect(html).toContain(review.agreed({ zh: '协议', en: 'Terms' }[language]));
    expect(html).not.toContain('terms-2026');
    expect(html).toContain(words.checkout.confirmFree);
  });

  it('asks where it is eaten only where there is food and the shop offers both', () => {
    const withFood = { lines: [line('a', 'noodles')], dining: 'eat_in' as const };
    expect(shown(modelOf(language, withFood))).toContain(review.dining.title);
    expect(shown(modelOf(language, { lines: [line('a', 'tea')] }))).not.toContain(review.dining.title);
    expect(shown(modelOf(language, withFood, { dining: { offered: ['take_away'], preselected: 'take_away' } }))).not.toContain(review.dining.title);
  });

  it('reckons tax and total by where it is eaten', () => {
    const eatIn = shown(modelOf(language, { lines: [line('a', 'noodles')], dining: 'eat_in' }));
    expect(eatIn).toContain(words.checkout.pay('￥10.00'));
    expect(eatIn).toContain(review.taxIncluded('6%'));
    const takeAway = shown(modelOf(language, { lines: [line('a', 'noodles')], dining: 'take_away' }));
    expect(takeAway).toContain(words.checkout.pay('￥11.00'));
    expect(takeAway).toContain(review.taxAdded('10%'));
  });

  it('names what has sold out or run short meanwhile, with the tap that mends it', () => {
    const html = shown(modelOf(language, { lines: [line('a', 'tea', 3), line('b', 'rice')] }, { available: { tea: 2 } }));
    const tea = shop.offers.find(({ id }) => id === 'tea')!.name[language];
    expect(html).toContain(review.short(tea, 2));
    expect(html).toContain(`aria-label="${review.takeOf(tea, 2)}"`);
    const gone = shown(modelOf(language, { lines: [line('a', 'tea', 3)] }, { available: { tea: 0 } }));
    expect(gone).toContain(review.soldOut(tea));
    expect(gone).toContain(`aria-label="${review.remove(tea)}"`);
  });

  it('names a line that costs something else now, and one that is gone, and keeps the rest', () => {
    const take = createTake(createFresh());
    const before = modelOf(language, { lines: [line('a', 'tea'), line('b', 'rice'), line('c', 'noodles')], dining: 'eat_in' });
    const offers = shop.offers.filter(({ id }) => id !== 'rice').map((offer) => (offer.id === 'tea' ? { ...offer, price: 400 } : offer));
    const { model } = take(before, { kind: 'told', event: { name: 'shopfront', payload: { ...before.shopfront!, catalogue: { ...shop, offers } } } });
    const html = shown(model);
    expect(html).toContain(review.repriced(shop.offers.find(({ id }) => id === 'tea')!.name[language], '￥3.50', '￥4.00'));
    expect(html).toContain(review.gone(shop.offers.find(({ id }) => id === 'rice')!.name[language]));
    expect(html).toContain(review.restKept);
    expect(html).toContain(`aria-label="${review.change(shop.offers.find(({ id }) => id === 'noodles')!.name[language])}"`);
  });

  it('offers every way to pay by one tap where there are wallets, and the card alone as ever where there are none', () => {
    const withWays = (wallets: KioskStatus['wallets']) => shown({ ...modelOf(language, { lines: [line('a', 'tea')] }), status: { ...status, wallets }, moment: momentOf(noon, 'Asia/Shanghai') });
    const html = withWays([{ wallet: 'wechat', state: 'ready' }, { wallet: 'alipay', state: 'away' }]);
    for (const tender of ['wechat', 'card'] as const) expect(html).toContain(`aria-label="${words.wallet.payWith(words.wallet.name[tender], '￥3.50')}"`);
    expect(html).toMatch(/<button[^>]*pay-way--alipay[^>]*disabled=""/);
    expect(html).not.toContain(`>${words.checkout.pay('￥3.50')}<`);
    expect(withWays([])).toContain(words.checkout.pay('￥3.50'));
    const free = shown({ ...modelOf(language, { lines: [line('a', 'fibre', 1, { idn: '110101199003071233', when: 'am', agree: 'terms-2026' })] }), status: { ...status, wallets: [{ wallet: 'wechat', state: 'ready' }] } });
    expect(free).toContain(words.checkout.confirmFree);
    expect(free).not.toContain('pay-way');
  });

  it('shows whose number it is, where the carrier has said so', () => {
    const model = modelOf(language, { lines: [line('a', 'top-up-50', 1, { phone: '13912345678' })] });
    const known = { ...model, visit: { ...model.visit!, numbers: { [numberKey('top-up-50', '13912345678')]: { kind: 'found', owner: '张*' } } } } as Model;
    expect(shown(known)).toContain('张*');
    expect(shown(model)).not.toContain(words.wallet.number.owner);
    // The answer came after the number was confirmed.
    const late = { ...model, visit: { ...model.visit!, numbers: { [numberKey('top-up-50', '13912345678')]: { kind: 'not_for_it' } } } } as Model;
    expect(shown(late)).toContain(words.wallet.number.notForIt.title);
  });

  it('names the day from which a changed plan counts, as its customer has chosen it', () => {
    const html = shown(modelOf(language, { lines: [line('a', 'plan-smooth', 1, { phone: '13912345678', effective: 'next-month' })] }));
    expect(html).toContain(words.wallet.number.day(2026, 12, 1));
    expect(shown(modelOf(language, { lines: [line('a', 'top-up-50', 1, { phone: '13912345678' })] }))).not.toContain(words.wallet.number.from);
  });

  it('says why it cannot be paid while cards do not work, and lets what is free go on', () => {
    const noCard = (cart: Partial<Cart>) => shown({ ...modelOf(language, cart), status: { ...status, card: 'unavailable' }, moment: momentOf(noon, 'Asia/Shanghai') });
    const html = noCard({ lines: [line('a', 'tea')] });
    expect(html).toContain(words.checkout.cardUnavailable.title);
    expect(html).not.toContain(words.checkout.pay('￥3.50'));
    expect(noCard({ lines: [line('a', 'fibre', 1, { idn: '110101199003071233', when: 'am', agree: 'terms-2026' })] })).toContain(words.checkout.nothingToPay.title);
  });
});

describe('what is left of an offer in several lines', () => {
  it('is never more than there is, never less than could stay, and touches the earlier lines last', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 60 }), (quantities, left) => {
        const lines = quantities.map((quantity, index) => ({ id: String(index), quantity }));
        const changed = new Map(fitted(lines, left).map(({ id, quantity }) => [id, quantity]));
        const after = lines.map(({ id, quantity }) => changed.get(id) ?? quantity);
        const all = quantities.reduce((sum, quantity) => sum + quantity, 0);
        expect(after.reduce((sum, quantity) => sum + quantity, 0)).toBe(Math.min(all, left));
        // A line that was cut has nothing but removed lines after it.
        const cut = after.findIndex((quantity, index) => quantity < quantities[index]!);
        if (cut >= 0) expect(after.slice(cut + 1).every((quantity) => quantity === 0)).toBe(true);
      }),
    );
  });
});
