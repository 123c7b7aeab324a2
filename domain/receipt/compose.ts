import { formatMoney, isZero, money } from '../money.ts';
import type { Order, OrderLine } from '../order/order.ts';
import type { CardDetails } from '../payment/card.ts';
import { formatLocalTime } from '../time.ts';
import { boldPair, centered, feed, pair, rule } from './lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { receiptWords } from './words.ts';

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
  const isPickedUp = !reversed && order.lines.some(({ fulfilment }) => fulfilment.kind !== 'telecom');
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
    ...(isPickedUp && pickupCode !== undefined ? [{ kind: 'barcode', data: pickupCode, text: pickupCode } as const] : []),
    rule,
    pair(words.time, formatLocalTime(order.placedAt, shop.timeZone)),
    pair(words.order, order.id.slice(-12)),
    rule,
    ...order.lines.flatMap((line) => lineOf(line, language, amount, words)),
    rule,
    boldPair(words.total, formatMoney(total)),
    ...order.taxes
      .filter(({ tax }) => tax !== 0)
      .map(({ ratePerMille, tax }) => pair(words.taxIncluded(`${ratePerMille / 10}%`), amount(tax), 1)),
    ...(isZero(total) ? [pair(words.nothingToPay, '')] : [pair(words.paidByCard, formatMoney(total))]),
    ...(card ? cardLines(card, words) : []),
    ...(reversed && !isZero(total) ? [boldPair(words.returned, amount(-total.amount))] : []),
    rule,
    { kind: 'qr', data: receiptUrl },
    centered(words.scan),
    feed(),
    ...(!reversed && order.lines.some((line) => line.fulfilment.kind === 'telecom') ? [centered(words.service)] : []),
    centered(words.thanks),
  ];
  return { language, lines };
}

type Words = (typeof receiptWords)['zh'];

/** As on any till: name, number and what they cost. Options stand below without amounts, for the unit price holds them already. */
function lineOf(line: OrderLine, language: Order['language'], amount: (minorUnits: number) => string, words: Words): ReceiptLine[] {
  const right = line.total === 0 ? words.free : amount(line.total);
  return [
    pair(line.quantity === 1 ? line.name[language] : `${line.name[language]} ×${line.quantity}`, right),
    ...(line.quantity > 1 && line.unitPrice !== 0 ? [pair(words.each(amount(line.unitPrice)), '', 2)] : []),
    ...line.choices.map((choice) => pair(choice.name[language], '', 2)),
    ...(line.form.phone ? [pair(words.phone, maskPhone(line.form.phone), 2)] : []),
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

/** "139****5678": a receipt is often left behind. */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}
