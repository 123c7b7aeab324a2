import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import { openMemoryStore } from '../core/staff/staff.fixture.ts';
import type { OrderQuestion } from './staff-orders.ts';
import { createStaffOrders } from './staff-orders.ts';

let store: ReturnType<typeof openMemoryStore>;
beforeEach(() => {
  store = openMemoryStore(() => 1);
  const insert = store.database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, ?, 'fulfilled', 5, 'CNY', ?, '{}', '{}', '')");
  // Two of one moment; the number A001 comes again.
  for (const [id, number, at] of [['a1', 'A001', 10], ['b2', 'A002', 20], ['c3', 'A003', 20], ['d4', 'B001', 30], ['e5', 'A001', 40]] as const) insert.run(`order-${id}`, id, number, at);
  store.database.prepare("INSERT INTO attention (id, kind, order_id, document, raised_at) VALUES ('x', 'print_uncertain', 'order-b2', '{}', 1)").run();
});
afterEach(() => void store.database.close());

const find = (question: Partial<OrderQuestion>) => createStaffOrders(store.database).find({ limit: 10, ...question });

it('finds the newest first, and goes on after any of them, also between two of one moment', () => {
  const all = find({});
  expect(all).toEqual(['order-e5', 'order-d4', 'order-c3', 'order-b2', 'order-a1']);
  for (const [index, before] of all.entries()) expect(find({ before }), before).toEqual(all.slice(index + 1));
  expect(find({ limit: 2 })).toEqual(all.slice(0, 2));
});

it('finds by number or its beginning, by the end of an id, by time, and by what waits for a person', () => {
  expect(find({ text: 'a001' })).toEqual(['order-e5', 'order-a1']);
  expect(find({ text: 'A', before: 'order-e5' as OrderId })).toEqual(['order-c3', 'order-b2', 'order-a1']);
  expect(find({ text: '-D4' })).toEqual(['order-d4']);
  expect([find({ text: '%' }), find({ text: '_' })]).toEqual([[], []]);
  expect(find({ range: { from: 20, to: 30 } })).toEqual(['order-c3', 'order-b2']);
  expect(find({ needsPerson: true })).toEqual(['order-b2']);
});

it('finds by the numbers that a customer’s phone shows of a wallet payment, or by their ends: the gateway’s, and ours', () => {
  const attempt = store.database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state, tender, mode, wallet) VALUES (?, ?, 5, 'CNY', 1, ?, ?, 'shown', ?)");
  attempt.run('018f8f8e-0000-7000-8000-0000000000a1', 'order-a1', 'approved', 'wechat', JSON.stringify({ transactionId: '4200002468202611231234567890' }));
  attempt.run('018f8f8e-0000-7000-8000-0000000000c3', 'order-c3', 'declined', 'alipay', null);
  attempt.run('018f8f8e-0000-7000-8000-0000000000c4', 'order-c3', 'approved', 'alipay', JSON.stringify({ transactionId: '2026112322001412345678901234' }));
  expect(find({ text: '4200002468202611231234567890' })).toEqual(['order-a1']);
  expect(find({ text: ' 678901234 ' })).toEqual(['order-c3']);
  expect(find({ text: '018F8F8E0000700080000000000000A1' })).toEqual(['order-a1']);
  expect(find({ text: '018f8f8e-0000-7000-8000-0000000000c3' })).toEqual(['order-c3']);
  // The beginning and the middle are the same for many.
  expect([find({ text: '42000024' }), find({ text: '20261123' }), find({ text: '%567890' }), find({ text: '-' }), find({ text: '90' })]).toEqual([[], [], [], [], []]);
});

it('reads by an index, and sorts nothing', () => {
  const plan = (sql: string) => store.database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join('; ');
  expect(plan('SELECT id FROM orders WHERE (placed_at, id) < (20, 2) ORDER BY placed_at DESC, id DESC LIMIT 5')).toMatch(/^SEARCH orders USING COVERING INDEX orders_by_time [^;]*$/);
  expect(plan("SELECT id FROM orders WHERE number >= 'A001' AND number < 'A001~' ORDER BY placed_at DESC, id DESC LIMIT 5")).toContain('orders_by_number');
});
