import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderSchema } from '../../domain/order/order.ts';
import { phoneDigest } from '../../hq/server/orders/phones.ts';
import { readOrderInFull } from '../../hq/server/orders/in-full.ts';
import { rebuildSales } from '../../hq/server/reports/roll-up.ts';
import type { TestPostgres } from '../../hq/server/testing/database.ts';
import { startTestPostgres } from '../../hq/server/testing/database.ts';
import { fill } from './fill.ts';
import { createDraw, createRandom } from './random.ts';

const until = Date.parse('2026-11-22T00:00:00+08:00');
const phoneKey = Buffer.alloc(32, 7);
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

async function filled(seed: number) {
  const { sql, url } = await postgres.createDatabase();
  await fill({ url, kiosks: 3, orders: 900, days: 60, seed, until, phoneKey, say: () => {} });
  return sql;
}

const sumTables = ['sales_hours', 'sales_businesses', 'sales_offers', 'sales_payments'] as const;

test('a seeded year reads as orders that were taken in: priced, paid, given back, printed, and summed as HQ would sum them anew', async () => {
  const sql = await filled(1);
  const orders = await sql<{ kiosk_id: string; order_id: string; state: string; occurred_at: number }[]>`select kiosk_id, order_id, state, occurred_at from orders order by order_id`;
  expect(orders).toHaveLength(900);
  expect(new Set(orders.map(({ state }) => state))).toContain('refunded');
  for (const { kiosk_id, order_id, state } of [...orders.slice(0, 40), ...orders.filter((order) => order.state !== 'fulfilled').slice(0, 40)]) {
    const full = (await readOrderInFull(sql, kiosk_id, order_id))!;
    expect(orderSchema.shape.lines.safeParse(full.lines).error).toBeUndefined();
    expect(full.lines.reduce((sum, line) => sum + line.total, 0)).toBe(full.row.total.amount);
    if (state === 'fulfilled' && full.row.total.amount > 0) expect(full.attempts.at(-1)?.state).toBe('approved');
    if (state === 'refunded') expect(full.attempts.at(-1)?.state).toBe('reversed');
    if (state === 'fulfilled') expect(full.receipt).not.toBeNull();
  }
  const before = await Promise.all(sumTables.map((table) => sql`select * from ${sql(table)} order by 1, 2, 3, 4, 5`));
  await rebuildSales(sql);
  expect(await Promise.all(sumTables.map((table) => sql`select * from ${sql(table)} order by 1, 2, 3, 4, 5`))).toEqual(before);
  const [{ ours, reported } = { ours: 0, reported: 0 }] = await sql<{ ours: number; reported: number }[]>`
    select (select sum(amount) from sales_hours)::bigint as ours, (select sum(amount) from day_reports)::bigint as reported`;
  expect(reported).toBe(ours);
}, 90_000);

test('its customers are found by the last digits of their phone number as long as HQ may open it, and by no key but HQ’s', async () => {
  const sql = await filled(2);
  const digests = await sql<{ digest: Buffer }[]>`select digest from order_phones`;
  expect(digests.length).toBeGreaterThan(20);
  const found = (key: Buffer) => Array.from({ length: 10_000 }, (_, last) => phoneDigest(key, String(last).padStart(4, '0'))).filter((digest) => digests.some((row) => row.digest.equals(digest))).length;
  expect(found(phoneKey)).toBeGreaterThan(10);
  expect(found(Buffer.alloc(32, 8))).toBe(0);
}, 90_000);

test('is the same for one seed, and another for another', async () => {
  const rows = async (seed: number) => JSON.stringify(await (await filled(seed))`select order_id, total_amount, state from orders order by kiosk_id, order_id`);
  const first = await rows(5);
  expect(await rows(5)).toBe(first);
  expect(await rows(6)).not.toBe(first);
}, 90_000);

test('draws by weight', () => {
  const random = createRandom(1);
  const draw = createDraw(['a', 'b', 'c'], [6, 3, 1]);
  const counts: Record<string, number> = {};
  for (let turn = 0; turn < 100_000; turn += 1) {
    const drawn = draw(random);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  expect(counts['a']! / 100_000).toBeCloseTo(0.6, 2);
  expect(counts['c']! / 100_000).toBeCloseTo(0.1, 2);
});
