import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Decision } from '../../../domain/attention/attention.ts';
import { money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk } from '../testing/hq.ts';
import type { BillLine, WalletGateway } from '../wallets/gateway.ts';
import { settlePayment } from '../wallets/open.ts';
import { createScriptedGateway } from '../wallets/testing/scripted-gateway.ts';
import { takeBooks } from './books.ts';
import { startOfChinaDay } from './china-day.ts';
import { readSettlementDays } from './days.ts';
import { reconcile } from './reconcile.ts';

const day = '2026-11-21';
const dayMs = 86_400_000;
const noon = startOfChinaDay(day) + dayMs / 2;
const later = noon + 3 * dayMs;
const idOf = (kind: number, number: number) => `019aa000-${kind.toString(16).padStart(4, '0')}-7000-8000-${String(number).padStart(12, '0')}`;
const [attemptId, orderId] = [idOf(1, 1), idOf(2, 1)];

let postgres: TestPostgres;
let sql: Sql;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(async () => { await postgres?.stop(); });
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  return () => sql.end({ timeout: 1 });
});

/** Ten yuan by WeChat Pay, at HQ and as its kiosk tells it. */
async function paid(kioskState = 'approved', orderState = 'fulfilled'): Promise<void> {
  await sql`
    insert into wallet_payments (kiosk_id, attempt_id, wallet, order_id, order_number, mode, amount, currency, state, begun_at, ended_at, paid_at, is_asked)
    values (${testKiosk}, ${attemptId}, 'wechat', ${orderId}, 'A001', 'shown', 1000, 'CNY', 'paid', ${noon}, ${noon + 9000}, ${noon + 8000}, true)`;
  await sql`
    insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, started_at, state_at)
    values (${testKiosk}, ${attemptId}, ${orderId}, 1000, 'CNY', ${kioskState}, 'wechat', ${noon}, ${noon + 9000})`;
  await sql`
    insert into orders (kiosk_id, order_id, cart_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, taxes, shop, receipt_url, received_at, occurred_at, utc_offset_ms)
    values (${testKiosk}, ${orderId}, ${idOf(4, 1)}, 'A001', ${orderState}, ${noon + 9000}, ${noon}, 'zh', 1, 1000, 'CNY', 'x', '[]', '{}', 'http://x', ${noon}, ${noon}, 0)`;
}
const held = () => sql`update wallet_payments set state = 'held', paid_at = null, ended_at = null`;
const decided = (kind: 'refund_refused' | 'reversal_refused', decision: Decision, amount: number) => sql`
  insert into attention (kiosk_id, attention_id, kind, order_id, attempt_id, refund_id, amount, currency, detail, raised_at, decision, decided_at)
  values (${testKiosk}, ${idOf(6, 1)}, ${kind}, ${orderId}, ${kind === 'reversal_refused' ? attemptId : null}, ${kind === 'refund_refused' ? idOf(3, 1) : null}, ${amount}, 'CNY', 'x', ${noon + 20_000}, ${decision}, ${noon + 30_000})`;
const atHq = (refundId: string, amount: number) => sql`
  insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, asked_at, ended_at)
  values (${testKiosk}, ${refundId}, ${attemptId}, 'wechat', ${amount}, 'CNY', 1000, 'refund', 'kiosk', 'done', ${noon + 10_000}, ${noon + 11_000})`;
const atKiosk = (refundId: string, amount: number, way: 'tender' | 'by_hand', state: 'done' | 'refused') => sql`
  insert into order_refunds (kiosk_id, refund_id, attempt_id, order_id, amount, currency, way, state, reason, asked_at, state_at)
  values (${testKiosk}, ${refundId}, ${attemptId}, ${orderId}, ${amount}, 'CNY', ${way}, ${state}, 'cold', ${noon + 20_000}, ${noon + 21_000})`;
const settle = (outcome: 'paid' | 'closed', now = noon + 3_600_000) => settlePayment(sql, { kioskId: testKiosk, attemptId, outcome, by: 'ana', note: 'by its console', now });

describe('what was given by hand', () => {
  test.each([300, 600])('of a part (%d) that the gateway refused counts once, though the list and a refund both tell it', async (part) => {
    await paid();
    await atKiosk(idOf(3, 1), part, 'tender', 'refused');
    await atKiosk(idOf(3, 2), part, 'by_hand', 'done');
    await decided('refund_refused', 'part_given_back', part);
    const { sums, findings } = await reconcile(sql, later);
    expect(sums).toMatchObject([{ captured: 1000, refunded: part, delivered: 1000 - part }]);
    expect(findings).toEqual([]);
  });

  test('of the whole, and had gone back by the gateway, is refunded too much, whenever HQ hears of it', async () => {
    await paid('reversed', 'refunded');
    await decided('reversal_refused', 'given_back', 1000);
    expect((await reconcile(sql, later)).findings).toEqual([]);
    await atHq(attemptId, 1000);
    expect((await reconcile(sql, later)).findings).toMatchObject([{ kind: 'refunded_too_much', attemptId, orderId, amount: 1000, currency: 'CNY', detail: 'wechat, and by hand' }]);
  });

  test('not of the whole, which was found to be back, is nothing to look into', async () => {
    await paid('reversed', 'refunded');
    await decided('reversal_refused', 'was_back', 1000);
    await atHq(attemptId, 1000);
    expect((await reconcile(sql, later)).findings).toEqual([]);
  });

  test('of the rest, where a part had gone by the gateway as its kiosk tells, is not too much', async () => {
    await paid('reversed', 'refunded');
    await atKiosk(idOf(3, 1), 300, 'tender', 'done');
    await atHq(idOf(3, 1), 300);
    await decided('reversal_refused', 'given_back', 1000);
    expect((await reconcile(sql, later)).findings).toEqual([]);
  });
});

describe('a payment that is held', () => {
  test.each([[true, []], [false, ['payment_missing']]] as const)('and that a person says is paid is compared with its gateway’s book, and counts on its day (in the book: %s)', async (isThere, differences) => {
    await paid();
    await sql`update payments set state = 'unclear'`;
    await held();
    expect(await settle('paid')).toMatchObject({ ok: true });
    const line: BillLine = { kind: 'payment', tradeNo: attemptId.replaceAll('-', ''), transactionId: 't', amount: money(1000, 'CNY'), at: noon };
    const gateway: WalletGateway = { ...createScriptedGateway({ now: () => noon }), bill: async (asked) => ({ kind: 'lines', pieces: isThere && asked === day ? [[line]] : [] }) };
    await takeBooks({ sql, now: () => noon + 8 * dayMs, gateways: [gateway] });
    expect((await sql<{ kind: string }[]>`select kind from settlement_differences`).map(({ kind }) => kind)).toEqual(differences);
    expect(await readSettlementDays(sql, { from: day, to: day })).toMatchObject([{ ours: { paid: { count: 1, amount: 1000 } } }]);
  });

  test.each(['approved', 'reversing', 'reversed'])('and that its kiosk has as %s is not closed: found paid later, it would go back, and the goods have gone', async (state) => {
    await paid(state);
    await held();
    expect(await settle('closed')).toMatchObject({ ok: false });
    expect(await settle('paid')).toMatchObject({ ok: true });
  });

  test('and that its kiosk has as unclear may be closed; so may one that is held after its end, which cannot be paid any more', async () => {
    await paid('unclear');
    await held();
    expect(await settle('closed')).toMatchObject({ ok: true });
    await sql`update payments set state = 'approved'`;
    await sql`update wallet_payments set state = 'held'`;
    expect(await settle('paid')).toMatchObject({ ok: false });
    expect(await settle('closed')).toMatchObject({ ok: true });
  });
});
