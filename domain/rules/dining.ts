import { findOffer } from '../catalogue/catalogue.ts';
import type { CartRule } from './rule.ts';

/** Food is eaten here or taken away: kitchen and tax go by it. */
export const checkDining: CartRule = (facts, cart) => {
  const isFood = cart.lines.some(({ offerId }) => findOffer(facts.catalogue, offerId)?.fulfilment.kind === 'food');
  const isSaid = cart.dining !== undefined && (facts.dining?.includes(cart.dining) ?? true);
  if (!isFood || isSaid) return undefined;
  return { code: 'dining_missing', text: { zh: '请选择堂食还是外带', en: 'Eat in or take away? Please choose' }, suggestion: { kind: 'choose_dining' } };
};
