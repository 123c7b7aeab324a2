import type { Money } from '../../../../domain/money.ts';
import { money } from '../../../../domain/money.ts';

/** "12.34" of fen, as Alipay writes amounts. */
export function yuan({ amount }: Money): string {
  return `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
}

/** "12.34", "12", "-0.5", "￥1.00" or "0.00000" as fen; undefined where it is no amount or not a whole number of fen. No binary fraction is in between. */
export function readYuan(text: string): Money | undefined {
  const match = /^[￥¥]?([+-]?)(\d{1,10})(?:\.(\d{1,8}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (!/^0*$/.test(fraction.slice(2))) return undefined;
  const fen = Number(whole) * 100 + Number(fraction.slice(0, 2).padEnd(2, '0'));
  return money(sign === '-' ? -fen : fen, 'CNY');
}
