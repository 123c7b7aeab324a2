import { describe, expect, it } from 'vitest';
import rawCatalogue from '../../config/catalogue.json';
import type { CartLine } from '../../domain/cart/cart.ts';
import { catalogueSchema, findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { isPartDone } from '../state/draft.ts';
import { partsOf } from '../state/parts.ts';
import { missingIn } from './offer-missing.ts';

const catalogue = catalogueSchema.parse(rawCatalogue);
const lineOf = (offer: Offer): CartLine => ({ id: 'line-1', offerId: offer.id, quantity: 1, choices: {}, form: {} });

describe('what is missing on a page of the sheet', () => {
  it.each(catalogue.offers.map((offer) => [offer.id, offer] as const))('%s: every page that cannot be left yet says why, in both languages, and no other does', (_, offer) => {
    const line = lineOf(offer);
    for (const part of partsOf(offer, line)) {
      const missing = missingIn(offer, line, part);
      expect(missing.length > 0, part.kind).toBe(!isPartDone(offer, line, part));
      for (const { zh, en } of missing) {
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(en).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });

  it('names the field, and what is the matter with it', () => {
    const offer = findOffer(catalogue, 'top-up-50')!;
    const part = partsOf(offer, lineOf(offer)).find(({ kind }) => kind === 'phone')!;
    expect(missingIn(offer, { ...lineOf(offer), form: { phone: '12' } }, part)[0]).toMatchObject({ zh: expect.stringMatching(/^手机号：.*12/) as string });
  });
});
