import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Offer } from '../catalogue/offer.ts';
import { uuidV7From } from '../ids.ts';
import type { Cart, CartLine } from './cart.ts';
import { addLine, cartSchema, emptyCart, itemCount, maxCartLines, preselectedChoices, quantityOf, replaceLine, setQuantity } from './cart.ts';

const cartId = cartSchema.shape.id.parse(uuidV7From(1, new Uint8Array(10)));

/** Wishes of few kinds, so that many are the same but for their number. */
const wishes = fc.record({
  offerId: fc.constantFrom('tea', 'cola'),
  choices: fc.constantFrom<CartLine['choices'][]>({}, { size: [] }, { size: ['large'] }, { size: ['large'], extras: ['ice', 'lemon'] }, { extras: ['lemon', 'ice'], size: ['large'] }),
  form: fc.constantFrom<CartLine['form'][]>({}, { phone: '13912345678' }, { phone: '' }, { phone: '13912345678', note: 'soon' }, { note: 'soon', phone: '13912345678' }),
  quantity: fc.integer({ min: 1, max: 9 }),
});
type Wish = Omit<CartLine, 'id'>;

const line = (wish: Wish, id: string): CartLine => ({ ...wish, id });
/** The same wish, said by hand: empty groups say nothing, and neither does the order of choices. */
const meaning = ({ offerId, choices, form }: Wish) =>
  `${offerId} ${[...(choices['size'] ?? [])].sort().join()} ${[...(choices['extras'] ?? [])].sort().join()} ${form['phone'] ?? ''} ${form['note'] ?? ''}`;

function piecesByWish(list: readonly Wish[]): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const wish of list) pieces.set(meaning(wish), (pieces.get(meaning(wish)) ?? 0) + wish.quantity);
  return pieces;
}

function fill(list: readonly Wish[]): Cart {
  return list.reduce((cart, wish, index) => addLine(cart, line(wish, `line-${index}`)), emptyCart(cartId));
}

describe('adding to a cart', () => {
  it('keeps count of every piece, by wish and in all', () => {
    fc.assert(fc.property(fc.array(wishes, { maxLength: 10 }), (list) => {
      const cart = fill(list);
      expect(itemCount(cart)).toBe(list.reduce((sum, { quantity }) => sum + quantity, 0));
      for (const offerId of ['tea', 'cola', 'nothing']) {
        expect(quantityOf(cart, offerId)).toBe(list.reduce((sum, wish) => (wish.offerId === offerId ? sum + wish.quantity : sum), 0));
      }
      expect(new Map(cart.lines.map((found) => [meaning(found), found.quantity]))).toEqual(piecesByWish(list));
    }));
  });

  it('makes one line of each wish, and keeps the first line of it where it stood', () => {
    fc.assert(fc.property(fc.array(wishes, { maxLength: 10 }), (list) => {
      expect(fill(list).lines.map(meaning)).toEqual([...new Set(list.map(meaning))]);
      const firsts = list.flatMap((wish, index) => (list.findIndex((other) => meaning(other) === meaning(wish)) === index ? [`line-${index}`] : []));
      expect(fill(list).lines.map(({ id }) => id)).toEqual(firsts);
    }));
  });

  it('leaves the cart that it was given as it was', () => {
    const before = fill([{ offerId: 'tea', choices: {}, form: {}, quantity: 1 }]);
    const copy = structuredClone(before);
    addLine(before, line({ offerId: 'tea', choices: {}, form: {}, quantity: 1 }, 'other'));
    setQuantity(before, 'line-0', 7);
    expect(before).toEqual(copy);
  });

  it.each<[string, Partial<Wish>]>([['another offer', { offerId: 'cola' }], ['another choice', { choices: { size: ['small'] } }], ['another phone', { form: { phone: '13900000000' } }]])('%s is another wish', (_what, other) => {
    const wish: Wish = { offerId: 'tea', choices: { size: ['large'] }, form: { phone: '13912345678' }, quantity: 1 };
    expect(fill([wish, { ...wish, ...other }]).lines.length).toBe(2);
  });

  it('stops at 99 of a line, which is what the contract lets through', () => {
    const wish: Wish = { offerId: 'tea', choices: {}, form: {}, quantity: 60 };
    const cart = fill([wish, wish]);
    expect(cart.lines[0]?.quantity).toBe(99);
    expect(cartSchema.safeParse(cart).success).toBe(true);
  });
});

it('lines of one id are no cart: nobody could say which of them is meant', () => {
  const wish: Wish = { offerId: 'tea', choices: {}, form: {}, quantity: 1 };
  expect(cartSchema.safeParse({ id: cartId, lines: [line(wish, 'one'), line(wish, 'other')] }).success).toBe(true);
  expect(cartSchema.safeParse({ id: cartId, lines: [line(wish, 'one'), line(wish, 'one')] }).success).toBe(false);
});

it('more lines than an order may have still pass the border, so that the rule can answer', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => line({ offerId: 'tea', choices: {}, form: {}, quantity: 1 }, `line-${index}`));
  expect(cartSchema.safeParse({ id: cartId, lines: lines(maxCartLines + 1) }).success).toBe(true);
  expect(cartSchema.safeParse({ id: cartId, lines: lines(1000) }).success).toBe(false);
});

describe('changing a line', () => {
  it('puts it where it stood, or adds it to the line that it is the same as now: each wish stays one line, and every other piece stays', () => {
    fc.assert(fc.property(fc.array(wishes, { minLength: 1, maxLength: 8 }), fc.nat(7), wishes, (list, at, wish) => {
      const before = fill(list);
      const changed = before.lines[at % before.lines.length]!;
      const after = replaceLine(before, line(wish, changed.id));
      expect(new Set(after.lines.map(meaning)).size).toBe(after.lines.length);
      expect(itemCount(after)).toBe(itemCount(before) - changed.quantity + wish.quantity);
      const wanted = piecesByWish([...before.lines.filter(({ id }) => id !== changed.id), wish]);
      expect(new Map(after.lines.map((found) => [meaning(found), found.quantity]))).toEqual(wanted);
      if (after.lines.length === before.lines.length) expect(after.lines.map(({ id }) => id)).toEqual(before.lines.map(({ id }) => id));
    }));
  });

  it('that is not there changes nothing', () => {
    const cart = fill([{ offerId: 'tea', choices: {}, form: {}, quantity: 2 }]);
    expect(replaceLine(cart, line({ offerId: 'cola', choices: {}, form: {}, quantity: 1 }, 'nobody'))).toEqual(cart);
  });
});

describe('changing a quantity', () => {
  const cart = fill([{ offerId: 'tea', choices: {}, form: {}, quantity: 2 }, { offerId: 'cola', choices: {}, form: {}, quantity: 3 }]);

  it('touches its line alone', () => {
    expect(setQuantity(cart, 'line-0', 5).lines.map(({ quantity }) => quantity)).toEqual([5, 3]);
    expect(setQuantity(cart, 'nobody', 5)).toEqual(cart);
    expect(setQuantity(cart, 'nobody', 0)).toEqual(cart);
  });

  it.each([0, -1])('to %i takes the line out', (quantity) => {
    expect(setQuantity(cart, 'line-0', quantity).lines.map(({ id }) => id)).toEqual(['line-1']);
  });
});

it('choices stand before a customer touches anything, as the catalogue says', () => {
  const group = { id: 'size', name: { zh: '杯', en: 'Size' }, min: 1, max: 1, choices: [{ id: 'small', name: { zh: '小', en: 'Small' }, price: 0 }], preselected: ['small'] };
  expect(preselectedChoices({ options: [group, { ...group, id: 'extras', min: 0, preselected: [] }] } as unknown as Offer)).toEqual({ size: ['small'], extras: [] });
});
