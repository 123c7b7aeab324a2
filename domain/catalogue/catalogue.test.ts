import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { catalogueSchema, findOffer } from './catalogue.ts';

type Draft = z.input<typeof catalogueSchema>;

const word = (text: string) => ({ zh: text, en: text });
const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;

/** A catalogue without a fault, new each time: each test plants one. */
function sound(): Draft {
  return {
    revision: 1, currency: 'CNY',
    categories: [{ id: 'drinks', business: 'goods', name: word('Drinks'), picture }, { id: 'kitchen', business: 'food', name: word('Kitchen'), picture }],
    offers: [
      { id: 'cola', categoryId: 'drinks', name: word('Cola'), description: word('Cold'), picture, price: 300, taxPerMille: 130, fulfilment: { kind: 'goods', initialStock: 4 }, options: [], form: [], maxPerOrder: 9 },
      {
        id: 'tea', categoryId: 'kitchen', name: word('Tea'), description: word('Hot'), picture, price: 900, taxPerMille: 60, fulfilment: { kind: 'food' }, form: [], maxPerOrder: 9,
        options: [{ id: 'size', name: word('Size'), min: 1, max: 2, choices: [{ id: 'small', name: word('Small'), price: 0 }, { id: 'large', name: word('Large'), price: 200 }], preselected: ['small'] }],
      },
    ],
    scenes: [{ offerId: 'tea', line: word('Tea now') }],
  };
}

const size = (draft: Draft) => draft.offers[1]!.options[0]!;

function findings(change: (draft: Draft) => void): string[] {
  const draft = sound();
  change(draft);
  const checked = catalogueSchema.safeParse(draft);
  return checked.success ? [] : checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('a catalogue', () => {
  it('without a fault is taken', () => {
    expect(findings(() => {})).toEqual([]);
    expect(findOffer(catalogueSchema.parse(sound()), 'tea')?.price).toBe(900);
    expect(findOffer(catalogueSchema.parse(sound()), 'coffee')).toBeUndefined();
  });

  it.each<[string, (draft: Draft) => void, string]>([
    ['two categories with one id', (draft) => draft.categories.push({ ...draft.categories[0]! }), 'categories: two categories share an id'],
    ['two offers with one id', (draft) => draft.offers.push({ ...draft.offers[0]! }), 'offers: two offers share an id'],
    ['an offer in no category', (draft) => (draft.offers[0]!.categoryId = 'snacks'), 'offers.0.categoryId: no category "snacks"'],
    ["an offer in another business's category", (draft) => (draft.offers[0]!.categoryId = 'kitchen'), 'offers.0.fulfilment: a goods offer stands in a food category'],
    ['two option groups with one id', (draft) => draft.offers[1]!.options.push(structuredClone(size(draft))), 'offers.1.options: two option groups share an id'],
    ['two choices with one id', (draft) => (size(draft).choices[1]!.id = 'small'), 'offers.1.options.0.choices: two choices share an id'],
    ['min above max', (draft) => Object.assign(size(draft), { min: 2, max: 1 }), 'offers.1.options.0.min: min is above max'],
    ['min above the number of choices', (draft) => Object.assign(size(draft), { min: 3, max: 3 }), 'offers.1.options.0.min: min is above the number of choices'],
    ['more preselected than allowed', (draft) => Object.assign(size(draft), { max: 1, preselected: ['small', 'large'] }), 'offers.1.options.0.preselected: more preselected than may be chosen'],
    ['a choice preselected twice', (draft) => (size(draft).preselected = ['small', 'small']), 'offers.1.options.0.preselected: a choice is preselected twice'],
    ['a preselected choice that is none', (draft) => (size(draft).preselected = ['huge']), 'offers.1.options.0.preselected: no choice "huge"'],
    ['one barcode on two offers, once as UPC-A and once as EAN-13', (draft) => [Object.assign(draft.offers[0]!, { barcode: '036000291452' }), Object.assign(draft.offers[1]!, { barcode: '0036000291452' })], 'offers.1.barcode: two offers share a barcode'],
    ['a barcode that was mistyped', (draft) => Object.assign(draft.offers[0]!, { barcode: '4006381333932' }), 'offers.0.barcode: is no EAN-13, EAN-8 or UPC-A with its check digit'],
    ['a scene of no offer', (draft) => (draft.scenes[0]!.offerId = 'coffee'), 'scenes.0.offerId: no offer "coffee"'],
  ])('with %s is refused, by its path', (_fault, change, finding) => {
    expect(findings(change)).toEqual([finding]);
  });

  it.each<[string, (draft: Draft) => void, string]>([
    ['a key that nobody knows', (draft) => Object.assign(draft.offers[0]!, { colour: 'red' }), 'offers.0'],
    ['a text in one language only', (draft) => Object.assign(draft.offers[0]!, { name: { zh: '可乐' } }), 'offers.0.name.en'],
    ['a price below nothing', (draft) => (draft.offers[0]!.price = -1), 'offers.0.price'],
    ['half a fen', (draft) => (draft.offers[0]!.price = 0.5), 'offers.0.price'],
    ['a choice that lowers the price', (draft) => (size(draft).choices[0]!.price = -1), 'offers.1.options.0.choices.0.price'],
    ['less stock than none', (draft) => (draft.offers[0]!.fulfilment = { kind: 'goods', initialStock: -1 }), 'offers.0.fulfilment.initialStock'],
    ['nothing to sell', (draft) => (draft.offers = []), 'offers'],
    ['nothing to show', (draft) => (draft.scenes = []), 'scenes'],
    ['a currency that we do not sell in', (draft) => Object.assign(draft, { currency: 'USD' }), 'currency'],
  ])('with %s is refused', (_fault, change, at) => {
    expect(findings(change).some((finding) => finding.startsWith(`${at}:`))).toBe(true);
  });
});
