import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closingRanges, closingSums, dayAt, differingSums } from './day-closing.ts';

const hash = (sequence: number) => sequence.toString(16).padStart(64, '0');
const at = (lane: 'orders' | 'stock', epoch: number, sequence: number) => ({ lane, epoch, sequence, hash: hash(sequence) });
const event = (kind: string, payload: unknown) => ({ kind, payload: JSON.stringify(payload) });
const placed = (amount: number, currency = 'CNY') => event('order.placed', { order: { total: { amount, currency } } });
const paid = (amount: number, state: string) => event('payment.attempt', { amount: { amount, currency: 'CNY' }, state });
const moved = (change: number, reason: string) => event('stock.moved', { change, reason });

test('a closing adds up orders by currency, attempts by each state that they reached, and pieces by reason', () => {
  const events = [placed(1200), placed(800), placed(500, 'EUR'), paid(1200, 'started'), paid(1200, 'approved'), paid(800, 'started'), moved(12, 'initial'), moved(-2, 'reserved'), moved(-1, 'reserved'), event('log.lines', {})];
  expect(closingSums(events)).toEqual({
    orders: { CNY: { count: 2, sum: 2000 }, EUR: { count: 1, sum: 500 } },
    payments: { 'CNY card started': { count: 2, sum: 2000 }, 'CNY card approved': { count: 1, sum: 1200 } },
    stock: { initial: 12, reserved: -3 },
  });
});

test('payments add up by their tender, those of before there were wallets as by card, and refunds of a part by their way', () => {
  const attempt = (amount: number, tender: unknown) => event('payment.attempt', { amount: { amount, currency: 'CNY' }, tender, state: 'approved' });
  const refund = (amount: number, way: unknown, state: string) => event('payment.refund', { amount: { amount, currency: 'CNY' }, way, state });
  expect(closingSums([paid(100, 'approved'), attempt(200, 'card'), attempt(300, 'wechat'), attempt(1, 7), refund(50, 'tender', 'asked'), refund(50, 'tender', 'done'), refund(20, 'by_hand', 'done'), refund(1, null, 'done')]).payments).toEqual({
    'CNY card approved': { count: 2, sum: 300 }, 'CNY wechat approved': { count: 1, sum: 300 },
    'CNY refund_tender asked': { count: 1, sum: 50 }, 'CNY refund_tender done': { count: 1, sum: 50 }, 'CNY refund_by_hand done': { count: 1, sum: 20 },
  });
});

test('what cannot be read adds nothing, whatever its names are', () => {
  const rubbish = ['{', 'null', '[]', '{"order":{"total":{"amount":1.5,"currency":"CNY"}}}', '{"order":{"total":{"amount":"1","currency":"CNY"}}}', '{"order":{"total":{"amount":1}}}'];
  expect(closingSums(rubbish.map((payload) => ({ kind: 'order.placed', payload })))).toEqual({ orders: {}, payments: {}, stock: {} });
});

test('a day that is added up piece by piece comes to the same', () => {
  const anyEvent = fc.oneof(fc.nat(9999).map((amount) => placed(amount)), fc.tuple(fc.nat(9999), fc.constantFrom('started', 'approved', 'declined')).map(([amount, state]) => paid(amount, state)), fc.integer({ min: -9, max: 9 }).map((change) => moved(change, 'reserved')));
  fc.assert(fc.property(fc.array(anyEvent), fc.nat(), (events, cut) => {
    const middle = events.length === 0 ? 0 : cut % events.length;
    expect(closingSums(events.slice(middle), closingSums(events.slice(0, middle)))).toEqual(closingSums(events));
  }));
});

test('ranges are contiguous runs by lane and epoch, and end with their hash', () => {
  const standings = [at('stock', 1, 1), at('orders', 2, 1), at('orders', 1, 4), at('orders', 1, 5), at('orders', 1, 9), at('orders', 2, 2)];
  expect(closingRanges(standings)).toEqual([
    { lane: 'orders', epoch: 1, from: 4, to: 5, count: 2, head: hash(5) },
    { lane: 'orders', epoch: 1, from: 9, to: 9, count: 1, head: hash(9) },
    { lane: 'orders', epoch: 2, from: 1, to: 2, count: 2, head: hash(2) },
    { lane: 'stock', epoch: 1, from: 1, to: 1, count: 1, head: hash(1) },
  ]);
});

test('sums that differ are named, also where one side has none', () => {
  const told = { orders: { CNY: { count: 2, sum: 300 } }, payments: { 'CNY card approved': { count: 1, sum: 300 } }, stock: { reserved: -2 } };
  expect(differingSums(told, told)).toEqual([]);
  expect(differingSums(told, { orders: { CNY: { count: 1, sum: 300 } }, payments: {}, stock: { reserved: -2, released: 1 } })).toEqual(['orders CNY', 'payments CNY card approved', 'stock released']);
});

test.each([
  ['2026-11-22T15:59:59.999Z', 'Asia/Shanghai', '2026-11-22'],
  ['2026-11-22T16:00:00.000Z', 'Asia/Shanghai', '2026-11-23'],
  ['2026-03-29T00:30:00.000Z', 'Europe/Berlin', '2026-03-29'],
  ['2026-12-31T23:30:00.000Z', 'Europe/Berlin', '2027-01-01'],
])('%s in %s is %s', (time, zone, day) => {
  expect(dayAt(Date.parse(time), zone)).toBe(day);
});
