import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrderId } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import { receiptWords } from '../../../domain/receipt/words.ts';
import type { AccountRole } from '../../contract/api/permissions.ts';
import { accountRoles } from '../../contract/api/permissions.ts';
import type { readOrder, refundOrder } from '../../contract/api/orders.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import type { listOpenWallets } from '../../contract/api/wallets.ts';
import { approve, reinstate, revoke } from '../identity/decisions.ts';
import { refundOnce } from '../orders/refund.ts';
import { rollUp } from '../reports/roll-up.ts';
import { findReceipt } from '../receipts/find.ts';
import { reconcile } from '../settlement/reconcile.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { addPerson } from '../testing/people.ts';
import type { Story } from '../testing/story.ts';
import { createStory } from '../testing/story.ts';
import { createWalletEngine } from './engine.ts';
import { askRefund } from './refunds.ts';
import { tradeNoOf } from './rows.ts';
import type { Mishap, ScriptedGateway } from './testing/scripted-gateway.ts';
import { createScriptedGateway } from './testing/scripted-gateway.ts';
import { beginRequest, newId } from './testing/wallet-rig.ts';
import type { WalletOrder } from './testing/wallet-story.ts';
import { addWalletOrder } from './testing/wallet-story.ts';
import { createWalletWorker } from './worker.ts';

type Told = Parameters<typeof addWalletOrder>[2];
type Asked = ApiAnswer<typeof refundOrder>;

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let story: Story;
let clock: number;
let gateway: ScriptedGateway;
let mishap: Mishap | undefined;
let refundsAs: 'done' | 'refused';
let run: () => Promise<void>;
const at = testNow - 3_600_000;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  [clock, mishap, refundsAs] = [testNow, undefined, 'done'];
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { now: () => clock });
  story = createStory(testKiosk);
  gateway = createScriptedGateway({ now: () => clock, mishap: (operation) => (operation === 'refund' ? mishap : undefined), onRefund: () => refundsAs });
  const worker = createWalletWorker({ ...deps(), pollMs: 2 ** 30 });
  ({ run } = worker);
  return async () => {
    await worker.stop();
    await hq.close();
    // The server has no more connections than some tests' pools take.
    await database.sql.end();
  };
});

const deps = () => ({ sql: database.sql, now: () => clock, gateways: [gateway], onProblem: () => {}, timeoutMs: 200 });

/** Two lattes, 5600, paid by wallet at HQ and as its kiosk told it. */
async function paidOrder(told?: Told): Promise<WalletOrder> {
  const order = addWalletOrder(story, at, told);
  expect((await hq.send(story.events)).status).toBe(200);
  const engine = createWalletEngine(deps());
  await engine.begin({ ...beginRequest(testKiosk, clock, 'read', 5600), attemptId: order.attemptId as never, orderId: order.orderId as never });
  await engine.idle();
  return order;
}
const gone = async () => expect(await revoke(database.sql, testKiosk, clock)).toMatchObject({ ok: true });
const back = async () => expect(await reinstate(database.sql, testKiosk, '', clock)).toMatchObject({ ok: true });
const read = async ({ orderId }: { orderId: string }) => (await hq.inject({ url: `/api/orders/${testKiosk}/${orderId}` })).json<ApiAnswer<typeof readOrder>>();
const ask = ({ orderId }: { orderId: string }, body: { amount?: number; left?: number } = {}) => hq.inject({ method: 'POST', url: `/api/orders/${testKiosk}/${orderId}/refund`, payload: { reason: 'it burnt', ...body } });
const net = ({ attemptId }: { attemptId: string }) => gateway.netOf(tradeNoOf(attemptId));
const rows = () => database.sql<{ refund_id: string; amount: number; state: string; origin: string; by: string | null; detail: string | null }[]>`select refund_id, amount, state, origin, by, detail from wallet_refunds order by asked_at, refund_id`;
const kioskAsks = async ({ attemptId }: { attemptId: string }, refundId: string, amount: number) => {
  await askRefund(database.sql, { kioskId: testKiosk, attemptId, refundId, amount: money(amount, 'CNY'), reason: 'its own', at: clock });
  return (await rows()).find((row) => row.refund_id === refundId);
};

describe('of a kiosk that is gone', () => {
  test('HQ gives the whole back itself, once, under the attempt’s own id, with reason and person on the order’s page and timeline', async () => {
    const order = await paidOrder();
    expect(await read(order)).toMatchObject({ refundable: { via: 'kiosk' } });
    await gone();
    expect(await read(order)).toMatchObject({ mayRefund: 'yes', refundable: { left: money(5600, 'CNY'), tender: 'wechat', parts: true, via: 'hq' }, refund: null });
    const asked = await Promise.all([ask(order), ask(order), ask(order)]);
    expect(asked.map((answer) => answer.json<Asked>().isNew).toSorted()).toEqual([false, false, true]);
    expect(asked[0]!.json<Asked>().refund).toMatchObject({ via: 'hq', commandId: order.attemptId, amount: null, state: 'waiting', askedBy: 'dev', expiresAt: null });
    expect((await read(order)).mayRefund).toBe('asked');
    clock += 1000;
    await run();
    expect([net(order), await rows()]).toMatchObject([0, [{ refund_id: order.attemptId, amount: 5600, state: 'done', origin: 'hq', by: 'dev' }]]);
    const full = await read(order);
    expect(full).toMatchObject({ mayRefund: 'refunded', refundable: null, refund: { via: 'hq', state: 'done', reason: 'it burnt', answeredAt: clock }, refunds: [{ amount: money(5600, 'CNY'), way: 'tender', state: 'done', reason: 'it burnt', by: 'HQ, dev' }] });
    expect(full.life.filter(({ name }) => name.startsWith('refund'))).toMatchObject([{ kind: 'wallet', name: 'refund_by_hq', subject: 'dev', detail: 'it burnt', amount: money(5600, 'CNY') }, { kind: 'wallet', name: 'refund_done' }]);
    expect(await database.sql`select 1 from commands where kind = 'refund'`).toEqual([]);
    expect((await ask(order)).json()).toMatchObject({ code: 'HQ_CHANGED_MEANWHILE', why: 'refunded' });
    expect((await database.sql<{ detail: string }[]>`select detail from hq_audit where subject like ${`%${order.orderId}%`} order by number`).map(({ detail }) => detail).join()).toContain('by HQ itself, its kiosk is gone: it burnt');
  });

  test('a part, then the rest, and never more than is left; who has seen another sum gives nothing', async () => {
    const order = await paidOrder();
    await gone();
    expect((await ask(order, { amount: 5601 })).json()).toMatchObject({ code: 'HQ_INVALID', left: money(5600, 'CNY') });
    expect((await ask(order, { amount: 600, left: 5600 })).json<Asked>()).toMatchObject({ isNew: true, refund: { amount: 600 } });
    clock += 1000;
    await run();
    // Its answer was lost, and the person tries again.
    expect((await ask(order, { amount: 600, left: 5600 })).json()).toMatchObject({ code: 'HQ_CHANGED_MEANWHILE', left: money(5000, 'CNY') });
    expect((await ask(order, { amount: 5001, left: 5000 })).statusCode).toBe(422);
    expect((await ask(order, { left: 5000 })).json<Asked>()).toMatchObject({ isNew: true, refund: { amount: 5000 } });
    clock += 1000;
    await run();
    expect([net(order), (await read(order)).mayRefund]).toEqual([0, 'refunded']);
  });

  test('what stands as unknown by its last words is given back by HQ’s own book; what HQ has not found out yet is not', async () => {
    const order = await paidOrder();
    await database.sql`update payments set state = 'unknown' where attempt_id = ${order.attemptId}`;
    await database.sql`update orders set state = 'payment_unknown' where order_id = ${order.orderId}`;
    expect((await read(order)).mayRefund).toBe('unclear');
    await gone();
    await database.sql`update wallet_payments set state = 'closing', ended_at = null`;
    expect((await ask(order)).json()).toMatchObject({ why: 'unclear' });
    await database.sql`update wallet_payments set state = 'paid', ended_at = ${clock}`;
    expect((await ask(order)).json<Asked>()).toMatchObject({ isNew: true });
  });

  test('what HQ has given back stands on the e-receipt: a part with what is left, and all of it as paid back', async () => {
    const order = await paidOrder();
    const [placed] = await database.sql<{ receipt_token: string }[]>`select receipt_token from orders where order_id = ${order.orderId}`;
    const receipt = async () => {
      const found = await findReceipt(database.sql, placed!.receipt_token);
      return found.kind === 'receipt' ? { isRefunded: found.isRefunded, text: JSON.stringify(found.receipt.lines) } : undefined;
    };
    const { returned, kept, paymentReversed } = receiptWords.zh;
    await gone();
    await ask(order, { amount: 600, left: 5600 });
    clock += 1000;
    await run();
    const part = await receipt();
    expect(part).toMatchObject({ isRefunded: false });
    for (const words of [returned, '-￥6.00', kept, '￥50.00']) expect(part?.text).toContain(words);
    expect(part?.text).not.toContain(paymentReversed);
    await ask(order, { left: 5000 });
    clock += 1000;
    await run();
    const whole = await receipt();
    expect(whole).toMatchObject({ isRefunded: true });
    for (const words of [paymentReversed, returned, '-￥56.00']) expect(whole?.text).toContain(words);
  });

  test('its card payments are not HQ’s to give: it says so, and offers nothing', async () => {
    const { orderId } = story.order({ offers: [['latte', 2]], ending: 'fulfilled', at });
    expect((await hq.send(story.events)).status).toBe(200);
    await gone();
    expect(await read({ orderId })).toMatchObject({ mayRefund: 'card_gone', refundable: null });
    expect((await ask({ orderId })).json()).toMatchObject({ code: 'HQ_CHANGED_MEANWHILE', why: 'card_gone' });
    expect(await database.sql`select 1 from commands where kind = 'refund'`).toEqual([]);
  });

  test('a command that it has not done is taken back first, so that it cannot count twice', async () => {
    const order = await paidOrder();
    expect((await ask(order, { amount: 600 })).json<Asked>()).toMatchObject({ refund: { via: 'kiosk', state: 'waiting' } });
    await gone();
    expect(await read(order)).toMatchObject({ mayRefund: 'yes', refundable: { left: money(5600, 'CNY'), via: 'hq' } });
    clock += 1000;
    expect((await ask(order, { amount: 600 })).json<Asked>()).toMatchObject({ isNew: true, refund: { via: 'hq' } });
    expect(await database.sql`select state from commands where kind = 'refund'`).toEqual([{ state: 'cancelled' }]);
  });

  test('only where every key is revoked: one that waits for approval may be heard soon', async () => {
    const order = await paidOrder();
    await gone();
    await database.sql`insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at) values (${testKiosk}, 'another', ${Buffer.alloc(1)}, 'waiting', '0.1.0', ${clock})`;
    expect(await read(order)).toMatchObject({ refundable: { via: 'kiosk' } });
    expect((await ask(order, { amount: 1 })).json<Asked>()).toMatchObject({ refund: { via: 'kiosk' } });
    expect(await rows()).toEqual([]);
  });

  test('money that was given by hand, or is back as a whole by its word, is not given again', async () => {
    const byHand = await paidOrder({ refunds: [{ amount: 600, state: 'done', way: 'by_hand' }] });
    await gone();
    expect(await read(byHand)).toMatchObject({ refundable: { left: money(5000, 'CNY') } });
    await database.sql`update payments set state = 'reversed' where attempt_id = ${byHand.attemptId}`;
    expect((await read(byHand)).mayRefund).toBe('refunded');
  });

  test('what the gateway refuses is an alarm and on HQ’s list, from where it is tried again, as far as so much is left', async () => {
    const order = await paidOrder();
    await gone();
    refundsAs = 'refused';
    await ask(order);
    clock += 1000;
    await run();
    expect(await read(order)).toMatchObject({ mayRefund: 'yes', refund: { state: 'refused', detail: 'the merchant has no money' } });
    expect((await hq.inject({ url: '/api/money/wallets/open?who=person' })).json<ApiAnswer<typeof listOpenWallets>>().open).toMatchObject([{ kind: 'refund', refundId: order.attemptId, orderId: order.orderId }]);
    const again = () => hq.inject({ method: 'POST', url: `/api/money/wallets/${testKiosk}/refunds/${order.attemptId}/settle`, payload: { outcome: 'again', note: 'topped up' } });
    refundsAs = 'done';
    // Somebody gave a part under another number meanwhile.
    expect((await ask(order, { amount: 1 })).json<Asked>()).toMatchObject({ isNew: true });
    expect((await again()).statusCode).toBe(409);
    clock += 1000;
    await run();
    expect([net(order), (await rows()).map(({ state }) => state)]).toEqual([5599, ['refused', 'done']]);
  });
});

describe('the books', () => {
  test('agree about what HQ gave back itself, whole or in part, though no kiosk tells of it', async () => {
    const [whole, part] = [await paidOrder(), await paidOrder()];
    await database.sql`update payments set tender = 'wechat' where tender = 'alipay'`;
    await gone();
    await ask(whole);
    await ask(part, { amount: 600 });
    const open = await reconcile(database.sql, clock);
    expect(open.sums.filter(({ tender }) => tender === 'wechat')).toMatchObject([{ captured: 11_200, refunded: 0, unexplained: 0, delivered: 0, open: 11_200 }]);
    clock += 1000;
    await run();
    const { sums, findings } = await reconcile(database.sql, clock + 2 * 86_400_000);
    expect(sums.filter(({ tender }) => tender === 'wechat')).toMatchObject([{ captured: 11_200, refunded: 6200, delivered: 5000, open: 0, unexplained: 0 }]);
    expect(findings).toEqual([]);
  });

  test('and the reports of sales count it on the day on which it went back, once, though the kiosk comes back and tells of it, too', async () => {
    const order = await paidOrder();
    await rollUp(database.sql);
    const refunded = async () => {
      await rollUp(database.sql);
      return database.sql`select sum(refunds)::int as refunds, sum(refunded_amount)::int as amount, (select sum(amount)::int from sales_payments where state = 'returned') as returned from sales_days`;
    };
    expect(await refunded()).toEqual([{ refunds: 0, amount: 0, returned: null }]);
    await gone();
    await ask(order, { amount: 600 });
    clock += 1000;
    await run();
    const [{ refund_id: refundId } = { refund_id: '' }] = await rows();
    expect(await refunded()).toMatchObject([{ amount: 600, returned: 600 }]);
    await back();
    await hq.kiosk.hello();
    story.add('payment.refund', { refundId, attemptId: order.attemptId, orderId: order.orderId, amount: { amount: 600, currency: 'CNY' }, way: 'tender', state: 'done', reason: 'it burnt', by: 'HQ' } as never, clock);
    expect(await hq.kiosk.send(story.events)).toMatchObject({ status: 200 });
    expect(await refunded()).toMatchObject([{ amount: 600, returned: 600 }]);
  });
});

describe('a role', () => {
  test('may do it as it may tell a kiosk to', async () => {
    const allowed: AccountRole[] = [];
    for (const role of accountRoles) {
      const { cookie } = await addPerson(hq, role, clock, `of-${role}`);
      const order = await paidOrder();
      await gone();
      const answer = await hq.app.inject({ method: 'POST', url: `/api/orders/${testKiosk}/${order.orderId}/refund`, payload: { reason: 'it burnt', amount: 100 }, headers: { cookie } });
      expect([200, 403]).toContain(answer.statusCode);
      if (answer.statusCode === 200) allowed.push(role);
      expect(await database.sql`select by from wallet_refunds where attempt_id = ${order.attemptId}`).toEqual(answer.statusCode === 200 ? [{ by: `of-${role}` }] : []);
      await back();
      await hq.kiosk.hello();
    }
    expect(allowed.toSorted()).toEqual(['accountant', 'administrator', 'operator']);
  });
});

describe('HQ that is killed', () => {
  test.each([['before its gateway hears of it', undefined], ['after its gateway has done it', 'lost'], ['while it is on its way', 'deaf']] as const)('%s goes on by the row, and gives once', async (_when, befalls) => {
    const order = await paidOrder();
    await gone();
    // No engine is told: the row alone is there, as after a kill.
    await ask(order, { amount: 600 });
    mishap = befalls;
    clock += 1000;
    if (befalls) await run();
    mishap = undefined;
    const next = createWalletWorker({ ...deps(), pollMs: 2 ** 30 });
    for (let turn = 0; turn < 4; turn++) {
      clock += 30_000;
      await next.run();
    }
    await next.stop();
    expect([net(order), (await rows()).map(({ state }) => state)]).toEqual([5000, ['done']]);
  });
});

describe('a kiosk that is taken back after all', () => {
  test('and takes the whole back itself, finds that it is the same refund', async () => {
    const order = await paidOrder();
    await gone();
    await ask(order);
    clock += 1000;
    await run();
    await back();
    expect(await kioskAsks(order, order.attemptId, 5600)).toMatchObject({ state: 'done' });
    await run();
    expect([net(order), (await rows()).length]).toEqual([0, 1]);
    // Nor does HQ tell it to: what HQ gave counts.
    expect(await read(order)).toMatchObject({ mayRefund: 'refunded', refundable: null });
  });

  test('and had asked for a part that HQ gave meanwhile, finds that it is the same refund', async () => {
    const order = await paidOrder({ refunds: [{ amount: 600, state: 'asked' }] });
    await gone();
    await ask(order, { amount: 600 });
    clock += 1000;
    await run();
    await back();
    expect(await kioskAsks(order, order.refundIds[0]!, 600)).toMatchObject({ state: 'done', by: 'dev' });
    expect([net(order), (await rows()).length]).toEqual([5000, 1]);
    expect((await read(order)).refunds).toMatchObject([{ refundId: order.refundIds[0], state: 'done', by: 'HQ, dev' }]);
    // When it has told so, too, it counts once.
    await database.sql`update order_refunds set state = 'done'`;
    expect(await read(order)).toMatchObject({ mayRefund: 'yes', refundable: { left: money(5000, 'CNY'), via: 'kiosk' }, refunds: [{ state: 'done' }] });
  });

  test('and asks for more than is left is refused at once, by which its own list has it', async () => {
    const order = await paidOrder();
    await gone();
    await ask(order, { amount: 5000 });
    clock += 1000;
    await run();
    await back();
    expect(await read(order)).toMatchObject({ refundable: { left: money(600, 'CNY'), via: 'kiosk' } });
    expect(await kioskAsks(order, order.attemptId, 5600)).toMatchObject({ state: 'refused', detail: '￥6.00 of it is left' });
    expect(await kioskAsks(order, newId(clock), 601)).toMatchObject({ state: 'refused' });
    expect(await kioskAsks(order, newId(clock), 600)).toMatchObject({ state: 'asked' });
    clock += 1000;
    await run();
    expect(net(order)).toBe(0);
  });

  test('is heard again only when a person approves it, and the same moment cannot give twice', async () => {
    const order = await paidOrder();
    await gone();
    const fingerprint = (await database.sql<{ fingerprint: string }[]>`select fingerprint from kiosk_keys`)[0]!.fingerprint;
    expect((await hq.kiosk.hello()).status).not.toBe(200);
    expect(await approve(database.sql, testKiosk, fingerprint, clock)).toMatchObject({ ok: false });
    await Promise.all([
      reinstate(database.sql, testKiosk, '', clock), ask(order, { amount: 4000 }), ask(order, { amount: 4000 }), kioskAsks(order, newId(clock), 4000), kioskAsks(order, order.attemptId, 5600),
    ]);
    for (let turn = 0; turn < 3; turn++) {
      clock += 5000;
      await run();
    }
    const given = (await rows()).filter(({ state }) => state !== 'refused').reduce((sum, { amount }) => sum + amount, 0);
    expect(given).toBeLessThanOrEqual(5600);
    expect(net(order)).toBe(5600 - given);
  });
});

describe('whatever is done in whatever order', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constantFrom('gone' as const, 'back' as const, 'run' as const) }),
    fc.record({ kind: fc.constant('hq' as const), amount: fc.option(fc.integer({ min: 1, max: 6000 }), { nil: undefined }) }),
    fc.record({ kind: fc.constant('kiosk' as const), id: fc.integer({ min: 0, max: 3 }), amount: fc.integer({ min: 1, max: 6000 }) }),
    fc.record({ kind: fc.constant('mishap' as const), mishap: fc.constantFrom(undefined, 'lost' as const, 'deaf' as const, 'throws' as const) }),
    fc.record({ kind: fc.constant('refunds' as const), as: fc.constantFrom('done' as const, 'refused' as const) }),
  );

  test('no more goes back than was paid, and the gateway’s book is HQ’s', async () => {
    await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), async (acts) => {
      story = createStory(testKiosk);
      await database.sql`truncate wallet_payments, wallet_refunds, payments, orders, commands, events, cursors, proofs`;
      [mishap, refundsAs] = [undefined, 'done'];
      await reinstate(database.sql, testKiosk, '', clock);
      await hq.kiosk.hello();
      const order = await paidOrder();
      const ids = [order.attemptId, newId(clock), newId(clock + 1), newId(clock + 2)];
      for (const step of acts) {
        clock += 1000;
        if (step.kind === 'gone') await revoke(database.sql, testKiosk, clock);
        else if (step.kind === 'back') await reinstate(database.sql, testKiosk, '', clock);
        else if (step.kind === 'run') await run();
        else if (step.kind === 'mishap') mishap = step.mishap;
        else if (step.kind === 'refunds') refundsAs = step.as;
        else if (step.kind === 'kiosk') await kioskAsks(order, ids[step.id]!, step.id === 0 ? 5600 : step.amount);
        else if (step.kind === 'hq') await refundOnce(database.sql, { kioskId: testKiosk, orderId: order.orderId as OrderId, reason: 'drawn', amount: step.amount, by: 'dev', now: clock });
      }
      [mishap, refundsAs] = [undefined, 'done'];
      for (let turn = 0; turn < 4; turn++) {
        clock += 700_000;
        await run();
      }
      const all = await rows();
      const given = all.filter(({ state }) => state === 'done').reduce((sum, { amount }) => sum + amount, 0);
      expect(all.filter(({ state }) => state === 'asked')).toEqual([]);
      expect(given).toBeLessThanOrEqual(5600);
      expect(net(order)).toBe(5600 - given);
    }), { numRuns: 25 });
  }, 60_000);
});
