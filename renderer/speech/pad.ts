import type { Stop } from './stop.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

interface Place {
  readonly stop: Stop;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** The key of the same pad that lies next in this direction; undefined at its edge. A key of a telephone is found in two presses so, where the list of them takes five. */
export function keyBeside(stops: readonly Stop[], from: Stop, direction: Direction): Stop | undefined {
  const keys = stops.filter((stop) => stop.pad === from.pad).map(placeOf);
  const here = keys.find(({ stop }) => stop === from);
  if (!here) return undefined;
  const isAcross = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const half = here.height / 2;
  const along = (place: Place) => sign * (isAcross ? place.x - here.x : place.y - here.y);
  const aside = (place: Place) => Math.abs(isAcross ? place.y - here.y : place.x - here.x);
  const ahead = keys.filter((place) => (isAcross ? along(place) > 0 && aside(place) < half : along(place) > half));
  // Up and down: in the nearest row what lies nearest to straight on.
  const row = Math.min(...ahead.map(along));
  return ahead.filter((place) => along(place) < row + (isAcross ? 1 : half)).toSorted((one, other) => aside(one) - aside(other))[0]?.stop;
}

function placeOf(stop: Stop): Place {
  const { left, top, width, height } = stop.element.getBoundingClientRect();
  return { stop, x: left + width / 2, y: top + height / 2, height };
}
