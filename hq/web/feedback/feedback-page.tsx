import { shredded } from '../../../domain/personal/sealed.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { feedbackFilterSchema, listFeedback } from '../../contract/api/feedback.ts';
import { listOrderPlaces } from '../../contract/api/orders.ts';
import { useApi, useApiPages } from '../api/use-api.ts';
import { ordersTexts } from '../i18n/areas/orders.ts';
import type { Texts } from '../i18n/en.ts';
import { useAreaTexts, useTexts } from '../i18n/use-texts.tsx';
import type { Column } from '../ui/data-table.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { ComboField, SelectField, Switch } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';

type Row = ApiAnswer<typeof listFeedback>['feedback'][number];

/** What customers said of their visits. */
export function FeedbackPage() {
  const words = useTexts();
  const texts = useAreaTexts(ordersTexts);
  const [filters, setFilters] = useFilters(feedbackFilterSchema);
  const places = useApi(listOrderPlaces).data;
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(listFeedback, { query: filters }, ({ next }) => (next === null ? undefined : { before: next }), { everyMs: 30_000 });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Page
      title={words.feedback} lead={words.feedbackText}
      filters={(
        <FilterBar onClear={isFiltered ? () => setFilters({ kiosk: '', stars: '', with: '' }) : undefined}>
          <SelectField
            label={texts.feedbackStars} value={filters.stars?.join(',') ?? ''} onChange={(stars) => setFilters({ stars })}
            items={[{ id: '', name: texts.anyStars }, ...['5', '4', '3', '2', '1', '1,2'].map((id) => ({ id, name: id.split(',').map((one) => texts.stars(Number(one))).join(' / ') }))]}
          />
          <ComboField label={words.kiosk} value={filters.kiosk ?? ''} placeholder={words.anyKiosk} onChange={(kiosk) => setFilters({ kiosk })} items={[{ id: '', name: words.anyKiosk }, ...(places?.kiosks ?? []).map(({ kioskId, name }) => ({ id: kioskId, name }))]} />
          <Switch value={filters.with === 'words'} onChange={(on) => setFilters({ with: on ? 'words' : '' })}>{texts.withWords}</Switch>
        </FilterBar>
      )}
    >
      <Trouble failure={failure} onAgain={again} />
      <DataTable<Row>
        label={words.feedback} rows={pages?.flatMap(({ feedback }) => feedback) ?? []} rowKey={({ kioskId, orderId }) => `${kioskId} ${orderId}`} isLoading={isLoading} isMore={isMore} onMore={more}
        href={({ kioskId, orderId, orderNumber }) => (orderNumber === null ? undefined : `/orders/${encodeURIComponent(kioskId)}/${orderId}`)}
        empty={failure ? null : <Empty title={isFiltered ? words.noMatchTitle : words.noFeedbackTitle} text={isFiltered ? words.noMatchText : words.noFeedbackText} />}
        columns={columnsOf(words)}
      />
    </Page>
  );
}

function columnsOf(words: Texts): readonly Column<Row>[] {
  return [
    { id: 'stars', name: words.starsHead, isRowHeader: true, cell: ({ stars }) => <span className="stars" role="img" aria-label={words.stars(stars)}>{'★'.repeat(stars)}{'☆'.repeat(5 - stars)}</span> },
    { id: 'words', name: words.wordsHead, cell: (row) => (row.words === null ? <span className="nothing">–</span> : row.words === shredded ? words.wordsGone : row.words) },
    { id: 'chips', name: words.chipsHead, cell: ({ chips }) => (chips.length === 0 ? <span className="nothing">–</span> : chips.map((chip) => words.chip[chip]).join(' · ')) },
    { id: 'kiosk', name: words.kiosk, hideBelow: 'medium', cell: ({ kioskName }) => kioskName },
    { id: 'order', name: words.order, cell: ({ orderNumber }) => orderNumber ?? <span className="nothing">–</span> },
    { id: 'time', name: words.time, cell: ({ givenAt }) => <Time at={givenAt} /> },
  ];
}
