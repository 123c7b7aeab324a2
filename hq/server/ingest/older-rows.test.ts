import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, readMigrations } from '../migrate.ts';
import { orderQuerySchema, readOrderPage } from '../orders/list.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import { chainOf, createStory, storyShop } from '../testing/story.ts';
import { receive } from './receive.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

const at = testNow - 3_600_000;
const clock = { at: testNow, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0 };

test('what HQ had before there were chains stays as it was, and its kiosk goes on in a new epoch without an alarm', async () => {
  const { sql } = await postgres.createDatabase({ isMigrated: false });
  const migrations = await readMigrations();
  await migrate(sql, migrations.slice(0, 3), () => 1);
  // As an HQ of before wrote it: version 1 with plain phones, everything in one lane, and no hash.
  const story = createStory(testKiosk);
  const { orderId } = story.order({ offers: [['topUp', 1], ['umbrella', 1]], ending: 'fulfilled', at });
  for (const event of story.events.slice(0, -1)) {
    await sql`
      insert into events (kiosk_id, lane, epoch, sequence, event_id, kind, version, at, received_at, order_id, payload, body)
      values (${testKiosk}, 'orders', 1, ${event.sequence}, ${event.id}, ${event.kind}, 1, ${event.at}, ${event.at}, ${orderId}, ${event.payload}, ${event.payload}::jsonb)`;
  }
  await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged, last_event_at, last_received_at) values (${testKiosk}, 'orders', 1, ${story.events.length - 1}, ${at}, ${at})`;
  await sql`insert into kiosks (kiosk_id, name, token_hash, created_at) values (${testKiosk}, 'Lobby', ${Buffer.from('x')}, 1)`;
  await sql`
    insert into orders (kiosk_id, order_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, receipt_url, shop, taxes, cart_id, received_at)
    values (${testKiosk}, ${orderId}, 'A001', 'paid', ${at}, ${at}, 'zh', 3, 8890, 'CNY', 'x', 'https://hq.example/r/x', ${sql.json(storyShop as never)}, '[]'::jsonb, ${orderId}, ${at})`;
  await sql`insert into service_requests values (${testKiosk}, ${orderId}, ${orderId}, 'top-up-50', 'top_up', 1, 4990, '13912345678', ${at})`;

  await migrate(sql, migrations, () => 2);
  expect((await readOrderPage(sql, orderQuerySchema.parse({}))).orders).toMatchObject([{ orderId, placedAt: at, occurredAt: at }]);
  const shown = await readOrderInFull(sql, testKiosk, orderId);
  expect(shown?.services[0]?.phone).toBe('139****5678');
  expect(shown?.events).toHaveLength(story.events.length - 1);
  expect(JSON.stringify(shown)).not.toContain('13912345678');

  // The kiosk's own update begins an epoch, with what HQ had not acknowledged.
  const next = chainOf(story.events.slice(-1), 'orders', 2);
  expect(await receive(sql, { kioskId: testKiosk, lane: 'orders', epoch: 2, clock, events: next }, testNow)).toMatchObject({ kind: 'taken', mark: { epoch: 2, acknowledged: 1, head: next[0]!.hash } });
  expect((await readOrderPage(sql, orderQuerySchema.parse({}))).orders).toMatchObject([{ orderId, state: 'fulfilled' }]);
  expect(await sql`select * from alarms`).toEqual([]);
  expect(await sql`select epoch, head from cursors order by epoch`).toEqual([{ epoch: 1, head: '' }, { epoch: 2, head: next[0]!.hash }]);
});
