import { isFree, priceCart } from '../pricing/pricing.ts';
import { keepFree } from './mend.ts';
import type { CartRule, OfferRule } from './rule.ts';
import { leastPrice } from './least-price.ts';

const text = { zh: '现在不能付款，只能选免费的', en: 'Payment is not possible right now. Only free items can be ordered' };

/** While nothing can be paid, what is free can still be had. */
export const checkPayment: CartRule = (facts, cart) => {
  if (facts.canPay || isFree(priceCart(facts.catalogue, cart, facts.moment))) return undefined;
  const isAnyFree = keepFree(facts.catalogue, cart, facts.moment).lines.length > 0;
  return { code: 'payment_unavailable', text, suggestion: { kind: isAnyFree ? 'keep_free' : 'keep_shopping' } };
};

/** The same of one offer: it costs something, however it is chosen. */
export const checkPayable: OfferRule = (facts, offer) =>
  (facts.canPay || leastPrice(facts, offer) === 0 ? undefined : { code: 'payment_unavailable', text: { zh: '现在不能付款', en: 'Payment is not possible right now' } });
