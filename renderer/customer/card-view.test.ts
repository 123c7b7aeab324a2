import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { momentOf } from '../../domain/time.ts';
import { factsOf } from '../state/facts.ts';
import { catalogue as sample, createTake, noon, openPage, shopfrontOf, status } from '../state/testing/shop-rig.ts';
import { cardInCart, cardView } from './card-view.ts';
import { popularOffers } from './home-offers.ts';

const word = (text: string) => ({ zh: text, en: text });
const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
const base = { name: word('Offer'), description: word('Offer'), picture, tax: { basisPoints: 1300, included: true }, options: [], form: [], maxPerOrder: 9 };

const catalogue: Catalogue = catalogueSchema.parse({
  revision: 1, currency: 'CNY',
  categories: [
    { id: 'shelf', business: 'goods', name: word('Shelf'), picture },
    { id: 'morning', business: 'food', name: word('Morning'), picture, windows: [{ from: '06:00', to: '10:00' }] },
    { id: 'phone', business: 'telecom', name: word('Phone'), picture },
  ],
  offers: [
    { ...base, id: 'plain', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 500 },
    { ...base, id: 'cheaper-by-two', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 500, quantityPrices: [{ from: 4, price: 300 }, { from: 2, price: 400 }], rank: 2 },
    { ...base, id: 'reduced', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 500, rank: 1 },
    { ...base, id: 'three-for-two', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 500 },
    { ...base, id: 'porridge', categoryId: 'morning', fulfilment: { kind: 'food' }, price: 900, options: [
      { id: 'size', name: word('Size'), min: 1, max: 1, choices: [{ id: 'large', name: word('Large'), price: 300 }, { id: 'small', name: word('Small'), price: 100 }], preselected: ['large'] },
    ] },
    { ...base, id: 'top-up', categoryId: 'phone', fulfilment: { kind: 'telecom', service: 'top_up' }, price: 5000, form: ['phone'] },
  ],
  promotions: [
    { id: 'half', kind: 'percent_off', name: word('Half'), offerIds: ['reduced'], basisPoints: 5000 },
    { id: 'over', kind: 'percent_off', name: word('Over'), offerIds: ['plain'], basisPoints: 5000, until: 1000 },
    { id: 'three', kind: 'buy_get', name: word('Three'), offerIds: ['three-for-two'], buy: 2, free: 1 },
  ],
  scenes: [{ offerId: 'plain', line: word('Plain') }],
});
const shopfront = shopfrontOf({ catalogue, available: { plain: 9, reduced: 2 } });
const factsAt = (part: Partial<Parameters<typeof factsOf>[0]> = {}): RuleFacts => factsOf({ shopfront, status, moment: momentOf(noon, 'Asia/Shanghai'), ...part })!;
const view = (id: string, facts = factsAt()) => cardView(facts, catalogue.offers.find((offer) => offer.id === id)!);

describe('what a card says of its offer', () => {
  it('of a plain one: its price, and nothing that is over', () => {
    expect(view('plain')).toEqual({ price: { amount: 500, currency: 'CNY' }, before: undefined, isFrom: false, promotion: undefined, quantityPrice: undefined, left: undefined, trouble: undefined });
  });

  it('what it costs now and what it did before, and what the promotion is called', () => {
    expect(view('reduced')).toMatchObject({ price: { amount: 250 }, before: { amount: 500 }, promotion: word('Half') });
    expect(view('three-for-two')).toMatchObject({ price: { amount: 500 }, before: undefined, promotion: word('Three') });
  });

  it('the first of its lower prices by number', () => {
    expect(view('cheaper-by-two').quantityPrice).toEqual({ from: 2, price: { amount: 400, currency: 'CNY' } });
  });

  it('the cheapest of what has to be chosen, as a price that begins there', () => {
    expect(view('porridge')).toMatchObject({ price: { amount: 1000 }, isFrom: true });
  });

  it('how many are left, where it is few', () => {
    expect([view('reduced').left, view('plain').left, view('porridge').left]).toEqual([2, undefined, undefined]);
  });

  it('why it cannot be had now, but for a card terminal that is away for a moment', () => {
    const nothing = { shopfront: { ...shopfront, available: { plain: 0 } } };
    expect(view('plain', factsAt(nothing))).toMatchObject({ trouble: { code: 'sold_out' }, left: undefined });
    expect(view('porridge').trouble).toMatchObject({ code: 'outside_hours' });
    expect(view('top-up', factsAt({ status: { ...status, hq: 'away' } })).trouble).toMatchObject({ code: 'online_only' });
    expect(view('plain', factsAt({ status: { ...status, card: 'unavailable' } })).trouble).toBeUndefined();
  });
});

describe('what the cart makes of a card', () => {
  it('counts what it holds, and says when no more goes in', () => {
    const take = createTake();
    const model = take(openPage(take, shopfront), { kind: 'touched' }, { kind: 'language_chosen', language: 'en' }, { kind: 'offer_added', offerId: 'reduced' }).model;
    const reduced = catalogue.offers.find(({ id }) => id === 'reduced')!;
    expect(cardInCart(model, reduced)).toEqual({ chosen: 1, hasRoom: true });
    expect(cardInCart(take(model, { kind: 'offer_added', offerId: 'reduced' }).model, reduced)).toEqual({ chosen: 2, hasRoom: false });
    expect(cardInCart(openPage(take, shopfront), reduced)).toEqual({ chosen: 0, hasRoom: false });
  });
});

describe('what is bought most', () => {
  it('comes by its rank, and where nothing has one, as the catalogue says', () => {
    expect(popularOffers(catalogue, 5).map(({ id }) => id)).toEqual(['reduced', 'cheaper-by-two']);
    expect(popularOffers({ offers: catalogue.offers.filter(({ rank }) => rank === undefined) }, 2).map(({ id }) => id)).toEqual(['plain', 'three-for-two']);
    expect(popularOffers(sample, 30).length).toBeLessThanOrEqual(30);
  });
});
