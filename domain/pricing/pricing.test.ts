import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cart, CartLine } from '../cart/cart.ts';
import type { Catalogue, Offer } from '../catalogue/catalogue.ts';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import type { CartId } from '../ids.ts';
import { priceCart, priceLine } from './pricing.ts';

const word = (text: string) => ({ zh: text, en: text });
const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
const cartId = '00000000-0000-7000-8000-000000000001' as CartId;
const choiceIds = ['one', 'two', 'three'];

const prices = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 99_999_999 }));

/** Offers with two groups of three choices, at few tax rates, so that lines share them. */
const catalogues: fc.Arbitrary<Catalogue> = fc.array(fc.record({ price: prices, taxPerMille: fc.constantFrom(0, 60, 90, 130), surcharges: fc.array(prices, { minLength: 6, maxLength: 6 }) }), { minLength: 1, maxLength: 5 })
  .map((offers) => catalogueSchema.parse({
    revision: 1, currency: 'CNY',
    categories: [{ id: 'kitchen', business: 'food', name: word('Kitchen'), picture }],
    offers: offers.map(({ price, taxPerMille, surcharges }, index) => ({
      id: `offer-${index}`, categoryId: 'kitchen', name: word('Offer'), description: word('Offer'), picture, price, taxPerMille,
      fulfilment: { kind: 'food' }, form: [], maxPerOrder: 99,
      options: ['size', 'extras'].map((id, group) => ({
        id, name: word(id), min: 0, max: 3, preselected: [], choices: choiceIds.map((choice, at) => ({ id: choice, name: word(choice), price: surcharges[group * 3 + at] })),
      })),
    })),
    scenes: [{ offerId: 'offer-0', line: word('Scene') }],
  }));

const lines: fc.Arbitrary<CartLine[]> = fc.array(fc.record({
  offerId: fc.nat(6).map((index) => `offer-${index}`),
  quantity: fc.integer({ min: 1, max: 99 }),
  choices: fc.record({ size: fc.subarray(choiceIds), extras: fc.subarray([...choiceIds, 'unheard-of']) }, { requiredKeys: [] }),
}), { maxLength: 8 }).map((list) => list.map((line, index) => ({ ...line, id: `line-${index}`, form: {} })));

const cartOf = (list: CartLine[]): Cart => ({ id: cartId, lines: list });

/** One piece with its options, reckoned by another way. Undefined where the catalogue does not know the offer. */
function unitReference(catalogue: Catalogue, line: CartLine): bigint | undefined {
  const offer = catalogue.offers.find(({ id }) => id === line.offerId);
  if (!offer) return undefined;
  let unit = BigInt(offer.price);
  for (const group of offer.options) for (const chosen of line.choices[group.id] ?? []) unit += BigInt(group.choices.find(({ id }) => id === chosen)?.price ?? 0);
  return unit;
}

describe('the price of a cart', () => {
  it('is the sum of its lines, options and quantities included', () => {
    fc.assert(fc.property(catalogues, lines, (catalogue, list) => {
      const priced = priceCart(catalogue, cartOf(list));
      const known = list.filter((line) => unitReference(catalogue, line) !== undefined);
      expect(priced.lines.map(({ lineId }) => lineId)).toEqual(known.map(({ id }) => id));
      for (const [index, line] of known.entries()) {
        const unit = unitReference(catalogue, line)!;
        expect([BigInt(priced.lines[index]!.unitPrice.amount), BigInt(priced.lines[index]!.total.amount)]).toEqual([unit, unit * BigInt(line.quantity)]);
      }
      expect(BigInt(priced.total.amount)).toBe(known.reduce((sum, line) => sum + unitReference(catalogue, line)! * BigInt(line.quantity), 0n));
      expect(priced.total.currency).toBe('CNY');
    }));
  });

  it('is divided over the tax rates without a rest, each rate once, the highest first', () => {
    fc.assert(fc.property(catalogues, lines, (catalogue, list) => {
      const { taxes, total, lines: priced } = priceCart(catalogue, cartOf(list));
      expect(taxes.reduce((sum, { gross }) => sum + gross.amount, 0)).toBe(total.amount);
      const rates = taxes.map(({ ratePerMille }) => ratePerMille);
      expect(rates).toEqual([...new Set(priced.map(({ offer }) => offer.taxPerMille))].sort((left, right) => right - left));
      for (const { ratePerMille, gross, tax } of taxes) {
        const [numerator, denominator] = [BigInt(gross.amount) * BigInt(ratePerMille), BigInt(1000 + ratePerMille)];
        expect(BigInt(tax.amount)).toBe((2n * numerator + denominator) / (2n * denominator));
      }
    }));
  });

  it('does not depend on the order of the lines', () => {
    fc.assert(fc.property(catalogues, lines.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), (catalogue, [list, shuffled]) => {
      const [left, right] = [priceCart(catalogue, cartOf(list)), priceCart(catalogue, cartOf(shuffled))];
      expect({ total: right.total, taxes: right.taxes }).toEqual({ total: left.total, taxes: left.taxes });
    }));
  });

  it('of nothing is nothing', () => {
    const [catalogue] = fc.sample(catalogues, { numRuns: 1, seed: 1 });
    expect(priceCart(catalogue!, cartOf([]))).toEqual({ lines: [], total: { amount: 0, currency: 'CNY' }, taxes: [] });
  });
});

it('rounds tax once per rate, not once per line', () => {
  const offer: Offer = { id: 'sweet', categoryId: 'kitchen', name: word('Sweet'), description: word('Sweet'), picture, price: 4, taxPerMille: 130, fulfilment: { kind: 'food' }, options: [], form: [], maxPerOrder: 9 };
  const catalogue = { revision: 1, currency: 'CNY', categories: [], offers: [offer, { ...offer, id: 'sour' }], scenes: [] } satisfies Catalogue;
  const line = (offerId: string): CartLine => ({ id: offerId, offerId, quantity: 1, choices: {}, form: {} });
  // 4 at 13 % holds 0.46, which rounds to 0; 8 holds 0.92, which rounds to 1.
  expect(priceCart(catalogue, cartOf([line('sweet'), line('sour')])).taxes).toEqual([{ ratePerMille: 130, gross: { amount: 8, currency: 'CNY' }, tax: { amount: 1, currency: 'CNY' } }]);
  expect(priceLine(catalogue, offer, line('sweet')).total).toEqual({ amount: 4, currency: 'CNY' });
});
