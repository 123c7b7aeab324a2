import type { TimeWindow } from '../../domain/catalogue/window.ts';
import type { FinishWords } from '../i18n/areas/finish.ts';

type HourWords = Pick<FinishWords['help'], 'days' | 'daySpan' | 'dayList' | 'nextDay' | 'always'>;

/** "周一至周五 09:00–18:00、周六 10:00–16:00". No window at all: somebody is always there. */
export function dutyHours(windows: readonly TimeWindow[], words: HourWords): string {
  if (windows.length === 0) return words.always;
  return windows
    .map(({ days, from, to }) => {
      const until = to > from ? to : words.nextDay(to);
      return `${days === undefined || new Set(days).size === 7 ? '' : `${dayNames(days, words)} `}${from}–${until}`;
    })
    .join(words.dayList);
}

/** Days in a row are said as a span from the third on. */
function dayNames(days: readonly number[], { days: names, daySpan, dayList }: HourWords): string {
  const spans: [number, number][] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else spans.push([day, day]);
  }
  const name = (day: number) => names[day - 1] ?? '';
  return spans.flatMap(([from, to]) => (to - from >= 2 ? [daySpan(name(from), name(to))] : Array.from({ length: to - from + 1 }, (_, index) => name(from + index)))).join(dayList);
}
