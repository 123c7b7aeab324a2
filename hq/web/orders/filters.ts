import type { OrderState } from '../../../domain/order/order.ts';
import { orderStates } from '../../../domain/order/order.ts';
import type { OrderRow } from '../../contract/console.ts';

/** What the table shows; all of it stands in the address bar. */
export interface OrderFilters {
  readonly states: readonly OrderState[];
  readonly kiosk: string;
  readonly search: string;
}

export function readFilters(search: string): OrderFilters {
  const query = new URLSearchParams(search);
  const wanted = (query.get('state') ?? '').split(',');
  return {
    states: orderStates.filter((state) => wanted.includes(state)),
    kiosk: query.get('kiosk') ?? '',
    search: query.get('q') ?? '',
  };
}

/** As the address bar and HQ's API have it: only what is set. */
export function filterQuery({ states, kiosk, search }: OrderFilters): URLSearchParams {
  const query = new URLSearchParams();
  if (states.length > 0) query.set('state', states.join(','));
  if (kiosk) query.set('kiosk', kiosk);
  if (search.trim()) query.set('q', search.trim());
  return query;
}

export function ordersPath(filters: OrderFilters): string {
  return withQuery('/orders', filterQuery(filters));
}

export function orderPath(row: Pick<OrderRow, 'kioskId' | 'orderId'>, filters: OrderFilters): string {
  return withQuery(`/orders/${row.kioskId}/${row.orderId}`, filterQuery(filters));
}

export function isFiltered({ states, kiosk, search }: OrderFilters): boolean {
  return states.length > 0 || kiosk !== '' || search.trim() !== '';
}

/** Whether an order that just came belongs into the table: the same question that HQ's search answers. */
export function matches(row: OrderRow, { states, kiosk, search }: OrderFilters): boolean {
  const text = search.trim().toLowerCase();
  return (
    (states.length === 0 || states.includes(row.state)) &&
    (kiosk === '' || kiosk === row.kioskId) &&
    (text === '' || row.number.toLowerCase().startsWith(text) || (text.length >= 12 && row.orderId.endsWith(text)))
  );
}

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
