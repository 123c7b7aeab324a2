import type { EpochMs } from '../time.ts';
import { dayAt } from '../sync/day-closing.ts';

const hourMs = 3_600_000;

/**
 * From when to when a shop's day lasts, the end not in it: 23 to 25 hours, where clocks are changed.
 * @param day YYYY-MM-DD
 */
export function rangeOfDay(day: string, timeZone: string): { readonly from: EpochMs; readonly to: EpochMs } {
  return { from: firstMomentOf(day, timeZone), to: firstMomentAfter(day, timeZone) };
}

function firstMomentOf(day: string, timeZone: string): EpochMs {
  return firstWhere(Date.parse(`${day}T00:00:00Z`), (at) => dayAt(at, timeZone) >= day);
}

function firstMomentAfter(day: string, timeZone: string): EpochMs {
  return firstWhere(Date.parse(`${day}T00:00:00Z`) + 24 * hourMs, (at) => dayAt(at, timeZone) > day);
}

/** No zone is further than 14 hours from UTC: the change lies within 15 of UTC's midnight. */
function firstWhere(near: EpochMs, holds: (at: EpochMs) => boolean): EpochMs {
  let [before, after] = [near - 15 * hourMs, near + 15 * hourMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
