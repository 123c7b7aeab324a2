import { useEffect, useRef, useState } from 'react';
import { listOrders } from '../../contract/api/orders.ts';
import type { ApiInput } from '../../contract/api/route.ts';
import type { OrderPage, OrderRow } from '../../contract/console.ts';
import { call } from '../api/call.ts';
import { useLive } from '../live/use-live.tsx';
import type { OrderFilters } from './filters.ts';
import { apiQuery, matches } from './filters.ts';
import type { OrderList } from './order-list.ts';
import { connects, emptyList, mergeRows, withNews, withOlderPage, withWaitingShown } from './order-list.ts';

export type OrdersState = 'loading' | 'shown' | 'away';

export interface Orders {
  readonly list: OrderList;
  readonly state: OrdersState;
  readonly showWaiting: () => void;
  readonly loadOlder: () => Promise<void>;
}

/** The table's rows: one page from HQ, older ones on demand, and what arrives live. */
export function useOrders(filters: OrderFilters, isAtTop: () => boolean): Orders {
  const query = apiQuery(filters).toString();
  const [list, setList] = useState<OrderList>(emptyList);
  const [state, setState] = useState<OrdersState>('loading');
  const [reading, setReading] = useState(0);
  /** What came while a page was under way, which may be older than it. */
  const meanwhile = useRef<OrderRow[]>([]);
  const isLoadingOlder = useRef(false);
  /** The question whose answer is shown. */
  const loaded = useRef<string>(undefined);

  useEffect(() => {
    const abort = new AbortController();
    meanwhile.current = [];
    void readPage(query, {}, abort.signal).then((page) => {
      if (abort.signal.aborted) return;
      if (!page) return setState('away');
      const { orders, next } = page;
      const rows = mergeRows(orders, meanwhile.current.filter((row) => orders.some(({ orderId }) => orderId === row.orderId)));
      const isSameQuestion = loaded.current === query;
      loaded.current = query;
      // Asked again after a gap: what somebody has scrolled down to stays, and new rows wait as ever.
      setList((before) => (isSameQuestion && connects(before, rows, next) ? withNews(before, rows, () => true, isAtTop()) : { rows, waiting: [], next }));
      setState('shown');
    });
    return () => abort.abort();
  }, [query, reading, isAtTop]);

  useLive({
    onOrders: (_kioskId, orders) => {
      meanwhile.current.push(...orders);
      const atTop = isAtTop();
      setList((before) => withNews(before, orders, (row) => matches(row, filters), atTop));
    },
    onAgain: () => setReading((count) => count + 1),
  });

  return {
    list,
    state,
    showWaiting: () => setList(withWaitingShown),
    loadOlder: async () => {
      if (list.next === null || isLoadingOlder.current) return;
      isLoadingOlder.current = true;
      const page = await readPage(query, { before: list.next });
      isLoadingOlder.current = false;
      if (page) setList((before) => withOlderPage(before, page));
    },
  };
}

/** Undefined where HQ did not answer. */
async function readPage(query: string, more: { readonly before?: string }, signal?: AbortSignal): Promise<OrderPage | undefined> {
  return call(listOrders, { query: { ...Object.fromEntries(new URLSearchParams(query)), ...more } as NonNullable<ApiInput<typeof listOrders>['query']> }, signal).catch(() => undefined);
}
