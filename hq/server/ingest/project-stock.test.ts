import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import { compareStock } from '../proof/compare-orders.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import { createStory } from '../testing/story.ts';
import { rebuildStock, restock } from './project-stock.ts';
import type { EventRow } from './rebuild.ts';
import { effectiveOfRow, eventColumns } from './rebuild.ts';
import { receive } from './receive.ts';

let postgres: TestPostgres;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
});

const clock = { at: testNow, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0 };
const at = testNow - 60_000;

async function tell(fill: (story: ReturnType<typeof createStory>) => void): Promise<void> {
  const story = createStory(testKiosk);
  fill(story);
  for (const lane of ['orders', 'stock'] as const) {
    const events = story.lane(lane);
    if (events.length > 0) expect(await receive(sql, { kioskId: testKiosk, lane, epoch: 1, clock, events }, testNow)).toMatchObject({ kind: 'taken', setAside: [] });
  }
}
const lots = () => sql`select offer_id, lot_id, slot, best_before, remaining from stock_lots order by lot_id`;

describe('stock at HQ', () => {
  test('is known by lot, with slot and date, as the newest move of each lot says', async () => {
    await tell((story) => {
      story.add('stock.moved', { offerId: 'tea', change: 6, left: 6, reason: 'refilled', lotId: 'a1', lotLeft: 6, slot: 'A1', bestBefore: '2026-12-01', staff: '3000' }, at);
      story.add('stock.moved', { offerId: 'tea', change: 4, left: 10, reason: 'refilled', lotId: 'a2', lotLeft: 4, slot: 'A2' }, at);
      story.add('stock.moved', { offerId: 'tea', change: -2, left: 8, reason: 'counted', lotId: 'a1', lotLeft: 4, why: 'missing', staff: '3000', note: 'shelf open' }, at);
    });
    expect(await lots()).toEqual([
      { offer_id: 'tea', lot_id: 'a1', slot: 'A1', best_before: '2026-12-01', remaining: 4 }, { offer_id: 'tea', lot_id: 'a2', slot: 'A2', best_before: null, remaining: 4 },
    ]);
    expect(await sql`select change, why, staff, note from stock_moves where reason = 'counted'`).toEqual([{ change: -2, why: 'missing', staff: '3000', note: 'shelf open' }]);
    expect(await sql`select remaining from stock`).toEqual([{ remaining: 8 }]);
  });

  test('of kiosks of before, which know no lots, is taken in as it was', async () => {
    const story = createStory(testKiosk);
    story.add('stock.moved', { offerId: 'tea', change: 6, left: 6, reason: 'initial' }, at);
    const events = story.lane('stock').map((event) => ({ ...event, version: 1 }));
    const { chainOf } = await import('../testing/story.ts');
    expect(await receive(sql, { kioskId: testKiosk, lane: 'stock', epoch: 1, clock, events: chainOf(events, 'stock', 1) }, testNow)).toMatchObject({ kind: 'taken', setAside: [] });
    expect(await sql`select remaining from stock`).toEqual([{ remaining: 6 }]);
    expect(await lots()).toEqual([]);
  });

  test('made anew from its moves is the same; a lot that was changed, lost or made up is found and mended', async () => {
    await tell((story) => {
      for (let index = 0; index < 12; index++) story.add('stock.moved', { offerId: 'tea', change: 1, left: index + 1, reason: 'refilled', lotId: `a${index % 3}`, lotLeft: Math.floor(index / 3) + 1, ...(index < 3 ? { slot: `A${index}`, bestBefore: `2026-12-0${index + 1}` } : {}) }, at + index);
    });
    const told = await lots();
    expect(told).toHaveLength(3);
    expect(await compareStock(sql, testKiosk, ['tea'])).toEqual([]);
    await sql`update stock_lots set remaining = 99 where lot_id = 'a0'`;
    await sql`delete from stock_lots where lot_id = 'a1'`;
    await sql`insert into stock_lots (kiosk_id, offer_id, lot_id, remaining, moved_at) values (${testKiosk}, 'tea', 'zz', 5, ${at})`;
    expect((await compareStock(sql, testKiosk, ['tea'])).map(({ table, id }) => `${table} ${id}`).toSorted()).toEqual(['stock_lots tea a0', 'stock_lots tea a1', 'stock_lots tea zz']);
    const rows = await sql<EventRow[]>`select ${eventColumns(sql)} from events where kind = 'stock.moved' order by sequence`;
    const moves = rows.flatMap((row) => effectiveOfRow(row) ?? []).filter((effective) => effective.kind === 'stock.moved');
    await sql`delete from stock_moves`;
    await sql.begin((transaction) => rebuildStock(transaction, testKiosk, moves.toReversed()));
    expect(await lots()).toEqual(told);
    await sql.begin((transaction) => restock(transaction, testKiosk, ['tea']));
    expect(await lots()).toEqual(told);
    expect(await compareStock(sql, testKiosk, ['tea'])).toEqual([]);
  });

  test('remembers a visit, and a recovery code that was used up, once each', async () => {
    const visitId = '0190a000-0000-4000-8000-000000000101';
    const codeHash = 'c'.repeat(64);
    await tell((story) => {
      story.add('restock.visited', { visitId, staff: '3000', startedAt: at, endedAt: at + 9000, slots: 4, piecesIn: 20, piecesOut: 2, differences: 1 }, at);
      story.add('staff.code_used', { number: '1000', codeHash }, at);
      story.add('staff.code_used', { number: '1000', codeHash }, at + 1);
    });
    expect(await sql`select visit_id, staff, pieces_in, differences from restock_visits`).toEqual([{ visit_id: visitId, staff: '3000', pieces_in: 20, differences: 1 }]);
    expect(await sql`select number, code_hash, used_at from staff_codes_used`).toEqual([{ number: '1000', code_hash: codeHash, used_at: at }]);
  });
});
