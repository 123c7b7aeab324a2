import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cart, CartLine } from '../cart/cart.ts';
import { maxCartLines, setQuantity } from '../cart/cart.ts';
import type { Catalogue, Offer } from '../catalogue/catalogue.ts';
import { catalogueSchema, findOffer } from '../catalogue/catalogue.ts';
import type { CartId } from '../ids.ts';
import type { Refusal, RuleFacts, Suggestion } from './rules.ts';
import { checkCart, checkWish, isPhoneNumber, refusalSchema, withSoldOut } from './rules.ts';

const word = (text: string) => ({ zh: text, en: text });
const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;

const catalogue: Catalogue = catalogueSchema.parse({
  revision: 1, currency: 'CNY',
  categories: [['shelf', 'goods'], ['kitchen', 'food'], ['phone', 'telecom']].map(([id, business]) => ({ id, business, name: word('Category'), picture })),
  offers: [
    { id: 'cola', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 300, maxPerOrder: 4 },
    { id: 'charger', categoryId: 'shelf', fulfilment: { kind: 'goods', initialStock: 9 }, price: 9900, maxPerOrder: 9 },
    {
      id: 'tea', categoryId: 'kitchen', fulfilment: { kind: 'food' }, price: 900, maxPerOrder: 9,
      options: [
        { id: 'size', name: word('Size'), min: 1, max: 1, choices: ['small', 'large'].map((id) => ({ id, name: word(id), price: 0 })), preselected: ['small'] },
        { id: 'extras', name: word('Extras'), min: 0, max: 2, choices: ['ice', 'lemon', 'milk'].map((id) => ({ id, name: word(id), price: 100 })), preselected: [] },
      ],
    },
    { id: 'top-up', categoryId: 'phone', fulfilment: { kind: 'telecom', service: 'top_up' }, price: 5000, maxPerOrder: 1, form: ['phone'] },
  ].map((offer) => ({ name: word('Offer'), description: word('Offer'), picture, taxPerMille: 60, options: [], form: [], ...offer })),
  scenes: [{ offerId: 'tea', line: word('Tea') }],
});

const facts: RuleFacts = { catalogue, available: new Map([['cola', 9], ['charger', 9]]), maxTotal: 100_000 };
const phone = '13912345678';

function line(offerId: string, rest: Partial<CartLine> = {}): CartLine {
  return { id: `${offerId}-line`, offerId, quantity: 1, choices: {}, form: {}, ...rest };
}

function cart(...lines: CartLine[]): Cart {
  return { id: '00000000-0000-7000-8000-000000000001' as CartId, lines };
}

const goodTea = line('tea', { choices: { size: ['large'], extras: ['ice', 'lemon'] } });
const goodTopUp = line('top-up', { form: { phone } });

describe('a cart that may become an order', () => {
  it('has nothing to refuse', () => {
    expect(checkCart(facts, cart(goodTea, goodTopUp, line('cola', { quantity: 4 })))).toEqual([]);
  });

  it('may take the last piece, the most of an offer and the most of money', () => {
    expect(checkCart({ ...facts, available: new Map([['cola', 2]]) }, cart(line('cola', { quantity: 2 })))).toEqual([]);
    expect(checkCart({ ...facts, maxTotal: 600 }, cart(line('cola', { quantity: 2 })))).toEqual([]);
  });
});

describe('what is not to be sold now', () => {
  it('is refused as sold out, counted or not, and comes back with its stock', () => {
    const soldOut = { ...facts, available: withSoldOut(facts.available, new Set(['tea', 'cola', 'of-another-catalogue'])) };
    const wanted = cart(goodTea, goodTopUp, line('cola'));
    expect(checkCart(soldOut, wanted).map(({ code, offerId }) => [code, offerId])).toEqual([['sold_out', 'tea'], ['sold_out', 'cola']]);
    expect(checkCart({ ...facts, available: withSoldOut(facts.available, new Set()) }, wanted)).toEqual([]);
    expect(facts.available.get('cola')).toBe(9);
  });
});

describe('a refusal says what would make it right', () => {
  const about = (offerId: string) => ({ lineId: `${offerId}-line`, offerId });
  const remove = (offerId: string) => ({ kind: 'remove_line', lineId: `${offerId}-line` });
  const choose = (groupId: string) => ({ kind: 'choose_options', lineId: 'tea-line', groupId });
  const fillIn = { kind: 'fill_in', lineId: 'top-up-line', field: 'phone' };

  it.each<[string, Partial<RuleFacts>, CartLine[], object]>([
    ['cart_empty', {}, [], { code: 'cart_empty', suggestion: { kind: 'keep_shopping' } }],
    ['offer_gone', {}, [line('coffee')], { code: 'offer_gone', ...about('coffee'), suggestion: remove('coffee') }],
    ['sold_out', { available: new Map([['cola', 0]]) }, [line('cola')], { code: 'sold_out', ...about('cola'), suggestion: remove('cola') }],
    ['stock_short', { available: new Map([['cola', 2]]) }, [line('cola', { quantity: 3 })], { code: 'stock_short', ...about('cola'), suggestion: { kind: 'set_quantity', lineId: 'cola-line', quantity: 2 } }],
    ['too_many', {}, [line('cola', { quantity: 5 })], { code: 'too_many', ...about('cola'), suggestion: { kind: 'set_quantity', lineId: 'cola-line', quantity: 4 } }],
    ['option_missing', {}, [line('tea')], { code: 'option_missing', ...about('tea'), suggestion: choose('size') }],
    ['option_unknown: a choice that is none', {}, [line('tea', { choices: { size: ['huge'] } })], { code: 'option_unknown', ...about('tea'), suggestion: choose('size') }],
    ['option_unknown: a choice twice', {}, [line('tea', { choices: { size: ['small'], extras: ['ice', 'ice'] } })], { code: 'option_unknown', ...about('tea'), suggestion: choose('extras') }],
    ['option_unknown: more than allowed', {}, [line('tea', { choices: { size: ['small', 'large'] } })], { code: 'option_unknown', ...about('tea'), suggestion: choose('size') }],
    ['option_unknown: a group that is none', {}, [line('tea', { choices: { size: ['small'], colour: ['red'] } })], { code: 'option_unknown', ...about('tea'), suggestion: remove('tea') }],
    ['form_missing', {}, [line('top-up')], { code: 'form_missing', ...about('top-up'), suggestion: fillIn }],
    ['form_missing: left empty', {}, [line('top-up', { form: { phone: '' } })], { code: 'form_missing', ...about('top-up'), suggestion: fillIn }],
    ['form_invalid', {}, [line('top-up', { form: { phone: '1391234567' } })], { code: 'form_invalid', ...about('top-up'), suggestion: fillIn }],
    ['form_invalid: nobody asked', {}, [line('cola', { form: { phone } })], { code: 'form_invalid', ...about('cola'), suggestion: remove('cola') }],
    ['total_too_high', { maxTotal: 299 }, [line('cola')], { code: 'total_too_high', suggestion: { kind: 'keep_shopping' } }],
  ])('%s', (_code, changed, lines, refusal) => {
    const found = checkCart({ ...facts, ...changed }, cart(...lines));
    expect(found).toEqual([refusal]);
    expect(refusalSchema.parse(found[0])).toEqual(refusal);
  });

  it('over all lines of an offer: each is told what the others leave of it', () => {
    const lines = [line('cola', { id: 'first', quantity: 2 }), line('cola', { id: 'second', quantity: 3 })];
    expect(checkCart(facts, cart(...lines)).map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['too_many', { kind: 'set_quantity', lineId: 'first', quantity: 1 }],
      ['too_many', { kind: 'set_quantity', lineId: 'second', quantity: 2 }],
    ]);
    expect(checkCart({ ...facts, available: new Map([['cola', 2]]) }, cart(...lines)).map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['stock_short', { kind: 'remove_line', lineId: 'first' }],
      ['stock_short', { kind: 'remove_line', lineId: 'second' }],
    ]);
  });

  it('for each line that needs mending, and the total only when the lines are right', () => {
    expect(checkCart({ ...facts, maxTotal: 1 }, cart(line('coffee'), line('tea'), goodTopUp)).map(({ code }) => code)).toEqual(['offer_gone', 'option_missing']);
  });

  it('for each line that an order has no room for, the last ones first to go', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => line('top-up', { id: `line-${index}`, form: { phone } }));
    const roomy = { ...facts, catalogue: { ...catalogue, offers: catalogue.offers.map((offer) => ({ ...offer, maxPerOrder: 99 })) }, maxTotal: 10_000_000 };
    expect(checkCart(roomy, cart(...many(maxCartLines)))).toEqual([]);
    const refusals = checkCart(roomy, cart(...many(maxCartLines + 2)));
    expect(refusals.map((refusal) => refusalSchema.parse(refusal))).toEqual([maxCartLines, maxCartLines + 1].map((index) => (
      { code: 'too_many_lines', lineId: `line-${index}`, offerId: 'top-up', suggestion: { kind: 'remove_line', lineId: `line-${index}` } })));
  });

  it('for a wish alone, as the options sheet asks', () => {
    const tea = findOffer(catalogue, 'tea')!;
    expect(checkWish(tea, goodTea)).toEqual([]);
    expect(checkWish(tea, line('tea')).map(({ code }) => code)).toEqual(['option_missing']);
  });
});

it.each([
  ['13000000000', true], ['19999999999', true], ['12912345678', false], ['23912345678', false], ['139123456789', false], ['1391234567', false], ['+8613912345678', false],
  ['139 1234 5678', false], ['１３９１２３４５６７８', false], ['13912345678\n', false], ['', false],
])('%j as a phone number: %s', (value, good) => {
  expect(isPhoneNumber(value)).toBe(good);
});

/** What the page's one button does, with a customer who answers rightly when asked. */
function accept(now: Cart, suggestion: Suggestion): Cart {
  const mend = (lineId: string, change: (wish: CartLine, offer: Offer) => CartLine): Cart =>
    ({ ...now, lines: now.lines.map((wish) => (wish.id === lineId ? change(wish, findOffer(catalogue, wish.offerId)!) : wish)) });
  switch (suggestion.kind) {
    case 'set_quantity': return setQuantity(now, suggestion.lineId, suggestion.quantity);
    case 'remove_line': return setQuantity(now, suggestion.lineId, 0);
    case 'choose_options': {
      const { lineId, groupId } = suggestion;
      return mend(lineId, (wish, offer) => {
        const group = offer.options.find(({ id }) => id === groupId)!;
        return { ...wish, choices: { ...wish.choices, [groupId]: group.choices.slice(0, group.min).map(({ id }) => id) } };
      });
    }
    case 'fill_in': return mend(suggestion.lineId, (wish) => ({ ...wish, form: { ...wish.form, [suggestion.field]: phone } }));
    default: throw new Error(`nothing to accept in ${suggestion.kind}`);
  }
}

const someLines: fc.Arbitrary<CartLine[]> = fc.array(fc.record({
  offerId: fc.constantFrom('cola', 'cola', 'charger', 'tea', 'top-up', 'coffee'),
  quantity: fc.integer({ min: 1, max: 12 }),
  choices: fc.dictionary(fc.constantFrom('size', 'extras', 'colour'), fc.array(fc.constantFrom('small', 'large', 'ice', 'lemon', 'milk', 'red'), { maxLength: 4 }), { noNullPrototype: true }),
  form: fc.oneof(fc.constant({}), fc.record({ phone: fc.constantFrom('', phone, '123') })),
}), { minLength: 1, maxLength: 6 }).map((list) => list.map((wish, index) => ({ ...wish, id: `line-${index}` })));
const someStock = fc.record({ cola: fc.integer({ min: 0, max: 8 }), charger: fc.integer({ min: 0, max: 8 }) }).map((stock) => new Map(Object.entries(stock)));

/** Accepts suggestions until there are none or the cart is empty. Fails where that does not end. */
function mendAll(rules: RuleFacts, first: Cart, taken: (refusals: readonly Refusal[]) => readonly Refusal[]): Cart {
  let now = first;
  for (let round = 0; round < 100; round++) {
    const refusals = checkCart(rules, now);
    if (refusals.length === 0 || now.lines.length === 0) return now;
    now = taken(refusals).reduce((mended, { suggestion }) => accept(mended, suggestion), now);
  }
  throw new Error('accepting suggestions does not end');
}

describe('accepting what is suggested', () => {
  it.each<[string, (refusals: readonly Refusal[]) => readonly Refusal[]]>([['one by one', (refusals) => refusals.slice(0, 1)], ['all at once', (refusals) => refusals]])('%s ends in a cart that passes, or is empty', (_how, taken) => {
    fc.assert(fc.property(someLines, someStock, (lines, available) => {
      const rules = { catalogue, available, maxTotal: 10_000_000 };
      const mended = mendAll(rules, cart(...lines), taken);
      expect(mended.lines.length === 0 || checkCart(rules, mended).length === 0).toBe(true);
    }), { numRuns: 300 });
  });

  it('one by one never takes away more than the rules ask for', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }), (first, second, left) => {
      const rules = { catalogue, available: new Map([['charger', left]]), maxTotal: 10_000_000 };
      const mended = mendAll(rules, cart(line('charger', { id: 'first', quantity: first }), line('charger', { id: 'second', quantity: second })), (refusals) => refusals.slice(0, 1));
      expect(mended.lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(Math.min(first + second, left, 9));
    }));
  });
});
