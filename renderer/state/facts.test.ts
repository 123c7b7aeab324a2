import { describe, expect, it } from 'vitest';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import { factsOf, sheetTrouble } from './facts.ts';
import { catalogue, createTake, openPage, shopfrontOf, status } from './testing/shop-rig.ts';

const open = openPage(createTake(), shopfrontOf());
const facts = factsOf(open)!;
const beer = findOffer(catalogue, 'craft-beer')!;
const cola = findOffer(catalogue, 'cola')!;

describe('why an offer cannot be had, as its sheet says it', () => {
  it('is the age of who may buy it, also while cards cannot be used for a moment', () => {
    expect(sheetTrouble(facts, beer)?.code).toBe('age_restricted');
    const unpaid = factsOf({ ...open, status: { ...status, card: 'unavailable' } })!;
    expect([sheetTrouble(unpaid, beer)?.code, sheetTrouble(unpaid, cola)?.code]).toEqual(['age_restricted', 'payment_unavailable']);
  });

  it('is that it is sold out before anything else', () => {
    expect(sheetTrouble({ ...facts, available: new Map([[beer.id, 0]]) }, beer)?.code).toBe('sold_out');
  });

  it('is nothing of what anybody may have', () => {
    expect(sheetTrouble(facts, cola)).toBeUndefined();
  });
});
