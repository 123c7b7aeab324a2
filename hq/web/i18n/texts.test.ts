import { expect, test } from 'vitest';
import { en } from './en.ts';
import { formatAgo, formatDuration, formatTime } from './times.ts';
import { zh } from './zh.ts';

function paths(value: object, before = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'object' && inner !== null ? paths(inner as object, `${before}${key}.`) : [`${before}${key}`]));
}

test('both languages say the same things, and none of them nothing', () => {
  expect(paths(zh)).toEqual(paths(en));
  for (const texts of [en, zh]) expect(JSON.stringify(texts)).not.toContain('""');
});

test('times are short today and name their day before', () => {
  const today = new Date(2026, 10, 22, 15).toDateString();
  expect(formatTime(new Date(2026, 10, 22, 9, 5, 3).getTime(), today, 'en')).toBe('09:05:03');
  expect(formatTime(new Date(2026, 10, 21, 9, 5, 3).getTime(), today, 'en')).toBe('21 Nov, 09:05');
});

test('spans have the largest unit that fits', () => {
  expect(formatAgo(0, 45_000, 'en')).toBe('45 sec ago');
  expect(formatAgo(0, 7_300_000, 'zh')).toBe('2小时前');
  expect(formatDuration(400, 'en')).toBe('0.4 secs');
  expect(formatDuration(390_000, 'zh')).toBe('6.5分钟');
});
