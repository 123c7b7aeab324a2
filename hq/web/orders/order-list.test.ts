import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderRow } from '../../contract/console.ts';
import { apiQuery, filterQuery, matches, noFilters, orderPath, ordersPath, readFilters } from './filters.ts';
import type { OrderList } from './order-list.ts';
import { compareRows, connects, emptyList, withNews, withOlderPage, withWaitingShown } from './order-list.ts';

function row(placedAt: number, changes: Partial<OrderRow> = {}): OrderRow {
  return {
    kioskId: 'kiosk-001', kioskName: 'Lobby', orderId: `01936a00-0000-7000-8000-${String(placedAt).padStart(12, '0')}`, number: 'A001', state: 'placed', placedAt, occurredAt: placedAt, receivedAt: placedAt,
    language: 'zh', total: { amount: 100, currency: 'CNY' }, items: [], payment: null, print: null, needsPerson: false, ...changes,
  };
}
const all = () => true;
const times = (list: OrderList) => list.rows.map(({ placedAt }) => placedAt);
const shown: OrderList = { rows: [row(30), row(20), row(10)], waiting: [], next: null };

describe('the table of orders', () => {
  test('shows new orders at once while its reader is at the top', () => {
    expect(times(withNews(shown, [row(40), row(25)], all, true))).toEqual([40, 30, 25, 20, 10]);
  });

  test('moves nothing while its reader is further down: new orders wait until asked for', () => {
    const list = withNews(shown, [row(40), row(25)], all, false);
    expect(times(list)).toEqual([30, 20, 10]);
    expect(list.waiting).toHaveLength(2);
    expect(times(withWaitingShown(list))).toEqual([40, 30, 25, 20, 10]);
  });

  test('changes known orders where they stand, shown or waiting', () => {
    const list = withNews(withNews(shown, [row(40)], all, false), [row(20, { state: 'paid' }), row(40, { state: 'paid' })], all, false);
    expect(list.rows[1]?.state).toBe('paid');
    expect(list.waiting.map(({ state }) => state)).toEqual(['paid']);
  });

  test('leaves out what the filters exclude, but keeps an order that has changed out of them', () => {
    const list = withNews(shown, [row(40, { state: 'cancelled' }), row(20, { state: 'cancelled' })], ({ state }) => state === 'placed', true);
    expect(times(list)).toEqual([30, 20, 10]);
    expect(list.rows[1]?.state).toBe('cancelled');
  });

  test('that need a person gains one that comes to need it, and keeps where it stands the one that was settled', () => {
    const open = { ...shown, rows: shown.rows.map((order) => ({ ...order, needsPerson: true })) };
    const needing = (order: OrderRow) => matches(order, { ...noFilters, needsPerson: true });
    const raised = withNews(open, [row(15, { state: 'fulfilled', needsPerson: true }), row(16, { state: 'fulfilled' })], needing, true);
    expect(times(raised)).toEqual([30, 20, 15, 10]);
    const settled = withNews(raised, [row(20, { needsPerson: false })], needing, true);
    expect(settled.rows.map(({ needsPerson }) => needsPerson)).toEqual([true, false, true, true]);
  });

  test('leaves orders older than the loaded page to their own page', () => {
    const list = withNews({ ...shown, next: 'more' }, [row(5)], all, true);
    expect(times(list)).toEqual([30, 20, 10]);
    expect(times(withOlderPage(list, { orders: [row(5), row(4)], next: null }))).toEqual([30, 20, 10, 5, 4]);
  });

  test('is always sorted and without doubles, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(fc.nat(50), { maxLength: 5 }), fc.boolean())), (batches) => {
        const list = batches.reduce((before, [news, isAtTop]) => withNews(before, news.map((at) => row(at)), all, isAtTop), emptyList);
        const { rows } = withWaitingShown(list);
        expect([...rows].sort(compareRows)).toEqual(rows);
        expect(new Set(rows.map(({ orderId }) => orderId)).size).toBe(rows.length);
        expect(rows).toHaveLength(new Set(batches.flatMap(([news]) => news)).size);
      }),
    );
  });

  test('knows when a page read after a gap does not reach what is shown', () => {
    expect(connects(shown, [row(60), row(50)], 'more')).toBe(false);
    expect(connects(shown, [row(60), row(30)], 'more')).toBe(true);
    expect(connects(shown, [row(60)], null)).toBe(true);
    expect(connects(emptyList, [row(60)], null)).toBe(false);
  });
});

describe('filters in the address bar', () => {
  test('come back as they were written', () => {
    const filters = { ...noFilters, states: ['paid', 'refunded'], payments: ['declined'], kiosk: 'kiosk-002', needsPerson: true, search: 'A0 4', min: '12.50', from: '2026-11-21' } as const;
    const path = ordersPath(filters);
    expect(path).toBe('/orders?state=paid%2Crefunded&payment=declined&kiosk=kiosk-002&needs=person&q=A0+4&min=12.50&from=2026-11-21');
    expect(readFilters(path.slice('/orders'.length))).toEqual(filters);
  });

  test('ignore what nobody knows, and leave no trace when empty', () => {
    expect(readFilters('?state=nonsense&needs=nobody&x=1&min=much&from=yesterday&payment=gold')).toEqual(noFilters);
    expect(filterQuery({ ...noFilters, search: ' ' }).toString()).toBe('');
    expect(orderPath(row(10), noFilters)).toBe('/orders/kiosk-001/01936a00-0000-7000-8000-000000000010');
  });

  test('are given to HQ in minor units and milliseconds, a last day with all its hours', () => {
    const query = apiQuery({ ...noFilters, min: '12,5', max: '20', from: '2026-11-21', to: '2026-11-21' });
    expect(query.get('min')).toBe('1250');
    expect(query.get('max')).toBe('2000');
    expect(Number(query.get('from'))).toBe(new Date(2026, 10, 21).getTime());
    expect(Number(query.get('to'))).toBe(new Date(2026, 10, 22).getTime());
  });

  test('ask of a live order what HQ’s search asks', () => {
    const order = row(10, { number: 'A042', state: 'paid' });
    for (const [search, expected] of [['', true], ['a04', true], ['A042', true], ['A43', false], ['000000000010', true], ['10', false]] as const) {
      expect(matches(order, { ...noFilters, states: ['paid'], search }), search).toBe(expected);
    }
    expect(matches(order, { ...noFilters, states: ['cancelled'] })).toBe(false);
    expect(matches(order, { ...noFilters, kiosk: 'kiosk-002' })).toBe(false);
    expect(matches(order, { ...noFilters, needsPerson: true })).toBe(false);
    expect(matches({ ...order, needsPerson: true }, { ...noFilters, needsPerson: true })).toBe(true);
    expect(matches(order, { ...noFilters, min: '1', max: '1.00' })).toBe(true);
    expect(matches(order, { ...noFilters, min: '1.01' })).toBe(false);
    expect(matches(order, { ...noFilters, from: '2026-11-21' })).toBe(false);
    expect(matches({ ...order, payment: 'declined' }, { ...noFilters, payments: ['declined'] })).toBe(true);
    expect(matches(order, { ...noFilters, payments: ['declined'] })).toBe(false);
  });
});
