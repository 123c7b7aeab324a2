import { shredded } from '../../../domain/personal/sealed.ts';
import type { FeedbackReport } from '../../contract/api/reports.ts';
import { listFeedback } from '../../contract/api/feedback.ts';
import { readFeedbackReport } from '../../contract/api/reports.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { addressOf } from '../../contract/api/route.ts';
import { useApi } from '../api/use-api.ts';
import { Chart } from '../charts/chart.tsx';
import { reportsTexts } from '../i18n/areas/reports.ts';
import type { Texts } from '../i18n/en.ts';
import { useAreaTexts, useTexts } from '../i18n/use-texts.tsx';
import type { Column } from '../ui/data-table.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Figure, ReportFrame, useReportFilters } from './report-frame.tsx';

type Said = ApiAnswer<typeof listFeedback>['feedback'][number];

export function FeedbackReportPage() {
  const { isValid, query } = useReportFilters();
  const { data, error, refetch } = useApi(readFeedbackReport, { query }, { isEnabled: isValid, keepsLast: true, everyMs: 60_000 });
  return (
    <ReportFrame kind="feedback" csv={addressOf('/api/reports/feedback.csv', {}, query)}>
      <Trouble failure={error} onAgain={() => void refetch()} />
      {data ? <Report report={data} kiosk={query.kiosk?.[0]} /> : !error && <Loading />}
    </ReportFrame>
  );
}

function Report({ report, kiosk }: { readonly report: FeedbackReport; readonly kiosk: string | undefined }) {
  const texts = useAreaTexts(reportsTexts);
  const words = useTexts();
  const { count, stars, countBefore, starsBefore, days, byStars, chips, kiosks } = report;
  if (count === 0) return <Empty title={texts.noneTitle} text={texts.noneText} />;
  return (
    <>
      <dl className="figures">
        <Figure name={texts.meanStars} value={mean(stars)} before={mean(starsBefore)} change={stars === null || starsBefore === null ? null : stars / starsBefore - 1} />
        <Figure name={texts.answers} value={count.toLocaleString('en-GB')} before={countBefore.toLocaleString('en-GB')} change={countBefore === 0 ? null : count / countBefore - 1} />
      </dl>
      <div className="report-parts">
        <Chart title={texts.perDay} unit="★" kind="line" categories={days.map(({ day }) => day)} series={[{ name: texts.meanStars, values: days.map((day) => Math.round(day.stars * 100) / 100) }]} />
        <Chart title={texts.stars} unit={texts.answers} kind="bar" categories={byStars.map((_, place) => texts.starsOf(String(place + 1)))} series={[{ name: texts.answers, values: byStars }]} />
        <Chart title={texts.tapped} unit={texts.answers} kind="bar" categories={chips.map(({ chip }) => words.chip[chip])} series={[{ name: texts.answers, values: chips.map((chip) => chip.count) }]} />
        <Section title={texts.byKiosk}>
          <DataTable
            label={texts.byKiosk} rows={kiosks} rowKey={({ kioskId }) => kioskId} href={({ kioskId }) => `/fleet/${encodeURIComponent(kioskId)}`}
            columns={[
              { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kioskName }) => kioskName },
              { id: 'stars', name: texts.meanStars, align: 'end', cell: (row) => mean(row.stars) },
              { id: 'count', name: texts.answers, align: 'end', cell: (row) => row.count.toLocaleString('en-GB') },
            ]}
          />
        </Section>
        <Words kiosk={kiosk} />
      </div>
    </>
  );
}

/** The newest that customers wrote, whatever the period. */
function Words({ kiosk }: { readonly kiosk: string | undefined }) {
  const texts = useAreaTexts(reportsTexts);
  const words = useTexts();
  const { data, error } = useApi(listFeedback, { query: { with: 'words', limit: 20, ...(kiosk === undefined ? {} : { kiosk }) } });
  return (
    <Section title={texts.words}>
      <Trouble failure={error} />
      <DataTable
        label={texts.words} rows={data?.feedback ?? []} rowKey={({ kioskId, orderId }) => `${kioskId} ${orderId}`} href={({ kioskId, orderId }) => `/orders/${encodeURIComponent(kioskId)}/${orderId}`}
        columns={wordColumns(texts, words)}
      />
    </Section>
  );
}

function wordColumns(texts: (typeof reportsTexts)['en'], words: Texts): readonly Column<Said>[] {
  return [
    { id: 'stars', name: texts.stars, isRowHeader: true, cell: ({ stars }) => <span role="img" aria-label={texts.starsOf(String(stars))}>{'★'.repeat(stars)}{'☆'.repeat(5 - stars)}</span> },
    { id: 'words', name: texts.words, cell: (row) => (row.words === shredded ? words.wordsGone : row.words) },
    { id: 'kiosk', name: texts.kiosk, hideBelow: 'narrow', cell: ({ kioskName }) => kioskName },
    { id: 'at', name: texts.day, cell: ({ givenAt }) => <Time at={givenAt} /> },
  ];
}

function mean(stars: number | null): string {
  return stars === null ? '–' : stars.toFixed(2);
}
