import type { Random } from './random.ts';
import { createDraw } from './random.ts';

const dayMs = 86_400_000;

/** How busy each hour of the shop's day is, from 0: breakfast, lunch, the way home, and an evening that ends at eleven. */
const hours = {
  station: [0, 0, 0, 0, 0, 1, 6, 16, 18, 9, 6, 9, 14, 10, 6, 6, 8, 14, 17, 11, 7, 5, 3, 1],
  office: [0, 0, 0, 0, 0, 0, 2, 12, 18, 10, 6, 14, 22, 14, 8, 10, 8, 7, 6, 3, 1, 0, 0, 0],
  mall: [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 8, 14, 16, 13, 11, 12, 11, 12, 15, 16, 13, 8, 1, 0],
  campus: [0, 0, 0, 0, 0, 0, 3, 12, 9, 7, 6, 13, 17, 9, 6, 7, 8, 12, 14, 9, 9, 8, 4, 0],
} as const;
/** From Sunday. */
const weekdays = {
  station: [0.9, 1.1, 1, 1, 1, 1.2, 0.8], office: [0.12, 1.2, 1.25, 1.25, 1.2, 1.1, 0.2], mall: [1.5, 0.75, 0.75, 0.8, 0.85, 1.1, 1.6], campus: [0.8, 1.1, 1.1, 1.1, 1.1, 1, 0.8],
} as const;

export type Place = keyof typeof hours;
export const places = Object.keys(hours) as Place[];

/**
 * When the orders of one kiosk were placed, rising, epoch milliseconds UTC: by hour and weekday of its place, a little more in summer and fewer around the new
 * year's feast, and some days on which it stood still.
 * @param from the shop's midnight with which the year begins
 */
export function timesOf(random: Random, { place, orders, from, days, utcOffsetMs }: { readonly place: Place; readonly orders: number; readonly from: number; readonly days: number; readonly utcOffsetMs: number }): Float64Array {
  const list = Array.from({ length: days }, (_, day) => day);
  const weights = list.map((day) => {
    const date = new Date(from + day * dayMs + utcOffsetMs);
    const season = 1 + 0.12 * Math.sin(((date.getUTCMonth() - 3) / 12) * 2 * Math.PI);
    const feast = date.getUTCMonth() === 1 && date.getUTCDate() >= 14 && date.getUTCDate() <= 21 ? 0.35 : 1;
    const stands = random.chance(0.006) ? 0 : 1;
    return weekdays[place][date.getUTCDay()]! * season * feast * stands * Math.max(0.3, 1 + 0.12 * random.normal());
  });
  const drawDay = createDraw(list, weights);
  const drawHour = createDraw(Array.from({ length: 24 }, (_, hour) => hour), hours[place]);
  const times = new Float64Array(orders);
  for (let index = 0; index < orders; index += 1) times[index] = from + drawDay(random) * dayMs + drawHour(random) * 3_600_000 + random.between(0, 3_599_999);
  return times.sort();
}
