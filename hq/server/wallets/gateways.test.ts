import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Sql } from '../database.ts';
import type { LoopbackGateways } from '../sim/wallets/gateways.ts';
import { createLoopbackGateways } from '../sim/wallets/gateways.ts';
import { makeKeys } from '../sim/wallets/keys.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { refundOnce } from '../orders/refund.ts';
import type { BeginRequest } from './begin.ts';
import { unwantPayment } from './begin.ts';
import { readWallets } from './config.ts';
import type { WalletEngine } from './engine.ts';
import { createWalletEngine } from './engine.ts';
import { askRefund } from './refunds.ts';
import { readPayment, readRefunds, tradeNoOf } from './rows.ts';
import { beginRequest, newId } from './testing/wallet-rig.ts';
import { createWalletWorker } from './worker.ts';

const kiosk = kioskIdSchema.parse('kiosk-001');
const keys = makeKeys();
let postgres: TestPostgres;
let folder: string;
let loopback: LoopbackGateways;
let sql: Sql;
let engine: WalletEngine;
let run: () => Promise<void>;
let problems: unknown[];
let clock: number;
beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ sql } = await postgres.createDatabase());
  folder = await mkdtemp(join(tmpdir(), 'counter24-wallets-'));
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  // Generated keys are good from now on.
  clock = Date.now() + 3_600_000;
  problems = [];
  const now = () => clock;
  loopback = await createLoopbackGateways({ keys, now });
  await sql`truncate wallet_payments, wallet_refunds, payments, alarms`;
  // Nobody listens there: what is asked is the truth, with notifications or without.
  const gateways = await readWallets(await loopback.environment({ hqUrl: 'http://127.0.0.1:1', folder }), now);
  const deps = { sql, now, gateways, onProblem: (error: unknown) => problems.push(error), timeoutMs: 2000 };
  engine = createWalletEngine(deps);
  const worker = createWalletWorker({ ...deps, pollMs: 2 ** 30 });
  ({ run } = worker);
  return async () => {
    await worker.stop();
    await loopback.close();
    expect(problems).toEqual([]);
  };
});

function request(wallet: Wallet, mode: 'shown' | 'read', code?: string): BeginRequest {
  const { code: _code, ...begin } = beginRequest(kiosk, clock, mode);
  return { ...begin, wallet, ...(code === undefined ? {} : { code }) };
}
const rowOf = async ({ attemptId }: BeginRequest) => (await readPayment(sql, { kioskId: kiosk, attemptId }))!;
const tradeOf = ({ wallet, attemptId }: BeginRequest) => ({ wallet, tradeNo: tradeNoOf(attemptId) });
async function later(ms: number, steps = 6): Promise<void> {
  for (let step = 0; step < steps; step++) {
    clock += Math.ceil(ms / steps);
    await run();
  }
}

describe.each(['wechat', 'alipay'] as const)('%s, by its own adapter and gateway', (wallet) => {
  test('is shown, paid by a phone, and found paid', async () => {
    const begin = request(wallet, 'shown');
    await engine.begin(begin);
    const row = await rowOf(begin);
    expect(row).toMatchObject({ state: 'waiting', detail: null });
    await later(6000);
    expect(await loopback.phone.read(row.code!)).toMatchObject({ ok: true });
    expect(await loopback.phone.pay(tradeOf(begin))).toMatchObject({ ok: true });
    await later(6000);
    expect(await rowOf(begin)).toMatchObject({ state: 'paid', amount: 1250, transaction_id: expect.any(String) });
  });

  test('charges a code that a phone shows, at once or when its owner has confirmed', async () => {
    const [quick, slow] = [request(wallet, 'read', (await loopback.phone.showCode(wallet)).digits), request(wallet, 'read', (await loopback.phone.showCode(wallet, { needsPassword: true })).digits)];
    await engine.begin(quick);
    expect(await rowOf(quick)).toMatchObject({ state: 'paid' });
    await engine.begin(slow);
    expect(await rowOf(slow)).toMatchObject({ state: 'confirming' });
    expect(await loopback.phone.pay(tradeOf(slow))).toMatchObject({ ok: true });
    await later(6000);
    expect(await rowOf(slow)).toMatchObject({ state: 'paid' });
  });

  test('declines who has not enough, and a code that was used', async () => {
    const [poor, used] = [(await loopback.phone.showCode(wallet, { balanceFen: 1 })).digits, (await loopback.phone.showCode(wallet)).digits];
    const [first, second, third] = [request(wallet, 'read', poor), request(wallet, 'read', used), request(wallet, 'read', used)];
    for (const begin of [first, second, third]) await engine.begin(begin);
    expect([await rowOf(first), await rowOf(second), await rowOf(third)]).toMatchObject([{ state: 'declined', refusal: 'not_enough' }, { state: 'paid' }, { state: 'declined', refusal: 'code_unusable' }]);
  });

  test.each(['unread', 'read'] as const)('is closed when nobody wants it, its code %s, and cannot be paid then', async (step) => {
    const begin = request(wallet, 'shown');
    await engine.begin(begin);
    const { code } = await rowOf(begin);
    if (step === 'read') await loopback.phone.read(code!);
    await unwantPayment(sql, begin, clock);
    await engine.payment(begin);
    await later(10_000);
    expect(await rowOf(begin)).toMatchObject({ state: 'closed' });
    await loopback.phone.read(code!);
    expect(await loopback.phone.pay(tradeOf(begin))).toMatchObject({ ok: false });
  });

  test('is taken back from a phone that is confirming', async () => {
    const begin = request(wallet, 'read', (await loopback.phone.showCode(wallet, { needsPassword: true })).digits);
    await engine.begin(begin);
    await unwantPayment(sql, begin, clock);
    await engine.payment(begin);
    await later(40_000, 10);
    expect(await rowOf(begin)).toMatchObject({ state: 'closed' });
    expect(await loopback.phone.pay(tradeOf(begin))).toMatchObject({ ok: false });
  });

  test('whose time is over is closed', async () => {
    const begin = request(wallet, 'shown');
    await engine.begin(begin);
    await later(140_000, 20);
    expect(await rowOf(begin)).toMatchObject({ state: 'closed', refusal: 'too_late' });
  });

  test('that is paid after it was closed is found, and goes back by itself', async () => {
    const begin = request(wallet, 'shown');
    await engine.begin(begin);
    await loopback.phone.read((await rowOf(begin)).code!);
    await unwantPayment(sql, begin, clock);
    await engine.payment(begin);
    expect(await rowOf(begin)).toMatchObject({ state: 'closed' });
    expect(await loopback.phone.pay(tradeOf(begin), { force: true })).toMatchObject({ ok: true });
    await later(90_000, 12);
    expect(await rowOf(begin)).toMatchObject({ state: 'closed', late_at: expect.any(Number) });
    expect(await readRefunds(sql, begin)).toMatchObject([{ state: 'done', origin: 'hq' }]);
    expect(loopback.books.totals(wallet)).toMatchObject({ netFen: 0, paidFen: 1250 });
  });

  test('gives parts back, and no more than was paid', async () => {
    const begin = request(wallet, 'read', (await loopback.phone.showCode(wallet)).digits);
    await engine.begin(begin);
    for (const amount of [250, 1001, 1000]) {
      const refundId = newId(clock);
      await askRefund(sql, { kioskId: kiosk, attemptId: begin.attemptId, refundId, amount: money(amount, 'CNY'), reason: '咖啡凉了 cold', at: clock });
      await engine.refund({ kioskId: kiosk, refundId });
      clock += 1000;
    }
    await later(10_000);
    expect((await readRefunds(sql, begin)).map(({ amount, state }) => [amount, state])).toEqual([[250, 'done'], [1001, 'refused'], [1000, 'done']]);
    expect(loopback.books.totals(wallet)).toMatchObject({ netFen: 0, refundedCount: 2 });
  });

  test.each([undefined, 250])('of a kiosk that is gone, goes back by a person at HQ (%s), through the same rows', async (amount) => {
    const begin = request(wallet, 'read', (await loopback.phone.showCode(wallet)).digits);
    await engine.begin(begin);
    const { orderId } = begin;
    await sql`
      insert into orders (kiosk_id, order_id, cart_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, taxes, shop, receipt_url, received_at, occurred_at)
      values (${kiosk}, ${orderId}, ${orderId}, 'A012', 'paid', ${clock}, ${clock}, 'zh', 1, 1250, 'CNY', 'token', '[]', '{}', '', ${clock}, ${clock})`;
    await sql`insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, revoked_at) values (${kiosk}, 'a', ${Buffer.alloc(1)}, 'revoked', '0.1.0', ${clock}, ${clock}) on conflict do nothing`;
    const give = () => refundOnce(sql, { kioskId: kiosk, orderId, reason: '机器烧毁 burnt', amount, left: 1250, by: 'Zhao', now: clock });
    expect(await give()).toMatchObject({ ok: true, value: { isNew: true, refund: { via: 'hq', askedBy: 'Zhao' } } });
    await later(10_000);
    expect(await give()).toMatchObject({ ok: false });
    await later(10_000);
    expect(await readRefunds(sql, begin)).toMatchObject([{ state: 'done', origin: 'hq', by: 'Zhao', amount: amount ?? 1250 }]);
    expect(loopback.books.totals(wallet)).toMatchObject({ netFen: 1250 - (amount ?? 1250), refundedCount: 1 });
  });

  test('that HQ forgot, and that went back whole since, is not paid a second time', async () => {
    const begin = request(wallet, 'read', (await loopback.phone.showCode(wallet)).digits);
    await engine.begin(begin);
    await askRefund(sql, { ...begin, kioskId: kiosk, refundId: begin.attemptId, reason: 'reversed', at: clock });
    await engine.refund({ kioskId: kiosk, refundId: begin.attemptId });
    await later(5000);
    // A copy from before.
    await sql`delete from wallet_refunds`;
    await sql`delete from wallet_payments`;
    await sql`insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, started_at, state_at) values (${kiosk}, ${begin.attemptId}, ${begin.orderId}, 1250, 'CNY', 'reversing', ${clock}, ${clock})`;
    await unwantPayment(sql, begin, clock);
    await engine.payment(begin);
    await askRefund(sql, { ...begin, kioskId: kiosk, refundId: begin.attemptId, reason: 'reversed', at: clock });
    await later(10_000);
    expect(await readRefunds(sql, begin)).toMatchObject([{ state: 'done' }]);
    expect(loopback.books.totals(wallet)).toMatchObject({ netFen: 0, refundedCount: 1 });
  });
});

/** One of each sort; the whole of them, in pairs and with processes that are killed, is for the matrix. */
const faults = [
  { kind: 'lost' }, { kind: 'cut' }, { kind: 'status', status: 500, acted: true }, { kind: 'tampered' },
] as const;

describe.each(['wechat', 'alipay'] as const)('whatever %s answers', (wallet) => {
  test.each(faults)('to a charge ($kind), the phone pays once or gets it back', async (fault) => {
    loopback.script.add({ on: 'charge', wallet, times: 1, faults: [fault] });
    const begin = request(wallet, 'read', (await loopback.phone.showCode(wallet)).digits);
    await engine.begin(begin);
    await later(120_000, 15);
    const { state } = await rowOf(begin);
    expect(['paid', 'closed', 'declined']).toContain(state);
    expect(loopback.books.totals(wallet).netFen).toBe(state === 'paid' ? 1250 : 0);
    expect(loopback.books.totals(wallet).paidCount).toBeLessThanOrEqual(1);
  });

  test.each(faults)('to a refund ($kind), it is done once', async (fault) => {
    const begin = request(wallet, 'read', (await loopback.phone.showCode(wallet)).digits);
    await engine.begin(begin);
    loopback.script.add({ on: 'refund', wallet, times: 1, faults: [fault] });
    await askRefund(sql, { ...begin, kioskId: kiosk, refundId: newId(clock), amount: money(300, 'CNY'), reason: 'cold', at: clock });
    await run();
    await later(60_000, 8);
    expect(await readRefunds(sql, begin)).toMatchObject([{ state: 'done' }]);
    expect(loopback.books.totals(wallet)).toMatchObject({ netFen: 950, refundedCount: 1 });
  });
});
