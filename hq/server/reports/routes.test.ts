import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { AvailabilityReport, FeedbackReport, PaymentsReport, SalesReport } from '../../contract/api/reports.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { createStory } from '../testing/story.ts';
import { rollUp } from './roll-up.ts';

const second = kioskIdSchema.parse('kiosk-002');
const dayMs = 86_400_000;
/** Shanghai's midnight with which 21 November begins; HQ's clock stands at 13:00 on the 22nd. */
const day21 = Date.parse('2026-11-21T00:00:00+08:00');
const hour = 3_600_000;
let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
const story = createStory(testKiosk);
// The day before: one coffee. On the 21st: two coffees (one given back on the 22nd), one declined and paid, one cancelled, one free; one a minute before midnight.
story.order({ offers: [['latte', 1]], ending: 'fulfilled', at: day21 - dayMs + 9 * hour });
story.order({ offers: [['latte', 1], ['umbrella', 2]], ending: 'fulfilled', at: day21 + 9 * hour });
const late = story.order({ offers: [['latte', 1]], ending: 'refunded', at: day21 + dayMs - 60_000 });
story.order({ offers: [['dumplings', 2]], ending: 'declined_then_paid', at: day21 + 12 * hour });
story.order({ offers: [['charger', 1]], ending: 'cancelled', at: day21 + 12 * hour + 1000 });
story.order({ offers: [['water', 1]], ending: 'fulfilled', at: day21 + 13 * hour });
story.add('feedback.given', { orderId: late.orderId, stars: 2, chips: ['too_slow'] }, day21 + 14 * hour);
const report = (terminal: number | undefined, ours: number, number: number) => ({
  number, from: day21, to: day21 + dayMs - 1000, currency: 'CNY', orders: { count: 4, amount: ours }, freeOrders: 1, refunded: { count: 0, amount: 0 }, cardsOurs: { count: 3, amount: ours },
  ...(terminal === undefined ? {} : { cardsTerminal: { count: 3, amount: terminal } }), unsettled: 0,
});
story.add('day.reported', report(17_000, 17_100, 1), day21 + dayMs - 500);
const other = createStory(second);
other.order({ offers: [['latte', 3]], ending: 'fulfilled', at: day21 + 9 * hour });
other.add('day.reported', report(8400, 8400, 1), day21 + dayMs - 500);
const feedbackLater = other.order({ offers: [['topUp', 1]], ending: 'fulfilled', at: day21 - dayMs + 1 });
other.add('feedback.given', { orderId: feedbackLater.orderId, stars: 5, chips: ['quick', 'easy'] }, day21 + 10);

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  hq = await startTestHq(database);
  const metro = await hq.addKiosk(second, { name: 'Metro' });
  expect((await hq.send(story.lane('orders'))).status).toBe(200);
  expect((await metro.send(other.lane('orders'))).status).toBe(200);
  await rollUp(database.sql);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

async function get<T>(path: string): Promise<T> {
  const answer = await hq.inject({ url: `/api/reports/${path}` });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<T>();
}

describe('sales', () => {
  const the21st = 'from=2026-11-21&to=2026-11-21';

  test('are told by the shop’s days, beside as many days before; what went back, on the day on which it did', async () => {
    const { total, totalBefore, currency, periods, pending } = await get<SalesReport>(`sales?${the21st}`);
    expect(periods).toEqual({ from: '2026-11-21', to: '2026-11-21', beforeFrom: '2026-11-20', beforeTo: '2026-11-20' });
    expect({ currency, pending }).toEqual({ currency: 'CNY', pending: 0 });
    // 28 + 78, 28, 37, 0 and 84 yuan.
    expect(total).toEqual({ orders: 5, amount: 10_600 + 2800 + 3700 + 8400, freeOrders: 1, unsoldOrders: 1, refunds: 0, refundedAmount: 0, quantity: 0 });
    expect(totalBefore).toMatchObject({ orders: 2, amount: 2800 + 4990 });
    expect((await get<SalesReport>('sales?from=2026-11-22&to=2026-11-22')).total).toMatchObject({ orders: 0, refunds: 1, refundedAmount: 2800 });
  });

  test('by hour of the day, hour, day and week leave no gap', async () => {
    const { rows } = await get<SalesReport>(`sales?${the21st}&by=hour_of_day`);
    expect(rows).toHaveLength(24);
    expect(rows.filter(({ now }) => now.orders > 0).map(({ key, now }) => [key, now.orders])).toEqual([['09', 2], ['12', 1], ['13', 1], ['23', 1]]);
    expect(rows[9]?.before.orders).toBe(1);
    expect((await get<SalesReport>('sales?from=2026-11-15&to=2026-11-21&by=day')).rows.map(({ key, now }) => [key, now.orders]).slice(-3)).toEqual([['2026-11-19', 0], ['2026-11-20', 2], ['2026-11-21', 5]]);
    expect((await get<SalesReport>('sales?from=2026-11-15&to=2026-11-24&by=week')).rows.map(({ key, now }) => [key, now.orders])).toEqual([['2026-11-15', 7], ['2026-11-22', 0]]);
    expect((await get<SalesReport>(`sales?${the21st}&by=hour`)).rows[23]).toMatchObject({ key: '2026-11-21T23', now: { orders: 1 } });
  });

  test('by kiosk, business and offer, the most first, with names', async () => {
    expect((await get<SalesReport>(`sales?${the21st}&by=kiosk`)).rows.map(({ key, name, now }) => [key, name?.en, now.amount])).toEqual([['kiosk-001', 'Lobby', 17_100], ['kiosk-002', 'Metro', 8400]]);
    const offers = (await get<SalesReport>(`sales?${the21st}&by=offer`)).rows;
    expect(offers.map(({ key, now }) => [key, now.quantity, now.amount])).toEqual([['oat-latte', 5, 14_000], ['umbrella', 2, 7800], ['dumplings', 2, 3700], ['hot-water', 1, 0], ['top-up-50', 0, 0]]);
    expect(offers[0]).toMatchObject({ name: { zh: '燕麦拿铁', en: 'Oat latte' }, before: { quantity: 1 } });
    expect((await get<SalesReport>(`sales?${the21st}&by=business`)).rows.map(({ key, now }) => [key, now.amount])).toEqual([['food', 17_700], ['goods', 7800], ['telecom', 0]]);
  });

  test('of one kiosk or one group are its own', async () => {
    await database.sql`insert into kiosk_groups (group_id, name) values ('west', 'West')`;
    await database.sql`insert into kiosk_group_members (group_id, kiosk_id) values ('west', ${second})`;
    expect((await get<SalesReport>(`sales?${the21st}&group=west`)).total.amount).toBe(8400);
    expect((await get<SalesReport>(`sales?${the21st}&kiosk=kiosk-001`)).total.amount).toBe(17_100);
    expect((await get<SalesReport>(`sales?${the21st}&group=nobody`)).total.orders).toBe(0);
  });

  test.each(['sales?from=2026-11-22&to=2026-11-21', 'sales?from=2024-01-01&to=2026-01-01', 'sales?from=x&to=y', 'sales?from=2026-10-01&to=2026-11-01&by=hour', 'sales?from=2026-11-01&to=2026-11-02&by=colour', 'availability?from=2026-01-01&to=2026-06-01'])('refuse %s', async (path) => {
    expect((await hq.inject({ url: `/api/reports/${path}` })).statusCode).toBe(400);
  });

  test('as a file', async () => {
    const { body } = await hq.inject({ url: `/api/reports/sales.csv?${the21st}&by=offer` });
    expect(body).toContain('\uFEFFoffer,name_zh,name_en,currency,orders,quantity,amount,');
    expect(body).toContain('\r\noat-latte,燕麦拿铁,Oat latte,CNY,0,5,140.00,');
  });
});

describe('payments', () => {
  test('stand against what the terminals settled, and what does not agree is listed', async () => {
    const report21 = await get<PaymentsReport>('payments?from=2026-11-21&to=2026-11-22');
    expect(report21.days[0]).toMatchObject({ day: '2026-11-21', taken: { count: 4, amount: 10_600 + 2800 + 3700 + 8400 }, returned: { count: 0 }, declined: { count: 1, amount: 3700 } });
    expect(report21.days[1]).toMatchObject({ day: '2026-11-22', taken: { count: 0 }, returned: { count: 1, amount: 2800 } });
    expect(report21.tenders).toMatchObject([{ tender: 'UnionPay', taken: { count: 4 }, returned: { count: 1 } }]);
    expect(report21.settlement).toMatchObject({ agreeing: 1, differing: 1, untold: 0, difference: -100 });
    expect(report21.settlement.rows).toMatchObject([{ kioskId: 'kiosk-001', day: '2026-11-21', ours: { amount: 17_100 }, terminal: { amount: 17_000 }, difference: -100 }]);
    const { body } = await hq.inject({ url: '/api/reports/payments.csv?from=2026-11-21&to=2026-11-21' });
    expect(body.trim().split('\r\n')).toHaveLength(3);
    expect(body).toContain(',171.00,3,170.00,-1.00,0,');
  });
});

test('availability is how long each kiosk said that it sells; silence is its own', async () => {
  const tell = (at: number, service: string, sequence: number) => database.sql`
    insert into kiosk_state_log (kiosk_id, epoch, sequence, occurred_at, service, reasons) values (${testKiosk}, 1, ${sequence}, ${at}, ${service}, '[]')`;
  await database.sql`update kiosks set created_at = ${day21 - 10 * dayMs}`;
  // From half an hour before midnight on; an hour of it limited; then silence until HQ takes the last word for old.
  await tell(day21 - hour / 2, 'selling', 9001);
  await tell(day21 + hour / 2, 'limited', 9002);
  await tell(day21 + 1.5 * hour, 'selling', 9003);
  const { rows } = await get<AvailabilityReport>('availability?from=2026-11-21&to=2026-11-21&kiosk=kiosk-001');
  expect(rows).toEqual([{ kioskId: testKiosk, kioskName: 'Lobby', wholeMs: dayMs, sellingMs: hour / 2 + 75 * 60_000, limitedMs: hour, pausedMs: 0, outMs: 0, silentMs: dayMs - hour / 2 - hour - 75 * 60_000 }]);
  const today = (await get<AvailabilityReport>('availability?from=2026-11-22&to=2026-11-22&kiosk=kiosk-001')).rows[0];
  expect(today?.wholeMs).toBe(testNow - day21 - dayMs);
});

test('feedback is counted by stars, day, kiosk and what was tapped, and comes as a file with its words', async () => {
  const feedback = await get<FeedbackReport>('feedback?from=2026-11-21&to=2026-11-21');
  expect(feedback).toMatchObject({ count: 2, stars: 3.5, byStars: [0, 1, 0, 0, 1], days: [{ day: '2026-11-21', count: 2, stars: 3.5 }], countBefore: 0, starsBefore: null });
  expect(feedback.chips.toSorted((left, right) => (left.chip < right.chip ? -1 : 1))).toEqual([{ chip: 'easy', count: 1 }, { chip: 'quick', count: 1 }, { chip: 'too_slow', count: 1 }]);
  expect(feedback.kiosks.map(({ kioskId, stars }) => [kioskId, stars])).toEqual([['kiosk-001', 2], ['kiosk-002', 5]]);
  const { body } = await hq.inject({ url: '/api/reports/feedback.csv?from=2026-11-21&to=2026-11-21' });
  expect(body.trim().split('\r\n')).toHaveLength(3);
  expect(body).toContain('2026-11-21,');
});
