import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lot, Place } from './shelves.ts';
import { bringOf, countOf, expired, fillOf, fresh, missingTo, placesOf, unknownCapacity, wasteOf } from './shelves.ts';
import type { PlanogramSlot } from './stock.ts';

const today = '2026-11-23';
const lot = (id: string, more: Partial<Lot> = {}): Lot => ({ id, offerId: 'cola', count: 1, held: 0, ...more });
const slot = (name: string, offerId: string, par = 6, capacity = 8): PlanogramSlot => ({ slot: name, offerId, par, capacity });
const place = (lots: readonly Lot[], capacity = 8): Place => ({ slot: 'A1', puts: 'A1', offerId: 'cola', par: 6, capacity, isLeftover: false, lots });
const shown = (places: readonly Place[]) => places.map((shelf) => [shelf.slot, shelf.offerId, shelf.isLeftover, shelf.lots.map(({ id }) => id)]);

describe('what lies where', () => {
  it('without a planogram each counted offer is a place of its own, with all its lots, and should have what was counted in', () => {
    const places = placesOf(undefined, [{ id: 'cola', initialStock: 6 }, { id: 'tea', initialStock: 0 }], [lot('cola'), lot('b', { bestBefore: '2026-12-01', slot: 'A1' })]);
    expect(places).toMatchObject([{ slot: 'cola', par: 6, capacity: unknownCapacity, lots: [{ id: 'b' }, { id: 'cola' }] }, { slot: 'tea', par: 0, lots: [] }]);
  });

  it('by a planogram a lot is where it was put; what nobody has placed is in the first slot of its offer', () => {
    const places = placesOf([slot('A1', 'tea'), slot('A2', 'cola'), slot('A3', 'cola')], [], [lot('cola'), lot('third', { slot: 'A3' })]);
    expect(shown(places)).toEqual([['A1', 'tea', false, []], ['A2', 'cola', false, ['cola']], ['A3', 'cola', false, ['third']]]);
  });

  it('what lies in a slot that is another offer\'s by now is shown beside it, and nothing fits there', () => {
    const places = placesOf([slot('A1', 'tea'), slot('B1', 'cola')], [], [lot('old', { slot: 'A1', count: 5 }), lot('gum', { offerId: 'gum', count: 2 })]);
    expect(shown(places)).toEqual([['A1', 'tea', false, []], ['B1', 'cola', false, []], ['A1 cola', 'cola', true, ['old']], ['gum', 'gum', true, ['gum']]]);
    expect(fillOf(places[2]!, 1, undefined)).toEqual({ kind: 'too_many', fits: 0 });
  });

  it('whatever the planogram says and however it changes: every lot is shown once, in a place of its own offer', () => {
    const slots = fc.array(fc.record({ slot: fc.constantFrom('A1', 'A2', 'cola', 'A1 cola'), offerId: fc.constantFrom('cola', 'tea', 'gum'), par: fc.nat(5), capacity: fc.integer({ min: 5, max: 9 }) }), { maxLength: 6 });
    const lots = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), offerId: fc.constantFrom('cola', 'tea', 'gum'), slot: fc.option(fc.constantFrom('A1', 'A2', 'A3'), { nil: undefined }), bestBefore: fc.option(fc.constantFrom('2026-11-01', '2026-12-01'), { nil: undefined }), count: fc.nat(4), held: fc.nat(2) }), { selector: ({ id }) => id });
    fc.assert(fc.property(fc.option(slots, { nil: undefined }), lots, (planogram, all) => {
      const places = placesOf(planogram, [{ id: 'cola', initialStock: 3 }], all);
      expect(places.flatMap((shelf) => shelf.lots.map(({ id }) => id)).sort()).toEqual(all.map(({ id }) => id).sort());
      for (const shelf of places) for (const { offerId } of shelf.lots) expect(offerId).toBe(shelf.offerId);
      expect(new Set(places.map((shelf) => shelf.slot)).size).toBe(places.length);
    }));
  });
});

describe('filling', () => {
  it('goes to the lot of the same day, and no further than there is room, with what open orders hold', () => {
    const full = place([lot('a', { bestBefore: '2026-12-01', count: 3 }), lot('cola', { count: 2, held: 1 })]);
    expect(fillOf(full, 2, '2026-12-01')).toEqual({ kind: 'changes', changes: [{ lot: { id: 'a', bestBefore: '2026-12-01' }, change: 2 }] });
    expect(fillOf(full, 1, '2026-12-24')).toMatchObject({ changes: [{ lot: { id: undefined, bestBefore: '2026-12-24' } }] });
    expect(fillOf(full, 3, undefined)).toEqual({ kind: 'too_many', fits: 2 });
  });
});

describe('counting', () => {
  const two = place([lot('a', { bestBefore: '2026-11-20', count: 2 }), lot('b', { bestBefore: '2026-12-01', count: 3, held: 1 })]);

  it('asks for a reason where it differs, and writes that nothing differs', () => {
    expect(countOf(two, undefined, 5, false)).toEqual({ kind: 'reason_needed', books: 6, difference: -1 });
    expect(countOf(two, undefined, 6, false)).toMatchObject({ kind: 'changes', changes: [{ lot: { id: 'a' }, change: 0 }] });
  });

  it('of the whole slot: what is missing is of what goes first, what is found of what came last', () => {
    expect(countOf(two, undefined, 3, true)).toMatchObject({ changes: [{ lot: { id: 'a' }, change: -2 }, { lot: { id: 'b' }, change: -1 }] });
    expect(countOf(two, undefined, 8, true)).toMatchObject({ changes: [{ lot: { id: 'b' }, change: 2 }] });
    expect(countOf(place([]), undefined, 4, true)).toEqual({ kind: 'changes', changes: [{ lot: { id: undefined, bestBefore: undefined }, change: 4 }] });
  });

  it('of one lot: pieces that an unpaid order holds lie there and are counted with the rest, and stay that order\'s', () => {
    expect(countOf(two, 'b', 4, false)).toMatchObject({ changes: [{ change: 0 }] });
    expect(countOf(two, 'b', 0, true)).toEqual({ kind: 'changes', changes: [{ lot: { id: 'b', bestBefore: '2026-12-01' }, change: -3 }] });
    expect(countOf(place([lot('cola', { count: 0, held: 2 })]), 'cola', 1, true)).toMatchObject({ changes: [{ lot: { id: 'cola' }, change: 0 }] });
    expect(countOf(two, 'c', 1, true)).toEqual({ kind: 'unknown_slot' });
  });
});

describe('throwing away', () => {
  it('takes of one lot, or soonest first, and no more than there is', () => {
    const two = place([lot('a', { bestBefore: '2026-11-20', count: 2 }), lot('b', { count: 3, held: 1 })]);
    expect(wasteOf(two, undefined, 4)).toMatchObject({ changes: [{ lot: { id: 'a' }, change: -2 }, { lot: { id: 'b' }, change: -2 }] });
    expect(wasteOf(two, 'b', 3)).toMatchObject({ changes: [{ lot: { id: 'b' }, change: -3 }] });
    expect(wasteOf(two, 'b', 4)).toEqual({ kind: 'too_few', has: 3 });
    expect(wasteOf(place([]), undefined, 1)).toEqual({ kind: 'too_few', has: 0 });
    expect(wasteOf(two, 'c', 1)).toEqual({ kind: 'unknown_slot' });
  });

  it('whatever is decided, no lot goes below nothing', () => {
    const lots = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c'), offerId: fc.constant('cola'), bestBefore: fc.constantFrom(undefined, '2026-11-20', '2026-12-01'), count: fc.nat(5), held: fc.nat(3) }), { selector: ({ id }) => id });
    fc.assert(fc.property(lots, fc.nat(12), fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), (all, number, lotId) => {
      for (const decided of [countOf(place(all), lotId, number, true), wasteOf(place(all), lotId, number + 1)]) {
        if (decided.kind !== 'changes') continue;
        expect(decided.changes.length).toBeGreaterThan(0);
        for (const { lot: { id }, change } of decided.changes) expect((all.find((candidate) => candidate.id === id)?.count ?? 0) + change).toBeGreaterThanOrEqual(0);
      }
    }));
  });
});

describe('what to bring', () => {
  it('is what should be there less what can be sold, over all slots of an offer; what is past its day is to be taken out', () => {
    const places = placesOf([slot('A1', 'cola'), slot('A2', 'cola', 4), slot('A3', 'tea', 2)], [], [
      lot('cola', { count: 3 }), lot('old', { slot: 'A2', bestBefore: '2026-11-22', count: 2 }), lot('last', { slot: 'A2', bestBefore: today, count: 1 }), lot('tea', { offerId: 'tea', count: 2 }),
    ]);
    expect(bringOf(places, today)).toEqual([{ offerId: 'cola', has: 4, par: 10, bring: 6, remove: 2 }]);
    expect([fresh(places[1]!.lots, today), expired(places[1]!.lots, today)]).toEqual([1, 2]);
  });

  it('what lies too much in one slot of an offer, or where it belongs no more, fills no other slot', () => {
    const places = placesOf([slot('A1', 'cola', 10, 20), slot('A2', 'cola', 10, 20), slot('B1', 'tea', 4)], [], [
      lot('first', { slot: 'A1', count: 14 }), lot('second', { slot: 'A2', count: 4 }), lot('lost', { slot: 'C9', offerId: 'tea', count: 9 }),
    ]);
    expect(bringOf(places, today)).toEqual([{ offerId: 'cola', has: 18, par: 20, bring: 6, remove: 0 }, { offerId: 'tea', has: 9, par: 4, bring: 4, remove: 0 }]);
  });

  it('whatever lies where: as much as all slots lack, each for itself, and after so much nothing is to be brought', () => {
    const slots = fc.uniqueArray(fc.record({ slot: fc.constantFrom('A1', 'A2', 'A3', 'A4'), offerId: fc.constantFrom('cola', 'tea'), par: fc.nat(9), capacity: fc.constant(99) }), { selector: ({ slot: name }) => name });
    const lots = fc.uniqueArray(fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), offerId: fc.constantFrom('cola', 'tea'), slot: fc.option(fc.constantFrom('A1', 'A2', 'A3'), { nil: undefined }),
      bestBefore: fc.constantFrom(undefined, '2026-11-01', '2026-12-01'), count: fc.nat(15), held: fc.nat(2),
    }), { selector: ({ id }) => id });
    fc.assert(fc.property(slots, lots, (planogram, all) => {
      const places = placesOf(planogram, [], all);
      const bring = bringOf(places, today);
      const lacks = places.map((shelf) => missingTo(shelf.par, fresh(shelf.lots, today)));
      expect(bring.reduce((total, item) => total + item.bring, 0)).toBe(lacks.reduce((total, one) => total + one, 0));
      for (const { has, par, bring: pieces } of bring) expect(pieces).toBeGreaterThanOrEqual(Math.max(0, par - has));
      const filled = places.map((shelf, at) => ({ ...shelf, lots: [...shelf.lots, lot(`new ${at}`, { offerId: shelf.offerId, count: lacks[at]! })] }));
      expect(bringOf(filled, today).filter((item) => item.bring > 0)).toEqual([]);
    }));
  });
});
