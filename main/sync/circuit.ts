import type { SyncRuntime } from './runtime.ts';

export interface CircuitDeps extends Pick<SyncRuntime, 'monotonicMs' | 'random'> {
  /** While HQ is away, the longest wait between two tries. */
  readonly retryMaxMs: number;
}

/**
 * When HQ may be asked again. After several failures the circuit is open: one small question is tried, and no batch, until it is answered. It closes by
 * that answer, and by nothing that a person must do.
 */
export interface Circuit {
  isOpen(): boolean;
  /** How long nobody may ask; 0 when somebody may. */
  waitMs(): number;
  /** What a question remembers of when it was asked. */
  now(): number;
  /** @param asOf when it was asked: of several questions that one outage has hit, one counts */
  failed(asOf: number, retryAfterMs?: number): void;
  succeeded(): void;
  /** Not a failure, and no reason to hurry: a person has to do something first. `short` where they may be standing by (enrolment). */
  rest(length: 'short' | 'long'): void;
  backoffMs(failures: number): number;
}

const firstRetryMs = 500;
const leastMs = 50;
const openAfter = 3;
const shortRestMs = 5_000;

export function createCircuit({ monotonicMs, random, retryMaxMs }: CircuitDeps): Circuit {
  let failures = 0;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let notBeforeMs = Number.NEGATIVE_INFINITY;

  /** Full jitter: a random part of a span that doubles up to its limit. A fleet that lost HQ together does not come back together. */
  function backoffMs(count: number): number {
    const span = Math.min(retryMaxMs, firstRetryMs * 2 ** Math.min(count, 16));
    return Math.max(leastMs, Math.round(random() * span));
  }

  return {
    isOpen: () => failures >= openAfter,
    waitMs: () => Math.max(0, notBeforeMs - monotonicMs()),
    now: monotonicMs,
    failed(asOf, retryAfterMs) {
      if (asOf >= failedAtMs) failures += 1;
      failedAtMs = monotonicMs();
      // HQ's own word counts, and is spread as well: everybody got the same one.
      const waitMs = retryAfterMs === undefined ? backoffMs(failures) : retryAfterMs + random() * Math.min(retryAfterMs / 4, retryMaxMs);
      notBeforeMs = Math.max(notBeforeMs, monotonicMs() + waitMs);
    },
    succeeded() {
      failures = 0;
      notBeforeMs = Number.NEGATIVE_INFINITY;
    },
    rest(length) {
      const most = length === 'short' ? Math.min(shortRestMs, retryMaxMs) : retryMaxMs;
      failures = Math.max(failures, openAfter);
      notBeforeMs = monotonicMs() + Math.max(leastMs, most * (0.5 + random() / 2));
    },
    backoffMs,
  };
}
