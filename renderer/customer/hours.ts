import type { TimeWindow } from '../../domain/catalogue/window.ts';
import type { ShopWords } from '../i18n/areas/shop.ts';

/** Opening hours as a shop writes them on its door: "06:00–10:30", "周一至周五 11:00–14:00，周六、周日 10:00–15:00". */
export function hoursText(windows: readonly TimeWindow[], { hours, card }: Pick<ShopWords, 'hours' | 'card'>): string {
  const times = (window: TimeWindow) => `${window.from}–${window.to}`;
  const byDays = Map.groupBy(windows, ({ days }) => [...new Set(days ?? everyDay)].sort().join(''));
  return [...byDays].map(([key, same]) => {
    const days = [...key].map(Number);
    const when = same.map(times).join(hours.and);
    return days.length === everyDay.length ? when : hours.at(daysText(days, hours), when);
  }).join(card.beside);
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** Three days and more that follow each other are said by the first and the last. */
function daysText(days: readonly number[], { days: names, to, and }: ShopWords['hours']): string {
  const name = (day: number) => names[day - 1] ?? '';
  const isRun = days.length > 2 && days.every((day, at) => at === 0 || day === days[at - 1]! + 1);
  return isRun ? `${name(days[0]!)}${to}${name(days.at(-1)!)}` : days.map(name).join(and);
}
