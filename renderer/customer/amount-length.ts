import type { CSSProperties } from 'react';
import type { Money } from '../../domain/money.ts';
import { formatMoney } from '../../domain/money.ts';

/** How many characters an amount has, for a style that makes the longer ones smaller (`--length`). */
export function lengthOf(value: Money): CSSProperties {
  return { '--length': formatMoney(value).length } as CSSProperties;
}
