import { z } from 'zod';

/** Epoch milliseconds UTC, up to the last that a Date can hold. The clock is passed in; nothing in this room reads one. */
export const epochMsSchema = z.int().min(0).max(8_640_000_000_000_000);
export type EpochMs = number;

/** "2026-11-22 13:05" in a named time zone, for receipts and logs that people read. */
export function formatLocalTime(at: EpochMs, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}
