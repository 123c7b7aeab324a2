import { expect, it } from 'vitest';
import { createAges } from './ages.ts';

it('a clock that is set forward or back ages nothing that was seen before', () => {
  let wall = 1_000_000;
  let monotonic = 500;
  const ages = createAges(() => wall, () => monotonic);
  expect(ages.ageMs('receipt', 990_000)).toBe(10_000);
  wall += 86_400_000;
  monotonic += 2_000;
  expect(ages.ageMs('receipt', 990_000)).toBe(12_000);
  wall -= 200_000_000;
  monotonic += 1_000;
  expect(ages.ageMs('receipt', 990_000)).toBe(13_000);
});

it('what seems to lie in the future has just happened', () => {
  const ages = createAges(() => 1_000, () => 0);
  expect(ages.ageMs('order', 5_000)).toBe(0);
});
