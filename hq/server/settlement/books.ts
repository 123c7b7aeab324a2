import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Sql } from '../database.ts';
import { insertRows } from '../database.ts';
import type { BillLine, WalletGateway } from '../wallets/gateway.ts';
import { chinaDay, daysBetween } from './china-day.ts';
import { compareDay } from './compare.ts';
import { attemptIdOf } from './trade-no.ts';

export interface BooksDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly gateways: readonly WalletGateway[];
}

const dayMs = 86_400_000;
/** A gateway that cannot give a day's book is asked for it again after so long. */
const againMs = 30 * 60_000;
/** Books of days before these are not asked for: the gateways keep them three months. */
const mostDays = 60;
/** Refunds and late payments come after their day: days so long ago are compared again each night. */
const comparedAgainDays = 8;
const billTimeoutMs = 120_000;

/**
 * Fetches what is missing of the gateways' books, each day once, and compares it with ours; then compares the last days again, since what was open when a book
 * came may have found its end. Answers how many books were taken.
 */
export async function takeBooks({ sql, now, gateways }: BooksDeps): Promise<number> {
  let taken = 0;
  for (const gateway of gateways) {
    for (const day of await missingDays(sql, gateway.wallet, now())) {
      // A day that is not there yet keeps nobody from the next.
      if (await takeBook(sql, gateway, day, now)) taken += 1;
    }
    for (const day of await takenDays(sql, gateway.wallet, chinaDay(now() - comparedAgainDays * dayMs))) await sql.begin((transaction) => compareDay(transaction, gateway.wallet, day, now()));
  }
  return taken;
}

/** Of days on which anything was asked of it, and that are over. */
async function missingDays(sql: Sql, wallet: Wallet, at: number): Promise<readonly string[]> {
  const [first] = await sql<{ begun: number | null }[]>`select min(begun_at)::bigint as begun from wallet_payments where wallet = ${wallet}`;
  if (!first || first.begun === null) return [];
  const from = chinaDay(Math.max(first.begun, at - mostDays * dayMs));
  const known = await sql<{ day: string; state: string; tried_at: number }[]>`select day, state, tried_at from settlement_books where wallet = ${wallet} and day >= ${from}`;
  const stateOf = new Map(known.map((row) => [row.day, row]));
  return daysBetween(from, chinaDay(at - dayMs)).filter((day) => {
    const row = stateOf.get(day);
    return row === undefined || (row.state === 'waiting' && at - row.tried_at >= againMs);
  });
}

async function takenDays(sql: Sql, wallet: Wallet, from: string): Promise<readonly string[]> {
  const rows = await sql<{ day: string }[]>`select day from settlement_books where wallet = ${wallet} and state = 'taken' and day >= ${from} order by day`;
  return rows.map(({ day }) => day);
}

async function takeBook(sql: Sql, gateway: WalletGateway, day: string, now: () => number): Promise<boolean> {
  const { wallet } = gateway;
  const answer = await gateway.bill(day, AbortSignal.timeout(billTimeoutMs)).catch((error: unknown) => ({ kind: 'unknown' as const, detail: error instanceof Error ? error.message : String(error) }));
  const at = now();
  if (answer.kind !== 'lines') {
    const detail = answer.kind === 'not_yet' ? 'not there yet' : answer.detail.slice(0, 300);
    await sql`
      insert into settlement_books (wallet, day, state, detail, tried_at) values (${wallet}, ${day}, 'waiting', ${detail}, ${at})
      on conflict (wallet, day) do update set detail = excluded.detail, tried_at = excluded.tried_at where settlement_books.state = 'waiting'`;
    return false;
  }
  await sql.begin(async (transaction) => {
    const [row] = await transaction<{ day: string }[]>`
      insert into settlement_books (wallet, day, state, tried_at, taken_at) values (${wallet}, ${day}, 'taken', ${at}, ${at})
      on conflict (wallet, day) do update set state = 'taken', detail = null, tried_at = excluded.tried_at, taken_at = excluded.taken_at where settlement_books.state = 'waiting' returning day`;
    // Another process was quicker.
    if (!row) return;
    const attempts = [...new Set(answer.lines.flatMap(({ tradeNo }) => attemptIdOf(tradeNo) ?? []))];
    const kioskOf = new Map<string, string>();
    const rows = await transaction<{ attempt_id: string; kiosk_id: string }[]>`
      select attempt_id, kiosk_id from wallet_payments where attempt_id = any(${attempts}::uuid[]) and wallet = ${wallet} and order_id is not null`;
    for (const { attempt_id: attemptId, kiosk_id: kioskId } of rows) kioskOf.set(attemptId, kioskId);
    const rowOf = (line: BillLine, index: number) => [
      kioskOf.get(attemptIdOf(line.tradeNo) ?? '') ?? '', wallet, day, index + 1, line.kind, line.tradeNo, line.refundNo ?? null, line.transactionId,
      line.amount.amount, line.amount.currency, line.fee?.amount ?? null, line.at,
    ];
    await insertRows(
      transaction, 'insert into settlement_lines (kiosk_id, wallet, day, line, kind, trade_no, refund_no, transaction_id, amount, currency, fee, at)', answer.lines.map(rowOf), 'on conflict do nothing');
    await compareDay(transaction, wallet, day, at);
  });
  return true;
}
