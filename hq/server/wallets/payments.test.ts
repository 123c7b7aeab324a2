import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { unwantPayment } from './begin.ts';
import type { BeginRequest } from './begin.ts';
import type { WalletEngine } from './engine.ts';
import { createWalletEngine } from './engine.ts';
import type { WalletGateway } from './gateway.ts';
import { hint } from './notifications.ts';
import { askRefund } from './refunds.ts';
import { readPayment, readRefunds, tradeNoOf } from './rows.ts';
import type { Mishap, Operation, ScriptedGateway, ScriptedGatewayDeps } from './testing/scripted-gateway.ts';
import { createScriptedGateway } from './testing/scripted-gateway.ts';
import { beginRequest, newId } from './testing/wallet-rig.ts';
import type { WalletWorker } from './worker.ts';
import { createWalletWorker } from './worker.ts';

const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
const start = Date.UTC(2026, 10, 22, 5, 0, 0);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let postgres: TestPostgres;
let sql: Sql;
let clock: number;
let problems: unknown[];
let workers: WalletWorker[];
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(async () => { await postgres?.stop(); });
beforeEach(async () => {
  clock = start;
  problems = [];
  workers = [];
  ({ sql } = await postgres.createDatabase());
  // Those that were killed have turns that never end.
  return async () => {
    for (const worker of workers) void worker.stop();
    // Each test has ten connections of a hundred.
    await sql.end({ timeout: 1 });
  };
});

const now = () => clock;
const gatewayOf = (deps: Partial<ScriptedGatewayDeps> = {}): ScriptedGateway => createScriptedGateway({ now, ...deps });
/** One process of HQ. Its timer never comes: `run` takes the turns. */
function startHq(gateways: readonly WalletGateway[], timeoutMs = 10_000): { readonly engine: WalletEngine; readonly run: () => Promise<void> } {
  const deps = { sql, now, gateways, onProblem: (error: unknown) => problems.push(error), timeoutMs };
  const worker = createWalletWorker({ ...deps, pollMs: 2 ** 30 });
  workers.push(worker);
  return { engine: createWalletEngine(deps), run: worker.run };
}
const rowOf = async ({ kioskId, attemptId }: Pick<BeginRequest, 'kioskId' | 'attemptId'>) => (await readPayment(sql, { kioskId, attemptId }))!;
const refundsOf = async ({ kioskId, attemptId }: Pick<BeginRequest, 'kioskId' | 'attemptId'>) => (await readRefunds(sql, { kioskId, attemptId })).map(({ refund_id: id, amount, state, origin }) => ({ id, amount, state, origin }));
const alarms = async () => (await sql<{ subject: string; detail: string }[]>`select subject, detail from alarms where kind = 'wallet_open' and settled_at is null order by subject`).map((row) => row);
/** Time goes on, and HQ with it. */
async function later(ms: number, run: () => Promise<void>, steps = 8): Promise<void> {
  for (let step = 0; step < steps; step++) {
    clock += Math.round(ms / steps);
    await run();
  }
}

describe('a wallet payment', () => {
  test('is committed before its gateway hears of it, shown once, and paid when the gateway says so', async () => {
    const request = beginRequest(kiosk, clock);
    const seen: unknown[] = [];
    // Another connection sees it: it is committed.
    const gateway = gatewayOf({ onCall: async (operation) => void seen.push([operation, (await sql`select state from wallet_payments where attempt_id = ${request.attemptId}`)[0]?.['state']]) });
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    expect(seen).toEqual([['show', 'starting']]);
    expect(await rowOf(request)).toMatchObject({ state: 'waiting', code: `weixin://pay/${tradeNoOf(request.attemptId)}` });
    await later(10_000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'waiting' });
    gateway.pay(tradeNoOf(request.attemptId));
    await later(5000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'paid', transaction_id: `tx-${tradeNoOf(request.attemptId)}`, next_at: null, code: null, ended_at: expect.any(Number) });
    expect(gateway.calls.filter(({ operation }) => operation === 'show')).toHaveLength(1);
    // What is paid is asked for no more.
    const asked = gateway.calls.length;
    await later(2 * dayMs, run);
    expect(gateway.calls).toHaveLength(asked);
    expect(problems).toEqual([]);
  });

  test('that was begun twice at one moment is one', async () => {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf();
    const [one, two] = [startHq([gateway]), startHq([gateway])];
    await Promise.all([one.engine.begin(request), two.engine.begin(request), one.engine.begin(request)]);
    expect(gateway.calls.filter(({ operation }) => operation === 'charge')).toHaveLength(1);
    expect(await rowOf(request)).toMatchObject({ state: 'paid' });
  });

  test('never has its code in the database, whatever becomes of it', async () => {
    for (const mishap of [undefined, 'lost', 'throws'] as const) {
      const request = beginRequest(kiosk, clock, 'read');
      await startHq([gatewayOf({ mishap: (operation) => (operation === 'charge' ? mishap : undefined) })]).engine.begin(request);
    }
    expect(JSON.stringify(await sql`select to_jsonb(w)::text as row from wallet_payments w`)).not.toContain('134567890123456789');
  });

  test.each(['code_unusable', 'not_enough', 'limit', 'refused'] as const)('that the phone refuses (%s) is declined with its reason', async (refusal) => {
    const request = beginRequest(kiosk, clock, 'read');
    await startHq([gatewayOf({ onCode: () => refusal })]).engine.begin(request);
    expect(await rowOf(request)).toMatchObject({ state: 'declined', refusal });
  });

  test('whose gateway nobody has configured, or whose code is no code, is declined and nobody is asked', async () => {
    const gateway = gatewayOf();
    const [nobody, wrong] = [beginRequest(kiosk, clock), { ...beginRequest(kiosk, clock, 'read'), code: '6901234567892' }];
    await startHq([]).engine.begin(nobody);
    await startHq([gateway]).engine.begin(wrong);
    expect([await rowOf(nobody), await rowOf(wrong)]).toMatchObject([{ state: 'declined', refusal: 'refused', next_at: null }, { state: 'declined', refusal: 'code_unusable', next_at: null }]);
    expect(gateway.calls).toEqual([]);
  });

  test('that its phone confirms later is asked for, and never charged again', async () => {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf({ onCode: () => 'asks' });
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    expect(await rowOf(request)).toMatchObject({ state: 'confirming' });
    await later(10_000, run);
    gateway.pay(tradeNoOf(request.attemptId));
    await later(5000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'paid' });
    expect(gateway.trades.get(tradeNoOf(request.attemptId))?.charges).toBe(1);
  });

  test.each(['lost', 'hangs'] as const)('whose charge had its effect and no answer (%s) is found paid', async (mishap) => {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf({ mishap: (operation) => (operation === 'charge' ? mishap : undefined) });
    const { engine, run } = startHq([gateway], 30);
    await engine.begin(request);
    expect(await rowOf(request)).toMatchObject({ state: 'starting' });
    await later(5000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'paid' });
  });

  test.each(['deaf', 'throws', 'busy'] as const)('whose charge never arrived (%s) is ended, and not charged again', async (mishap) => {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf({ mishap: (operation) => (operation === 'charge' ? mishap : undefined) });
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    await later(60_000, run, 20);
    expect(await rowOf(request)).toMatchObject({ state: 'closed' });
    expect(gateway.calls.filter(({ operation }) => operation === 'charge')).toHaveLength(1);
  });

  test('is gone on with by another process when the one that charged was killed', async () => {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf({ mishap: (operation, count) => (operation === 'charge' && count === 0 ? 'hangs' : undefined) });
    void startHq([gateway], 2 ** 30).engine.begin(request);
    await expect.poll(() => gateway.calls.length).toBe(1);
    const { run } = startHq([gateway]);
    await later(minuteMs, run, 20);
    // The other one may be alive.
    expect(gateway.calls).toHaveLength(1);
    clock += 2 ** 33;
    await run();
    expect(await rowOf(request)).toMatchObject({ state: 'paid' });
    expect(gateway.trades.get(tradeNoOf(request.attemptId))?.charges).toBe(1);
  });

  test('whose time is over is ended at the gateway, too, though nobody asks', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    await later(200_000, run, 60);
    expect(await rowOf(request)).toMatchObject({ state: 'closed', refusal: 'too_late', code: null });
    expect(gateway.trades.get(tradeNoOf(request.attemptId))?.state).toBe('closed');
  });

  test('that is not wanted any more is closed at once, and cannot be paid then', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    const { engine } = startHq([gateway]);
    await engine.begin(request);
    clock += 3000;
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(await rowOf(request)).toMatchObject({ state: 'closed', refusal: null });
    expect(gateway.pay(tradeNoOf(request.attemptId))).toBe(false);
  });

  test('that was paid before it was closed is paid', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    const { engine } = startHq([gateway]);
    await engine.begin(request);
    gateway.pay(tradeNoOf(request.attemptId));
    clock += 3000;
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(await rowOf(request)).toMatchObject({ state: 'paid' });
  });

  test('that a phone is confirming is reversed as early as the gateway lets it be', async () => {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf({ onCode: () => 'asks' });
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    clock += 3000;
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(await rowOf(request)).toMatchObject({ state: 'closing' });
    clock += 11_000;
    await run();
    expect(await rowOf(request)).toMatchObject({ state: 'closing' });
    clock += 1000;
    await run();
    expect(await rowOf(request)).toMatchObject({ state: 'closed' });
  });

  test('that was closed while its charge was under way waits for the charge', async () => {
    const request = beginRequest(kiosk, clock, 'read');
    let go = () => {};
    const gateway = gatewayOf({ onCall: (operation) => (operation === 'charge' ? new Promise<void>((resolve) => { go = resolve; }) : undefined) });
    const { engine } = startHq([gateway]);
    const begun = engine.begin(request);
    await expect.poll(() => gateway.calls.length).toBe(1);
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(gateway.calls).toHaveLength(1);
    go();
    await begun;
    expect(await rowOf(request)).toMatchObject({ state: 'paid' });
  });

  test('of which a close came first stays closed when it is begun, and is never shown', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    const { engine } = startHq([gateway]);
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    await engine.begin(request);
    expect(await rowOf(request)).toMatchObject({ state: 'closed', order_id: request.orderId, amount: 1250 });
    expect(gateway.calls.map(({ operation }) => operation)).not.toContain('show');
  });

  test('that HQ has lost is asked for at the gateway, and paid once its kiosk has told how much it was', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    gateway.book(tradeNoOf(request.attemptId), request.amount);
    const { engine, run } = startHq([gateway]);
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(await rowOf(request)).toMatchObject({ state: 'closing' });
    await sql`insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at) values (${kiosk}, ${request.attemptId}, ${request.orderId}, 1250, 'CNY', 'unknown', ${clock}, ${clock})`;
    await later(20_000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'paid', amount: 1250, order_id: request.orderId });
  });

  test('of another amount than ours is held for a person, and never paid', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    gateway.pay(tradeNoOf(request.attemptId), money(1, 'CNY'));
    await later(10_000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'held', next_at: null });
    expect(await alarms()).toEqual([{ subject: request.attemptId, detail: expect.stringContaining('￥0.01 and ￥12.50') }]);
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(await rowOf(request)).toMatchObject({ state: 'held' });
  });

  test('that another kiosk has is not asked for, closed or given back by this one', async () => {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf();
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    gateway.pay(tradeNoOf(request.attemptId));
    await later(5000, run);
    const asked = gateway.calls.length;
    await engine.begin({ ...request, kioskId: other });
    expect(await rowOf({ ...request, kioskId: other })).toMatchObject({ state: 'declined', is_asked: false });
    const third = kioskIdSchema.parse('kiosk-003');
    await unwantPayment(sql, { ...request, kioskId: third }, clock);
    await engine.payment({ ...request, kioskId: third });
    expect(await rowOf({ ...request, kioskId: third })).toMatchObject({ state: 'declined', is_asked: false });
    await hint(sql, { tradeNo: tradeNoOf(request.attemptId) }, clock);
    await later(2 * dayMs, run);
    expect(gateway.calls).toHaveLength(asked);
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(1250);
    expect(await alarms()).toHaveLength(2);
  });

  test('of a silent gateway is told to a person after ten minutes, held after two hours, and has its end when it speaks again', async () => {
    const request = beginRequest(kiosk, clock);
    let isSilent = false;
    const gateway = gatewayOf({ mishap: () => (isSilent ? 'deaf' : undefined) });
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    isSilent = true;
    await later(9 * minuteMs, run, 200);
    expect([await rowOf(request), await alarms()]).toMatchObject([{ state: 'closing' }, []]);
    await later(5 * minuteMs, run, 20);
    expect(await alarms()).toHaveLength(1);
    await later(3 * 60 * minuteMs, run, 60);
    expect(await rowOf(request)).toMatchObject({ state: 'held' });
    isSilent = false;
    await later(60 * minuteMs, run, 20);
    expect([await rowOf(request), await alarms()]).toMatchObject([{ state: 'closed' }, []]);
  });

  test('keeps the others going: a gateway that hangs holds up only its own', async () => {
    const [slow, quick] = [beginRequest(kiosk, clock), beginRequest(kiosk, clock)];
    const gateway = gatewayOf({ mishap: (_operation, _count, tradeNo) => (tradeNo === tradeNoOf(slow.attemptId) ? 'hangs' : undefined) });
    const { engine } = startHq([gateway], 500);
    const begun = engine.begin(slow);
    await engine.begin(quick);
    expect(await rowOf(quick)).toMatchObject({ state: 'waiting' });
    await begun;
    expect(await rowOf(slow)).toMatchObject({ state: 'starting' });
  });

  test('keeps the other wallets going: however many of one hang, those of another have their turn', async () => {
    const wechat = gatewayOf({ mishap: () => 'hangs' });
    const alipay = { ...gatewayOf(), wallet: 'alipay' as const };
    const hanging = Array.from({ length: 40 }, () => beginRequest(kiosk, clock));
    for (const { attemptId } of hanging) {
      await sql`insert into wallet_payments (kiosk_id, attempt_id, wallet, mode, amount, currency, title, state, code, begun_at, expires_at, next_at, turns, is_asked)
        values (${kiosk}, ${attemptId}, 'wechat', 'shown', 1250, 'CNY', 'x', 'waiting', 'weixin://x', ${clock}, ${clock + 120_000}, ${clock}, 1, true)`;
    }
    clock += 1000;
    const waited = { ...beginRequest(kiosk, clock), wallet: 'alipay' as const };
    const { engine, run } = startHq([wechat, alipay], 700);
    await engine.begin(waited);
    alipay.pay(tradeNoOf(waited.attemptId));
    clock += 5000;
    await run();
    expect(await rowOf(waited)).toMatchObject({ state: 'paid' });
  });

  test('somebody waits for has its turn before those that have ended', async () => {
    const gateway = gatewayOf();
    for (let index = 0; index < 40; index++) {
      await sql`insert into wallet_payments (kiosk_id, attempt_id, wallet, mode, amount, currency, state, begun_at, ended_at, next_at, turns, is_asked)
        values (${kiosk}, ${newId(clock)}, 'wechat', 'shown', 1250, 'CNY', 'closed', ${clock}, ${clock}, ${clock}, 1, true)`;
    }
    const waited = beginRequest(kiosk, clock);
    const { engine, run } = startHq([gateway]);
    await engine.begin(waited);
    gateway.pay(tradeNoOf(waited.attemptId));
    clock += 5000;
    await run();
    expect(await rowOf(waited)).toMatchObject({ state: 'paid' });
  });
});

describe('what is paid too late', () => {
  /** Closed here, and the gateway let somebody pay all the same. */
  async function closedAndPaid(deps: Partial<ScriptedGatewayDeps> = {}): Promise<{ request: BeginRequest; gateway: ScriptedGateway; run: () => Promise<void> }> {
    const request = beginRequest(kiosk, clock);
    const gateway = gatewayOf(deps);
    const { engine, run } = startHq([gateway]);
    await engine.begin(request);
    await unwantPayment(sql, request, clock);
    await engine.payment(request);
    expect(await rowOf(request)).toMatchObject({ state: 'closed' });
    const trade = gateway.trades.get(tradeNoOf(request.attemptId))!;
    trade.state = 'paid';
    return { request, gateway, run };
  }

  test('is found within a minute and given back once, without an alarm', async () => {
    const { request, gateway, run } = await closedAndPaid();
    await later(62_000, run);
    await later(2 * dayMs, run, 30);
    expect(await rowOf(request)).toMatchObject({ state: 'closed', late_at: expect.any(Number), next_at: null });
    expect(await refundsOf(request)).toEqual([{ id: request.attemptId, amount: 1250, state: 'done', origin: 'hq' }]);
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(0);
    expect(await alarms()).toEqual([]);
  });

  test('is found at once when the gateway notifies, however long after its end', async () => {
    const { request, gateway, run } = await closedAndPaid();
    const trade = gateway.trades.get(tradeNoOf(request.attemptId))!;
    trade.state = 'closed';
    await later(3 * dayMs, run, 40);
    expect(await rowOf(request)).toMatchObject({ next_at: null });
    trade.state = 'paid';
    await hint(sql, { tradeNo: tradeNoOf(request.attemptId) }, clock);
    await run();
    await run();
    expect(await refundsOf(request)).toMatchObject([{ state: 'done' }]);
    await hint(sql, { tradeNo: tradeNoOf(request.attemptId) }, clock);
    await run();
    expect(await refundsOf(request)).toHaveLength(1);
  });

  test('is found however often its gateway has notified before: a hint takes no look away', async () => {
    const { request, gateway, run } = await closedAndPaid();
    const trade = gateway.trades.get(tradeNoOf(request.attemptId))!;
    trade.state = 'closed';
    for (let times = 0; times < 6; times++) {
      clock += 1000;
      await hint(sql, { tradeNo: tradeNoOf(request.attemptId) }, clock);
      await run();
    }
    clock += 2 * 60 * minuteMs;
    await run();
    trade.state = 'paid';
    await later(5 * 60 * minuteMs, run, 10);
    expect(await refundsOf(request)).toMatchObject([{ state: 'done' }]);
  });

  test('and is not ours in its amount goes to a person', async () => {
    const { request, gateway, run } = await closedAndPaid();
    gateway.trades.get(tradeNoOf(request.attemptId))!.paidAmount = money(99, 'CNY');
    await later(62_000, run);
    expect(await rowOf(request)).toMatchObject({ state: 'held' });
    expect([await refundsOf(request), await alarms()]).toMatchObject([[], [{ subject: request.attemptId }]]);
  });

  test('and that the gateway does not give back goes to a person', async () => {
    const { request, run } = await closedAndPaid({ onRefund: () => 'refused' });
    await later(70_000, run, 10);
    expect(await refundsOf(request)).toMatchObject([{ state: 'refused' }]);
    expect(await alarms()).toMatchObject([{ subject: `refund ${request.attemptId}` }]);
  });

  test.each([
    ['approved', undefined, false], ['reversed', 'given_back', false], ['reversed', 'was_back', true], ['reversing', undefined, true], ['not_paid', undefined, true],
  ] as const)('and that its kiosk has as %s by a person’s word (%s) goes back by HQ: %s', async (state, decision, isGivenBack) => {
    const { request, gateway, run } = await closedAndPaid();
    await sql`
      insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, started_at, state_at) values (${kiosk}, ${request.attemptId}, ${request.orderId}, 1250, 'CNY', ${state}, 'wechat', ${clock}, ${clock})`;
    if (decision) await sql`
      insert into attention (kiosk_id, attention_id, kind, order_id, attempt_id, raised_at, decision, decided_at) values (${kiosk}, ${newId(clock)}, 'reversal_refused', ${request.orderId}, ${request.attemptId}, ${clock}, ${decision}, ${clock})`;
    await later(2 * dayMs, run, 30);
    await hint(sql, { tradeNo: tradeNoOf(request.attemptId) }, clock);
    await run();
    await run();
    expect([await rowOf(request), await refundsOf(request), gateway.netOf(tradeNoOf(request.attemptId))]).toMatchObject(
      isGivenBack ? [{ state: 'closed', late_at: expect.any(Number) }, [{ state: 'done' }], 0] : [{ state: 'paid', late_at: null, next_at: null, refusal: null, transaction_id: expect.any(String) }, [], 1250]);
  });

  test('or not, and could not be asked for two days, is an alarm, also where it was one before its end; it ends when it can be asked again', async () => {
    let isDeaf = true;
    const request = beginRequest(kiosk, clock);
    const { engine, run } = startHq([gatewayOf({ mishap: (operation) => (isDeaf && operation !== 'show' ? 'deaf' : undefined) })]);
    const reasons = async () => (await sql<{ facts: { what: string } }[]>`select facts from alarms where kind = 'wallet_open' and settled_at is null`).map(({ facts }) => facts.what);
    await engine.begin(request);
    await unwantPayment(sql, request, clock);
    await later(15 * minuteMs, run, 30);
    expect(await reasons()).toEqual(['no_end']);
    isDeaf = false;
    await later(2 * minuteMs, run, 4);
    expect([(await rowOf(request)).state, await reasons()]).toEqual(['closed', []]);
    isDeaf = true;
    await later(3 * dayMs, run, 60);
    expect(await reasons()).toEqual(['not_looked_at']);
    isDeaf = false;
    await later(dayMs, run, 20);
    expect([await rowOf(request), await reasons()]).toMatchObject([{ state: 'closed', alarmed_at: null, next_at: null }, []]);
  });
});

describe('a refund', () => {
  async function paid(deps: Partial<ScriptedGatewayDeps> = {}, timeoutMs?: number): Promise<{ request: BeginRequest; gateway: ScriptedGateway; engine: WalletEngine; run: () => Promise<void> }> {
    const request = beginRequest(kiosk, clock, 'read');
    const gateway = gatewayOf(deps);
    const { engine, run } = startHq([gateway], timeoutMs);
    await engine.begin(request);
    return { request, gateway, engine, run };
  }
  const ask = (request: BeginRequest, amount: number, refundId = newId(clock)) => askRefund(sql, { kioskId: kiosk, attemptId: request.attemptId, refundId, amount: money(amount, 'CNY'), reason: 'cold', at: clock });

  test('of a part is done once for its id, and its state is told', async () => {
    const { request, gateway, run } = await paid();
    const id = newId(clock);
    await Promise.all([ask(request, 300, id), ask(request, 300, id)]);
    await run();
    await ask(request, 300, id);
    await run();
    expect(await refundsOf(request)).toEqual([{ id, amount: 300, state: 'done', origin: 'kiosk' }]);
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(950);
    expect(gateway.calls.filter(({ operation }) => operation === 'refund')).toHaveLength(1);
  });

  test('of more than is left is refused, also of two at one moment', async () => {
    const { request, gateway, run } = await paid();
    await Promise.all([ask(request, 1000), ask(request, 1000), ask(request, 1000)]);
    await run();
    expect((await refundsOf(request)).map(({ state }) => state).toSorted()).toEqual(['done', 'refused', 'refused']);
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(250);
  });

  test('of what nobody has paid is not written down', async () => {
    const request = beginRequest(kiosk, clock);
    expect(await ask(request, 100)).toBe('not_paid');
    expect(await refundsOf(request)).toEqual([]);
  });

  test.each(['lost', 'hangs', 'deaf', 'throws'] as const)('whose answer did not come (%s) is asked for, and done once', async (mishap) => {
    const { request, gateway, run } = await paid({ mishap: (operation, count) => (operation === 'refund' && count === 0 ? mishap : undefined) }, 30);
    await ask(request, 1250, request.attemptId);
    await run();
    expect(await refundsOf(request)).toMatchObject([{ state: 'asked' }]);
    await later(10_000, run);
    expect(await refundsOf(request)).toMatchObject([{ state: 'done' }]);
    expect(gateway.netOf(tradeNoOf(request.attemptId))).toBe(0);
    expect(gateway.calls.filter(({ operation }) => operation === 'queryRefund').length).toBeGreaterThan(0);
  });

  test('that the gateway has not done after an hour is told to a person, and done when it is', async () => {
    let answer: 'pending' | 'deaf' = 'deaf';
    const { request, run } = await paid({ mishap: (operation) => (operation !== 'charge' && answer === 'deaf' ? 'deaf' : undefined) });
    await ask(request, 100);
    await later(59 * minuteMs, run, 60);
    expect(await alarms()).toEqual([]);
    await later(20 * minuteMs, run, 20);
    expect(await alarms()).toHaveLength(1);
    answer = 'pending';
    await later(20 * minuteMs, run, 10);
    expect([await refundsOf(request), await alarms()]).toMatchObject([[{ state: 'done' }], []]);
  });
});

describe('whatever befalls the gateway, its phones and HQ', () => {
  const mishaps = fc.constantFrom<Mishap | undefined>(undefined, undefined, undefined, 'deaf', 'lost', 'hangs', 'busy', 'throws');
  const steps = fc.array(fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('phone' as const), does: fc.constantFrom('pays', 'pays anyway', 'pays anyway', 'refuses') }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
    fc.record({ kind: fc.constant('begin again' as const) }),
    fc.record({ kind: fc.constant('refund' as const), amount: fc.integer({ min: 1, max: 1400 }) }),
    fc.record({ kind: fc.constant('hint' as const) }),
    fc.record({ kind: fc.constant('killed' as const) }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1000, 5000, 20_000, 130_000, 700_000) }),
  ), { maxLength: 12, size: 'max' });

  test('every payment has its end or a person, and no phone pays for nothing', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom('shown' as const, 'read' as const), fc.constantFrom('pays' as const, 'asks' as const, 'not_enough' as const), fc.array(mishaps, { maxLength: 12 }), steps, async (mode, code, script, acts) => {
      const fates = [...script];
      const uncommitted: Operation[] = [];
      const request = beginRequest(kiosk, clock, mode);
      const tradeNo = tradeNoOf(request.attemptId);
      let isScripted = true;
      const gateway = gatewayOf({
        onCode: () => code,
        mishap: () => (isScripted ? fates.shift() : undefined),
        onCall: async (operation) => {
          const [row] = await sql`select 1 from wallet_payments where attempt_id = ${request.attemptId} and is_asked`;
          if (!row) uncommitted.push(operation);
        },
      });
      let hq = startHq([gateway], 15);
      let isClosed = false;
      await hq.engine.begin(request);
      for (const act of acts) {
        if (act.kind === 'phone' && act.does === 'pays') gateway.pay(tradeNo);
        else if (act.kind === 'phone' && act.does === 'refuses') gateway.refuse(tradeNo);
        else if (act.kind === 'phone') {
          // The gateway lets somebody pay what it has called closed.
          const trade = gateway.trades.get(tradeNo);
          if (trade?.state === 'closed') trade.state = 'paid';
        }
        else if (act.kind === 'close') {
          isClosed = true;
          await unwantPayment(sql, request, clock);
          await hq.engine.payment(request);
        } else if (act.kind === 'begin again') await hq.engine.begin(request);
        else if (act.kind === 'refund') await askRefund(sql, { kioskId: kiosk, attemptId: request.attemptId, refundId: newId(clock), amount: money(act.amount, 'CNY'), reason: 'cold', at: clock });
        else if (act.kind === 'hint') await hint(sql, { tradeNo }, clock);
        else if (act.kind === 'killed') hq = startHq([gateway], 15);
        else clock += act.ms;
        await hq.run();
      }
      // The world is well again, and time goes on.
      isScripted = false;
      for (const ms of [...Array.from({ length: 40 }, () => 6000), ...Array.from({ length: 8 }, () => minuteMs), 600_000, 600_000, 3_600_000, 3_600_000, 6 * 3_600_000, 20 * 3_600_000, dayMs]) {
        clock += ms;
        await hq.run();
      }
      const row = await rowOf(request);
      const refunds = await refundsOf(request);
      const back = refunds.filter(({ state }) => state === 'done').reduce((sum, { amount }) => sum + amount, 0);
      expect(['paid', 'declined', 'closed']).toContain(row.state);
      expect(row.next_at).toBeNull();
      expect(refunds.every(({ state }) => state !== 'asked')).toBe(true);
      expect(back).toBeLessThanOrEqual(1250);
      // The gateway's books say what HQ says.
      expect(gateway.netOf(tradeNo)).toBe(row.state === 'paid' ? 1250 - back : 0);
      expect(gateway.trades.get(tradeNo)?.charges ?? 0).toBeLessThanOrEqual(1);
      expect(gateway.calls.filter(({ operation }) => operation === 'charge').length).toBeLessThanOrEqual(1);
      expect(uncommitted).toEqual([]);
      if (isClosed && row.state !== 'paid' && row.late_at === null) expect(gateway.pay(tradeNo)).toBe(false);
      for (const worker of workers.splice(0)) await worker.stop();
    }), { numRuns: 60 });
  }, 120_000);
});
