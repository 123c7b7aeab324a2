import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WalletAnswer, WalletRequest } from '../../../domain/contract/hq-online.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { WalletNews } from './news.ts';
import { createWalletNews } from './news.ts';
import { walletNotifications } from './notifications.ts';
import { walletRoutes } from './routes.ts';
import { tradeNoOf } from './rows.ts';
import type { Mishap, ScriptedGateway } from './testing/scripted-gateway.ts';
import { createScriptedGateway } from './testing/scripted-gateway.ts';
import { beginRequest, newId } from './testing/wallet-rig.ts';
import type { WalletWorker } from './worker.ts';
import { createWalletWorker } from './worker.ts';

const kiosk = kioskIdSchema.parse('kiosk-001');
let postgres: TestPostgres;
let database: TestDatabase;
let app: FastifyInstance;
let gateway: ScriptedGateway;
let mishap: Mishap | undefined;
let news: WalletNews;
let worker: WalletWorker;
let clock: number;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(async () => { await postgres?.stop(); });
beforeEach(async () => {
  clock = Date.UTC(2026, 10, 22, 5, 0, 0);
  mishap = undefined;
  database = await postgres.createDatabase();
  const { sql, url } = database;
  const now = () => clock;
  gateway = createScriptedGateway({ now, mishap: () => mishap });
  news = createWalletNews({ url, onProblem: () => {}, retryMs: 20 });
  worker = createWalletWorker({ sql, now, gateways: [gateway], onProblem: () => {}, pollMs: 2 ** 30 });
  app = Fastify();
  app.register(async (scope) => {
    // What the guard says of who has signed.
    scope.decorateRequest('kiosk', undefined);
    scope.addHook('onRequest', async (request) => { request.kiosk = { kioskId: request.headers['x-kiosk'] as KioskId, session: 'one' }; });
    walletRoutes(scope, { sql, now, gateways: [gateway], news, timeoutMs: 50 });
  });
  app.register(async (scope) => walletNotifications(scope, { sql, now, gateways: [gateway] }));
  await app.ready();
  await expect.poll(() => news.isListening()).toBe(true);
  return async () => {
    await app.close();
    await news.close();
    await worker.stop();
  };
});

async function post(url: string, payload: object, kioskId = kiosk): Promise<{ readonly status: number; readonly body: never }> {
  const answer = await app.inject({ method: 'POST', url, payload, headers: { 'x-kiosk': kioskId } });
  return { status: answer.statusCode, body: answer.json() as never };
}
const ask = async (request: WalletRequest): Promise<WalletAnswer> => (await post('/api/kiosk/wallet', request)).body;
const place = { kioskId: kiosk, wallet: 'wechat' } as const;

describe('a kiosk that asks', () => {
  test('for its ways hears which wallets there are, and which are away', async () => {
    const ways = () => post('/api/kiosk/ways', { kioskId: kiosk });
    expect(await ways()).toMatchObject({ status: 200, body: { wallets: [{ wallet: 'wechat', modes: ['shown', 'read'], state: 'ready' }], numbers: false } });
    mishap = 'deaf';
    for (let count = 0; count < 3; count++) await ask(beginRequest(kiosk, clock));
    expect(await ways()).toMatchObject({ body: { wallets: [{ state: 'away' }] } });
    // It is tried again by a question about nothing, and comes back when that is answered.
    mishap = undefined;
    clock += 20_000;
    await ways();
    await expect.poll(async () => (await ways()).body['wallets']).toMatchObject([{ state: 'ready' }]);
  });

  test('begins a payment, and hears its code with the same answer', async () => {
    const request = beginRequest(kiosk, clock);
    const answer = await ask(request);
    expect(answer).toEqual({ hqTime: clock, attemptId: request.attemptId, state: 'waiting', code: `weixin://pay/${tradeNoOf(request.attemptId)}`, refunds: [] });
    expect(await ask(request)).toEqual(answer);
    expect(gateway.calls).toHaveLength(1);
  });

  test('after one that nobody knows here hears so', async () => {
    expect(await ask({ ...place, act: 'state', attemptId: newId(clock) as never, waitMs: 5000 })).toMatchObject({ state: 'not_found', refunds: [] });
  });

  test('and waits hears of the end as soon as it is written', async () => {
    const request = beginRequest(kiosk, clock);
    await ask(request);
    const begun = performance.now();
    const waiting = ask({ ...place, act: 'state', attemptId: request.attemptId, waitMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    gateway.pay(tradeNoOf(request.attemptId));
    clock += 5000;
    await worker.run();
    expect(await waiting).toMatchObject({ state: 'paid', details: { transactionId: `tx-${tradeNoOf(request.attemptId)}` } });
    expect(performance.now() - begun).toBeLessThan(2500);
  });

  test('and waits for nothing hears where it stands when its time is over', async () => {
    const request = beginRequest(kiosk, clock);
    await ask(request);
    expect(await ask({ ...place, act: 'state', attemptId: request.attemptId, waitMs: 150 })).toMatchObject({ state: 'waiting' });
  });

  test('hears at once what has changed between two questions', async () => {
    const request = beginRequest(kiosk, clock);
    await ask(request);
    await database.sql`update wallet_payments set state = 'confirming' where kiosk_id = ${kiosk}`;
    const begun = performance.now();
    expect(await ask({ ...place, act: 'state', attemptId: request.attemptId, waitMs: 20_000 })).toMatchObject({ state: 'confirming' });
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('closes, and hears that it is closed or was quicker', async () => {
    const [closed, paid] = [beginRequest(kiosk, clock), beginRequest(kiosk, clock)];
    await ask(closed);
    await ask(paid);
    gateway.pay(tradeNoOf(paid.attemptId));
    expect(await ask({ ...place, act: 'close', attemptId: closed.attemptId })).toMatchObject({ state: 'closed' });
    expect(await ask({ ...place, act: 'close', attemptId: paid.attemptId })).toMatchObject({ state: 'paid' });
    expect(await ask({ ...place, act: 'close', attemptId: newId(clock) as never })).toMatchObject({ state: 'closed' });
  });

  test('gives a part and the rest back, each once, and never more', async () => {
    const request = beginRequest(kiosk, clock, 'read');
    expect(await ask(request)).toMatchObject({ state: 'paid' });
    const refund = (refundId: string, amount: number) => ask({ ...place, act: 'refund', attemptId: request.attemptId, refundId: refundId as never, amount: money(amount, 'CNY'), reason: 'cold' });
    const [part, rest] = [newId(clock), newId(clock)];
    expect(await refund(part, 250)).toMatchObject({ state: 'paid', refunds: [{ refundId: part, amount: { amount: 250 }, state: 'done' }] });
    await refund(part, 250);
    clock += 1000;
    expect((await refund(request.attemptId, 1250)).refunds).toMatchObject([{ state: 'done' }, { refundId: request.attemptId, state: 'refused', detail: '￥10.00 of it is left' }]);
    expect((await refund(rest, 1000)).refunds.filter(({ state }) => state === 'done')).toHaveLength(2);
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(0);
  });

  test('gives back what HQ has lost, after its gateway was asked', async () => {
    const request = beginRequest(kiosk, clock);
    gateway.book(tradeNoOf(request.attemptId), request.amount);
    await database.sql`insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at) values (${kiosk}, ${request.attemptId}, ${request.orderId}, 1250, 'CNY', 'reversing', ${clock}, ${clock})`;
    const answer = await ask({ ...place, act: 'refund', attemptId: request.attemptId, refundId: request.attemptId, amount: request.amount, reason: 'not delivered' });
    expect(answer).toMatchObject({ state: 'paid', refunds: [{ state: 'done' }] });
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(0);
  });

  test('for money that went back before HQ lost it hears that it is back', async () => {
    const request = beginRequest(kiosk, clock);
    gateway.book(tradeNoOf(request.attemptId), request.amount);
    gateway.trades.get(tradeNoOf(request.attemptId))!.refunds.set('before', request.amount);
    const answer = await ask({ ...place, act: 'refund', attemptId: request.attemptId, refundId: request.attemptId, amount: request.amount, reason: 'not delivered' });
    expect(answer).toMatchObject({ state: 'closed', refunds: [{ state: 'done' }] });
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(0);
  });

  test('in another kiosk’s name, or in no shape, is refused without its words', async () => {
    const request = beginRequest(kioskIdSchema.parse('kiosk-002'), clock, 'read');
    expect(await post('/api/kiosk/wallet', request)).toMatchObject({ status: 401 });
    const strange = await post('/api/kiosk/wallet', { ...request, amount: request.code });
    expect(strange.status).toBe(400);
    expect(JSON.stringify(strange.body)).not.toContain(request.code);
  });

  test('may wait for a few payments at once: what it asks beyond that is answered as it stands', async () => {
    const request = beginRequest(kiosk, clock);
    await ask(request);
    let answered = 0;
    const all = Array.from({ length: 30 }, () => ask({ ...place, act: 'state', attemptId: request.attemptId, waitMs: 20_000 }).then(() => { answered++; }));
    await expect.poll(() => answered).toBeGreaterThanOrEqual(20);
    expect(answered).toBeLessThan(30);
    gateway.pay(tradeNoOf(request.attemptId));
    clock += 5000;
    await worker.run();
    await Promise.all(all);
    // And those that were kept count no more.
    const begun = performance.now();
    const next = beginRequest(kiosk, clock);
    await ask(next);
    await ask({ ...place, act: 'state', attemptId: next.attemptId, waitMs: 300 });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(290);
  });

  test('is answered when HQ stops, however long it wanted to wait', async () => {
    const request = beginRequest(kiosk, clock);
    await ask(request);
    const waiting = ask({ ...place, act: 'state', attemptId: request.attemptId, waitMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = performance.now();
    await app.close();
    expect(await waiting).toMatchObject({ state: 'waiting' });
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a notification', () => {
  const notify = (payload: object, signed: string, url = '/notify/wechat') => app.inject({ method: 'POST', url, payload: JSON.stringify(payload), headers: { 'x-signed': signed, 'content-type': 'application/json' } });

  test('is a hint: the payment is asked for now, and is what the gateway answers', async () => {
    const [paid, lied] = [beginRequest(kiosk, clock), beginRequest(kiosk, clock)];
    for (const request of [paid, lied]) await ask(request);
    gateway.pay(tradeNoOf(paid.attemptId));
    for (const request of [paid, lied]) expect(await notify({ tradeNo: tradeNoOf(request.attemptId) }, 'right')).toMatchObject({ statusCode: 200, body: '{}' });
    await worker.run();
    expect(await ask({ ...place, act: 'state', attemptId: paid.attemptId })).toMatchObject({ state: 'paid' });
    expect(await ask({ ...place, act: 'state', attemptId: lied.attemptId })).toMatchObject({ state: 'waiting' });
  });

  test('that its gateway has not signed, or that is about nothing of ours, changes nothing', async () => {
    const request = beginRequest(kiosk, clock);
    await ask(request);
    const before = await database.sql`select next_at from wallet_payments`;
    expect((await notify({ tradeNo: tradeNoOf(request.attemptId) }, 'wrong')).statusCode).toBe(401);
    expect((await notify({ tradeNo: 'not one of ours' }, 'right')).statusCode).toBe(200);
    expect((await notify({ tradeNo: '0'.repeat(32) }, 'right')).statusCode).toBe(200);
    expect((await notify({ tradeNo: tradeNoOf(request.attemptId) }, 'right', '/notify/alipay')).statusCode).toBe(404);
    expect(await database.sql`select next_at from wallet_payments`).toEqual(before);
  });

  test('that comes twice, and early, is taken each time', async () => {
    const request = beginRequest(kiosk, clock);
    const hint = () => notify({ tradeNo: tradeNoOf(request.attemptId) }, 'right');
    expect((await hint()).statusCode).toBe(200);
    await ask(request);
    gateway.pay(tradeNoOf(request.attemptId));
    await Promise.all([hint(), hint()]);
    await Promise.all([worker.run(), worker.run()]);
    expect(await ask({ ...place, act: 'state', attemptId: request.attemptId })).toMatchObject({ state: 'paid' });
  });
});
