import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { lanes, maxBatchEvents } from '../../domain/contract/hq.ts';
import type { HqRig, RigFault } from '../core/testing/hq-rig.ts';
import { startHqRig } from '../core/testing/hq-rig.ts';
import type { KioskRig, SyncRig } from './testing/kiosk-rig.ts';
import { openKiosk, quickRuntime, rigCode } from './testing/kiosk-rig.ts';

const closers: (() => unknown)[] = [];
const closeAll = async () => {
  for (const close of closers.splice(0).reverse()) await close();
};
afterEach(closeAll);

interface Story {
  readonly salesBefore: number;
  /** What goes wrong with one request after the other, and how many sales happen meanwhile. */
  readonly requests: readonly { readonly fault: RigFault | undefined; readonly sales: number }[];
}

interface Ended { readonly kiosk: KioskRig; readonly hq: HqRig; readonly sync: SyncRig }

/** One kiosk and its HQ, from the first sale until HQ has all. */
async function run({ salesBefore, requests }: Story): Promise<Ended> {
  const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
  const script = [...requests];
  hq.setFaults(() => {
    const next = script.shift();
    for (let count = next?.sales ?? 0; count > 0; count--) kiosk.sell();
    return next?.fault;
  });
  for (let count = 0; count < salesBefore; count++) kiosk.sell();
  const sync = kiosk.sync(hq.url);
  closers.push(kiosk.close, hq.close, sync.stop);
  await sync.until(() => script.length === 0);
  await sync.untilDry();
  return { kiosk, hq, sync };
}

/** HQ has exactly the kiosk's events, each once and in order, to the byte; and nothing that came was against the contract. */
function expectAgreement({ kiosk, hq, sync }: Ended): void {
  expect(hq.complaints()).toEqual([]);
  expect(sync.codes()).not.toContain('INTERNAL');
  for (const lane of lanes) {
    const { epoch, last, acknowledged } = kiosk.outbox.position(lane);
    expect(acknowledged).toBe(last);
    const ours = kiosk.outbox.events(lane, 0, last + 1);
    expect(ours.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    const theirs = hq.events().filter((event) => event.lane === lane);
    expect(theirs.map(({ id }) => id)).toEqual(ours.map(({ id }) => id));
    if (epoch === 1) expect(theirs.map(({ hash }) => hash)).toEqual(ours.map(({ hash }) => hash));
  }
}

const faults: fc.Arbitrary<RigFault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('hang_up' as const, 'wrong_key' as const, 'unsigned' as const, 'old_answer' as const), take: fc.boolean() }),
  fc.constant({ kind: 'half_an_answer' as const }),
  fc.record({ kind: fc.constant('garbage' as const), text: fc.constantFrom('', '{}', '<html>', '{"epoch":1,"acknowledged":1e99}'), take: fc.boolean() }),
  fc.record({
    kind: fc.constant('status' as const), status: fc.constantFrom(301, 307, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503),
    code: fc.constantFrom('HQ_SESSION_ENDED', 'HQ_SEQUENCE_GAP', 'HQ_REPLAYED', 'NO_SUCH_CODE'), isSigned: fc.boolean(), take: fc.boolean(), retryAfter: fc.constantFrom('0.01', 'soon', '1'),
  }),
  fc.record({ kind: fc.constant('mark' as const), off: fc.constantFrom(-1000, -3, -1, 1, 4, 1000), epoch: fc.constantFrom(0, 0, 0, 1) }),
);
const stories: fc.Arbitrary<Story> = fc.record({
  salesBefore: fc.constantFrom(1, 1, 1, 2, 2, 40),
  requests: fc.array(fc.record({ fault: fc.option(faults, { nil: undefined, freq: 3 }), sales: fc.constantFrom(0, 0, 0, 1, 2) }), { maxLength: 8 }),
});

describe('the pump', () => {
  it('brings HQ each event once and in order, whatever goes wrong and however often', async () => {
    await fc.assert(
      // Side by side, since what takes time is the waiting between two tries.
      fc.asyncProperty(fc.array(stories, { minLength: 10, maxLength: 10 }), async (parallel) => {
        for (const ended of await Promise.all(parallel.map(run))) expectAgreement(ended);
        await closeAll();
      }),
      { numRuns: 3 },
    );
  }, 120_000);

  it('says once that HQ is away, and once that it answers again', async () => {
    const away = { fault: { kind: 'status', status: 503, code: 'HQ_UNAVAILABLE', isSigned: false, take: false }, sales: 1 } as const;
    const ended = await run({ salesBefore: 1, requests: [away, away, away, away] });
    expectAgreement(ended);
    await ended.sync.until(() => ended.sync.notes.length > 0);
    expect([ended.sync.codes(), ended.sync.notes]).toEqual([['HQ_UNAVAILABLE'], ['HQ answers again']]);
  });

  it.each(['wrong_key', 'unsigned', 'old_answer'] as const)('believes no answer that HQ has not signed for this very request (%s)', async (kind) => {
    const well = { fault: undefined, sales: 0 };
    // Enrolment, hello and a batch are well, so that there is an old answer; the next batch is not.
    const ended = await run({ salesBefore: 1, requests: [well, well, { fault: undefined, sales: 1 }, { fault: { kind, take: false }, sales: 0 }, { fault: { kind, take: true }, sales: 0 }] });
    expectAgreement(ended);
  });

  it('says by name that an answer is not signed by the HQ that it knows, and marks nothing', async () => {
    const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
    closers.push(kiosk.close, hq.close);
    hq.setFaults((path) => (path === '/api/kiosk/events' ? { kind: 'wrong_key', take: true } : undefined));
    kiosk.sell();
    const sync = kiosk.sync(hq.url);
    closers.push(sync.stop);
    await sync.until(() => sync.codes().includes('HQ_KEY_CHANGED'));
    expect(kiosk.outbox.position('orders').acknowledged).toBe(0);
    hq.setFaults(() => undefined);
    await sync.untilDry();
    expectAgreement({ kiosk, hq, sync });
  });

  it('believes no mark that is not of its own event', async () => {
    const well = { fault: undefined, sales: 0 };
    for (const fault of [{ kind: 'mark', off: -1, epoch: 0 }, { kind: 'mark', off: 0, epoch: 1 }] as const) {
      const ended = await run({ salesBefore: 2, requests: [well, well, { fault, sales: 0 }] });
      expectAgreement(ended);
      expect(ended.sync.codes()).toEqual(['HQ_EVENT_CONFLICT']);
    }
  });

  it('keeps batches small, by their number and by their bytes, smaller while a customer is there', async () => {
    const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
    for (let count = 0; count < 30; count++) kiosk.sell('很长很长的面'.repeat(40));
    for (let count = 0; count < 200; count++) kiosk.sell();
    const sync = kiosk.sync(hq.url);
    closers.push(kiosk.close, hq.close, sync.stop);
    await sync.untilDry();
    expectAgreement({ kiosk, hq, sync });
    const bytes = hq.batches().map((batch) => Buffer.byteLength(JSON.stringify(batch)));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(512_000);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(1_000_000);
    const many = Math.max(...hq.batches().map(({ events }) => events.length));
    expect(many).toBeGreaterThan(100);
    expect(many).toBeLessThanOrEqual(maxBatchEvents);
    const before = hq.batches().length;
    sync.sync.customerPresent(true);
    for (let count = 0; count < 100; count++) kiosk.sell();
    await sync.untilDry();
    expect(Math.max(...hq.batches().slice(before).map(({ events }) => events.length))).toBeLessThanOrEqual(100);
  });

  it('sends smaller batches where one was too large, by a proxy on the way as well', async () => {
    const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
    for (let count = 0; count < 100; count++) kiosk.sell();
    const sizes: number[] = [];
    const limited: typeof globalThis.fetch = async (input, init) => {
      const body = init?.body as Uint8Array<ArrayBuffer> | undefined;
      if (body && body.length > 3_000) {
        sizes.push(body.length);
        return new Response('too large', { status: 413 });
      }
      return fetch(input, init);
    };
    const sync = kiosk.sync(hq.url, { fetch: limited });
    closers.push(kiosk.close, hq.close, sync.stop);
    await sync.untilDry();
    expectAgreement({ kiosk, hq, sync });
    expect(sizes.length).toBeGreaterThan(0);
  });

  it('a flood of logs delays no order, not even where HQ never answers to it', async () => {
    const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
    let isHeld = false;
    // Logs take for ever: their answers never come.
    const holding: typeof globalThis.fetch = async (input, init) => {
      const response = await fetch(input, init);
      const body = Buffer.from((init?.body as Uint8Array | undefined) ?? []);
      const encoding = new Headers(init?.headers).get('content-encoding');
      const text = (encoding === 'zstd' ? zstdDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body).toString();
      if (!text.includes('"lane":"logs","epoch":1,"clock"')) return response;
      isHeld = true;
      return new Promise<never>(() => {});
    };
    kiosk.log(600);
    const sync = kiosk.sync(hq.url, { fetch: holding });
    closers.push(kiosk.close, hq.close, sync.stop);
    await expect.poll(() => isHeld).toBe(true);
    kiosk.sell();
    await sync.until(() => kiosk.outbox.position('orders').acknowledged === 3);
    expect(kiosk.outbox.position('logs').acknowledged).toBe(0);
  });

  it('goes on after a restart where HQ had acknowledged', async () => {
    const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
    closers.push(kiosk.close, hq.close);
    for (let start = 0; start < 3; start++) {
      kiosk.sell();
      const sync = kiosk.sync(hq.url);
      await sync.untilDry();
      await sync.stop();
      expectAgreement({ kiosk, hq, sync });
    }
    expect(hq.batches().map(({ events }) => events[0]?.sequence)).toEqual([1, 4, 7]);
  });

  it('gives up the batch under way when it is stopped; HQ may have it, and the next run hears so at hello', async () => {
    const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
    closers.push(kiosk.close, hq.close);
    kiosk.sell();
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    hq.setFaults((path) => {
      if (path === '/api/kiosk/events') resolve(first.stop());
      return undefined;
    });
    const first = kiosk.sync(hq.url);
    await stopped;
    expect(kiosk.outbox.position('orders').acknowledged).toBe(0);
    hq.setFaults(() => undefined);
    const second = kiosk.sync(hq.url);
    closers.push(second.stop);
    await second.untilDry();
    expectAgreement({ kiosk, hq, sync: second });
    expect(hq.batches().map(({ events }) => events[0]?.sequence)).toEqual([1]);
  });

  it('leaves no timer behind once it is stopped', async () => {
    const kiosk = openKiosk();
    closers.push(kiosk.close);
    const running = new Set<unknown>();
    const timers = {
      setTimeout(action: () => void, delayMs: number) {
        const timer = quickRuntime.timers.setTimeout(() => {
          running.delete(timer);
          action();
        }, delayMs);
        running.add(timer);
        return timer;
      },
      clearTimeout(timer: unknown) {
        running.delete(timer);
        quickRuntime.timers.clearTimeout(timer);
      },
    };
    kiosk.sell();
    const sync = kiosk.sync('http://127.0.0.1:9', { timers });
    await sync.until(() => sync.codes().includes('HQ_UNAVAILABLE'));
    expect(running.size).toBeGreaterThan(0);
    await sync.stop();
    expect(running.size).toBe(0);
  });
});
