import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, addedTax, currencies, currencySchema, equals, formatMoney, includedTax, isZero, minorUnitsSchema, money, moneyParts, moneySchema, multiply, share, subtract, sum, zero } from './money.ts';

const amounts = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 });
const rates = fc.integer({ min: 0, max: 5000 });

/** Half away from zero, in whole numbers that cannot overflow. */
function shareReference(amount: number, numerator: number, denominator: number): bigint {
  const [above, below] = [BigInt(Math.abs(amount)) * BigInt(numerator), BigInt(denominator)];
  const whole = above / below;
  const rounded = (above - whole * below) * 2n >= below ? whole + 1n : whole;
  return amount < 0 ? -rounded : rounded;
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
      expect(BigInt(includedTax(money(gross, 'CNY'), rate).amount)).toBe(shareReference(gross, rate, 10_000 + rate));
    }), { numRuns: 1000 });
  });

  it.each([[1060, 600, 60], [113, 1300, 13], [3, 5000, 1], [-3, 5000, -1], [9, 2000, 2], [-9, 2000, -2], [0, 1300, 0], [1, 0, 0], [25, 0, 0]])('%i at %i basis points holds %i', (gross, rate, tax) => {
    expect(includedTax(money(gross, 'CNY'), rate).amount).toBe(tax);
  });

  it('is never the other zero, which JSON and comparison tell apart', () => {
    expect(Object.is(includedTax(money(-1, 'CNY'), 1).amount, 0)).toBe(true);
  });
});

describe('the tax on top of a price', () => {
  it('agrees with exact arithmetic for every amount and rate', () => {
    fc.assert(fc.property(amounts, rates, (net, rate) => {
      expect(BigInt(addedTax(money(net, 'CNY'), rate).amount)).toBe(shareReference(net, rate, 10_000));
    }), { numRuns: 1000 });
  });

  it.each([[1000, 600, 60], [8, 600, 0], [9, 600, 1], [5, 1000, 1], [-5, 1000, -1], [4, 1000, 0], [0, 1300, 0], [999_999_999_999, 5000, 500_000_000_000]])('%i at %i basis points is %i', (net, rate, tax) => {
    expect(addedTax(money(net, 'CNY'), rate).amount).toBe(tax);
  });

  it('is what the price with it includes, but for the rounding', () => {
    fc.assert(fc.property(amounts, rates, (net, rate) => {
      const tax = addedTax(money(net, 'CNY'), rate);
      expect(Math.abs(includedTax(add(money(net, 'CNY'), tax), rate).amount - tax.amount)).toBeLessThanOrEqual(1);
    }));
  });
});

describe('a share', () => {
  it('agrees with exact arithmetic, keeps its sign, and is never more than the whole where the fraction is not', () => {
    fc.assert(fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (amount, numerator) => {
      const { amount: part } = share(money(amount, 'EUR'), numerator, 10_000);
      expect(BigInt(part)).toBe(shareReference(amount, numerator, 10_000));
      expect(Math.abs(part) <= Math.abs(amount) && part * amount >= 0).toBe(true);
    }), { numRuns: 1000 });
    expect(share(money(1234, 'CNY'), 10_000, 10_000)).toEqual(money(1234, 'CNY'));
  });
});

it('what is subtracted is added back by adding, and never in another currency', () => {
  fc.assert(fc.property(amounts, amounts, (left, right) => {
    const [a, b] = [money(left, 'CNY'), money(right, 'CNY')];
    expect(add(subtract(a, b), b)).toEqual(a);
    expect(Object.is(subtract(a, a).amount, 0)).toBe(true);
  }));
  expect(() => subtract(money(1, 'CNY'), money(1, 'EUR'))).toThrow(/CNY and EUR/);
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
