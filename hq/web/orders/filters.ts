import type { OrderState } from '../../../domain/order/order.ts';
import { orderStates } from '../../../domain/order/order.ts';
import type { AttemptState } from '../../../domain/payment/attempt.ts';
import { attemptStates } from '../../../domain/payment/attempt.ts';
import type { OrderRow } from '../../contract/console.ts';

/** What the table shows; all of it stands in the address bar. */
export interface OrderFilters {
  readonly states: readonly OrderState[];
  readonly payments: readonly AttemptState[];
  readonly kiosk: string;
  readonly group: string;
  /** Only what a person has to decide something about. */
  readonly needsPerson: boolean;
  readonly search: string;
  /** Of the total, as a person writes it: "12.50". */
  readonly min: string;
  readonly max: string;
  /** Days of whoever looks, both included: "2026-11-22". */
  readonly from: string;
  readonly to: string;
}

export const noFilters: OrderFilters = { states: [], payments: [], kiosk: '', group: '', needsPerson: false, search: '', min: '', max: '', from: '', to: '' };

export function readFilters(search: string): OrderFilters {
  const query = new URLSearchParams(search);
  const list = (name: string) => (query.get(name) ?? '').split(',');
  const fitting = (name: string, pattern: RegExp) => (pattern.test(query.get(name) ?? '') ? (query.get(name) ?? '') : '');
  return {
    states: orderStates.filter((state) => list('state').includes(state)),
    payments: attemptStates.filter((state) => list('payment').includes(state)),
    kiosk: query.get('kiosk') ?? '',
    group: query.get('group') ?? '',
    needsPerson: query.get('needs') === 'person',
    search: query.get('q') ?? '',
    min: fitting('min', amountPattern),
    max: fitting('max', amountPattern),
    from: fitting('from', dayPattern),
    to: fitting('to', dayPattern),
  };
}

const amountPattern = /^\d{1,9}([.,]\d{0,2})?$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** As the address bar has it: only what is set. */
export function filterQuery({ states, payments, kiosk, group, needsPerson, search, min, max, from, to }: OrderFilters): URLSearchParams {
  const query = new URLSearchParams();
  if (states.length > 0) query.set('state', states.join(','));
  if (payments.length > 0) query.set('payment', payments.join(','));
  if (kiosk) query.set('kiosk', kiosk);
  if (group) query.set('group', group);
  if (needsPerson) query.set('needs', 'person');
  if (search.trim()) query.set('q', search.trim());
  for (const [name, value] of Object.entries({ min, max, from, to })) if (value) query.set(name, value);
  return query;
}

/** As HQ's API has it: amounts in minor units, times in epoch milliseconds. */
export function apiQuery(filters: OrderFilters): URLSearchParams {
  const query = filterQuery(filters);
  for (const name of ['min', 'max'] as const) {
    const minor = minorUnits(filters[name]);
    query.delete(name);
    if (minor !== undefined) query.set(name, String(minor));
  }
  const { from, to } = timesOf(filters);
  for (const [name, at] of [['from', from], ['to', to]] as const) {
    query.delete(name);
    if (at !== undefined) query.set(name, String(at));
  }
  return query;
}

/** Every currency that Counter24 sells in has two digits after the point. */
function minorUnits(text: string): number | undefined {
  return amountPattern.test(text) ? Math.round(Number(text.replace(',', '.')) * 100) : undefined;
}

function timesOf({ from, to }: OrderFilters): { readonly from: number | undefined; readonly to: number | undefined } {
  const midnight = (day: string, later: number) => {
    const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
    return dayPattern.test(day) ? new Date(year, month - 1, date + later).getTime() : undefined;
  };
  return { from: midnight(from, 0), to: midnight(to, 1) };
}

export function ordersPath(filters: OrderFilters): string {
  return withQuery('/orders', filterQuery(filters));
}

export function orderPath(row: Pick<OrderRow, 'kioskId' | 'orderId'>, filters: OrderFilters): string {
  return withQuery(`/orders/${row.kioskId}/${row.orderId}`, filterQuery(filters));
}

export function isFiltered(filters: OrderFilters): boolean {
  return filterQuery(filters).size > 0;
}

/** How many filters are set that are not in sight while they are folded away. */
export function countFolded({ payments, group, min, max, from, to }: OrderFilters): number {
  return [payments.length > 0, group, min, max, from, to].filter(Boolean).length;
}

/**
 * Whether an order that just came belongs into the table: the same question that HQ's search answers. What only HQ knows (groups, phone numbers, every attempt) is
 * not guessed: such an order comes with the next reading.
 */
export function matches(row: OrderRow, filters: OrderFilters): boolean {
  const { states, payments, kiosk, group, needsPerson, search } = filters;
  const text = search.trim().toLowerCase();
  const [min, max] = [minorUnits(filters.min), minorUnits(filters.max)];
  const { from, to } = timesOf(filters);
  return (
    (states.length === 0 || states.includes(row.state)) &&
    (payments.length === 0 || (row.payment !== null && payments.includes(row.payment))) &&
    (kiosk === '' || kiosk === row.kioskId) && group === '' &&
    (!needsPerson || row.needsPerson) &&
    (min === undefined || row.total.amount >= min) && (max === undefined || row.total.amount <= max) &&
    (from === undefined || row.occurredAt >= from) && (to === undefined || row.occurredAt < to) &&
    (text === '' || row.number.toLowerCase().startsWith(text) || (text.length >= 12 && row.orderId.endsWith(text)))
  );
}

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
