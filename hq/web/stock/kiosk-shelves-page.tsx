import { useParams } from 'wouter';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { readStockKiosk } from '../../contract/api/stock.ts';
import { useApi } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { Lots } from './lots.tsx';
import { OfferName } from './offer-name.tsx';
import { Count } from './offer-stock.tsx';
import './stock.css';

/** One kiosk's shelves, slot by slot. */
export function KioskShelvesPage() {
  const texts = useAreaTexts(stockTexts);
  const { kiosk = '' } = useParams();
  const kioskId = kioskIdSchema.safeParse(kiosk);
  const { data, error, refetch } = useApi(readStockKiosk, { params: { kiosk: kiosk as never } }, { isEnabled: kioskId.success, everyMs: 30_000 });
  return (
    <Page title={data?.kiosk ?? kiosk} lead={kiosk} actions={<ButtonLink to={`/stock?view=planogram&scope=${encodeURIComponent(`kiosk:${kiosk}`)}`}>{texts.tabs.planogram}</ButtonLink>}>
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label={texts.slots} rows={data.slots} rowKey={({ slot, offerId }) => `${slot} ${offerId}`} empty={<Empty title={texts.none} text={texts.noneText} />}
          columns={[
            { id: 'slot', name: texts.slot, isRowHeader: true, cell: ({ slot, shelf }) => <>{slot ?? <span className="k-nothing">{texts.outside}</span>}{shelf !== null && <span className="k-other">{shelf}</span>}</> },
            { id: 'offer', name: texts.offer, cell: (slot) => <OfferName offer={slot} /> },
            { id: 'sellable', name: texts.sellable, align: 'end', cell: ({ sellable, par }) => <>{sellable} / {par}</> },
            { id: 'bring', name: texts.bring, align: 'end', cell: ({ bring }) => <Count value={bring} isBad={false} /> },
            { id: 'expired', name: texts.expired, align: 'end', cell: ({ expired }) => <Count value={expired} isBad /> },
            { id: 'capacity', name: texts.capacity, align: 'end', hideBelow: 'medium', cell: ({ capacity }) => capacity ?? '' },
            { id: 'lots', name: texts.lots, cell: ({ lots }) => <Lots lots={lots} /> },
          ]}
        />
      )}
    </Page>
  );
}
