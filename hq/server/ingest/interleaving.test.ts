import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HqEvent, Lane } from '../../../domain/contract/hq.ts';
import type { Sql } from '../database.ts';
import { compareMoves, compareOrders, compareStock } from '../proof/compare-orders.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import { chainOf, createStory, sealStoryWords } from '../testing/story.ts';
import { addWalletOrder } from '../wallets/testing/wallet-story.ts';
import type { EventRow } from './rebuild.ts';
import { effectiveOfRow, eventColumns } from './rebuild.ts';
import { receive } from './receive.ts';

let postgres: TestPostgres;
let sql: Sql;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ sql } = await postgres.createDatabase());
}, 60_000);
afterAll(() => postgres?.stop());

const orderTables = ['orders', 'order_lines', 'payments', 'order_refunds', 'jobs', 'service_requests', 'service_settlements', 'feedback', 'attention', 'stock', 'stock_lots', 'restock_visits'];
const lanes = ['orders', 'stock'] as const;
const at = testNow - 3_600_000;
const clock = { at: testNow, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0 };

const story = createStory(testKiosk, 'https://hq.example', 'sealed');
story.add('stock.moved', { offerId: 'umbrella', change: 12, left: 12, reason: 'initial' }, at);
for (const [index, ending] of (['fulfilled', 'declined_then_paid', 'refunded', 'cancelled', 'payment_unclear', 'reversal_refused'] as const).entries()) {
  const { orderId, jobId } = story.order({ offers: [['latte', 1], ['umbrella', 1 + index], ['topUp', 1]], ending, at: at + index * 700_000 });
  if (jobId === '') continue;
  story.add('service.settled', { jobId, orderId, outcome: 'pending' }, at + index * 700_000 + 30_000);
  story.add('service.settled', { jobId, orderId, outcome: 'done', reference: `LB${index}` }, at + index * 700_000 + 40_000);
  story.add('feedback.given', { orderId, stars: 5, chips: [], words: sealStoryWords(orderId, 'Thanks') }, at + index * 700_000 + 50_000);
}
addWalletOrder(story, at + 5_000_000, { refunds: [{ amount: 500, state: 'done' }, { amount: 300, state: 'refused' }, { amount: 100, state: 'asked' }] });
const lot = { offerId: 'umbrella', slot: 'A1' } as const;
for (let index = 0; index < 6; index++) {
  const visitId = `0190a000-0000-4000-8000-00000000010${index}`;
  const [lotId, other] = [`a000${index % 3}`, `a000${(index + 1) % 3}`];
  story.add('stock.moved', { ...lot, change: 4, left: 10 + index, reason: 'refilled', lotId, lotLeft: 4 + index, bestBefore: `2026-12-0${index + 1}`, moveId: `0190a000-0000-4000-8000-00000000020${index}`, visitId, staff: '3000' }, at + index * 60_000);
  // What the first one said of the lot is not said again.
  story.add('stock.moved', { offerId: 'umbrella', change: -1, left: 9 + index, reason: 'wasted', lotId: other, lotLeft: index, why: 'damaged', visitId, staff: '3000', note: 'wet' }, at + index * 60_000 + 1);
  story.add('restock.visited', { visitId, staff: '3000', startedAt: at, endedAt: at + index * 60_000, slots: 2, piecesIn: 4, piecesOut: 1, differences: 0 }, at + index * 60_000 + 2);
}
const told = { orders: story.lane('orders'), stock: story.lane('stock') };

async function tables(): Promise<unknown> {
  const contents = [];
  for (const name of orderTables) contents.push([name, (await sql.unsafe(`select to_jsonb(t) - 'epoch' - 'sequence' as row from ${name} t order by (to_jsonb(t) - 'epoch' - 'sequence')::text`)).map(({ row }) => row as unknown)]);
  contents.push(['moves', await sql`select offer_id, change, remaining, reason, order_id, at, lot_id, lot_left, slot, best_before, staff, why from stock_moves order by at, offer_id, change`]);
  return Object.fromEntries(contents);
}
const clear = () => sql.unsafe(`truncate cursors, events, quarantined_events, alarms, stock_moves, ${orderTables.join(', ')}`);
const send = (lane: Lane, epoch: number, events: readonly HqEvent[]) => receive(sql, { kioskId: testKiosk, lane, epoch, clock, events: [...events] }, testNow);

/** What a network and a kiosk that is restored may do: a batch cut anywhere, late, doubled and at once with others; or an epoch that begins anywhere. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('send' as const), lane: fc.constantFrom(...lanes), epochsBack: fc.nat(2), from: fc.nat(120), length: fc.integer({ min: 1, max: 60 }), doubled: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('epoch' as const), lane: fc.constantFrom(...lanes), from: fc.nat(120) }) },
);

describe('whatever comes, in whatever order and however often', () => {
  test('each event has one effect, and the tables are what a pure fold of the events gives', async () => {
    for (const lane of lanes) await send(lane, 1, told[lane]);
    const expected = await tables();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
        await clear();
        const epochs = { orders: [told.orders], stock: [told.stock] };
        const marks = new Map<string, number>();
        for (const round of rounds) {
          const sending = round.flatMap((action) => {
            const { lane } = action;
            if (action.kind === 'epoch') {
              // A restored kiosk sends again from some point: never less than HQ lacks.
              const newest = epochs[lane].at(-1)!;
              const kept = told[lane].slice(Math.max(0, told[lane].length - newest.length));
              const from = Math.min(action.from, kept.length - 1, marks.get(`${lane} ${epochs[lane].length}`) ?? 0);
              epochs[lane].push(chainOf(kept.slice(from), lane, epochs[lane].length + 1));
              return [];
            }
            const index = Math.max(0, epochs[lane].length - 1 - action.epochsBack);
            const events = epochs[lane][index]!;
            const from = action.from % events.length;
            const batch = events.slice(from, from + action.length);
            return Array.from({ length: action.doubled ? 2 : 1 }, () => send(lane, index + 1, batch).then((answer) => ({ lane, answer })));
          });
          for (const { lane, answer } of await Promise.all(sending)) {
            expect(['taken', 'gap', 'epoch_old']).toContain(answer.kind);
            const key = `${lane} ${answer.mark.epoch}`;
            if (answer.kind === 'taken') marks.set(key, Math.max(marks.get(key) ?? 0, answer.mark.acknowledged));
          }
        }
        for (const lane of lanes) {
          const epoch = epochs[lane].length;
          expect(await send(lane, epoch, epochs[lane].at(-1)!)).toMatchObject({ kind: 'taken', mark: { epoch, acknowledged: epochs[lane].at(-1)!.length, head: epochs[lane].at(-1)!.at(-1)!.hash } });
        }
        const effective = await sql<{ event_id: string }[]>`select event_id from events where not repeated`;
        expect(effective.map((row) => row.event_id).toSorted()).toEqual([...told.orders, ...told.stock].map(({ id }) => id as string).toSorted());
        expect(await sql`select * from quarantined_events`).toEqual([]);
        expect(await tables()).toEqual(expected);
        await expectFold();
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

async function expectFold(): Promise<void> {
  const orders = await sql<{ order_id: string }[]>`select order_id from orders`;
  expect(await compareOrders(sql, testKiosk, orders.map((row) => row.order_id))).toEqual([]);
  for (const { epoch } of await sql<{ epoch: number }[]>`select epoch from cursors where lane = 'stock'`) {
    const rows = await sql<EventRow[]>`select ${eventColumns(sql)} from events where lane = 'stock' and epoch = ${epoch} and not repeated order by sequence`;
    expect(await compareMoves(sql, testKiosk, rows.flatMap((row) => effectiveOfRow(row) ?? []))).toEqual([]);
  }
  expect(await compareStock(sql, testKiosk, ['umbrella'])).toEqual([]);
}
