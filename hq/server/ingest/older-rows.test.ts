import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, readMigrations } from '../migrate.ts';
import { orderQuerySchema } from '../../contract/api/orders.ts';
import { readOrderPage } from '../orders/list.ts';
import { compareOrders } from '../proof/compare-orders.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import { asOlder, chainOf, createStory, storyOffers, storyShop } from '../testing/story.ts';
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
  // As an HQ of before wrote it: version 1 with plain phones and taxes in thousandths, everything in one lane, and no hash.
  const story = createStory(testKiosk);
  const { orderId } = story.order({ offers: [['topUp', 1], ['umbrella', 1]], ending: 'fulfilled', at });
  for (const event of asOlder(story.events, 1).slice(0, -1)) {
    await sql`
      insert into events (kiosk_id, lane, epoch, sequence, event_id, kind, version, at, received_at, order_id, payload, body)
      values (${testKiosk}, 'orders', 1, ${event.sequence}, ${event.id}, ${event.kind}, 1, ${event.at}, ${event.at}, ${orderId}, ${event.payload}, ${event.payload}::jsonb)`;
  }
  await sql`insert into cursors (kiosk_id, lane, epoch, acknowledged, last_event_at, last_received_at) values (${testKiosk}, 'orders', 1, ${story.events.length - 1}, ${at}, ${at})`;
  await sql`insert into kiosks (kiosk_id, name, token_hash, created_at) values (${testKiosk}, 'Lobby', ${Buffer.from('x')}, 1)`;
  await sql`
    insert into orders (kiosk_id, order_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, receipt_url, shop, taxes, cart_id, received_at)
    values (${testKiosk}, ${orderId}, 'A001', 'paid', ${at}, ${at}, 'zh', 3, 8890, 'CNY', 'x', 'https://hq.example/r/x', ${sql.json(storyShop as never)}, ${sql.json([{ ratePerMille: 60, gross: 8890, tax: 503 }])}, ${orderId}, ${at})`;
  for (const [index, line] of (['topUp', 'umbrella'] as const).entries()) {
    const { offerId, name, fulfilment, unitPrice, form } = storyOffers[line];
    await sql`
      insert into order_lines (kiosk_id, order_id, line, offer_id, name_zh, name_en, fulfilment, choices, quantity, unit_price, total, form)
      values (${testKiosk}, ${orderId}, ${index + 1}, ${offerId}, ${name.zh}, ${name.en}, ${sql.json(fulfilment as never)}, '[]'::jsonb, 1, ${unitPrice}, ${unitPrice}, ${sql.json(form as never)})`;
  }
  await sql`insert into service_requests values (${testKiosk}, ${orderId}, ${orderId}, 'top-up-50', 'top_up', 1, 4990, '13912345678', ${at})`;

  await migrate(sql, migrations, () => 2);
  expect((await readOrderPage(sql, orderQuerySchema.parse({}), Buffer.alloc(32))).orders).toMatchObject([{ orderId, placedAt: at, occurredAt: at }]);
  const shown = await readOrderInFull(sql, testKiosk, orderId);
  expect(shown?.services[0]?.form).toEqual({ phone: '139****5678' });
  // What HQ of then had, held against its events as they are read today.
  const lineFaults = (await compareOrders(sql, testKiosk, [orderId])).filter(({ table }) => table === 'order_lines' || table === 'service_requests');
  expect(lineFaults.map(({ table }) => table)).toEqual(['service_requests', 'service_requests']);
  expect(shown?.events).toHaveLength(story.events.length - 1);
  expect(JSON.stringify(shown)).not.toContain('13912345678');
  expect(shown?.taxes).toEqual([{ basisPoints: 600, included: true, gross: 8890, tax: 503 }]);
  expect(shown?.lines).toMatchObject([
    { offerId: 'top-up-50', tax: { basisPoints: 600, included: true, amount: 282 }, form: { phone: '139****5678' }, fields: [{ id: 'phone', kind: 'phone' }] }, { offerId: 'umbrella', tax: { basisPoints: 600, included: true, amount: 221 }, form: {}, fields: [] },
  ]);
  // Nobody worked on services then, and what was asked for then is not begun now.
  expect(await sql`select * from service_work`).toEqual([]);

  // The kiosk's own update begins an epoch, with what HQ had not acknowledged.
  const next = chainOf(story.events.slice(-1), 'orders', 2);
  expect(await receive(sql, { kioskId: testKiosk, lane: 'orders', epoch: 2, clock, events: next }, testNow)).toMatchObject({ kind: 'taken', mark: { epoch: 2, acknowledged: 1, head: next[0]!.hash } });
  expect((await readOrderPage(sql, orderQuerySchema.parse({}), Buffer.alloc(32))).orders).toMatchObject([{ orderId, state: 'fulfilled' }]);
  expect(await sql`select * from alarms`).toEqual([]);
  expect(await sql`select epoch, head from cursors order by epoch`).toEqual([{ epoch: 1, head: '' }, { epoch: 2, head: next[0]!.hash }]);
});
