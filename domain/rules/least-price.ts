import type { CartLine } from '../cart/cart.ts';
import type { Offer } from '../catalogue/offer.ts';
import { priceLine } from '../pricing/pricing.ts';
import type { RuleFacts } from './facts.ts';

/** What one piece of an offer costs now with the cheapest of what has to be chosen, in minor units. */
export function leastPrice({ catalogue, moment }: Pick<RuleFacts, 'catalogue' | 'moment'>, offer: Offer): number {
  const choices = Object.fromEntries(offer.options.map(({ id, min, repeats, choices: offered }) => {
    const cheapest = offered.toSorted((left, right) => left.price - right.price);
    const [first] = cheapest;
    const taken = repeats && first ? Array.from({ length: min }, () => first) : cheapest.slice(0, min);
    return [id, taken.map((choice) => choice.id)];
  }));
  const line: CartLine = { id: 'least', offerId: offer.id, quantity: 1, choices, form: {} };
  return priceLine(catalogue, offer, line, moment).total.amount;
}
