import type { Cart } from '../cart/cart.ts';
import { setQuantity } from '../cart/cart.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isZero } from '../money.ts';
import { isFree, priceCart } from '../pricing/pricing.ts';
import type { Moment } from '../time.ts';
import type { Suggestion } from './refusal.ts';

/**
 * The cart after a suggestion that one tap can apply. What the customer has to answer first (options, a form, where they eat, a new total) or a person
 * has to do leaves it as it is.
 */
export function applySuggestion(cart: Cart, suggestion: Suggestion, { catalogue, moment }: { readonly catalogue: Catalogue; readonly moment: Moment }): Cart {
  switch (suggestion.kind) {
    case 'set_quantity':
      return setQuantity(cart, suggestion.lineId, suggestion.quantity);
    case 'remove_line':
      return setQuantity(cart, suggestion.lineId, 0);
    case 'keep_free':
      return keepFree(catalogue, cart, moment);
    case 'choose_options':
    case 'fill_in':
    case 'choose_dining':
    case 'accept_total':
    case 'call_staff':
    case 'keep_shopping':
      return cart;
  }
}

/** The lines that cost nothing, also without the others: one that was free only beside one that is paid goes, too. */
export function keepFree(catalogue: Catalogue, cart: Cart, moment: Moment): Cart {
  const priced = priceCart(catalogue, cart, moment);
  const free = new Set(priced.lines.filter(({ total }) => isZero(total)).map(({ lineId }) => lineId));
  const kept = { ...cart, lines: cart.lines.filter(({ id }) => free.has(id)) };
  return isFree(priceCart(catalogue, kept, moment)) ? kept : keepFree(catalogue, kept, moment);
}
