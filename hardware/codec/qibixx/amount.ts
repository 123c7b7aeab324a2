import { currencies } from '../../../domain/money.ts';
import type { Currency } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { QibixxError } from './error.ts';
import { unreadable } from './error.ts';

/** How the reader counts money (MDB/ICP 4.3, 7.4.2: what it says of itself in its set-up). */
export interface ReaderScale {
  readonly currency: Currency;
  /** Digits after the point of a price on the line; 2 makes "12.50". */
  readonly decimals: number;
  /** Prices are whole multiples of so many of the last digit; 1 takes every price. */
  readonly scaleFactor: number;
  /** MDB's amounts have 16 bits; those of a level 3 reader may have 32. What does not fit would come out as a small price. */
  readonly amountBits: 16 | 32;
}

/** "12.50" out of 1250 minor units. Refused where it is nothing, or no whole number of the reader's steps. */
export function encodeAmount(minorUnits: number, { currency, decimals, scaleFactor, amountBits }: ReaderScale): Result<string, QibixxError> {
  if (!Number.isSafeInteger(minorUnits) || minorUnits <= 0) return err(unreadable('amount', 'not a price'));
  const { exponent } = currencies[currency];
  const digits = String(minorUnits).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = digits.slice(digits.length - exponent).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) return err(unreadable('amount', `the reader knows only ${decimals} digits after the point`));
  const steps = Number(whole + fraction.slice(0, decimals));
  if (steps % scaleFactor !== 0) return err(unreadable('amount', `the reader counts in steps of ${scaleFactor}`));
  // All bits set means "unknown" (MDB/ICP 4.3, 7.4.5).
  if (steps / scaleFactor > 2 ** amountBits - 2) return err(unreadable('amount', 'more than the reader can count'));
  return ok(decimals === 0 ? whole : `${whole}.${fraction.slice(0, decimals)}`);
}

/** Minor units out of "12.50", "12.5" or "12": the maker's examples write a price in each of these ways. */
export function decodeAmount(text: string, currency: Currency): Result<number, QibixxError> {
  const parts = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text);
  if (!parts) return err(unreadable('malformed', 'an amount that is no decimal number'));
  const { exponent } = currencies[currency];
  const [, whole = '', fraction = ''] = parts;
  if (/[1-9]/.test(fraction.slice(exponent))) return err(unreadable('malformed', 'an amount with a part of the smallest coin'));
  return ok(Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0')));
}
