import type { PlanogramSlot } from './stock.ts';
import { compareLots, isFresh } from './stock.ts';

/** One lot as the books have it. */
export interface Lot {
  readonly id: string;
  readonly offerId: string;
  /** Missing: nobody has said yet where it lies. */
  readonly slot?: string | undefined;
  readonly bestBefore?: string | undefined;
  /** On the shelf, and not taken by an open order. */
  readonly count: number;
  /** Taken by orders that are not paid yet: these pieces lie on the shelf still, and nobody else may have them. */
  readonly held: number;
}

/** A place where staff finds goods of one offer. */
export interface Place {
  /** What it is called by, also when staff says what they did there. */
  readonly slot: string;
  readonly shelf?: string | undefined;
  readonly offerId: string;
  readonly par: number;
  readonly capacity: number;
  /** Of a code on the shelf's edge. */
  readonly code?: string | undefined;
  /** What a lot's place is, when something is put here; missing where no planogram says so. */
  readonly puts?: string | undefined;
  /** Goods that belong nowhere any more: they are counted out, and nothing is put to them. */
  readonly isLeftover: boolean;
  /** Soonest first. */
  readonly lots: readonly Lot[];
}

/** How many fit, where no planogram says it. */
export const unknownCapacity = 100_000;

/**
 * What lies where.
 *
 * With a planogram: its slots in its order. A lot is shown where it was put, as long as that slot is its offer's. What nobody has placed (all that was counted in
 * with a catalogue, or before there was a planogram) is shown in its offer's first slot: there is no better guess, nothing has to be written when a planogram comes
 * into force, and whoever first fills, counts or clears it there has it in their hands and so places it for good. What lies in a slot that belongs to another offer
 * by now, or whose offer has no slot at all, is shown beside the slots, until it is sold or counted out: a planogram that changes loses nothing.
 *
 * Without one: each counted offer is a place of its own with all its lots, and should have what the catalogue counted in at first.
 */
export function placesOf(slots: readonly PlanogramSlot[] | undefined, counted: readonly { readonly id: string; readonly initialStock: number }[], lots: readonly Lot[]): readonly Place[] {
  const places: Place[] = [];
  const known = new Set<string>();
  for (const place of slots ?? []) {
    // Named twice, the first one holds.
    if (known.has(place.slot)) continue;
    known.add(place.slot);
    places.push({ ...place, puts: place.slot, isLeftover: false, lots: [] });
  }
  if (!slots) {
    for (const { id, initialStock } of counted) {
      known.add(id);
      places.push({ slot: id, offerId: id, par: initialStock, capacity: unknownCapacity, isLeftover: false, lots: [] });
    }
  }
  const nameOf = placeNames(slots);
  const names = new Map(lots.map((lot) => [lot, nameOf(lot)]));
  for (const [lot, slot] of [...names].sort(([, one], [, other]) => (one < other ? -1 : 1))) {
    if (known.has(slot)) continue;
    known.add(slot);
    places.push(leftoverPlace(slot, lot.offerId));
  }
  const byName = new Map<string, Lot[]>();
  for (const [lot, name] of names) byName.set(name, [...(byName.get(name) ?? []), lot]);
  return places.map((place) => ({ ...place, lots: (byName.get(place.slot) ?? []).sort(compareLots) }));
}

/** Under which name staff sees what lies in this slot, or where nobody has said yet. */
export function placeNames(slots: readonly PlanogramSlot[] | undefined): (lot: Pick<Lot, 'slot' | 'offerId'>) => string {
  const offerOf = new Map<string, string>();
  const firstOf = new Map<string, string>();
  for (const { slot, offerId } of slots ?? []) {
    if (offerOf.has(slot)) continue;
    offerOf.set(slot, offerId);
    if (!firstOf.has(offerId)) firstOf.set(offerId, slot);
  }
  return ({ slot, offerId }) => {
    if (!slots) return offerId;
    const own = slot ?? firstOf.get(offerId);
    if (own !== undefined && offerOf.get(own) === offerId) return own;
    let name = slot === undefined ? offerId : `${slot} ${offerId}`;
    while (offerOf.has(name)) name += '+';
    return name;
  };
}

/** Nothing belongs there: what lies there is counted out. */
export function leftoverPlace(slot: string, offerId: string): Place {
  return { slot, offerId, par: 0, capacity: 0, isLeftover: true, lots: [] };
}

/** What may be sold of it on this day. */
export function fresh(lots: readonly Lot[], today: string): number {
  return sum(lots.filter(({ bestBefore }) => isFresh(bestBefore, today)).map(({ count }) => count));
}

/** What is past its day, and is to be taken out. */
export function expired(lots: readonly Lot[], today: string): number {
  return sum(lots.map(({ count }) => count)) - fresh(lots, today);
}

/** Of which lot how many come or go. Without `id` it is the one of that day in this place, which may not be there yet. */
export interface Change {
  readonly lot: { readonly id?: string | undefined; readonly bestBefore?: string | undefined };
  readonly change: number;
}
export type Decided =
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'reason_needed'; readonly books: number; readonly difference: number }
  | { readonly kind: 'too_many'; readonly fits: number }
  | { readonly kind: 'too_few'; readonly has: number }
  | { readonly kind: 'unknown_slot' };

export function fillOf({ lots, capacity }: Place, quantity: number, bestBefore: string | undefined): Decided {
  const fits = Math.max(0, capacity - sum(lots.map(({ count, held }) => count + held)));
  if (quantity > fits) return { kind: 'too_many', fits };
  const same = lots.find((lot) => lot.bestBefore === bestBefore);
  return { kind: 'changes', changes: [{ lot: { id: same?.id, bestBefore }, change: quantity }] };
}

/**
 * A person has counted what lies there: of one lot, or of the whole place. Pieces that an unpaid order has taken lie there too, and are counted with the rest;
 * so what the books expect is both. Where less is found than such orders hold, what can be sold goes to nothing and the orders keep what they hold: whose
 * pieces are missing is not known while their customers may still pay, and the next count sees to it when they are over.
 *
 * Of a whole place, what is missing is taken to be of what is sold soonest, and what is found of what came last.
 */
export function countOf({ lots }: Place, lotId: string | undefined, counted: number, hasReason: boolean): Decided {
  const about = lotId === undefined ? lots : lots.filter(({ id }) => id === lotId);
  if (lotId !== undefined && about.length === 0) return { kind: 'unknown_slot' };
  const books = sum(about.map(({ count, held }) => count + held));
  const difference = counted - books;
  if (difference !== 0 && !hasReason) return { kind: 'reason_needed', books, difference };
  // That it was counted is worth a row, also where nothing differs.
  const none: Change = { lot: { id: about[0]?.id, bestBefore: about[0]?.bestBefore }, change: 0 };
  if (difference >= 0) {
    const last = about.at(-1);
    return { kind: 'changes', changes: [difference === 0 ? none : { lot: { id: last?.id, bestBefore: last?.bestBefore }, change: difference }] };
  }
  const changes = taken(about, -difference);
  return { kind: 'changes', changes: changes.length === 0 ? [none] : changes };
}

/** Thrown away: of one lot, or of the place, soonest first. What an open order has taken is not there to be thrown away. */
export function wasteOf({ lots }: Place, lotId: string | undefined, quantity: number): Decided {
  const about = lotId === undefined ? lots : lots.filter(({ id }) => id === lotId);
  if (lotId !== undefined && about.length === 0) return { kind: 'unknown_slot' };
  const has = sum(about.map(({ count }) => count));
  return quantity > has ? { kind: 'too_few', has } : { kind: 'changes', changes: taken(about, quantity) };
}

/** So many, or as many as there are. */
function taken(lots: readonly Lot[], pieces: number): readonly Change[] {
  let wanted = pieces;
  return lots.flatMap(({ id, bestBefore, count }) => {
    const change = -Math.min(count, wanted);
    wanted += change;
    return change === 0 ? [] : [{ lot: { id, bestBefore }, change }];
  });
}

/** How many pieces a slot lacks to its par: the one rule of the kiosk's list and buttons and of HQ's lists. What lies too much in one slot fills no other. */
export function missingTo(par: number, sellable: number): number {
  return Math.max(0, par - Math.max(0, sellable));
}

/** What to bring of each offer, which is what its slots lack, each for itself; and what is to be taken out. Only where there is something to do. */
export function bringOf(places: readonly Place[], today: string): readonly { readonly offerId: string; readonly has: number; readonly par: number; readonly bring: number; readonly remove: number }[] {
  const byOffer = new Map<string, Place[]>();
  for (const place of places) byOffer.set(place.offerId, [...(byOffer.get(place.offerId) ?? []), place]);
  return [...byOffer].flatMap(([offerId, own]) => {
    const lots = own.flatMap((place) => place.lots);
    const bring = sum(own.map((place) => missingTo(place.par, fresh(place.lots, today))));
    const item = { offerId, has: fresh(lots, today), par: sum(own.map((place) => place.par)), bring, remove: expired(lots, today) };
    return item.bring + item.remove > 0 ? [item] : [];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
