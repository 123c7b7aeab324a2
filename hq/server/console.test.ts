import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../domain/ids.ts';
import type { readKioskRoute } from '../contract/api/fleet.ts';
import type { ApiAnswer } from '../contract/api/route.ts';
import type { OrderInFull, OrderPage } from '../contract/console.ts';
import type { TestDatabase, TestPostgres } from './testing/database.ts';
import { startTestPostgres, temporaryFolder } from './testing/database.ts';
import type { TestHq } from './testing/hq.ts';
import { startTestHq, testKiosk, testNow } from './testing/hq.ts';
import type { Ending } from './testing/story.ts';
import { chainOf, createStory } from './testing/story.ts';

const second = kioskIdSchema.parse('kiosk-002');
const endings: readonly Ending[] = ['fulfilled', 'declined_then_paid', 'print_failed', 'cancelled', 'expired', 'payment_unknown', 'refunded', 'awaiting_payment', 'payment_unclear', 'reversal_refused', 'print_uncertain'];
const at = testNow - 86_400_000;

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
const first = createStory(testKiosk);
const placed = endings.map((ending, index) => ({ ending, ...first.order({ offers: [['latte', 2], ['topUp', 1], ['umbrella', 1]], ending, at: at + index * 60_000, language: index % 2 ? 'en' : 'zh' }) }));
const other = createStory(second);
const free = other.order({ offers: [['water', 1]], ending: 'fulfilled', at: at + 30_000 });
// Two kiosks, one moment: the page border must not lose or double one of them.
for (let index = 0; index < 12; index++) other.order({ offers: [['dumplings', 1]], ending: 'fulfilled', at: at + 60_000 });

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  hq = await startTestHq(database, { heartbeatMs: 20 });
  const metro = await hq.addKiosk(second, { name: 'Metro' });
  expect((await hq.send(first.events)).status).toBe(200);
  expect((await metro.send(other.events)).status).toBe(200);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

async function get<T>(url: string): Promise<T> {
  const answer = await hq.inject({ url });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
const orderOf = (ending: Ending) => placed.find((order) => order.ending === ending)!;

describe('the list of orders', () => {
  test('pages through all of them, newest first, each once', async () => {
    const seen: string[] = [];
    let before = '';
    for (;;) {
      const page: OrderPage = await get(`/api/orders?limit=3${before && `&before=${before}`}`);
      seen.push(...page.orders.map(({ kioskId, orderId }) => `${kioskId} ${orderId}`));
      if (page.next === null) break;
      before = page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(endings.length + 13);
    const { orders } = await get<OrderPage>('/api/orders?limit=200');
    expect(orders.map(({ kioskId, orderId }) => `${kioskId} ${orderId}`)).toEqual(seen);
    expect(orders.map(({ placedAt }) => placedAt)).toEqual(orders.map(({ placedAt }) => placedAt).sort((a, b) => b - a));
  });

  test('filters by state and kiosk, and finds numbers and the ends of ids', async () => {
    const numbers = async (query: string) => (await get<OrderPage>(`/api/orders?${query}`)).orders.map(({ kioskId, number }) => `${kioskId} ${number}`);
    expect(await numbers('state=cancelled,expired')).toEqual(['kiosk-001 A005', 'kiosk-001 A004']);
    expect(await numbers('kiosk=kiosk-002&limit=200')).toHaveLength(13);
    expect(await numbers('q=a003')).toEqual(expect.arrayContaining(['kiosk-001 A003', 'kiosk-002 A003']));
    expect(await numbers('q=A01&kiosk=kiosk-002')).toHaveLength(4);
    expect(await numbers(`q=${orderOf('refunded').orderId.slice(-12)}`)).toEqual(['kiosk-001 A007']);
    expect(await numbers(`q=${orderOf('refunded').orderId}`)).toEqual(['kiosk-001 A007']);
    expect(await numbers("q=' or 1=1 --")).toEqual([]);
    expect(await numbers('q=%25')).toEqual([]);
  });

  test('filters by what needs a person, over its pages and beside the other filters', async () => {
    const numbers = async (query: string) => (await get<OrderPage>(`/api/orders?needs=person&${query}`)).orders.map(({ number }) => number);
    expect(await numbers('')).toEqual(['A011', 'A010', 'A009']);
    expect(await numbers('state=payment_unknown')).toEqual(['A009']);
    expect(await numbers(`kiosk=${second}`)).toEqual([]);
    const page = await get<OrderPage>('/api/orders?needs=person&limit=2');
    expect(await numbers(`limit=2&before=${page.next}`)).toEqual(['A009']);
    const { orders } = await get<OrderPage>('/api/orders?limit=200');
    expect(orders.filter(({ needsPerson }) => needsPerson).map(({ number }) => number)).toEqual(['A011', 'A010', 'A009']);
  });

  test('tells of each order what was bought, paid and printed', async () => {
    const { orders } = await get<OrderPage>('/api/orders?kiosk=kiosk-001&state=fulfilled&q=A003');
    expect(orders).toMatchObject([{
      kioskName: 'Lobby', number: 'A003', state: 'fulfilled', total: { amount: 14_490, currency: 'CNY' }, payment: 'approved', print: 'failed',
      items: [{ name: { zh: '燕麦拿铁', en: 'Oat latte' }, quantity: 2 }, { quantity: 1 }, { quantity: 1 }],
    }]);
  });

  test.each(['limit=0', 'limit=1000', 'state=nonsense', 'before=x', 'colour=red', 'needs=nobody'])('refuses %s', async (query) => {
    const answer = await hq.inject({ url: `/api/orders?${query}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'CONTRACT_MALFORMED' });
  });

  test('reads pages from an index, not by sorting everything', async () => {
    await database.sql.begin(async (sql) => {
      // On so few rows anything else would be cheaper.
      await sql.unsafe('set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off');
      for (const where of ['true', `kiosk_id = 'kiosk-001'`, `state = 'paid'`]) {
        const plan = (await sql.unsafe(`explain select * from orders where ${where} and (occurred_at, kiosk_id, order_id) < (1, 'a', '01936a00-0000-7000-8000-000000000000') order by occurred_at desc, kiosk_id desc, order_id desc limit 50`)).map((row) => String(row['QUERY PLAN'])).join('\n');
        expect(plan).toMatch(/Index Scan using orders_newest/);
      }
      const open = (await sql.unsafe('explain select 1 from orders o where exists (select 1 from attention a where a.kiosk_id = o.kiosk_id and a.order_id = o.order_id and a.decision is null)')).map((row) => String(row['QUERY PLAN'])).join('\n');
      expect(open).toMatch(/Index Only Scan using attention_open/);
    });
  });
});

describe('one order in full', () => {
  test('holds lines, attempts, work, services, stock and events, with phone numbers masked everywhere', async () => {
    const { orderId } = orderOf('declined_then_paid');
    const answer = await hq.inject({ url: `/api/orders/${testKiosk}/${orderId}` });
    expect(answer.body).not.toContain('13912345678');
    const order: OrderInFull = answer.json();
    expect(order.lines.map(({ quantity, total, form }) => ({ quantity, total, form }))).toEqual([
      { quantity: 2, total: 5600, form: {} }, { quantity: 1, total: 4990, form: { phone: '139****5678' } }, { quantity: 1, total: 3900, form: {} },
    ]);
    expect(order.attempts.map(({ state, resultCode, card }) => [state, resultCode, card?.maskedPan, card?.terminalId])).toEqual([
      ['declined', '6c', undefined, undefined], ['approved', null, '************4242', '52500038'],
    ]);
    expect(order.jobs.map(({ kind, state }) => [kind, state])).toEqual([['print_receipt', 'done'], ['request_service', 'done']]);
    expect(order.services).toMatchObject([{ service: 'top_up', state: 'asked', form: { phone: '139****5678' }, amount: { amount: 4990, currency: 'CNY' } }]);
    expect(order.stockMoves).toMatchObject([{ offerId: 'umbrella', change: -1, left: 10, reason: 'reserved' }]);
    expect(order.events.map(({ kind }) => kind).slice(0, 4)).toEqual(['order.placed', 'stock.moved', 'payment.attempt', 'order.state']);
    expect(order.receipt?.lines).toContainEqual(expect.objectContaining({ kind: 'text', text: order.row.number, size: 'quadruple' }));
  });

  test('says what a person has to decide, with all that they need for it, and then what they decided', async () => {
    const attentionOf = async (ending: Ending) => (await get<OrderInFull>(`/api/orders/${testKiosk}/${orderOf(ending).orderId}`)).attention;
    expect(await attentionOf('fulfilled')).toEqual([]);
    const unclear = orderOf('payment_unclear');
    expect(await attentionOf('payment_unclear')).toEqual([{
      attentionId: unclear.attentionId, kind: 'payment_unclear', attemptId: expect.any(String), jobId: null, amount: { amount: 14_490, currency: 'CNY' }, startedAt: at + endings.indexOf('payment_unclear') * 60_000 + 3000, card: null,
      lastCard: { receiptNumber: '9000', traceNumber: '009100', terminalId: '52500038', date: '1122', time: '130502', maskedPan: '************4242', cardName: 'UnionPay' },
      detail: 'the terminal did 5990 last, we asked for another amount', raisedAt: at + endings.indexOf('payment_unclear') * 60_000 + 55_000, settled: null,
    }]);
    expect(await attentionOf('reversal_refused')).toMatchObject([{ kind: 'reversal_refused', card: { maskedPan: '************4242', terminalId: '52500038' }, lastCard: null, settled: null }]);
    expect(await attentionOf('print_uncertain')).toMatchObject([{ kind: 'print_uncertain', jobId: expect.any(String), amount: null }]);
  });

  test('keeps what was decided, and counts a copy as the receipt that was printed', async () => {
    const server = await startTestHq(await postgres.createDatabase());
    try {
      const story = createStory(testKiosk);
      const { orderId, attentionId } = story.order({ offers: [['latte', 1]], ending: 'print_uncertain', at });
      story.add('attention.settled', { id: attentionId, kind: 'print_uncertain', orderId, decision: 'print_copy' }, at + 60_000);
      story.add('job.state', { jobId: '01936a00-0000-7000-8000-0000000000c0', orderId, kind: 'print_copy', state: 'done' }, at + 61_000);
      expect((await server.send(story.events)).status).toBe(200);
      const order: OrderInFull = (await server.inject({ url: `/api/orders/${testKiosk}/${orderId}` })).json();
      expect(order.attention).toMatchObject([{ attentionId, settled: { decision: 'print_copy', at: at + 60_000 } }]);
      expect(order.row).toMatchObject({ needsPerson: false, print: 'done' });
    } finally {
      await server.close();
    }
  });

  test('has no receipt before it is paid', async () => {
    for (const ending of ['cancelled', 'payment_unknown', 'payment_unclear', 'awaiting_payment'] as const) {
      expect((await get<OrderInFull>(`/api/orders/${testKiosk}/${orderOf(ending).orderId}`)).receipt).toBeNull();
    }
  });

  test('that HQ does not have is a 404 with its code', async () => {
    for (const path of [`/api/orders/${second}/${orderOf('fulfilled').orderId}`, '/api/nothing']) {
      const answer = await hq.inject({ url: path });
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'HQ_NOT_FOUND' });
    }
  });
});

test('each kiosk tells how HQ stands to it', async () => {
  expect(await get<ApiAnswer<typeof readKioskRoute>>('/api/fleet/kiosk-001')).toMatchObject({
    now: testNow, row: { name: 'Lobby', lastSeenAt: testNow, lagMs: testNow - first.events.at(-1)!.at }, lanes: [{ lane: 'orders', epoch: 1, acknowledged: first.events.length }], orders: endings.length, setAside: 0, needsPerson: 3,
  });
  expect(await get<ApiAnswer<typeof readKioskRoute>>('/api/fleet/kiosk-002')).toMatchObject({ row: { name: 'Metro', skewMs: 0, isCloned: false, alarms: 0 }, orders: 13, needsPerson: 0, proofs: [] });
});

test('one kiosk is there with its alarms, its closed days and how far HQ is with it', async () => {
  const { row, alarms, proofs, lanes } = await get<ApiAnswer<typeof readKioskRoute>>('/api/fleet/kiosk-002');
  expect(row.name).toBe('Metro');
  expect({ alarms, proofs }).toEqual({ alarms: [], proofs: [] });
  expect(lanes).toEqual([{ lane: 'orders', epoch: 1, acknowledged: other.events.length, lastReceivedAt: testNow }]);
  for (const nobody of ['kiosk-999', 'X%20']) expect((await hq.inject({ url: `/api/fleet/${nobody}` })).statusCode).toBeOneOf([400, 404]);
});

describe('the e-receipt', () => {
  const page = (token: string) => hq.app.inject({ url: `/r/${token}` });

  test.each([['fulfilled', 'zh-CN', '取货号'], ['declined_then_paid', 'en', 'Pickup number']] as const)('of a %s order is in the language of the order (%s)', async (ending, language, words) => {
    const { receiptToken, number } = orderOf(ending);
    const answer = await page(receiptToken);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(`<html lang="${language}">`);
    for (const text of [words, number, '￥144.90', '139****5678', '************4242', '<svg']) expect(answer.body).toContain(text);
    expect(answer.body).not.toContain('13912345678');
  });

  test('is nobody else’s: not stored, not indexed, no scripts, nothing from elsewhere', async () => {
    const { headers } = await page(orderOf('fulfilled').receiptToken);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
  });

  test('is there as a picture of the paper too, for its holder alone', async () => {
    const { receiptToken, number } = orderOf('fulfilled');
    expect((await page(receiptToken)).body).toContain(`href="/r/${receiptToken}/paper.svg"`);
    const picture = await hq.app.inject({ url: `/r/${receiptToken}/paper.svg` });
    expect(picture).toMatchObject({ statusCode: 200, headers: { 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' } });
    expect(picture.body).toContain('<svg');
    expect(picture.body).toContain(number);
    expect((await hq.app.inject({ url: `/r/${'A'.repeat(22)}/paper.svg` })).statusCode).toBe(404);
  });

  test('says where each service stands now, with the reference it was done under', async () => {
    const { receiptToken, orderId } = orderOf('declined_then_paid');
    const before = (await page(receiptToken)).body;
    for (const text of ['Your services', 'Top-up ￥50', 'Asked for, not credited yet', 'http-equiv="refresh"']) expect(before).toContain(text);
    await database.sql`update service_work set state = 'done', reference = 'LB-7' where order_id = ${orderId}`;
    const after = (await page(receiptToken)).body;
    for (const text of ['Done', 'Reference LB-7']) expect(after).toContain(text);
    expect(after).not.toContain('http-equiv="refresh"');
    await database.sql`update service_work set state = 'queued', reference = null where order_id = ${orderId}`;
    // What was refunded, or holds no service, says nothing of it.
    for (const token of [orderOf('refunded').receiptToken, free.receiptToken]) expect((await page(token)).body).not.toContain('id="services"');
  });

  test('of a free order says that nothing was to be paid', async () => {
    expect((await page(free.receiptToken)).body).toContain('无需付款');
  });

  test('of a refunded order says so', async () => {
    expect((await page(orderOf('refunded').receiptToken)).body).toContain('此订单已退款');
  });

  test.each([
    ['an order that HQ does not know yet', () => 'A'.repeat(22), 'Your receipt is on its way', '收据还在路上'],
    ['rubbish', () => 'x', 'Your receipt is on its way', '收据还在路上'],
    ['an unpaid order', () => orderOf('payment_unknown').receiptToken, 'Your payment is being confirmed', '付款还在确认'],
    ['a cancelled order', () => orderOf('cancelled').receiptToken, 'This order was not completed', '这笔订单没有完成'],
  ])('of %s is a kind page in both languages', async (_name, token, english, chinese) => {
    const answer = await page(token());
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain(english);
    expect(answer.body).toContain(chinese);
  });

  test('escapes every name: a catalogue is no place to put scripts', async () => {
    const story = createStory(testKiosk);
    story.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
    const script = '<script>alert("1")</script>';
    const id = '01936a00-0000-7000-8000-00000000abcd';
    const token = 'BBBBBBBBBBBBBBBBBBBBBB';
    const attempt = '01936a00-0000-7000-8000-00000000abce';
    const events = story.events.filter(({ kind }) => kind === 'order.placed' || kind === 'order.state').map((event, index) => {
      const body = JSON.parse(event.payload) as { order?: Record<string, unknown>; orderId?: string };
      if (body.order) Object.assign(body.order, { id, receiptToken: token, lines: [{ ...(body.order.lines as object[])[0], name: { zh: script, en: script } }] });
      if (body.orderId) body.orderId = id;
      return { ...event, id: `${attempt.slice(0, -1)}${index}` as typeof event.id, sequence: index + 1, payload: JSON.stringify(body) };
    });
    expect((await hq.send(chainOf(events, 'orders', 2), { epoch: 2 })).status).toBe(200);
    const { body } = await page(token);
    expect(body).not.toContain('<script');
    expect(body).toContain('&#60;script&#62;');
  });
});

describe('live news', () => {
  test('reach a console that is connected, through PostgreSQL, with the changed rows', async () => {
    const server = await startTestHq(await postgres.createDatabase(), { heartbeatMs: 20 });
    try {
      const address = await server.app.listen({ port: 0, host: '127.0.0.1' });
      await until(() => server.hub.isListening());
      const news = await openLive(address, await server.cookie());
      await news.next('beat');
      const story = createStory(testKiosk);
      const { orderId } = story.order({ offers: [['latte', 1]], ending: 'fulfilled', at });
      await server.send(story.events.slice(0, 1));
      expect(await news.next('orders')).toMatchObject({ kioskId: testKiosk, orders: [{ orderId, state: 'placed' }] });
      await server.send(story.events);
      expect(await news.next('orders')).toMatchObject({ orders: [{ orderId, state: 'fulfilled', payment: 'approved', print: 'done' }] });
      news.close();
    } finally {
      await server.close();
    }
  });

  test('end for who was signed out meanwhile', async () => {
    const server = await startTestHq(await postgres.createDatabase(), { heartbeatMs: 20 });
    try {
      const address = await server.app.listen({ port: 0, host: '127.0.0.1' });
      const cookie = await server.cookie();
      const news = await openLive(address, cookie);
      await news.next('beat');
      await server.app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie } });
      await expect(news.next('never')).rejects.toThrow();
    } finally {
      await server.close();
    }
  });

  test('say at once when an order needs a person, and when it does not any more', async () => {
    const server = await startTestHq(await postgres.createDatabase(), { heartbeatMs: 20 });
    try {
      const address = await server.app.listen({ port: 0, host: '127.0.0.1' });
      await until(() => server.hub.isListening());
      const news = await openLive(address, await server.cookie());
      await news.next('beat');
      const story = createStory(testKiosk);
      const { orderId, attentionId } = story.order({ offers: [['latte', 1]], ending: 'reversal_refused', at });
      const untilRaised = story.events.length;
      story.add('attention.settled', { id: attentionId, kind: 'reversal_refused', orderId: orderId, decision: 'given_back' }, at + 900_000);
      await server.send(story.events.slice(0, untilRaised - 1));
      expect(await news.next('orders')).toMatchObject({ orders: [{ orderId, needsPerson: false }] });
      await server.send(story.events.slice(0, untilRaised));
      expect(await news.next('orders')).toMatchObject({ orders: [{ orderId, needsPerson: true }] });
      await server.send(story.events);
      expect(await news.next('orders')).toMatchObject({ orders: [{ orderId, needsPerson: false }] });
      news.close();
    } finally {
      await server.close();
    }
  });

  test('tell the console to read again after the listening connection was lost', async () => {
    const testDatabase = await postgres.createDatabase();
    const server = await startTestHq(testDatabase, { heartbeatMs: 20 });
    try {
      await until(() => server.hub.isListening());
      const news = await openLive(await server.app.listen({ port: 0, host: '127.0.0.1' }), await server.cookie());
      await news.next('beat');
      await testDatabase.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'counter24-hq-live' and datname = current_database()`;
      await news.next('again');
      await server.send(createStoryEvents());
      expect(await news.next('orders')).toMatchObject({ kioskId: testKiosk });
      news.close();
    } finally {
      await server.close();
    }
  });
});

describe('HQ without its database', () => {
  test('is alive but not ready, and tells a kiosk to come back later', async () => {
    const lost = await postgres.createDatabase();
    const server = await startTestHq(lost);
    try {
      expect((await server.app.inject('/ready')).statusCode).toBe(200);
      await lost.sql.end();
      expect((await server.app.inject('/health')).statusCode).toBe(200);
      const ready = await server.app.inject('/ready');
      expect([ready.statusCode, ready.headers['retry-after']]).toEqual([503, '5']);
      expect(await server.send(first.events.slice(0, 1))).toMatchObject({ status: 503, body: { code: 'HQ_UNAVAILABLE' } });
    } finally {
      await server.close();
    }
  });
});

describe('who may see the console', () => {
  test('no page whose name was made to point here', async () => {
    for (const path of ['/', '/api/orders', '/api/fleet', '/api/live', '/api/session']) {
      expect((await hq.inject({ url: path, headers: { host: 'evil.example' } })).statusCode).toBe(404);
    }
    expect((await hq.inject({ url: '/api/orders', headers: { host: 'localhost:24024' } })).statusCode).toBe(200);
    for (const headers of [{ 'x-forwarded-for': '203.0.113.9' }, { 'x-forwarded-proto': 'https' }, { forwarded: 'for=203.0.113.9' }, { via: '1.1 proxy' }, { 'x-real-ip': '203.0.113.9' }]) {
      expect((await hq.inject({ url: '/api/orders', headers: { host: 'localhost', ...headers } })).statusCode).toBe(404);
    }
    expect((await hq.inject({ url: '/api/orders', headers: { host: 'localhost' }, remoteAddress: '203.0.113.9' })).statusCode).toBe(404);
    // The customer's page is for every name that leads here.
    expect((await hq.app.inject({ url: `/r/${orderOf('fulfilled').receiptToken}`, headers: { host: 'hq.example' } })).statusCode).toBe(200);
  });

  test('nobody who is not signed in', async () => {
    for (const path of ['/api/orders', '/api/fleet', '/api/help', '/api/feedback', '/api/live']) {
      const answer = await hq.app.inject({ url: path });
      expect([answer.statusCode, answer.json()]).toMatchObject([401, { code: 'HQ_NOT_SIGNED_IN' }]);
    }
  });

  test('is served as files that nothing may be added to', async () => {
    const webFolder = await temporaryFolder();
    await mkdir(join(webFolder, 'assets'));
    await writeFile(join(webFolder, 'index.html'), '<title>Console</title>');
    await writeFile(join(webFolder, 'assets', 'index-abc123.js'), '1');
    const server = await startTestHq(database, { webFolder });
    try {
      for (const path of ['/', '/orders', `/orders/${testKiosk}/x?state=paid`, '/kiosks', '/feedback', '/sign-in', '/fleet/kiosk-001', '/catalogue/menu/2']) {
        const answer = await server.app.inject({ url: path });
        expect([answer.statusCode, answer.body]).toEqual([200, '<title>Console</title>']);
        expect(answer.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
        expect(answer.headers['cache-control']).toBe('no-cache');
      }
      expect((await server.app.inject({ url: '/assets/index-abc123.js' })).headers['cache-control']).toBe('public, max-age=31536000, immutable');
      for (const path of ['/assets/other.js', '/assets/other', '/api/nothing', '/api/kiosk/nothing', '/favicon.ico', '/../package.json']) expect((await server.app.inject({ url: path })).body, path).not.toContain('<title>');
    } finally {
      await server.close();
      await rm(webFolder, { recursive: true, force: true });
    }
  });

  test('nobody where it is withheld', async () => {
    const server = await startTestHq(database, { console: 'withheld' });
    try {
      for (const path of ['/', '/orders', '/api/orders', '/api/live', '/api/fleet']) expect((await server.app.inject({ url: path })).statusCode).toBe(404);
      expect((await server.app.inject('/health')).statusCode).toBe(200);
    } finally {
      await server.close();
    }
  });
});

function createStoryEvents() {
  const story = createStory(testKiosk);
  story.order({ offers: [['latte', 1]], ending: 'cancelled', at });
  return story.events;
}

/** Asks again each turn of the event loop: no test waits for a length of time. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function openLive(address: string, cookie: string): Promise<{ next: (event: string) => Promise<unknown>; close: () => void }> {
  const abort = new AbortController();
  const response = await fetch(`${address}/api/live`, { signal: abort.signal, headers: { cookie } });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    next: async (wanted) => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error('the stream ended');
          text += value;
          continue;
        }
        const message = text.slice(0, end);
        text = text.slice(end + 2);
        const [, event] = /^event: (.*)$/m.exec(message) ?? [];
        if (event === wanted) return JSON.parse(/^data: (.*)$/m.exec(message)?.[1] ?? 'null') as unknown;
      }
    },
    close: () => abort.abort(),
  };
}
