import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shrunkSize } from './shrink-picture.ts';

test('a photo is sent as large as a kiosk shows it, in its own shape, and never larger than it is', () => {
  expect(shrunkSize(4032, 3024)).toEqual({ width: 1200, height: 900 });
  expect(shrunkSize(600, 400)).toEqual({ width: 600, height: 400 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }), (width, height) => {
    const shrunk = shrunkSize(width, height);
    expect(Math.max(shrunk.width, shrunk.height)).toBeLessThanOrEqual(Math.min(1200, Math.max(width, height)));
    expect(Math.min(shrunk.width, shrunk.height)).toBeGreaterThanOrEqual(1);
    // Within half a point of the same shape.
    if (Math.min(shrunk.width, shrunk.height) > 1) expect(Math.abs(shrunk.width * height - shrunk.height * width)).toBeLessThanOrEqual(Math.max(width, height));
  }));
});
