import type { Cart, CartLine } from '../../domain/cart/cart.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { codedError } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import type { Money } from '../../domain/money.ts';
import { equals } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { orderLines, orderSchema, pickupNumber } from '../../domain/order/order.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { withSoldOut } from '../../domain/rules/facts.ts';
import type { Refusal } from '../../domain/rules/refusal.ts';
import { refusalOf, removeLine } from '../../domain/rules/rule.ts';
import { checkCart } from '../../domain/rules/rules.ts';
import { totalChanged } from '../../domain/rules/total.ts';
import { dayAt } from '../../domain/sync/day-closing.ts';
import { momentOf } from '../../domain/time.ts';
import { asLongAsSealed } from '../store/personal.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import { isDistrict } from './districts.ts';
import type { Log } from './log.ts';

export interface OrderingDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly log: Pick<Log, 'error'>;
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

/** Characters of an order with all that HQ is told with it: HQ takes events of 200,000, and what cannot be told must not be sold. */
const longestOrder = 150_000;

/**
 * Prices the cart again from core's own catalogue, runs every rule and writes the order, in one go without a pause in
 * which stock could change. What does not agree comes back as what to change; nothing is written then.
 */
export function placeOrder({ reader, writer, log, config, now, newId, newToken, soldOut, facts: current }: OrderingDeps, request: PlaceRequest): Result<OrderId, readonly [Refusal, ...Refusal[]]> {
  const { catalogue, cart, language, shownTotal } = request;
  const earlier = reader.orderOfCart(cart.id);
  if (earlier) return ok(earlier);

  const placedAt = now();
  const moment = momentOf(placedAt, config.shop.timeZone);
  const facts: RuleFacts = {
    ...current, catalogue, moment, isDistrict,
    available: withSoldOut(reader.available(namedIn(catalogue, cart), dayAt(placedAt, config.shop.timeZone)), soldOut),
    maxTotal: config.maxOrderTotal,
    // Whoever has come as far as this had begun before the pause: nobody new begins, since the page lets nobody.
    isPaused: false,
    // Nobody of the staff can say at the kiosk that they have looked: what is sold from an age on is bought at the counter.
    isAgeChecked: false, dining: config.dining.offered,
  };
  const [first, ...others] = checkCart(facts, cart);
  if (first) return err([first, ...others]);
  const priced = priceCart(catalogue, cart, moment);
  if (!equals(priced.total, shownTotal)) return err([totalChanged(shownTotal, priced.total)]);

  const receiptToken = newToken();
  const isFoodIn = priced.lines.some(({ offer }) => offer.fulfilment.kind === 'food');
  const draft: Order = {
    id: newId() as OrderId,
    cartId: cart.id,
    // Taken below, when nothing is in the way of the order any more.
    number: pickupNumber(0),
    placedAt,
    language,
    catalogueRevision: catalogue.revision,
    lines: [...orderLines(priced)],
    ...(cart.dining && isFoodIn ? { dining: cart.dining } : {}),
    total: priced.total,
    taxes: priced.taxes.map(({ basisPoints, included, gross, tax }) => ({ basisPoints, included, gross: gross.amount, tax: tax.amount })),
    receiptToken,
  };
  const receiptUrl = new URL(`/r/${receiptToken}`, config.hq.publicUrl).href;
  const resting = asLongAsSealed(draft);
  const lastLine = cart.lines.at(-1);
  if (lastLine && JSON.stringify({ order: resting, shop: config.shop, receiptUrl }).length > longestOrder) return err([tooLong(lastLine)]);
  const readable = orderSchema.safeParse(resting);
  if (!readable.success) {
    log.error(codedError('INTERNAL', `an order that could not be read again: ${describeIssues(readable.error)}`), { cart: cart.id });
    return err([unwritable]);
  }
  const order: Order = { ...draft, number: writer.takePickupNumber() };
  writer.placeOrder(order, config.shop, receiptUrl);
  return ok(order.id);
}

function tooLong(lastLine: CartLine): Refusal {
  const text = { zh: '这一单内容太多，请把最后一样分开下单', en: 'This order is too long to be taken at once. Please order the last item separately' };
  return refusalOf({ code: 'too_many_lines', text }, lastLine, removeLine(lastLine));
}

/** Prices beyond what an order can hold: rather none than one that is paid and never read again. */
const unwritable: Refusal = {
  code: 'total_too_high', suggestion: { kind: 'keep_shopping' },
  text: { zh: '这一单金额太大，无法下单', en: 'This order comes to more than can be ordered here' },
};

/** The offers that a cart asks for, and those that its combos are made of: of a large catalogue's stock, no more is read. */
function namedIn(catalogue: Catalogue, cart: Cart): ReadonlySet<string> {
  const wanted = new Set(cart.lines.map(({ offerId }) => offerId));
  const parts = catalogue.offers.filter(({ id }) => wanted.has(id)).flatMap(({ options }) => options.flatMap(({ choices }) => choices.flatMap(({ offerId }) => offerId ?? [])));
  return new Set([...wanted, ...parts]);
}
