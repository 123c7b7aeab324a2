import type { KioskId } from '../../../domain/ids.ts';
import {
  addRoute, changeRoute, downloadRestockList, dropRoute, readDifferences, readExpiring, readPlanogram, readRestockList, readRoutes, readStockKiosk, readStockKiosks, readStockOffer, readStockOffers,
  readVisits, withdrawPlanogram, writePlanogram,
} from '../../contract/api/stock.ts';
import type { Places } from '../../contract/api/scope.ts';
import type { SignedIn } from '../api/account.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { KnownOffer } from '../catalogue/in-force.ts';
import { createOfferNames, readApplied } from '../catalogue/in-force.ts';
import { knownScope, nameOfScope, readPlaces } from '../catalogue/places.ts';
import type { Sql } from '../database.ts';
import type { Scope, Signer } from '../down/publish.ts';
import { lockRevision, publishIn, withdraw } from '../down/publish.ts';
import { placeOf, readDifferenceRows, readVisitRows } from './moves.ts';
import { deleteRoute, insertRoute, readRoute, readRouteRows, updateRoute } from './restock-routes.ts';
import { restockCsv, restockLines, restockTotals } from './restock.ts';
import type { ShelfSlot } from './shelves.ts';
import { readShelves } from './shelves.ts';
import { dayAfter, daysBetween, readShopDay } from './shop-day.ts';

export interface StockDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: Signer;
}

const shownRows = 50;
const shownLots = 500;
/** What expires within so many days is counted as soon. */
const soonDays = 7;

/** Goods across kiosks: what is there, what should be, what to bring, and what differed. */
export function stockRoutes(api: Api, { sql, now, signingKey: signer }: StockDeps): void {
  const names = createOfferNames(sql);
  const today = () => readShopDay(sql, now());

  api.serve(readStockOffers, async () => {
    const [places, offers, day] = await Promise.all([readPlaces(sql), names.read(), today()]);
    const shelves = await readShelves(sql, places, day);
    const soon = dayAfter(day, soonDays);
    const rows = new Map<string, ReturnType<typeof emptySums> & { kiosks: number; emptyAt: number; expiring: number }>();
    for (const { slots, offers: held } of shelves) {
      for (const offerId of new Set([...slots.map((slot) => slot.offerId), ...held.keys()])) {
        const here = sumOf(slots.filter((slot) => slot.offerId === offerId));
        const row = rows.get(offerId) ?? { ...emptySums(), kiosks: 0, emptyAt: 0, expiring: 0 };
        rows.set(offerId, {
          ...addSums(row, here), kiosks: row.kiosks + 1, emptyAt: row.emptyAt + (here.sellable <= 0 ? 1 : 0), expiring: row.expiring + expiringIn(slots.filter((slot) => slot.offerId === offerId), soon),
        });
      }
    }
    return { day, offers: [...rows].map(([offerId, row]) => ({ ...offerOf(offers, offerId), ...row })).toSorted((a, b) => b.bring - a.bring || (a.offerId < b.offerId ? -1 : 1)) };
  });

  api.serve(readStockOffer, async ({ params }) => {
    const [places, offers, day] = await Promise.all([readPlaces(sql), names.read(), today()]);
    const shelves = await readShelves(sql, places, day);
    return {
      ...offerOf(offers, params.offer),
      kiosks: shelves.flatMap(({ kioskId, kiosk, slots, offers: held }) => {
        const here = slots.filter(({ offerId }) => offerId === params.offer);
        const known = held.get(params.offer);
        return here.length === 0 && !known ? [] : [{ kioskId, kiosk, ...sumOf(here), lots: here.flatMap(({ lots }) => [...lots]), movedAt: known?.movedAt ?? null }];
      }).toSorted((a, b) => b.bring - a.bring),
    };
  });

  api.serve(readStockKiosks, async () => {
    const [places, day] = await Promise.all([readPlaces(sql), today()]);
    const [shelves, visits] = await Promise.all([
      readShelves(sql, places, day),
      sql<{ kiosk_id: string; ended_at: number; staff: string }[]>`select distinct on (kiosk_id) kiosk_id, occurred_at as ended_at, staff from restock_visits order by kiosk_id, occurred_at desc`,
    ]);
    const soon = dayAfter(day, soonDays);
    const visitOf = new Map(visits.map((visit) => [visit.kiosk_id, visit]));
    return {
      day,
      kiosks: shelves.map(({ kioskId, kiosk, slots, planogram }) => ({
        kioskId, kiosk, ...sumOf(slots), slots: slots.filter(({ slot }) => slot !== null).length, emptySlots: slots.filter(({ slot, par, sellable }) => slot !== null && par > 0 && sellable <= 0).length,
        expiring: expiringIn(slots, soon), hasPlanogram: planogram !== null, lastVisitAt: visitOf.get(kioskId)?.ended_at ?? null, lastVisitBy: visitOf.get(kioskId)?.staff ?? null,
      })).toSorted((a, b) => b.bring - a.bring || (a.kioskId < b.kioskId ? -1 : 1)),
    };
  });

  api.serve(readStockKiosk, async ({ params }) => {
    const [places, offers, day] = await Promise.all([readPlaces(sql), names.read(), today()]);
    const [shelves] = await readShelves(sql, places, day, [params.kiosk]);
    if (!shelves) throw new ApiRefusal('HQ_NOT_FOUND', `HQ knows no kiosk ${params.kiosk}`);
    const { kioskId, kiosk, planogram, slots } = shelves;
    return { kioskId, kiosk, planogram, slots: slots.map((slot) => ({ ...slot, ...offerOf(offers, slot.offerId), lots: [...slot.lots] })) };
  });

  api.serve(readPlanogram, async ({ query }) => {
    const [places, offers] = await Promise.all([readPlaces(sql), names.read()]);
    const scope = knownScope(places, query.scope);
    const applied = await readApplied(sql, 'planogram', scope);
    const templates = await sql<{ scope: Scope }[]>`select distinct scope from documents where kind = 'planogram' and withdrawn_at is null order by scope`;
    return {
      ...places, scope, slots: applied ? (JSON.parse(applied.text) as { slots: never[] }).slots : [],
      inForce: applied ? { scope: applied.scope, revision: applied.revision, publishedAt: applied.publishedAt, publishedBy: applied.publishedBy } : null,
      offers: [...offers.keys()].map((offerId) => offerOf(offers, offerId)), templates: templates.map((one) => ({ scope: one.scope, name: nameOfScope(places, one.scope) })),
    };
  });

  api.serve(writePlanogram, async ({ body, account, note }) => {
    const scope = knownScope(await readPlaces(sql), body.scope);
    const taken = body.slots.find(({ slot }, index) => body.slots.findIndex((other) => other.slot === slot) !== index);
    if (taken) throw new ApiRefusal('HQ_INVALID', `two slots are called ${taken.slot}`, { slot: taken.slot });
    return sql.begin(async (transaction) => {
      // Of two who saw the same one the second is told of the first.
      await lockRevision(transaction, 'planogram');
      const applied = await readApplied(transaction, 'planogram', scope);
      if ((applied?.revision ?? null) !== body.over) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', `${applied?.publishedBy ?? ''} has published one meanwhile`, { by: applied?.publishedBy ?? '', at: applied?.publishedAt ?? 0 });
      const published = await publishIn(transaction, { kind: 'planogram', scope, text: JSON.stringify({ slots: body.slots }, null, 1), signer, by: nameOf(account), now: now() });
      if (!published.ok && published.error.kind === 'malformed') throw new ApiRefusal('HQ_INVALID', published.error.detail);
      const revision = published.ok ? published.value.revision : published.error.kind === 'unchanged' ? published.error.revision : 0;
      note(`${scope}: ${body.slots.length} slots, revision ${revision}`);
      return { revision };
    });
  });

  api.serve(withdrawPlanogram, async ({ body, account, note }) => {
    if (body.scope === 'all') throw new ApiRefusal('HQ_INVALID', 'what is for all cannot be withdrawn: publish another one');
    const withdrawn = await withdraw(sql, { kind: 'planogram', scope: body.scope as Exclude<Scope, 'all'>, over: body.over, signer, by: nameOf(account), now: now() });
    if (withdrawn === 'none') throw new ApiRefusal('HQ_NOT_FOUND', 'it has none of its own');
    if (withdrawn === 'changed') throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'somebody has published another one meanwhile');
    note(body.scope);
    return {};
  });

  api.serve(readRoutes, async () => {
    const [places, rows] = await Promise.all([readPlaces(sql), readRouteRows(sql)]);
    return { kiosks: places.kiosks, routes: rows.map((row) => ({ ...row, kiosks: row.kiosks.map((kioskId) => ({ kioskId, kiosk: nameOfScope(places, `kiosk:${kioskId}`) })) })) };
  });
  api.serve(addRoute, async ({ body, account, note }) => {
    await ensureKiosks(body.kiosks);
    note(body.name);
    return { routeId: await insertRoute(sql, { ...body, by: nameOf(account), now: now() }) };
  });
  api.serve(changeRoute, async ({ params, body, account, note }) => {
    await ensureKiosks(body.kiosks);
    note(body.name);
    return { version: await updateRoute(sql, params.route, body.version, { name: body.name, kiosks: body.kiosks, by: nameOf(account), now: now() }) };
  });
  api.serve(dropRoute, async ({ params }) => {
    await deleteRoute(sql, params.route);
    return {};
  });

  api.serve(readRestockList, async ({ params }) => {
    const { route, shelves, offers, day } = await readList(params.route);
    return {
      routeId: route.routeId, name: route.name, day, madeAt: now(),
      kiosks: shelves.map((one) => ({
        kioskId: one.kioskId, kiosk: one.kiosk, hasPlanogram: one.planogram !== null,
        lines: restockLines(one).map(({ slot, shelf, offerId, sellable, par, bring, expired }) => ({ slot, shelf, ...offerOf(offers, offerId), sellable, par, bring, expired })),
      })),
      totals: restockTotals(shelves).map(({ offerId, bring, expired }) => ({ ...offerOf(offers, offerId), bring, expired })),
    };
  });

  api.serve(downloadRestockList, async ({ params, query, reply }) => {
    const { route, shelves, offers, day } = await readList(params.route);
    const name = `restock-${day}-${route.name}.csv`;
    void reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="restock-${day}.csv"; filename*=UTF-8''${encodeURIComponent(name)}`);
    await reply.send(restockCsv(shelves, offers, query.language));
    return {};
  });

  api.serve(readExpiring, async ({ query }) => {
    const [places, offers, day] = await Promise.all([readPlaces(sql), names.read(), today()]);
    const rows = await sql<{ kiosk_id: KioskId; offer_id: string; lot_id: string; slot: string | null; best_before: string; remaining: number }[]>`
      select kiosk_id, offer_id, lot_id, slot, best_before, remaining from stock_lots
      where best_before is not null and remaining > 0 and best_before <= ${dayAfter(day, query.days)} order by best_before, kiosk_id, offer_id, lot_id limit ${shownLots + 1}`;
    return {
      day, more: rows.length > shownLots,
      lots: rows.slice(0, shownLots).map((row) => ({
        kioskId: row.kiosk_id, kiosk: nameOfScope(places, `kiosk:${row.kiosk_id}`), ...offerOf(offers, row.offer_id), lotId: row.lot_id, slot: row.slot,
        bestBefore: row.best_before, remaining: row.remaining, daysLeft: daysBetween(day, row.best_before),
      })),
    };
  });

  api.serve(readDifferences, async ({ query }) => {
    const [places, offers, rows] = await Promise.all([readPlaces(sql), names.read(), readDifferenceRows(sql, { ...query, limit: shownRows + 1 })]);
    const shown = rows.slice(0, shownRows);
    const last = shown.at(-1);
    return {
      moves: shown.map((row) => {
        const { lane: _lane, epoch: _epoch, sequence: _sequence, offerId, ...rest } = row;
        return { ...rest, key: placeOf(row), kiosk: nameOfScope(places, `kiosk:${row.kioskId}`), ...offerOf(offers, offerId) };
      }),
      next: rows.length > shownRows && last ? placeOf(last) : null,
    };
  });

  api.serve(readVisits, async ({ query }) => {
    const [places, rows] = await Promise.all([readPlaces(sql), readVisitRows(sql, { ...query, limit: shownRows + 1 })]);
    const shown = rows.slice(0, shownRows);
    const last = shown.at(-1);
    return {
      visits: shown.map((row) => ({ ...row, kiosk: nameOfScope(places, `kiosk:${row.kioskId}`) })),
      next: rows.length > shownRows && last ? [last.at, last.kioskId, last.visitId].join('/') : null,
    };
  });

  async function readList(routeId: string) {
    const [places, offers, day, route] = await Promise.all([readPlaces(sql), names.read(), today(), readRoute(sql, routeId)]);
    const shelves = await readShelves(sql, places, day, route.kiosks);
    // In the order of the route; a kiosk that HQ no longer knows is left out.
    return { route, offers, day, shelves: route.kiosks.flatMap((kioskId) => shelves.find((one) => one.kioskId === kioskId) ?? []) };
  }

  async function ensureKiosks(kiosks: readonly KioskId[]): Promise<void> {
    const places: Places = await readPlaces(sql);
    for (const kioskId of kiosks) knownScope(places, `kiosk:${kioskId}`);
  }
}

interface Sums { readonly remaining: number; readonly sellable: number; readonly expired: number; readonly par: number; readonly bring: number }

function emptySums(): Sums {
  return { remaining: 0, sellable: 0, expired: 0, par: 0, bring: 0 };
}

function addSums(one: Sums, other: Sums): Sums {
  return { remaining: one.remaining + other.remaining, sellable: one.sellable + other.sellable, expired: one.expired + other.expired, par: one.par + other.par, bring: one.bring + other.bring };
}

function sumOf(slots: readonly ShelfSlot[]): Sums {
  return slots.reduce<Sums>((sum, slot) => addSums(sum, slot), emptySums());
}

/** Pieces that may be sold today, and not after that day. */
function expiringIn(slots: readonly ShelfSlot[], until: string): number {
  return slots.flatMap(({ lots }) => lots).reduce((sum, { bestBefore, isExpired, remaining }) => sum + (!isExpired && bestBefore !== null && bestBefore <= until ? remaining : 0), 0);
}

function offerOf(offers: ReadonlyMap<string, KnownOffer>, offerId: string): { readonly offerId: string; readonly name: KnownOffer['name'] | null; readonly picture: unknown } {
  const known = offers.get(offerId);
  return { offerId, name: known?.name ?? null, picture: known?.picture ?? null };
}

function nameOf(account: SignedIn | undefined): string {
  if (!account) throw new ApiRefusal('HQ_NOT_SIGNED_IN', 'sign in first');
  return account.name;
}
