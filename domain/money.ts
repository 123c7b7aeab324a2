import { z } from 'zod';

/** ISO 4217 currencies that Counter24 sells in, with the digits after the point and the numeric code that card terminals use. */
export const currencies = {
  CNY: { exponent: 2, numeric: '0156', symbol: '￥' },
  EUR: { exponent: 2, numeric: '0978', symbol: '€' },
} as const;

export type Currency = keyof typeof currencies;

/** An integer of minor units (fen, cents) with its currency. Only this file computes with `amount`. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

export const currencySchema = z.enum(Object.keys(currencies) as [Currency, ...Currency[]]);

/** Minor units in a JSON value: an integer within what a card terminal's 12 BCD digits and a JavaScript number both hold. */
export const minorUnitsSchema = z.int().min(-999_999_999_999).max(999_999_999_999);

export const moneySchema = z.strictObject({ amount: minorUnitsSchema, currency: currencySchema });

/** Throws on a fraction or an unsafe number: that is a bug, never a customer's mistake. */
export function money(amount: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amount)) throw new Error(`money: ${amount} is not a whole number of minor units`);
  // Never -0, which JSON and comparisons tell from 0.
  return { amount: amount + 0, currency };
}

export function zero(currency: Currency): Money {
  return { amount: 0, currency };
}

/** Throws where the currencies differ: nobody may add yuan and euros, so that is a bug. So do `sum` and `subtract`. */
export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new Error(`money: cannot add ${a.currency} and ${b.currency}`);
  return money(a.amount + b.amount, a.currency);
}

/** @param currency of the sum of nothing, and of each value */
export function sum(values: readonly Money[], currency: Currency): Money {
  return values.reduce(add, zero(currency));
}

/** @param quantity whole; throws on another */
export function multiply(value: Money, quantity: number): Money {
  if (!Number.isSafeInteger(quantity)) throw new Error(`money: quantity ${quantity} is not whole`);
  return money(value.amount * quantity, value.currency);
}

export function equals(a: Money, b: Money): boolean {
  return a.currency === b.currency && a.amount === b.amount;
}

export function isZero(value: Money): boolean {
  return value.amount === 0;
}

/**
 * The tax inside a price that includes it, rounded half away from zero to a minor unit.
 * @param basisPoints tax rate in hundredths of a per cent: 600 is 6 %.
 */
export function includedTax(gross: Money, basisPoints: number): Money {
  return share(gross, basisPoints, 10_000 + basisPoints);
}

/** The tax on top of a price that does not include it, rounded half away from zero to a minor unit. */
export function addedTax(net: Money, basisPoints: number): Money {
  return share(net, basisPoints, 10_000);
}

/** `value` × numerator ÷ denominator, rounded half away from zero to a minor unit. */
export function share(value: Money, numerator: number, denominator: number): Money {
  const sign = value.amount < 0 ? -1 : 1;
  // In whole numbers without an end: an amount that a terminal can still hold times basis points is beyond what a number holds.
  const [twice, whole] = [2n * BigInt(Math.abs(value.amount)) * BigInt(numerator), BigInt(denominator)];
  return money(sign * Number((twice + whole) / (2n * whole)), value.currency);
}

export function subtract(a: Money, b: Money): Money {
  return add(a, money(-b.amount, b.currency));
}

export interface MoneyParts {
  readonly sign: '' | '-';
  readonly symbol: string;
  /** Digits before the point, grouped by thousands: "1,280". */
  readonly whole: string;
  /** Digits after the point, without it: "50". Empty where the currency has none. */
  readonly fraction: string;
}

/** The pieces of an amount for the screen, which sets the fraction smaller. */
export function moneyParts(value: Money): MoneyParts {
  const { exponent, symbol } = currencies[value.currency];
  const digits = String(Math.abs(value.amount)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
  return { sign: value.amount < 0 ? '-' : '', symbol, whole, fraction: digits.slice(digits.length - exponent) };
}

/** "￥12.50": for receipts, buttons and speech. */
export function formatMoney(value: Money): string {
  const { sign, symbol, whole, fraction } = moneyParts(value);
  return `${sign}${symbol}${whole}${fraction ? `.${fraction}` : ''}`;
}
