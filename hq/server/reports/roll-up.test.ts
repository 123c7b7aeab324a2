import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { maxBatchEvents } from '../../../domain/contract/hq.ts';
import type { Sql, Transaction } from '../database.ts';
import { lockKiosk, rebuildOrders } from '../ingest/rebuild.ts';
import { receive } from '../ingest/receive.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk } from '../testing/hq.ts';
import type { Ending, StoryOffer } from '../testing/story.ts';
import { chainOf, createStory, storyBoot, storyBootAt } from '../testing/story.ts';
import { rebuildSales, rollUp, spansOf } from './roll-up.ts';

const kioskId = testKiosk;
const dayMs = 86_400_000;
const sold = ['paid', 'fulfilled', 'refunded'];
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

const endings: readonly Ending[] = ['fulfilled', 'declined_then_paid', 'cancelled', 'expired', 'payment_unknown', 'refunded', 'awaiting_payment', 'payment_unclear', 'reversal_refused', 'print_uncertain'];
const offers: readonly StoryOffer[] = ['latte', 'dumplings', 'charger', 'umbrella', 'topUp', 'water'];

function send(sql: Sql, events: readonly HqEvent[]) {
  return receive(sql, { kioskId, lane: 'orders', epoch: 1, clock: { at: storyBootAt, boot: storyBoot, monotonicMs: 0 }, events: [...events] }, storyBootAt + 400 * dayMs);
}

/** Everything that the sums must be, added up here from whole tables, row by row. */
async function sumsOfFacts(sql: Sql): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  const add = (name: string, amount: number) => {
    if (amount !== 0) sums[name] = (sums[name] ?? 0) + amount;
  };
  const orders = await sql<{ order_id: string; state: string; occurred_at: number; state_at: number; total_amount: number; currency: string; zone: string }[]>`select order_id, state, occurred_at, state_at, total_amount, currency, shop ->> 'timeZone' as zone from orders`;
  const lines = await sql<{ order_id: string; offer_id: string; business: string; quantity: number; total: number }[]>`select order_id, offer_id, fulfilment ->> 'kind' as business, quantity, total from order_lines`;
  const payments = await sql<{ order_id: string; state: string; amount: number; currency: string; started_at: number; state_at: number; card: { cardName: string } | null }[]>`select order_id, state, amount, currency, started_at, state_at, card from payments`;
  // Shanghai is eight hours ahead, all year.
  const hour = (at: number) => Math.floor((at + 8 * 3_600_000) / 3_600_000);
  const day = (at: number) => Math.floor(hour(at) / 24);
  for (const order of orders) {
    expect(order.zone).toBe('Asia/Shanghai');
    const at = `hour ${hour(order.occurred_at)} ${order.currency}`;
    const isSold = sold.includes(order.state);
    add(`${at} ${isSold ? 'orders' : 'unsold'}`, 1);
    if (isSold) add(`${at} amount`, order.total_amount);
    if (isSold && order.total_amount === 0) add(`${at} free`, 1);
    if (order.state === 'refunded') {
      add(`hour ${hour(order.state_at)} ${order.currency} refunds`, 1);
      add(`hour ${hour(order.state_at)} ${order.currency} refunded`, order.total_amount);
    }
    for (const line of lines.filter(({ order_id }) => order_id === order.order_id)) {
      for (const of of [`offer ${line.offer_id}`, `business ${line.business}`]) {
        if (isSold) add(`day ${day(order.occurred_at)} ${of} quantity`, line.quantity);
        if (isSold) add(`day ${day(order.occurred_at)} ${of} amount`, line.total);
        if (order.state === 'refunded') add(`day ${day(order.state_at)} ${of} refunded`, line.total);
      }
    }
    for (const payment of payments.filter(({ order_id }) => order_id === order.order_id)) {
      const tender = payment.card?.cardName ?? '';
      add(`day ${day(payment.started_at)} ${payment.currency} ${tender} ${payment.state} count`, 1);
      add(`day ${day(payment.started_at)} ${payment.currency} ${tender} ${payment.state} amount`, payment.amount);
      if (payment.state !== 'reversed') continue;
      add(`day ${day(payment.state_at)} ${payment.currency} ${tender} returned count`, 1);
      add(`day ${day(payment.state_at)} ${payment.currency} ${tender} returned amount`, payment.amount);
    }
  }
  return sums;
}

async function sumsOfRollUps(sql: Sql): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  // Days are their hours.
  const ofHours = await sql`select kiosk_id, local_hour / 24 as day, currency, sum(orders)::bigint as orders, sum(amount)::bigint as amount, sum(refunded_amount)::bigint as refunded from sales_hours group by 1, 2, 3 order by 1, 2, 3`;
  expect([...await sql`select kiosk_id, day, currency, orders, amount, refunded_amount as refunded from sales_days order by 1, 2, 3`]).toEqual([...ofHours]);
  const set = (name: string, amount: number) => {
    if (amount !== 0) sums[name] = amount;
  };
  for (const row of await sql`select * from sales_hours`) {
    const at = `hour ${row['local_hour']} ${row['currency']}`;
    for (const [name, column] of [['orders', 'orders'], ['amount', 'amount'], ['free', 'free_orders'], ['unsold', 'unsold_orders'], ['refunds', 'refunds'], ['refunded', 'refunded_amount']] as const) set(`${at} ${name}`, row[column] as number);
  }
  for (const [table, column] of [['sales_offers', 'offer_id'], ['sales_businesses', 'business']] as const) {
    for (const row of await sql`select * from ${sql(table)}`) {
      const at = `day ${row['day']} ${table === 'sales_offers' ? 'offer' : 'business'} ${row[column]}`;
      set(`${at} quantity`, row['quantity'] as number);
      set(`${at} amount`, row['amount'] as number);
      set(`${at} refunded`, row['refunded_amount'] as number);
    }
  }
  for (const row of await sql`select * from sales_payments`) {
    const at = `day ${row['day']} ${row['currency']} ${row['tender']} ${row['state']}`;
    set(`${at} count`, row['count'] as number);
    set(`${at} amount`, row['amount'] as number);
  }
  return sums;
}

/** A process that dies: its transaction ends after so many statements, and nothing of it stays. */
function dyingAfter(sql: Sql, statements: number): Sql {
  let left = statements;
  const counted = (transaction: Transaction): Transaction => new Proxy(transaction, {
    apply: (target, self, args: unknown[]) => {
      // A fragment or a list of values is no statement; what is one begins with a verb.
      if (Array.isArray(args[0]) && 'raw' in args[0] && /^\s*(delete|insert|select|set)\b/.test(String((args[0] as readonly string[])[0])) && left-- === 0) throw new Error('died');
      return Reflect.apply(target as never, self, args) as unknown;
    },
  });
  return new Proxy(sql, { get: (target, key) => (key === 'begin' ? (work: (transaction: Transaction) => Promise<unknown>) => target.begin((transaction) => work(counted(transaction))) : Reflect.get(target, key)) });
}

const planSchema = fc.record({
  ending: fc.constantFrom(...endings), offers: fc.uniqueArray(fc.constantFrom(...offers), { minLength: 1, maxLength: 3 }), quantity: fc.integer({ min: 1, max: 3 }),
  // Around midnights by the shop's clock (16:00 UTC), too.
  minutes: fc.oneof(fc.nat(4 * 1440), fc.constantFrom(959, 960, 961, 2399, 2400)),
});

describe('the sums of sales', () => {
  test('are those of the facts: however events are cut into batches, wherever summing dies in between, after refunds and after orders are made anew', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(planSchema, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.integer({ min: 1, max: 40 })), fc.infiniteStream(fc.integer({ min: -1, max: 14 })),
      async (plans, sizes, deaths) => {
        const { sql } = await postgres.createDatabase();
        const story = createStory(kioskId);
        for (const { ending, offers: bought, quantity, minutes } of plans) story.order({ ending, offers: bought.map((offer) => [offer, quantity] as const), at: storyBootAt + dayMs + minutes * 60_000 });
        const events = story.lane('orders');
        for (let from = 0; from < events.length;) {
          const size = Math.min(sizes.next().value as number, maxBatchEvents);
          expect((await send(sql, events.slice(from, from + size))).kind).toBe('taken');
          from += size;
          const death = deaths.next().value as number;
          if (death >= 0) await rollUp(dyingAfter(sql, death)).catch(() => {});
        }
        await rollUp(sql);
        expect(await sumsOfRollUps(sql)).toEqual(await sumsOfFacts(sql));
        // Some rows are lost by hand, and made anew out of their events.
        const [one] = await sql<{ order_id: string }[]>`select order_id from orders order by order_id limit 1`;
        await sql`update orders set state = 'placed', total_amount = 1 where order_id = ${one!.order_id}`;
        await sql.begin(async (transaction) => {
          await lockKiosk(transaction, kioskId);
          await rebuildOrders(transaction, { kioskId, now: storyBootAt }, [one!.order_id]);
        });
        await rollUp(sql);
        expect(await sumsOfRollUps(sql)).toEqual(await sumsOfFacts(sql));
        // And what nobody marked is found by making everything anew.
        await sql`update orders set total_amount = total_amount + 7`;
        await sql`update sales_hours set orders = orders + 1`;
        await rebuildSales(sql);
        expect(await sumsOfRollUps(sql)).toEqual(await sumsOfFacts(sql));
        expect(await sql`select 1 from sales_dirty`).toHaveLength(0);
      },
    ), { numRuns: 12 });
  }, 180_000);

  test('see a batch that was being taken while they were made', async () => {
    const { sql } = await postgres.createDatabase();
    const story = createStory(kioskId);
    story.order({ ending: 'fulfilled', offers: [['latte', 1]], at: storyBootAt + dayMs });
    story.order({ ending: 'fulfilled', offers: [['latte', 2]], at: storyBootAt + dayMs + 1000 });
    const events = story.lane('orders');
    const half = events.findIndex(({ kind }, index) => index > 0 && kind === 'order.placed');
    await send(sql, events.slice(0, half));
    let summing: Promise<number> | undefined;
    // The mark is there already; this batch marks it again and has not committed when the sums are begun.
    await receive(sql, { kioskId, lane: 'orders', epoch: 1, clock: { at: storyBootAt, boot: storyBoot, monotonicMs: 0 }, events: events.slice(half) }, storyBootAt + 400 * dayMs, async () => {
      summing = rollUp(sql);
      await new Promise((resolve) => setTimeout(resolve, 150));
    });
    await summing;
    await rollUp(sql);
    expect(await sumsOfRollUps(sql)).toEqual(await sumsOfFacts(sql));
    expect((await sql`select sum(orders)::bigint as orders from sales_hours`)[0]).toEqual({ orders: 2 });
  });

  test('count an order that came late, out of what was set aside', async () => {
    const { sql } = await postgres.createDatabase();
    const story = createStory(kioskId);
    story.order({ ending: 'fulfilled', offers: [['latte', 1]], at: storyBootAt + dayMs });
    const events = story.lane('orders');
    // Its beginning is of a version that this HQ does not know; what follows finds no order.
    const strange = chainOf(events.map((event) => (event.kind === 'order.placed' ? { ...event, version: 99 } : event)), 'orders', 1);
    await send(sql, strange);
    await rollUp(sql);
    expect(await sumsOfRollUps(sql)).toEqual({});
    await sql`update events set version = ${events[0]!.version} where kind = 'order.placed'`;
    const { reapply } = await import('../ingest/reapply.ts');
    await reapply(sql, () => storyBootAt + 400 * dayMs);
    // Its time is over before it begins: the days stay marked for the next time.
    expect(await rollUp(sql, { forMs: -1 })).toBe(0);
    expect(await rollUp(sql, { forMs: 60_000 })).toBeGreaterThan(0);
    const sums = await sumsOfRollUps(sql);
    expect(sums).toEqual(await sumsOfFacts(sql));
    expect(Object.keys(sums).length).toBeGreaterThan(5);
  });

  test('are made over neighbouring days at once', () => {
    expect(spansOf([3, 4, 5, 9, 11, 12])).toEqual([{ from: 3, to: 5 }, { from: 9, to: 9 }, { from: 11, to: 12 }]);
  });
});
