import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiAnswer } from '../../contract/api/route.ts';
import type { readOrder, refundOrder } from '../../contract/api/orders.ts';
import type { listOpenWallets } from '../../contract/api/wallets.ts';
import { money } from '../../../domain/money.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { createStory } from '../testing/story.ts';
import { unwantPayment } from './begin.ts';
import { createWalletEngine } from './engine.ts';
import { tradeNoOf } from './rows.ts';
import type { ScriptedGateway } from './testing/scripted-gateway.ts';
import { createScriptedGateway } from './testing/scripted-gateway.ts';
import { beginRequest } from './testing/wallet-rig.ts';
import { addWalletOrder } from './testing/wallet-story.ts';
import { createWalletWorker } from './worker.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let story: Story;
let clock: number;
const at = testNow - 3_600_000;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  clock = testNow;
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { now: () => clock });
  story = createStory(testKiosk);
  return () => hq.close();
});

const send = async () => expect((await hq.send(story.events)).status).toBe(200);
const read = async (orderId: string) => (await hq.inject({ url: `/api/orders/${testKiosk}/${orderId}` })).json<ApiAnswer<typeof readOrder>>();
const ask = (orderId: string, amount?: number) => hq.inject({ method: 'POST', url: `/api/orders/${testKiosk}/${orderId}/refund`, payload: { reason: 'cold coffee', ...(amount === undefined ? {} : { amount }) } });
const answered = (outcome: string) => database.sql`update commands set state = 'answered', outcome = ${outcome}, detail = '', answered_at = ${clock} where kiosk_id = ${testKiosk} and state = 'waiting'`;
const commands = async () => (await database.sql<{ params: unknown }[]>`select params from commands where kiosk_id = ${testKiosk} and kind = 'refund' order by sequence`).map(({ params }) => params);

describe('a refund from the console, of what a wallet paid', () => {
  test('may be of a part, then of another, and of no more than is left', async () => {
    const order = addWalletOrder(story, at);
    await send();
    expect(await read(order.orderId)).toMatchObject({ mayRefund: 'yes', refundable: { left: money(5600, 'CNY'), tender: 'alipay', parts: true } });
    expect((await ask(order.orderId, 5601)).json()).toMatchObject({ code: 'HQ_INVALID', left: money(5600, 'CNY') });
    expect((await ask(order.orderId, 0)).statusCode).toBe(400);
    expect((await ask(order.orderId, 600)).json<ApiAnswer<typeof refundOrder>>()).toMatchObject({ isNew: true, refund: { amount: 600 } });
    // One thing at a time.
    expect((await ask(order.orderId, 700)).json<ApiAnswer<typeof refundOrder>>()).toMatchObject({ isNew: false, refund: { amount: 600 } });
    expect(await commands()).toEqual([{ orderId: order.orderId, reason: 'cold coffee', amount: 600, by: 'dev' }]);
    const refund = { refundId: '0190a000-0000-7000-8000-000000000001', attemptId: order.attemptId, orderId: order.orderId, amount: money(600, 'CNY'), way: 'tender', reason: 'cold coffee', by: 'HQ, dev' };
    for (const state of ['asked', 'done']) story.add('payment.refund', { ...refund, state } as never, clock);
    await send();
    await answered('done');
    expect(await read(order.orderId)).toMatchObject({ mayRefund: 'yes', refundable: { left: money(5000, 'CNY') }, refunds: [{ amount: money(600, 'CNY'), state: 'done', by: 'HQ, dev', reason: 'cold coffee', way: 'tender' }] });
    expect((await ask(order.orderId, 5001)).statusCode).toBe(422);
    expect((await ask(order.orderId)).json<ApiAnswer<typeof refundOrder>>()).toMatchObject({ isNew: true, refund: { amount: null } });
    expect((await commands()).at(-1)).toEqual({ orderId: order.orderId, reason: 'cold coffee', by: 'dev' });
  });

  test('has no part of a card, and says to its kiosk what kiosks of before understand', async () => {
    const { orderId } = story.order({ offers: [['latte', 2]], ending: 'fulfilled', at });
    await send();
    expect(await read(orderId)).toMatchObject({ refundable: { tender: 'card', parts: false } });
    expect((await ask(orderId, 100)).json()).toMatchObject({ code: 'HQ_INVALID', detail: expect.stringContaining('whole purchases only') });
    expect((await ask(orderId, 5600)).statusCode).toBe(200);
    expect(await commands()).toEqual([{ orderId, reason: 'cold coffee' }]);
  });

  test('that is all on its way, or back in parts, is asked for no more', async () => {
    const order = addWalletOrder(story, at, { refunds: [{ amount: 600, state: 'done' }, { amount: 5000, state: 'asked' }] });
    await send();
    expect(await read(order.orderId)).toMatchObject({ mayRefund: 'refunded', refundable: null });
    expect((await ask(order.orderId, 1)).statusCode).toBe(409);
  });
});

/** A payment at HQ's side, of this gateway. */
async function begun(gateway: ScriptedGateway, mode: 'shown' | 'read' = 'read') {
  const request = beginRequest(testKiosk, clock, mode);
  const deps = { sql: database.sql, now: () => clock, gateways: [gateway], onProblem: () => {} };
  const engine = createWalletEngine(deps);
  await engine.begin(request);
  const worker = createWalletWorker({ ...deps, pollMs: 2 ** 30 });
  await worker.stop();
  return { request, engine, run: worker.run };
}

/** Nobody wants it any more, the phone pays all the same, and HQ gives it back. */
async function paidLate(gateway: ReturnType<typeof createScriptedGateway>, { request, engine, run }: Awaited<ReturnType<typeof begun>>): Promise<void> {
  await unwantPayment(database.sql, request, clock);
  await engine.payment(request);
  gateway.trades.get(tradeNoOf(request.attemptId))!.state = 'paid';
  clock += 61_000;
  await run();
  clock += 1000;
  await run();
}

describe('an order’s life', () => {
  test('tells what HQ did at the gateway, and what went back, with reason and person', async () => {
    const order = addWalletOrder(story, at, { refunds: [{ amount: 500, state: 'refused' }] });
    await send();
    const gateway = createScriptedGateway({ now: () => clock });
    const { request, engine, run } = await begun(gateway, 'shown');
    await database.sql`update wallet_payments set order_id = ${order.orderId}, wallet = 'wechat'`;
    await paidLate(gateway, { request, engine, run });
    const life = (await read(order.orderId)).life.filter(({ kind }) => kind === 'wallet' || kind === 'refund');
    expect(life.map(({ kind, name, outcome, detail }) => [kind, name, outcome, detail])).toEqual([
      ['refund', 'asked', 'tender', 'cold'], ['refund', 'refused', 'tender', 'cold: the gateway refused'],
      ['wallet', 'begun', 'wechat', 'shown'], ['wallet', 'unwanted', 'wechat', null], ['wallet', 'closed', 'wechat', null],
      ['wallet', 'late', 'wechat', 'paid after it was closed'], ['wallet', 'refund_asked', null, 'paid after it was closed'], ['wallet', 'refund_done', null, null],
    ]);
    expect(life[0]).toMatchObject({ subject: '2000', amount: money(500, 'CNY') });
  });
});

describe('what waits for a person', () => {
  const list = async (query = '') => (await hq.inject({ url: `/api/money/wallets/open${query}` })).json<ApiAnswer<typeof listOpenWallets>>().open;
  const settle = (path: string, outcome: string) => hq.inject({ method: 'POST', url: `/api/money/wallets/${testKiosk}/${path}/settle`, payload: { outcome, note: 'as the gateway’s book says' } });
  const openAlarms = () => database.sql`select subject from alarms where kind = 'wallet_open' and settled_at is null`;

  test('is a payment of another amount, until a person has said what became of it', async () => {
    const gateway = createScriptedGateway({ now: () => clock });
    const { request, run } = await begun(gateway, 'shown');
    expect(await list()).toMatchObject([{ kind: 'payment', state: 'waiting', needsPerson: false, amount: money(1250, 'CNY'), facts: null }]);
    expect(await list('?who=person')).toEqual([]);
    expect((await settle(`payments/${request.attemptId}`, 'paid')).statusCode).toBe(409);
    gateway.pay(tradeNoOf(request.attemptId), money(99, 'CNY'));
    clock += 5000;
    await run();
    expect(await list('?who=person')).toMatchObject([{ attemptId: request.attemptId, state: 'held', needsPerson: true, orderNumber: 'A012', facts: { what: 'other_amount', wallet: 'wechat', taken: money(99, 'CNY'), asked: money(1250, 'CNY') } }]);
    expect((await settle(`payments/${request.attemptId}`, 'closed')).statusCode).toBe(200);
    expect((await settle(`payments/${request.attemptId}`, 'paid')).statusCode).toBe(409);
    expect([await list(), await openAlarms()]).toEqual([[], []]);
    clock += 86_400_000;
    await run();
    expect((await database.sql`select state from wallet_payments`)[0]).toEqual({ state: 'closed' });
  });

  test('is a payment whose amount HQ heard of after it had heard of the payment: it can be said to be paid', async () => {
    const gateway = createScriptedGateway({ now: () => clock });
    const { request, run } = await begun(gateway, 'shown');
    gateway.pay(tradeNoOf(request.attemptId), money(99, 'CNY'));
    clock += 5000;
    await run();
    await database.sql`update wallet_payments set amount = null, currency = null`;
    expect((await settle(`payments/${request.attemptId}`, 'paid')).statusCode).toBe(409);
    await database.sql`
      insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, mode, started_at, state_at)
      values (${testKiosk}, ${request.attemptId}, ${request.orderId}, 1250, 'CNY', 'approved', 'wechat', 'shown', ${clock}, ${clock})`;
    expect((await settle(`payments/${request.attemptId}`, 'paid')).statusCode).toBe(200);
    expect(await database.sql`select state, amount, currency from wallet_payments`).toEqual([{ state: 'paid', amount: 1250, currency: 'CNY' }]);
  });

  test('is a refund that was refused: what HQ gives back by itself may be tried once more, what a kiosk asked for is on its own list', async () => {
    let refuses = true;
    const gateway = createScriptedGateway({ now: () => clock, onRefund: () => (refuses ? 'refused' : 'done') });
    const late = await begun(gateway, 'shown');
    await paidLate(gateway, late);
    expect(await list('?who=person')).toMatchObject([{ kind: 'refund', state: 'refused', refundId: late.request.attemptId, facts: { what: 'refund_refused', amount: money(1250, 'CNY'), reason: expect.any(String) as string } }]);
    refuses = false;
    expect((await settle(`refunds/${late.request.attemptId}`, 'again')).statusCode).toBe(200);
    await late.run();
    expect(gateway.netOf(tradeNoOf(late.request.attemptId))).toBe(0);
    expect([await list(), await openAlarms()]).toEqual([[], []]);

    await database.sql`update wallet_refunds set state = 'refused', origin = 'kiosk'`;
    expect((await settle(`refunds/${late.request.attemptId}`, 'again')).statusCode).toBe(409);
    expect((await settle(`refunds/${late.request.attemptId}`, 'seen_to')).statusCode).toBe(200);
    expect(await list()).toEqual([]);
  });

  test.each(['CLOSED: the gateway has given the refund up', "ABNORMAL: the customer's bank did not take it; finish it on the merchant platform"])('is a refund that cannot be tried once more, since its gateway says the same again: %s', async (detail) => {
    const gateway = createScriptedGateway({ now: () => clock, onRefund: () => 'refused' });
    const { request, engine, run } = await begun(gateway, 'shown');
    await paidLate(gateway, { request, engine, run });
    await database.sql`update wallet_refunds set detail = ${detail}`;
    const again = await settle(`refunds/${request.attemptId}`, 'again');
    expect([again.statusCode, again.body]).toEqual([409, expect.stringContaining('merchant console')]);
    expect((await settle(`refunds/${request.attemptId}`, 'seen_to')).statusCode).toBe(200);
    expect([await list(), await openAlarms()]).toEqual([[], []]);
  });

  test('is in no audit without the person and the reason', async () => {
    const gateway = createScriptedGateway({ now: () => clock });
    const { request, run } = await begun(gateway, 'shown');
    gateway.pay(tradeNoOf(request.attemptId), money(99, 'CNY'));
    clock += 5000;
    await run();
    await settle(`payments/${request.attemptId}`, 'closed');
    expect(JSON.stringify(await database.sql`select * from hq_audit`)).toContain('as the gateway’s book says');
    expect((await database.sql<{ detail: string }[]>`select detail from wallet_payments`)[0]?.detail).toBe('settled by dev: as the gateway’s book says');
  });
});
