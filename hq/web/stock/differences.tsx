import { readDifferences, readRoutes } from '../../contract/api/stock.ts';
import { useApi, useApiPages } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { ComboField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { OfferName } from './offer-name.tsx';
import { stockFilterSchema } from './stock-filters.ts';

/** Counts that differed from the books, and waste: who, when, why. */
export function Differences() {
  const texts = useAreaTexts(stockTexts);
  const [{ kiosk }] = useFilters(stockFilterSchema);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(readDifferences, { query: { kiosk: kiosk === '' ? undefined : (kiosk as never) } }, ({ next }) => (next === null ? undefined : { before: next }));
  return (
    <>
      <KioskFilter />
      <Trouble failure={failure} {...(failure ? { onAgain: again } : {})} />
      <DataTable
        label={texts.tabs.differences} rows={pages?.flatMap(({ moves }) => moves) ?? []} rowKey={({ key }) => key} isMore={isMore} onMore={more} isLoading={isLoading} empty={<Empty title={texts.noDifferences} text={texts.noDifferencesText} />}
        columns={[
          { id: 'when', name: texts.when, cell: ({ at }) => <Time at={at} /> },
          { id: 'offer', name: texts.offer, isRowHeader: true, cell: (move) => <OfferName offer={move} /> },
          { id: 'change', name: texts.change, align: 'end', cell: ({ change }) => <span className={change < 0 ? 'stock-bad' : undefined}>{change > 0 ? `+${change}` : change}</span> },
          { id: 'why', name: texts.why, cell: ({ reason, why, note }) => <>{texts.reasons[reason]}{why !== null && `: ${texts.whys[why] ?? why}`}{note !== null && <span className="k-other">{note}</span>}</> },
          { id: 'who', name: texts.who, cell: ({ staff }) => staff ?? '' },
          { id: 'kiosk', name: texts.kiosk, cell: ({ kiosk: name, slot }) => <>{name}{slot !== null && <span className="k-other">{texts.slot} {slot}</span>}</> },
        ]}
      />
    </>
  );
}

export function KioskFilter() {
  const texts = useAreaTexts(stockTexts);
  const [{ kiosk }, setFilters] = useFilters(stockFilterSchema);
  const { data } = useApi(readRoutes);
  const items = (data?.kiosks ?? []).map(({ kioskId, name }) => ({ id: kioskId as string, name: name === kioskId ? name : `${name} (${kioskId})` }));
  return (
    <FilterBar onClear={kiosk === '' ? undefined : () => setFilters({ kiosk: undefined })}>
      <ComboField key={items.length} label={texts.kiosk} items={items} value={kiosk} onChange={(next) => setFilters({ kiosk: next })} placeholder={texts.allKiosks} />
    </FilterBar>
  );
}
