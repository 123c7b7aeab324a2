import { describe, expect, it } from 'vitest';
import type { CartLine } from '../cart/cart.ts';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import { maxFormValue } from '../catalogue/form.ts';
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

describe('the lines of an order', () => {
  const word = (text: string) => ({ zh: text, en: text });
  const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
  const moment = { at: 0, weekday: 4, minute: 480 };
  const catalogue = catalogueSchema.parse({
    revision: 1, currency: 'CNY', categories: [{ id: 'kitchen', business: 'food', name: word('Kitchen'), picture }, { id: 'phone', business: 'telecom', name: word('Phone'), picture }],
    offers: [
      {
        id: 'tea', categoryId: 'kitchen', name: word('Tea'), description: word('Hot'), picture, price: 900, tax: { basisPoints: 600, included: true }, takeAwayTax: { basisPoints: 900, included: false }, fulfilment: { kind: 'food' }, form: [], maxPerOrder: 9,
        options: [{ id: 'size', name: word('Size'), min: 1, max: 1, choices: [{ id: 'large', name: word('Large'), price: 200 }], preselected: [] }],
      },
      {
        id: 'plan', categoryId: 'phone', name: word('Plan'), description: word('Plan'), picture, price: 3900, taxPerMille: 60, fulfilment: { kind: 'telecom', service: 'plan_change' }, options: [], maxPerOrder: 1,
        form: ['phone', { id: 'why', kind: 'choice', label: word('Why'), required: false, choices: [{ id: 'dear', label: word('Dear') }, { id: 'slow', label: word('Slow') }] }, { id: 'more', kind: 'text', label: word('More'), required: false, when: { field: 'why', is: ['slow'] } }],
      },
    ],
    promotions: [{ id: 'off', name: word('Off'), kind: 'percent_off', basisPoints: 1000, offerIds: ['tea'] }],
    scenes: [{ offerId: 'tea', line: word('Tea') }],
  });
  const linesOf = (line: Partial<CartLine>, dining?: 'take_away') => {
    const whole: CartLine = { id: 'line', offerId: 'tea', quantity: 2, choices: {}, form: {}, ...line };
    return orderLines(priceCart(catalogue, { id: '00000000-0000-7000-8000-000000000001' as CartId, lines: [whole], ...(dining ? { dining } : {}) }, moment));
  };

  it('are plain values that a later catalogue does not change: choices, what was taken off and why, the tax', () => {
    const lines = linesOf({ choices: { size: ['large'] } }, 'take_away');
    expect(lines).toEqual([{
      offerId: 'tea', name: word('Tea'), fulfilment: { kind: 'food' }, choices: [{ id: 'large', name: word('Large'), price: 200 }], quantity: 2, unitPrice: 1100,
      discount: { amount: 220, name: word('Off') }, total: 1980, tax: { basisPoints: 900, included: false, amount: 178 }, form: {}, fields: [],
    }]);
    expect(orderLineSchema.parse(lines[0])).toEqual(lines[0]);
  });

  it('say what was filled in and what it was called, and nothing that was left empty or is not asked any more', () => {
    const [line] = linesOf({ offerId: 'plan', quantity: 1, form: { phone: '13912345678', why: 'dear', more: 'left over' } });
    expect(line).toMatchObject({ form: { phone: '13912345678', why: 'dear' }, fields: [{ id: 'phone', kind: 'phone' }, { id: 'why', kind: 'choice', label: word('Why') }] });
    expect(line!.form).not.toHaveProperty('more');
    expect(line).not.toHaveProperty('discount');
    expect(linesOf({ offerId: 'plan', quantity: 1, form: { phone: '13912345678', why: '' } })[0]!.form).toEqual({ phone: '13912345678' });
    expect(orderLineSchema.safeParse(line).success).toBe(true);
  });

  it('have room for the longest that a form may hold, also once it is sealed', () => {
    const nonceAndTag = 28;
    const sealed = `sealed:${'x'.repeat(Math.ceil(((maxFormValue * 3 + nonceAndTag) * 4) / 3))}`;
    expect(orderLineSchema.safeParse({ ...linesOf({})[0], form: { note: sealed } }).success).toBe(true);
  });
});
