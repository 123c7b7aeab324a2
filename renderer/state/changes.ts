import type { Cart } from '../../domain/cart/cart.ts';
import type { Catalogue, Offer } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Money } from '../../domain/money.ts';
import { equals } from '../../domain/money.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';

/** What a new catalogue does to a cart: what it cost before and costs now, and the offers that are gone. */
export interface CartChanges {
  readonly before: Money;
  readonly now: Money;
  readonly gone: readonly Offer[];
}

/** Undefined where the cart means and costs what it did. */
export function changesOf(before: Catalogue, now: Catalogue, cart: Cart): CartChanges | undefined {
  const gone = [...new Set(cart.lines.map(({ offerId }) => offerId))].flatMap((offerId) => (findOffer(now, offerId) ? [] : (findOffer(before, offerId) ?? [])));
  const [was, is] = [priceCart(before, cart).total, priceCart(now, cart).total];
  return gone.length > 0 || !equals(was, is) ? { before: was, now: is, gone } : undefined;
}

/** The cart without what can no longer be had. */
export function withoutGone(catalogue: Catalogue, cart: Cart): Cart {
  return { ...cart, lines: cart.lines.filter(({ offerId }) => findOffer(catalogue, offerId)) };
}
