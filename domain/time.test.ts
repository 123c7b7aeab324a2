import { expect, it } from 'vitest';
import { formatLocalTime, momentOf } from './time.ts';

it.each([
  [Date.UTC(2026, 10, 22, 5, 5), 'Asia/Shanghai', '2026-11-22 13:05'],
  [Date.UTC(2026, 11, 31, 16, 0), 'Asia/Shanghai', '2027-01-01 00:00'],
  [Date.UTC(2026, 6, 1, 22, 30), 'Europe/Berlin', '2026-07-02 00:30'],
  [0, 'UTC', '1970-01-01 00:00'],
])('%i is written in the time of %s as %s', (at, timeZone, text) => {
  expect(formatLocalTime(at, timeZone)).toBe(text);
});

it.each([
  [Date.UTC(2026, 10, 22, 5, 5), 'Asia/Shanghai', 7, 13 * 60 + 5],
  [Date.UTC(2026, 10, 22, 15, 59, 59, 999), 'Asia/Shanghai', 7, 1439],
  [Date.UTC(2026, 10, 22, 16, 0), 'Asia/Shanghai', 1, 0],
  [Date.UTC(2026, 6, 1, 22, 30), 'Europe/Berlin', 4, 30],
  [Date.UTC(2026, 11, 1, 18, 45), 'Asia/Kathmandu', 3, 30],
  [0, 'UTC', 4, 0],
])('%i in %s is day %i of the week, minute %i of the day', (at, timeZone, weekday, minute) => {
  expect(momentOf(at, timeZone)).toEqual({ at: at - (at % 60_000), weekday, minute });
});

it('every millisecond of a minute is the same moment, so that page and core reckon alike', () => {
  const begin = Date.UTC(2026, 10, 22, 5, 5);
  expect([1, 30_000, 59_999].map((ms) => momentOf(begin + ms, 'Asia/Shanghai'))).toEqual(Array.from({ length: 3 }, () => momentOf(begin, 'Asia/Shanghai')));
  expect(momentOf(begin + 60_000, 'Asia/Shanghai')).not.toEqual(momentOf(begin, 'Asia/Shanghai'));
});
