import { expect, it } from 'vitest';
import { formatLocalTime } from './time.ts';

it.each([
  [Date.UTC(2026, 10, 22, 5, 5), 'Asia/Shanghai', '2026-11-22 13:05'],
  [Date.UTC(2026, 11, 31, 16, 0), 'Asia/Shanghai', '2027-01-01 00:00'],
  [Date.UTC(2026, 6, 1, 22, 30), 'Europe/Berlin', '2026-07-02 00:30'],
  [0, 'UTC', '1970-01-01 00:00'],
])('%i is written in the time of %s as %s', (at, timeZone, text) => {
  expect(formatLocalTime(at, timeZone)).toBe(text);
});
