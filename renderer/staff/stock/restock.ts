import type { Shelves, SlotView } from '../../../domain/contract/staff.ts';
import { missingTo } from '../../../domain/stock/shelves.ts';
import type { countReasons } from '../../../domain/stock/stock.ts';

/** Which slots are shown. */
export const slotFilters = ['all', 'low', 'expired', 'open'] as const;
export type SlotFilter = (typeof slotFilters)[number];

export interface SlotGroup {
  readonly kind: 'expired' | 'shelf';
  /** As people call it; undefined where the planogram names none. */
  readonly shelf: string | undefined;
  readonly slots: readonly SlotView[];
}

/** What can be sold now. */
export function sellable({ count, expired }: SlotView): number {
  return count - expired;
}

/** How many go in to reach the slot's par, as far as there is room beside what still lies there, expired or not. */
export function fillOf(slot: SlotView): number {
  return Math.min(missingTo(slot.par, sellable(slot)), roomIn(slot));
}

/** What open orders have taken lies there, too, until it is handed out. */
export function lyingIn({ count, held = 0 }: SlotView): number {
  return count + held;
}

export function roomIn(slot: SlotView): number {
  return Math.max(0, slot.capacity - lyingIn(slot));
}

export function isShown(slot: SlotView, filter: SlotFilter, slotsDone: readonly string[]): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'low':
      return fillOf(slot) > 0;
    case 'expired':
      return slot.expired > 0;
    case 'open':
      return !slotsDone.includes(slot.slot);
  }
}

/** Slots with something expired come first, whatever shelf they are on; the rest by shelf, as the planogram has them. `only`: those that a code named. */
export function groupSlots({ slots, visit }: Pick<Shelves, 'slots' | 'visit'>, filter: SlotFilter, only?: readonly string[]): readonly SlotGroup[] {
  const shown = slots.filter((slot) => (only ? only.includes(slot.slot) : isShown(slot, filter, visit?.slotsDone ?? [])));
  const expired = shown.filter((slot) => slot.expired > 0);
  const groups = new Map<string | undefined, SlotView[]>();
  for (const slot of shown) {
    if (slot.expired > 0) continue;
    const group = groups.get(slot.shelf);
    if (group) group.push(slot);
    else groups.set(slot.shelf, [slot]);
  }
  return [...(expired.length > 0 ? [{ kind: 'expired', shelf: undefined, slots: expired } as const] : []), ...[...groups].map(([shelf, of]) => ({ kind: 'shelf', shelf, slots: of }) as const)];
}

export function soonestOf({ lots }: SlotView): string | undefined {
  return lots.find(({ bestBefore, count }) => bestBefore !== undefined && count > 0)?.bestBefore;
}

/**
 * Whether a best-before date goes with what is put in. `asked`: what lies there has dates. `open`: nothing lies there and nothing is known, so whoever
 * holds it in hand says. `none`: what lies there has no date.
 */
export type DateNeed = 'asked' | 'open' | 'none';

/** `last`: what was said of this offer in this visit, null for "no date". */
export function dateNeedOf(slot: SlotView, slots: readonly SlotView[], last: string | null | undefined): DateNeed {
  const known = (slot.lots.length > 0 ? slot.lots : slots.filter(({ offerId }) => offerId === slot.offerId).flatMap(({ lots }) => lots)).filter(({ count }) => count > 0);
  if (known.length > 0) return known.some(({ bestBefore }) => bestBefore !== undefined) ? 'asked' : 'none';
  return last === undefined ? 'open' : last === null ? 'none' : 'asked';
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Common shelf lives: sandwiches, milk, drinks, snacks. */
const lives = [3, 7, 30, 180] as const;

/** The dates that are likely, each once and none of them over: the last one that was said of this offer first, then what lies there already, newest first. */
export function dateChoices(slot: SlotView, last: string | null | undefined, today: string): readonly string[] {
  const known = slot.lots.flatMap(({ bestBefore }) => (bestBefore === undefined ? [] : [bestBefore])).sort().reverse();
  const likely = [...(last ? [last] : []), ...known.slice(0, 2), ...lives.map((days) => addDays(today, days))];
  return [...new Set(likely)].filter((date) => date >= today).slice(0, 6);
}

/** One year, month or day on or back; a day that the month has not becomes its last. */
export function stepDate(date: string, part: 'year' | 'month' | 'day', by: number): string {
  if (part === 'day') return addDays(date, by);
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const months = year * 12 + (month - 1) + by * (part === 'year' ? 12 : 1);
  const [nextYear, nextMonth] = [Math.floor(months / 12), months % 12];
  const last = new Date(Date.UTC(nextYear, nextMonth + 1, 0)).getUTCDate();
  return new Date(Date.UTC(nextYear, nextMonth, Math.min(day, last))).toISOString().slice(0, 10);
}

/** What a move's answer changes in what is shown. */
export function withSlot(shelves: Shelves, slot: SlotView, visit: Shelves['visit']): Shelves {
  return { ...shelves, slots: shelves.slots.map((before) => (before.slot === slot.slot ? slot : before)), ...(visit ? { visit } : {}) };
}

/** What can be the reason: nothing is stolen that is there. */
export function reasonsFor(difference: number): readonly (typeof countReasons)[number][] {
  return difference > 0 ? ['miscounted', 'found', 'other'] : ['miscounted', 'missing', 'stolen', 'sold_elsewhere', 'other'];
}
