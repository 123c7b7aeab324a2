import type { Money } from '../../../domain/money.ts';
import { equals } from '../../../domain/money.ts';
import type { DifferenceKind } from '../../contract/api/money.ts';
import type { BillLine } from '../wallets/gateway.ts';

/** One of our payments: those that the bill names, and those that were paid on its day. */
export interface OurPayment {
  readonly kioskId: string;
  readonly attemptId: string;
  readonly tradeNo: string;
  readonly amount: Money;
  /** HQ has it as paid, whatever went back later. */
  readonly isPaid: boolean;
  /** It was paid and its gateway took all of it back as its end, which is no refund of ours. */
  readonly isTakenBack?: boolean | undefined;
  /** On the bill's day. */
  readonly isOfDay: boolean;
}

export interface OurRefund {
  readonly kioskId: string;
  readonly attemptId: string;
  readonly tradeNo: string;
  readonly refundNo: string;
  readonly amount: Money;
  readonly isDone: boolean;
  readonly isOfDay: boolean;
}

export interface Difference {
  readonly kind: DifferenceKind;
  readonly tradeNo: string;
  readonly refundNo: string | undefined;
  /** Undefined where HQ does not know the payment. */
  readonly kioskId: string | undefined;
  readonly attemptId: string | undefined;
  readonly ours: Money | undefined;
  readonly theirs: Money | undefined;
}

/**
 * Compares a gateway's book of one day with ours, line by line, by the trade's and refund's number. A line that the gateway has twice is twice a line: the
 * second is not ours. What happened around midnight may stand in the other day's book, so that only what is of this day by our own clock can be missing.
 */
export function matchDay(bill: readonly BillLine[], payments: readonly OurPayment[], refunds: readonly OurRefund[]): readonly Difference[] {
  const differences: Difference[] = [];
  const paymentOf = new Map(payments.map((payment) => [payment.tradeNo, payment]));
  const refundOf = new Map(refunds.map((refund) => [refundKey(refund.tradeNo, refund.refundNo), refund]));
  const seen = new Set<string>();
  for (const line of bill) {
    const key = line.kind === 'payment' ? line.tradeNo : refundKey(line.tradeNo, line.refundNo ?? '');
    const own = line.kind === 'payment' ? paymentOf.get(line.tradeNo) : refundOf.get(key);
    const isKnown = own !== undefined && !seen.has(`${line.kind} ${key}`);
    // As its end: under no number at WeChat, at Alipay under one of its own.
    const takenBack = line.kind === 'refund' && own === undefined ? paymentOf.get(line.tradeNo) : undefined;
    if (takenBack?.isTakenBack && equals(takenBack.amount, line.amount) && !seen.has(`taken back ${line.tradeNo}`)) {
      seen.add(`taken back ${line.tradeNo}`);
      continue;
    }
    seen.add(`${line.kind} ${key}`);
    // A refund that is not ours may be of a payment that is.
    const whose = own ?? paymentOf.get(line.tradeNo);
    const about = { tradeNo: line.tradeNo, refundNo: line.refundNo, kioskId: whose?.kioskId, attemptId: whose?.attemptId, ours: isKnown ? own.amount : undefined, theirs: line.amount };
    if (!isKnown) differences.push({ ...about, kind: `${line.kind}_not_ours` });
    else if (!equals(own.amount, line.amount)) differences.push({ ...about, kind: `${line.kind}_amount` });
    else if (!('isPaid' in own ? own.isPaid || own.isTakenBack : own.isDone)) differences.push({ ...about, kind: `${line.kind}_not_taken` });
  }
  for (const { tradeNo, kioskId, attemptId, amount, isPaid, isTakenBack, isOfDay } of payments) {
    if (isTakenBack && seen.has(`payment ${tradeNo}`) && !seen.has(`taken back ${tradeNo}`)) differences.push({ kind: 'refund_missing', tradeNo, refundNo: undefined, kioskId, attemptId, ours: amount, theirs: undefined });
    if (isPaid && isOfDay && !seen.has(`payment ${tradeNo}`)) differences.push({ kind: 'payment_missing', tradeNo, refundNo: undefined, kioskId, attemptId, ours: amount, theirs: undefined });
  }
  for (const { tradeNo, refundNo, kioskId, attemptId, amount, isDone, isOfDay } of refunds) {
    // Of a payment that was taken back, a refund is a word of ours alone.
    if (isDone && isOfDay && !paymentOf.get(tradeNo)?.isTakenBack && !seen.has(`refund ${refundKey(tradeNo, refundNo)}`)) differences.push({ kind: 'refund_missing', tradeNo, refundNo, kioskId, attemptId, ours: amount, theirs: undefined });
  }
  return differences;
}

function refundKey(tradeNo: string, refundNo: string): string {
  return `${tradeNo} ${refundNo}`;
}
