import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../time.ts';
import type { TimeWindow } from './window.ts';
import { isWithin, nextOpening, windowSchema } from './window.ts';

const at = (weekday: number, time: string): Moment => ({ at: 0, weekday, minute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) });
const [monday, tuesday, saturday, sunday] = [1, 2, 6, 7] as const;

describe('a window of the day', () => {
  it.each<[string, TimeWindow, Moment, boolean]>([
    ['its first minute', { from: '06:00', to: '10:00' }, at(monday, '06:00'), true],
    ['the minute before it', { from: '06:00', to: '10:00' }, at(monday, '05:59'), false],
    ['its last minute', { from: '06:00', to: '10:00' }, at(monday, '09:59'), true],
    ['its end', { from: '06:00', to: '10:00' }, at(monday, '10:00'), false],
    ['the last minute of a day that goes to 24:00', { from: '18:00', to: '24:00' }, at(monday, '23:59'), true],
    ['midnight after it', { from: '18:00', to: '24:00' }, at(tuesday, '00:00'), false],
    ['the evening of one past midnight', { from: '22:00', to: '02:00' }, at(monday, '23:00'), true],
    ['the night after it', { from: '22:00', to: '02:00' }, at(tuesday, '01:59'), true],
    ['its end in the night', { from: '22:00', to: '02:00' }, at(tuesday, '02:00'), false],
    ['another day', { days: [monday], from: '06:00', to: '10:00' }, at(tuesday, '07:00'), false],
    ['the night after its day', { days: [sunday], from: '22:00', to: '02:00' }, at(monday, '01:00'), true],
    ['the night before its day', { days: [monday], from: '22:00', to: '02:00' }, at(monday, '01:00'), false],
    ['any minute of one that ends where it begins: a whole day', { days: [saturday], from: '08:00', to: '08:00' }, at(sunday, '07:59'), true],
    ['the minute after that whole day', { days: [saturday], from: '08:00', to: '08:00' }, at(sunday, '08:00'), false],
  ])('%s', (_what, window, moment, holds) => {
    expect(isWithin([window], moment)).toBe(holds);
  });

  it('that there is none of bounds nothing', () => {
    expect([isWithin(undefined, at(monday, '03:00')), isWithin([], at(monday, '03:00'))]).toEqual([true, true]);
  });

  it.each(['7:00', '24:01', '25:00', '12:60', '', '12'])('is not written %j', (from) => {
    expect(windowSchema.safeParse({ from, to: '12:00' }).success).toBe(false);
  });
});

const times = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const windows = fc.array(fc.record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }), from: times, to: times }), { minLength: 1, maxLength: 3 });
const moments = fc.record({ at: fc.constant(0), weekday: fc.integer({ min: 1, max: 7 }), minute: fc.integer({ min: 0, max: 1439 }) });
const later = ({ weekday, minute }: Moment, minutes: number): Moment => ({ at: 0, weekday: ((weekday - 1 + Math.floor((minute + minutes) / 1440)) % 7) + 1, minute: (minute + minutes) % 1440 });

describe('the next opening', () => {
  it('is the first minute from now on in which it can be had', () => {
    fc.assert(fc.property(windows, moments, (list, moment) => {
      const minutes = nextOpening(list, moment);
      expect(minutes).toBeLessThanOrEqual(7 * 1440);
      expect(isWithin(list, later(moment, minutes))).toBe(true);
      for (let before = 0; before < minutes; before++) if (isWithin(list, later(moment, before))) throw new Error(`open in ${before} already, not in ${minutes}`);
    }), { numRuns: 300 });
  });

  it('of a window that was missed by a minute is in a week less that minute', () => {
    expect(nextOpening([{ days: [monday], from: '08:00', to: '08:01' }], at(monday, '08:01'))).toBe(7 * 1440 - 1);
  });
});
