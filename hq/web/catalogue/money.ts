import type { Currency } from '../../../domain/money.ts';
import { currencies } from '../../../domain/money.ts';

export function isCurrency(value: unknown): value is Currency {
  return typeof value === 'string' && Object.hasOwn(currencies, value);
}
