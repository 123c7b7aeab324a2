import type { Cart } from '../../domain/cart/cart.ts';
import { quantityOf } from '../../domain/cart/cart.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { Money } from '../../domain/money.ts';
import { equals } from '../../domain/money.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { Model, Seen } from './model.ts';

/** What has happened to a cart since its customer saw its prices: in all, and by line, so that each can be named. */
export interface CartChanges {
  readonly before: Money;
  readonly now: Money;
  readonly gone: readonly Offer[];
  /** Lines that are left and cost something else, tax as the price says it. */
  readonly repriced: readonly { readonly offer: Offer; readonly before: Money; readonly now: Money }[];
}

/** Undefined where the cart means and costs what it did. */
export function changesOf(before: Seen, now: Seen, cart: Cart): CartChanges | undefined {
  const [was, is] = [priceCart(before.catalogue, cart, before.moment), priceCart(now.catalogue, cart, now.moment)];
  const gone = [...new Set(cart.lines.map(({ offerId }) => offerId))].flatMap((offerId) => (findOffer(now.catalogue, offerId) ? [] : (findOffer(before.catalogue, offerId) ?? [])));
  const repriced = is.lines.flatMap((line) => {
    const earlier = was.lines.find(({ lineId }) => lineId === line.lineId);
    return earlier && !equals(earlier.total, line.total) ? [{ offer: line.offer, before: earlier.total, now: line.total }] : [];
  });
  return gone.length > 0 || repriced.length > 0 || !equals(was.total, is.total) ? { before: was.total, now: is.total, gone, repriced } : undefined;
}

/** What the review has to tell: undefined where all is as the customer saw it. */
export function cartChanges({ visit, shopfront, moment }: Model): CartChanges | undefined {
  if (!visit?.before || !shopfront || !moment) return undefined;
  return changesOf(visit.before, { catalogue: shopfront.catalogue, moment }, visit.cart);
}

/** Offers of which the cart holds more than can be had now, each with what is left: told before paying, and mended by one tap. */
export function shortOffers({ visit, shopfront }: Model): readonly { readonly offer: Offer; readonly left: number }[] {
  if (!visit || !shopfront) return [];
  return [...new Set(visit.cart.lines.map(({ offerId }) => offerId))].flatMap((offerId) => {
    const offer = findOffer(shopfront.catalogue, offerId);
    const left = shopfront.available[offerId];
    return offer && left !== undefined && quantityOf(visit.cart, offerId) > left ? [{ offer, left }] : [];
  });
}

/** The cart without what can no longer be had. */
export function withoutGone(catalogue: Catalogue, cart: Cart): Cart {
  return { ...cart, lines: cart.lines.filter(({ offerId }) => findOffer(catalogue, offerId)) };
}
