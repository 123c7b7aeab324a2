// oxlint-disable typescript/no-explicit-any -- answers are looked into as the JSON that they are
import { generateKeyPairSync } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Lot } from '../../../domain/stock/shelves.ts';
import { bringOf, placesOf } from '../../../domain/stock/shelves.ts';
import type { AccountRole } from '../../contract/api/permissions.ts';
import { createApi } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { publish } from '../down/publish.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { receive } from '../ingest/receive.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { createStory } from '../testing/story.ts';
import { stockRoutes } from './routes.ts';
import { dayIn } from './shop-day.ts';

const signer = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
/** 2026-11-23, 07:00 in Shanghai: still the day before in UTC. */
const now = Date.UTC(2026, 10, 22, 23, 0, 0);
const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
let role: AccountRole;
let postgres: TestPostgres;
let sql: Sql;
let app: FastifyInstance;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  role = 'operator';
  await ensureKiosk(sql, kiosk, 'Lobby', now);
  await ensureKiosk(sql, other, '=Metro, "north"', now);
  app = Fastify();
  const api = createApi(app, { readSession: async () => ({ accountId: 'a', sessionId: 's', name: 'ana', role }) as never, writeAudit: async () => 1, now: () => now });
  stockRoutes(api, { sql, now: () => now, signingKey: signer });
});
afterEach(() => app.close());

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload: object = {}): Promise<{ status: number; body: any }> {
  const { statusCode, body } = await app.inject({ method, url, ...(method === 'GET' ? {} : { payload }) });
  return { status: statusCode, body: JSON.parse(body) };
}
async function tell(kioskId: typeof kiosk, fill: (story: ReturnType<typeof createStory>) => void): Promise<void> {
  const story = createStory(kioskId);
  fill(story);
  expect(await receive(sql, { kioskId, lane: 'stock', epoch: 1, clock: { at: now, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0 }, events: story.lane('stock') }, now)).toMatchObject({ kind: 'taken', setAside: [] });
}
const at = now - 3_600_000;
const slots = [
  { slot: 'A1', offerId: 'tea', par: 10, capacity: 12, shelf: '1' }, { slot: 'A2', offerId: 'tea', par: 5, capacity: 6 }, { slot: 'B1', offerId: 'bread', par: 4, capacity: 8 },
];
const write = (over: number | null, scope = 'all', list: object[] = slots) => ask('PUT', '/api/stock/planogram', { scope, over, slots: list });

async function stocked(): Promise<void> {
  expect(await write(null)).toMatchObject({ status: 200, body: { revision: 1 } });
  await tell(kiosk, (story) => {
    const refill = (offerId: string, change: number, left: number, lotId: string, slot: string, bestBefore: string) => story.add('stock.moved', { offerId, change, left, reason: 'refilled', lotId, lotLeft: change, slot, bestBefore, staff: '3000' }, at);
    refill('tea', 6, 6, 'a1', 'A1', '2026-11-23');
    refill('tea', 2, 8, 'a2', 'A1', '2026-11-22');
    refill('tea', 5, 13, 'a3', 'A2', '2027-05-01');
    refill('bread', 3, 3, 'b1', 'B1', '2026-11-29');
    refill('soap', 3, 3, 'c1', 'C9', '2026-11-01');
    story.add('stock.moved', { offerId: 'bread', change: -1, left: 2, reason: 'counted', lotId: 'b1', lotLeft: 2, slot: 'B1', staff: '3000', why: 'missing', note: 'box open' }, at);
    story.add('restock.visited', { visitId: '0190a000-0000-4000-8000-000000000101', staff: '3000', startedAt: at, endedAt: at + 9000, slots: 4, piecesIn: 19, piecesOut: 1, differences: 1 }, at);
  });
  // Of before: it tells of no lots.
  await tell(other, (story) => story.add('stock.moved', { offerId: 'tea', change: 9, left: 9, reason: 'initial' }, at));
}

describe('stock', () => {
  test('a planogram that two people write at one moment over the same one is one’s, and the other is told', async () => {
    expect(await write(null)).toMatchObject({ status: 200 });
    for (let over = 1; over < 5; over++) {
      const answers = await Promise.all([2, 3, 4].map((par) => write(over, 'all', [{ ...slots[0], capacity: 100, par: par + over * 10 }])));
      expect(answers.map(({ status }) => status).toSorted(), `over ${over}`).toEqual([200, 409, 409]);
    }
  });

  test('of a kiosk is shown by slot: what may be sold today, what has expired, what to bring', async () => {
    await stocked();
    const { body } = await ask('GET', '/api/stock/kiosks/kiosk-001');
    expect(body.planogram).toEqual({ scope: 'all', revision: 1 });
    expect(body.slots.map(({ slot, offerId, remaining, sellable, expired, par, bring }: any) => [slot, offerId, remaining, sellable, expired, par, bring])).toEqual([
      // Good until and with its day, which has begun in Shanghai.
      ['A1', 'tea', 8, 6, 2, 10, 4], ['A2', 'tea', 5, 5, 0, 5, 0], ['B1', 'bread', 2, 2, 0, 4, 2], [null, 'soap', 3, 0, 3, 0, 0],
    ]);
    expect(body.slots[0].lots.map(({ lotId, isExpired }: any) => [lotId, isExpired])).toEqual([['a2', true], ['a1', false]]);
    expect((await ask('GET', '/api/stock/kiosks/kiosk-002')).body.slots.map(({ slot, sellable, bring }: any) => [slot, sellable, bring])).toEqual([['A1', 9, 1], ['A2', 0, 5], ['B1', 0, 4]]);
    expect((await ask('GET', '/api/stock/kiosks/kiosk-009')).status).toBe(404);
  });

  test('is summed over kiosks by offer, and over offers by kiosk', async () => {
    await stocked();
    const { body: { offers, day } } = await ask('GET', '/api/stock/offers');
    expect(day).toBe('2026-11-23');
    expect(offers.find(({ offerId }: any) => offerId === 'tea')).toMatchObject({ remaining: 22, sellable: 20, expired: 2, par: 30, bring: 10, kiosks: 2, emptyAt: 0, expiring: 6 });
    const { body: { kiosks } } = await ask('GET', '/api/stock/kiosks');
    expect(kiosks.map(({ kioskId, bring, emptySlots, lastVisitBy }: any) => [kioskId, bring, emptySlots, lastVisitBy])).toEqual([['kiosk-002', 10, 2, null], ['kiosk-001', 6, 0, '3000']]);
    expect((await ask('GET', '/api/stock/offers/tea')).body.kiosks.map(({ kioskId, sellable, bring }: any) => [kioskId, sellable, bring])).toEqual([['kiosk-002', 9, 6], ['kiosk-001', 11, 4]]);
  });

  test('expiring soon, differences with who and why, and visits are listed; pages follow each other', async () => {
    await stocked();
    expect((await ask('GET', '/api/stock/expiring?days=7')).body.lots.map(({ lotId, daysLeft }: any) => [lotId, daysLeft])).toEqual([['c1', -22], ['a2', -1], ['a1', 0], ['b1', 6]]);
    expect((await ask('GET', '/api/stock/differences')).body).toMatchObject({ moves: [{ offerId: 'bread', change: -1, reason: 'counted', staff: '3000', why: 'missing', note: 'box open', kiosk: 'Lobby' }], next: null });
    expect((await ask('GET', '/api/stock/visits')).body).toMatchObject({ visits: [{ staff: '3000', piecesIn: 19, differences: 1 }], next: null });
    await tell(kioskIdSchema.parse('kiosk-003'), (story) => {
      for (let index = 0; index < 70; index++) story.add('stock.moved', { offerId: 'tea', change: -1, left: 70 - index, reason: 'wasted', lotId: 'a', lotLeft: 70 - index, why: 'damaged' }, at);
    });
    const first = (await ask('GET', '/api/stock/differences?kiosk=kiosk-003')).body;
    const second = (await ask('GET', `/api/stock/differences?kiosk=kiosk-003&before=${encodeURIComponent(first.next)}`)).body;
    expect(new Set([...first.moves, ...second.moves].map(({ key }: any) => key)).size).toBe(70);
    expect(second.next).toBeNull();
    expect((await ask('GET', '/api/stock/differences?before=nonsense')).status).toBe(400);
  });

  test('planograms go before each other as documents do, and are not written over what was not seen', async () => {
    await stocked();
    expect(await write(null)).toMatchObject({ status: 409, body: { by: 'ana' } });
    expect(await write(1, 'kiosk:kiosk-002', [{ slot: 'Z1', offerId: 'tea', par: 3, capacity: 3 }])).toMatchObject({ status: 200, body: { revision: 2 } });
    expect((await ask('GET', '/api/stock/kiosks/kiosk-002')).body.slots).toMatchObject([{ slot: 'Z1', par: 3, sellable: 9, bring: 0 }]);
    expect((await ask('GET', '/api/stock/planogram?scope=kiosk:kiosk-001')).body).toMatchObject({ inForce: { scope: 'all', revision: 1 }, slots, templates: [{ scope: 'all' }, { scope: 'kiosk:kiosk-002' }] });
    expect(await write(1, 'all', [{ slot: 'A1', offerId: 'tea', par: 1, capacity: 1 }, { slot: 'A1', offerId: 'tea', par: 1, capacity: 1 }])).toMatchObject({ status: 422 });
    expect((await write(1, 'all', [{ slot: 'A1', offerId: 'tea', par: 2, capacity: 1 }])).status).toBe(400);
    expect((await ask('POST', '/api/stock/planogram/withdraw', { scope: 'kiosk:kiosk-002', over: 1 })).status).toBe(409);
    expect((await ask('POST', '/api/stock/planogram/withdraw', { scope: 'kiosk:kiosk-002', over: 2 })).status).toBe(200);
    expect((await ask('GET', '/api/stock/kiosks/kiosk-002')).body.planogram.scope).toBe('all');
  });
});

describe('a restock route', () => {
  test('lists what each slot lacks, though another slot of the offer has too much: the same as the list of the kiosk itself', async () => {
    await stocked();
    const planned = [{ slot: 'A1', offerId: 'tea', par: 10, capacity: 20 }, { slot: 'A2', offerId: 'tea', par: 10, capacity: 20 }, { slot: 'B1', offerId: 'bread', par: 4, capacity: 8 }];
    await write(1, 'all', planned);
    await tell(kioskIdSchema.parse('kiosk-003'), (story) => {
      story.add('stock.moved', { offerId: 'tea', change: 14, left: 14, reason: 'refilled', lotId: 'a', lotLeft: 14, slot: 'A1' }, at);
      story.add('stock.moved', { offerId: 'tea', change: 4, left: 18, reason: 'refilled', lotId: 'b', lotLeft: 4, slot: 'A2' }, at);
    });
    await ensureKiosk(sql, kioskIdSchema.parse('kiosk-003'), 'Hall', now);
    const { body: { routeId } } = await ask('POST', '/api/stock/routes', { name: 'South', kiosks: ['kiosk-003', 'kiosk-001'] });
    const { body } = await ask('GET', `/api/stock/routes/${routeId}/list`);
    expect(body.kiosks[0].lines.map(({ slot, bring }: any) => [slot, bring])).toEqual([['A2', 6], ['B1', 4]]);
    expect((await ask('GET', '/api/stock/offers/tea')).body.kiosks.find(({ kioskId }: any) => kioskId === 'kiosk-003')).toMatchObject({ sellable: 18, par: 20, bring: 6 });
    // What HQ was told of these kiosks, as they hold it themselves.
    for (const { kioskId, lines } of body.kiosks) {
      const rows = await sql`select lot_id, offer_id, slot, best_before, remaining from stock_lots where kiosk_id = ${kioskId}`;
      const lots = rows.map((row): Lot => ({ id: row['lot_id'], offerId: row['offer_id'], slot: row['slot'] ?? undefined, bestBefore: row['best_before'] ?? undefined, count: row['remaining'], held: 0 }));
      const own = bringOf(placesOf(planned, [], lots), dayIn('Asia/Shanghai', now));
      expect(own.map(({ offerId, bring, remove }) => [offerId, bring, remove]).toSorted(), kioskId).toEqual(
        [...Map.groupBy(lines, ({ offerId }: any) => offerId)].map(([offerId, of]: any) => [offerId, of.reduce((sum: number, { bring }: any) => sum + bring, 0), of.reduce((sum: number, { expired }: any) => sum + expired, 0)]).toSorted());
    }
  });

  test('lists what to bring in its order, per kiosk and in all, and as a table that a spreadsheet takes for nothing else', async () => {
    await stocked();
    await publish(sql, { kind: 'sold_out', scope: 'all', text: '{"offerIds":[]}', signer, by: 'x', now });
    const { body: { routeId } } = await ask('POST', '/api/stock/routes', { name: 'North', kiosks: ['kiosk-002', 'kiosk-001'] });
    const { body } = await ask('GET', `/api/stock/routes/${routeId}/list`);
    expect(body.kiosks.map(({ kioskId, lines }: any) => [kioskId, lines.map(({ slot, bring, expired }: any) => [slot, bring, expired])])).toEqual([
      ['kiosk-002', [['A1', 1, 0], ['A2', 5, 0], ['B1', 4, 0]]], ['kiosk-001', [['A1', 4, 2], ['B1', 2, 0], [null, 0, 3]]],
    ]);
    expect(body.totals.map(({ offerId, bring, expired }: any) => [offerId, bring, expired])).toEqual([['tea', 10, 2], ['bread', 6, 0], ['soap', 0, 3]]);
    const csv = await app.inject({ url: `/api/stock/routes/${routeId}/list.csv?language=en` });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body.split('\r\n').slice(0, 2)).toEqual(['\ufeffKiosk id,Kiosk,Shelf,Slot,Offer id,Offer,Sellable,Par,Bring,"Expired, take out"', 'kiosk-002,"\'=Metro, ""north""",1,A1,tea,tea,9,10,1,0']);
  });

  test('is changed by one person at a time, of kiosks that there are, by those who may', async () => {
    const { body: { routeId } } = await ask('POST', '/api/stock/routes', { name: 'North', kiosks: ['kiosk-001'] });
    const change = (version: number, kiosks = ['kiosk-001', 'kiosk-002']) => ask('PUT', `/api/stock/routes/${routeId}`, { name: 'North', kiosks, version });
    expect(await change(1)).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await change(1)).toMatchObject({ status: 409, body: { by: 'ana' } });
    expect(await change(2, ['kiosk-009'])).toMatchObject({ status: 404 });
    role = 'viewer';
    expect((await change(2)).status).toBe(403);
    expect((await ask('GET', '/api/stock/routes')).body.routes).toMatchObject([{ name: 'North', kiosks: [{ kioskId: 'kiosk-001', kiosk: 'Lobby' }, { kioskId: 'kiosk-002' }] }]);
    role = 'operator';
    expect((await ask('DELETE', `/api/stock/routes/${routeId}`)).status).toBe(200);
    expect((await ask('GET', `/api/stock/routes/${routeId}/list`)).status).toBe(404);
  });
});

test('the day is the shop’s', () => {
  expect(dayIn('Asia/Shanghai', now)).toBe('2026-11-23');
  expect(dayIn('UTC', now)).toBe('2026-11-22');
  expect(dayIn('Nowhere/At all', now)).toBe('2026-11-23');
});
