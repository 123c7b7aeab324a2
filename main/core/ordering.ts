import type { Cart } from '../../domain/cart/cart.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import type { Money } from '../../domain/money.ts';
import { equals } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { orderLines } from '../../domain/order/order.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Refusal } from '../../domain/rules/rules.ts';
import { checkCart, withSoldOut } from '../../domain/rules/rules.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';

export interface OrderingDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly config: KioskConfig;
  readonly now: () => number;
  readonly newId: () => string;
  /** 128 random bits as base64url. */
  readonly newToken: () => string;
  /** Not to be sold now, by HQ's word. */
  readonly soldOut: ReadonlySet<string>;
}

export interface PlaceRequest {
  readonly catalogue: Catalogue;
  readonly cart: Cart;
  readonly language: Language;
  /** What the customer read on the button. */
  readonly shownTotal: Money;
}

/**
 * Prices the cart again from core's own catalogue, runs every rule and writes the order, in one go without a pause in
 * which stock could change. What does not agree comes back as what to change; nothing is written then.
 */
export function placeOrder({ reader, writer, config, now, newId, newToken, soldOut }: OrderingDeps, request: PlaceRequest): Result<OrderId, readonly [Refusal, ...Refusal[]]> {
  const { catalogue, cart, language, shownTotal } = request;
  const earlier = reader.orderOfCart(cart.id);
  if (earlier) return ok(earlier);

  const [first, ...others] = checkCart({ catalogue, available: withSoldOut(reader.available(), soldOut), maxTotal: config.maxOrderTotal }, cart);
  if (first) return err([first, ...others]);
  const priced = priceCart(catalogue, cart);
  if (!equals(priced.total, shownTotal)) return err([{ code: 'total_changed', suggestion: { kind: 'accept_total', total: priced.total } }]);

  const receiptToken = newToken();
  const order: Order = {
    id: newId() as OrderId,
    cartId: cart.id,
    number: writer.takePickupNumber(),
    placedAt: now(),
    language,
    catalogueRevision: catalogue.revision,
    lines: [...orderLines(priced)],
    total: priced.total,
    taxes: priced.taxes.map(({ ratePerMille, gross, tax }) => ({ ratePerMille, gross: gross.amount, tax: tax.amount })),
    receiptToken,
  };
  writer.placeOrder(order, config.shop, new URL(`/r/${receiptToken}`, config.hq.publicUrl).href);
  return ok(order.id);
}
