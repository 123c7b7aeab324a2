import type { Model } from '../state/model.ts';
import { screenOf } from '../state/model.ts';
import type { Look } from './accessible.ts';
import { nameOf } from './accessible.ts';
import type { LiveRegion } from './live.ts';
import { liveRegionsOf } from './live.ts';
import { isDialog, stopsOf, worldOf } from './reading.ts';
import type { Stop } from './stop.ts';
import { isActive } from './stop.ts';

/** The page as it is heard at one moment. */
export interface Snapshot {
  /** Another one is another screen, to be told from its beginning. */
  readonly key: string;
  readonly isDialog: boolean;
  readonly title: string;
  readonly stops: readonly Stop[];
  readonly live: readonly LiveRegion[];
}

export function takeSnapshot(root: Element, look: Look, model: Model): Snapshot {
  const world = worldOf(root, look);
  const stops = stopsOf(world, look);
  const title = (isDialog(world) ? nameOf(world, look) : '') || (stops.find(({ kind }) => kind === 'heading')?.name ?? '');
  return { key: JSON.stringify([placeOf(model), isDialog(world), title]), isDialog: isDialog(world), title, stops, live: liveRegionsOf(root, look) };
}

/** Where the customer is by what they have done: two places may look alike for a moment, and have the same title. */
function placeOf(model: Model): readonly unknown[] {
  const screen = screenOf(model);
  const { sheet, endsAt, language } = model.visit ?? {};
  const part = sheet?.kind === 'offer' ? [sheet.draft.line.id, sheet.draft.part] : [];
  return [screen.kind, screen.kind === 'offers' ? screen.categoryId : '', sheet?.kind, part, endsAt !== undefined, language];
}

/** The same stop in a page that has changed: its element, and of several texts in one element the same, or the first; where the page was made anew, what has its name. */
export function findStop(stops: readonly Stop[], { element, target, kind, name }: Stop): Stop | undefined {
  const same = stops.filter((stop) => stop.element === element && stop.target === target && (stop.kind === 'text') === (kind === 'text'));
  return same.find((stop) => stop.name === name) ?? same[0] ?? stops.find((stop) => stop.kind === kind && stop.name === name);
}

/** The sentences right behind the title, up to the first thing that can be pressed: what this screen is about. */
export function introOf({ stops }: Snapshot, titleAt: number, most: number): readonly string[] {
  const after = stops.slice(titleAt + 1);
  const end = after.findIndex((stop) => isActive(stop) || stop.kind === 'picture');
  return after.slice(0, Math.min(most, end < 0 ? most : end)).map(({ name }) => name);
}

/** From here to the beginning of the next section, or of this one where it is not at it, or else of the one before. */
export function jump(stops: readonly Stop[], at: number, step: 1 | -1): number | undefined {
  const section = stops[at]?.section;
  if (step > 0) {
    const next = stops.findIndex((stop, index) => index > at && stop.section !== section);
    return next < 0 ? undefined : next;
  }
  const startOf = (index: number) => stops.findIndex((stop) => stop.section === stops[index]?.section);
  const start = startOf(at);
  if (at > start && start >= 0) return start;
  return start > 0 ? startOf(start - 1) : undefined;
}
