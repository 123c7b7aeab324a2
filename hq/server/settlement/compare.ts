import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Transaction } from '../database.ts';
import type { BillLine } from '../wallets/gateway.ts';
import { startOfChinaDay } from './china-day.ts';
import { attemptIdOf, tradeNoOf } from './trade-no.ts';
import type { Difference, OurPayment, OurRefund } from './match.ts';
import { matchDay } from './match.ts';

const dayMs = 86_400_000;

interface LineRow { kind: 'payment' | 'refund'; trade_no: string; refund_no: string | null; transaction_id: string; amount: number; currency: Currency; at: number }
interface PaymentRow { kiosk_id: string; attempt_id: string; amount: number; currency: Currency; is_paid: boolean; is_of_day: boolean }
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
    select p.kiosk_id, p.attempt_id, p.amount, p.currency, ${isPaid} as is_paid, ${isOfDay} as is_of_day from wallet_payments p
    where p.wallet = ${wallet} and p.amount is not null and (${isOfDay} or p.attempt_id = any(${named}::uuid[]))`;
  const isDone = sql`r.state = 'done'`;
  const isRefundOfDay = sql`(r.ended_at is not null and r.ended_at >= ${from} and r.ended_at < ${from + dayMs})`;
  const refunds = await sql<RefundRow[]>`
    select r.kiosk_id, r.attempt_id, r.refund_id, r.amount, r.currency, ${isDone} as is_done, ${isRefundOfDay} as is_of_day from wallet_refunds r
    where r.wallet = ${wallet} and (${isRefundOfDay} or r.attempt_id = any(${named}::uuid[]))`;
  const found = matchDay(
    lines.map((line): BillLine => ({ kind: line.kind, tradeNo: line.trade_no, refundNo: line.refund_no ?? undefined, transactionId: line.transaction_id, amount: money(line.amount, line.currency), at: line.at })),
    payments.map((row): OurPayment => ({ kioskId: row.kiosk_id, attemptId: row.attempt_id, tradeNo: tradeNoOf(row.attempt_id), amount: money(row.amount, row.currency), isPaid: row.is_paid, isOfDay: row.is_of_day })),
    refunds.map((row): OurRefund => ({
      kioskId: row.kiosk_id, attemptId: row.attempt_id, tradeNo: tradeNoOf(row.attempt_id), refundNo: tradeNoOf(row.refund_id), amount: money(row.amount, row.currency), isDone: row.is_done, isOfDay: row.is_of_day,
    })),
  );
  await keep(sql, wallet, day, found, at);
}

function keyOf({ kind, tradeNo, refundNo }: Pick<Difference, 'kind' | 'tradeNo' | 'refundNo'>): string {
  return `${kind} ${tradeNo} ${refundNo ?? ''}`;
}

async function keep(sql: Transaction, wallet: Wallet, day: string, found: readonly Difference[], at: number): Promise<void> {
  const before = await sql<{ kiosk_id: string; difference_id: string; kind: Difference['kind']; trade_no: string; refund_no: string; ended_at: number | null; ended_by: string | null }[]>`
    select kiosk_id, difference_id, kind, trade_no, refund_no, ended_at, ended_by from settlement_differences where wallet = ${wallet} and day = ${day}`;
  const knownOf = new Map(before.map((row) => [`${row.kiosk_id} ${keyOf({ kind: row.kind, tradeNo: row.trade_no, refundNo: row.refund_no })}`, row]));
  for (const difference of found) {
    const { kind, tradeNo, refundNo, attemptId, ours, theirs } = difference;
    const kioskId = difference.kioskId ?? '';
    const key = `${kioskId} ${keyOf({ ...difference, refundNo: refundNo ?? '' })}`;
    const known = knownOf.get(key);
    knownOf.delete(key);
    const isAskedAgain = kind === 'payment_not_taken' && attemptId !== undefined;
    if (isAskedAgain) await sql`update wallet_payments set next_at = least(coalesce(next_at, ${at}), ${at}) where kiosk_id = ${kioskId} and attempt_id = ${attemptId}`;
    // A person's word stands; what had gone by itself is open again.
    if (known && (known.ended_at === null || known.ended_by !== null)) continue;
    await sql`
      insert into settlement_differences (kiosk_id, difference_id, wallet, day, kind, trade_no, refund_no, attempt_id, ours, theirs, currency, found_at)
      values (${kioskId}, ${uuidV7From(at, randomBytes(10))}, ${wallet}, ${day}, ${kind}, ${tradeNo}, ${refundNo ?? ''}, ${attemptId ?? null}, ${ours?.amount ?? null}, ${theirs?.amount ?? null}, ${(ours ?? theirs)?.currency ?? ''}, ${at})
      on conflict (kiosk_id, wallet, day, kind, trade_no, refund_no) do update set ended_at = null, found_at = excluded.found_at, ours = excluded.ours, theirs = excluded.theirs`;
  }
  for (const { kiosk_id: kioskId, difference_id: id, ended_at: endedAt } of knownOf.values()) {
    if (endedAt === null) await sql`update settlement_differences set ended_at = ${at} where kiosk_id = ${kioskId} and difference_id = ${id}`;
  }
}
