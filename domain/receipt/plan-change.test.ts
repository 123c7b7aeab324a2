import { expect, test } from 'vitest';
import { effectiveOn } from './plan-change.ts';

test.each([
  ['now', Date.UTC(2026, 10, 23, 15, 59), '2026-11-23'],
  // Past midnight at the shop, not yet in London.
  ['now', Date.UTC(2026, 10, 23, 16, 0), '2026-11-24'],
  ['next-month', Date.UTC(2026, 10, 30, 15, 59), '2026-12-01'],
  ['next-month', Date.UTC(2026, 10, 30, 16, 0), '2027-01-01'],
  ['next-month', Date.UTC(2026, 11, 31, 12, 0), '2027-01-01'],
  ['next-month', Date.UTC(2026, 7, 15), '2026-09-01'],
  ['some-day', Date.UTC(2026, 7, 15), undefined],
] as const)('a plan that begins "%s", ordered at %i, counts from %s', (effective, at, from) => {
  expect(effectiveOn({ effective }, at, 'Asia/Shanghai')).toBe(from);
});

test('nothing chosen, no day', () => {
  expect(effectiveOn({}, 0, 'Asia/Shanghai')).toBeUndefined();
});
