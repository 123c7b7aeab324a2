import { describe, expect, it } from 'vitest';
import { isSecondHalf, surfaceOf } from './second-tap.ts';
import { createTake, openPage } from './testing/shop-rig.ts';

const take = createTake();
const home = take(openPage(take), { kind: 'touched' }, { kind: 'language_chosen', language: 'zh' }, { kind: 'offer_added', offerId: 'cola' }).model;
const review = take(home, { kind: 'checkout_opened' }).model;
const tap = (surface: string, atMs: number, x = 900) => ({ surface, atMs, x, y: 1800 });

describe('a second tap', () => {
  it('right after the first, on what has come in its place, is the rest of a double tap', () => {
    expect(isSecondHalf(tap(surfaceOf(home), 0), tap(surfaceOf(review), 220))).toBe(true);
  });

  it('on the same screen, later, or elsewhere is meant', () => {
    expect(isSecondHalf(tap(surfaceOf(home), 0), tap(surfaceOf(home), 100))).toBe(false);
    expect(isSecondHalf(tap(surfaceOf(home), 0), tap(surfaceOf(review), 600))).toBe(false);
    expect(isSecondHalf(tap(surfaceOf(home), 0), tap(surfaceOf(review), 220, 100))).toBe(false);
    expect(isSecondHalf(undefined, tap(surfaceOf(home), 0))).toBe(false);
  });

  it('meets another surface on every page of a sheet, but the same while something is typed or counted', () => {
    const phone = take(home, { kind: 'offer_opened', offerId: 'top-up-50' }, { kind: 'part_done' }).model;
    const typed = take(phone, { kind: 'field_typed', fieldId: 'phone', value: '13912345678' }).model;
    expect(surfaceOf(typed)).toBe(surfaceOf(phone));
    expect(surfaceOf(take(typed, { kind: 'part_done' }).model)).not.toBe(surfaceOf(phone));
    expect(surfaceOf(take(home, { kind: 'offer_added', offerId: 'cola' }).model)).toBe(surfaceOf(home));
  });
});
