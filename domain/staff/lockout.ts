/** Wrong tries until a number is locked. */
export const triesUntilLocked = 5;

const minuteMs = 60_000;
const lockMinutes = [1, 5, 15, 60, 240] as const;

/** How long a number is locked for the n-th time in a row, from 1. */
export function lockMs(times: number): number {
  return lockMinutes[Math.min(Math.max(times, 1), lockMinutes.length) - 1]! * minuteMs;
}

export interface Tries {
  /** Since the last lock, or since they came in. */
  readonly wrong: number;
  /** How often in a row it has come to a lock. */
  readonly locks: number;
  readonly lockedAt: number | undefined;
  readonly lockedMs: number;
}

export const noTries: Tries = { wrong: 0, locks: 0, lockedAt: undefined, lockedMs: 0 };

/** How long it is still locked. A clock that was set back does not make it longer than it was meant, nor one set forth and back shorter. */
export function lockedFor({ lockedAt, lockedMs }: Tries, now: number): number {
  if (lockedAt === undefined) return 0;
  return Math.min(lockedMs, Math.max(0, lockedAt + lockedMs - now));
}

/** A try begins: it counts as wrong until it turns out right, so that nothing that ends in the middle gives one for nothing. */
export function whenTried(tries: Tries): Tries {
  return { ...tries, wrong: tries.wrong + 1, lockedAt: undefined, lockedMs: 0 };
}

/** It was wrong, or nobody knows: the last one locks the number. */
export function whenWrong(tries: Tries, now: number): Tries {
  if (tries.wrong < triesUntilLocked) return tries;
  const locks = tries.locks + 1;
  return { wrong: 0, locks, lockedAt: now, lockedMs: lockMs(locks) };
}
