import { z } from 'zod';
import type { Moment } from '../time.ts';

const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);

/** Hours of the shop's day in which something can be had: from (included) to (not included). Past midnight where `to` is not after `from`; the day is that of `from`. */
export const windowSchema = z.strictObject({
  /** ISO 8601: Monday is 1, Sunday 7. Every day where it is missing. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
  from: timeOfDaySchema,
  to: timeOfDaySchema,
});
export type TimeWindow = z.infer<typeof windowSchema>;

/** Also where there are no windows at all: then nothing bounds it. */
export function isWithin(windows: readonly TimeWindow[] | undefined, moment: Moment): boolean {
  return windows === undefined || windows.length === 0 || windows.some((window) => holds(window, moment));
}

function holds({ days, from, to }: TimeWindow, { weekday, minute }: Moment): boolean {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const isDay = (day: number) => days === undefined || days.includes(day);
  if (begin < end) return isDay(weekday) && minute >= begin && minute < end;
  const dayBefore = weekday === 1 ? 7 : weekday - 1;
  return (isDay(weekday) && minute >= begin) || (isDay(dayBefore) && minute < end);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
