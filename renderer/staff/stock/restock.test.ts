import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotView } from '../../../domain/contract/staff.ts';
import { slugSchema } from '../../../domain/ids.ts';
import { addDays, dateChoices, dateNeedOf, daysBetween, fillOf, groupSlots, reasonsFor, sellable, soonestOf, stepDate, withSlot } from './restock.ts';

const today = '2026-11-23';
const offerId = slugSchema.parse('cola');

function slotOf(part: Partial<SlotView> = {}): SlotView {
  return { slot: 'A1', shelf: 'Chill', offerId, name: { zh: '可乐', en: 'Cola' }, picture: undefined, count: 3, expired: 0, par: 10, capacity: 12, lots: [], codes: [], ...part };
}
const lot = (bestBefore: string | undefined, count = 2, expired = false) => ({ lotId: `a${bestBefore ?? 'none'}`, count, expired, ...(bestBefore === undefined ? {} : { bestBefore }) });

describe('filling to par', () => {
  it('puts in what is missing to par', () => expect(fillOf(slotOf())).toBe(7));
  it('does not count what has expired as being there', () => expect(fillOf(slotOf({ expired: 2 }))).toBe(9));
  it('puts in no more than there is room for beside what has expired', () => expect(fillOf(slotOf({ count: 11, expired: 5 }))).toBe(1));
  it('leaves room for what open orders have taken, which lies there still', () => expect(fillOf(slotOf({ count: 3, held: 4 }))).toBe(5));
  it('puts nothing in at par or above', () => {
    expect(fillOf(slotOf({ count: 10 }))).toBe(0);
    expect(fillOf(slotOf({ count: 12 }))).toBe(0);
  });

  it('never overfills a slot, and never fills beyond par', () => {
    const slot = fc.record({ count: fc.nat(50), share: fc.double({ min: 0, max: 1, noNaN: true }), par: fc.nat(30), more: fc.nat(10) });
    fc.assert(
      fc.property(slot, ({ count, share, par, more }) => {
        const given = slotOf({ count, expired: Math.floor(count * share), par, capacity: par + more });
        const quantity = fillOf(given);
        expect(quantity).toBeGreaterThanOrEqual(0);
        if (quantity > 0) {
          expect(given.count + quantity).toBeLessThanOrEqual(given.capacity);
          expect(sellable(given) + quantity).toBeLessThanOrEqual(given.par);
        }
      }),
    );
  });
});

describe('the shelves', () => {
  const slots = [slotOf({ slot: 'A1' }), slotOf({ slot: 'B1', shelf: 'Dry', count: 10 }), slotOf({ slot: 'A2', expired: 1 }), slotOf({ slot: 'C1', shelf: undefined })];
  const names = (...given: Parameters<typeof groupSlots>) => groupSlots(...given).map(({ kind, shelf, slots: of }) => [kind, shelf, of.map(({ slot }) => slot)]);

  it('show slots with something expired first, each slot once, and the rest by shelf', () => {
    expect(names({ slots }, 'all')).toEqual([['expired', undefined, ['A2']], ['shelf', 'Chill', ['A1']], ['shelf', 'Dry', ['B1']], ['shelf', undefined, ['C1']]]);
  });
  it('leave out what is at par where only that is wanted which needs filling', () => expect(names({ slots }, 'low').flatMap(([, , of]) => of)).toEqual(['A2', 'A1', 'C1']));
  it('leave out what was done in this visit', () => {
    const visit = { visitId: '019a0000-0000-7000-8000-000000000001', startedAt: 1, slotsDone: ['A1', 'A2'], piecesIn: 1, piecesOut: 0, differences: 0 };
    expect(names({ slots, visit }, 'open').flatMap(([, , of]) => of)).toEqual(['B1', 'C1']);
  });
  it('show what a code named, whatever the filter says', () => expect(names({ slots }, 'expired', ['B1', 'C1']).flatMap(([, , of]) => of)).toEqual(['B1', 'C1']));
  it('take in what a move has made of one slot', () => {
    const next = withSlot({ slots, bring: [], today }, slotOf({ slot: 'B1', count: 4 }), undefined);
    expect(next.slots.map(({ slot, count }) => [slot, count])).toEqual([['A1', 3], ['B1', 4], ['A2', 3], ['C1', 3]]);
  });
});

describe('a best-before date', () => {
  it('is asked for where what lies there has one', () => expect(dateNeedOf(slotOf({ lots: [lot('2026-12-01')] }), [], undefined)).toBe('asked'));
  it('is not asked for where what lies there has none', () => expect(dateNeedOf(slotOf({ lots: [lot(undefined)] }), [], undefined)).toBe('none'));
  it('is asked for an empty slot whose offer has dates in another one', () => {
    const other = slotOf({ slot: 'A2', lots: [lot('2026-12-01')] });
    expect(dateNeedOf(slotOf({ count: 0 }), [other], undefined)).toBe('asked');
  });
  it('is a question for whoever holds it where nothing is known, until they have said', () => {
    expect(dateNeedOf(slotOf({ count: 0 }), [], undefined)).toBe('open');
    expect(dateNeedOf(slotOf({ count: 0 }), [], null)).toBe('none');
    expect(dateNeedOf(slotOf({ count: 0 }), [], '2026-12-01')).toBe('asked');
  });
  it('is offered as it was last said, then as it lies there, and never one that is over', () => {
    const choices = dateChoices(slotOf({ lots: [lot('2026-11-20', 1, true), lot('2026-12-04')] }), '2026-12-11', today);
    expect(choices.slice(0, 2)).toEqual(['2026-12-11', '2026-12-04']);
    expect(choices.every((date) => date >= today)).toBe(true);
    expect(new Set(choices).size).toBe(choices.length);
  });
  it('stepped by a month stays within the month', () => {
    expect(stepDate('2027-01-31', 'month', 1)).toBe('2027-02-28');
    expect(stepDate('2028-02-29', 'year', -1)).toBe('2027-02-28');
    expect(stepDate('2026-12-31', 'day', 1)).toBe('2027-01-01');
    expect(stepDate('2027-01-15', 'month', -1)).toBe('2026-12-15');
  });
  it('is so many days away', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 4000 }), (days) => {
        expect(daysBetween(today, addDays(today, days)) - days).toBe(0);
      }),
    );
  });
  it('that ends first is the soonest of what is there', () => expect(soonestOf(slotOf({ lots: [lot('2026-11-20', 0), lot('2026-12-01'), lot('2026-12-04')] }))).toBe('2026-12-01'));
});

it('nothing is missing or stolen that is there, and nothing found that is not', () => {
  expect(reasonsFor(2)).not.toContain('stolen');
  expect(reasonsFor(2)).not.toContain('missing');
  expect(reasonsFor(-2)).not.toContain('found');
});
