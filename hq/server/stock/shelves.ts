import type { KioskId } from '../../../domain/ids.ts';
import { missingTo } from '../../../domain/stock/shelves.ts';
import type { PlanogramSlot } from '../../../domain/stock/stock.ts';
import { compareLots, isFresh } from '../../../domain/stock/stock.ts';
import type { Places } from '../../contract/api/scope.ts';
import type { Queries } from '../database.ts';
import type { Scope } from '../down/publish.ts';

export interface Lot {
  readonly lotId: string;
  readonly slot: string | null;
  readonly bestBefore: string | null;
  readonly remaining: number;
  readonly isExpired: boolean;
}

/** What lies in a slot, or of an offer outside the planogram (`slot` null), and what should. */
export interface ShelfSlot {
  readonly slot: string | null;
  readonly shelf: string | null;
  readonly offerId: string;
  readonly capacity: number | null;
  readonly par: number;
  readonly remaining: number;
  /** Without what is past its day. */
  readonly sellable: number;
  /** To be taken out. */
  readonly expired: number;
  /** What is missing to par. */
  readonly bring: number;
  readonly lots: readonly Lot[];
}

export interface Shelves {
  readonly kioskId: KioskId;
  readonly kiosk: string;
  readonly planogram: { readonly scope: Scope; readonly revision: number } | null;
  readonly slots: readonly ShelfSlot[];
  /** What the kiosk said last of each offer, in all. */
  readonly offers: ReadonlyMap<string, { readonly remaining: number; readonly movedAt: number }>;
}

/**
 * The shelves of these kiosks, or of all, as they told and as they should be. A lot without a slot (counted in before there were slots) lies in its offer's first; a
 * kiosk of before, which tells of no lots, has one of each offer without a date. Lots of which nothing is left are not read: they grow with every visit, for ever. @param day the shop's today, "2026-11-23"
 */
export async function readShelves(sql: Queries, places: Places, day: string, kioskIds?: readonly string[]): Promise<readonly Shelves[]> {
  if (kioskIds?.length === 0) return [];
  const of = kioskIds ? sql`where kiosk_id in ${sql([...kioskIds])}` : sql``;
  const and = kioskIds ? sql`and kiosk_id in ${sql([...kioskIds])}` : sql``;
  const [stock, lots, planograms] = await Promise.all([
    sql<{ kiosk_id: KioskId; offer_id: string; remaining: number; moved_at: number }[]>`select kiosk_id, offer_id, remaining, moved_at from stock ${of}`,
    sql<{ kiosk_id: KioskId; offer_id: string; lot_id: string; slot: string | null; best_before: string | null; remaining: number }[]>`
      select kiosk_id, offer_id, lot_id, slot, best_before, remaining from stock_lots where remaining <> 0 ${and}`,
    readPlanograms(sql),
  ]);
  const stockOf = Map.groupBy(stock, (row) => row.kiosk_id);
  const lotsOf = Map.groupBy(lots, (row) => row.kiosk_id);
  return places.kiosks.filter(({ kioskId }) => kioskIds === undefined || kioskIds.includes(kioskId)).map(({ kioskId, name }) => {
    const planogram = planogramOf(planograms, places, kioskId);
    const offers = new Map((stockOf.get(kioskId) ?? []).map((row) => [row.offer_id, { remaining: row.remaining, movedAt: row.moved_at }]));
    const told = Map.groupBy(lotsOf.get(kioskId) ?? [], (row) => row.offer_id);
    const lotsByOffer = new Map([...offers].map(([offerId, { remaining }]) => [
      offerId,
      told.get(offerId)?.map((row): Lot => ({ lotId: row.lot_id, slot: row.slot, bestBefore: row.best_before, remaining: row.remaining, isExpired: !isFresh(row.best_before, day) }))
        ?? (remaining === 0 ? [] : [{ lotId: '', slot: null, bestBefore: null, remaining, isExpired: false }]),
    ]));
    return { kioskId, kiosk: name, planogram: planogram ? { scope: planogram.scope, revision: planogram.revision } : null, offers, slots: slotsOf(planogram?.slots ?? [], lotsByOffer) };
  });
}

function slotsOf(planned: readonly PlanogramSlot[], lotsByOffer: ReadonlyMap<string, readonly Lot[]>): readonly ShelfSlot[] {
  const placed = new Set<Lot>();
  const firstOf = new Map(planned.toReversed().map((slot) => [slot.offerId, slot.slot]));
  const inPlanogram = planned.map(({ slot, shelf, offerId, capacity, par }) => {
    const lots = (lotsByOffer.get(offerId) ?? []).filter((lot) => lot.slot === slot || (lot.slot === null && firstOf.get(offerId) === slot));
    for (const lot of lots) placed.add(lot);
    return { slot, shelf: shelf ?? null, offerId, capacity, ...sums(lots, par) };
  });
  const elsewhere = [...lotsByOffer].flatMap(([offerId, lots]) => {
    const rest = lots.filter((lot) => !placed.has(lot));
    return rest.length > 0 ? [{ slot: null, shelf: null, offerId, capacity: null, ...sums(rest, 0) }] : [];
  });
  return [...inPlanogram, ...elsewhere];
}

function sums(lots: readonly Lot[], par: number): Pick<ShelfSlot, 'par' | 'remaining' | 'sellable' | 'expired' | 'bring' | 'lots'> {
  const remaining = lots.reduce((sum, lot) => sum + lot.remaining, 0);
  const expired = lots.reduce((sum, lot) => sum + (lot.isExpired ? Math.max(0, lot.remaining) : 0), 0);
  const sellable = remaining - expired;
  const sorted = lots.toSorted((a, b) => compareLots({ bestBefore: a.bestBefore ?? undefined, id: a.lotId }, { bestBefore: b.bestBefore ?? undefined, id: b.lotId }));
  return { par, remaining, sellable, expired, bring: missingTo(par, sellable), lots: sorted };
}

interface Planogram { readonly scope: Scope; readonly revision: number; readonly slots: readonly PlanogramSlot[] }

async function readPlanograms(sql: Queries): Promise<readonly Planogram[]> {
  const rows = await sql<{ scope: Scope; revision: number; text: string | null }[]>`
    select distinct on (scope) scope, revision, text from documents where kind = 'planogram' and withdrawn_at is null order by scope, revision desc`;
  return rows.flatMap(({ scope, revision, text }) => (text === null ? [] : [{ scope, revision, slots: (JSON.parse(text) as { slots: PlanogramSlot[] }).slots }]));
}

/** As documents go out: a kiosk's own, its groups' newest, the one for all (down/documents.ts). */
function planogramOf(planograms: readonly Planogram[], { groups }: Places, kioskId: KioskId): Planogram | undefined {
  const ofGroups = new Set(groups.filter(({ kiosks }) => kiosks.includes(kioskId)).map(({ groupId }) => `group:${groupId}`));
  return planograms.find(({ scope }) => scope === `kiosk:${kioskId}`)
    ?? planograms.filter(({ scope }) => ofGroups.has(scope)).toSorted((a, b) => b.revision - a.revision)[0]
    ?? planograms.find(({ scope }) => scope === 'all');
}
