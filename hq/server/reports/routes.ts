import { exportAvailability, exportFeedback, exportSales, exportSettlement, readAvailability, readFeedbackReport, readPayments, readSales } from '../../contract/api/reports.ts';
import type { Api } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { readFeedback } from '../feedback/list.ts';
import { csvLine, decimalOf, sendCsv } from '../orders/csv.ts';
import { readAvailabilityReport } from './availability.ts';
import { readFeedbackReportOf } from './feedback.ts';
import { readPaymentsReport, readSettlement } from './payments.ts';
import { dayMs, dayText, periodOf, readOffsets } from './period.ts';
import { readSalesReport } from './sales.ts';

export function reportRoutes(api: Api, { sql, now }: { readonly sql: Sql; readonly now: () => number }): void {
  api.serve(readSales, ({ query }) => readSalesReport(sql, query));
  api.serve(readPayments, ({ query }) => readPaymentsReport(sql, query));
  api.serve(readAvailability, ({ query }) => readAvailabilityReport(sql, query, now()));
  api.serve(readFeedbackReport, ({ query }) => readFeedbackReportOf(sql, query));

  api.serve(exportSales, async ({ query, reply }) => {
    const report = await readSalesReport(sql, query);
    const currency = report.currency ?? '';
    await sendCsv(
      reply, `sales-${query.by}-${query.from}-${query.to}.csv`,
      [query.by, 'name_zh', 'name_en', 'currency', ...['', 'before_'].flatMap((when) => ['orders', 'quantity', 'amount', 'free_orders', 'unsold_orders', 'refunds', 'refunded'].map((name) => when + name))],
      report.rows.map(({ key, name, now: own, before }) => csvLine([
        key, name?.zh ?? null, name?.en ?? null, currency,
        ...[own, before].flatMap((figures) => [figures.orders, figures.quantity, decimalOf(figures.amount, currency), figures.freeOrders, figures.unsoldOrders, figures.refunds, decimalOf(figures.refundedAmount, currency)]),
      ])),
    );
    return {};
  });

  api.serve(exportSettlement, async ({ query, reply }) => {
    const rows = await readSettlement(sql, query, periodOf(query));
    await sendCsv(
      reply, `settlement-${query.from}-${query.to}.csv`,
      ['kiosk', 'kiosk_name', 'day', 'number', 'closed_at', 'staff', 'currency', 'our_count', 'our_amount', 'terminal_count', 'terminal_amount', 'difference', 'unsettled', 'proof'],
      rows.filter(({ currency }) => query.currency === undefined || currency === query.currency).map((row) => csvLine([
        row.kioskId, row.kioskName, row.day, row.number, new Date(row.closedAt).toISOString(), row.staff, row.currency, row.ours.count, decimalOf(row.ours.amount, row.currency),
        row.terminal?.count ?? null, row.terminal ? decimalOf(row.terminal.amount, row.currency) : null, row.difference === null ? null : decimalOf(row.difference, row.currency), row.unsettled, row.proof,
      ])),
    );
    return {};
  });

  api.serve(exportAvailability, async ({ query, reply }) => {
    const { rows } = await readAvailabilityReport(sql, query, now());
    const minutes = (ms: number) => Math.round(ms / 60_000);
    await sendCsv(
      reply, `availability-${query.from}-${query.to}.csv`, ['kiosk', 'kiosk_name', 'minutes', 'selling', 'limited', 'paused', 'out_of_service', 'silent'],
      rows.map((row) => csvLine([row.kioskId, row.kioskName, minutes(row.wholeMs), minutes(row.sellingMs), minutes(row.limitedMs), minutes(row.pausedMs), minutes(row.outMs), minutes(row.silentMs)])),
    );
    return {};
  });

  api.serve(exportFeedback, async ({ query, reply }) => {
    const { from, to } = periodOf(query);
    const offsets = await readOffsets(sql, query);
    const isOfGroup = (kioskId: string) => offsets.has(kioskId);
    async function* lines() {
      // Page by page, the newest first; a page's days are the shop's.
      let before: string | undefined = `${(to + 2) * dayMs}~zz~ffffffff-ffff-ffff-ffff-ffffffffffff`;
      while (before !== undefined) {
        const page = await readFeedback(sql, { before, limit: 200 });
        const dayOf = (row: (typeof page.feedback)[number]) => Math.floor((row.givenAt + (offsets.get(row.kioskId) ?? 0)) / dayMs);
        yield page.feedback.filter((row) => isOfGroup(row.kioskId) && dayOf(row) >= from && dayOf(row) <= to)
          .map((row) => csvLine([dayText(dayOf(row)), new Date(row.givenAt).toISOString(), row.kioskId, row.kioskName, row.orderNumber, row.stars, row.chips.join('; '), row.words])).join('');
        const last = page.feedback.at(-1);
        before = last && last.givenAt >= (from - 1) * dayMs ? (page.next ?? undefined) : undefined;
      }
    }
    await sendCsv(reply, `feedback-${query.from}-${query.to}.csv`, ['day', 'given_at', 'kiosk', 'kiosk_name', 'order', 'stars', 'tapped', 'words'], lines());
    return {};
  });
}
