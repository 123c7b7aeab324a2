import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import { gtinOf } from '../../../domain/catalogue/gtin.ts';
import type { Offer } from '../../../domain/catalogue/offer.ts';
import type { CodedError } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import type { JobState } from '../../../domain/contract/hq.ts';
import type { BringItem, MoveResult, RestockVisit, Shelves, SlotView, StaffMember } from '../../../domain/contract/staff.ts';
import type { JobId } from '../../../domain/ids.ts';
import type { Bilingual, Language } from '../../../domain/language.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { composeRestockTicket } from '../../../domain/receipt/restock-ticket.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Decided, Place } from '../../../domain/stock/shelves.ts';
import { bringOf, countOf, expired, fillOf, leftoverPlace, placeNames, placesOf, wasteOf } from '../../../domain/stock/shelves.ts';
import type { PlanogramSlot } from '../../../domain/stock/stock.ts';
import { isFresh } from '../../../domain/stock/stock.ts';
import type { StaffMove, StockReader, StockWriter, StoredVisit } from '../../store/stock.ts';
import type { StaffHandlers } from './gate.ts';
import type { Move, Moves } from './moves.ts';

export interface StaffStockDeps {
  readonly reader: StockReader;
  readonly moves: Moves;
  readonly writer: StockWriter;
  readonly catalogue: () => Catalogue;
  /** HQ's, where there is one in force. */
  readonly planogram: () => { readonly slots: readonly PlanogramSlot[] } | undefined;
  readonly shop: Shop;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  /** The shop's day, "2026-11-23" (`dayAt`). */
  readonly today: () => string;
  /** Customers are to see it at once. Called when whatever transaction there is around the move has been committed. */
  readonly onStockChange: () => void;
  /** Queues a document of staff's, and has it printed. */
  readonly print: (document: Receipt) => JobId;
  /** How that ended, or how far it is when nobody wants to wait any longer. */
  readonly printed: (jobId: JobId) => Promise<JobState>;
}

type StockMethod = Extract<keyof StaffHandlers, `stock.${string}`>;

export interface StaffStock {
  readonly handlers: { readonly [M in StockMethod]: StaffHandlers[M] };
  /** The slots that a code on a shelf's edge names, or where a product with this barcode lies. None where it is neither. */
  slotsOfCode(code: string): readonly string[];
}

/** What staff sees of the shelves, and does to them. Nothing is decided by the page: each number is held against the books as they are now. */
export function createStaffStock({ reader, moves, writer, catalogue, planogram, shop, now, today, onStockChange, print, printed }: StaffStockDeps): StaffStock {
  let known: { readonly of: Catalogue; readonly offers: ReadonlyMap<string, Offer>; readonly counted: readonly { readonly id: string; readonly initialStock: number }[] } | undefined;

  /** Of a large catalogue reckoned once. */
  function offersNow(): NonNullable<typeof known> {
    const current = catalogue();
    if (known?.of !== current) {
      known = {
        of: current, offers: new Map(current.offers.map((offer) => [offer.id, offer])),
        counted: current.offers.flatMap(({ id, fulfilment }) => (fulfilment.kind === 'goods' ? [{ id, initialStock: fulfilment.initialStock }] : [])),
      };
    }
    return known;
  }

  const slotsNow = () => planogram()?.slots;
  const placesNow = () => placesOf(slotsNow(), offersNow().counted, reader.lots());

  /** As the catalogue has it; what it has no more is shown under its id. */
  function shownAs(offerId: string): { readonly name: Bilingual; readonly picture: Offer['picture'] } {
    const offer = offersNow().offers.get(offerId);
    return offer ? { name: offer.name, picture: offer.picture } : { name: { zh: offerId, en: offerId }, picture: { kind: 'drawing', name: 'package', tint: 'sand' } };
  }

  function slotView({ slot, shelf, offerId, par, capacity, code, lots }: Place): SlotView {
    const day = today();
    const barcode = offersNow().offers.get(offerId)?.barcode;
    const held = lots.reduce((total, lot) => total + lot.held, 0);
    return {
      slot, ...(shelf === undefined ? {} : { shelf }), offerId, ...shownAs(offerId), count: lots.reduce((total, { count }) => total + count, 0),
      ...(held === 0 ? {} : { held }), expired: expired(lots, day), par, capacity,
      lots: lots.filter(({ count }) => count > 0).map(({ id, bestBefore, count }) => ({ lotId: id, ...(bestBefore === undefined ? {} : { bestBefore }), count, expired: !isFresh(bestBefore, day) })),
      codes: [...(code === undefined ? [] : [code]), ...(barcode === undefined ? [] : [barcode])],
    };
  }

  function visitView({ visitId, startedAt, slots, piecesIn, piecesOut, differences }: StoredVisit): RestockVisit {
    const nameOf = placeNames(slotsNow());
    return { visitId, startedAt, slotsDone: [...new Set(slots.map(nameOf))], piecesIn, piecesOut, differences };
  }

  function bringNow(places: readonly Place[]): BringItem[] {
    return bringOf(places, today()).map((item) => ({ ...item, ...shownAs(item.offerId) }));
  }

  function ticket(places: readonly Place[], language: Language): Receipt {
    return composeRestockTicket({ shop, at: now(), language, copy: false, items: bringNow(places).map(({ name, has, par, bring, remove }) => ({ name, count: has, par, bring, remove })) });
  }

  type About = Pick<StaffMove, 'moveId' | 'reason' | 'why' | 'note'>;

  /** Decided by the books as they are now, and written in one transaction; what was written before under this id is answered as it was, and writes nothing. */
  function act({ number }: StaffMember, slot: string, about: About, change: number | undefined, decide: (place: Place) => Decided): Result<MoveResult, CodedError> {
    const before = moves.get(about.moveId);
    // A page that uses an id twice would take the second act for done.
    if (before && !isSameAct(before, number, slot, about, change)) return err(codedError('CONTRACT_MALFORMED', `move ${about.moveId} is another one`));
    if (before) return ok(done(number, slot, before.offerId));
    const place = placesNow().find((candidate) => candidate.slot === slot);
    const decided: Decided = place ? decide(place) : { kind: 'unknown_slot' };
    if (!place || decided.kind !== 'changes') return ok(decided as Exclude<Decided, { kind: 'changes' }>);
    const { offerId, puts } = place;
    writer.move({ ...about, staff: number, changes: decided.changes.map(({ lot, change }) => ({ lot: { ...lot, offerId, slot: puts }, change })) });
    // Not within the transaction that may be around this: what it takes back must not be shown.
    writer.afterCommit(onStockChange);
    return ok(done(number, slot, offerId));
  }

  /** @param change in pieces, where the call says it: what a count comes to depends on the books of its moment */
  function isSameAct(before: Move, staff: string, slot: string, about: About, change: number | undefined): boolean {
    // By another planogram it may lie under another name by now.
    const isThere = placeNames(slotsNow())(before) === slot || placesNow().some((place) => place.slot === slot && place.offerId === before.offerId);
    return isThere && before.staff === staff && before.reason === about.reason && (change === undefined || before.change === change);
  }

  function done(staff: string, slot: string, offerId: string): MoveResult {
    // What belongs nowhere has no place any more when the last piece of it is gone.
    const place = placesNow().find((candidate) => candidate.slot === slot) ?? leftoverPlace(slot, offerId);
    const visit = reader.openVisit(staff);
    // A call that comes again after its visit was ended: there is none to show, and nothing was done in a new one.
    const shown = visit ? visitView(visit) : { visitId: noVisit, startedAt: now(), slotsDone: [], piecesIn: 0, piecesOut: 0, differences: 0 };
    return { kind: 'done', slot: slotView(place), visit: shown };
  }

  return {
    handlers: {
      'stock.shelves'(_params, { number }) {
        const places = placesNow();
        const visit = reader.openVisit(number);
        const shelves: Shelves = { slots: places.map(slotView), bring: bringNow(places), ...(visit ? { visit: visitView(visit) } : {}), today: today() };
        return ok(shelves);
      },

      async 'stock.bring_print'({ language }) {
        return ok({ state: await printed(print(ticket(placesNow(), language))) });
      },

      'stock.fill': ({ moveId, slot, quantity, bestBefore }, member) => act(member, slot, { moveId, reason: 'refilled' }, quantity, (place) => fillOf(place, quantity, bestBefore)),

      'stock.count': ({ moveId, slot, lotId, counted, reason }, member) =>
        act(member, slot, { moveId, reason: 'counted', why: reason }, undefined, (place) => countOf(place, lotId, counted, reason !== undefined)),

      'stock.waste': ({ moveId, slot, lotId, quantity, reason, note }, member) =>
        act(member, slot, { moveId, reason: 'wasted', why: reason, note }, -quantity, (place) => wasteOf(place, lotId, quantity)),

      'stock.finish'({ print: wantsPaper, language }, { number }) {
        const visit = writer.finishVisit(number);
        const places = placesNow();
        // Not waited for: whoever ends their visit is on their way.
        if (wantsPaper && bringNow(places).length > 0) print(ticket(places, language));
        return ok(visit ? { visit: visitView(visit) } : {});
      },
    },

    slotsOfCode(code) {
      const slots = slotsNow() ?? [];
      const ofShelf = slots.filter((slot) => slot.code === code).map(({ slot }) => slot);
      if (ofShelf.length > 0) return ofShelf;
      const gtin = gtinOf(code);
      if (gtin === undefined) return [];
      const offerIds = new Set([...offersNow().offers.values()].filter(({ barcode }) => barcode !== undefined && gtinOf(barcode) === gtin).map(({ id }) => id));
      return placesNow().filter(({ offerId }) => offerIds.has(offerId)).map(({ slot }) => slot);
    },
  };
}

const noVisit = '00000000-0000-0000-0000-000000000000';
