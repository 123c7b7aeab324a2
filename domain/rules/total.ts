import type { Money } from '../money.ts';
import { formatMoney, money } from '../money.ts';
import { priceCart } from '../pricing/pricing.ts';
import type { Refusal } from './refusal.ts';
import type { CartRule } from './rule.ts';

/** The most that one order may cost. */
export const checkTotal: CartRule = (facts, cart) => {
  const { total } = priceCart(facts.catalogue, cart, facts.moment);
  if (total.amount <= facts.maxTotal) return undefined;
  const [most, now] = [formatMoney(money(facts.maxTotal, total.currency)), formatMoney(total)];
  return { code: 'total_too_high', text: { zh: `一单最多 ${most}，这一单是 ${now}`, en: `One order may come to ${most} at most. This one comes to ${now}` }, suggestion: { kind: 'keep_shopping' } };
};

/** The customer read another total than the one that core reckons: prices have changed, or an hour has ended. */
export function totalChanged(shown: Money, total: Money): Refusal {
  return {
    code: 'total_changed', suggestion: { kind: 'accept_total', total },
    text: { zh: `价格有变动：原来 ${formatMoney(shown)}，现在 ${formatMoney(total)}`, en: `The price has changed: it was ${formatMoney(shown)}, now it is ${formatMoney(total)}` },
  };
}
