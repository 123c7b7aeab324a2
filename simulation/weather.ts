import { fairWeather } from './network.ts';
import type { Weather } from './network.ts';
import type { Random } from './random.ts';

/** One of the lines that there are: good ones, bad ones, and none. */
export function drawWeather(random: Random): Weather {
  const some = (most: number) => (random.chance(0.6) ? random.next() * most : 0);
  const kind = random.int(10);
  if (kind < 4) return fairWeather;
  if (kind === 9) return { ...fairWeather, lost: 1 };
  return { lost: some(0.3), doubled: some(0.4), late: some(0.3), cut: some(0.3), answerLost: some(0.4), proxied: some(0.3) };
}
