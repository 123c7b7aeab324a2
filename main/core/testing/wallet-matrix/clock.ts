import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

/** A process of the matrix, as far as its timers go: what it has set is gone with it. */
export interface Owner {
  readonly name: string;
  isAlive: boolean;
}

/** Time of this whole operating system process, which passes only when somebody lets it: every timer that is set is one of these. */
export interface MatrixClock {
  /** Milliseconds since the case began; the same for everybody. */
  nowMs(): number;
  /** A case begins: nothing is set any more, and it is 0 again. */
  reset(): void;
  /** Whatever is set within, and within what comes of it, is the owner's. */
  own<T>(owner: Owner, act: () => T): T;
  /** Lets so much time pass, every timer in its order; `settle` is awaited before each. */
  pass(ms: number, settle: () => Promise<void>): Promise<void>;
  /** As a machine that has slept: each timer that is due rings once. */
  leap(ms: number, settle: () => Promise<void>): Promise<void>;
  /** Waits of node:timers/promises that are under way. */
  pauses(): number;
  /** Real time, for what has to wait for another process. */
  really(ms: number): Promise<void>;
  readonly realNowMs: () => number;
}

interface Timer {
  atMs: number;
  order: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
  readonly owner: Owner | undefined;
}

/** Replaces this process's timers for good: call it once, before anything sets one. */
export function installClock(): MatrixClock {
  const realSetTimeout = globalThis.setTimeout;
  const [realClearTimeout, realClearInterval] = [globalThis.clearTimeout, globalThis.clearInterval];
  const realNowMs = performance.now.bind(performance);
  const owners = new AsyncLocalStorage<Owner>();
  const timers = new Set<Timer>();
  let nowMs = 0;
  let count = 0;
  let pausing = 0;

  function begin(run: () => void, ms: number | undefined, isEach: boolean) {
    const delayMs = Math.max(0, Number(ms) || 0);
    const timer: Timer = { atMs: nowMs + Math.max(delayMs, isEach ? 1 : 0), order: count++, everyMs: isEach ? Math.max(1, delayMs) : undefined, run, owner: owners.getStore() };
    timers.add(timer);
    // What is to be done at once needs no time to pass.
    if (delayMs === 0 && !isEach) setImmediate(() => timers.has(timer) && timer.owner?.isAlive !== false && ring(timer));
    const handle = {
      ref: () => handle, unref: () => handle, hasRef: () => true, close: () => handle,
      refresh() {
        timer.atMs = nowMs + delayMs;
        timers.add(timer);
        return handle;
      },
      [Symbol.toPrimitive]: () => timer.order,
      [Symbol.dispose]: () => void timers.delete(timer),
      timer,
    };
    return handle;
  }

  const end = (real: typeof realClearTimeout) => (handle: unknown) => {
    if (typeof handle === 'object' && handle !== null && 'timer' in handle) timers.delete(handle.timer as Timer);
    else if (handle !== undefined && handle !== null) real(handle as NodeJS.Timeout);
  };
  const set = (isEach: boolean) => (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => begin(() => run(...given), ms, isEach);
  Object.assign(globalThis, { setTimeout: set(false), setInterval: set(true), clearTimeout: end(realClearTimeout), clearInterval: end(realClearInterval) });
  performance.now = () => nowMs;
  Object.assign(timersPromises, {
    setTimeout: (ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) => new Promise((resolve, reject) => {
      pausing += 1;
      let isOver = false;
      const finish = (then: () => void) => {
        if (isOver) return;
        isOver = true;
        pausing -= 1;
        then();
      };
      const handle = begin(() => finish(() => resolve(value)), ms, false);
      const stop = () => {
        timers.delete(handle.timer);
        finish(() => reject(signal?.reason as Error));
      };
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    }),
  });
  syncBuiltinESMExports();

  function next(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.owner?.isAlive === false) timers.delete(timer);
      else if (timer.atMs <= untilMs && (!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order))) first = timer;
    }
    return first;
  }

  function ring(timer: Timer): void {
    if (timer.everyMs === undefined) timers.delete(timer);
    else {
      timer.atMs = nowMs + timer.everyMs;
      timer.order = count++;
    }
    if (timer.owner) owners.run(timer.owner, timer.run);
    else timer.run();
  }

  return {
    nowMs: () => nowMs,
    reset() {
      timers.clear();
      nowMs = 0;
    },
    own: (owner, act) => owners.run(owner, act),
    async pass(ms, settle) {
      const endMs = nowMs + ms;
      await settle();
      for (let timer = next(endMs); timer; timer = next(endMs)) {
        nowMs = Math.max(nowMs, timer.atMs);
        ring(timer);
        await settle();
      }
      nowMs = endMs;
    },
    async leap(ms, settle) {
      await settle();
      nowMs += ms;
      // What rings may set what is due at once; what rings again and again waits for the next leap.
      const endOrder = count;
      for (let rounds = 0, timer = next(nowMs); timer && rounds < 400; timer = next(nowMs), rounds += 1) {
        ring(timer);
        // Those that were set before it rang have rung together, as they do in a process that comes back.
        for (let more = next(nowMs); more && more.order < endOrder; more = next(nowMs)) ring(more);
        await settle();
      }
    },
    pauses: () => pausing,
    really: (ms) => new Promise((resolve) => void realSetTimeout(resolve, ms)),
    realNowMs,
  };
}
