import type { Currency } from '../../../domain/money.ts';
import { currencies, formatMoney, money } from '../../../domain/money.ts';
import type { PaymentsReport, Settlement } from '../../contract/api/reports.ts';
import { readPayments } from '../../contract/api/reports.ts';
import { addressOf } from '../../contract/api/route.ts';
import { useApi } from '../api/use-api.ts';
import { Chart } from '../charts/chart.tsx';
import { moneyTexts } from '../i18n/areas/money.ts';
import { reportsTexts } from '../i18n/areas/reports.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import type { Column } from '../ui/data-table.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Figure, ReportFrame, useReportFilters } from './report-frame.tsx';

export function PaymentsReportPage() {
  const { filters, isValid, query } = useReportFilters();
  const asked = { ...query, ...(filters.currency ? { currency: filters.currency } : {}) };
  const { data, error, refetch } = useApi(readPayments, { query: asked }, { isEnabled: isValid, keepsLast: true, everyMs: 60_000 });
  return (
    <ReportFrame kind="payments" csv={addressOf('/api/reports/payments.csv', {}, asked)}>
      <Trouble failure={error} onAgain={() => void refetch()} />
      {data ? <Report report={data} /> : !error && <Loading />}
    </ReportFrame>
  );
}

function Report({ report: { currency, days, tenders, settlement, pending } }: { readonly report: PaymentsReport }) {
  const texts = useAreaTexts(reportsTexts);
  const moneyWords = useAreaTexts(moneyTexts);
  if (currency === null) return <Empty title={texts.noneTitle} text={texts.noneText} />;
  const amount = (minor: number) => formatMoney(money(minor, currency as Currency));
  const sum = (part: 'taken' | 'returned' | 'declined' | 'open') => days.reduce((total, day) => ({ count: total.count + day[part].count, amount: total.amount + day[part].amount }), { count: 0, amount: 0 });
  const symbol = currencies[currency as Currency].symbol;
  return (
    <>
      {pending > 0 && <p className="k-note" role="status">{texts.pending(pending)}</p>}
      <dl className="figures">
        {(['taken', 'returned', 'declined', 'open'] as const).map((part) => <Figure key={part} name={texts[part]} value={amount(sum(part).amount)} note={texts.count(sum(part).count)} />)}
        <Figure name={texts.difference} value={amount(settlement.difference)} />
      </dl>
      <div className="report-parts">
        <Chart title={texts.tabs.payments} unit={symbol} kind="bar" categories={days.map(({ day }) => day)} series={[{ name: texts.taken, values: days.map(({ taken }) => taken.amount / 100) }, { name: texts.returned, values: days.map(({ returned }) => -returned.amount / 100) }]} />
        <Section title={texts.settlement}>
          <p>{texts.settlementText(settlement.agreeing, settlement.differing, settlement.untold)}</p>
          <DataTable<Settlement>
            label={texts.settlement} rows={settlement.rows} rowKey={({ kioskId, number, day }) => `${kioskId} ${number} ${day}`} empty={<p className="k-note">{texts.settlementAllWell}</p>}
            href={({ kioskId }) => `/fleet/${encodeURIComponent(kioskId)}`}
            columns={settlementColumns(texts, amount)}
          />
        </Section>
        <Section title={texts.tenders}>
          <DataTable
            label={texts.tenders} rows={tenders} rowKey={({ tender }) => tender}
            columns={[
              { id: 'tender', name: texts.tender, isRowHeader: true, cell: ({ tender }) => (tender === 'wechat' || tender === 'alipay' ? moneyWords.tenders[tender] : tender || texts.noTender) },
              { id: 'count', name: texts.orders, align: 'end', cell: ({ taken }) => taken.count.toLocaleString('en-GB') },
              { id: 'taken', name: texts.taken, align: 'end', cell: ({ taken }) => amount(taken.amount) },
              { id: 'returned', name: texts.returned, align: 'end', cell: ({ returned }) => (returned.amount === 0 ? '–' : amount(returned.amount)) },
            ]}
          />
        </Section>
      </div>
    </>
  );
}

function settlementColumns(texts: (typeof reportsTexts)['en'], amount: (minor: number) => string): readonly Column<Settlement>[] {
  return [
    { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kioskName }) => kioskName },
    { id: 'day', name: texts.day, cell: ({ day }) => day },
    { id: 'closed', name: texts.closed, hideBelow: 'medium', cell: ({ closedAt }) => <Time at={closedAt} /> },
    { id: 'ours', name: texts.ours, align: 'end', cell: ({ ours }) => amount(ours.amount) },
    { id: 'terminal', name: texts.terminal, align: 'end', cell: ({ terminal }) => (terminal ? amount(terminal.amount) : texts.terminalUntold) },
    { id: 'difference', name: texts.difference, align: 'end', cell: ({ difference }) => (difference === null ? '–' : <Badge tone={difference === 0 ? 'good' : 'bad'}>{amount(difference)}</Badge>) },
    { id: 'unsettled', name: texts.unsettled, align: 'end', hideBelow: 'narrow', cell: ({ unsettled }) => unsettled },
    { id: 'proof', name: texts.proof, hideBelow: 'medium', cell: ({ proof }) => (proof === null ? '–' : <Badge tone={proof === 'green' ? 'good' : proof === 'red' ? 'bad' : 'warn'}>{texts.proofs[proof]}</Badge>) },
  ];
}
