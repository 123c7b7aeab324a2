import type { AvailabilityReport } from '../../contract/api/reports.ts';
import { readAvailability } from '../../contract/api/reports.ts';
import { addressOf } from '../../contract/api/route.ts';
import { useApi } from '../api/use-api.ts';
import { Chart } from '../charts/chart.tsx';
import { reportsTexts } from '../i18n/areas/reports.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Figure, ReportFrame, useReportFilters } from './report-frame.tsx';

type Row = AvailabilityReport['rows'][number];
const barsMost = 25;
const parts = ['sellingMs', 'limitedMs', 'pausedMs', 'outMs', 'silentMs'] as const;

export function AvailabilityReportPage() {
  const texts = useAreaTexts(reportsTexts);
  const { isValid, days, query } = useReportFilters();
  const isShort = days <= 93;
  const { data, error, refetch } = useApi(readAvailability, { query }, { isEnabled: isValid && isShort, keepsLast: true, everyMs: 60_000 });
  return (
    <ReportFrame kind="availability" csv={addressOf('/api/reports/availability.csv', {}, query)}>
      <Trouble failure={error} onAgain={() => void refetch()} />
      {!isShort ? <Empty title={texts.availabilityLimit} text={texts.noneText} /> : data ? <Report rows={data.rows} /> : !error && <Loading />}
    </ReportFrame>
  );
}

function Report({ rows }: { readonly rows: readonly Row[] }) {
  const texts = useAreaTexts(reportsTexts);
  const told = rows.filter(({ wholeMs }) => wholeMs > 0).toSorted((left, right) => couldSell(left) - couldSell(right) || (left.kioskName < right.kioskName ? -1 : 1));
  if (told.length === 0) return <Empty title={texts.noneTitle} text={texts.noneText} />;
  const all = told.reduce<Row>((sum, row) => ({ ...sum, wholeMs: sum.wholeMs + row.wholeMs, ...Object.fromEntries(parts.map((part) => [part, sum[part] + row[part]])) }), { kioskId: '', kioskName: '', wholeMs: 0, sellingMs: 0, limitedMs: 0, pausedMs: 0, outMs: 0, silentMs: 0 });
  const names = { sellingMs: texts.selling, limitedMs: texts.limited, pausedMs: texts.paused, outMs: texts.outOfService, silentMs: texts.silent };
  const shown = told.slice(0, barsMost);
  return (
    <>
      <dl className="figures">
        <Figure name={texts.couldSell} value={percent(couldSell(all))} />
        {parts.map((part) => <Figure key={part} name={names[part]} value={percent(all[part] / all.wholeMs)} />)}
      </dl>
      <div className="report-parts">
        <Chart title={`${texts.tabs.availability} · ${texts.worstFirst}`} unit="%" kind="stack" categories={shown.map(({ kioskName }) => kioskName)} series={parts.map((part) => ({ name: names[part], values: shown.map((row) => Math.round((row[part] / row.wholeMs) * 1000) / 10) }))} />
        <p className="k-note">{texts.availabilityText}</p>
        <DataTable<Row>
          label={texts.tabs.availability} rows={told} rowKey={({ kioskId }) => kioskId} href={({ kioskId }) => `/fleet/${encodeURIComponent(kioskId)}`}
          columns={[
            { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kioskName }) => kioskName },
            { id: 'could', name: texts.couldSell, align: 'end', cell: (row) => percent(couldSell(row)) },
            ...parts.map((part) => ({ id: part, name: names[part], align: 'end', ...(part === 'sellingMs' || part === 'silentMs' ? {} : { hideBelow: 'medium' as const }), cell: (row: Row) => percent(row[part] / row.wholeMs) }) as const),
          ]}
        />
      </div>
    </>
  );
}

/** Limited is selling, though not everything. */
function couldSell({ sellingMs, limitedMs, wholeMs }: Row): number {
  return (sellingMs + limitedMs) / wholeMs;
}

function percent(part: number): string {
  return `${(part * 100).toLocaleString('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`;
}
