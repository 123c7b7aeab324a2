import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { err, ok } from '../../domain/result.ts';
import type { Bell } from './bell.ts';
import { createBell } from './bell.ts';
import type { Polled } from './down.ts';
import { createDownLoop } from './down-loop.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const timers = { setTimeout: (run: () => void, delayMs: number) => setTimeout(run, delayMs), clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout) };
const bytes = (text: string) => new TextEncoder().encode(text);

/** HQ's end of the line: each connection is a stream that the test writes into. */
function line() {
  const connections: { say(text: string): void; close(): void; fail(): void; stop: AbortSignal; isCancelled(): boolean }[] = [];
  let refuse: { kind: string; detail: string; retryAfterMs?: number } | 'never' | undefined;
  return {
    connections,
    refuse: (how: typeof refuse) => void (refuse = how),
    async open(stop: AbortSignal) {
      if (refuse === 'never') return new Promise<never>(() => {});
      if (refuse) return err(refuse);
      let cancelled = false;
      let controller!: ReadableStreamDefaultController<Uint8Array>;
      const stream = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given), cancel: () => void (cancelled = true) });
      connections.push({ say: (text) => controller.enqueue(bytes(text)), close: () => controller.close(), fail: () => controller.error(new Error('reset')), stop, isCancelled: () => cancelled });
      return ok(stream);
    },
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the bell', () => {
  let rings: number;
  let bell: Bell;
  let hq: ReturnType<typeof line>;
  beforeEach(async () => {
    rings = 0;
    hq = line();
    bell = createBell({ open: hq.open, onRing: () => (rings += 1), random: () => 0.5, timers });
    bell.start();
    await settle();
  });
  afterEach(() => bell.stop());

  it('rings when it is opened, for what rang while nobody listened, and with each news', async () => {
    expect(rings).toBe(1);
    hq.connections[0]!.say('event: news\ndata: 1\n\n');
    await settle();
    expect(rings).toBe(2);
    hq.connections[0]!.say(': still there\n\nevent: other\ndata: x\n\n');
    await settle();
    expect(rings).toBe(2);
  });

  it('hears news however they are cut, and whatever ends their lines', async () => {
    for (const text of ['event: news\r\ndata:\r\n\r\n', 'event:news\rdata:\r\r:\r']) {
      const before = rings;
      for (const letter of text) {
        hq.connections[0]!.say(letter);
        await settle();
      }
      expect(rings).toBe(before + 1);
    }
  });

  it('is opened anew after it was closed or broke, and after it was silent for too long', async () => {
    hq.connections[0]!.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hq.connections).toHaveLength(2);
    hq.connections[1]!.fail();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(hq.connections).toHaveLength(3);
    for (let minute = 0; minute < 5; minute++) {
      hq.connections[2]!.say(': beat\n\n');
      await vi.advanceTimersByTimeAsync(50_000);
    }
    expect(hq.connections).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(hq.connections).toHaveLength(4);
    expect([hq.connections[2]!.isCancelled(), hq.connections[2]!.stop.aborted]).toEqual([true, true]);
    expect(rings).toBe(4);
  });

  it('is tried ever more rarely while HQ does not open it, and never sooner than HQ says', async () => {
    hq.refuse({ kind: 'away', detail: 'refused' });
    hq.connections[0]!.close();
    let tries = 0;
    const counting = vi.spyOn(hq, 'open');
    await bell.stop();
    bell = createBell({ open: (stop) => { tries += 1; return hq.open(stop); }, onRing: () => (rings += 1), random: () => 0.5, timers });
    bell.start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tries).toBeGreaterThan(15);
    expect(tries).toBeLessThan(30);
    hq.refuse({ kind: 'away', detail: '503', retryAfterMs: 200_000 });
    await vi.advanceTimersByTimeAsync(31_000);
    tries = 0;
    await vi.advanceTimersByTimeAsync(190_000);
    expect(tries).toBeLessThan(2);
    counting.mockRestore();
  });

  it('gives up a line that is opened and never answered', async () => {
    hq.refuse('never');
    hq.connections[0]!.close();
    await vi.advanceTimersByTimeAsync(2_000);
    hq.refuse(undefined);
    await vi.advanceTimersByTimeAsync(35_000);
    expect(hq.connections).toHaveLength(2);
  });

  it('hangs up on a line without an end', async () => {
    hq.connections[0]!.say('x'.repeat(20_000));
    await settle();
    expect(hq.connections[0]!.isCancelled()).toBe(true);
  });

  it('can be stopped at any moment, and started again', async () => {
    await bell.stop();
    expect(hq.connections[0]!.isCancelled()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    bell.start();
    await settle();
    expect([hq.connections.length, rings]).toEqual([2, 2]);
  });
});

describe('the loop of polls', () => {
  const nothing: Polled = { documents: [], refused: [], commands: 0, resent: 0 };
  const start = (poll: () => Promise<unknown>) => {
    const loop = createDownLoop({ down: { poll: poll as never }, random: () => 0.5, timers });
    loop.start();
    return loop;
  };

  it('asks at once, and each minute without any bell', async () => {
    let polls = 0;
    const loop = start(async () => (polls++, ok(nothing)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(polls).toBe(1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(polls).toBe(11);
    await loop.stop();
  });

  it('asks at once when it rings, again for what rang meanwhile, and once a second at the most', async () => {
    let polls = 0;
    let answer = () => {};
    const loop = start(() => {
      polls += 1;
      return new Promise((resolve) => (answer = () => resolve(ok(nothing))));
    });
    await settle();
    loop.ring();
    answer();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(polls).toBe(2);
    answer();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(polls).toBe(2);
    loop.ring();
    await settle();
    expect(polls).toBe(3);
    answer();
    await settle();
    await loop.stop();

    let many = 0;
    const stormed = start(async () => (many++, ok(nothing)));
    for (let time = 0; time < 1_000; time++) {
      stormed.ring();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(many).toBeLessThan(13);
    await stormed.stop();
  });

  it('goes on after failures and bugs, and honours how long HQ wants to be left alone, bell or not', async () => {
    let polls = 0;
    const loop = start(async () => {
      polls += 1;
      if (polls === 1) throw new Error('a bug');
      return polls === 2 ? err({ kind: 'away', detail: '503', retryAfterMs: 200_000 }) : ok(nothing);
    });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(polls).toBe(2);
    loop.ring();
    await vi.advanceTimersByTimeAsync(190_000);
    expect(polls).toBe(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(polls).toBe(3);
    await loop.stop();
  });
});
