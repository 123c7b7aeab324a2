import connectNotified from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { connectDatabase } from '../database.ts';
import type { Sql } from '../database.ts';
import { readBooks } from '../fleet/books.ts';
import { liveChannel } from '../live/announce.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { chainOf, createStory } from '../testing/story.ts';
import { createDeliveries } from '../webhooks/deliver.ts';
import { noteWebhooks } from '../webhooks/note.ts';
import { reapply } from './reapply.ts';

/** What a kiosk sends, or HQ's own rows are, must never stop a kiosk's queue for good. */
let postgres: TestPostgres;
let database: TestDatabase;
let sql: Sql;
let hq: TestHq;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
beforeEach(async () => {
  await hq?.close();
  database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
});
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

const at = testNow - 3_600_000;
const story = () => createStory(testKiosk, 'https://hq.example', 'sealed');
const chain = (events: readonly HqEvent[]) => chainOf(events, 'orders', 1);
const beyondDates = 8_640_000_000_000_001;

test('a payload with a time that no Date holds is set aside, and the events around it have their effect', async () => {
  const told = story();
  told.add('store.recovered', { cause: 'x', from: 'copy', copyAt: beyondDates, fromJournal: 0, fromHq: 0, detail: '' }, at);
  told.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
  expect(await hq.send(told.events)).toMatchObject({ status: 200, body: { acknowledged: told.events.length } });
  expect(await sql`select sequence, reason from quarantined_events`).toEqual([{ sequence: 1, reason: 'breaks_schema' }]);
  expect(await sql`select state from orders`).toEqual([{ state: 'fulfilled' }]);
});

test('an event at a time that no Date holds is taken, stays as it came, and is told to webhooks', async () => {
  await sql`insert into webhooks (webhook_id, url, secret, kinds, created_at) values ('985c8ddc-02de-47ba-b117-291e93feb938', 'https://shop.example/', 'whsec_AAAA', ${['order.paid']}, 1)`;
  const told = story();
  told.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
  const events = chain(told.events.map((event) => ({ ...event, at: Number.MAX_SAFE_INTEGER, boot: '0190a000-0000-4000-8000-00000000000e' })));
  expect(await hq.kiosk.send(events, { clock: { ...hq.kiosk.clock(), at: Number.MAX_SAFE_INTEGER } })).toMatchObject({ status: 200 });
  expect(await sql`select distinct at from events`).toEqual([{ at: Number.MAX_SAFE_INTEGER }]);
  // As it was put down before HQ bounded such times.
  await noteWebhooks(sql, testKiosk, [{ kind: 'order.paid', eventId: events[0]!.id, at: beyondDates, data: {} }], testNow);
  const bodies: string[] = [];
  const problems: unknown[] = [];
  const deliveries = createDeliveries({
    sql, now: () => testNow, rules: { mayBePrivate: false }, onProblem: (error) => void problems.push(error),
    send: async ({ body }) => {
      bodies.push(body);
      return { kind: 'answered', status: 204, retryAfterMs: undefined };
    },
  });
  await deliveries.run();
  await deliveries.stop();
  expect(problems).toEqual([]);
  expect(bodies).toEqual([expect.stringContaining('"timestamp":"+275760-09-13T00:00:00.000Z"')]);
});

test('a version of the app with a NUL is refused as malformed, at hello and at enrolment', async () => {
  expect((await hq.kiosk.hello({ app: '1\0' })).status).toBe(400);
  const enrol = { kioskId: testKiosk, code: 'code-for-tests', publicKey: hq.kiosk.publicKey, app: '1\0' };
  expect((await hq.kiosk.ask('POST', '/api/kiosk/enrol', enrol, { session: 'none' })).status).toBe(400);
  expect((await hq.kiosk.hello({ app: '0.1.0+ci (arm64)' })).status).toBe(200);
});

test('a mark that is below its rows takes the same events once more, without effect, and goes on', async () => {
  const told = story();
  told.order({ offers: [['latte', 1], ['umbrella', 1]], ending: 'fulfilled', at });
  const first = chain(told.events);
  await hq.send(first.slice(0, 6));
  const [held] = await sql`select jsonb_agg(to_jsonb(e) order by sequence) as rows from events e`;
  await sql`update cursors set acknowledged = 3, head = ${first[2]!.hash}`;
  expect(await hq.send(first)).toMatchObject({ status: 200, body: { acknowledged: first.length, head: first.at(-1)!.hash } });
  expect((await sql`select jsonb_agg(to_jsonb(e) order by sequence) as rows from events e where sequence <= 6`)[0]).toEqual(held);
  expect(await sql`select count(*) as events, count(*) filter (where repeated) as repeated from events`).toEqual([{ events: first.length, repeated: 0 }]);
  expect(await sql`select state, (select count(*) from stock_moves) as moves from orders`).toEqual([{ state: 'fulfilled', moves: 1 }]);
  expect(await sql`select * from quarantined_events`).toEqual([]);
});

test('a mark that is below rows of something else takes nothing, overwrites nothing, and a person is told', async () => {
  const [one, other] = [story(), story()];
  one.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
  other.order({ offers: [['dumplings', 2]], ending: 'fulfilled', at });
  await hq.send(chain(one.events));
  await sql`update cursors set acknowledged = 0, head = ${'0'.repeat(64)}`;
  const differing = chain(other.events.map((event, index) => ({ ...event, id: event.id.replace(/.$/, String(index % 10)) as HqEvent['id'] })));
  const before = await sql`select sequence, event_id, payload from events order by sequence`;
  expect(await hq.send(differing)).toMatchObject({ status: 409 });
  expect(await sql`select sequence, event_id, payload from events order by sequence`).toEqual(before);
  expect(await sql`select kind from alarms where settled_at is null`).toEqual([{ kind: 'chain_broken' }]);
});

test('orders are counted with the mark: once each, whatever comes twice, and also those that are understood later', async () => {
  const told = story();
  for (let count = 0; count < 5; count++) told.order({ offers: [['latte', 1]], ending: 'fulfilled', at: at + count * 1000 });
  const counted = async () => (await readBooks(sql, testKiosk)).orders;
  expect(await counted()).toBe(0);
  const placed = told.events.filter(({ kind }) => kind === 'order.placed');
  const events = chain(told.events.map((event) => (event === placed[1] ? { ...event, version: 9 } : event)));
  await hq.send(events.slice(0, 20));
  await hq.send(events.slice(10));
  await hq.send(events);
  expect(await counted()).toBe(4);
  await hq.send(chainOf(told.events.slice(-30), 'orders', 2), { epoch: 2 });
  expect(await counted()).toBe(4);
  await sql`update events set version = 2 where version = 9`;
  await reapply(sql, () => testNow);
  expect([await counted(), await sql`select count(*) as n from orders`]).toEqual([5, [{ n: 5 }]]);
  await reapply(sql, () => testNow);
  expect(await counted()).toBe(5);
});

test('what is set aside is looked at page by page, reads no other event, and locks nobody where there is no hope', async () => {
  const told = story();
  for (let count = 0; count < 1200; count++) told.add('disk.state', { state: 'well', freeBytes: count }, at + count);
  const strange = chain(told.events.map((event) => ({ ...event, kind: 'drone.landed' })));
  for (let from = 0; from < strange.length; from += 500) expect((await hq.send(strange.slice(from, from + 500))).status).toBe(200);
  const other = connectDatabase(database.url, { maxConnections: 1 });
  await other.begin(async (transaction) => {
    await transaction`select 1 from cursors for update`;
    // Waits for nobody.
    expect(await reapply(sql, () => testNow)).toBe(0);
  });
  await other.end();
  await sql`update events set kind = 'disk.state'`;
  expect(await reapply(sql, () => testNow)).toBe(1200);
  expect(await sql`select 1 from quarantined_events where settled_at is null`).toEqual([]);
  expect(await sql`select body ->> 'freeBytes' as free from kiosk_facts where kind = 'disk.state'`).toEqual([{ free: '1199' }]);
});

test('the database is asked to notify of orders alone', async () => {
  const heard: string[] = [];
  const listening = connectNotified(database.url, { max: 1 });
  await listening.listen(liveChannel, (payload) => void heard.push(payload));
  const told = story();
  told.add('disk.state', { state: 'well', freeBytes: 1 }, at);
  told.add('log.lines', { lines: [{ at, level: 'info', message: 'x' }] }, at);
  await hq.send(told.lane('orders'));
  await hq.kiosk.send(told.lane('logs'), { lane: 'logs' });
  const { orderId } = told.order({ offers: [['latte', 1]], ending: 'cancelled', at });
  await hq.send(told.lane('orders'));
  await expect.poll(() => heard.length).toBeGreaterThan(0);
  expect(heard.map((payload) => JSON.parse(payload) as unknown)).toEqual([{ kiosk: testKiosk, orders: [orderId] }]);
  await listening.end();
});
