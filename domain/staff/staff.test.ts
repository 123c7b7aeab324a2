import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAt } from '../sync/day-closing.ts';
import { recoveryCodeText, timeCodeOf } from './codes.ts';
import { rangeOfDay } from './local-day.ts';
import type { Tries } from './lockout.ts';
import { lockMs, lockedFor, noTries, triesUntilLocked, whenTried, whenWrong } from './lockout.ts';

describe('codes as people type them', () => {
  it('a recovery code is the same however it is spaced and written', () => {
    for (const typed of ['ABCD-EFGH-2345-6789', 'abcdefgh23456789', ' abcd efgh 2345 6789 ']) expect(recoveryCodeText(typed)).toBe('ABCDEFGH23456789');
    for (const typed of ['', '123456', 'ABC', 'A'.repeat(33)]) expect(recoveryCodeText(typed)).toBeUndefined();
  });

  it('six digits are a time-based code, also with a space in the middle, and nothing else is', () => {
    expect([timeCodeOf('123456'), timeCodeOf('123 456'), timeCodeOf('12345'), timeCodeOf('1234567'), timeCodeOf('ABCDEF')]).toEqual(['123456', '123456', undefined, undefined, undefined]);
  });
});

describe('lockout', () => {
  it('the fifth wrong try locks, never an earlier one, and each lock in a row lasts at least as long as the one before', () => {
    let tries: Tries = noTries;
    for (let times = 1; times <= 8; times++) {
      for (let wrong = 1; wrong < triesUntilLocked; wrong++) {
        tries = whenWrong(whenTried(tries), 0);
        expect(lockedFor(tries, 0)).toBe(0);
      }
      tries = whenWrong(whenTried(tries), 0);
      expect(lockedFor(tries, 0)).toBe(lockMs(times));
      expect(lockMs(times + 1)).toBeGreaterThanOrEqual(lockMs(times));
    }
  });

  it('whatever the clock does, it is never locked for longer than was meant, nor longer again later on the same clock', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: -1e12, max: 1e12 }), (times, lockedAt, off) => {
      const tries = { wrong: 0, locks: times, lockedAt, lockedMs: lockMs(times) };
      const left = lockedFor(tries, lockedAt + off);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(lockMs(times));
      expect(lockedFor(tries, lockedAt + off + 1)).toBeLessThanOrEqual(left);
    }));
  });
});

describe("a shop's day", () => {
  it.each(['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])('in %s begins and ends where the calendar says so', (timeZone) => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) }), (at) => {
      const day = dayAt(at, timeZone);
      const { from, to } = rangeOfDay(day, timeZone);
      expect(at >= from && at < to).toBe(true);
      expect([dayAt(from, timeZone), dayAt(from - 1, timeZone) < day, dayAt(to - 1, timeZone), dayAt(to, timeZone) > day]).toEqual([day, true, day, true]);
    }), { numRuns: 15 });
  });

  it('is as long as the clock makes it', () => {
    const hours = (day: string) => {
      const { from, to } = rangeOfDay(day, 'Europe/Berlin');
      return (to - from) / 3_600_000;
    };
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-07-01')]).toEqual([23, 25, 24]);
  });
});
