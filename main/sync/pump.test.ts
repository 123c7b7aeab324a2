import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Batch, HqEvent } from '../../domain/contract/hq.ts';
import { batchSchema, maxBatchEvents } from '../../domain/contract/hq.ts';
import { kioskIdSchema, uuidV7From } from '../../domain/ids.ts';
import { orderSchema } from '../../domain/order/order.ts';
import { openStore } from '../store/open.ts';
import { createStoreReader } from '../store/reader.ts';
import { createStoreWriter } from '../store/writer.ts';
import { createHqClient } from './hq-client.ts';
import { createPump } from './pump.ts';

const kioskId = kioskIdSchema.parse('kiosk-001');

/** What HQ does with one request. `take` is whether it has the batch afterwards. */
type Fault =
  | { readonly kind: 'hang_up'; readonly take: boolean }
  | { readonly kind: 'half_an_answer' }
  | { readonly kind: 'two_answers' }
  | { readonly kind: 'status'; readonly status: number; readonly take: boolean; readonly retryAfter?: string }
  | { readonly kind: 'garbage'; readonly body: string; readonly take: boolean }
  /** Too high or too low by so much, or of another epoch. */
  | { readonly kind: 'mark'; readonly off: number; readonly epoch: number }
  | { readonly kind: 'none' };

interface Hq {
  readonly url: string;
  readonly events: HqEvent[];
  readonly batches: Batch[];
  /** What went against the contract; empty at the end. */
  readonly wrong: string[];
  close(): Promise<void>;
}

/** HQ by its contract (domain/contract/hq.ts): each event once, in order, what it has already compared to the byte. */
async function startHq(faults: readonly Fault[], onRequest: () => void): Promise<Hq> {
  const events: HqEvent[] = [];
  const batches: Batch[] = [];
  const wrong: string[] = [];
  const script = [...faults];
  let inFlight = 0;

  function take(batch: Batch): number {
    const [first] = batch.events;
    if (!first || first.sequence > events.length + 1) return 409;
    for (const [index, event] of batch.events.entries()) {
      if (event.sequence !== first.sequence + index) wrong.push(`sequence ${event.sequence} at ${index} of a batch from ${first.sequence}`);
      const known = events[event.sequence - 1];
      if (!known) events.push(event);
      else if (JSON.stringify(known) !== JSON.stringify(event)) wrong.push(`event ${event.sequence} came again with other contents`);
    }
    return 200;
  }

  function act(fault: Fault, batch: Batch, response: http.ServerResponse): void {
    const takes = fault.kind === 'status' || fault.kind === 'hang_up' || fault.kind === 'garbage' ? fault.take : true;
    const status = takes ? take(batch) : 200;
    const mark = JSON.stringify({ epoch: 1, acknowledged: events.length });
    if (status !== 200) return void response.writeHead(status).end(mark);
    switch (fault.kind) {
      case 'hang_up': return void response.socket?.destroy();
      case 'half_an_answer': return void response.writeHead(200, { 'content-length': mark.length + 1 }).write(mark, () => response.socket?.destroy());
      case 'two_answers': return void response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${mark.length}\r\n\r\n${mark}`.repeat(2), () => response.destroy());
      case 'status': return void response.writeHead(fault.status, { ...(fault.retryAfter ? { 'retry-after': fault.retryAfter } : {}), location: '/elsewhere' }).end('no');
      case 'garbage': return void response.end(fault.body);
      case 'mark': return void response.end(JSON.stringify({ epoch: fault.epoch, acknowledged: Math.max(0, events.length + fault.off) }));
      case 'none': return void response.end(mark);
    }
  }

  const server = http.createServer((request, response) => {
    inFlight += 1;
    if (inFlight > 1) wrong.push('two requests at once');
    response.once('close', () => (inFlight -= 1));
    if (`${request.method} ${request.url} ${request.headers.authorization}` !== 'POST /api/kiosk/events Bearer token') wrong.push(`asked for ${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const batch = batchSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (!batch.success) return void wrong.push(batch.error.message);
      batches.push(batch.data);
      onRequest();
      act(script.shift() ?? { kind: 'none' }, batch.data, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, events, batches, wrong,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A kiosk's store in a folder of its own. Each sale is a free order, of three events. */
function openKiosk() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pump-'));
  const opened = openStore({ folder, keyHex: 'f6'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  const { database, close } = opened.value;
  let ids = 0;
  const newId = () => uuidV7From(++ids, new Uint8Array(10));
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: () => 1, newId });
  return {
    reader,
    outbox: { ...reader, ...writer },
    sell(name = '面') {
      const words = { zh: name, en: 'Noodles' };
      writer.placeOrder(orderSchema.parse({
        id: newId(), cartId: newId(), number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1,
        lines: Array.from({ length: name.length > 10 ? 100 : 1 }, () => ({ offerId: 'noodles', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 0, total: 0, form: {} })),
        total: { amount: 0, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
      }), { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
    },
    close() {
      close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

type Kiosk = ReturnType<typeof openKiosk>;
const closers: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Pumps until HQ has acknowledged everything. Between two tries it waits as little as it can. */
async function pumpDry(kiosk: Kiosk, url: string): Promise<{ troubles: string[]; recoveries: number }> {
  const troubles: string[] = [];
  let recoveries = 0;
  await new Promise<void>((resolve, reject) => {
    const pump = createPump({
      kioskId, outbox: kiosk.outbox, client: createHqClient({ url, token: () => 'token' }), retryMaxMs: 50, random: () => 0,
      onTrouble: (kind, detail) => (kind === 'bug' ? reject(new Error(detail)) : troubles.push(kind)),
      onRecovered: () => (recoveries += 1),
      onAcknowledged() {
        const { acknowledged, last } = kiosk.reader.outboxPosition();
        if (acknowledged === last) pump.stop().then(resolve, reject);
      },
    });
    pump.start();
  });
  return { troubles, recoveries };
}

/** One kiosk and its HQ, from the first sale until HQ has all. */
async function run({ salesBefore, requests }: { salesBefore: number; requests: readonly { fault: Fault; sales: number }[] }) {
  const kiosk = openKiosk();
  for (let count = 0; count < salesBefore; count++) kiosk.sell();
  const sales = requests.map((request) => request.sales);
  const hq = await startHq(requests.map(({ fault }) => fault), () => {
    for (let count = sales.shift() ?? 0; count > 0; count--) kiosk.sell();
  });
  closers.push(kiosk.close, hq.close);
  return { kiosk, hq, ...(await pumpDry(kiosk, hq.url)) };
}

function expectAgreement({ kiosk, hq }: { kiosk: Kiosk; hq: Hq }): void {
  const { last, acknowledged } = kiosk.reader.outboxPosition();
  expect(hq.wrong).toEqual([]);
  expect(hq.events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(acknowledged).toBe(last);
  expect(JSON.stringify(kiosk.reader.outbox(0, last + 1))).toBe(JSON.stringify(hq.events));
}

const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('hang_up' as const), take: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('half_an_answer' as const, 'two_answers' as const, 'none' as const) }),
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(301, 307, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503), take: fc.boolean(), retryAfter: fc.constantFrom('0.01', 'soon') }),
  fc.record({ kind: fc.constant('garbage' as const), body: fc.constantFrom('', '{}', '<html>', '{"epoch":1}', '{"epoch":1,"acknowledged":1e99}'), take: fc.boolean() }),
  fc.record({ kind: fc.constant('mark' as const), off: fc.constantFrom(-1000, -3, -1, 1, 4, 1000), epoch: fc.constantFrom(1, 1, 1, 2) }),
);
const stories = fc.record({
  salesBefore: fc.constantFrom(1, 1, 1, 2, 2, 40),
  requests: fc.array(fc.record({ fault: faults, sales: fc.constantFrom(0, 0, 0, 1, 2) }), { maxLength: 6 }),
});

describe('the pump', () => {
  it('brings HQ each event once and in order, whatever goes wrong and however often', async () => {
    await fc.assert(
      // Side by side, since what takes time is the waiting between two tries.
      fc.asyncProperty(fc.array(stories, { minLength: 20, maxLength: 20 }), async (parallel) => {
        for (const ended of await Promise.all(parallel.map(run))) expectAgreement(ended);
        for (const close of closers.splice(0).reverse()) await close();
      }),
      { numRuns: 2 },
    );
  }, 60_000);

  it('says once that HQ is away, and once that it answers again', async () => {
    const away: Fault = { kind: 'status', status: 503, take: false };
    const { troubles, recoveries, ...ended } = await run({ salesBefore: 1, requests: [away, away, away].map((fault) => ({ fault, sales: 1 })) });
    expectAgreement(ended);
    expect([troubles, recoveries]).toEqual([['away'], 1]);
  });

  it('believes no mark beyond what it has sent', async () => {
    const { troubles, ...ended } = await run({ salesBefore: 40, requests: [{ fault: { kind: 'mark', off: 20, epoch: 1 }, sales: 0 }, { fault: { kind: 'mark', off: 1000, epoch: 1 }, sales: 0 }] });
    expectAgreement(ended);
    expect(troubles).toEqual(['mark']);
    expect(ended.hq.batches.map(({ events }) => events[0]?.sequence)).toEqual([1, 101, 101]);
  });

  it('believes no mark of another epoch, and asks again', async () => {
    const { troubles, ...ended } = await run({ salesBefore: 1, requests: [{ fault: { kind: 'mark', off: 0, epoch: 2 }, sales: 0 }] });
    expectAgreement(ended);
    expect(troubles).toEqual(['mark']);
    expect(ended.hq.batches.map(({ events }) => events[0]?.sequence)).toEqual([1, 1]);
  });

  it('sends what had no answer again, to the byte, with what has come since', async () => {
    const { hq, ...ended } = await run({ salesBefore: 1, requests: [{ fault: { kind: 'hang_up', take: true }, sales: 1 }] });
    expectAgreement({ hq, ...ended });
    expect(hq.batches.length).toBe(2);
    expect(hq.batches[1]?.events.slice(0, hq.batches[0]?.events.length)).toEqual(hq.batches[0]?.events);
    expect(hq.batches[1]?.events.length).toBe(2 * hq.batches[0]!.events.length);
  });

  it('keeps batches small, by their number and by their bytes', async () => {
    const kiosk = openKiosk();
    for (let count = 0; count < 12; count++) kiosk.sell('很长很长的面'.repeat(40));
    for (let count = 0; count < 30; count++) kiosk.sell();
    const hq = await startHq([], () => {});
    closers.push(kiosk.close, hq.close);
    await pumpDry(kiosk, hq.url);
    expectAgreement({ kiosk, hq });
    const bytes = hq.batches.map((batch) => Buffer.byteLength(JSON.stringify(batch)));
    expect(Math.max(...bytes)).toBeLessThan(1_000_000);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(1_000_000);
    expect(Math.max(...hq.batches.map(({ events }) => events.length))).toBeLessThanOrEqual(maxBatchEvents);
  });

  it('goes on after a restart where HQ had acknowledged', async () => {
    const kiosk = openKiosk();
    const hq = await startHq([], () => {});
    closers.push(kiosk.close, hq.close);
    for (let start = 0; start < 3; start++) {
      kiosk.sell();
      await pumpDry(kiosk, hq.url);
    }
    expectAgreement({ kiosk, hq });
    expect(hq.batches.map(({ events }) => events[0]?.sequence)).toEqual([1, 4, 7]);
  });

  it('gives up the batch under way when it is stopped; HQ may have it, and the next pump sends it again', async () => {
    const kiosk = openKiosk();
    for (let count = 0; count < 40; count++) kiosk.sell();
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    const hq = await startHq([], () => resolve(pump.stop()));
    closers.push(kiosk.close, hq.close);
    const pump = createPump({
      kioskId, outbox: kiosk.outbox, client: createHqClient({ url: hq.url, token: () => 'token' }), retryMaxMs: 50, random: () => 0,
      onTrouble: () => {}, onRecovered: () => {}, onAcknowledged: () => {},
    });
    pump.start();
    await stopped;
    expect(kiosk.reader.outboxPosition().acknowledged).toBe(0);
    // Another pump brings all of it: the first one, if it went on, would be seen beside it.
    await pumpDry(kiosk, hq.url);
    expectAgreement({ kiosk, hq });
    expect(hq.batches.map(({ events }) => events[0]?.sequence)).toEqual([1, 1, 101]);
  });

  it('looks no more once it is stopped', async () => {
    const kiosk = openKiosk();
    kiosk.sell();
    closers.push(kiosk.close, () => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let looks = 0;
    const outboxPosition = () => {
      looks += 1;
      return kiosk.reader.outboxPosition();
    };
    const pump = createPump({
      kioskId, outbox: { ...kiosk.outbox, outboxPosition }, client: createHqClient({ url: 'http://127.0.0.1', token: () => undefined }), retryMaxMs: 50, random: () => 0,
      onTrouble: () => {}, onRecovered: () => {}, onAcknowledged: () => {},
    });
    pump.start();
    await vi.advanceTimersByTimeAsync(500);
    expect(looks).toBeGreaterThan(5);
    await pump.stop();
    const before = looks;
    await vi.advanceTimersByTimeAsync(500);
    expect(looks).toBe(before);
  });
});
