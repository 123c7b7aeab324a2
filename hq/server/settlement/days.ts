import type { SettlementDay } from '../../contract/api/money.ts';
import type { Queries } from '../database.ts';
import { dayMs, dayText, periodOf, readOffsets } from '../reports/period.ts';
import { chinaOffsetMs } from '../wallets/adapter/china-time.ts';
import { startOfChinaDay } from './china-day.ts';
import { ourTradeNo } from './trade-no.ts';

interface Period { readonly from: string; readonly to: string }
interface OwnRow { day: string; wallet: 'wechat' | 'alipay'; currency: string; count: number; amount: number }
interface LineRow extends OwnRow { kind: 'payment' | 'refund'; is_ours: boolean; fees: number | null }

const nothing = { count: 0, amount: 0 };

/** Each day, way to pay and currency in which anything happened, the newest first: their book beside ours. */
export async function readSettlementDays(sql: Queries, { from, to }: Period): Promise<readonly SettlementDay[]> {
  return [...(await ofWallets(sql, from, to)), ...(await ofTerminals(sql, { from, to }))].toSorted((left, right) => right.day.localeCompare(left.day) || left.tender.localeCompare(right.tender));
}

async function ofWallets(sql: Queries, from: string, to: string): Promise<readonly SettlementDay[]> {
  const [start, end] = [startOfChinaDay(from), startOfChinaDay(to) + dayMs];
  const dayOf = (at: 'paid_at' | 'ended_at') => sql`to_char(to_timestamp((${sql(at)} + ${chinaOffsetMs}) / 1000) at time zone 'UTC', 'YYYY-MM-DD')`;
  const paid = await sql<OwnRow[]>`
    select ${dayOf('paid_at')} as day, wallet, currency, count(*) as count, sum(amount)::bigint as amount from wallet_payments
    where paid_at >= ${start} and paid_at < ${end} and (state = 'paid' or late_at is not null) group by 1, 2, 3`;
  const refunded = await sql<OwnRow[]>`
    select ${dayOf('ended_at')} as day, wallet, currency, count(*) as count, sum(amount)::bigint as amount from wallet_refunds where ended_at >= ${start} and ended_at < ${end} and state = 'done' group by 1, 2, 3`;
  const theirs = await sql<LineRow[]>`
    select day, wallet, currency, kind, is_ours, count(*) as count, sum(amount)::bigint as amount, sum(fee)::bigint as fees from (
      select l.*, (kiosk_id <> '' or trade_no ~ ${ourTradeNo}) as is_ours from settlement_lines l where day >= ${from} and day <= ${to}) l
    group by day, wallet, currency, kind, is_ours`;
  const books = await sql<{ day: string; wallet: string; state: SettlementDay['state']; detail: string | null }[]>`select day, wallet, state, detail from settlement_books where day >= ${from} and day <= ${to}`;
  const differences = await sql<{ day: string; wallet: string; currency: string; count: number }[]>`
    select day, wallet, currency, count(*) as count from settlement_differences where day >= ${from} and day <= ${to} and ended_at is null group by day, wallet, currency`;
  const keyOf = (row: { readonly day: string; readonly wallet: string; readonly currency: string }) => `${row.day} ${row.wallet} ${row.currency}`;
  const rows = new Map([...paid, ...refunded, ...theirs, ...differences].map((row) => [keyOf(row), row]));
  return [...rows].map(([key, { day, wallet, currency }]): SettlementDay => {
    const of = <R extends { readonly day: string; readonly wallet: string; readonly currency: string }>(all: readonly R[]) => all.filter((row) => keyOf(row) === key);
    const sumOf = (row: { readonly count: number; readonly amount: number } | undefined) => (row ? { count: row.count, amount: row.amount } : nothing);
    const book = books.find((one) => one.day === day && one.wallet === wallet);
    const [lines, others] = [of(theirs).filter((row) => row.is_ours), of(theirs).filter((row) => !row.is_ours)];
    const fees = lines.every((line) => line.fees === null) ? null : lines.reduce((sum, line) => sum + (line.fees ?? 0), 0);
    return {
      day, tender: wallet as SettlementDay['tender'], currency, state: book?.state ?? 'waiting', detail: book?.detail ?? null,
      theirs: book?.state === 'taken' ? { paid: sumOf(lines.find(({ kind }) => kind === 'payment')), refunded: sumOf(lines.find(({ kind }) => kind === 'refund')), fees } : null,
      others: others.length === 0 ? null : { count: others.reduce((sum, row) => sum + row.count, 0), amount: others.reduce((sum, row) => sum + (row.kind === 'payment' ? row.amount : -row.amount), 0) },
      ours: { paid: sumOf(of(paid)[0]), refunded: sumOf(of(refunded)[0]), fees: null },
      open: of(differences)[0]?.count ?? 0,
    };
  });
}

/** Card terminals tell totals at the end of a day, by the shop's own clock. */
async function ofTerminals(sql: Queries, query: Period): Promise<readonly SettlementDay[]> {
  const { from, to } = periodOf(query);
  const offsets = await readOffsets(sql, {});
  const rows = await sql<{ kiosk_id: string; occurred_at: number; currency: string; our_count: number; our_amount: number; terminal_count: number | null; terminal_amount: number | null; unsettled: number }[]>`
    select kiosk_id, occurred_at, currency, our_count, our_amount, terminal_count, terminal_amount, unsettled from day_reports where occurred_at >= ${(from - 1) * dayMs} and occurred_at < ${(to + 2) * dayMs}`;
  const days = Map.groupBy(
    rows.map((row) => ({ ...row, day: Math.floor((row.occurred_at + (offsets.get(row.kiosk_id) ?? 0)) / dayMs) })).filter(({ day }) => day >= from && day <= to), ({ day, currency }) => `${day} ${currency}`);
  return [...days.values()].map((own): SettlementDay => {
    const { day, currency } = own[0]!;
    const told = own.filter(({ terminal_amount: amount }) => amount !== null);
    const sum = (pick: (row: (typeof own)[number]) => number | null) => own.reduce((total, row) => total + (pick(row) ?? 0), 0);
    return {
      day: dayText(day), tender: 'card', currency, state: told.length > 0 ? 'taken' : 'waiting', detail: told.length < own.length ? `${own.length - told.length} without totals` : null,
      theirs: told.length === 0 ? null : { paid: { count: sum((row) => row.terminal_count), amount: sum((row) => row.terminal_amount) }, refunded: nothing, fees: null },
      others: null,
      ours: { paid: { count: sum((row) => row.our_count), amount: sum((row) => row.our_amount) }, refunded: nothing, fees: null },
      open: own.filter((row) => row.terminal_amount === null || row.terminal_amount !== row.our_amount || row.terminal_count !== row.our_count || row.unsettled > 0).length,
    };
  });
}
