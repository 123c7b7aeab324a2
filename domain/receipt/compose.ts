import { formatMoney, isZero, money } from '../money.ts';
import type { Order } from '../order/order.ts';
import type { CardDetails } from '../payment/card.ts';
import { formatLocalTime } from '../time.ts';
import { boldPair, centered, feed, pair, rule, table } from './lines.ts';
import { applicationLines, linesOf } from './order-lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { percent } from './percent.ts';
import { receiptWords } from './words.ts';

export { maskPhone } from './masked.ts';

export interface ReceiptFacts {
  readonly shop: Shop;
  readonly order: Order;
  /** Missing for a free order. */
  readonly card: CardDetails | undefined;
  readonly receiptUrl: string;
  /** A second print of the same receipt says so. */
  readonly copy: boolean;
  /** The payment was taken back: the receipt says so, and nothing is to be picked up. */
  readonly reversed?: boolean;
  /** What a scanner at the counter reads, as a barcode. Printable ASCII. */
  readonly pickupCode?: string;
}

/** The customer's receipt in the language of the order: the same lines go to paper, screen and e-receipt. */
export function composeReceipt({ shop, order, card, receiptUrl, copy, reversed = false, pickupCode }: ReceiptFacts): Receipt {
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
    ...order.lines.flatMap((line) => linesOf(line, language, total.currency)),
    rule,
    ...addedTaxLines(order, words),
    boldPair(words.total, formatMoney(total)),
    ...(isZero(total) ? [pair(words.nothingToPay, '')] : [pair(words.paidByCard, formatMoney(total))]),
    ...(card ? cardLines(card, words) : []),
    ...(reversed && !isZero(total) ? [boldPair(words.returned, amount(-total.amount))] : []),
    ...taxLines(order, words),
    rule,
    ...(reversed ? [] : applicationLines(order)),
    { kind: 'qr', data: receiptUrl },
    centered(words.scan),
    feed(),
    ...(isAny(({ fulfilment }) => fulfilment.kind === 'delivery') ? [centered(words.delivery)] : []),
    ...(isAny(({ fulfilment }) => fulfilment.kind === 'telecom' && fulfilment.service !== 'application') ? [centered(words.service)] : []),
    centered(words.thanks),
  ];
  return { language, lines };
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

function cardLines(card: CardDetails, words: Words): ReceiptLine[] {
  return [
    [words.card, [card.cardName, card.maskedPan].filter(Boolean).join(' ')],
    [words.terminal, card.terminalId],
    [words.cardReceipt, card.receiptNumber],
    [words.trace, card.traceNumber],
  ].flatMap(([left, right]) => (left && right ? [pair(left, right, 1)] : []));
}
