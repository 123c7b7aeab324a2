import type { VirtualItem } from '@tanstack/react-virtual';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { memo, startTransition, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { classNames } from '../ui/class-names.ts';
import { useListPlaces } from './list-places.tsx';
import { MoreBelow } from './more-below.tsx';
import { OfferCard } from './offer-card.tsx';
import './offer-grid.css';

export interface OfferGridProps {
  readonly offers: readonly Offer[];
  readonly facts: RuleFacts;
  /** What the list holds, for those who hear it. */
  readonly label: string;
  /** Under which its place is kept while the visit lasts. */
  readonly place: string;
  readonly look: 'card' | 'row';
}

/**
 * A list of any length that scrolls and opens at once: only the rows in sight and a few around them are on the page. It is a list by its roles, since the
 * rows that it is laid out in stand between it and its items.
 */
export const OfferGrid = memo(function OfferGrid({ look, place, ...rest }: OfferGridProps) {
  const ruler = useRef<HTMLDivElement>(null);
  const places = useListPlaces();
  const layout = `columns:${look}`;
  const [columns, setColumns] = useState(() => places.get(layout)?.columns ?? (look === 'row' ? 1 : 2));
  useLayoutEffect(() => {
    const { current } = ruler;
    if (!current) return undefined;
    const measure = () => {
      const fit = Math.max(1, getComputedStyle(current).gridTemplateColumns.split(' ').length);
      places.set(layout, { offset: 0, columns: fit, rows: [] });
      setColumns(fit);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [layout, places]);
  return (
    <div className={classNames('offer-grid', `offer-grid--${look}`)}>
      {/* As wide as the list and as high as a letter: it tells how many columns fit, also when the text grows. */}
      <div className="offer-grid__ruler" ref={ruler} aria-hidden="true" />
      <Rows key={`${place} ${columns}`} look={look} place={place} columns={columns} {...rest} />
    </div>
  );
});

const rowsAround = 2;
/** For a server without a screen, and until the first measure. */
const firstSight = { width: 1080, height: 1400 };

function Rows({ offers, facts, label, place, look, columns }: OfferGridProps & { readonly columns: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const places = useListPlaces();
  const [left] = useState(() => places.get(place));
  const isSame = left?.columns === columns;
  // What is in sight is shown at once; the rows around it are made when the page has time for them.
  const [overscan, setOverscan] = useState(0);
  useEffect(() => {
    const handle = requestIdleCallback(() => startTransition(() => setOverscan(rowsAround)), { timeout: 500 });
    return () => cancelIdleCallback(handle);
  }, []);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this page, and the rows get what they show as props
  const virtualizer = useVirtualizer({
    count: Math.ceil(offers.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => (look === 'row' ? 150 : 480),
    overscan,
    initialRect: firstSight,
    initialOffset: left ? (isSame ? left.offset : (left.offset * left.columns) / columns) : 0,
    initialMeasurementsCache: isSame ? [...left.rows] : [],
    rangeExtractor(range) {
      const rows = defaultRangeExtractor(range);
      if (typeof document === 'undefined') return rows;
      const at = rowOf(document.activeElement);
      // The row that has the focus stays on the page when it is scrolled away: otherwise the focus would be lost.
      return at === undefined || at >= range.count || rows.includes(at) || !scroller.current?.contains(document.activeElement) ? rows : [...rows, at].sort((one, other) => one - other);
    },
    onChange(instance, isScrolling) {
      if (isScrolling) return;
      places.set(place, { offset: instance.scrollOffset ?? 0, columns, rows: instance.takeSnapshot() });
    },
  });
  return (
    <>
      <div className="offer-grid__scroller scrolls" ref={scroller}>
        <div role="list" aria-label={label} className="offer-grid__list" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((row) => (
            <Row key={row.key} row={row} measure={virtualizer.measureElement} columns={columns} offers={offers} facts={facts} look={look} />
          ))}
        </div>
      </div>
      <MoreBelow />
    </>
  );
}

function rowOf(element: Element | null): number | undefined {
  const row = element?.closest<HTMLElement>('[data-index]')?.dataset['index'];
  return row === undefined ? undefined : Number(row);
}

interface RowProps extends Pick<OfferGridProps, 'offers' | 'facts' | 'look'> {
  readonly row: VirtualItem;
  readonly columns: number;
  readonly measure: (element: HTMLElement | null) => void;
}

function Row({ row, columns, measure, offers, facts, look }: RowProps) {
  const first = row.index * columns;
  return (
    <div
      role="presentation"
      className="offer-grid__row"
      data-index={row.index}
      ref={measure}
      style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {offers.slice(first, first + columns).map((offer, index) => (
        <OfferCard key={offer.id} offer={offer} facts={facts} position={first + index + 1} of={offers.length} look={look} />
      ))}
    </div>
  );
}
