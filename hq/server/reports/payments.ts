import type { PaymentsReport, PeriodQuery, Settlement } from '../../contract/api/reports.ts';
import type { Queries } from '../database.ts';
import type { Period } from './period.ts';
import { dayMs, dayText, offsetOf, ofKiosks, periodOf, periodTexts, readNames, readOffsets, readPending } from './period.ts';

const shownMost = 200;
/** Approved once, whatever became of it. */
const taken: readonly string[] = ['approved', 'reversing', 'reversed'];
const open: readonly string[] = ['started', 'authorised', 'unknown', 'unclear'];

export type PaymentsQuery = PeriodQuery & { readonly currency?: string | undefined };

interface Row { day: number; currency: string; tender: string; state: string; count: number; amount: number }

export async function readPaymentsReport(sql: Queries, query: PaymentsQuery): Promise<PaymentsReport> {
  const period = periodOf(query);
  const rows = await sql<Row[]>`
    select s.day, s.currency, s.tender, s.state, sum(s.count)::bigint as count, sum(s.amount)::bigint as amount from sales_payments s
    where s.day >= ${period.from} and s.day <= ${period.to} ${ofKiosks(sql, query)} group by s.day, s.currency, s.tender, s.state`;
  const currencies = [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, own]) => ({ currency, amount: sumOf(own, taken).amount })).toSorted((left, right) => right.amount - left.amount).map(({ currency }) => currency);
  const currency = query.currency ?? currencies[0] ?? null;
  const ours = rows.filter((row) => row.currency === currency);
  const byDay = Map.groupBy(ours, ({ day }) => day);
  const settled = currency === null ? { agreeing: 0, differing: 0, untold: 0, difference: 0 } : await countSettlement(sql, query, period, currency);
  const toLookInto = await readSettlement(sql, query, period, { isOnlyOff: true });
  return {
    periods: periodTexts(period), currency, currencies,
    days: Array.from({ length: period.to - period.from + 1 }, (_, place) => {
      const own = byDay.get(period.from + place) ?? [];
      return { day: dayText(period.from + place), taken: sumOf(own, taken), returned: sumOf(own, ['returned']), declined: sumOf(own, ['declined']), open: sumOf(own, open) };
    }),
    tenders: [...Map.groupBy(ours, ({ tender }) => tender)].map(([tender, own]) => ({ tender, taken: sumOf(own, taken), returned: sumOf(own, ['returned']) }))
      .filter((row) => row.taken.count + row.returned.count > 0).toSorted((left, right) => right.taken.amount - left.taken.amount),
    settlement: {
      ...settled, rows: toLookInto.filter((row) => row.currency === currency).slice(0, shownMost),
    },
    pending: await readPending(sql),
  };
}

function sumOf(rows: readonly Row[], states: readonly string[]): { readonly count: number; readonly amount: number } {
  return rows.filter(({ state }) => states.includes(state)).reduce((sum, row) => ({ count: sum.count + row.count, amount: sum.amount + row.amount }), { count: 0, amount: 0 });
}

/** What does not agree, or was not told, or is open. */
function isOff(sql: Queries) {
  return sql`(s.terminal_amount is null or s.terminal_amount <> s.our_amount or s.terminal_count <> s.our_count or s.unsettled > 0)`;
}

async function countSettlement(sql: Queries, query: PaymentsQuery, { from, to }: Period, currency: string): Promise<Omit<PaymentsReport['settlement'], 'rows'>> {
  const day = sql`(s.occurred_at + ${offsetOf(sql, await readOffsets(sql, query))}) / ${dayMs}::bigint`;
  const isTold = sql`s.terminal_amount is not null`;
  const isSame = sql`s.terminal_amount = s.our_amount and s.terminal_count = s.our_count`;
  const [row] = await sql<{ agreeing: number; differing: number; untold: number; difference: number }[]>`
    select count(*) filter (where ${isTold} and ${isSame}) as agreeing, count(*) filter (where ${isTold} and not (${isSame})) as differing,
      count(*) filter (where not ${isTold}) as untold, coalesce(sum(s.terminal_amount - s.our_amount) filter (where ${isTold}), 0)::bigint as difference
    from day_reports s where s.occurred_at >= ${(from - 1) * dayMs} and s.occurred_at < ${(to + 2) * dayMs} and s.currency = ${currency}
      and ${day} >= ${from} and ${day} <= ${to} ${ofKiosks(sql, query)}`;
  return row ?? { agreeing: 0, differing: 0, untold: 0, difference: 0 };
}

interface ReportRow {
  kiosk_id: string; number: number; to_at: number; occurred_at: number; currency: string; staff: string | null; our_count: number; our_amount: number;
  terminal_count: number | null; terminal_amount: number | null; unsettled: number;
}

/** Days that were closed at terminals, the newest first, each on the shop's day with which it ended. @param isOnlyOff those that a person has to look into alone */
export async function readSettlement(sql: Queries, query: PeriodQuery, { from, to }: Period, { isOnlyOff = false }: { readonly isOnlyOff?: boolean } = {}): Promise<readonly Settlement[]> {
  const offsets = await readOffsets(sql, query);
  // No shop's day is further from UTC's than this.
  const [start, end] = [(from - 1) * dayMs, (to + 2) * dayMs];
  const rows = await sql<ReportRow[]>`
    select s.kiosk_id, s.number, s.to_at, s.occurred_at, s.currency, s.staff, s.our_count, s.our_amount, s.terminal_count, s.terminal_amount, s.unsettled from day_reports s
    where s.occurred_at >= ${start} and s.occurred_at < ${end} ${isOnlyOff ? sql`and ${isOff(sql)}` : sql``} ${ofKiosks(sql, query)} order by s.occurred_at desc, s.kiosk_id desc, s.event_id desc`;
  const proofs = await sql<{ kiosk_id: string; day: string; state: 'green' | 'red' | 'waiting' }[]>`
    select s.kiosk_id, s.day, s.state from proofs s where s.day >= ${dayText(from)} and s.day <= ${dayText(to)} ${ofKiosks(sql, query)}`;
  const proofOf = new Map<string, 'green' | 'red' | 'waiting'>();
  const weight = { green: 0, waiting: 1, red: 2 };
  for (const { kiosk_id, day, state } of proofs) {
    const known = proofOf.get(`${kiosk_id} ${day}`);
    if (known === undefined || weight[state] > weight[known]) proofOf.set(`${kiosk_id} ${day}`, state);
  }
  const names = await readNames(sql, rows.map((row) => row.kiosk_id));
  return rows.flatMap((row): Settlement[] => {
    // By the kiosk's clock, which may be wrong, the day would be what it says; HQ's reckoning decides.
    const day = Math.floor((row.occurred_at + (offsets.get(row.kiosk_id) ?? 0)) / dayMs);
    if (day < from || day > to) return [];
    const terminal = row.terminal_amount === null ? null : { count: row.terminal_count ?? 0, amount: row.terminal_amount };
    return [{
      kioskId: row.kiosk_id, kioskName: names.get(row.kiosk_id) ?? row.kiosk_id, number: row.number, day: dayText(day), closedAt: row.occurred_at, currency: row.currency, staff: row.staff,
      ours: { count: row.our_count, amount: row.our_amount }, terminal, difference: terminal === null ? null : terminal.amount - row.our_amount, unsettled: row.unsettled,
      proof: proofOf.get(`${row.kiosk_id} ${dayText(day)}`) ?? null,
    }];
  });
}
