import { useCallback, useMemo, useRef } from 'react';
import { useParams } from 'wouter';
import { OrderSheet } from '../order/order-sheet.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { Link, navigate, usePlace } from '../router.tsx';
import { Icon } from '../ui/icon.tsx';
import { FilterBar } from './filter-bar.tsx';
import { isFiltered, ordersPath, readFilters } from './filters.ts';
import { OrdersTable } from './orders-table.tsx';
import { useOrders } from './use-orders.ts';

interface OrdersPageProps {
  /** The order in the side sheet. */
  readonly open: { readonly kioskId: string; readonly orderId: string } | undefined;
}

/** What the address names. */
export function OrdersRoute() {
  const { kiosk, order } = useParams<{ kiosk?: string; order?: string }>();
  return <OrdersPage open={kiosk && order ? { kioskId: kiosk, orderId: order } : undefined} />;
}

/** Orders as they arrive, and one of them in full beside the table. */
export function OrdersPage({ open }: OrdersPageProps) {
  const texts = useTexts();
  const { search } = usePlace();
  const filters = useMemo(() => readFilters(search), [search]);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtTop = useCallback(() => (scroller.current?.scrollTop ?? 0) < 8, []);
  const { list, state, showWaiting, loadOlder } = useOrders(filters, isAtTop);

  return (
    <main className={open ? 'page has-sheet' : 'page'} id="main" tabIndex={-1}>
      <title>{`${texts.orders} – Counter24 HQ`}</title>
      <div className="page-head"><h1>{texts.orders}</h1></div>
      <div className="orders-filters"><FilterBar filters={filters} /></div>
      {state === 'away' && <p className="notice" role="status">{texts.away}</p>}
      <div className="scroller" ref={scroller} tabIndex={-1}>
        {list.waiting.length > 0 && (
          <div className="pill-place">
            <button type="button" className="pill" onClick={() => {
              showWaiting();
              scroller.current?.scrollTo({ top: 0 });
            }}>
              <Icon name="up" />{texts.showNew(list.waiting.length)}
            </button>
          </div>
        )}
        {list.rows.length > 0 ? (
          <OrdersTable list={list} filters={filters} open={open} onOlder={loadOlder} />
        ) : state === 'loading' ? (
          <p className="notice quiet" role="status">{texts.loading}</p>
        ) : state === 'shown' && filters.needsPerson && filters.states.length === 0 && filters.search.trim() === '' ? (
          <section className="empty">
            <h2>{texts.noneNeedsPersonTitle}</h2>
            <p>{texts.noneNeedsPersonText}</p>
            <Link to="/orders" className="button">{texts.clearFilters}</Link>
          </section>
        ) : state === 'shown' && isFiltered(filters) ? (
          <section className="empty">
            <h2>{texts.noMatchTitle}</h2>
            <p>{texts.noMatchText}</p>
            <Link to="/orders" className="button">{texts.clearFilters}</Link>
          </section>
        ) : state === 'shown' ? (
          <section className="empty">
            <h2>{texts.noOrdersTitle}</h2>
            <p>{texts.noOrdersText}</p>
            <Link to="/fleet" className="button">{texts.noOrdersKiosks}</Link>
          </section>
        ) : null}
      </div>
      {open && <OrderSheet key={open.orderId} kioskId={open.kioskId} orderId={open.orderId} onClose={() => navigate(ordersPath(filters))} />}
    </main>
  );
}
