import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, currencies, currencySchema, equals, formatMoney, includedTax, isZero, minorUnitsSchema, money, moneyParts, moneySchema, multiply, sum, zero } from './money.ts';

const amounts = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 });
const rates = fc.integer({ min: 0, max: 500 });

/** Half away from zero, in whole numbers that cannot overflow. */
function taxReference(gross: number, ratePerMille: number): bigint {
  const [numerator, denominator] = [BigInt(Math.abs(gross)) * BigInt(ratePerMille), BigInt(1000 + ratePerMille)];
  const rounded = (numerator * 2n + denominator) / (denominator * 2n);
  return gross < 0 ? -rounded : rounded;
}

describe('money', () => {
  it.each([0.5, Number.NaN, Infinity, 2 ** 53])('refuses %s: it is no whole number of minor units', (amount) => {
    expect(() => money(amount, 'CNY')).toThrow(/whole number/);
  });

  it('adds and multiplies exactly', () => {
    fc.assert(fc.property(amounts, amounts, fc.integer({ min: 0, max: 99 }), (left, right, quantity) => {
      expect(BigInt(add(money(left, 'CNY'), money(right, 'CNY')).amount)).toBe(BigInt(left) + BigInt(right));
      expect(multiply(money(left, 'EUR'), quantity)).toEqual(money(Number(BigInt(left) * BigInt(quantity)), 'EUR'));
    }));
  });

  it('throws rather than leaving the safe numbers', () => {
    const most = money(Number.MAX_SAFE_INTEGER, 'CNY');
    expect(() => add(most, money(1, 'CNY'))).toThrow();
    expect(() => multiply(most, 2)).toThrow();
    expect(() => multiply(money(100, 'CNY'), 0.5)).toThrow(/not whole/);
  });

  it('never adds two currencies, and never calls them equal', () => {
    expect(() => add(money(1, 'CNY'), money(1, 'EUR'))).toThrow(/CNY and EUR/);
    expect(() => sum([money(1, 'EUR')], 'CNY')).toThrow();
    expect(equals(money(1, 'CNY'), money(1, 'EUR'))).toBe(false);
    expect(equals(money(1, 'CNY'), money(2, 'CNY'))).toBe(false);
    expect(equals(money(1, 'CNY'), money(1, 'CNY'))).toBe(true);
  });

  it('sums nothing to zero', () => {
    expect(sum([], 'EUR')).toEqual(zero('EUR'));
    expect(isZero(zero('CNY'))).toBe(true);
    expect(isZero(money(-1, 'CNY'))).toBe(false);
  });

  it('holds in JSON what a card terminal holds: twelve digits, whole', () => {
    for (const amount of [0, -999_999_999_999, 999_999_999_999]) expect(minorUnitsSchema.safeParse(amount).success).toBe(true);
    for (const amount of [1_000_000_000_000, -1_000_000_000_000, 0.1, '1', null]) expect(minorUnitsSchema.safeParse(amount).success).toBe(false);
    expect(moneySchema.safeParse({ amount: 1, currency: 'CNY', note: '' }).success).toBe(false);
  });

  it('knows each currency by a code of three digits behind a zero, as terminals write it', () => {
    expect(currencySchema.options).toEqual(Object.keys(currencies));
    for (const { numeric } of Object.values(currencies)) expect(numeric).toMatch(/^0\d{3}$/);
  });
});

describe('the tax inside a price', () => {
  it('agrees with exact arithmetic for every amount and rate', () => {
    fc.assert(fc.property(amounts, rates, (gross, rate) => {
      expect(BigInt(includedTax(money(gross, 'CNY'), rate).amount)).toBe(taxReference(gross, rate));
    }), { numRuns: 1000 });
  });

  it.each([[1060, 60, 60], [113, 130, 13], [3, 500, 1], [-3, 500, -1], [9, 200, 2], [-9, 200, -2], [0, 130, 0], [1, 0, 0], [25, 0, 0]])('%i at %i per mille holds %i', (gross, rate, tax) => {
    expect(includedTax(money(gross, 'CNY'), rate).amount).toBe(tax);
  });

  it('is never the other zero, which JSON and comparison tell apart', () => {
    expect(Object.is(includedTax(money(-1, 'CNY'), 1).amount, 0)).toBe(true);
  });
});

describe('an amount for people', () => {
  it.each([
    [0, '￥0.00'], [5, '￥0.05'], [50, '￥0.50'], [1250, '￥12.50'], [-1250, '-￥12.50'], [-5, '-￥0.05'], [99_999, '￥999.99'], [100_000, '￥1,000.00'],
    [128_000_000, '￥1,280,000.00'], [999_999_999_999, '￥9,999,999,999.99'],
  ])('%i is %s', (amount, text) => {
    expect(formatMoney(money(amount, 'CNY'))).toBe(text);
  });

  it('comes in the pieces that the screen sets apart', () => {
    expect(moneyParts(money(-128_050, 'EUR'))).toEqual({ sign: '-', symbol: '€', whole: '1,280', fraction: '50' });
  });

  it('reads back as the same amount', () => {
    fc.assert(fc.property(amounts, (amount) => {
      expect(Number(formatMoney(money(amount, 'EUR')).replace(/[€,.]/g, ''))).toBe(amount + 0);
    }));
  });
});
