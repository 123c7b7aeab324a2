import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includedTax, money } from '../money.ts';
import { orderFromOlder } from './older.ts';
import type { Order } from './order.ts';
import { orderSchema } from './order.ts';

const word = (text: string) => ({ zh: text, en: text });

const olderLine = (offerId: string, total: number, rest: object = {}) =>
  ({ offerId, name: word(offerId), fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: total, total, form: {}, ...rest });

const older = (lines: readonly object[], taxes: readonly object[], total: number) => ({
  id: '00000000-0000-7000-8000-000000000001', cartId: '00000000-0000-7000-8000-000000000002', number: 'A042', placedAt: 1, language: 'zh', catalogueRevision: 1,
  lines, total: { amount: total, currency: 'CNY' }, taxes, receiptToken: 'AAAAAAAAAAAAAAAAAAAAAA',
});

const now = (json: unknown): Order => orderSchema.parse(orderFromOlder(json));

describe('an order of before', () => {
  it('is one of now: its taxes in basis points, its lines each with their rate, a phone number with its name', () => {
    const order = now(older(
      [olderLine('tea', 900), olderLine('cola', 300), olderLine('top-up', 5000, { fulfilment: { kind: 'telecom', service: 'top_up' }, form: { phone: '13912345678' } })],
      [{ ratePerMille: 130, gross: 300, tax: 35 }, { ratePerMille: 90, gross: 5000, tax: 413 }, { ratePerMille: 60, gross: 900, tax: 51 }], 6200));
    expect(order.lines.map(({ tax }) => tax)).toEqual([
      { basisPoints: 600, included: true, amount: 51 }, { basisPoints: 1300, included: true, amount: 35 }, { basisPoints: 900, included: true, amount: 413 },
    ]);
    expect(order.lines.map(({ fields }) => fields)).toEqual([[], [], [{ id: 'phone', kind: 'phone', label: { zh: '手机号', en: 'Mobile number' } }]]);
    expect(order.taxes).toEqual([
      { basisPoints: 1300, included: true, gross: 300, tax: 35 }, { basisPoints: 900, included: true, gross: 5000, tax: 413 }, { basisPoints: 600, included: true, gross: 900, tax: 51 },
    ]);
  });

  it('keeps the tax that was printed for a rate: the lines add up to it', () => {
    // 4 at 13 % holds 0.46, which rounds to 0; 8 holds 0.92, which rounds to 1.
    const order = now(older([olderLine('sweet', 4), olderLine('sour', 4)], [{ ratePerMille: 130, gross: 8, tax: 1 }], 8));
    expect(order.lines.map(({ tax }) => tax.amount)).toEqual([1, 0]);
  });

  it('never has a line with less than no tax', () => {
    // Ten times 5 at 13 %: 0.58 each, 5.75 together.
    const order = now(older(Array.from({ length: 10 }, (_, index) => olderLine(`offer-${index}`, 5)), [{ ratePerMille: 130, gross: 50, tax: 6 }], 50));
    expect(order.lines.map(({ tax }) => tax.amount).sort()).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
  });

  it('comes back the same where it is one of now already', () => {
    const first = now(older([olderLine('tea', 900)], [{ ratePerMille: 60, gross: 900, tax: 51 }], 900));
    expect(orderFromOlder(first)).toEqual(first);
  });

  it.each([undefined, null, 7, 'order', [], {}, { taxes: [], lines: [] }, { taxes: [{ ratePerMille: 60 }], lines: 'none', total: {} }])('comes back as it is where it is none: %j', (json) => {
    expect(orderFromOlder(json)).toBe(json);
  });

  it('gives a line that would fit two rates the one that others of its kind have', () => {
    const goods = { fulfilment: { kind: 'goods', initialStock: 1 } };
    const order = now(older([olderLine('cola', 300, goods), olderLine('tea', 1000), olderLine('chips', 400, goods), olderLine('cake', 400)],
      [{ ratePerMille: 130, gross: 700, tax: 81 }, { ratePerMille: 60, gross: 1400, tax: 79 }], 2100));
    expect(order.lines.map(({ offerId, tax }) => [offerId, tax.basisPoints])).toEqual([['cola', 1300], ['tea', 600], ['chips', 1300], ['cake', 600]]);
  });

  it('has one rate for all lines of an offer', () => {
    const order = now(older([olderLine('tea', 500), olderLine('cola', 1000), olderLine('tea', 500)], [{ ratePerMille: 130, gross: 1000, tax: 115 }, { ratePerMille: 60, gross: 1000, tax: 57 }], 2000));
    expect([order.lines[0]!.tax.basisPoints, order.lines[2]!.tax.basisPoints]).toEqual(Array.from({ length: 2 }, () => 1900 - order.lines[1]!.tax.basisPoints));
  });

  it('without money has its rate all the same', () => {
    const order = now(older([olderLine('water', 0)], [{ ratePerMille: 60, gross: 0, tax: 0 }], 0));
    expect(order.lines[0]!.tax).toEqual({ basisPoints: 600, included: true, amount: 0 });
  });

  it('of any lines and rates: each rate holds its lines, in gross and in tax, and no line has lost or won anything', () => {
    const someLines = fc.array(fc.record({ total: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9_999_999 })), rate: fc.constantFrom(0, 60, 90, 130) }), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(someLines, (list) => {
      const rates = [...Map.groupBy(list, ({ rate }) => rate)].map(([ratePerMille, ofRate]) => {
        const gross = ofRate.reduce((sum, { total }) => sum + total, 0);
        return { ratePerMille, gross, tax: includedTax(money(gross, 'CNY'), ratePerMille * 10).amount };
      }).sort((left, right) => right.ratePerMille - left.ratePerMille);
      const order = now(older(list.map(({ total }, index) => olderLine(`offer-${index}`, total)), rates, list.reduce((sum, { total }) => sum + total, 0)));
      expect(order.lines.map(({ total }) => total)).toEqual(list.map(({ total }) => total));
      expect(order.lines.every(({ tax }) => tax.amount >= 0)).toBe(true);
      for (const { basisPoints, gross, tax } of order.taxes) {
        const ofRate = order.lines.filter((line) => line.tax.basisPoints === basisPoints);
        expect([ofRate.reduce((sum, { total }) => sum + total, 0), ofRate.reduce((sum, line) => sum + line.tax.amount, 0)]).toEqual([gross, tax]);
      }
    }));
  });

  it('whose sums fit no lines is answered in time, with the first rate', () => {
    const lines = Array.from({ length: 40 }, (_, index) => olderLine(`offer-${index}`, 101 + index * 2));
    const order = now(older(lines, [{ ratePerMille: 130, gross: 2_000, tax: 230 }, { ratePerMille: 60, gross: 3_601, tax: 204 }], 5_601));
    expect(new Set(order.lines.map(({ tax }) => tax.basisPoints))).toEqual(new Set([1300]));
  });
});
