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

/** So long after a lock that was over, the next one is a first one again. */
export const locksFallMs = 24 * 60 * minuteMs;

/**
 * What counts of it at this moment. The clock may have been set back since it was locked (it was years ahead, after a flat battery): what is left counts from now,
 * or it would stay locked until then. A day after a lock was over nothing of it counts any more.
 */
export function fromNow(tries: Tries, now: number): Tries {
  const { lockedAt, lockedMs } = tries;
  if (lockedAt === undefined) return tries;
  if (lockedAt > now) return { ...tries, lockedAt: now };
  return now - lockedAt - lockedMs >= locksFallMs ? noTries : tries;
}

/** How long it is still locked: never longer than it was meant. */
export function lockedFor({ lockedAt, lockedMs }: Tries, now: number): number {
  if (lockedAt === undefined) return 0;
  return Math.min(lockedMs, Math.max(0, lockedAt + lockedMs - now));
}

/**
 * Whose tries are counted: those of a number that is typed, and those of whoever has the member's card, each for themselves. Whoever knows a number can lock it, as
 * often as they like; the member who has the card comes in by it all the same.
 */
export function triesKey(number: string, isByCard: boolean): string {
  return isByCard ? `${number}${byCard}` : number;
}

/** The member's number of a key. */
export function numberOfKey(key: string): string {
  return key.endsWith(byCard) ? key.slice(0, -byCard.length) : key;
}

const byCard = ' card';

/** A try begins: it counts as wrong until it turns out right, so that nothing that ends in the middle gives one for nothing. When it was locked last, and until when, stays known. */
export function whenTried(tries: Tries): Tries {
  return { ...tries, wrong: tries.wrong + 1, lockedAt: tries.lockedAt === undefined ? undefined : tries.lockedAt + tries.lockedMs, lockedMs: 0 };
}

/** It was wrong, or nobody knows: the last one locks the number. */
export function whenWrong(tries: Tries, now: number): Tries {
  if (tries.wrong < triesUntilLocked) return tries;
  const locks = tries.locks + 1;
  return { wrong: 0, locks, lockedAt: now, lockedMs: lockMs(locks) };
}
