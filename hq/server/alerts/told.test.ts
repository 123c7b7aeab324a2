import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { alertWords, isoTime } from '../../contract/alert-words.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { chainOf, createStory } from '../testing/story.ts';
import { raiseWithFacts } from './raise.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  const database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database, { now: () => testNow });
  return async () => {
    await hq.close();
    await sql.end({ timeout: 1 });
  };
});

const told = async (kind: string) => {
  const rows = await sql<{ detail: string; facts: unknown }[]>`select detail, facts from alarms where kind = ${kind} and settled_at is null`;
  return rows.map(({ detail, facts }) => ({ detail, words: alertWords(kind, facts, isoTime) }));
};

test('what a kiosk tells that HQ sets aside, that does not follow, or that begins anew is told in both languages, and as it stands in the list', async () => {
  const story = createStory(testKiosk);
  story.add('disk.state', { state: 'well', freeBytes: 1 }, testNow);
  story.add('store.recovered', { cause: 'damaged', from: 'copy', copyAt: testNow - 1000, fromJournal: 2, fromHq: 1, detail: '' }, testNow);
  story.add('disk.state', { state: 'well', freeBytes: 2 }, testNow);
  const events = chainOf(story.events.map((event, index) => (index === 2 ? { ...event, kind: 'drone.landed' } : event)) as typeof story.events, 'orders', 1);
  expect((await hq.kiosk.send(events)).status).toBe(200);
  const again = chainOf(story.events, 'orders', 2);
  expect((await hq.kiosk.send([again[0]!], { epoch: 2 })).status).toBe(200);
  for (const kind of ['quarantined', 'store_recovered', 'next_epoch']) {
    const [alarm, ...more] = await told(kind);
    expect(more, kind).toEqual([]);
    expect(alarm?.words?.en, kind).toBe(alarm?.detail);
    expect(alarm?.words?.zh, kind).toMatch(/[\u4e00-\u9fff]/);
  }
});

test('an alarm that is told anew has the facts of what it says now; a webhook has them, and its words in both languages', async () => {
  await sql`insert into webhooks (webhook_id, url, secret, kinds, created_at) values ('01900000-0000-7000-8000-000000000001', 'https://example.org/hook', 'whsec_AAAA', ${['alarm']}, ${testNow})`;
  const say = (order: string) => raiseWithFacts(sql, { kioskId: testKiosk, kind: 'service_open', subject: 'job-1', facts: { what: 'both', jobId: 'job-1', order }, at: testNow });
  await say('refunded');
  await say('cancelled');
  const [alarm] = await told('service_open');
  expect(alarm?.detail).toContain('cancelled');
  expect(alarm?.words?.en).toBe(alarm?.detail);
  const [delivery] = await sql<{ data: unknown }[]>`select data from webhook_deliveries`;
  expect(delivery?.data).toMatchObject({ alarm: 'service_open', facts: { what: 'both', order: 'refunded' }, words: { zh: expect.stringContaining('已退款'), en: expect.stringContaining('refunded') } });
});
