import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptId, OrderId } from '../ids.ts';
import { money } from '../money.ts';
import type { Attempt, AttemptState } from './attempt.ts';
import { attemptStates, isUnsettled } from './attempt.ts';
import type { CardDetails } from './card.ts';
import type { LastTransaction } from './resolve.ts';
import { resolveAttempt, sameTransaction } from './resolve.ts';

function attempt(card?: CardDetails, state: AttemptState = 'unknown'): Attempt {
  return { id: 'attempt' as AttemptId, orderId: 'order' as OrderId, amount: money(1250, 'CNY'), startedAt: 1, tender: 'card', state, ...(card ? { card } : {}) };
}

function did(card: CardDetails, rest: Partial<Extract<LastTransaction, { kind: 'transaction' }>> = {}): LastTransaction {
  return { kind: 'transaction', resultCode: '00', amount: money(1250, 'CNY'), card, ...rest };
}

const today: CardDetails = { terminalId: '52000001', receiptNumber: '0042', traceNumber: '000142', date: '1122', time: '130500' };
const before: CardDetails = { terminalId: '52000001', receiptNumber: '0041', traceNumber: '000141', date: '1122', time: '125900' };

describe('what the terminal did last, against our journal', () => {
  it.each<[string, Attempt, LastTransaction, CardDetails[], string]>([
    ['nothing at all', attempt(), { kind: 'none' }, [], 'not_paid'],
    ['that it remembers nothing, and gives back what was never ended', attempt(), { kind: 'forgotten', unendedAreRefunded: true }, [], 'not_paid'],
    ['that it remembers nothing, and gives back what was never ended, after our approval', attempt(today), { kind: 'forgotten', unendedAreRefunded: true }, [], 'unclear'],
    ['that it remembers nothing, after an approval that we have refused', { ...attempt(today), refused: true }, { kind: 'forgotten', unendedAreRefunded: true }, [], 'not_paid'],
    ['that it remembers nothing, and may keep what was never ended', attempt(), { kind: 'forgotten', unendedAreRefunded: false }, [], 'unclear'],
    ['nothing, although it had authorised ours: it may have forgotten a payment', attempt(today), { kind: 'none' }, [before], 'unclear'],
    ['ours, which we have refused, reversed', { ...attempt(today), refused: true }, did(today, { resultCode: '6c' }), [before], 'not_paid'],
    ['ours, which we have refused, still told as approved', { ...attempt(today), refused: true }, did(today), [before], 'unclear'],
    ['the reversal of ours as a transaction of its own', { ...attempt(before), refused: true }, did(today), [], 'not_paid'],
    ['something else after ours that we have refused', { ...attempt(before), refused: true }, did(today, { amount: money(99, 'CNY') }), [], 'unclear'],
    ['an older one after ours that we have refused', { ...attempt(today), refused: true }, did(before), [before], 'not_paid'],
    ['a payment of our amount that we do not hold', attempt(), did(today), [before], 'paid'],
    ['the very first payment, of our amount', attempt(), did(today), [], 'paid'],
    ['the payment that we hold as authorised', attempt(today), did(today), [before], 'paid'],
    ['ours, told with fewer fields', attempt(today), did({ receiptNumber: '0042' }), [], 'paid'],
    ['an older payment that we hold', attempt(), did(before), [before], 'not_paid'],
    ['an older payment of another amount', attempt(), did(before, { amount: money(99, 'CNY') }), [before], 'not_paid'],
    ['an older payment, told with fewer fields', attempt(), did({ traceNumber: '000141' }), [before], 'not_paid'],
    ['something of another amount that we do not hold', attempt(), did(today, { amount: money(1251, 'CNY') }), [], 'unclear'],
    ['something in another currency', attempt(), did(today, { amount: money(1250, 'EUR') }), [], 'unclear'],
    ['a transaction of our amount that failed', attempt(), did(today, { resultCode: '6C' }), [], 'not_paid'],
    ['ours, reversed', attempt(today), did(today, { resultCode: '6F' }), [], 'not_paid'],
    ['something after our authorisation, of the same amount: perhaps its reversal', attempt(before), did(today), [], 'unclear'],
    ['ours by its numbers, but not by its amount', attempt(today), did(today, { amount: money(1, 'CNY') }), [], 'unclear'],
    ['something without receipt and trace number', attempt(), did({ terminalId: '52000001', date: '1122', time: '130500' }), [], 'unclear'],
    ['something without numbers, although we hold ours', attempt(today), did({ date: '1122' }), [today], 'unclear'],
    ['the same numbers as an older payment, on another day: they began again', attempt(), did({ ...before, date: '1123' }), [before], 'paid'],
    ['the same numbers as an older payment, of another terminal', attempt(), did({ ...before, terminalId: '52000002' }), [before], 'paid'],
  ])('%s', (_what, ours, last, settled, kind) => {
    expect(resolveAttempt(ours, last, settled).kind).toBe(kind);
  });

  it('a payment found is kept with the card details that the terminal told', () => {
    expect(resolveAttempt(attempt(), did(today), [])).toEqual({ kind: 'paid', card: today });
  });

  it('what is unclear says why, for the person who must look', () => {
    expect(resolveAttempt(attempt(), did(today, { amount: money(99, 'CNY') }), [])).toEqual({ kind: 'unclear', detail: 'the terminal did ￥0.99 last, we asked for ￥12.50', last: today });
  });
});

/** Few values, so that transactions often look alike. */
const cards: fc.Arbitrary<CardDetails> = fc.record({
  terminalId: fc.constantFrom('52000001', '52000002'), receiptNumber: fc.constantFrom('0001', '0002'), traceNumber: fc.constantFrom('000001', '000002'),
  date: fc.constantFrom('1122', '1123'), time: fc.constantFrom('130500', '130501'),
}, { requiredKeys: [] });
const lasts: fc.Arbitrary<LastTransaction> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<LastTransaction>({ kind: 'none' }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('transaction' as const), resultCode: fc.constantFrom('00', '00', '6C', 'FF'), amount: fc.constantFrom(1250, 1251).map((amount) => money(amount, 'CNY')), card: cards }) },
);

describe('whatever the terminal answers', () => {
  it('a card that is settled is never taken again for an attempt that has none of its own', () => {
    fc.assert(fc.property(lasts, fc.array(cards, { maxLength: 4 }), (last, settled) => {
      fc.pre(last.kind === 'transaction');
      expect(resolveAttempt(attempt(), last, [...settled, last.card]).kind).not.toBe('paid');
    }));
  });

  it('paid means: our amount, approved, with a number, and either ours by the journal or by nobody else', () => {
    fc.assert(fc.property(fc.option(cards, { nil: undefined }), lasts, fc.array(cards, { maxLength: 4 }), (own, last, settled) => {
      const resolution = resolveAttempt(attempt(own), last, settled);
      if (resolution.kind !== 'paid') return;
      expect(last).toMatchObject({ kind: 'transaction', resultCode: '00', amount: money(1250, 'CNY'), card: resolution.card });
      expect(resolution.card.receiptNumber ?? resolution.card.traceNumber).toBeDefined();
      expect(own ? sameTransaction(own, resolution.card) : settled.every((known) => !sameTransaction(known, resolution.card))).toBe(true);
    }), { numRuns: 500 });
  });

  it('two transactions are the same in both directions, and one with a number is the same as itself', () => {
    fc.assert(fc.property(cards, cards, (left, right) => {
      expect(sameTransaction(left, right)).toBe(sameTransaction(right, left));
      expect(sameTransaction(left, left)).toBe(left.receiptNumber !== undefined || left.traceNumber !== undefined);
    }));
  });
});

it('no purchase may be sent while an attempt is started, authorised, unknown, unclear or being taken back', () => {
  expect(attemptStates.filter(isUnsettled)).toEqual(['started', 'authorised', 'unknown', 'unclear', 'reversing']);
});
