import type { Currency } from '../../../domain/money.ts';
import { currencies, formatMoney, money } from '../../../domain/money.ts';
import type { SalesReport } from '../../contract/api/reports.ts';
import { readSales, salesBy } from '../../contract/api/reports.ts';
import { addressOf } from '../../contract/api/route.ts';
import { useApi } from '../api/use-api.ts';
import { Chart } from '../charts/chart.tsx';
import { reportsTexts } from '../i18n/areas/reports.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField } from '../ui/field.tsx';
import { Empty } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Figure, ReportFrame, changeOf, changeText, useReportFilters } from './report-frame.tsx';

type By = (typeof salesBy)[number];
type Row = SalesReport['rows'][number];
/** More bars than this nobody can read; the table has them all. */
const barsMost = 25;

export function SalesReportPage() {
  const texts = useAreaTexts(reportsTexts);
  const { filters, setFilters, days, isValid, query } = useReportFilters();
  const by: By = filters.by ?? (days === 1 ? 'hour_of_day' : 'day');
  const asked = { ...query, by, ...(filters.currency ? { currency: filters.currency } : {}) };
  const { data, error, isFetching, refetch } = useApi(readSales, { query: asked }, { isEnabled: isValid, keepsLast: true, everyMs: 60_000 });
  return (
    <ReportFrame
      kind="sales" csv={addressOf('/api/reports/sales.csv', {}, asked)}
      more={(
        <>
          <SelectField label={texts.by} value={by} onChange={(value) => setFilters({ by: value })} items={salesBy.filter((name) => name !== 'hour' || days <= 14).map((id) => ({ id, name: texts.byNames[id] }))} />
          {(data?.currencies.length ?? 0) > 1 && <SelectField label={texts.currency} value={data?.currency ?? ''} onChange={(currency) => setFilters({ currency })} items={(data?.currencies ?? []).map((id) => ({ id, name: id }))} />}
        </>
      )}
    >
      <Trouble failure={error} onAgain={() => void refetch()} />
      {data ? <Report report={data} by={by} isBusy={isFetching} /> : !error && <Loading />}
    </ReportFrame>
  );
}

function Report({ report, by, isBusy }: { readonly report: SalesReport; readonly by: By; readonly isBusy: boolean }) {
  const texts = useAreaTexts(reportsTexts);
  const { language } = useLanguage();
  const { currency, total, totalBefore, rows, periods, pending } = report;
  if (currency === null) return <Empty title={texts.noneTitle} text={texts.noneText} />;
  const amount = (minor: number) => formatMoney(money(Math.round(minor), currency as Currency));
  const mean = (figures: typeof total) => (figures.orders === 0 ? 0 : figures.amount / figures.orders);
  const isPieces = by === 'offer' || by === 'business';
  const isTime = !isPieces && by !== 'kiosk';
  const nameOf = ({ key, name }: Row) => name?.[language] ?? texts.businesses[key] ?? (by === 'hour_of_day' ? `${key}:00` : by === 'hour' ? `${key.slice(5).replace('T', ' ')}:00` : key);
  const shown = isTime ? rows : rows.slice(0, barsMost);
  const symbol = currencies[currency as Currency].symbol;
  return (
    <div aria-busy={isBusy}>
      {pending > 0 && <p className="k-note" role="status">{texts.pending(pending)}</p>}
      <dl className="figures">
        <Figure name={texts.sold} value={amount(total.amount)} before={amount(totalBefore.amount)} change={changeOf(total.amount, totalBefore.amount)} />
        <Figure name={texts.orders} value={total.orders.toLocaleString('en-GB')} before={totalBefore.orders.toLocaleString('en-GB')} change={changeOf(total.orders, totalBefore.orders)} />
        <Figure name={texts.mean} value={amount(mean(total))} before={amount(mean(totalBefore))} change={changeOf(mean(total), mean(totalBefore))} />
        <Figure name={texts.refunds} value={`${amount(total.refundedAmount)} (${total.refunds.toLocaleString('en-GB')})`} before={amount(totalBefore.refundedAmount)} change={changeOf(total.refundedAmount, totalBefore.refundedAmount)} />
        <Figure name={texts.unsold} value={total.unsoldOrders.toLocaleString('en-GB')} before={totalBefore.unsoldOrders.toLocaleString('en-GB')} change={changeOf(total.unsoldOrders, totalBefore.unsoldOrders)} />
      </dl>
      <div className="report-parts">
        <Chart
          title={`${texts.sold} · ${texts.byNames[by]}`} unit={symbol} kind={by === 'day' || by === 'hour' ? 'line' : 'bar'} categories={shown.map(nameOf)}
          series={[{ name: texts.thisPeriod, values: shown.map(({ now }) => now.amount / 100) }, { name: texts.beforePeriod, values: shown.map(({ before }) => before.amount / 100) }]}
        />
        <p className="k-note">{texts.beforeIs(periods.beforeFrom, periods.beforeTo)}</p>
        <DataTable<Row>
          label={texts.tabs.sales} rows={isTime ? rows.toReversed() : rows} rowKey={({ key }) => key}
          {...(by === 'kiosk' ? { href: ({ key }: Row) => `/fleet/${encodeURIComponent(key)}` } : {})}
          columns={[
            { id: 'name', name: texts.byNames[by], isRowHeader: true, cell: nameOf },
            { id: 'amount', name: texts.sold, align: 'end', cell: ({ now }) => amount(now.amount) },
            { id: 'change', name: texts.change, align: 'end', cell: ({ now, before }) => { const change = changeOf(now.amount, before.amount); return change === null ? '–' : changeText(change); } },
            isPieces ? { id: 'quantity', name: texts.quantity, align: 'end', cell: ({ now }) => now.quantity.toLocaleString('en-GB') } : { id: 'orders', name: texts.orders, align: 'end', cell: ({ now }) => now.orders.toLocaleString('en-GB') },
            { id: 'refunded', name: texts.refunded, align: 'end', hideBelow: 'narrow', cell: ({ now }) => (now.refundedAmount === 0 ? '–' : amount(now.refundedAmount)) },
            ...(isPieces ? [] : [
              { id: 'free', name: texts.freeOrders, align: 'end', hideBelow: 'medium', cell: ({ now }: Row) => now.freeOrders.toLocaleString('en-GB') } as const,
              { id: 'unsold', name: texts.unsold, align: 'end', hideBelow: 'medium', cell: ({ now }: Row) => now.unsoldOrders.toLocaleString('en-GB') } as const,
            ]),
          ]}
        />
      </div>
    </div>
  );
}
