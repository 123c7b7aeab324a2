import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import type { BillLine } from '../wallets/gateway.ts';
import { startOfChinaDay } from './china-day.ts';
import { tradeNoOf } from '../wallets/rows.ts';
import { attemptIdOf } from './trade-no.ts';
import type { Difference, OurPayment, OurRefund } from './match.ts';
import { matchDay } from './match.ts';

const dayMs = 86_400_000;
/** Of twelve values each: a statement takes no more than 65,535. */
const rowsAtOnce = 1000;

interface LineRow { kind: 'payment' | 'refund'; trade_no: string; refund_no: string | null; transaction_id: string; amount: number; currency: Currency; at: number }
interface PaymentRow { kiosk_id: string; attempt_id: string; amount: number; currency: Currency; is_paid: boolean; is_taken_back: boolean; is_of_day: boolean }
interface RefundRow { kiosk_id: string; attempt_id: string; refund_id: string; amount: number; currency: Currency; is_done: boolean; is_of_day: boolean }

/**
 * Compares a day's book that HQ has with its own, and brings the list of differences up to date: new ones are added, those that are gone end by themselves, and
 * what a person has ended stays ended. What the gateway has as paid and HQ as not is asked for at once.
 */
export async function compareDay(sql: Transaction, wallet: Wallet, day: string, at: number): Promise<void> {
  await sql`select day from settlement_books where wallet = ${wallet} and day = ${day} for update`;
  const from = startOfChinaDay(day);
  const lines = await sql<LineRow[]>`select kind, trade_no, refund_no, transaction_id, amount, currency, at from settlement_lines where wallet = ${wallet} and day = ${day} order by line`;
  const named = [...new Set(lines.flatMap((line) => attemptIdOf(line.trade_no) ?? []))];
  const isPaid = sql`(p.state = 'paid' or p.late_at is not null)`;
  const isOfDay = sql`(p.paid_at is not null and p.paid_at >= ${from} and p.paid_at < ${from + dayMs})`;
  const payments = await sql<PaymentRow[]>`
    select p.kiosk_id, p.attempt_id, p.amount, p.currency, ${isPaid} as is_paid, (p.state = 'closed' and p.took_back_at is not null and p.late_at is null) as is_taken_back, ${isOfDay} as is_of_day from wallet_payments p
    where p.wallet = ${wallet} and p.amount is not null and (${isOfDay} or p.attempt_id = any(${named}::uuid[]))
    order by p.is_asked`;
  const isDone = sql`r.state = 'done'`;
  const isRefundOfDay = sql`(r.ended_at is not null and r.ended_at >= ${from} and r.ended_at < ${from + dayMs})`;
  const refunds = await sql<RefundRow[]>`
    select r.kiosk_id, r.attempt_id, r.refund_id, r.amount, r.currency, ${isDone} as is_done, ${isRefundOfDay} as is_of_day from wallet_refunds r
    where r.wallet = ${wallet} and (${isRefundOfDay} or r.attempt_id = any(${named}::uuid[]))`;
  const found = matchDay(
    lines.map((line): BillLine => ({ kind: line.kind, tradeNo: line.trade_no, refundNo: line.refund_no ?? undefined, transactionId: line.transaction_id, amount: money(line.amount, line.currency), at: line.at })),
    payments.map((row): OurPayment => ({ kioskId: row.kiosk_id, attemptId: row.attempt_id, tradeNo: tradeNoOf(row.attempt_id), amount: money(row.amount, row.currency), isPaid: row.is_paid, isTakenBack: row.is_taken_back, isOfDay: row.is_of_day })),
    refunds.map((row): OurRefund => ({
      kioskId: row.kiosk_id, attemptId: row.attempt_id, tradeNo: tradeNoOf(row.attempt_id), refundNo: tradeNoOf(row.refund_id), amount: money(row.amount, row.currency), isDone: row.is_done, isOfDay: row.is_of_day,
    })),
  );
  await keep(sql, wallet, day, await withoutThoseOfOtherDays(sql, wallet, day, found), at);
  await sql`update settlement_books set compared_at = ${at} where wallet = ${wallet} and day = ${day}`;
}

/** What is missing here and stands in another day's book: our clock, and the moment at which HQ hears of a refund, are not the gateway's. */
async function withoutThoseOfOtherDays(sql: Transaction, wallet: Wallet, day: string, found: readonly Difference[]): Promise<readonly Difference[]> {
  const missing = found.filter(({ kind }) => kind === 'payment_missing' || kind === 'refund_missing').map(({ tradeNo }) => tradeNo);
  if (missing.length === 0) return found;
  const rows = await sql<{ kind: string; trade_no: string; refund_no: string | null }[]>`
    select kind, trade_no, refund_no from settlement_lines where wallet = ${wallet} and day <> ${day} and trade_no = any(${missing}::text[])`;
  // What was taken back has a line under no number that we know.
  const elsewhere = new Set(rows.flatMap(({ kind, trade_no: tradeNo, refund_no: refundNo }) => [
    ...(kind === 'payment' ? [keyOf({ kind: 'payment_missing', tradeNo, refundNo: undefined })] : [undefined, refundNo ?? undefined].map((number) => keyOf({ kind: 'refund_missing', tradeNo, refundNo: number }))),
  ]));
  return found.filter((difference) => !elsewhere.has(keyOf(difference)));
}

function keyOf({ kind, tradeNo, refundNo }: Pick<Difference, 'kind' | 'tradeNo' | 'refundNo'>): string {
  return `${kind} ${tradeNo} ${refundNo ?? ''}`;
}

async function keep(sql: Transaction, wallet: Wallet, day: string, found: readonly Difference[], at: number): Promise<void> {
  const before = await sql<{ kiosk_id: string; difference_id: string; kind: Difference['kind']; trade_no: string; refund_no: string; ended_at: number | null; ended_by: string | null }[]>`
    select kiosk_id, difference_id, kind, trade_no, refund_no, ended_at, ended_by from settlement_differences where wallet = ${wallet} and day = ${day}`;
  const knownOf = new Map(before.map((row) => [`${row.kiosk_id} ${keyOf({ kind: row.kind, tradeNo: row.trade_no, refundNo: row.refund_no })}`, row]));
  const added = new Map<string, Difference>();
  const askedAgain: { readonly kioskId: string; readonly attemptId: string }[] = [];
  for (const difference of found) {
    const { kind, refundNo, attemptId } = difference;
    const key = `${difference.kioskId ?? ''} ${keyOf({ ...difference, refundNo: refundNo ?? '' })}`;
    const known = knownOf.get(key);
    knownOf.delete(key);
    if (kind === 'payment_not_taken' && attemptId !== undefined) askedAgain.push({ kioskId: difference.kioskId ?? '', attemptId });
    // A person's word stands; what had gone by itself is open again. A line that the gateway has three times is told of once.
    if (!known || (known.ended_at !== null && known.ended_by === null)) added.set(key, difference);
  }
  for (const [kioskId, own] of Map.groupBy(askedAgain, (asked) => asked.kioskId)) {
    await sql`update wallet_payments set next_at = least(coalesce(next_at, ${at}), ${at}) where kiosk_id = ${kioskId} and attempt_id = any(${own.map(({ attemptId }) => attemptId)}::uuid[])`;
  }
  const rows = [...added.values()].map(({ kind, tradeNo, refundNo, kioskId, attemptId, ours, theirs }) => [
    kioskId ?? '', uuidV7From(at, randomBytes(10)), wallet, day, kind, tradeNo, refundNo ?? '', attemptId ?? null, ours?.amount ?? null, theirs?.amount ?? null, (ours ?? theirs)?.currency ?? '', at,
  ]);
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await insertRows(
      sql, 'insert into settlement_differences (kiosk_id, difference_id, wallet, day, kind, trade_no, refund_no, attempt_id, ours, theirs, currency, found_at)', rows.slice(from, from + rowsAtOnce),
      'on conflict (kiosk_id, wallet, day, kind, trade_no, refund_no) do update set ended_at = null, found_at = excluded.found_at, ours = excluded.ours, theirs = excluded.theirs');
  }
  const gone = [...knownOf.values()].filter((row) => row.ended_at === null);
  for (const [kioskId, own] of Map.groupBy(gone, (row) => row.kiosk_id)) {
    await sql`update settlement_differences set ended_at = ${at} where kiosk_id = ${kioskId} and difference_id = any(${own.map((row) => row.difference_id)}::uuid[])`;
  }
}
