import { readStockOffer, readStockOffers } from '../../contract/api/stock.ts';
import { useApi } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { FilterBar, SearchField } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { Lots } from './lots.tsx';
import { OfferName, fitsOffer } from './offer-name.tsx';
import { stockFilterSchema } from './stock-filters.ts';

/** Each offer, summed over all kiosks; one of them, kiosk by kiosk, in the sheet. */
export function OfferStock() {
  const texts = useAreaTexts(stockTexts);
  const [{ search, offer: opened }, setFilters] = useFilters(stockFilterSchema);
  const { data, error, refetch } = useApi(readStockOffers, {}, { everyMs: 60_000 });
  const rows = (data?.offers ?? []).filter((offer) => fitsOffer(offer, search));
  return (
    <>
      <FilterBar><SearchField label={texts.search} value={search} onChange={(text) => setFilters({ search: text }, { replace: true })} /></FilterBar>
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label={texts.tabs.offers} rows={rows.slice(0, 300)} rowKey={({ offerId }) => offerId} currentKey={opened} empty={<Empty title={texts.none} text={texts.noneText} />}
          columns={[
            { id: 'offer', name: texts.offer, isRowHeader: true, cell: (offer) => <button type="button" className="stock-row-button" onClick={() => setFilters({ offer: offer.offerId })}><OfferName offer={offer} /></button> },
            { id: 'bring', name: texts.bring, align: 'end', cell: ({ bring }) => <Count value={bring} isBad={false} /> },
            { id: 'sellable', name: texts.sellable, align: 'end', cell: ({ sellable }) => sellable },
            { id: 'par', name: texts.par, align: 'end', hideBelow: 'medium', cell: ({ par }) => par },
            { id: 'emptyAt', name: texts.emptyAt, align: 'end', cell: ({ emptyAt }) => <Count value={emptyAt} isBad /> },
            { id: 'expired', name: texts.expired, align: 'end', cell: ({ expired }) => <Count value={expired} isBad /> },
            { id: 'soon', name: texts.soon, align: 'end', hideBelow: 'medium', cell: ({ expiring }) => <Count value={expiring} isBad={false} /> },
            { id: 'kiosks', name: texts.kiosks, align: 'end', hideBelow: 'medium', cell: ({ kiosks }) => kiosks },
          ]}
        />
      )}
      {opened !== '' && <OfferSheet offerId={opened} onClose={() => setFilters({ offer: undefined })} />}
    </>
  );
}

/** A number that should be nought. */
export function Count({ value, isBad }: { readonly value: number; readonly isBad: boolean }) {
  return value === 0 ? <span className="k-nothing">0</span> : <span className={isBad ? 'stock-bad' : 'stock-warn'}>{value}</span>;
}

function OfferSheet({ offerId, onClose }: { readonly offerId: string; readonly onClose: () => void }) {
  const texts = useAreaTexts(stockTexts);
  const { data, error } = useApi(readStockOffer, { params: { offer: offerId } });
  return (
    <SideSheet title={offerId} isOpen onClose={onClose}>
      <Trouble failure={error} />
      {data ? <>
        <strong><OfferName offer={data} /></strong>
        <DataTable
          label={texts.kiosks} rows={data.kiosks} rowKey={({ kioskId }) => kioskId} href={({ kioskId }) => `/stock/kiosks/${kioskId}`}
          columns={[
            { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kiosk }) => kiosk },
            { id: 'sellable', name: texts.sellable, align: 'end', cell: ({ sellable }) => sellable },
            { id: 'bring', name: texts.bring, align: 'end', cell: ({ bring }) => <Count value={bring} isBad={false} /> },
            { id: 'lots', name: texts.lots, cell: ({ lots }) => <Lots lots={lots} /> },
          ]}
        />
      </> : <Loading />}
    </SideSheet>
  );
}
