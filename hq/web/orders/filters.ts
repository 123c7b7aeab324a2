import type { OrderState } from '../../../domain/order/order.ts';
import { orderStates } from '../../../domain/order/order.ts';
import type { OrderRow } from '../../contract/console.ts';

/** What the table shows; all of it stands in the address bar. */
export interface OrderFilters {
  readonly states: readonly OrderState[];
  readonly kiosk: string;
  /** Only what a person has to decide something about. */
  readonly needsPerson: boolean;
  readonly search: string;
}

export const noFilters: OrderFilters = { states: [], kiosk: '', needsPerson: false, search: '' };

export function readFilters(search: string): OrderFilters {
  const query = new URLSearchParams(search);
  const wanted = (query.get('state') ?? '').split(',');
  return {
    states: orderStates.filter((state) => wanted.includes(state)),
    kiosk: query.get('kiosk') ?? '',
    needsPerson: query.get('needs') === 'person',
    search: query.get('q') ?? '',
  };
}

/** As the address bar and HQ's API have it: only what is set. */
export function filterQuery({ states, kiosk, needsPerson, search }: OrderFilters): URLSearchParams {
  const query = new URLSearchParams();
  if (states.length > 0) query.set('state', states.join(','));
  if (kiosk) query.set('kiosk', kiosk);
  if (needsPerson) query.set('needs', 'person');
  if (search.trim()) query.set('q', search.trim());
  return query;
}

export function ordersPath(filters: OrderFilters): string {
  return withQuery('/orders', filterQuery(filters));
}

export function orderPath(row: Pick<OrderRow, 'kioskId' | 'orderId'>, filters: OrderFilters): string {
  return withQuery(`/orders/${row.kioskId}/${row.orderId}`, filterQuery(filters));
}

export function isFiltered({ states, kiosk, needsPerson, search }: OrderFilters): boolean {
  return states.length > 0 || kiosk !== '' || needsPerson || search.trim() !== '';
}

/** Whether an order that just came belongs into the table: the same question that HQ's search answers. */
export function matches(row: OrderRow, { states, kiosk, needsPerson, search }: OrderFilters): boolean {
  const text = search.trim().toLowerCase();
  return (
    (states.length === 0 || states.includes(row.state)) &&
    (kiosk === '' || kiosk === row.kioskId) &&
    (!needsPerson || row.needsPerson) &&
    (text === '' || row.number.toLowerCase().startsWith(text) || (text.length >= 12 && row.orderId.endsWith(text)))
  );
}

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
