import { readVisits } from '../../contract/api/stock.ts';
import { useApiPages } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { KioskFilter } from './differences.tsx';
import { Count } from './offer-stock.tsx';
import { stockFilterSchema } from './stock-filters.ts';

/** Who restocked where, how long it took, and what came of it. */
export function Visits() {
  const texts = useAreaTexts(stockTexts);
  const [{ kiosk }] = useFilters(stockFilterSchema);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(readVisits, { query: { kiosk: kiosk === '' ? undefined : (kiosk as never) } }, ({ next }) => (next === null ? undefined : { before: next }));
  return (
    <>
      <KioskFilter />
      <Trouble failure={failure} {...(failure ? { onAgain: again } : {})} />
      <DataTable
        label={texts.tabs.visits} rows={pages?.flatMap(({ visits }) => visits) ?? []} rowKey={({ visitId }) => visitId} isMore={isMore} onMore={more} isLoading={isLoading} empty={<Empty title={texts.noVisits} text={texts.noVisitsText} />}
        columns={[
          { id: 'when', name: texts.when, cell: ({ at }) => <Time at={at} /> },
          { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kiosk: name, kioskId }) => <>{name}<span className="k-other">{kioskId}</span></> },
          { id: 'who', name: texts.who, cell: ({ staff, staffName }) => <>{staffName ?? staff}{staffName !== null && <span className="k-other">{staff}</span>}</> },
          { id: 'took', name: texts.took, align: 'end', cell: ({ startedAt, endedAt }) => texts.minutes(Math.max(0, Math.round((endedAt - startedAt) / 60_000))) },
          { id: 'slots', name: texts.slots, align: 'end', cell: ({ slots }) => slots },
          { id: 'in', name: texts.in, align: 'end', cell: ({ piecesIn }) => piecesIn },
          { id: 'out', name: texts.out, align: 'end', cell: ({ piecesOut }) => piecesOut },
          { id: 'differences', name: texts.differences, align: 'end', cell: ({ differences }) => <Count value={differences} isBad={false} /> },
        ]}
      />
    </>
  );
}
