import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sql } from '../hq/server/database.ts';
import type { SimPostgres } from './hq.ts';
import { startSimPostgres } from './hq.ts';
import { runSeed } from './run.ts';
import { shortHours } from './simulation-rig.ts';

let postgres: SimPostgres;
beforeAll(async () => {
  postgres = await startSimPostgres();
});
afterAll(() => postgres.stop());

const spoiled: readonly (readonly [string, (sql: Sql, kioskId: string) => Promise<unknown>, RegExp])[] = [
  ['an event that HQ has lost', (sql, kioskId) => sql`
    delete from events where kiosk_id = ${kioskId} and (epoch, sequence) in (select epoch, sequence from events where kiosk_id = ${kioskId} and lane = 'orders' and kind = 'order.placed' order by epoch, sequence limit 1) and lane = 'orders'`, /is not at HQ/],
  ['an order that is in another state at HQ', (sql, kioskId) => sql`update orders set state = 'refunded', total_amount = total_amount + 1 where kiosk_id = ${kioskId}`, /orders: at HQ alone/],
  ['a payment that HQ has twice', (sql, kioskId) => sql`
    insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at)
    select kiosk_id, gen_random_uuid(), order_id, total_amount, currency, 'approved', 0, 0 from orders where kiosk_id = ${kioskId}`, /payments: at HQ alone/],
  ['an effect that came twice', (sql, kioskId) => sql`
    insert into stock_moves (kiosk_id, lane, epoch, sequence, offer_id, change, remaining, reason, order_id, at)
    select kiosk_id, lane, epoch + 1000, sequence, offer_id, change, remaining, reason, order_id, at from stock_moves where kiosk_id = ${kioskId}`, /moves: at HQ alone/],
  ['a wrong stock', (sql, kioskId) => sql`update stock set remaining = remaining - 1 where kiosk_id = ${kioskId} and offer_id = 'battery'`, /stock: at HQ alone: battery/],
  ['a lot of which HQ thinks otherwise', (sql, kioskId) => sql`update stock_lots set remaining = remaining + 1 where kiosk_id = ${kioskId}`, /lots: at HQ alone/],
  ["a restocker's visit that HQ has lost", (sql, kioskId) => sql`delete from restock_visits where kiosk_id = ${kioskId}`, /visits: at the kiosk alone/],
  ['a proof that is not green', (sql, kioskId) => sql`update proofs set state = 'red' where kiosk_id = ${kioskId}`, /the proof of .* is red/],
  ['something set aside', (sql, kioskId) => sql`
    insert into quarantined_events (kiosk_id, lane, epoch, sequence, event_id, kind, version, reason, detail, quarantined_at)
    values (${kioskId}, 'orders', 900, 1, gen_random_uuid(), 'order.placed', 1, 'unreadable', 'planted', 0)`, /HQ has set aside/],
  ['a command that nobody answered', (sql, kioskId) => sql`
    insert into commands (kiosk_id, command_id, sequence, kind, params, created_at, created_by, expires_at, state)
    values (${kioskId}, gen_random_uuid(), 900, 'pause', '{}', 0, 'test', 9000000000000000, 'waiting')`, /was never answered/],
];

it.each(spoiled)('the judge finds %s', async (_what, spoil, said) => {
  const { wrongs } = await runSeed({ seed: 7, hours: shortHours, postgres, spoil: async (sql, kioskId) => void (await spoil(sql, kioskId)) });
  expect(wrongs.join('\n')).toMatch(said);
});

it('the same seed is the same story', async () => {
  const [one, other] = [await runSeed({ seed: 11, hours: shortHours, postgres }), await runSeed({ seed: 11, hours: shortHours, postgres })];
  expect(other.digest).toBe(one.digest);
  expect(one.figures.orders).toBeGreaterThan(0);
});
