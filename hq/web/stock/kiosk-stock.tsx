import { readStockKiosks } from '../../contract/api/stock.ts';
import { useApi } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty } from '../ui/page.tsx';
import { Ago } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Count } from './offer-stock.tsx';

/** Each kiosk, what is missing there first. */
export function KioskStock() {
  const texts = useAreaTexts(stockTexts);
  const { data, error, refetch } = useApi(readStockKiosks, {}, { everyMs: 60_000 });
  return (
    <>
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label={texts.tabs.kiosks} rows={data.kiosks} rowKey={({ kioskId }) => kioskId} href={({ kioskId }) => `/stock/kiosks/${kioskId}`} empty={<Empty title={texts.none} text={texts.noneText} />}
          columns={[
            { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kiosk, kioskId }) => <>{kiosk}<span className="k-other">{kioskId}</span></> },
            { id: 'bring', name: texts.bring, align: 'end', cell: ({ bring, hasPlanogram }) => (hasPlanogram ? <Count value={bring} isBad={false} /> : <Badge tone="quiet">{texts.noPlanogram}</Badge>) },
            { id: 'empty', name: texts.emptySlots, align: 'end', cell: ({ emptySlots, slots }) => <>{emptySlots > 0 ? <Count value={emptySlots} isBad /> : 0} / {slots}</> },
            { id: 'expired', name: texts.expired, align: 'end', cell: ({ expired }) => <Count value={expired} isBad /> },
            { id: 'soon', name: texts.soon, align: 'end', hideBelow: 'medium', cell: ({ expiring }) => <Count value={expiring} isBad={false} /> },
            { id: 'sellable', name: texts.sellable, align: 'end', hideBelow: 'medium', cell: ({ sellable }) => sellable },
            { id: 'visit', name: texts.lastVisit, cell: ({ lastVisitAt, lastVisitBy }) => (lastVisitAt === null ? <span className="k-nothing">{texts.noVisit}</span> : <><Ago at={lastVisitAt} /><span className="k-other">{texts.by(lastVisitBy ?? '')}</span></>) },
          ]}
        />
      )}
    </>
  );
}
