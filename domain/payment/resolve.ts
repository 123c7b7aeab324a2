import type { Money } from '../money.ts';
import { equals, formatMoney } from '../money.ts';
import type { Attempt } from './attempt.ts';
import type { CardDetails } from './card.ts';

/** The terminal's answer to "what did you do last?". */
export type LastTransaction =
  | { readonly kind: 'none' }
  /**
   * It keeps no memory of what it did (MDB). `unendedAreRefunded`: what it was never told to be final is given back by itself.
   * No caller tells it to be final before the approval is committed.
   */
  | { readonly kind: 'forgotten'; readonly unendedAreRefunded: boolean }
  | { readonly kind: 'transaction'; readonly resultCode: string; readonly amount: Money; readonly card: CardDetails };

export type Resolution =
  | { readonly kind: 'paid'; readonly card: CardDetails }
  /** `card` where the terminal did begin it: an answer that names it again later is then known. */
  | { readonly kind: 'not_paid'; readonly card?: CardDetails }
  /** The answer fits neither: a person must compare. `last`: what the terminal named, which is remembered whatever is decided. */
  | { readonly kind: 'unclear'; readonly detail: string; readonly last?: CardDetails };

/**
 * Compares what the terminal did last with our journal (ZVT PA00P015 06 20; shared rule "money 3"). An answer that we
 * already hold for an older attempt means that the terminal never began ours. A transaction that we do not hold is
 * ours only if its amount is.
 * @param attempt the unsettled attempt; with its card details where it was authorised but not completed
 * The terminal's date and time tell two transactions apart, but decide nothing by themselves: its clock may be wrong. What
 * it did before our purchase is known by its numbers (docs/decisions/0008-terminal-baseline.md).
 * @param settled card details of every transaction that cannot be this one: of settled attempts, of what the terminal had
 *   done when it was registered, and of approvals that we have refused
 */
export function resolveAttempt(attempt: Attempt, last: LastTransaction, settled: readonly CardDetails[]): Resolution {
  if (last.kind === 'none') {
    // It had approved ours, and forgot everything since (an end of day, another terminal): the money may be taken.
    return attempt.card ? { kind: 'unclear', detail: 'the terminal approved, and remembers nothing now' } : { kind: 'not_paid' };
  }
  if (last.kind === 'forgotten') {
    const wasNeverFinal = attempt.card === undefined || attempt.refused === true;
    return wasNeverFinal && last.unendedAreRefunded ? { kind: 'not_paid' } : { kind: 'unclear', detail: 'the terminal keeps no memory of what it did' };
  }
  const { card } = last;
  if (card.receiptNumber === undefined && card.traceNumber === undefined) {
    return { kind: 'unclear', detail: 'the terminal named neither a receipt nor a trace number' };
  }
  const isOurs = attempt.card !== undefined && sameTransaction(attempt.card, card);
  if (!isOurs && settled.some((known) => sameTransaction(known, card))) return { kind: 'not_paid' };
  if (attempt.refused) return resolveRefused(attempt, last, isOurs);
  if (!isOurs && attempt.card) {
    // It may be the reversal of ours, which has the same amount: never to be taken for a payment.
    return { kind: 'unclear', detail: 'the terminal did something after our authorisation', last: card };
  }
  if (!equals(attempt.amount, last.amount)) {
    return { kind: 'unclear', detail: `the terminal did ${formatMoney(last.amount)} last, we asked for ${formatMoney(attempt.amount)}`, last: card };
  }
  return last.resultCode === '00' ? { kind: 'paid', card } : { kind: 'not_paid', card };
}

/** After our refusal the terminal reverses, and may show that as a transaction of its own with result 00. It is never a payment. */
function resolveRefused(attempt: Attempt, last: Extract<LastTransaction, { kind: 'transaction' }>, isOurs: boolean): Resolution {
  if (isOurs && last.resultCode === '00') return { kind: 'unclear', detail: 'the terminal holds an approval that we have refused', last: last.card };
  if (isOurs || equals(attempt.amount, last.amount)) return { kind: 'not_paid', card: last.card };
  return { kind: 'unclear', detail: 'the terminal did something else after an approval that we have refused', last: last.card };
}

/**
 * Receipt and trace numbers restart after an end of day, so the terminal's own date and time count as well. A field
 * that one of the two lacks (profiles differ in what they repeat) says nothing; one number at least must agree.
 */
export function sameTransaction(a: CardDetails, b: CardDetails): boolean {
  const fields = ['terminalId', 'receiptNumber', 'traceNumber', 'date', 'time'] as const;
  const agrees = (field: (typeof fields)[number]) => a[field] !== undefined && a[field] === b[field];
  const contradicts = (field: (typeof fields)[number]) => a[field] !== undefined && b[field] !== undefined && a[field] !== b[field];
  return !fields.some(contradicts) && (agrees('receiptNumber') || agrees('traceNumber'));
}
