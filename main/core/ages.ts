/** How old things are that the store knows by wall-clock time. */
export interface Ages {
  /** Milliseconds since `at`; from the first question on measured on the monotonic clock, so that a clock set right expires nothing. */
  ageMs(id: string, at: number): number;
  forget(id: string): void;
}

/** @param now epoch milliseconds UTC */
export function createAges(now: () => number, monotonicNow: () => number): Ages {
  const firstSeen = new Map<string, { readonly ageMs: number; readonly atMs: number }>();
  return {
    ageMs(id, at) {
      const seen = firstSeen.get(id) ?? { ageMs: Math.max(0, now() - at), atMs: monotonicNow() };
      firstSeen.set(id, seen);
      return seen.ageMs + monotonicNow() - seen.atMs;
    },
    forget: (id) => void firstSeen.delete(id),
  };
}
