import { readExpiring } from '../../contract/api/stock.ts';
import { useApi } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { OfferName } from './offer-name.tsx';
import { stockFilterSchema } from './stock-filters.ts';

/** Lots that are past their day, or come to it soon; the soonest first. */
export function Expiring() {
  const texts = useAreaTexts(stockTexts);
  const [{ days }, setFilters] = useFilters(stockFilterSchema);
  const { data, error, refetch } = useApi(readExpiring, { query: { days: Number(days) } }, { keepsLast: true });
  return (
    <>
      <FilterBar><SelectField label={texts.days} value={days} onChange={(next) => setFilters({ days: next })} items={[...new Set(['0', '3', '7', '14', '30', '90', days])].map((id) => ({ id, name: id }))} /></FilterBar>
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label={texts.tabs.expiring} rows={data.lots} rowKey={({ kioskId, offerId, lotId }) => `${kioskId} ${offerId} ${lotId}`} href={({ kioskId }) => `/stock/kiosks/${kioskId}`} empty={<Empty title={texts.nothingExpires} text={texts.nothingExpiresText} />}
          columns={[
            { id: 'offer', name: texts.offer, isRowHeader: true, cell: (lot) => <OfferName offer={lot} /> },
            { id: 'day', name: texts.bestBefore, cell: ({ bestBefore, daysLeft }) => <>{bestBefore} <Badge tone={daysLeft < 0 ? 'bad' : daysLeft <= 2 ? 'warn' : 'quiet'}>{texts.daysLeft(daysLeft)}</Badge></> },
            { id: 'pieces', name: texts.pieces, align: 'end', cell: ({ remaining }) => remaining },
            { id: 'kiosk', name: texts.kiosk, cell: ({ kiosk }) => kiosk },
            { id: 'slot', name: texts.slot, cell: ({ slot }) => slot ?? '' },
          ]}
        />
      )}
      {data?.more && <p className="k-note">{texts.more}</p>}
    </>
  );
}
