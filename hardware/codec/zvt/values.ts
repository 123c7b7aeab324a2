import { currencies } from '../../../domain/money.ts';
import type { Currency } from '../../../domain/money.ts';
import { bytesOf, hexOf } from './bytes.ts';

/** BMP 04: twelve digits of minor units. */
export function amountBytes(minorUnits: number): Uint8Array {
  if (!Number.isSafeInteger(minorUnits) || minorUnits < 0 || minorUnits > 999_999_999_999) throw new Error(`zvt: no amount: ${minorUnits}`);
  return bytesOf(String(minorUnits).padStart(12, '0'));
}

/** Nothing for nibbles that are no digits. */
export function amountOf(value: Uint8Array): number | undefined {
  const digits = hexOf(value);
  return /^[0-9]{12}$/.test(digits) ? Number(digits) : undefined;
}

/** BMP 49: the ISO 4217 number, "0978". */
export function currencyBytes(currency: Currency): Uint8Array {
  return bytesOf(currencies[currency].numeric);
}

export function currencyOf(value: Uint8Array): Currency | undefined {
  const numeric = hexOf(value);
  return (Object.keys(currencies) as Currency[]).find((currency) => currencies[currency].numeric === numeric);
}

/** Result codes as they are written: two lower-case hex digits. */
export function codeText(code: number): string {
  return code.toString(16).padStart(2, '0');
}
