import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk } from '../testing/hq.ts';
import type { BillLine, WalletGateway } from '../wallets/gateway.ts';
import { giveBackUnwanted } from '../wallets/unwanted.ts';
import { takeBooks } from './books.ts';
import { startOfChinaDay } from './china-day.ts';
import { keepReconciliation, reconcile } from './reconcile.ts';
import { tidySettlement } from './tidy.ts';
import { tradeNoOf } from '../wallets/rows.ts';

const dayMs = 86_400_000;
const day = '2026-11-21';
/** Noon of that day in China. */
const noon = startOfChinaDay(day) + dayMs / 2;
let at = noon + dayMs;

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
});
beforeEach(async () => {
  await hq?.close();
  at = noon + dayMs;
  database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database, { now: () => at });
  return () => hq.close();
});

/** Its book is what the test says; nothing else of it is asked. */
function gatewayWith(bill: WalletGateway['bill']): WalletGateway {
  const never = () => Promise.reject(new Error('nobody asks this here'));
  return { wallet: 'wechat', modes: ['shown'], show: never, charge: never, query: never, end: never, refund: never, queryRefund: never, readNotification: never, notificationAnswer: { status: 200, contentType: 'text/plain', body: '' }, bill };
}
const bookOf = (lines: readonly BillLine[]) => gatewayWith(async (of) => ({ kind: 'lines', pieces: of === day ? [lines] : [] }));

const idOf = (kind: number, number: number) => `019aa000-${kind.toString(16).padStart(4, '0')}-7000-8000-${String(number).padStart(12, '0')}`;
const attempt = (number: number) => idOf(1, number);
const order = (number: number) => idOf(2, number);
const line = (number: number, amount: number, rest: Partial<BillLine> = {}): BillLine => ({ kind: 'payment', tradeNo: tradeNoOf(attempt(number)), transactionId: `42000${number}`, amount: money(amount, 'CNY'), fee: money(6, 'CNY'), at: noon, ...rest });

interface Paid { readonly amount?: number; readonly wallet?: string; readonly walletState?: string; readonly kioskState?: string; readonly orderState?: string; readonly late?: boolean; readonly begun?: number }
/** As the kiosk's events and HQ's own work with the gateway leave it. */
async function paid(number: number, { amount = 1000, wallet = 'wechat', walletState = 'paid', kioskState = 'approved', orderState = 'fulfilled', late = false, begun = noon }: Paid = {}): Promise<void> {
  await sql`
    insert into wallet_payments (kiosk_id, attempt_id, wallet, order_id, order_number, mode, amount, currency, state, begun_at, ended_at, paid_at, late_at)
    values (${testKiosk}, ${attempt(number)}, ${wallet}, ${order(number)}, ${`A${String(number).padStart(3, '0')}`}, 'shown', ${amount}, 'CNY', ${walletState}, ${begun}, ${begun + 9000}, ${walletState === 'paid' || late ? begun + 8000 : null}, ${late ? begun + 60_000 : null})`;
  await sql`
    insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, started_at, state_at)
    values (${testKiosk}, ${attempt(number)}, ${order(number)}, ${amount}, 'CNY', ${kioskState}, ${wallet}, ${begun}, ${begun + 9000})`;
  await sql`
    insert into orders (kiosk_id, order_id, cart_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, taxes, shop, receipt_url, received_at, occurred_at, utc_offset_ms)
    values (${testKiosk}, ${order(number)}, ${idOf(4, number)}, ${`A${String(number).padStart(3, '0')}`}, ${orderState}, ${begun + 9000}, ${begun}, 'zh', 1, ${amount}, 'CNY', 'x', '[]', '{}', 'http://x', ${begun}, ${begun}, 0)`;
}

async function refunded(number: number, amount: number, { refund = 1, state = 'done', isTold = true } = {}): Promise<void> {
  await sql`
    insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, asked_at, ended_at)
    values (${testKiosk}, ${idOf(3, number * 10 + refund)}, ${attempt(number)}, 'wechat', ${amount}, 'CNY', 1000, 'cold', 'kiosk', ${state}, ${noon + 20_000}, ${state === 'done' ? noon + 21_000 : null})`;
  if (!isTold) return;
  await sql`
    insert into order_refunds (kiosk_id, refund_id, attempt_id, order_id, amount, currency, way, state, reason, asked_at, state_at)
    values (${testKiosk}, ${idOf(3, number * 10 + refund)}, ${attempt(number)}, ${order(number)}, ${amount}, 'CNY', 'tender', ${state}, 'cold', ${noon + 20_000}, ${noon + 21_000})`;
}

const open = async () => {
  const { differences } = JSON.parse((await hq.inject({ url: '/api/money/differences' })).body) as { differences: { id: string; kind: string; orderNumber: string | null; ours: number | null; theirs: number | null; lines: object | null }[] };
  return differences;
};
const take = (gateway: WalletGateway) => takeBooks({ sql, now: () => at, gateways: [gateway] });

describe("a day's book of a gateway", () => {
  it('is taken once it is there, agrees line by line, and shows its sums and fees beside ours', async () => {
    await paid(1);
    await refunded(1, 300);
    await take(gatewayWith(async () => ({ kind: 'not_yet' })));
    const days = async () => (JSON.parse((await hq.inject({ url: `/api/money/settlement?from=${day}&to=${day}` })).body) as { days: object[] }).days;
    expect(await days()).toMatchObject([{ day, tender: 'wechat', state: 'waiting', detail: 'not there yet', theirs: null, ours: { paid: { count: 1, amount: 1000 } } }]);
    at += 40 * 60_000;
    const book = bookOf([line(1, 1000), line(1, 300, { kind: 'refund', refundNo: tradeNoOf(idOf(3, 11)), fee: money(-2, 'CNY') })]);
    expect(await take(book)).toBe(1);
    expect(await take(book)).toBe(0);
    expect(await days()).toMatchObject([{
      day, tender: 'wechat', state: 'taken', open: 0,
      theirs: { paid: { count: 1, amount: 1000 }, refunded: { count: 1, amount: 300 }, fees: 4 }, ours: { paid: { count: 1, amount: 1000 }, refunded: { count: 1, amount: 300 } },
    }]);
    expect(await open()).toEqual([]);
  });

  it('lists each difference with its order, and has what is paid only there asked for at once', async () => {
    await paid(1, { walletState: 'closed', kioskState: 'not_paid', orderState: 'expired' });
    await paid(2);
    await paid(3, { amount: 700 });
    await take(bookOf([line(1, 1000), line(3, 701), line(9, 50)]));
    expect((await open()).map(({ kind, orderNumber, ours, theirs }) => [kind, orderNumber, ours, theirs]).toSorted()).toEqual([
      ['payment_amount', 'A003', 700, 701], ['payment_missing', 'A002', 1000, null], ['payment_not_ours', null, null, 50], ['payment_not_taken', 'A001', 1000, 1000],
    ]);
    const [row] = await sql<{ next_at: number }[]>`select next_at from wallet_payments where attempt_id = ${attempt(1)}`;
    expect(row?.next_at).toBe(at);
  });

  it('ends a difference by itself when it is gone, and keeps what a person has ended', async () => {
    await paid(1, { walletState: 'closed', kioskState: 'not_paid', orderState: 'expired' });
    const book = bookOf([line(1, 1000), line(9, 50)]);
    await take(book);
    const foreign = (await open()).find(({ kind }) => kind === 'payment_not_ours')!;
    const end = () => hq.inject({ method: 'POST', url: `/api/money/differences/${foreign.id}/end`, headers: { origin: 'http://localhost:80' }, payload: { note: 'of our other shop' } });
    expect((await end()).statusCode).toBe(200);
    expect((await end()).statusCode).toBe(409);
    // Found late, and on its way back.
    await sql`update wallet_payments set late_at = ${at}, paid_at = ${noon} where attempt_id = ${attempt(1)}`;
    at += dayMs;
    await take(book);
    expect(await open()).toEqual([]);
    const ended = JSON.parse((await hq.inject({ url: '/api/money/differences?open=no' })).body) as { differences: { kind: string; endedBy: string | null; note: string | null }[] };
    expect(ended.differences.map(({ kind, endedBy, note }) => [kind, endedBy, note]).toSorted()).toEqual([['payment_not_ours', 'dev', 'of our other shop'], ['payment_not_taken', null, null]]);
  });

  it('is taken however long it is: a statement takes no more than 65,535 values', async () => {
    await paid(1);
    await take(bookOf([...Array.from({ length: 6000 }, (_, index) => line(index + 100, 5)), line(1, 1000)]));
    expect(await sql`select count(*) as lines from settlement_lines where day = ${day}`).toEqual([{ lines: 6001 }]);
    expect(await sql`select kind, count(*) as count from settlement_differences where ended_at is null group by kind`).toEqual([{ kind: 'payment_not_ours', count: 6000 }]);
    at += dayMs;
    await take(bookOf([]));
    expect(await sql`select count(*) as count from settlement_differences where ended_at is null`).toEqual([{ count: 6000 }]);
  });

  it('tells of a line that the gateway has three times once, and what a person has said of it stands', async () => {
    await paid(1);
    await take(bookOf([line(1, 1000), line(1, 1000), line(1, 1000)]));
    const [double, ...more] = await open();
    expect([double?.kind, more]).toEqual(['payment_not_ours', []]);
    await hq.inject({ method: 'POST', url: `/api/money/differences/${double!.id}/end`, headers: { origin: 'http://localhost:80' }, payload: { note: 'theirs' } });
    at += dayMs;
    await take(bookOf([]));
    expect(await open()).toEqual([]);
  });

  it('that turns out at its end not to be believed leaves nothing behind, and is asked for again', async () => {
    await paid(1);
    let isWhole = false;
    const gateway = gatewayWith(async (of) => ({ kind: 'lines', pieces: of !== day ? [] : isWhole ? [[line(1, 1000)]] : [[line(1, 1000), line(7, 5)], { kind: 'unknown', detail: 'its hash is another' }] }));
    expect(await take(gateway)).toBe(0);
    expect(await sql`select state, detail from settlement_books`).toEqual([{ state: 'waiting', detail: 'its hash is another' }]);
    expect(await sql`select count(*) as count from settlement_lines`).toEqual([{ count: 0 }]);
    isWhole = true;
    at += 40 * 60_000;
    expect(await take(gateway)).toBe(1);
    expect(await open()).toEqual([]);
  });

  it("with another system's lines shows them as one difference, with their sums and as a file, and not in ours", async () => {
    await paid(1);
    const foreign = (number: number, rest: Partial<BillLine> = {}) => line(number, 50, { tradeNo: `SHOP-${number}`, ...rest });
    await take(bookOf([...Array.from({ length: 300 }, (_, index) => foreign(index)), line(1, 1000), foreign(1, { kind: 'refund', refundNo: 'R1' }), line(9, 70)]));
    // One that has our form, and that HQ does not know, is told of by itself, and first.
    expect(await open()).toMatchObject([{ kind: 'payment_not_ours', theirs: 70, lines: null }, { kind: 'lines_not_ours', theirs: 14_950, lines: { paid: { count: 300, amount: 15_000 }, refunded: { count: 1, amount: 50 } } }]);
    const days = JSON.parse((await hq.inject({ url: `/api/money/settlement?from=${day}&to=${day}` })).body) as { days: object[] };
    expect(days.days).toMatchObject([{ theirs: { paid: { count: 2, amount: 1070 } }, others: { count: 301, amount: 14_950 }, open: 2 }]);
    const csv = async (more: string) => (await hq.inject({ url: `/api/money/settlement.csv?wallet=wechat&from=${day}&to=${day}${more}` })).body.trim().split('\n');
    const file = await csv('&whose=not_ours');
    expect(file).toHaveLength(1 + 301);
    expect(file.slice(1).every((row) => row.includes('SHOP-'))).toBe(true);
    expect(await csv('')).toHaveLength(1 + 303);
    const group = (await open()).at(-1)!;
    await hq.inject({ method: 'POST', url: `/api/money/differences/${group.id}/end`, headers: { origin: 'http://localhost:80' }, payload: { note: 'the shop next door' } });
    at += dayMs;
    await take(bookOf([]));
    expect((await open()).map(({ kind }) => kind)).toEqual(['payment_not_ours']);
  });

  it('is kept for 400 days, a difference that nobody has ended for ever and its whole book with it, and is not asked for again', async () => {
    await paid(1);
    await paid(2, { begun: noon + dayMs });
    const lines = (of: string) => (of === day ? [line(1, 1000), line(1, 50, { tradeNo: 'SHOP' })] : of === '2026-11-22' ? [line(2, 999)] : []);
    const asked: string[] = [];
    const gateway = gatewayWith(async (of) => {
      asked.push(of);
      return { kind: 'lines', pieces: [lines(of)] };
    });
    at += dayMs;
    await take(gateway);
    const group = (await open()).find(({ kind }) => kind === 'lines_not_ours')!;
    await hq.inject({ method: 'POST', url: `/api/money/differences/${group.id}/end`, headers: { origin: 'http://localhost:80' }, payload: { note: 'the shop' } });
    const kept = async () => [await sql`select day, count(*) as lines from settlement_lines group by day order by day`, await sql`select day, kind from settlement_differences order by day`];
    const all = [[{ day, lines: 2 }, { day: '2026-11-22', lines: 1 }], [{ day, kind: 'lines_not_ours' }, { day: '2026-11-22', kind: 'payment_amount' }]];
    expect(await tidySettlement(sql, at + 399 * dayMs)).toBe(0);
    expect(await kept()).toEqual(all);
    expect(await tidySettlement(sql, at + 402 * dayMs)).toBe(3);
    expect(await kept()).toEqual([[{ day: '2026-11-22', lines: 1 }], [{ day: '2026-11-22', kind: 'payment_amount' }]]);
    const days = async () => (JSON.parse((await hq.inject({ url: `/api/money/settlement?from=${day}&to=2026-11-22` })).body) as { days: object[] }).days;
    expect(await days()).toMatchObject([{ day: '2026-11-22', state: 'taken', theirs: { paid: { count: 1 } } }, { day, state: 'gone', theirs: null }]);
    // Ended after all: from then on as long again.
    await sql`update settlement_differences set ended_at = ${at + 402 * dayMs}`;
    expect(await tidySettlement(sql, at + 500 * dayMs)).toBe(0);
    expect(await tidySettlement(sql, at + 803 * dayMs)).toBe(2);
    expect(await kept()).toEqual([[], []]);
    asked.length = 0;
    at += 800 * dayMs;
    await take(gateway);
    expect(asked).not.toContain(day);
  });

  it('that HQ cannot take keeps nobody from the next day, nor from the other gateway', async () => {
    await paid(1, { begun: noon - dayMs });
    await paid(2, { wallet: 'alipay' });
    const broken = { ...line(1, 1000), transactionId: null as never };
    const wechat = gatewayWith(async (of) => ({ kind: 'lines', pieces: of === day ? [] : [[broken]] }));
    const alipay = { ...bookOf([line(2, 1000)]), wallet: 'alipay' as const };
    await expect(takeBooks({ sql, now: () => at, gateways: [wechat, alipay] })).rejects.toThrow();
    expect(await sql`select wallet, day, state from settlement_books order by wallet, day`).toEqual([{ wallet: 'alipay', day, state: 'taken' }, { wallet: 'wechat', day: '2026-11-20', state: 'waiting' }, { wallet: 'wechat', day, state: 'taken' }]);
    const [row] = await sql<{ detail: string }[]>`select detail from settlement_books where state = 'waiting'`;
    expect(row?.detail).toContain('transaction_id');
  });

  it('of a gateway that is away is not asked for day by day: the other jobs of HQ wait behind it', async () => {
    await paid(1, { begun: noon - 30 * dayMs });
    const asked: string[] = [];
    const away = gatewayWith(async (of) => {
      asked.push(of);
      return { kind: 'unknown', detail: 'no answer', isAway: true };
    });
    await take(away);
    expect(asked).toHaveLength(1);
    at += 40 * 60_000;
    await take(away);
    expect(new Set(asked).size).toBe(2);
  });

  it('without a line, of a day on which somebody paid here, may only be late: it is believed after three days', async () => {
    await paid(1);
    let lines: readonly BillLine[] = [];
    const late = gatewayWith(async () => ({ kind: 'lines', pieces: [lines] }));
    const days = () => sql`select day, state from settlement_books order by day`;
    await take(late);
    expect(await days()).toEqual([{ day, state: 'waiting' }]);
    expect(await open()).toEqual([]);
    at += 2 * dayMs;
    await take(late);
    expect(await days()).toEqual([{ day, state: 'waiting' }, { day: '2026-11-22', state: 'taken' }, { day: '2026-11-23', state: 'taken' }]);
    lines = [line(1, 1000)];
    at += 40 * 60_000;
    await take(late);
    expect(await days()).toContainEqual({ day, state: 'taken' });
    expect(await open()).toEqual([]);
    await paid(2, { begun: noon + dayMs * 3 });
    lines = [];
    at = noon + 8 * dayMs;
    await take(late);
    expect(await sql`select state from settlement_books where day = '2026-11-24'`).toEqual([{ state: 'taken' }]);
    expect((await open()).map(({ kind }) => kind)).toEqual(['payment_missing']);
  });

  it('may have around midnight what is of the other day by our own clock', async () => {
    await paid(1);
    await refunded(1, 300);
    // Given back at 23:59:59 by the gateway's clock, and heard of two seconds later.
    await sql`update wallet_refunds set ended_at = ${startOfChinaDay(day) + dayMs + 1000}`;
    const book = gatewayWith(async (of) => ({ kind: 'lines', pieces: of === day ? [[line(1, 1000), line(1, 300, { kind: 'refund', refundNo: tradeNoOf(idOf(3, 11)) })]] : [] }));
    at += 2 * dayMs;
    await take(book);
    expect(await sql`select day from settlement_books where state = 'taken' order by day`).toHaveLength(3);
    expect(await open()).toEqual([]);
  });

  it('finds in a newer book what an older one lacks, however long HQ was away meanwhile', async () => {
    await paid(1, { begun: startOfChinaDay(day) + dayMs - 8500 });
    // Paid a second before midnight, and the second after it by the gateway's clock. All books come in one night, a month later.
    const book = gatewayWith(async (of) => ({ kind: 'lines', pieces: of === '2026-11-22' ? [[line(1, 1000)]] : [] }));
    at += 30 * dayMs;
    await take(book);
    expect(await sql`select kind, ended_by, ended_at is null as is_open from settlement_differences`).toEqual([{ kind: 'payment_missing', ended_by: null, is_open: false }]);
  });

  it('agrees with a payment that its gateway took back as its end', async () => {
    await paid(1, { walletState: 'closed', kioskState: 'not_paid', orderState: 'expired' });
    await paid(2, { walletState: 'closed', kioskState: 'not_paid', orderState: 'expired' });
    await paid(3, { walletState: 'closed', kioskState: 'not_paid', orderState: 'expired' });
    await sql`update wallet_payments set took_back_at = ${noon + 8000}`;
    // WeChat has it under no number of a refund, Alipay under one that is not ours. Less than all of it is a difference, and so is nothing until another day's book has it.
    const first = [line(1, 1000), line(1, 1000, { kind: 'refund' }), line(2, 1000), line(2, 400, { kind: 'refund', refundNo: 'x' }), line(3, 1000)];
    const book = gatewayWith(async (of) => ({ kind: 'lines', pieces: [of === day ? first : of === '2026-11-22' ? [line(3, 1000, { kind: 'refund', refundNo: 'y' })] : []] }));
    await take(book);
    const found = async () => (await open()).map(({ kind, orderNumber, theirs }) => [kind, orderNumber, theirs]).toSorted();
    expect(await found()).toEqual([['refund_missing', 'A002', null], ['refund_missing', 'A003', null], ['refund_not_ours', 'A002', 400]]);
    at += dayMs;
    await take(book);
    expect(await found()).toEqual([['refund_missing', 'A002', null], ['refund_not_ours', 'A002', 400]]);
  });

  it('is compared with the kiosk whose payment it is, whoever else has named it', async () => {
    await paid(1);
    await sql`update wallet_payments set is_asked = true`;
    for (const kiosk of ['a-kiosk', 'z-kiosk']) {
      await sql`
        insert into wallet_payments (kiosk_id, attempt_id, wallet, order_id, amount, currency, state, begun_at, ended_at) values (${kiosk}, ${attempt(1)}, 'wechat', ${order(8)}, 700, 'CNY', 'declined', ${noon}, ${noon})`;
    }
    await take(bookOf([line(1, 1000)]));
    expect(await open()).toEqual([]);
    expect(await sql`select kiosk_id from settlement_lines`).toEqual([{ kiosk_id: testKiosk }]);
  });
});

describe('all books against each other', () => {
  const sums = async () => (await reconcile(sql, at + dayMs)).sums;
  const kinds = async () => (await reconcile(sql, at + dayMs)).findings.map(({ kind, orderId }) => [kind, orderId]);

  it('captured is delivered, refunded or on a list, to the cent', async () => {
    await paid(1);
    await paid(2, { kioskState: 'reversed', orderState: 'refunded' });
    await refunded(2, 1000, { isTold: false });
    await paid(3);
    await refunded(3, 300);
    await paid(4, { kioskState: 'reversing', orderState: 'paid', begun: at + dayMs - 60_000 });
    await paid(5, { walletState: 'closed', kioskState: 'not_paid', orderState: 'expired', late: true });
    await refunded(5, 1000, { isTold: false });
    expect(await sums()).toEqual([{ currency: 'CNY', tender: 'wechat', captured: 5000, delivered: 1700, refunded: 2300, open: 1000, unexplained: 0 }]);
    expect(await kinds()).toEqual([]);
  });

  it.each<[string, () => Promise<void>, unknown[]]>([
    ['money whose order was never paid', () => paid(1, { orderState: 'expired' }), [['captured_unexplained', order(1)]]],
    ['a payment that has had no end for a day', () => paid(1, { kioskState: 'unknown', walletState: 'closing', orderState: 'payment_unknown' }), [['attempt_without_end', order(1)]]],
    ['one that the kiosk never heard of', () => paid(1, { kioskState: 'not_paid', orderState: 'expired' }), [['kiosk_unaware', order(1)]]],
    ['one that HQ has lost', () => paid(1, { walletState: 'closed' }), [['hq_unaware', order(1)]]],
    ['more given back than was paid', async () => {
      await paid(1);
      await refunded(1, 900);
      await refunded(1, 900, { refund: 2 });
    }, [['refunded_too_much', order(1)]]],
  ])('finds %s', async (_what, tell, expected) => {
    await tell();
    expect(await kinds()).toEqual(expected);
  });

  it('what HQ gives back for a kiosk that is gone is counted once, and is nobody’s difference; until it is back, or a person has given it, it stands as open', async () => {
    const gone = async (number: number, amount: number, { state = 'done', settledBy = null }: { state?: string; settledBy?: string | null } = {}) => sql`
      insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, asked_at, ended_at, settled_by)
      values (${testKiosk}, ${idOf(3, number * 100)}, ${attempt(number)}, 'wechat', ${amount}, 'CNY', 1000, 'cold', 'hq', ${state}, ${noon + 20_000}, ${noon + 21_000}, ${settledBy})`;
    // Delivered, and a part was given for it; not delivered; its kiosk had begun to give it back, or never heard of it; a part by its kiosk before, and the rest by HQ.
    await paid(1);
    await gone(1, 400);
    await paid(2, { orderState: 'paid' });
    await gone(2, 1000);
    await paid(3, { kioskState: 'reversing', orderState: 'paid' });
    await gone(3, 1000);
    await paid(4, { kioskState: 'unknown', orderState: 'payment_unknown' });
    await gone(4, 1000);
    await paid(5, { orderState: 'paid' });
    await refunded(5, 300);
    await gone(5, 700);
    const books = { currency: 'CNY', tender: 'wechat', captured: 4000, delivered: 600, refunded: 3400, open: 0, unexplained: 0 };
    expect([await sums(), await kinds()]).toEqual([[books], []]);
    // Refused: on HQ's list, until a person has seen to it; delivered or not is then what tells where its money is.
    await paid(6, { orderState: 'paid' });
    await gone(6, 1000, { state: 'refused' });
    await paid(7);
    await gone(7, 1000, { state: 'refused' });
    expect([await sums(), await kinds()]).toEqual([[{ ...books, captured: 6000, open: 2000 }], []]);
    await sql`update wallet_refunds set settled_by = 'Wang' where state = 'refused'`;
    expect([await sums(), await kinds()]).toEqual([[{ ...books, captured: 6000, delivered: 1600, refunded: 4400 }], []]);
  });

  it('shows what kiosk and HQ say of a refund, where they differ', async () => {
    await paid(1);
    await refunded(1, 300);
    await sql`update order_refunds set amount = 250`;
    const { findings } = await reconcile(sql, at + dayMs);
    expect(findings).toMatchObject([{ kind: 'refund_differs', orderId: order(1), attemptId: attempt(1), amount: 250, detail: `refund ${idOf(3, 11)}: kiosk 250 CNY done, HQ 300 CNY done` }]);
  });

  it('gives a refund that was done after its kiosk had listed it a day for the kiosk to hear of it, and another amount of it none', async () => {
    await paid(1);
    await refunded(1, 300);
    await sql`update order_refunds set state = 'refused', state_at = ${noon}`;
    await sql`update wallet_refunds set ended_at = ${at}`;
    const found = async (now: number) => (await reconcile(sql, now)).findings.map(({ kind }) => kind);
    expect([await found(at), await found(at + dayMs), await found(at + dayMs + 1)]).toEqual([[], [], ['refund_differs']]);
    // Its word came a day later, from a store that was brought back: it asks again from then on.
    await sql`update order_refunds set state_at = ${at + dayMs}`;
    expect([await found(at + 2 * dayMs), await found(at + 2 * dayMs + 1)]).toEqual([[], ['refund_differs']]);
    await sql`update order_refunds set amount = 299`;
    expect(await found(at)).toEqual(['refund_differs']);
    await sql`update order_refunds set amount = 300, state = 'done'`;
    expect(await found(at + 3 * dayMs)).toEqual([]);
  });

  it('gives a payment that its kiosk has as back as a whole a day for what was given beside it to be told', async () => {
    await paid(1, { kioskState: 'reversed', orderState: 'refunded' });
    const found = async (now: number) => (await reconcile(sql, now)).findings.map(({ kind, orderId }) => [kind, orderId]);
    const [told] = await sql<{ state_at: number }[]>`select state_at from payments`;
    expect([await found(told!.state_at + dayMs), await found(told!.state_at + dayMs + 1)]).toEqual([[], [['refund_differs', order(1)]]]);
  });

  it('counts a part that the gateway refused once, when a person has given it by hand or it has gone after all', async () => {
    await paid(1);
    await refunded(1, 300, { state: 'refused' });
    // As the kiosk tells it: the part by hand is a refund of its own, and the entry on its list is decided.
    await sql`insert into attention (kiosk_id, attention_id, kind, order_id, amount, currency, raised_at, decision) values (${testKiosk}, ${idOf(6, 1)}, 'refund_refused', ${order(1)}, 300, 'CNY', ${noon}, 'part_given_back')`;
    await sql`
      insert into order_refunds (kiosk_id, refund_id, attempt_id, order_id, amount, currency, way, state, reason, asked_at, state_at)
      values (${testKiosk}, ${idOf(6, 1)}, ${attempt(1)}, ${order(1)}, 300, 'CNY', 'by_hand', 'done', 'cold', ${noon}, ${noon})`;
    expect(await sums()).toEqual([{ currency: 'CNY', tender: 'wechat', captured: 1000, delivered: 700, refunded: 300, open: 0, unexplained: 0 }]);
    expect(await kinds()).toEqual([]);
  });

  it('finds one order that was paid twice', async () => {
    await paid(1);
    await sql`insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, started_at, state_at) values (${testKiosk}, ${attempt(77)}, ${order(1)}, 1000, 'CNY', 'approved', 'card', ${noon}, ${noon})`;
    expect(await kinds()).toEqual([['paid_twice', order(1)]]);
  });

  it('tells a person, and takes it back when the books agree again', async () => {
    await paid(1, { orderState: 'expired' });
    await keepReconciliation(sql, at + dayMs);
    const alarms = () => sql<{ settled_at: number | null }[]>`select settled_at from alarms where kind = 'books_differ'`;
    expect(await alarms()).toEqual([{ settled_at: null }]);
    await sql`update orders set state = 'refunded' where order_id = ${order(1)}`;
    await sql`update payments set state = 'reversed' where order_id = ${order(1)}`;
    await refunded(1, 1000, { isTold: false });
    await keepReconciliation(sql, at + dayMs + 1);
    expect(await alarms()).toEqual([{ settled_at: at + dayMs + 1 }]);
    expect((JSON.parse((await hq.inject({ url: '/api/money/reconciliation' })).body) as { newest: { findings: unknown[] } }).newest.findings).toEqual([]);
  });

  it('what HQ has as paid and its kiosk as not goes back by itself, once, when the kiosk has had time to say another word', async () => {
    await paid(1, { kioskState: 'not_paid', orderState: 'expired' });
    await paid(2);
    // A part went back before, and a refund of too much was refused: the rest goes back.
    await paid(3, { kioskState: 'not_paid', orderState: 'expired' });
    await refunded(3, 300, { isTold: false });
    await refunded(3, 900, { refund: 2, state: 'refused', isTold: false });
    expect(await giveBackUnwanted(sql, noon + 60_000)).toBe(0);
    expect(await giveBackUnwanted(sql, noon + 20 * 60_000)).toBe(2);
    expect(await giveBackUnwanted(sql, noon + 40 * 60_000)).toBe(0);
    expect(await sql`select attempt_id, amount, state from wallet_refunds where origin = 'hq' order by attempt_id`).toEqual([{ attempt_id: attempt(1), amount: 1000, state: 'asked' }, { attempt_id: attempt(3), amount: 700, state: 'asked' }]);
    await sql`update wallet_refunds set state = 'done', ended_at = ${noon + 41 * 60_000} where state = 'asked'`;
    expect(await sums()).toEqual([{ currency: 'CNY', tender: 'wechat', captured: 3000, delivered: 1000, refunded: 2000, open: 0, unexplained: 0 }]);
    expect(await kinds()).toEqual([]);
  });
});
