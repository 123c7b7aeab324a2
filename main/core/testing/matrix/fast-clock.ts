/**
 * A matrix of thousands of cases cannot wait out a protocol's real time limits (ZVT's T2 and T3 are 5 s, T4 is three minutes).
 * Timers beyond a few milliseconds are shortened, the longer the more, so that a longer one still ends later: T1 200 ms → 155,
 * T3 5 s → 775, T4 180 s → 4.6 s. Clocks that are read run as ever.
 */
const unchangedMs = 120;

export function shortened(ms = 0): number {
  return ms > unchangedMs ? unchangedMs * Math.sqrt(ms / unchangedMs) : ms;
}

/** For this whole process: call it before anything sets a timer. */
export function shortenTimers(): void {
  const { setTimeout: later, setInterval: each } = globalThis;
  globalThis.setTimeout = Object.assign((callback: () => void, ms?: number, ...rest: []) => later(callback, shortened(ms), ...rest), later);
  globalThis.setInterval = Object.assign((callback: () => void, ms?: number, ...rest: []) => each(callback, shortened(ms), ...rest), each);
}
