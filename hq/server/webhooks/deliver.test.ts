import { createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { faultOfWebhookUrl, isPublicAddress } from './address.ts';
import type { DeliveriesDeps } from './deliver.ts';
import { createDeliveries, maxAttempts } from './deliver.ts';
import { noteWebhooks } from './note.ts';
import type { WebhookKind } from './note.ts';
import type { LookUp } from './send.ts';
import { sendWebhook } from './send.ts';
import { newWebhookSecret } from './sign.ts';

let postgres: TestPostgres;
let sql: Sql;
let clock: number;
const rules = { mayBePrivate: true };
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
const cleanups: (() => Promise<unknown> | void)[] = [];
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  clock = 1_800_000_000_000;
});
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Call { readonly id: string; readonly headers: http.IncomingHttpHeaders; readonly body: string }

/** A receiver on a real socket. @param answer status by call; undefined never answers */
async function startReceiver(answer: (call: Call, count: number) => { status: number; headers?: Record<string, string> } | undefined = () => ({ status: 204 })) {
  const calls: Call[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const call = { id: String(request.headers['webhook-id']), headers: request.headers, body };
      calls.push(call);
      const said = answer(call, calls.length);
      if (said) response.writeHead(said.status, said.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

async function addWebhook(url: string, kinds: readonly WebhookKind[] = ['order.paid']) {
  const [id, secret] = [randomUUID(), newWebhookSecret()];
  await sql`insert into webhooks (webhook_id, url, secret, kinds, created_at) values (${id}, ${url}, ${secret}, ${kinds as string[]}, ${clock})`;
  return { id, secret };
}

async function note(count: number, kioskId = 'kiosk-001', kind: WebhookKind = 'order.paid') {
  const ids = Array.from({ length: count }, () => randomUUID());
  await noteWebhooks(sql, kioskId, ids.map((eventId) => ({ kind, eventId, at: clock, data: { orderId: eventId } })), clock);
  return ids;
}

function start(options: Partial<DeliveriesDeps> = {}) {
  const problems: unknown[] = [];
  const deliveries = createDeliveries({ sql, now: () => clock, rules, onProblem: (error) => problems.push(error), pollMs: 1_000_000, random: () => 0.5, ...options });
  cleanups.push(deliveries.stop);
  return { deliveries, problems };
}
const states = () => sql<{ state: string; n: number }[]>`select state, count(*) as n from webhook_deliveries group by state order by state`;

describe('webhooks', () => {
  test('tell what was noted, signed in the form of Standard Webhooks, with the order as it is', async () => {
    const receiver = await startReceiver();
    const { secret } = await addWebhook(receiver.url);
    const [id] = await note(1);
    await sql`
      insert into orders (kiosk_id, order_id, number, state, state_at, placed_at, occurred_at, language, catalogue_revision, total_amount, currency, receipt_token, receipt_url, shop, taxes, cart_id, received_at)
      values ('kiosk-001', ${id!}, 'A7', 'paid', 1, 2, 2, 'zh', 1, 2800, 'CNY', 't', 'u', '{}', '[]', ${id!}, 3)`;
    await start().deliveries.run();
    const [call] = receiver.calls;
    expect(JSON.parse(call!.body)).toEqual({
      type: 'order.paid', timestamp: new Date(clock).toISOString(),
      data: { eventId: id, kioskId: 'kiosk-001', orderId: id, order: { number: 'A7', state: 'paid', totalAmount: 2800, currency: 'CNY', placedAt: 2 } },
    });
    // Reckoned here from the specification's words alone.
    const timestamp = String(clock / 1000);
    const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(`${id}.${timestamp}.${call!.body}`).digest('base64');
    expect(call?.headers).toMatchObject({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${expected}`, 'content-type': 'application/json' });
    expect(await states()).toEqual([{ state: 'sent', n: 1 }]);
  });

  test('are noted only for who asked for the kind, once, and only if the transaction commits', async () => {
    await addWebhook('https://a.example', ['order.paid', 'alarm']);
    await addWebhook('https://b.example', ['alarm']);
    const news = { kind: 'alarm' as const, eventId: randomUUID(), at: clock, data: {} };
    for (let time = 0; time < 2; time++) await noteWebhooks(sql, 'kiosk-001', [news, { ...news, kind: 'order.refunded', eventId: randomUUID() }], clock);
    await sql.begin(async (transaction) => {
      await noteWebhooks(transaction, 'kiosk-001', [{ ...news, eventId: randomUUID() }], clock);
      throw new Error('undone');
    }).catch(() => {});
    expect(await states()).toEqual([{ state: 'due', n: 2 }]);
  });

  test('by several processes at once tell each once', async () => {
    const receiver = await startReceiver();
    await addWebhook(receiver.url);
    for (const kioskId of ['kiosk-001', 'kiosk-002', 'kiosk-003']) await note(40, kioskId);
    const processes = [start(), start(), start()];
    await Promise.all(processes.map(({ deliveries }) => deliveries.run()));
    // Whoever found every row of a look taken goes home; the next look of its timer takes what is left.
    await processes[0]!.deliveries.run();
    expect(new Set(receiver.calls.map(({ id }) => id)).size).toBe(120);
    expect(receiver.calls).toHaveLength(120);
    expect(await states()).toEqual([{ state: 'sent', n: 120 }]);
    expect(processes.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('are tried again with longer and longer waits, the same bytes each time, and given up after the last', async () => {
    const receiver = await startReceiver(() => ({ status: 500 }));
    await addWebhook(receiver.url);
    await note(1);
    const dead: string[] = [];
    const { deliveries } = start({ onDead: ({ error }) => dead.push(error) });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      await deliveries.run();
      expect(receiver.calls).toHaveLength(attempt);
      const [row] = await sql<{ next_at: number; state: string }[]>`select next_at, state from webhook_deliveries`;
      if (row?.state !== 'due') break;
      waits.push(row.next_at - clock);
      clock = row.next_at - 1;
      await deliveries.run();
      expect(receiver.calls).toHaveLength(attempt);
      clock += 300_001;
    }
    expect(waits).toEqual([5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000]);
    expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
    expect([await states(), dead]).toEqual([[{ state: 'dead', n: 1 }], ['answered 500']]);
  });

  test('of a killed process are told by another one after a while', async () => {
    const receiver = await startReceiver();
    await addWebhook(receiver.url);
    await note(1);
    // It has claimed, and never says what came of it.
    const killed = start({ send: () => new Promise(() => {}) });
    void killed.deliveries.run();
    await expect.poll(() => sql`select attempts from webhook_deliveries`).toEqual([{ attempts: 1 }]);
    cleanups.pop();
    await start().deliveries.run();
    expect(receiver.calls).toHaveLength(0);
    clock += 60_000;
    await start().deliveries.run();
    expect(receiver.calls).toHaveLength(1);
    expect(await states()).toEqual([{ state: 'sent', n: 1 }]);
  });

  test('to an endpoint that never answers hold up no other, and cost it one attempt at a time', async () => {
    const [dead, well] = [await startReceiver(() => undefined), await startReceiver()];
    await addWebhook(dead.url);
    await addWebhook(well.url);
    await note(30);
    const { deliveries } = start({ timeoutMs: 400 });
    const done = deliveries.run();
    await expect.poll(() => well.calls).toHaveLength(30);
    await done;
    expect(dead.calls.length).toBe(16);
    // While it is paused the others lose no attempt; then one is tried.
    await deliveries.run();
    expect(dead.calls.length).toBe(16);
    clock += 3000;
    await deliveries.run();
    expect(dead.calls.length).toBe(17);
    expect(await sql`select max(error) as error from webhook_deliveries where state = 'due' and attempts > 0`).toEqual([{ error: 'no answer within 400 ms' }]);
  });

  test('go on at full speed once the endpoint is back', async () => {
    let isBack = false;
    const receiver = await startReceiver(() => ({ status: isBack ? 200 : 503 }));
    await addWebhook(receiver.url);
    await note(40);
    const { deliveries } = start();
    await deliveries.run();
    isBack = true;
    clock += 10_000;
    await deliveries.run();
    expect(await states()).toEqual([{ state: 'sent', n: 40 }]);
  });

  test('end for an endpoint that says it is gone', async () => {
    const receiver = await startReceiver(() => ({ status: 410 }));
    const { id } = await addWebhook(receiver.url);
    await note(1);
    const { deliveries } = start();
    await deliveries.run();
    await note(1);
    await deliveries.run();
    expect(receiver.calls).toHaveLength(1);
    expect(await sql`select webhook_id, disabled_at from webhooks`).toEqual([{ webhook_id: id, disabled_at: clock }]);
  });

  test('follow no redirect', async () => {
    const inner = await startReceiver();
    const receiver = await startReceiver(() => ({ status: 307, headers: { location: inner.url } }));
    await addWebhook(receiver.url);
    await note(1);
    await start().deliveries.run();
    expect([receiver.calls.length, inner.calls.length]).toEqual([1, 0]);
    expect(await sql`select state, error from webhook_deliveries`).toEqual([{ state: 'due', error: 'answered 307' }]);
  });
});

describe('where webhooks may go', () => {
  test.each([
    ['https://shop.example/hook', undefined], ['https://8.8.8.8/', undefined], ['http://shop.example/', 'it is not https'], ['ftp://shop.example/', 'it is not https'],
    ['https://a:b@shop.example/', 'it holds a user name or password'], ['nowhere', 'it is no URL'],
    ...['https://localhost/', 'https://127.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://169.254.169.254/', 'https://192.168.1.1/', 'https://0x7f000001/', 'https://[fd00::1]/'].map((url) => [url, expect.stringContaining('own network')]),
  ])('%s: %s', (url, fault) => expect(faultOfWebhookUrl(url as string, { mayBePrivate: false })).toEqual(fault));

  test('private ones only by configuration, and without TLS only on this machine', () => {
    expect(['http://127.0.0.1:1/', 'https://10.0.0.1/', 'http://localhost/'].map((url) => faultOfWebhookUrl(url, rules))).toEqual([undefined, undefined, undefined]);
    expect(faultOfWebhookUrl('http://10.0.0.1/', rules)).toBe('it is not https');
  });

  test('a name that leads to this machine is refused where the connection is made', async () => {
    const inner = await startReceiver();
    const { port } = new URL(inner.url);
    const request = { url: `https://shop.example:${port}/hook`, headers: {}, body: '{}', timeoutMs: 2000 };
    const leadingHere: LookUp = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }, { address: '::ffff:10.0.0.1', family: 6 }]);
    expect(await sendWebhook(request, { mayBePrivate: false }, leadingHere)).toEqual({ kind: 'failed', detail: 'ADDRESS_NOT_PUBLIC' });
    // Allowed, the same name is connected to; a plain socket then speaks no TLS.
    expect(await sendWebhook(request, rules, leadingHere)).toMatchObject({ kind: 'failed', detail: expect.not.stringContaining('NOT_PUBLIC') });
    expect(isPublicAddress('::ffff:127.0.0.1')).toBe(false);
    expect(isPublicAddress('2606:4700::1111')).toBe(true);
    // Outside of 2000::/3, or with an IPv4 address within: ::127.0.0.1, site-local, discard-only, Teredo, 6to4, translated.
    expect(['::7f00:1', 'fec0::1', '100::1', '2001::1', '2002:7f00:1::', '::ffff:0:7f00:1', '64:ff9b::7f00:1', '::ffff:8.8.8.8', '192.0.2.1'].filter(isPublicAddress)).toEqual([]);
    expect(['8.8.8.8', '2a00:1450::1', '2400:3200::1', '2001:4860:4860::8888'].filter(isPublicAddress)).toHaveLength(4);
  });
});
