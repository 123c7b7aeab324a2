/** What sync has of the world, given from outside, so that a simulation can stand in for clocks, timers and network. */
export interface SyncRuntime {
  readonly fetch: typeof globalThis.fetch;
  /** Epoch milliseconds UTC, however wrong. */
  readonly now: () => number;
  /** Milliseconds since this start of the kiosk, by a clock that nobody sets; the same one that the store's events bear. */
  readonly monotonicMs: () => number;
  /** 0 up to 1: spreads the tries of a fleet whose HQ comes back. */
  readonly random: () => number;
  readonly timers: Timers;
}

export interface Timers {
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}
