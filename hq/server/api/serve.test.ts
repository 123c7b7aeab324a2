import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq } from '../testing/hq.ts';
import { isStorable } from './storable.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
afterEach(() => hq?.close());

async function start(): Promise<void> {
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { isWithoutKiosk: true });
}

test('what the database cannot keep is refused as malformed, signed in or not, and is no bug of HQ', async () => {
  await start();
  const nul = 'a\0b';
  const refused = await Promise.all([
    hq.app.inject({ method: 'POST', url: '/api/session', payload: { name: nul, password: 'x' } }),
    hq.inject({ method: 'POST', url: '/api/people', payload: { name: 'li', fullName: nul, role: 'viewer' } }),
    hq.inject({ url: '/api/fleet?search=a%00b' }),
    hq.inject({ url: '/api/audit?words=%00' }),
    hq.inject({ url: '/api/catalogue/sold-out?search=%00' }),
  ]);
  expect(refused.map((answer) => answer.json<{ code: string }>().code)).toEqual(Array(5).fill('CONTRACT_MALFORMED'));
});

test('a value that nests without end is refused before anything walks it by calling itself', () => {
  let deep: unknown = 'leaf';
  for (let depth = 0; depth < 200_000; depth++) deep = [deep];
  expect(isStorable(deep)).toBe(false);
  expect(isStorable({ a: [{ b: 'words' }], c: null })).toBe(true);
  expect(isStorable({ 'a\0': 1 })).toBe(false);
});

test('a large body is not read for who is not signed in', async () => {
  await start();
  // No JSON: where it were read, it would be refused as that.
  const ask = (cookie: string | undefined) => hq.app.inject({ method: 'PUT', url: '/api/catalogue/draft', headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) }, payload: '{"a":'.repeat(100_000) });
  expect((await ask(undefined)).statusCode).toBe(401);
  expect((await ask(await hq.cookie())).statusCode).toBe(400);
});

test('what leaves HQ in bulk is written down with its filters by name, and without what was searched for', async () => {
  await start();
  expect((await hq.inject({ url: '/api/orders.csv?q=13800138000' })).statusCode).toBe(200);
  expect((await hq.inject({ url: '/api/reports/feedback.csv?from=2026-11-01&to=2026-11-02' })).statusCode).toBe(200);
  const rows = await database.sql<{ route: string; account: string; detail: string; outcome: string }[]>`select route, account, detail, outcome from hq_audit where route like 'GET %' order by number`;
  expect([...rows]).toEqual([
    { route: 'GET /api/orders.csv', account: 'dev', detail: 'q', outcome: 'done' },
    { route: 'GET /api/reports/feedback.csv', account: 'dev', detail: 'from, to', outcome: 'done' },
  ]);
});

test('a place in a list that HQ has not given is refused as malformed, or read as the beginning, and is no bug of HQ', async () => {
  await start();
  const places = ['999999999999999~kiosk-001~------------------------------------', '1/kiosk-001/------------------------------------', '99999999999999999999/a/b/1/1', '1/a/b/99999999999999999999/1', '1.1.1.1', '-1', '9'.repeat(30)];
  for (const list of ['alerts', 'orders', 'feedback', 'stock/differences', 'stock/visits', 'fleet/kiosk-001/logs', 'fleet/kiosk-001/staff-acts', 'catalogue/history', 'audit']) {
    for (const place of places) expect((await hq.inject({ url: `/api/${list}?before=${encodeURIComponent(place)}` })).statusCode, `${list} ${place}`).toBeLessThan(500);
  }
});
