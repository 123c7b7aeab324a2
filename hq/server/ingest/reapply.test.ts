import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { isSealed, shredded } from '../../../domain/personal/sealed.ts';
import type { Sql } from '../database.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import { keepKeys, shredKeys } from '../personal.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { asOlder, chainOf, createStory, storyBoot, storyBootAt, storyKeyOf } from '../testing/story.ts';
import { readClocks, reckonTimes } from './clocks.ts';
import { reapply } from './reapply.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  sql = database.sql;
  hq = await startTestHq(database);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});
const orderTables = ['orders', 'order_lines', 'payments', 'jobs', 'service_requests', 'service_settlements', 'feedback', 'stock_moves', 'stock', 'attention'];
const clear = () => sql.unsafe(`truncate alarms, cursors, events, quarantined_events, log_lines, kiosk_facts, kiosk_documents, kiosk_clocks, personal_keys, service_work, help_calls, ${orderTables.join(', ')}`);
beforeEach(clear);

const at = testNow - 3_600_000;
const story = (words: 'plain' | 'sealed' = 'sealed') => createStory(testKiosk, 'https://hq.example', words);
const chain = (events: readonly HqEvent[]) => chainOf(events, 'orders', 1);

async function tables(): Promise<unknown> {
  const contents = [];
  for (const name of orderTables) contents.push([name, (await sql.unsafe(`select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`)).map(({ row }) => row as unknown)]);
  return Object.fromEntries(contents);
}

describe('what an earlier HQ did not understand', () => {
  // The update of HQ is told the other way round: an event comes as of a version of tomorrow, and then becomes one of today.
  const tomorrow = 9;
  const update = () => sql`update events set version = case when kind in ('order.placed', 'service.requested') then 3 else 1 end where version = ${tomorrow}`;

  test.each([
    ['an order', (event: HqEvent) => event.kind === 'order.placed'],
    ['the beginnings of payments, but not their ends', (event: HqEvent) => event.kind === 'payment.attempt' && event.payload.includes('"started"')],
    ['stock', (event: HqEvent) => event.kind === 'stock.moved'],
    ['every second event', (event: HqEvent) => event.sequence % 2 === 0],
    ['everything', () => true],
  ])('comes to the same after its update: %s', async (_name, isTomorrows) => {
    const told = story();
    told.add('stock.moved', { offerId: 'umbrella', change: 12, left: 12, reason: 'initial' }, at);
    told.order({ offers: [['latte', 1], ['umbrella', 2]], ending: 'declined_then_paid', at });
    told.order({ offers: [['charger', 1], ['topUp', 1]], ending: 'reversal_refused', at: at + 700_000 });
    told.order({ offers: [['umbrella', 1]], ending: 'cancelled', at: at + 1_400_000 });
    await hq.send(chain(told.events));
    const expected = await tables();
    await clear();
    const strange = chain(told.events.map((event) => (isTomorrows(event) ? { ...event, version: tomorrow } : event)));
    expect(await hq.send(strange)).toMatchObject({ status: 200, body: { acknowledged: strange.length } });
    expect(await tables()).not.toEqual(expected);
    expect(await reapply(sql, () => testNow)).toBe(0);
    await update();
    // Every process of HQ does it at its start.
    const counts = await Promise.all([reapply(sql, () => testNow), reapply(sql, () => testNow)]);
    expect(Math.max(...counts)).toBeGreaterThan(0);
    expect(await tables()).toEqual(expected);
    expect(await sql`select * from quarantined_events where settled_at is null`).toEqual([]);
    expect(await sql`select * from alarms where settled_at is null`).toEqual([]);
    expect(await reapply(sql, () => testNow)).toBe(0);
  });

  test('makes work of a service that is understood now, and of no other of its order', async () => {
    const told = story();
    const { jobId } = told.order({ offers: [['topUp', 1], ['topUp', 2]], ending: 'fulfilled', at });
    await hq.send(chain(told.events.map((event) => (event.kind === 'service.requested' && event.payload.includes(jobId) ? { ...event, version: tomorrow } : event))));
    // The other one is from before there was a list.
    await sql`delete from service_work`;
    await update();
    await reapply(sql, () => testNow);
    expect(await sql`select count(*) as requests from service_requests`).toEqual([{ requests: 2 }]);
    expect(await sql`select job_id, state from service_work`).toEqual([{ job_id: jobId, state: 'queued' }]);
  });

  test('stays set aside while it is not understood, and its alarm with it', async () => {
    const told = story();
    told.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
    await hq.send(chain(told.events.map((event, index) => (index === 3 ? { ...event, kind: 'drone.landed' } : index === 4 ? { ...event, payload: '{' } : event))));
    await reapply(sql, () => testNow);
    expect(await sql`select sequence, reason, settled_at from quarantined_events order by sequence`).toEqual([
      { sequence: 4, reason: 'unknown_kind', settled_at: null }, { sequence: 5, reason: 'not_json', settled_at: null },
    ]);
    expect(await sql`select count(*) as open from alarms where settled_at is null`).toEqual([{ open: 2 }]);
  });
});

describe('what customers said of themselves', () => {
  const phone = '13912345678';
  const sealable = ['order_lines', 'service_requests'];
  const planted = async () => {
    const found: string[] = [];
    for (const table of sealable) if ((await sql.unsafe(`select to_jsonb(t)::text as row from ${table} t`)).some((row) => String(row['row']).includes(phone))) found.push(table);
    if ((await sql`select body::text as body from events`).some((row) => String(row['body']).includes(phone))) found.push('events.body');
    return found;
  };
  const send = async (words: 'plain' | 'sealed', version: 1 | 2 | 3) => {
    const told = story(words);
    const { orderId } = told.order({ offers: [['topUp', 1]], ending: 'fulfilled', at });
    const events = chain(version === 3 ? told.events : asOlder(told.events, version));
    const keys = words === 'sealed' ? [{ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }] : [];
    expect(await hq.kiosk.send(events, { keys })).toMatchObject({ status: 200 });
    return { orderId, events };
  };

  test.each([['sealed by the kiosk', 'sealed', 3], ['sealed by a kiosk of before', 'sealed', 2], ['in plain words of version 1', 'plain', 1], ['in plain words that should have been sealed', 'plain', 3]] as const)(
    'rests sealed beside the raw text, is shown masked, and is gone after its time: %s', async (_name, words, version) => {
      const { orderId } = await send(words, version);
      expect(await sql`select * from quarantined_events`).toEqual([]);
      expect(await planted()).toEqual([]);
      const [service] = await sql<{ phone: string }[]>`select form ->> 'phone' as phone from service_requests`;
      expect(isSealed(service?.phone ?? '')).toBe(true);
      const shown = await readOrderInFull(sql, testKiosk, orderId);
      expect(shown?.services[0]?.form).toEqual({ phone: '139****5678' });
      expect(shown?.lines[0]?.form['phone']).toBe('139****5678');
      expect(JSON.stringify(shown)).not.toContain(phone);
      expect(JSON.stringify(shown?.receipt)).toContain('139****5678');

      expect(await shredKeys(sql, testNow, testNow)).toBe(0);
      expect(await shredKeys(sql, testNow + 1, testNow + 1)).toBe(1);
      const later = await readOrderInFull(sql, testKiosk, orderId);
      expect(later?.services[0]?.form).toEqual({ phone: shredded });
      expect(JSON.stringify(later?.receipt)).not.toContain('5678');
      // A kiosk that sends its key again brings nothing back.
      await keepKeys(sql, testKiosk, [{ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') }], testNow + 2);
      expect(await sql`select key from personal_keys`).toEqual([{ key: null }]);
    },
  );

  test('opens with the keys that came, for the kiosk that asks for its history', async () => {
    const { orderId, events } = await send('sealed', 3);
    const answer = await hq.kiosk.ask('GET', '/api/kiosk/history?lane=orders&epoch=1&after=0');
    expect(answer).toMatchObject({ status: 200, isSigned: true, body: { events: events.map((event) => ({ lane: 'orders', epoch: 1, event })), keys: [{ orderId, key: storyKeyOf(orderId).toString('base64') }] } });
    const next = chainOf(events.slice(3), 'orders', 2);
    await hq.send(next, { epoch: 2 });
    const rest = await hq.kiosk.ask('GET', `/api/kiosk/history?lane=orders&epoch=1&after=${events.length - 1}`);
    expect(rest.body).toMatchObject({ events: [{ epoch: 1, event: events.at(-1) }, ...next.map((event) => ({ epoch: 2, event }))], keys: [] });
    expect((await hq.kiosk.ask('GET', `/api/kiosk/history?lane=orders&epoch=2&after=${next.length}`)).body).toEqual({ events: [], keys: [] });
    // One event alone: a kiosk compares its hash.
    const one = await hq.kiosk.ask('GET', `/api/kiosk/history?lane=orders&epoch=1&after=${events.length - 2}&limit=1`);
    expect(one.body).toMatchObject({ events: [{ epoch: 1, event: { id: events.at(-2)!.id, hash: events.at(-2)!.hash } }] });
    expect((one.body as { events: unknown[] }).events).toHaveLength(1);
    for (const wrong of ['lane=gossip&epoch=1&after=0', 'lane=orders&epoch=1&after=0&limit=0', 'lane=orders&epoch=1&after=0&limit=501']) {
      expect((await hq.kiosk.ask('GET', `/api/kiosk/history?${wrong}`)).status).toBe(400);
    }
  });
});

describe('times', () => {
  const event = (more: Partial<HqEvent>) => ({ ...story().events[0], sequence: 1, at, boot: storyBoot, monotonicMs: 0, ...more }) as HqEvent;
  const none = { offsets: new Map<string, number>(), skewMs: 0 };

  test('of this start of the kiosk come from its monotonic clock, whatever its wall clock says', () => {
    const clock = { at: 5, boot: storyBoot, monotonicMs: 90_000 };
    const times = reckonTimes([event({ sequence: 1, at: 1, monotonicMs: 30_000 }), event({ sequence: 2, at: 9e12, monotonicMs: 80_000 })], clock, none, testNow, null);
    expect([...times]).toEqual([[1, testNow - 60_000], [2, testNow - 10_000]]);
  });

  test('of an earlier start that HQ has heard from, too; of any other by the wall clock and the last difference', () => {
    const known = { offsets: new Map([[storyBoot, storyBootAt]]), skewMs: 7_200_000 };
    const clock = { at: testNow, boot: '0190a000-0000-4000-8000-00000000000f', monotonicMs: 0 };
    const unknown = '0190a000-0000-4000-8000-00000000000e';
    const times = reckonTimes([event({ sequence: 1, at: 1, monotonicMs: 500 }), event({ sequence: 2, boot: unknown, at: at - 7_200_000 })], clock, known, testNow, null);
    expect([...times]).toEqual([[1, storyBootAt + 500], [2, at]]);
  });

  test('do not go back within a lane for what was longer on its way', () => {
    const clock = { at: testNow, boot: storyBoot, monotonicMs: 1000 };
    expect(reckonTimes([event({ monotonicMs: 900 })], clock, none, testNow, testNow - 50).get(1)).toBe(testNow - 50);
    expect(reckonTimes([event({ monotonicMs: 900 })], clock, none, testNow, testNow + 90_000_000).get(1)).toBe(testNow - 100);
  });

  test('are never after HQ received it, whatever a clock says: nothing stands first in the list for years', async () => {
    const clock = { at: testNow, boot: storyBoot, monotonicMs: 1000 };
    const elsewhere = '0190a000-0000-4000-8000-00000000000e';
    const mad = [event({ sequence: 1, boot: elsewhere, at: Date.UTC(3000, 0) }), event({ sequence: 2, boot: elsewhere, at: Number.MAX_SAFE_INTEGER }), event({ sequence: 3, monotonicMs: Number.MAX_SAFE_INTEGER }), event({ sequence: 4, boot: elsewhere, at: testNow - 5 })];
    expect([...reckonTimes(mad, clock, none, testNow, testNow + 90_000_000).values()]).toEqual([testNow, testNow, testNow, testNow]);

    const told = story();
    const { orderId } = told.order({ offers: [['latte', 1]], ending: 'cancelled', at });
    const events = chain(told.events.map((one) => ({ ...one, boot: elsewhere, at: Number.MAX_SAFE_INTEGER })));
    await hq.kiosk.send(events, { clock });
    expect(await sql`select order_id, occurred_at from orders`).toEqual([{ order_id: orderId, occurred_at: testNow }]);
  });

  test('put orders in the list by when they were, under a clock that is years behind, page by page; and a person is told', async () => {
    const told = story();
    const right = told.order({ offers: [['latte', 1]], ending: 'cancelled', at });
    const wrong = told.order({ offers: [['latte', 1]], ending: 'cancelled', at: at - 3e10 });
    const last = told.order({ offers: [['latte', 1]], ending: 'cancelled', at: at + 1000 });
    const events = chain(told.events.map((one, index) => ({ ...one, monotonicMs: 1000 + index })));
    await hq.kiosk.send(events, { clock: { at: testNow - 3e10, boot: storyBoot, monotonicMs: 10_000 } });
    const page = async (query: string) => (await hq.inject({ url: `/api/orders?${query}`, headers: { host: 'localhost' } })).json() as { orders: { orderId: string; occurredAt: number; placedAt: number }[]; next: string | null };
    const first = await page('limit=2');
    const second = await page(`limit=2&before=${encodeURIComponent(first.next ?? '')}`);
    expect([...first.orders, ...second.orders].map(({ orderId }) => orderId)).toEqual([last.orderId, wrong.orderId, right.orderId]);
    expect(first.orders[1]).toMatchObject({ placedAt: at - 3e10, occurredAt: testNow - 10_000 + 1002 });
    expect(await sql`select kind, detail from alarms`).toMatchObject([{ kind: 'clock_skewed', detail: "the kiosk's clock is 30000000 s behind HQ's" }]);
    expect(await readClocks(sql, testKiosk, [])).toMatchObject({ skewMs: 3e10 });
    // Set right, the alarm ends by itself.
    await hq.kiosk.send(events, { clock: { at: testNow, boot: storyBoot, monotonicMs: 10_000 } });
    expect(await sql`select * from alarms where settled_at is null`).toEqual([]);
  });
});

describe('what a kiosk tells of itself', () => {
  test('its newest disk, key, documents and recovery are known, with alarms where a person should look, and its log lines', async () => {
    const told = story();
    const hash = 'a'.repeat(64);
    told.add('disk.state', { state: 'full', freeBytes: 12 }, at);
    told.add('document.applied', { document: 'catalogue', revision: 7, sha256: hash, outcome: 'refused', detail: 'no such offer' }, at);
    told.add('store.recovered', { cause: 'a broken page', from: 'copy', copyAt: at, fromJournal: 2, fromHq: 5, detail: '' }, at);
    await hq.send(told.events);
    expect(await sql`select kind from alarms where settled_at is null order by kind`).toEqual([{ kind: 'disk' }, { kind: 'store_recovered' }]);
    told.add('disk.state', { state: 'well', freeBytes: 1e9 }, at + 1);
    told.add('document.applied', { document: 'catalogue', revision: 8, sha256: hash, outcome: 'applied' }, at + 1);
    told.add('log.lines', { lines: [{ at: at - 5000, level: 'warn', message: 'paper is low', code: 'PAPER_LOW', fields: { mm: 3 } }, { at, level: 'error', message: 'x' }], dropped: 4 }, at + 1);
    expect(await hq.send(told.events)).toMatchObject({ status: 200 });
    expect(await sql`select kind from alarms where settled_at is null`).toEqual([{ kind: 'store_recovered' }]);
    expect(await sql`select revision, outcome from kiosk_documents`).toEqual([{ revision: 8, outcome: 'applied' }]);
    expect(await sql`select kind, body ->> 'state' as state from kiosk_facts order by kind`).toEqual([{ kind: 'disk.state', state: 'well' }, { kind: 'store.recovered', state: null }]);
    expect(await sql`select level, message, occurred_at from log_lines order by line`).toEqual([
      { level: 'warn', message: 'paper is low', occurred_at: at - 5000 }, { level: 'error', message: 'x', occurred_at: at }, { level: 'warn', message: '4 lines before these were dropped', occurred_at: at + 1 },
    ]);
    expect(await sql`select * from quarantined_events`).toEqual([]);
  });
});
