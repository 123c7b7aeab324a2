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
  /** What the customer has come to by what they did: on one place the title may change by itself. */
  readonly place: string;
  readonly world: Element;
  readonly isDialog: boolean;
  /** Of the dialog, where it has one besides its title. */
  readonly about: string;
  readonly title: string;
  /** Where the title stands among the stops; -1 for nowhere. */
  readonly titleAt: number;
  readonly stops: readonly Stop[];
  readonly live: readonly LiveRegion[];
  /** The one thing to do here, where it can be done now. */
  readonly main: Stop | undefined;
}

export function takeSnapshot(root: Element, look: Look, model: Model): Snapshot {
  const world = worldOf(root, look);
  const stops = stopsOf(world, look);
  const dialog = isDialog(world) ? nameOf(world, look) : '';
  const titleAt = stops.findIndex(({ kind }) => kind === 'heading');
  // A small dialog may have a name and no heading, or a heading of a lower kind behind other things.
  const isOwn = titleAt >= 0 && (dialog === '' || stops.slice(0, titleAt).every((stop) => !isActive(stop)));
  const title = isOwn ? (stops[titleAt]?.name ?? dialog) : dialog;
  const place = JSON.stringify([placeOf(model), isDialog(world)]);
  return {
    key: JSON.stringify([place, title]), place, world, isDialog: isDialog(world), about: dialog === title ? '' : dialog, title, titleAt: isOwn ? titleAt : -1, stops, live: liveRegionsOf(root, look),
    main: stops.findLast((stop) => isMain(stop) && !stop.disabled && !stop.busy),
  };
}

/** By its look: there is one on a screen at most. */
function isMain({ target }: Stop): boolean {
  return / button--main /.test(` ${target.getAttribute('class') ?? ''} `);
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

/** The sentences right behind the title, up to the first thing that can be pressed, and on a page up to the next title: what this screen is about. `within`: not beyond it. */
export function introOf({ stops, titleAt, isDialog: isSheet }: Snapshot, most: number, within?: Element): readonly string[] {
  const after = stops.slice(titleAt + 1);
  const end = after.findIndex(({ kind, element }) => (kind !== 'text' && !(isSheet && kind === 'heading')) || within?.contains(element) === false);
  return after.slice(0, Math.min(most, end < 0 ? most : end)).map(({ name }) => name);
}

/** From here to the next group, or to the beginning of this one where it is not at it, or else of the one before. */
export function jump(stops: readonly Stop[], at: number, step: 1 | -1): number | undefined {
  const landings = landingsOf(stops);
  return step > 0 ? landings.find((landing) => landing > at) : landings.findLast((landing) => landing < at);
}

/** Where each group begins for who jumps: at the first thing in it that can be pressed, if its title is its group's name, which is heard on entering it. */
function landingsOf(stops: readonly Stop[]): readonly number[] {
  const starts = stops.flatMap(({ section }, index) => (index === 0 || stops[index - 1]?.section !== section ? [index] : []));
  return starts.filter((start, place) => {
    const next = starts[place + 1];
    const first = stops[start];
    const isTitleOnly = next !== undefined && first?.kind === 'heading' && !stops.slice(start, next).some(isActive);
    return !(isTitleOnly && stops[next]?.groups.some(({ name }) => name === first.name));
  });
}
