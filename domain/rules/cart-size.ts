import type { Cart } from '../cart/cart.ts';
import { maxCartLines } from '../cart/cart.ts';
import type { Refusal } from './refusal.ts';
import { removeLine } from './rule.ts';

/** An order has room for so many lines; the last ones are the first to go. */
export function checkCartSize(cart: Cart): readonly Refusal[] {
  const text = { zh: `一单最多放 ${maxCartLines} 种，多出来的请分开下单`, en: `One order holds ${maxCartLines} different items. Please order the rest separately` };
  return cart.lines.slice(maxCartLines).map((line) => ({ code: 'too_many_lines', text, lineId: line.id, offerId: line.offerId, suggestion: removeLine(line) }));
}
