import type { Cart } from '../../domain/cart/cart.ts';
import type { Catalogue, Offer } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Money } from '../../domain/money.ts';
import { equals } from '../../domain/money.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';

/** What a new catalogue does to a cart: what it cost before and costs now, the offers that are gone, and whether one that is left has another price. */
export interface CartChanges {
  readonly before: Money;
  readonly now: Money;
  readonly gone: readonly Offer[];
  readonly repriced: boolean;
}

/** Undefined where the cart means and costs what it did. */
export function changesOf(before: Catalogue, now: Catalogue, cart: Cart): CartChanges | undefined {
  const gone = [...new Set(cart.lines.map(({ offerId }) => offerId))].flatMap((offerId) => (findOffer(now, offerId) ? [] : (findOffer(before, offerId) ?? [])));
  const [was, is] = [priceCart(before, cart).total, priceCart(now, cart).total];
  const repriced = !equals(priceCart(before, withoutGone(now, cart)).total, is);
  return gone.length > 0 || repriced ? { before: was, now: is, gone, repriced } : undefined;
}

/** The cart without what can no longer be had. */
export function withoutGone(catalogue: Catalogue, cart: Cart): Cart {
  return { ...cart, lines: cart.lines.filter(({ offerId }) => findOffer(catalogue, offerId)) };
}
