import type { Money } from '../money.ts';
import { equals, formatMoney, isZero, money } from '../money.ts';
import type { Order } from '../order/order.ts';
import type { CardDetails } from '../payment/card.ts';
import type { RefundState, RefundWay } from '../payment/refund.ts';
import type { Tender, WalletDetails } from '../payment/tender.ts';
import { boldPair, pair } from './lines.ts';
import type { ReceiptLine } from './receipt.ts';
import type { receiptWords } from './words.ts';

/** How it was paid. */
export interface ReceiptPayment {
  readonly tender: Tender;
  readonly card?: CardDetails | undefined;
  readonly wallet?: WalletDetails | undefined;
}

/** A part of the money that goes back. */
export interface ReceiptRefund {
  readonly amount: Money;
  readonly state: RefundState;
  readonly way: RefundWay;
}

type Words = (typeof receiptWords)['zh'];

/** By what, how much, and what whoever looks for it at the bank or the wallet asks by. */
export function paymentLines(total: Money, { tender, card, wallet }: ReceiptPayment, words: Words): readonly ReceiptLine[] {
  if (isZero(total)) return [pair(words.nothingToPay, '')];
  return [pair(words.paidBy[tender], formatMoney(total)), ...(card ? cardLines(card, words) : []), ...(wallet ? [pair(words.transaction, wallet.transactionId, 1)] : [])];
}

/** What of it goes back, and what is left: an order that was undone as a whole says it otherwise. */
export function refundLines({ total }: Pick<Order, 'total'>, refunds: readonly ReceiptRefund[], words: Words): readonly ReceiptLine[] {
  if (refunds.length === 0) return [];
  const back = refunds.reduce((sum, { amount, state }) => (state === 'refused' ? sum : sum + amount.amount), 0);
  return [
    ...withoutReplaced(refunds).map(({ amount, state, way }) => boldPair(state === 'refused' ? words.returnedByPerson : state === 'asked' ? words.returning : way === 'by_hand' ? words.returnedByHand : words.returned, formatMoney(money(-amount.amount, amount.currency)))),
    ...(back === 0 ? [] : [boldPair(words.kept, formatMoney(money(total.amount - back, total.currency)))]),
  ];
}

/** A refund that was refused and given later, by hand or by a second try, is told by that. @param refunds oldest first */
function withoutReplaced(refunds: readonly ReceiptRefund[]): readonly ReceiptRefund[] {
  const replacements = new Set<ReceiptRefund>();
  return refunds.filter((refund, index) => {
    if (refund.state !== 'refused') return true;
    const later = refunds.find((other, at) => at > index && other.state !== 'refused' && equals(other.amount, refund.amount) && !replacements.has(other));
    if (later) replacements.add(later);
    return !later;
  });
}

function cardLines(card: CardDetails, words: Words): readonly ReceiptLine[] {
  return [
    [words.card, [card.cardName, card.maskedPan].filter(Boolean).join(' ')],
    [words.terminal, card.terminalId],
    [words.cardReceipt, card.receiptNumber],
    [words.trace, card.traceNumber],
  ].flatMap(([left, right]) => (left && right ? [pair(left, right, 1)] : []));
}
