import { formatMoney, money } from '../../../domain/money.ts';
import type { Currency } from '../../../domain/money.ts';
import type { BookSum, Finding } from '../../contract/api/money.ts';
import { readReconciliation, runReconciliation } from '../../contract/api/money.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { moneyTexts } from '../i18n/areas/money.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';

/** Captured = delivered + refunded + what is on a list; and what is not. */
export function BooksPart() {
  const texts = useAreaTexts(moneyTexts);
  const { may } = useMe();
  const { data, error, refetch } = useApi(readReconciliation, {}, { everyMs: 60_000 });
  const { act, isBusy, failure } = useAct(runReconciliation, { done: texts.compared, invalidates: [readReconciliation] });
  const newest = data?.newest;
  const amount = (minor: number, currency: string) => formatMoney(money(minor, currency as Currency));
  const tenderOf = (tender: string) => (tender in texts.tenders ? texts.tenders[tender as keyof typeof texts.tenders] : tender);
  return (
    <>
      <p className="k-lead">{texts.booksLead}</p>
      <Trouble failure={error ?? failure} onAgain={() => void refetch()} />
      {may('money.settle') ? <div className="k-actions"><Button isBusy={isBusy} onPress={() => void act({})}>{texts.compareNow}</Button></div> : null}
      {data === undefined ? (error ? null : <Loading />) : !newest ? <Empty title={texts.never} text={texts.booksLead} /> : (
        <>
          <p className="k-note" role="status">{texts.comparedAt} <Time at={newest.at} /> · {texts.since} <Time at={newest.since} /></p>
          <DataTable<BookSum>
            label={texts.tabs.books} rows={newest.sums} rowKey={({ currency, tender }) => `${currency} ${tender}`} empty={<Empty title={texts.noneTitle} text={texts.noneText} />}
            columns={[
              { id: 'tender', name: texts.tender, isRowHeader: true, cell: ({ tender }) => tenderOf(tender) },
              { id: 'captured', name: texts.captured, align: 'end', cell: ({ captured, currency }) => amount(captured, currency) },
              { id: 'delivered', name: texts.delivered, align: 'end', cell: ({ delivered, currency }) => amount(delivered, currency) },
              { id: 'refunded', name: texts.refunded, align: 'end', cell: ({ refunded, currency }) => amount(refunded, currency) },
              { id: 'open', name: texts.openSum, align: 'end', cell: ({ open, currency }) => amount(open, currency) },
              { id: 'unexplained', name: texts.unexplained, align: 'end', cell: ({ unexplained, currency }) => <Badge tone={unexplained === 0 ? 'good' : 'bad'}>{amount(unexplained, currency)}</Badge> },
            ]}
          />
          <Section title={texts.findings}>
            <DataTable<Finding>
              label={texts.findings} rows={newest.findings} rowKey={({ kind, kioskId, orderId, attemptId, detail }) => `${kind} ${kioskId} ${orderId} ${attemptId} ${detail}`} empty={<p className="k-note">{texts.allWell}</p>}
              href={({ kioskId, orderId }) => (orderId === null ? `/fleet/${encodeURIComponent(kioskId)}` : `/orders/${encodeURIComponent(kioskId)}/${orderId}`)}
              columns={[
                { id: 'what', name: texts.what, isRowHeader: true, cell: ({ kind }) => texts.findingKinds[kind].name },
                { id: 'kiosk', name: texts.kiosk, cell: ({ kioskId }) => kioskId },
                { id: 'amount', name: texts.captured, align: 'end', cell: ({ amount: minor, currency }) => (minor === null || currency === null ? '–' : amount(minor, currency)) },
                { id: 'toDo', name: texts.toDo, cell: ({ kind }) => texts.findingKinds[kind].advice },
              ]}
            />
          </Section>
        </>
      )}
    </>
  );
}
