import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cart, CartLine } from '../cart/cart.ts';
import { addLine, emptyCart } from '../cart/cart.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import type { Offer, TaxRate } from '../catalogue/offer.ts';
import type { CartId } from '../ids.ts';
import type { PricedCart } from './pricing.ts';
import { isFree, priceCart, priceLine } from './pricing.ts';

const word = (text: string) => ({ zh: text, en: text });
const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
const cartId = '00000000-0000-7000-8000-000000000001' as CartId;
const choiceIds = ['one', 'two', 'three'];
/** A Monday, 12:00. */
const noon = { at: Date.UTC(2026, 10, 23, 4, 0), weekday: 1, minute: 720 };

const prices = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 99_999_999 }));
const extras = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 10_000_000 }));
const rates: fc.Arbitrary<TaxRate> = fc.record({ basisPoints: fc.constantFrom(0, 600, 900, 1300), included: fc.boolean() });
const offerIds = fc.subarray(['offer-0', 'offer-1', 'offer-2'], { minLength: 1 });
const promotions = fc.array(fc.oneof(
  fc.record({ kind: fc.constant('percent_off' as const), basisPoints: fc.constantFrom(1, 1000, 3333, 9999, 10_000), offerIds }),
  fc.record({ kind: fc.constant('special_price' as const), price: prices, offerIds }),
  fc.record({ kind: fc.constant('buy_get' as const), buy: fc.integer({ min: 1, max: 3 }), free: fc.integer({ min: 1, max: 2 }), offerIds }),
), { maxLength: 4 }).map((list) => list.map((promotion, index) => ({ ...promotion, id: `promotion-${index}`, name: word(`Promotion ${index}`) })));

/** Offers with two groups of three choices, at few tax rates, so that lines share them. */
const offers = fc.array(fc.record({
  price: prices, tax: rates, takeAwayTax: fc.option(rates, { nil: undefined }), surcharges: fc.array(extras, { minLength: 6, maxLength: 6 }),
  free: fc.integer({ min: 0, max: 3 }), beyondFree: extras,
  quantityPrices: fc.option(fc.uniqueArray(fc.record({ from: fc.integer({ min: 2, max: 6 }), price: prices }), { selector: ({ from }) => from, maxLength: 2 }), { nil: undefined }),
}), { minLength: 3, maxLength: 5 });
const catalogues: fc.Arbitrary<Catalogue> = fc.tuple(offers, promotions).map(([list, running]) => catalogueSchema.parse({
  revision: 1, currency: 'CNY',
  categories: [{ id: 'kitchen', business: 'food', name: word('Kitchen'), picture }],
  offers: list.map(({ surcharges, free, beyondFree, ...offer }, index) => ({
    ...offer, id: `offer-${index}`, categoryId: 'kitchen', name: word('Offer'), description: word('Offer'), picture, fulfilment: { kind: 'food' }, form: [], maxPerOrder: 99,
    options: ['size', 'extras'].map((id, group) => ({
      id, name: word(id), min: 0, max: 6, repeats: true, preselected: [], free, beyondFree, choices: choiceIds.map((choice, at) => ({ id: choice, name: word(choice), price: surcharges[group * 3 + at]! })),
    })),
  })),
  promotions: running,
  scenes: [{ offerId: 'offer-0', line: word('Scene') }],
}));

const chosen = fc.array(fc.constantFrom(...choiceIds, 'unheard-of'), { maxLength: 5 });
const lines: fc.Arbitrary<CartLine[]> = fc.array(fc.record({
  offerId: fc.nat(5).map((index) => `offer-${index}`),
  quantity: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 99 })),
  choices: fc.record({ size: chosen, extras: chosen }, { requiredKeys: [] }),
}), { maxLength: 8 }).map((list) => list.map((line, index) => ({ ...line, id: `line-${index}`, form: {} })));
const someDining = fc.constantFrom('eat_in' as const, 'take_away' as const, undefined);

const cartOf = (list: readonly CartLine[], dining?: Cart['dining']): Cart => ({ id: cartId, lines: [...list], ...(dining ? { dining } : {}) });
const price = (catalogue: Catalogue, list: readonly CartLine[], dining?: Cart['dining']) => priceCart(catalogue, cartOf(list, dining), noon);
const amounts = ({ subtotal, taxAdded, total, taxes }: PricedCart) => ({ subtotal, taxAdded, total, taxes });

/** One piece with its options, reckoned by another way. Undefined where the catalogue does not know the offer. */
function unitReference(catalogue: Catalogue, list: readonly CartLine[], line: CartLine): bigint | undefined {
  const offer = catalogue.offers.find(({ id }) => id === line.offerId);
  if (!offer) return undefined;
  const pieces = list.filter(({ offerId }) => offerId === line.offerId).reduce((sum, { quantity }) => sum + quantity, 0);
  let unit = BigInt(Math.min(offer.price, ...(offer.quantityPrices ?? []).flatMap(({ from, price: lower }) => (from <= pieces ? [lower] : []))));
  for (const group of offer.options) {
    let taken = 0;
    for (const id of line.choices[group.id] ?? []) {
      const choice = group.choices.find((candidate) => candidate.id === id);
      if (!choice) continue;
      taken += 1;
      unit += BigInt(choice.price) + (taken > group.free ? BigInt(group.beyondFree) : 0n);
    }
  }
  return unit;
}

describe('the price of a cart', () => {
  it('is the sum of its parts: pieces by the list, options and quantity prices included, less the discounts, and the taxes that are added', () => {
    fc.assert(fc.property(catalogues, lines, someDining, (catalogue, list, dining) => {
      const priced = price(catalogue, list, dining);
      const known = list.filter((line) => unitReference(catalogue, list, line) !== undefined);
      expect(priced.lines.map(({ lineId }) => lineId)).toEqual(known.map(({ id }) => id));
      for (const [index, line] of known.entries()) {
        const { unitPrice, discount, total } = priced.lines[index]!;
        const unit = unitReference(catalogue, list, line)!;
        expect([BigInt(unitPrice.amount), BigInt(total.amount)]).toEqual([unit, unit * BigInt(line.quantity) - BigInt(discount.amount)]);
        expect(discount.amount >= 0 && total.amount >= 0).toBe(true);
      }
      expect(priced.subtotal.amount).toBe(priced.lines.reduce((sum, { total }) => sum + total.amount, 0));
      expect(priced.taxAdded.amount).toBe(priced.lines.reduce((sum, { tax }) => sum + (tax.included ? 0 : tax.amount.amount), 0));
      expect(priced.total).toEqual({ amount: priced.subtotal.amount + priced.taxAdded.amount, currency: 'CNY' });
      expect(isFree(priced)).toBe(priced.total.amount === 0);
    }));
  });

  it('is divided over the tax rates without a rest: each rate once, the highest first, its tax the sum of its lines, each rounded by itself', () => {
    fc.assert(fc.property(catalogues, lines, someDining, (catalogue, list, dining) => {
      const priced = price(catalogue, list, dining);
      expect(priced.taxes.reduce((sum, { gross }) => sum + gross.amount, 0)).toBe(priced.total.amount);
      expect(priced.taxes.map(({ basisPoints, included }) => basisPoints * 2 + Number(included))).toEqual([...new Set(priced.lines.map(({ tax }) => tax.basisPoints * 2 + Number(tax.included)))].sort((left, right) => right - left));
      for (const { basisPoints, included, tax } of priced.taxes) {
        const ofRate = priced.lines.filter((line) => line.tax.basisPoints === basisPoints && line.tax.included === included);
        const rounded = ofRate.map(({ total }) => {
          const [numerator, denominator] = [BigInt(total.amount) * BigInt(basisPoints), BigInt(included ? 10_000 + basisPoints : 10_000)];
          return (2n * numerator + denominator) / (2n * denominator);
        });
        expect(ofRate.map((line) => BigInt(line.tax.amount.amount))).toEqual(rounded);
        expect(BigInt(tax.amount)).toBe(rounded.reduce((sum, amount) => sum + amount, 0n));
      }
      for (const { offer, tax } of priced.lines) expect({ basisPoints: tax.basisPoints, included: tax.included }).toEqual(dining === 'take_away' && offer.takeAwayTax ? offer.takeAwayTax : offer.tax);
    }));
  });

  it('does not depend on the order of the lines, nor on the order of the choices in them', () => {
    const shuffled = (list: CartLine[]) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }));
    fc.assert(fc.property(catalogues, lines.chain(shuffled), someDining, (catalogue, [list, other], dining) => {
      const turned = other.map((line) => ({ ...line, choices: Object.fromEntries(Object.entries(line.choices).map(([id, picked]) => [id, [...picked].reverse()])) }));
      expect(amounts(price(catalogue, turned, dining))).toEqual(amounts(price(catalogue, list, dining)));
    }));
  });

  it('does not depend on the order of adding, piece by piece or many at once', () => {
    const pieces = lines.map((list) => list.map((line) => ({ ...line, quantity: Math.min(line.quantity, 4) })));
    const mixed = pieces.chain((list) => {
      const single = list.flatMap((line) => Array.from({ length: line.quantity }, (_, index) => ({ ...line, id: `${line.id}-${index}`, quantity: 1 })));
      return fc.tuple(fc.constant(list), fc.shuffledSubarray(single, { minLength: single.length }));
    });
    fc.assert(fc.property(catalogues, mixed, someDining, (catalogue, [list, single], dining) => {
      const [atOnce, oneByOne] = [list, single].map((added) => added.reduce(addLine, emptyCart(cartId)));
      expect(amounts(price(catalogue, oneByOne!.lines, dining))).toEqual(amounts(price(catalogue, atOnce!.lines, dining)));
    }));
  });

  it('does not change where equal lines become one, but for the rounding of a tax that was rounded twice', () => {
    fc.assert(fc.property(catalogues, lines, fc.integer({ min: 1, max: 4 }), (catalogue, list, more) => {
      const [first, ...others] = list;
      fc.pre(first !== undefined);
      const whole = price(catalogue, [{ ...first, quantity: first.quantity + more }, ...others]);
      const parted = price(catalogue, [first, ...others, { ...first, id: 'again', quantity: more }]);
      expect(parted.subtotal).toEqual(whole.subtotal);
      // Free pieces may go to other lines of the same price.
      expect(Math.abs(parted.taxAdded.amount - whole.taxAdded.amount)).toBeLessThanOrEqual(list.length + 1);
    }));
  });

  it('is never higher by a promotion, and the better of two promotions counts, alone', () => {
    const total = (catalogue: Catalogue, list: CartLine[]) => price(catalogue, list).subtotal.amount;
    fc.assert(fc.property(catalogues, lines, (catalogue, list) => {
      const alone = catalogue.promotions.map((promotion) => total({ ...catalogue, promotions: [promotion] }, list));
      const listed = total({ ...catalogue, promotions: [] }, list);
      expect(alone.every((amount) => amount <= listed)).toBe(true);
      const ofOne = list.filter(({ offerId }) => offerId === 'offer-0');
      expect(total(catalogue, ofOne)).toBe(Math.min(total({ ...catalogue, promotions: [] }, ofOne), ...catalogue.promotions.map((promotion) => total({ ...catalogue, promotions: [promotion] }, ofOne))));
    }));
  });

  it('of one line is what its offer shows on its own sheet', () => {
    fc.assert(fc.property(catalogues, lines, someDining, (catalogue, list, dining) => {
      for (const line of list) {
        const offer = catalogue.offers.find(({ id }) => id === line.offerId);
        if (offer) expect(priceLine(catalogue, offer, line, noon, dining)).toEqual(price(catalogue, [line], dining).lines[0]);
      }
    }));
  });

  it('of nothing is nothing', () => {
    const [catalogue] = fc.sample(catalogues, { numRuns: 1, seed: 1 });
    const nothing = { amount: 0, currency: 'CNY' };
    expect(price(catalogue!, [])).toEqual({ lines: [], subtotal: nothing, taxAdded: nothing, total: nothing, taxes: [] });
  });

  it('keeps two lines apart that came with one id', () => {
    const { catalogue } = shop({});
    expect(price(catalogue, [line({ id: 'same', quantity: 1 }), line({ id: 'same', quantity: 2 })]).lines.map(({ quantity }) => quantity)).toEqual([1, 2]);
  });

  it('holds at the most that a terminal can charge', () => {
    const { catalogue } = shop({ price: 999_999_999_999, tax: { basisPoints: 5000, included: false } });
    expect(price(catalogue, [line()]).taxes).toEqual([{ basisPoints: 5000, included: false, gross: { amount: 1_499_999_999_999, currency: 'CNY' }, tax: { amount: 500_000_000_000, currency: 'CNY' } }]);
  });
});

function shop(changed: Partial<Offer>, ...running: Catalogue['promotions']) {
  const offer: Offer = {
    id: 'tea', categoryId: 'kitchen', name: word('Tea'), description: word('Hot'), picture, price: 1000, tax: { basisPoints: 600, included: true }, fulfilment: { kind: 'food' },
    options: [{ id: 'extras', name: word('Extras'), kind: 'options', min: 0, max: 6, repeats: true, free: 2, beyondFree: 50, choices: [{ id: 'milk', name: word('Milk'), price: 100 }, { id: 'ice', name: word('Ice'), price: 0 }], preselected: [] }],
    form: [], maxPerOrder: 99, ...changed,
  };
  const catalogue: Catalogue = { revision: 1, currency: 'CNY', categories: [], offers: [offer, { ...offer, id: 'cake' }], promotions: running, scenes: [], questions: [] };
  return { catalogue, offer };
}
const line = (rest: Partial<CartLine> = {}): CartLine => ({ id: 'line', offerId: 'tea', quantity: 1, choices: {}, form: {}, ...rest });
const common = { id: 'offer-of-the-day', name: word('Today'), offerIds: ['tea'] };

describe('choices', () => {
  it('cost what they do, and more beyond those that are free, whichever they are', () => {
    const { catalogue } = shop({});
    const unit = (...extras: string[]) => price(catalogue, [line({ choices: { extras } })]).lines[0]!.unitPrice.amount;
    expect([unit(), unit('ice', 'milk'), unit('ice', 'milk', 'milk'), unit('milk', 'milk', 'milk', 'ice')]).toEqual([1000, 1100, 1250, 1400]);
  });

  it('stand on the line as often as they were taken, as the offer lists them', () => {
    const { catalogue } = shop({});
    expect(price(catalogue, [line({ choices: { extras: ['ice', 'milk', 'ice'] } })]).lines[0]!.choices.map(({ id }) => id)).toEqual(['milk', 'ice', 'ice']);
  });
});

describe('quantity prices', () => {
  it('count the pieces of all lines of an offer together', () => {
    const { catalogue } = shop({ quantityPrices: [{ from: 3, price: 900 }, { from: 6, price: 700 }] });
    const units = (...quantities: number[]) => price(catalogue, quantities.map((quantity, index) => line({ id: `line-${index}`, quantity }))).lines.map(({ unitPrice }) => unitPrice.amount);
    expect([units(2), units(3), units(1, 2), units(5), units(2, 4)]).toEqual([[1000], [900], [900, 900], [900], [700, 700]]);
  });

  it('are what a special price is held against', () => {
    const { catalogue } = shop({ quantityPrices: [{ from: 3, price: 800 }] }, { ...common, kind: 'special_price', price: 900 });
    const discount = (quantity: number) => price(catalogue, [line({ quantity, choices: { extras: ['milk', 'milk'] } })]).lines[0]!.discount.amount;
    expect([discount(2), discount(3)]).toEqual([200, 0]);
  });
});

describe('a promotion', () => {
  const discounts = (promotion: Catalogue['promotions'][number], ...wishes: CartLine[]) => price(shop({}, promotion).catalogue, wishes).lines.map(({ discount, promotion: name }) => [discount.amount, name?.en]);

  it('of so much per cent is taken off each piece, options included', () => {
    expect(discounts({ ...common, kind: 'percent_off', basisPoints: 3333 }, line({ quantity: 3, choices: { extras: ['milk'] } }))).toEqual([[1101, 'Today']]);
  });

  it('of a special price leaves the options as they are', () => {
    expect(discounts({ ...common, kind: 'special_price', price: 0 }, line({ quantity: 2, choices: { extras: ['milk'] } }))).toEqual([[2000, 'Today']]);
  });

  it('of free pieces gives the cheapest, of each that is full', () => {
    const promotion = { ...common, kind: 'buy_get', buy: 2, free: 1 } as const;
    const [plain, milky] = [(quantity: number) => line({ id: 'plain', quantity }), (quantity: number) => line({ id: 'milky', quantity, choices: { extras: ['milk'] } })];
    expect(discounts(promotion, milky(2))).toEqual([[0, undefined]]);
    expect(discounts(promotion, milky(2), plain(1))).toEqual([[0, undefined], [1000, 'Today']]);
    expect(discounts(promotion, milky(5), plain(1))).toEqual([[1100, 'Today'], [1000, 'Today']]);
  });

  it('of those that take off the same is the first of the catalogue', () => {
    const { catalogue } = shop({}, { ...common, kind: 'percent_off', basisPoints: 1000 }, { ...common, id: 'other', name: word('Other'), kind: 'special_price', price: 900 });
    expect(price(catalogue, [line()]).lines[0]!.promotion).toEqual(word('Today'));
  });

  it('runs from its first minute to before its last, and for its own offers', () => {
    const { catalogue } = shop({}, { ...common, kind: 'percent_off', basisPoints: 5000, from: noon.at, until: noon.at + 120_000, windows: [{ days: [1], from: '12:00', to: '12:02' }] });
    const at = (minutes: number, offerId = 'tea') => priceCart(catalogue, cartOf([line({ offerId })]), { ...noon, at: noon.at + minutes * 60_000, minute: noon.minute + minutes }).total.amount;
    expect([at(-1), at(0), at(1), at(2), at(0, 'cake')]).toEqual([1000, 500, 500, 1000, 1000]);
    expect(priceCart(catalogue, cartOf([line()]), { ...noon, weekday: 2 }).total.amount).toBe(1000);
  });
});

it('tax is rounded by line, and the total of a rate is the sum of what was rounded', () => {
  const { catalogue } = shop({ price: 4, tax: { basisPoints: 1300, included: true }, options: [] });
  // 4 at 13 % holds 0.46, which rounds to 0; 8 holds 0.92, which rounds to 1.
  const tax = (wishes: CartLine[]) => price(catalogue, wishes).taxes.map((rate) => rate.tax.amount);
  expect([tax([line(), line({ id: 'other', offerId: 'cake' })]), tax([line({ quantity: 2 })])]).toEqual([[0], [1]]);
});

it('a tax that is not in the price is added to the total', () => {
  const { catalogue } = shop({ takeAwayTax: { basisPoints: 900, included: false } });
  expect([amounts(price(catalogue, [line()], 'take_away')), price(catalogue, [line()], 'eat_in').taxAdded.amount]).toEqual([{
    subtotal: { amount: 1000, currency: 'CNY' }, taxAdded: { amount: 90, currency: 'CNY' }, total: { amount: 1090, currency: 'CNY' },
    taxes: [{ basisPoints: 900, included: false, gross: { amount: 1090, currency: 'CNY' }, tax: { amount: 90, currency: 'CNY' } }],
  }, 0]);
});
