import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRepeatFilter } from './repeats.ts';

it('a code that stays before the scanner counts once, however long it stays', () => {
  const filter = createRepeatFilter(1500);
  const counted = Array.from({ length: 1000 }, (_, index) => filter.isRepeat('4006381333931', index * 600)).filter((repeat) => !repeat);
  expect(counted).toHaveLength(1);
});

it('the same code counts again after it was away for the window, and not a millisecond sooner', () => {
  const filter = createRepeatFilter(1500);
  expect([filter.isRepeat('a', 0), filter.isRepeat('a', 1499), filter.isRepeat('a', 2998), filter.isRepeat('a', 4498)]).toEqual([false, true, true, false]);
});

it('two codes that are seen in turn count once each', () => {
  const filter = createRepeatFilter(1500);
  const counted = Array.from({ length: 50 }, (_, index) => [filter.isRepeat('a', index * 500), filter.isRepeat('b', index * 500 + 250)]).flat();
  expect(counted.filter((repeat) => !repeat)).toHaveLength(2);
});

it('remembers no more than a few codes, and none after it was told to forget', () => {
  const filter = createRepeatFilter(1500);
  fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 }), (codes) => {
    filter.forget();
    for (const code of codes) expect(filter.isRepeat(code, 0)).toBe(false);
    filter.forget();
    expect(filter.isRepeat(codes[0]!, 1)).toBe(false);
  }));
});
