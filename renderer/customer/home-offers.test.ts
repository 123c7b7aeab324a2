import { describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import config from '../../config/catalogue.json' with { type: 'json' };
import { categoryState, hqCategories, mostBought, rankedOffers } from './home-offers.ts';

const catalogue = catalogueSchema.parse(config);
const noon = { at: 1_760_000_000_000, weekday: 3, minute: 12 * 60 };
const facts: RuleFacts = {
  catalogue, moment: noon, available: new Map(), snoozed: new Map(), maxTotal: 1_000_000, isHqThere: true, canPay: true, isPaused: false, isAgeChecked: false, isDistrict: () => true,
};
const ranked = rankedOffers(catalogue);

describe('what most people buy', () => {
  it('comes in the order of its rank, and only what has one', () => {
    const ranks = ranked.map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((one, other) => one! - other!));
    expect(ranks.length).toBeGreaterThan(4);
    expect(ranks).not.toContain(undefined);
  });

  it('leaves out what cannot be had, and the next takes its place', () => {
    const [first, second] = mostBought(ranked, facts, 2);
    const without = mostBought(ranked, { ...facts, available: new Map([[first!.id, 0]]) }, 2);
    expect(without).not.toContain(first);
    expect(without[0]).toBe(second);
    expect(without).toHaveLength(2);
  });

  it('is what is free alone while nothing can be paid', () => {
    for (const offer of mostBought(ranked, { ...facts, canPay: false }, 4)) expect(offer.price, offer.id).toBe(0);
  });

  it('has no top-up while HQ is away', () => {
    for (const offer of mostBought(ranked, { ...facts, isHqThere: false }, 4)) expect(offer.fulfilment.kind).not.toBe('telecom');
  });
});

describe('a category', () => {
  const ofHq = hqCategories(catalogue);
  const category = (business: string, hours: readonly { from: string; to: string; days?: number[] }[] = []) => ({ ...catalogue.categories.find((one) => one.business === business)!, windows: [...hours] });

  it('of services waits for HQ; goods and food go on', () => {
    for (const one of catalogue.categories) {
      const kind = categoryState({ ...one, windows: [] }, { ...facts, isHqThere: false }, ofHq).kind;
      expect(kind, one.id).toBe(one.business === 'telecom' ? 'hq_away' : 'open');
    }
  });

  it('with nothing in it waits for nobody', () => {
    expect(hqCategories({ categories: catalogue.categories, offers: [] }).size).toBe(0);
  });

  it('outside its hours says when it opens next today, the nearest first', () => {
    const late = { from: '17:00', to: '20:00' };
    const later = { from: '21:00', to: '02:00' };
    expect(categoryState(category('food', [later, late]), facts, ofHq)).toEqual({ kind: 'closed', next: late });
  });

  it('that has closed for today, or has no day today, says no hour', () => {
    expect(categoryState(category('food', [{ from: '06:00', to: '10:00' }]), facts, ofHq)).toEqual({ kind: 'closed', next: undefined });
    expect(categoryState(category('food', [{ from: '17:00', to: '20:00', days: [4] }]), facts, ofHq)).toEqual({ kind: 'closed', next: undefined });
  });

  it('within its hours is open', () => {
    expect(categoryState(category('food', [{ from: '11:00', to: '14:00' }]), facts, ofHq).kind).toBe('open');
  });
});
