import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import type { Currency } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import type { BillLine } from '../wallets/gateway.ts';
import { idOfTradeNo, tradeNoOf } from '../wallets/rows.ts';
import { startOfChinaDay } from './china-day.ts';
import type { Difference, OurPayment, OurRefund } from './match.ts';
import { matchDay } from './match.ts';
import { ourTradeNo } from './trade-no.ts';

const dayMs = 86_400_000;
/** Trades that are compared at once: a book may have hundreds of thousands, and between two pieces HQ serves its kiosks. */
const tradesAtOnce = 1000;
const numbersAtOnce = 2000;

interface Book { readonly wallet: Wallet; readonly day: string; readonly at: number }
interface LineRow { kind: 'payment' | 'refund'; trade_no: string; refund_no: string | null; transaction_id: string; amount: number; currency: Currency; at: number }
interface PaymentRow { kiosk_id: string; attempt_id: string; amount: number; currency: Currency; is_paid: boolean; is_taken_back: boolean; is_of_day: boolean }
interface RefundRow { kiosk_id: string; attempt_id: string; refund_id: string; amount: number; currency: Currency; is_done: boolean; is_of_day: boolean }
interface KnownRow { kiosk_id: string; difference_id: string; kind: Difference['kind']; trade_no: string; refund_no: string; ended_at: number | null; ended_by: string | null }

/**
 * Compares a day's book that HQ has with its own, and brings the list of differences up to date: new ones are added, those that are gone end by themselves, and
 * what a person has ended stays ended. What the gateway has as paid and HQ as not is asked for at once. Each trade by itself; other systems' lines, under a shared merchant number,
 * are one difference of the day.
 */
export async function compareDay(sql: Transaction, wallet: Wallet, day: string, at: number): Promise<void> {
  await sql`select day from settlement_books where wallet = ${wallet} and day = ${day} for update`;
  let trades: string[] = [];
  for (const trade of await tradesOf(sql, wallet, day)) {
    trades.push(trade);
    if (trades.length < tradesAtOnce) continue;
    await compareTrades(sql, { wallet, day, at }, trades);
    trades = [];
  }
  if (trades.length > 0) await compareTrades(sql, { wallet, day, at }, trades);
  await compareForeign(sql, { wallet, day, at });
  await sql`update settlement_books set compared_at = ${at} where wallet = ${wallet} and day = ${day}`;
}

/** Numbers of ours that stand in its book, that happened on it by our own, or that differed when it was compared before. */
async function tradesOf(sql: Transaction, wallet: Wallet, day: string): Promise<ReadonlySet<string>> {
  const from = startOfChinaDay(day);
  const trades = new Set<string>();
  const add = (rows: readonly { readonly number: string }[]) => rows.forEach(({ number }) => trades.add(tradeNoOf(number)));
  const named = sql<{ number: string }[]>`select distinct trade_no as number from settlement_lines where wallet = ${wallet} and day = ${day} and trade_no ~ ${ourTradeNo}`;
  const differing = sql<{ number: string }[]>`
    select distinct trade_no as number from settlement_differences where wallet = ${wallet} and day = ${day} and ended_at is null and kind <> 'lines_not_ours'`;
  const paid = sql<{ number: string }[]>`select attempt_id as number from wallet_payments where wallet = ${wallet} and paid_at >= ${from} and paid_at < ${from + dayMs}`;
  const refunded = sql<{ number: string }[]>`select attempt_id as number from wallet_refunds where wallet = ${wallet} and ended_at >= ${from} and ended_at < ${from + dayMs}`;
  for (const query of [named, differing, paid, refunded]) await query.cursor(numbersAtOnce, add);
  return trades;
}

async function compareTrades(sql: Transaction, book: Book, trades: readonly string[]): Promise<void> {
  const { wallet, day } = book;
  const from = startOfChinaDay(day);
  const attempts = trades.flatMap((tradeNo) => idOfTradeNo(tradeNo) ?? []);
  // Not prepared: only an array whose numbers the planner sees becomes a hash, and not a list to be gone through for each line.
  const lines = await sql.unsafe<LineRow[]>(
    'select kind, trade_no, refund_no, transaction_id, amount, currency, at from settlement_lines where wallet = $1 and day = $2 and trade_no = any($3::text[]) order by line', [wallet, day, trades as string[]]);
  const payments = await sql.unsafe<PaymentRow[]>(`
    select kiosk_id, attempt_id, amount, currency, (state = 'paid' or late_at is not null) as is_paid, (state = 'closed' and took_back_at is not null and late_at is null) as is_taken_back,
      (paid_at is not null and paid_at >= $2 and paid_at < $3) as is_of_day
    from wallet_payments where wallet = $1 and amount is not null and attempt_id = any($4::uuid[]) order by is_asked`, [wallet, from, from + dayMs, attempts]);
  const refunds = await sql.unsafe<RefundRow[]>(`
    select r.kiosk_id, r.attempt_id, r.refund_id, r.amount, r.currency, r.state = 'done' as is_done, (r.ended_at is not null and r.ended_at >= $2 and r.ended_at < $3) as is_of_day
    from wallet_payments p join wallet_refunds r on r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id where p.wallet = $1 and p.attempt_id = any($4::uuid[])`, [wallet, from, from + dayMs, attempts]);
  const found = matchDay(
    lines.map((line): BillLine => ({ kind: line.kind, tradeNo: line.trade_no, refundNo: line.refund_no ?? undefined, transactionId: line.transaction_id, amount: money(line.amount, line.currency), at: line.at })),
    payments.map((row): OurPayment => ({ kioskId: row.kiosk_id, attemptId: row.attempt_id, tradeNo: tradeNoOf(row.attempt_id), amount: money(row.amount, row.currency), isPaid: row.is_paid, isTakenBack: row.is_taken_back, isOfDay: row.is_of_day })),
    refunds.map((row): OurRefund => ({
      kioskId: row.kiosk_id, attemptId: row.attempt_id, tradeNo: tradeNoOf(row.attempt_id), refundNo: tradeNoOf(row.refund_id), amount: money(row.amount, row.currency), isDone: row.is_done, isOfDay: row.is_of_day,
    })),
  );
  const before = await sql.unsafe<KnownRow[]>(
    'select kiosk_id, difference_id, kind, trade_no, refund_no, ended_at, ended_by from settlement_differences where wallet = $1 and day = $2 and trade_no = any($3::text[])', [wallet, day, trades as string[]]);
  await keep(sql, book, before, await withoutThoseOfOtherDays(sql, book, found));
}

/** Lines whose number nobody here has given: one difference for the whole day, of what they come to. A number of ours that HQ does not know is a difference by itself. */
async function compareForeign(sql: Transaction, book: Book): Promise<void> {
  const { wallet, day } = book;
  const sums = await sql<{ currency: Currency; amount: number }[]>`
    select currency, sum(case when kind = 'payment' then amount else -amount end)::bigint as amount from settlement_lines
    where kiosk_id = '' and wallet = ${wallet} and day = ${day} and trade_no !~ ${ourTradeNo} group by currency`;
  const before = await sql<KnownRow[]>`
    select kiosk_id, difference_id, kind, trade_no, refund_no, ended_at, ended_by from settlement_differences where kiosk_id = '' and wallet = ${wallet} and day = ${day} and kind = 'lines_not_ours'`;
  // They have no number in common: each currency's stand apart.
  await keep(sql, book, before, sums.map(({ currency, amount }) => ({
    kind: 'lines_not_ours', tradeNo: currency, refundNo: undefined, kioskId: undefined, attemptId: undefined, ours: undefined, theirs: money(amount, currency),
  })));
}

/** What is missing here and stands in another day's book: our clock, and the moment at which HQ hears of a refund, are not the gateway's. */
async function withoutThoseOfOtherDays(sql: Transaction, { wallet, day }: Book, found: readonly Difference[]): Promise<readonly Difference[]> {
  const missing = found.filter(({ kind }) => kind === 'payment_missing' || kind === 'refund_missing').map(({ tradeNo }) => tradeNo);
  if (missing.length === 0) return found;
  const rows = await sql.unsafe<{ kind: string; trade_no: string; refund_no: string | null }[]>(
    'select kind, trade_no, refund_no from settlement_lines where wallet = $1 and day <> $2 and trade_no = any($3::text[])', [wallet, day, missing]);
  // What was taken back has a line under no number that we know.
  const elsewhere = new Set(rows.flatMap(({ kind, trade_no: tradeNo, refund_no: refundNo }) => [
    ...(kind === 'payment' ? [keyOf({ kind: 'payment_missing', tradeNo, refundNo: undefined })] : [undefined, refundNo ?? undefined].map((number) => keyOf({ kind: 'refund_missing', tradeNo, refundNo: number }))),
  ]));
  return found.filter((difference) => !elsewhere.has(keyOf(difference)));
}

function keyOf({ kind, tradeNo, refundNo }: Pick<Difference, 'kind' | 'tradeNo' | 'refundNo'>): string {
  return `${kind} ${tradeNo} ${refundNo ?? ''}`;
}

/** `before`: all that is known of the trades that `found` is about. */
async function keep(sql: Transaction, { wallet, day, at }: Book, before: readonly KnownRow[], found: readonly Difference[]): Promise<void> {
  const knownOf = new Map(before.map((row) => [`${row.kiosk_id} ${keyOf({ kind: row.kind, tradeNo: row.trade_no, refundNo: row.refund_no })}`, row]));
  const seen = new Set<string>();
  const added: Difference[] = [];
  const askedAgain: { readonly kioskId: string; readonly attemptId: string }[] = [];
  for (const difference of found) {
    const { kind, refundNo, attemptId } = difference;
    const key = `${difference.kioskId ?? ''} ${keyOf({ ...difference, refundNo: refundNo ?? '' })}`;
    // A line that the gateway has three times is told of once.
    if (seen.has(key)) continue;
    seen.add(key);
    const known = knownOf.get(key);
    knownOf.delete(key);
    if (kind === 'payment_not_taken' && attemptId !== undefined) askedAgain.push({ kioskId: difference.kioskId ?? '', attemptId });
    // A person's word stands; what had gone by itself is open again.
    if (!known || (known.ended_at !== null && known.ended_by === null)) added.push(difference);
  }
  for (const [kioskId, own] of Map.groupBy(askedAgain, (asked) => asked.kioskId)) {
    await sql`update wallet_payments set next_at = least(coalesce(next_at, ${at}), ${at}) where kiosk_id = ${kioskId} and attempt_id = any(${own.map(({ attemptId }) => attemptId)}::uuid[])`;
  }
  const rows = added.map(({ kind, tradeNo, refundNo, kioskId, attemptId, ours, theirs }) => [
    kioskId ?? '', uuidV7From(at, randomBytes(10)), wallet, day, kind, tradeNo, refundNo ?? '', attemptId ?? null, ours?.amount ?? null, theirs?.amount ?? null, (ours ?? theirs)?.currency ?? '', at,
  ]);
  await insertRows(
    sql, 'insert into settlement_differences (kiosk_id, difference_id, wallet, day, kind, trade_no, refund_no, attempt_id, ours, theirs, currency, found_at)', rows,
    'on conflict (kiosk_id, wallet, day, kind, trade_no, refund_no) do update set ended_at = null, found_at = excluded.found_at, ours = excluded.ours, theirs = excluded.theirs');
  const gone = [...knownOf.values()].filter((row) => row.ended_at === null);
  for (const [kioskId, own] of Map.groupBy(gone, (row) => row.kiosk_id)) {
    await sql`update settlement_differences set ended_at = ${at} where kiosk_id = ${kioskId} and difference_id = any(${own.map((row) => row.difference_id)}::uuid[])`;
  }
}
