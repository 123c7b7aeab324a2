import { useParams } from 'wouter';
import { addressOf } from '../../contract/api/route.ts';
import { downloadRestockList, readRestockList } from '../../contract/api/stock.ts';
import { useApi } from '../api/use-api.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button, DownloadLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { OfferName } from './offer-name.tsx';
import './stock.css';

/** What a van carries, and what is to be done at each stop: to print, or to take along as a table. */
export function RestockListPage() {
  const texts = useAreaTexts(stockTexts);
  const { language } = useLanguage();
  const { route = '' } = useParams();
  const { data, error, refetch } = useApi(readRestockList, { params: { route } });
  return (
    <Page
      title={texts.listTitle(data?.name ?? '')} lead={data && <>{texts.madeAt} <Time at={data.madeAt} /></>}
      actions={data && <>
        <DownloadLink href={addressOf(downloadRestockList.path, { route }, { language })}>{texts.csv}</DownloadLink>
        <Button look="main" onPress={() => print()}>{texts.print}</Button>
      </>}
    >
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && data.totals.length > 0 && (
        <Section title={texts.totals}>
          <DataTable label={texts.totals} rows={data.totals} rowKey={({ offerId }) => offerId} columns={[
            { id: 'offer', name: texts.offer, isRowHeader: true, cell: (line) => <OfferName offer={line} /> },
            { id: 'bring', name: texts.bring, align: 'end', cell: ({ bring }) => <strong>{bring}</strong> },
            { id: 'expired', name: texts.expired, align: 'end', cell: ({ expired }) => expired },
          ]} />
        </Section>
      )}
      {data?.kiosks.map(({ kioskId, kiosk, lines, hasPlanogram }, index) => (
        <div key={kioskId} className="stock-kiosk-list">
          <Section title={`${index + 1}. ${kiosk}`} actions={hasPlanogram ? undefined : <Badge tone="warn">{texts.noPlanogram}</Badge>}>
            {lines.length === 0 ? <p className="k-note">{texts.nothingToDo}</p> : (
              <DataTable label={kiosk} rows={lines} rowKey={({ slot, offerId }) => `${slot} ${offerId}`} columns={[
                { id: 'slot', name: texts.slot, isRowHeader: true, cell: ({ slot, shelf }) => <>{slot ?? texts.outside}{shelf !== null && <span className="k-other">{shelf}</span>}</> },
                { id: 'offer', name: texts.offer, cell: (line) => <OfferName offer={line} /> },
                { id: 'bring', name: texts.bring, align: 'end', cell: ({ bring }) => <strong>{bring}</strong> },
                { id: 'has', name: texts.sellable, align: 'end', cell: ({ sellable, par }) => `${sellable} / ${par}` },
                { id: 'expired', name: texts.expired, cell: ({ expired }) => (expired > 0 ? <span className="stock-bad">{texts.takeOut(expired)}</span> : '') },
              ]} />
            )}
          </Section>
        </div>
      ))}
    </Page>
  );
}
