import { endDifference, exportLines, listDifferences, listSettlement, readReconciliation, runReconciliation } from '../../contract/api/money.ts';
import type { SettlementDifference } from '../../contract/api/money.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { csvLine, decimalOf, sendCsv } from '../orders/csv.ts';
import { readSettlementDays } from './days.ts';
import { keepReconciliation, newestReconciliation } from './reconcile.ts';
import { attemptIdOf, ourTradeNo } from './trade-no.ts';

const shownMost = 500;
const linesAtOnce = 2000;

interface DifferenceRow {
  kiosk_id: string; difference_id: string; wallet: 'wechat' | 'alipay'; day: string; kind: SettlementDifference['kind']; trade_no: string; refund_no: string; ours: number | null; theirs: number | null; currency: string;
  found_at: number; ended_at: number | null; ended_by: string | null; note: string | null; kiosk_name: string | null; order_id: string | null; order_number: string | null;
}

/** The books of money: what the console may ask and decide. */
export function moneyRoutes(api: Api, { sql, now }: { readonly sql: Sql; readonly now: () => number }): void {
  api.serve(listSettlement, async ({ query }) => ({ days: [...(await readSettlementDays(sql, query))] }));

  api.serve(listDifferences, async ({ query: { open, wallet, day } }) => {
    const rows = await sql<DifferenceRow[]>`
      select d.kiosk_id, d.difference_id, d.wallet, d.day, d.kind, d.trade_no, d.refund_no, d.ours, d.theirs, d.currency, d.found_at, d.ended_at, d.ended_by, d.note,
        k.name as kiosk_name, w.order_id, w.order_number
      from settlement_differences d left join kiosks k on k.kiosk_id = d.kiosk_id
      left join wallet_payments w on w.kiosk_id = d.kiosk_id and w.attempt_id = d.attempt_id
      where ${open === 'yes' ? sql`d.ended_at is null` : sql`d.ended_at is not null`} ${wallet === undefined ? sql`` : sql`and d.wallet = ${wallet}`} ${day === undefined ? sql`` : sql`and d.day = ${day}`}
      order by d.day desc, d.kind = 'lines_not_ours', d.found_at desc, d.difference_id limit ${shownMost}`;
    const sumsOf = await sumsOfForeign(sql, rows.filter(({ kind }) => kind === 'lines_not_ours').map((row) => row.day));
    return { differences: rows.map((row) => differenceOf(row, row.kind === 'lines_not_ours' ? sumsOf(row) : null)) };
  });

  api.serve(endDifference, async ({ params, body, account, note }) => {
    const rows = await sql<{ kind: string; trade_no: string }[]>`
      update settlement_differences set ended_at = ${now()}, ended_by = ${account?.name ?? ''}, note = ${body.note} where difference_id = ${params.difference} and kiosk_id in
        (select kiosk_id from settlement_differences where difference_id = ${params.difference}) and ended_at is null returning kind, trade_no`;
    const [row] = rows;
    if (!row) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'This difference is ended already, or there is none.');
    note(`${row.kind} ${row.trade_no}: ${body.note}`);
    return {};
  });

  api.serve(exportLines, async ({ query: { wallet, from, to, whose }, reply }) => {
    async function* lines() {
      let after = { day: '', line: 0, kiosk_id: '' };
      for (;;) {
        const rows: readonly { kiosk_id: string; day: string; line: number; kind: string; trade_no: string; refund_no: string | null; transaction_id: string; amount: number; currency: string; fee: number | null; at: number }[] = await sql`
          select kiosk_id, day, line, kind, trade_no, refund_no, transaction_id, amount, currency, fee, at from settlement_lines
          where wallet = ${wallet} and day >= ${from} and day <= ${to} ${whose === 'all' ? sql`` : sql`and kiosk_id = '' and trade_no !~ ${ourTradeNo}`} and (day, line, kiosk_id) > (${after.day}, ${after.line}, ${after.kiosk_id}) order by day, line, kiosk_id limit ${linesAtOnce}`;
        for (const row of rows) {
          yield csvLine([row.day, row.kind, row.kiosk_id, attemptIdOf(row.trade_no) ?? null, row.trade_no, row.refund_no, row.transaction_id, row.currency, decimalOf(row.amount, row.currency), row.fee === null ? null : decimalOf(row.fee, row.currency), new Date(row.at).toISOString()]);
        }
        const last = rows.at(-1);
        if (!last || rows.length < linesAtOnce) return;
        after = last;
      }
    }
    await sendCsv(reply, `${wallet}-${from}-${to}${whose === 'all' ? '' : '-not-ours'}.csv`, ['day', 'kind', 'kiosk', 'attempt', 'trade_no', 'refund_no', 'transaction', 'currency', 'amount', 'fee', 'at'], lines());
    return {};
  });

  api.serve(readReconciliation, async () => ({ newest: (await newestReconciliation(sql)) ?? null }));
  api.serve(runReconciliation, () => keepReconciliation(sql, now()));
}

type ForeignSums = NonNullable<SettlementDifference['lines']>;

/** What the lines come to that are one difference together: of each day, gateway and currency. */
async function sumsOfForeign(sql: Sql, days: readonly string[]): Promise<(of: Pick<DifferenceRow, 'wallet' | 'day' | 'currency'>) => ForeignSums> {
  const rows = days.length === 0 ? [] : await sql<{ wallet: string; day: string; currency: string; kind: string; count: number; amount: number }[]>`
    select wallet, day, currency, kind, count(*) as count, sum(amount)::bigint as amount from settlement_lines
    where kiosk_id = '' and day = any(${[...new Set(days)]}::text[]) and trade_no !~ ${ourTradeNo} group by wallet, day, currency, kind`;
  return ({ wallet, day, currency }) => {
    const sumOf = (kind: string) => {
      const row = rows.find((one) => one.wallet === wallet && one.day === day && one.currency === currency && one.kind === kind);
      return { count: row?.count ?? 0, amount: row?.amount ?? 0 };
    };
    return { paid: sumOf('payment'), refunded: sumOf('refund') };
  };
}

function differenceOf(row: DifferenceRow, lines: ForeignSums | null): SettlementDifference {
  return {
    id: row.difference_id, wallet: row.wallet, day: row.day, kind: row.kind, tradeNo: row.trade_no, refundNo: row.refund_no === '' ? null : row.refund_no,
    kioskId: row.kiosk_id === '' ? null : row.kiosk_id, kioskName: row.kiosk_name, orderId: row.order_id, orderNumber: row.order_number,
    currency: row.currency, ours: row.ours, theirs: row.theirs, lines, foundAt: row.found_at, endedAt: row.ended_at, endedBy: row.ended_by, note: row.note,
  };
}
