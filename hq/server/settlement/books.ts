import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import type { BillLine, GatewayUnknown, WalletGateway } from '../wallets/gateway.ts';
import { chinaDay } from '../wallets/adapter/china-time.ts';
import { daysBetween, startOfChinaDay } from './china-day.ts';
import { compareDay } from './compare.ts';
import { attemptIdOf } from './trade-no.ts';

export interface BooksDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly gateways: readonly WalletGateway[];
  /** What is not done after so long is done by the next run. */
  readonly forMs?: number | undefined;
}

const dayMs = 86_400_000;
/** A gateway that cannot give a day's book is asked for it again after so long. */
const againMs = 30 * 60_000;
/** Books of days before these are not asked for: the gateways keep them three months. */
const mostDays = 60;
/** Refunds and late payments come after their day: days so long ago are compared again each night. */
const comparedAgainDays = 8;
const billTimeoutMs = 120_000;
/** A gateway says the same of a day without sales and of one whose book is late: where somebody paid, "nothing" is believed after so long. */
const nothingBelievedAfterDays = 3;
/** What agreed is compared again no sooner. */
const agreedMs = 20 * 3_600_000;
/** Other jobs of HQ wait behind this one. */
const usualForMs = 20_000;
/** A statement takes no more than 65,535 values, of which a line has twelve; and between two pieces HQ serves its kiosks. */
const linesAtOnce = 500;

/**
 * Fetches what is missing of the gateways' books, each day once, and compares it with ours; then compares the last days again, since what was open when a book
 * came may have found its end. A day that cannot be had or taken keeps nobody from the next; a gateway that is away is left alone until the next run. Answers
 * how many books were taken; throws the first fault at the end.
 */
export async function takeBooks({ sql, now, gateways, forMs = usualForMs }: BooksDeps): Promise<number> {
  const until = performance.now() + forMs;
  const faults: unknown[] = [];
  const guarded = async <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch((error: unknown) => void faults.push(error));
  let taken = 0;
  for (const gateway of gateways) {
    const { wallet } = gateway;
    for (const day of (await guarded(() => missingDays(sql, wallet, now()))) ?? []) {
      if (performance.now() >= until) break;
      const answer = await guarded(() => takeBook(sql, gateway, day, now));
      if (answer === 'taken') taken += 1;
      if (answer === undefined) await guarded(() => keepWaiting(sql, wallet, day, wordsOf(faults.at(-1)), now()));
      if (answer === 'away') break;
    }
    for (const day of (await guarded(() => daysToCompare(sql, wallet, now()))) ?? []) {
      if (performance.now() >= until) break;
      await guarded(() => sql.begin((transaction) => compareDay(transaction, wallet, day, now())));
    }
  }
  if (faults.length > 0) throw faults[0];
  return taken;
}

/** Of days on which anything was asked of it, and that are over: those that were never asked for, then those that were longest ago. */
async function missingDays(sql: Sql, wallet: Wallet, at: number): Promise<readonly string[]> {
  const [first] = await sql<{ begun: number | null }[]>`select min(begun_at)::bigint as begun from wallet_payments where wallet = ${wallet}`;
  if (!first || first.begun === null) return [];
  const from = chinaDay(Math.max(first.begun, at - mostDays * dayMs));
  const known = await sql<{ day: string; state: string; tried_at: number }[]>`select day, state, tried_at from settlement_books where wallet = ${wallet} and day >= ${from}`;
  const rowOf = new Map(known.map((row) => [row.day, row]));
  return daysBetween(from, chinaDay(at - dayMs)).filter((day) => {
    const row = rowOf.get(day);
    return row === undefined || (row.state === 'waiting' && at - row.tried_at >= againMs);
  }).toSorted((left, right) => (rowOf.get(left)?.tried_at ?? 0) - (rowOf.get(right)?.tried_at ?? 0));
}

/**
 * Each of the last days once a day, and as long as it differs in a payment of ours, at every run; older ones that differ when a newer book has come, which may have what
 * was missing: after HQ was away for long, all of them come in one night.
 */
async function daysToCompare(sql: Sql, wallet: Wallet, at: number): Promise<readonly string[]> {
  const [from, oldest] = [chinaDay(at - comparedAgainDays * dayMs), chinaDay(at - mostDays * dayMs)];
  const differing = await sql<{ day: string }[]>`select distinct day from settlement_differences where wallet = ${wallet} and day >= ${oldest} and ended_at is null and attempt_id is not null`;
  const rows = await sql<{ day: string }[]>`
    select day from settlement_books where wallet = ${wallet} and state = 'taken'
      and ((day >= ${from} and coalesce(compared_at, 0) <= ${at - agreedMs})
        or (day = any(${differing.map(({ day }) => day)}::text[]) and (day >= ${from} or coalesce(compared_at, 0) <= (select max(taken_at) from settlement_books where wallet = ${wallet}))))
    order by compared_at nulls first, day`;
  return rows.map(({ day }) => day);
}

async function isPaidOn(sql: Queries, wallet: Wallet, day: string): Promise<boolean> {
  const from = startOfChinaDay(day);
  const [row] = await sql`select 1 from wallet_payments where wallet = ${wallet} and paid_at >= ${from} and paid_at < ${from + dayMs} and (state = 'paid' or late_at is not null) limit 1`;
  return row !== undefined;
}

async function keepWaiting(sql: Sql, wallet: Wallet, day: string, detail: string, at: number): Promise<void> {
  await sql`
    insert into settlement_books (wallet, day, state, detail, tried_at) values (${wallet}, ${day}, 'waiting', ${detail.slice(0, 300)}, ${at})
    on conflict (wallet, day) do update set detail = excluded.detail, tried_at = excluded.tried_at where settlement_books.state = 'waiting'`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function takeBook(sql: Sql, gateway: WalletGateway, day: string, now: () => number): Promise<'taken' | 'waiting' | 'away'> {
  const { wallet } = gateway;
  const answer = await gateway.bill(day, AbortSignal.timeout(billTimeoutMs)).catch((error: unknown): GatewayUnknown => ({ kind: 'unknown', detail: wordsOf(error) }));
  const at = now();
  if (answer.kind !== 'lines') {
    await keepWaiting(sql, wallet, day, answer.kind === 'not_yet' ? 'not there yet' : answer.detail, at);
    return answer.kind === 'unknown' && answer.isAway ? 'away' : 'waiting';
  }
  let why: string | undefined;
  await sql.begin(async (transaction) => {
    const [row] = await transaction<{ day: string }[]>`
      insert into settlement_books (wallet, day, state, tried_at, taken_at) values (${wallet}, ${day}, 'taken', ${at}, ${at})
      on conflict (wallet, day) do update set state = 'taken', detail = null, tried_at = excluded.tried_at, taken_at = excluded.taken_at where settlement_books.state = 'waiting' returning day`;
    // Another process was quicker.
    if (!row) return;
    let count = 0;
    for await (const piece of answer.pieces) {
      if ('kind' in piece) {
        why = piece.detail;
        throw new Error(why);
      }
      for (let from = 0; from < piece.length; from += linesAtOnce) count += await keepLines(transaction, { wallet, day, before: count }, piece.slice(from, from + linesAtOnce));
    }
    if (count === 0 && day >= chinaDay(at - nothingBelievedAfterDays * dayMs) && (await isPaidOn(transaction, wallet, day))) {
      why = 'nothing stands in it, and something was paid on that day';
      throw new Error(why);
    }
    await compareDay(transaction, wallet, day, at);
  }).catch((error: unknown) => {
    // Nothing of it stays.
    if (why === undefined) throw error;
  });
  if (why === undefined) return 'taken';
  await keepWaiting(sql, wallet, day, why, at);
  return 'waiting';
}

/** Numbered on from those before. Answers how many. */
async function keepLines(sql: Transaction, { wallet, day, before }: { readonly wallet: Wallet; readonly day: string; readonly before: number }, lines: readonly BillLine[]): Promise<number> {
  const attempts = [...new Set(lines.flatMap(({ tradeNo }) => attemptIdOf(tradeNo) ?? []))];
  const rows = await sql<{ attempt_id: string; kiosk_id: string }[]>`
    select attempt_id, kiosk_id from wallet_payments where attempt_id = any(${attempts}::uuid[]) and wallet = ${wallet} and order_id is not null order by is_asked`;
  // The last one counts: whose the gateway was asked for.
  const kioskOf = new Map(rows.map(({ attempt_id: attemptId, kiosk_id: kioskId }) => [attemptId, kioskId]));
  await insertRows(
    sql, 'insert into settlement_lines (kiosk_id, wallet, day, line, kind, trade_no, refund_no, transaction_id, amount, currency, fee, at)',
    lines.map((line, index) => [
      kioskOf.get(attemptIdOf(line.tradeNo) ?? '') ?? '', wallet, day, before + index + 1, line.kind, line.tradeNo, line.refundNo ?? null, line.transactionId,
      line.amount.amount, line.amount.currency, line.fee?.amount ?? null, line.at,
    ]), 'on conflict do nothing');
  return lines.length;
}
