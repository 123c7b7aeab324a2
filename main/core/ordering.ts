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
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { withSoldOut } from '../../domain/rules/facts.ts';
import type { Refusal } from '../../domain/rules/refusal.ts';
import { checkCart } from '../../domain/rules/rules.ts';
import { totalChanged } from '../../domain/rules/total.ts';
import { momentOf } from '../../domain/time.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import { isDistrict } from './districts.ts';

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
  /** What holds at this moment, by core's own devices and lines. */
  readonly facts: Pick<RuleFacts, 'snoozed' | 'isHqThere' | 'canPay'>;
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
export function placeOrder({ reader, writer, config, now, newId, newToken, soldOut, facts: current }: OrderingDeps, request: PlaceRequest): Result<OrderId, readonly [Refusal, ...Refusal[]]> {
  const { catalogue, cart, language, shownTotal } = request;
  const earlier = reader.orderOfCart(cart.id);
  if (earlier) return ok(earlier);

  const placedAt = now();
  const moment = momentOf(placedAt, config.shop.timeZone);
  const facts: RuleFacts = {
    ...current, catalogue, moment, isDistrict,
    available: withSoldOut(reader.available(namedIn(catalogue, cart)), soldOut),
    maxTotal: config.maxOrderTotal,
    // Whoever has come as far as this had begun before the pause: nobody new begins, since the page lets nobody.
    isPaused: false,
    // A person of the staff who has looked says so at the kiosk; nobody can yet.
    isAgeChecked: false,
  };
  const [first, ...others] = checkCart(facts, cart);
  if (first) return err([first, ...others]);
  const priced = priceCart(catalogue, cart, moment);
  if (!equals(priced.total, shownTotal)) return err([totalChanged(shownTotal, priced.total)]);

  const receiptToken = newToken();
  const isFoodIn = priced.lines.some(({ offer }) => offer.fulfilment.kind === 'food');
  const order: Order = {
    id: newId() as OrderId,
    cartId: cart.id,
    number: writer.takePickupNumber(),
    placedAt,
    language,
    catalogueRevision: catalogue.revision,
    lines: [...orderLines(priced)],
    ...(cart.dining && isFoodIn ? { dining: cart.dining } : {}),
    total: priced.total,
    taxes: priced.taxes.map(({ basisPoints, included, gross, tax }) => ({ basisPoints, included, gross: gross.amount, tax: tax.amount })),
    receiptToken,
  };
  writer.placeOrder(order, config.shop, new URL(`/r/${receiptToken}`, config.hq.publicUrl).href);
  return ok(order.id);
}

/** The offers that a cart asks for, and those that its combos are made of: of a large catalogue's stock, no more is read. */
function namedIn(catalogue: Catalogue, cart: Cart): ReadonlySet<string> {
  const wanted = new Set(cart.lines.map(({ offerId }) => offerId));
  const parts = catalogue.offers.filter(({ id }) => wanted.has(id)).flatMap(({ options }) => options.flatMap(({ choices }) => choices.flatMap(({ offerId }) => offerId ?? [])));
  return new Set([...wanted, ...parts]);
}
