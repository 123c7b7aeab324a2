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

/** Minutes from now until it can be had again, by the hours of the week: 0 where it can be had. At most a week. */
export function nextOpening(windows: readonly TimeWindow[], moment: Moment): number {
  if (isWithin(windows, moment)) return 0;
  const starts = windows.flatMap(({ days, from }) => Array.from({ length: 8 }, (_, ahead) => ahead)
    .filter((ahead) => days === undefined || days.includes(((moment.weekday - 1 + ahead) % 7) + 1))
    .map((ahead) => ahead * 1440 + minutesOf(from) - moment.minute));
  return Math.min(...starts.filter((minutes) => minutes > 0));
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
