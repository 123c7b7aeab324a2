import { describe, expect, it } from 'vitest';
import type { CartLine } from '../cart/cart.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CartId } from '../ids.ts';
import { priceCart } from '../pricing/pricing.ts';
import type { OrderState, OrderStep } from './order.ts';
import { isOpen, isPaid, nextState, orderLineSchema, orderLines, orderSchema, orderStates, pickupNumber } from './order.ts';

const steps: readonly OrderStep[] = ['accept_free', 'start_payment', 'payment_approved', 'payment_failed', 'payment_lost_sight_of', 'fulfil', 'cancel', 'expire', 'refund'];

/** Every state and every step, in the order of `steps`. A dash is what must not happen. */
const table: Readonly<Record<OrderState, string>> = {
  //                accept_free  start_payment     approved  failed            lost_sight_of    fulfil     cancel     expire   refund
  placed: '          paid        awaiting_payment  -         -                 -                -          cancelled  expired  -',
  awaiting_payment: '-           awaiting_payment  paid      awaiting_payment  payment_unknown  -          cancelled  expired  -',
  payment_unknown: ' -           -                 paid      awaiting_payment  -                -          -          -        refunded',
  paid: '            -           -                 -         -                 -                fulfilled  -          -        refunded',
  fulfilled: '       -           -                 -         -                 -                -          -          -        refunded',
  cancelled: '       -           -                 -         -                 -                -          -          -        -',
  expired: '         -           -                 -         -                 -                -          -          -        -',
  refunded: '        -           -                 -         -                 -                -          -          -        -',
};

describe('the states of an order', () => {
  it.each(orderStates.flatMap((state) => steps.map((step, index) => [state, step, table[state].trim().split(/\s+/)[index]] as const)))('%s, %s: %s', (state, step, expected) => {
    expect(nextState(state, step)).toBe(expected === '-' ? undefined : expected);
  });

  const after = (state: OrderState): OrderState[] => steps.flatMap((step) => nextState(state, step) ?? []);

  it('an unknown payment is never cancelled and never expires: only an answer ends it', () => {
    expect(after('payment_unknown')).not.toContain('cancelled');
    expect(after('payment_unknown')).not.toContain('expired');
  });

  it.each(['cancelled', 'expired', 'refunded'] as const)('nothing leaves %s', (state) => {
    expect(after(state)).toEqual([]);
  });

  it('money that was taken leaves an order only by a refund', () => {
    for (const state of orderStates.filter(isPaid)) for (const next of after(state)) expect(isPaid(next) || next === 'refunded').toBe(true);
  });

  it('is open while it may still be paid, paid when it was, and never both', () => {
    expect(orderStates.filter(isOpen)).toEqual(['placed', 'awaiting_payment', 'payment_unknown']);
    expect(orderStates.filter(isPaid)).toEqual(['paid', 'fulfilled']);
  });
});

describe('pickup numbers', () => {
  it.each([[0, 'A001'], [998, 'A999'], [999, 'B001'], [8 * 999, 'J001'], [23_975, 'Z999'], [23_976, 'A001']])('order %i is %s', (index, number) => {
    expect(pickupNumber(index)).toBe(number);
  });

  it('are all different until they begin again, fit the schema, and have no letter that reads as a digit', () => {
    const numbers = Array.from({ length: 23_976 }, (_, index) => pickupNumber(index));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.filter((number) => !orderSchema.shape.number.safeParse(number).success || /[IO]|000/.test(number))).toEqual([]);
  });
});

it('the lines of an order are plain values that a later catalogue does not change', () => {
  const word = (text: string) => ({ zh: text, en: text });
  const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
  const catalogue: Catalogue = {
    revision: 1, currency: 'CNY', categories: [], scenes: [],
    offers: [{
      id: 'tea', categoryId: 'kitchen', name: word('Tea'), description: word('Hot'), picture, price: 900, taxPerMille: 60, fulfilment: { kind: 'food' }, form: [], maxPerOrder: 9,
      options: [{ id: 'size', name: word('Size'), min: 1, max: 1, choices: [{ id: 'large', name: word('Large'), price: 200 }], preselected: [] }],
    }],
  };
  const line: CartLine = { id: 'line', offerId: 'tea', quantity: 2, choices: { size: ['large'] }, form: {} };
  const lines = orderLines(priceCart(catalogue, { id: '00000000-0000-7000-8000-000000000001' as CartId, lines: [line] }));
  expect(lines).toEqual([{
    offerId: 'tea', name: word('Tea'), fulfilment: { kind: 'food' }, choices: [{ id: 'large', name: word('Large'), price: 200 }], quantity: 2, unitPrice: 1100, total: 2200, form: {},
  }]);
  expect(orderLineSchema.safeParse(lines[0]).success).toBe(true);
});
