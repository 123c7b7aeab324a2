import { salesBy, salesQuerySchema } from '../hq/contract/api/reports.ts';
import { readAvailabilityReport } from '../hq/server/reports/availability.ts';
import { readFeedbackReportOf } from '../hq/server/reports/feedback.ts';
import { readPaymentsReport } from '../hq/server/reports/payments.ts';
import { dayText } from '../hq/server/reports/period.ts';
import { readSalesReport } from '../hq/server/reports/sales.ts';
import { count, machine, milliseconds, printTable, quantile } from './figures.ts';
import { onYear } from './hq-year.ts';

/**
 * HQ's reports over a seeded year: of a week, a month and the year, each beside as long a time before, as the console asks for them. The limit is 2 s.
 * `node build/seed/main.ts --folder=FOLDER --orders=10000000`, then `node bench/hq-reports.ts --folder=FOLDER`
 */
const limitMs = 2000;

await onYear(async (sql, rounds) => {
  const [{ orders } = { orders: 0 }] = await sql<{ orders: number }[]>`select sum(orders)::bigint as orders from cursors`;
  const [{ last } = { last: 0 }] = await sql<{ last: number }[]>`select local_hour / 24 as last from sales_hours order by local_hour desc limit 1`;
  const sums = await sql<{ name: string; rows: number }[]>`select relname as name, n_live_tup as rows from pg_stat_user_tables where relname like 'sales\\_%' order by 1`;
  console.log(`reports: ${count(orders)} orders; ${machine()}`);
  console.log(`  sums: ${sums.map(({ name, rows }) => `${name} ${count(Number(rows))}`).join(', ')}`);
  const table = [['', 'rows', 'p50 ms', 'worst ms', 'of the limit']];
  const measure = async (name: string, work: () => Promise<number>) => {
    const times: number[] = [];
    let rows = 0;
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now();
      rows = await work();
      times.push(performance.now() - begun);
    }
    table.push([name, count(rows), milliseconds(quantile(times, 0.5)), milliseconds(Math.max(...times)), (Math.max(...times) / limitMs).toFixed(2)]);
  };
  for (const [name, days] of [['week', 7], ['month', 30], ['half year', 180], ['year', 365]] as const) {
    const period = { from: dayText(last - days), to: dayText(last - 1) };
    for (const by of salesBy.filter((one) => one !== 'hour' || days <= 14)) await measure(`sales by ${by}, ${name}`, async () => (await readSalesReport(sql, salesQuerySchema.parse({ ...period, by }))).rows.length);
    await measure(`payments and settlement, ${name}`, async () => (await readPaymentsReport(sql, period)).days.length);
    await measure(`feedback, ${name}`, async () => (await readFeedbackReportOf(sql, period)).count);
    if (days <= 93) await measure(`availability, ${name}`, async () => (await readAvailabilityReport(sql, period, Date.now())).rows.length);
  }
  printTable(table);
  console.log(`  afterwards: ${machine()}`);
});
