import { messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err } from '../../domain/result.ts';
import type { Bell } from './bell.ts';
import type { Down, DownFailure, Polled } from './down.ts';
import type { SyncRuntime } from './runtime.ts';

export interface DownLoopDeps extends Pick<SyncRuntime, 'random' | 'timers'> {
  readonly down: Down;
  /** Makes the bell that rings this loop. */
  readonly bell?: ((onRing: () => void) => Bell) | undefined;
  /** How long between two questions that nobody rang for. */
  readonly pollMs?: number;
  /** Each answer, and each failure; a bug that threw is `kind: 'bug'`. */
  readonly onPolled?: (polled: Result<Polled, DownFailure>) => void;
}

export interface DownLoop {
  start(): void;
  /** HQ may have news: asks soon. */
  ring(): void;
  stop(): Promise<void>;
}

/** Rings closer together than this ask once: a bell that rings without end asks once a second. */
const ringSpacingMs = 1_000;

/** Asks HQ each minute, and at once when the bell rings. The poll is the truth: with a dead or lying bell everything comes all the same. */
export function createDownLoop({ down, bell: makeBell, pollMs = 60_000, onPolled = () => {}, random, timers }: DownLoopDeps): DownLoop {
  let stopped = true;
  let timer: unknown;
  let isRung = false;
  /** Just asked: who rings now waits for the end of it. */
  let isResting = false;
  let asking: Promise<void> | undefined;
  const bell = makeBell?.(ring);

  function schedule(delayMs: number, run: () => void): void {
    timers.clearTimeout(timer);
    if (!stopped) timer = timers.setTimeout(run, Math.max(0, Math.round(delayMs)));
  }

  function begin(): void {
    isResting = false;
    asking = ask().finally(() => (asking = undefined));
  }

  async function ask(): Promise<void> {
    isRung = false;
    let polled: Result<Polled, DownFailure>;
    try {
      polled = await down.poll();
    } catch (cause) {
      polled = err({ kind: 'bug', detail: messageOf(cause) });
    }
    onPolled(polled);
    const spanMs = pollMs * (0.9 + random() * 0.2);
    const restMs = polled.ok ? ringSpacingMs : Math.max(ringSpacingMs, polled.error.retryAfterMs ?? 0);
    isResting = true;
    schedule(restMs, () => {
      isResting = false;
      if (isRung) begin();
      else schedule(spanMs - restMs, begin);
    });
  }

  function ring(): void {
    isRung = true;
    // While one is under way, it may have asked before the news were there.
    if (!stopped && !asking && !isResting) schedule(0, begin);
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      isResting = false;
      schedule(0, begin);
      bell?.start();
    },
    ring,
    async stop() {
      stopped = true;
      timers.clearTimeout(timer);
      await Promise.all([bell?.stop(), asking]);
    },
  };
}
