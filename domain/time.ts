import { z } from 'zod';

/** Epoch milliseconds UTC, up to the last that a Date can hold. The clock is passed in; nothing in this room reads one. */
export const epochMsSchema = z.int().min(0).max(8_640_000_000_000_000);
export type EpochMs = number;

/** "2026-11-22 13:05" in a named time zone, for receipts and logs that people read. */
export function formatLocalTime(at: EpochMs, timeZone: string): string {
  const part = localParts(at, timeZone);
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

/**
 * A minute as a shop lives it. Prices and opening hours go by it: page and core reckon from the same whole minute, so that they differ at its edge
 * alone, where the answer is `total_changed`.
 */
export interface Moment {
  /** Epoch milliseconds of the minute's beginning. */
  readonly at: EpochMs;
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly weekday: number;
  /** Minutes since the shop's midnight, 0 to 1439. */
  readonly minute: number;
}

const minuteMs = 60_000;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** @param timeZone of IANA, "Asia/Shanghai"; throws on one that there is not. `at` is cut to the whole minute. */
export function momentOf(at: EpochMs, timeZone: string): Moment {
  const part = localParts(at, timeZone);
  return { at: at - (at % minuteMs), weekday: weekdays.indexOf(part('weekday')) + 1, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

function localParts(at: EpochMs, timeZone: string): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone, weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(at);
  return (type) => parts.find((candidate) => candidate.type === type)?.value ?? '';
}
