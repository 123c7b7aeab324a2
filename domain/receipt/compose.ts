import { formatMoney, isZero, money } from '../money.ts';
import type { Order } from '../order/order.ts';
import type { CardDetails } from '../payment/card.ts';
import type { Tender, WalletDetails } from '../payment/tender.ts';
import { formatLocalTime } from '../time.ts';
import { boldPair, centered, feed, pair, rule, table } from './lines.ts';
import { applicationLines, linesOf } from './order-lines.ts';
import type { ReceiptPayment, ReceiptRefund } from './payment-lines.ts';
import { paymentLines, refundLines } from './payment-lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { ReceiptService } from './service-lines.ts';
import { agreedLines, openServiceLines, serviceLines } from './service-lines.ts';
import type { Shop } from './shop.ts';
import { percent } from './percent.ts';
import { receiptWords } from './words.ts';

export { maskPhone } from './masked.ts';

export interface ReceiptFacts {
  readonly shop: Shop;
  readonly order: Order;
  /** Missing for a free order. */
  readonly card: CardDetails | undefined;
  /** Missing: by card. */
  readonly tender?: Tender | undefined;
  /** Of a wallet. */
  readonly wallet?: WalletDetails | undefined;
  /** Parts of the money that go back. */
  readonly refunds?: readonly ReceiptRefund[] | undefined;
  /** Where the order's services stand. Missing: nothing is known of them yet. */
  readonly services?: readonly ReceiptService[] | undefined;
  readonly receiptUrl: string;
  /** A second print of the same receipt says so. */
  readonly copy: boolean;
  /** The payment was taken back: the receipt says so, and nothing is to be picked up. */
  readonly reversed?: boolean;
  /** All of it is on its way back: the receipt says so. */
  readonly reversing?: boolean;
  /** What a scanner at the counter reads, as a barcode. Printable ASCII. */
  readonly pickupCode?: string;
}

/** The customer's receipt in the language of the order: the same lines go to paper, screen and e-receipt. */
export function composeReceipt({ shop, order, card, tender = 'card', wallet, refunds = [], services, receiptUrl, copy, reversed = false, reversing = false, pickupCode }: ReceiptFacts): Receipt {
  const { language, total } = order;
  const words = receiptWords[language];
  const isAny = (isOfKind: (line: Order['lines'][number]) => boolean) => !reversed && order.lines.some(isOfKind);
  const isPickedUp = isAny(({ fulfilment }) => fulfilment.kind === 'goods' || fulfilment.kind === 'food');
  const amount = (minorUnits: number) => formatMoney(money(minorUnits, total.currency));
  const lines: ReceiptLine[] = [
    centered(shop.name[language], 'double'),
    centered(shop.address[language]),
    centered(shop.phone),
    ...(copy ? [centered(words.copy, 'double')] : []),
    ...(reversed ? [centered(words.paymentReversed, 'double')] : []),
    rule,
    centered(isPickedUp ? words.pickupNumber : words.orderNumber),
    centered(order.number, 'quadruple'),
    ...(order.dining ? [centered(words[order.dining], 'double')] : []),
    ...(isPickedUp && pickupCode !== undefined ? [{ kind: 'barcode', data: pickupCode, text: pickupCode } as const] : []),
    rule,
    pair(words.time, formatLocalTime(order.placedAt, shop.timeZone)),
    pair(words.order, order.id.slice(-12)),
    rule,
    ...order.lines.flatMap((line) => [...linesOf(line, language, total.currency), ...agreedLines(line, order, shop)]),
    rule,
    ...addedTaxLines(order, words),
    boldPair(words.total, formatMoney(total)),
    ...paymentLines(total, { tender, card, wallet } satisfies ReceiptPayment, words),
    ...((reversed || reversing) && !isZero(total) ? [boldPair(reversed ? words.returned : words.returning, amount(-total.amount))] : refundLines(order, refunds, words)),
    ...taxLines(order, words),
    rule,
    ...(reversed || !services ? [] : separated(serviceLines(order, services, shop))),
    ...(reversed ? [] : applicationLines(order)),
    { kind: 'qr', data: receiptUrl },
    centered(words.scan),
    feed(),
    ...(isAny(({ fulfilment }) => fulfilment.kind === 'delivery') ? [centered(words.delivery)] : []),
    ...(reversed ? [] : openServiceLines(order, services, shop)),
    centered(words.thanks),
  ];
  return { language, lines };
}

function separated(lines: readonly ReceiptLine[]): readonly ReceiptLine[] {
  return lines.length === 0 ? [] : [...lines, rule];
}

type Words = (typeof receiptWords)['zh'];

/** What the prices come to before the taxes that are not in them, and each of those: nothing where all are. */
function addedTaxLines({ taxes, total }: Order, words: Words): readonly ReceiptLine[] {
  const added = taxes.filter(({ included, tax }) => !included && tax !== 0);
  if (added.length === 0) return [];
  const amount = (minorUnits: number) => formatMoney(money(minorUnits, total.currency));
  const subtotal = added.reduce((rest, { tax }) => rest - tax, total.amount);
  return [pair(words.subtotal, amount(subtotal)), ...added.map(({ basisPoints, tax }) => pair(words.taxAdded(percent(basisPoints)), amount(tax)))];
}

/** By rate: what was taxed and what the tax is, however it was said. */
function taxLines({ taxes, total }: Order, words: Words): readonly ReceiptLine[] {
  const taxed = taxes.filter(({ tax }) => tax !== 0);
  if (taxed.length === 0) return [];
  const amount = (minorUnits: number) => formatMoney(money(minorUnits, total.currency));
  return [
    rule,
    table(
      [{ header: words.taxRate, width: 4, align: 'left' }, { header: words.net, width: 3, align: 'right' }, { header: words.tax, width: 3, align: 'right' }],
      taxed.map(({ basisPoints, included, gross, tax }) => [`${percent(basisPoints)} ${included ? words.included : words.added}`, amount(gross - tax), amount(tax)]),
    ),
  ];
}
