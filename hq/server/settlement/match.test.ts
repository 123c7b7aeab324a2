import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../../domain/money.ts';
import type { BillLine } from '../wallets/gateway.ts';
import type { OurPayment, OurRefund } from './match.ts';
import { matchDay } from './match.ts';

const line = (tradeNo: string, amount = 1000, rest: Partial<BillLine> = {}): BillLine => ({ kind: 'payment', tradeNo, transactionId: `t-${tradeNo}`, amount: money(amount, 'CNY'), at: 1, ...rest });
const payment = (tradeNo: string, amount = 1000, rest: Partial<OurPayment> = {}): OurPayment => ({
  kioskId: 'kiosk-001', attemptId: `a-${tradeNo}`, tradeNo, amount: money(amount, 'CNY'), isPaid: true, isOfDay: true, ...rest,
});
const refund = (tradeNo: string, refundNo: string, amount = 300, rest: Partial<OurRefund> = {}): OurRefund => ({
  kioskId: 'kiosk-001', attemptId: `a-${tradeNo}`, tradeNo, refundNo, amount: money(amount, 'CNY'), isDone: true, isOfDay: true, ...rest,
});

describe("a gateway's book of a day against ours", () => {
  it('the same payments and refunds are no difference, in whatever order they stand', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 20 }), fc.func(fc.boolean()), fc.func(fc.integer()), (numbers, isRefunded, place) => {
      const payments = numbers.map((number) => payment(`p${number}`, number));
      const refunds = numbers.filter((number) => isRefunded(number)).map((number) => refund(`p${number}`, `r${number}`, number));
      const bill = [...payments.map(({ tradeNo, amount }) => line(tradeNo, amount.amount)), ...refunds.map(({ tradeNo, refundNo, amount }) => line(tradeNo, amount.amount, { kind: 'refund', refundNo }))];
      expect(matchDay(bill.toSorted((left, right) => place(left.tradeNo) - place(right.tradeNo)), payments, refunds)).toEqual([]);
    }));
  });

  it.each<[string, BillLine[], OurPayment[], OurRefund[], string[]]>([
    ['a payment that HQ does not know', [line('x')], [], [], ['payment_not_ours']],
    ['a payment that HQ has as not paid', [line('x')], [payment('x', 1000, { isPaid: false })], [], ['payment_not_taken']],
    ['another amount', [line('x', 1001)], [payment('x')], [], ['payment_amount']],
    ['the same payment twice', [line('x'), line('x')], [payment('x')], [], ['payment_not_ours']],
    ['a payment of ours that is not in the book', [], [payment('x')], [], ['payment_missing']],
    ['one of the day before that is not in this book', [], [payment('x', 1000, { isOfDay: false })], [], []],
    ['one of the day before that is in this book', [line('x')], [payment('x', 1000, { isOfDay: false })], [], []],
    ['a refund that HQ did not ask for', [line('x', 300, { kind: 'refund', refundNo: 'r' })], [payment('x', 1000, { isOfDay: false })], [], ['refund_not_ours']],
    ['a refund that HQ believes refused', [line('x', 300, { kind: 'refund', refundNo: 'r' })], [], [refund('x', 'r', 300, { isDone: false })], ['refund_not_taken']],
    ['a refund of another amount', [line('x', 400, { kind: 'refund', refundNo: 'r' })], [], [refund('x', 'r')], ['refund_amount']],
    ['a refund of ours that is not in the book', [], [], [refund('x', 'r')], ['refund_missing']],
    ['what HQ has not as paid and the book has not either', [], [payment('x', 1000, { isPaid: false })], [refund('x', 'r', 300, { isDone: false })], []],
  ])('%s', (_what, bill, payments, refunds, kinds) => {
    expect(matchDay(bill, payments, refunds).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('what is missing and what is not ours together explain the whole distance between the two sums', () => {
    const entries = fc.uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 12 }), theirs: fc.option(fc.integer({ min: 1, max: 5 })), ours: fc.option(fc.integer({ min: 1, max: 5 })) }), { selector: ({ number }) => number });
    fc.assert(fc.property(entries, (all) => {
      const bill = all.flatMap(({ number, theirs }) => (theirs === null ? [] : [line(`p${number}`, theirs)]));
      const payments = all.flatMap(({ number, ours }) => (ours === null ? [] : [payment(`p${number}`, ours)]));
      const sum = (amounts: readonly (number | undefined)[]) => amounts.reduce<number>((whole, amount) => whole + (amount ?? 0), 0);
      const differences = matchDay(bill, payments, []);
      expect(sum(differences.map(({ theirs }) => theirs?.amount)) - sum(differences.map(({ ours }) => ours?.amount)))
        .toBe(sum(bill.map(({ amount }) => amount.amount)) - sum(payments.map(({ amount }) => amount.amount)));
    }));
  });
});
