import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import { compareOrders } from '../proof/compare-orders.ts';
import { rollUp } from '../reports/roll-up.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { createStory } from '../testing/story.ts';
import { addWalletOrder } from '../wallets/testing/wallet-story.ts';
import { lockKiosk, rebuildOrders } from './rebuild.ts';
import { receive } from './receive.ts';
import { understand } from './understand.ts';

const clock = { at: testNow, boot: '00000000-0000-0000-0000-000000000000', monotonicMs: 0 };
const at = testNow - 3_600_000;
let postgres: TestPostgres;
let sql: Sql;
let story: Story;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  story = createStory(testKiosk);
});
const send = async () => expect((await receive(sql, { kioskId: testKiosk, lane: 'orders', epoch: 1, clock, events: story.lane('orders') }, testNow)).kind).toBe('taken');
const tendered = async () => [...await sql<{ tender: string; state: string; count: number; amount: number }[]>`select tender, state, count, amount from sales_payments order by tender, state`].map((row) => `${row.tender} ${row.state} ${row.count} ${row.amount}`);

describe('a payment with a wallet', () => {
  test('stands with its tender, who showed the code, and what the gateway told', async () => {
    const { orderId, attemptId } = addWalletOrder(story, at);
    await send();
    const rows = await sql`select tender, mode, wallet, card, state, amount from payments where order_id = ${orderId} order by started_at`;
    expect([...rows]).toEqual([
      { tender: 'card', mode: null, wallet: null, card: null, state: 'declined', amount: 5600 },
      { tender: 'alipay', mode: 'shown', wallet: { transactionId: `2026${attemptId.slice(0, 8)}`, paidAt: at + 19_000 }, card: null, state: 'approved', amount: 5600 },
    ]);
  });

  test('of before there were any was by card', () => {
    addWalletOrder(story, at);
    const event = story.events.find(({ kind }) => kind === 'payment.attempt')!;
    const { tender: _tender, ...older } = JSON.parse(event.payload) as Record<string, unknown>;
    expect(understand({ ...event, version: 1, payload: JSON.stringify(older) })).toMatchObject({ ok: true, value: { body: { tender: 'card' } } });
    // Version 2 must say it.
    expect(understand({ ...event, payload: JSON.stringify(older) })).toMatchObject({ ok: false });
  });

  test('and the parts of it that went back are what the kiosk told, and a changed row is found and made anew', async () => {
    const { orderId, refundIds } = addWalletOrder(story, at, { refunds: [{ amount: 500, state: 'done' }, { amount: 300, state: 'refused' }, { amount: 200, state: 'asked', way: 'by_hand' }] });
    await send();
    const rows = () => sql`select refund_id, amount, way, state, reason, by, detail, state_at > asked_at as moved from order_refunds where order_id = ${orderId} order by asked_at`;
    const told = await rows();
    expect([...told]).toEqual([
      { refund_id: refundIds[0], amount: 500, way: 'tender', state: 'done', reason: 'cold', by: '2000', detail: null, moved: true },
      { refund_id: refundIds[1], amount: 300, way: 'tender', state: 'refused', reason: 'cold', by: '2000', detail: 'the gateway refused', moved: true },
      { refund_id: refundIds[2], amount: 200, way: 'by_hand', state: 'asked', reason: 'cold', by: '2000', detail: null, moved: false },
    ]);
    expect(await compareOrders(sql, testKiosk, [orderId])).toEqual([]);
    await sql`update order_refunds set amount = 501 where refund_id = ${refundIds[0]!}`;
    await sql`update payments set tender = 'wechat' where order_id = ${orderId} and tender = 'alipay'`;
    expect((await compareOrders(sql, testKiosk, [orderId])).map(({ table }) => table).toSorted()).toEqual(['order_refunds', 'payments']);
    await sql.begin(async (transaction) => {
      await lockKiosk(transaction, testKiosk);
      await rebuildOrders(transaction, { kioskId: testKiosk, now: testNow }, [orderId]);
    });
    expect([...await rows()]).toEqual([...told]);
    expect(await compareOrders(sql, testKiosk, [orderId])).toEqual([]);
  });

  test('is summed by its wallet, each part on its day, and nothing twice when all of it went back', async () => {
    addWalletOrder(story, at, { refunds: [{ amount: 500, state: 'done' }, { amount: 300, state: 'refused' }] });
    addWalletOrder(story, at + 100_000, { refunds: [{ amount: 1400, state: 'done' }, { amount: 4200, state: 'done' }], isReversed: true });
    addWalletOrder(story, at + 200_000, { isReversed: true });
    story.order({ offers: [['latte', 1]], ending: 'fulfilled', at: at + 300_000 });
    await send();
    await rollUp(sql);
    expect(await tendered()).toEqual([
      ' declined 3 16800', 'UnionPay approved 1 2800', 'alipay approved 1 5600', 'alipay returned 4 11700', 'alipay reversed 2 11200',
    ]);
    expect((await sql`select orders, amount, refunds, refunded_amount from sales_days`)[0]).toEqual({ orders: 4, amount: 19_600, refunds: 2, refunded_amount: 11_700 });
  });

  test('marks the day of a part that goes back later', async () => {
    const { orderId, attemptId } = addWalletOrder(story, at);
    await send();
    await rollUp(sql);
    story.add('payment.refund', { refundId: '0190a000-0000-7000-8000-000000000001', attemptId, orderId, amount: { amount: 100, currency: 'CNY' }, way: 'tender', state: 'done', reason: 'cold' } as never, at + 600_000);
    await send();
    expect(await sql`select 1 from sales_dirty`).not.toHaveLength(0);
    await rollUp(sql);
    expect(await tendered()).toContain('alipay returned 1 100');
  });
});
