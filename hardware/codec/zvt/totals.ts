import { hexOf } from './bytes.ts';

export interface Totals {
  readonly fromReceipt: string;
  readonly toReceipt: string;
  /** How many transactions, over all kinds of cards. */
  readonly count: number;
  /** Minor units. */
  readonly total: number;
}

/** Receipt number from and to (2 each), then for each of seven kinds of cards a number (1) and a turnover (6): PA00P015, 8, BMP 60. */
const HEAD = 4;
const PER_KIND = 7;

/** Nothing where it is not of that form. Terminals that know fewer kinds of cards send fewer. */
export function totalsOf(value: Uint8Array): Totals | undefined {
  if (value.length < HEAD || (value.length - HEAD) % PER_KIND !== 0) return undefined;
  let count = 0;
  let total = 0;
  for (let at = HEAD; at < value.length; at += PER_KIND) {
    const turnover = hexOf(value.subarray(at + 1, at + PER_KIND));
    if (!/^[0-9]{12}$/.test(turnover)) return undefined;
    count += value[at] ?? 0;
    total += Number(turnover);
  }
  return { fromReceipt: hexOf(value.subarray(0, 2)), toReceipt: hexOf(value.subarray(2, 4)), count, total };
}
