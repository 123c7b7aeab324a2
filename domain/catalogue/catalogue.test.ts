import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { catalogueSchema, findOffer } from './catalogue.ts';
import type { FormField, formFieldSchema } from './form.ts';
import { phoneField } from './form.ts';
import type { fulfilmentSchema, optionGroupSchema } from './offer.ts';
import type { Promotion } from './promotion.ts';

/** An offer as a file may say it, also one of before. */
interface DraftOffer extends Record<string, unknown> {
  id: string;
  categoryId: string;
  price: number;
  fulfilment: z.input<typeof fulfilmentSchema>;
  options: z.input<typeof optionGroupSchema>[];
  form: (z.input<typeof formFieldSchema> | 'phone')[];
}
type Draft = Omit<z.input<typeof catalogueSchema>, 'offers'> & { offers: DraftOffer[] };

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

const text = (id: string) => ({ id, kind: 'text', label: word(id) }) as const;
const yesOrNo: Extract<FormField, { kind: 'choice' }> = { id: 'ready', kind: 'choice', label: word('Ready'), required: true, choices: [{ id: 'yes', label: word('Yes') }, { id: 'no', label: word('No') }] };
const promotion: Promotion = { id: 'off', name: word('Off'), kind: 'percent_off', basisPoints: 1000, offerIds: ['cola'] };
const question = { id: 'where', question: word('Where?'), answer: word('There.') };

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

  it('of before stays good: tax in thousandths of an included price, "phone" as a field, and nothing of what came later', () => {
    const draft = sound();
    Object.assign(draft.offers[0]!, { form: ['phone'] });
    const taken = catalogueSchema.parse(JSON.parse(JSON.stringify(draft)));
    expect(taken.offers[0]).toMatchObject({ tax: { basisPoints: 1300, included: true }, form: [phoneField] });
    expect(taken.offers[0]).not.toHaveProperty('taxPerMille');
    expect(taken.offers[1]!.options[0]).toMatchObject({ kind: 'options', repeats: false, free: 10, beyondFree: 0 });
    expect([taken.promotions, taken.questions]).toEqual([[], []]);
    expect(catalogueSchema.parse(taken)).toEqual(taken);
  });

  it('may say all that there is to say', () => {
    const everything = (draft: Draft) => {
      Object.assign(draft.categories[1]!, { windows: [{ days: [6, 7], from: '22:00', to: '02:00' }] });
      Object.assign(draft.offers[1]!, { takeAwayTax: { basisPoints: 900, included: false }, quantityPrices: [{ from: 2, price: 800 }], minAge: 18, rank: 1, keywords: ['chai'] });
      Object.assign(size(draft), { kind: 'step', repeats: true, min: 2, max: 3, free: 2, beyondFree: 100, preselected: ['small', 'small'] });
      Object.assign(size(draft).choices[0]!, { offerId: 'cola', picture });
      Object.assign(draft.offers[0]!, { fulfilment: { kind: 'delivery' }, form: [yesOrNo, { ...text('note'), when: { field: 'ready', is: ['no'] } }], terms: { before: { name: word('Old'), price: 1 }, after: { name: word('New'), price: 2 }, per: 'month' } });
      draft.promotions = [promotion, { id: 'special', name: word('Special'), kind: 'special_price', price: 0, offerIds: ['cola'], from: 1, until: 2 }, { id: 'two', name: word('Two'), kind: 'buy_get', buy: 1, free: 1, offerIds: ['tea'], windows: [{ from: '08:00', to: '09:00' }] }];
      draft.questions = [question];
    };
    expect(findings(everything)).toEqual([]);
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
    ['a choice that hands out no offer', (draft) => Object.assign(size(draft).choices[1]!, { offerId: 'mug' }), 'offers.1.options.0.choices: no offer "mug"'],
    ['goods that are taken away at another tax', (draft) => (draft.offers[0]!.takeAwayTax = { basisPoints: 900, included: true }), 'offers.0.takeAwayTax: only food is taken away'],
    ['a choice that hands out counted goods', (draft) => Object.assign(size(draft).choices[1]!, { offerId: 'cola' }), 'offers.1.options.0.choices: "cola" is counted goods, which no choice hands out'],
    ['more preselected than allowed, though each may be taken again', (draft) => Object.assign(size(draft), { repeats: true, preselected: ['small', 'small', 'small'] }), 'offers.1.options.0.preselected: more preselected than may be chosen'],
    ['two quantity prices from one number', (draft) => Object.assign(draft.offers[0]!, { quantityPrices: [{ from: 3, price: 250 }, { from: 3, price: 240 }] }), 'offers.0.quantityPrices: two quantity prices begin at the same number'],
    ['two fields with one id', (draft) => (draft.offers[0]!.form = [phoneField, phoneField]), 'offers.0.form: two fields share the id "phone"'],
    ["a field with a delivery's own id", (draft) => Object.assign(draft.offers[0]!, { fulfilment: { kind: 'delivery' }, form: [text('street')] }), 'offers.0.form: two fields share the id "street"'],
    ['a condition on a field that comes after it', (draft) => (draft.offers[0]!.form = [{ ...text('note'), when: { field: 'why', is: ['late'] } }, text('why')]), 'offers.0.form: "note" asks for "why", which does not come before it'],
    ['a condition on an answer that is not offered', (draft) => (draft.offers[0]!.form = [yesOrNo, { ...text('note'), when: { field: 'ready', is: ['maybe'] } }]), 'offers.0.form: "note" waits for "maybe", which "ready" does not offer'],
    ['two answers with one id', (draft) => (draft.offers[0]!.form = [{ ...yesOrNo, choices: [yesOrNo.choices[0]!, yesOrNo.choices[0]!] }]), 'offers.0.form: two choices of "ready" share an id'],
    ['a preselected answer that is none', (draft) => (draft.offers[0]!.form = [{ ...yesOrNo, preselected: 'maybe' }]), 'offers.0.form: no choice "maybe"'],
    ['a field longer at least than at most', (draft) => (draft.offers[0]!.form = [{ ...text('note'), minLength: 9, maxLength: 8 }]), 'offers.0.form: "note" has minLength above maxLength'],
    ['a district by another name', (draft) => (draft.offers[0]!.form = [{ id: 'home', kind: 'district', label: word('Home') }]), 'offers.0.form: "home" is a district, and has to be called "district"'],
    ['two promotions with one id', (draft) => (draft.promotions = [promotion, promotion]), 'promotions: two promotions share an id'],
    ['a promotion of no offer', (draft) => (draft.promotions = [{ ...promotion, offerIds: ['cola', 'coffee'] }]), 'promotions.0.offerIds: no offer "coffee"'],
    ['a promotion that ends before it begins', (draft) => (draft.promotions = [{ ...promotion, from: 2, until: 1 }]), 'promotions.0.until: ends before it begins'],
    ['two questions with one id', (draft) => (draft.questions = [question, question]), 'questions: two questions share an id'],
    ['a scene of no offer', (draft) => (draft.scenes[0]!.offerId = 'coffee'), 'scenes.0.offerId: no offer "coffee"'],
  ])('with %s is refused, by its path', (_fault, change, finding) => {
    expect(findings(change)).toEqual([finding]);
  });

  it.each<[string, (draft: Draft) => void, string]>([
    ['a key that nobody knows', (draft) => Object.assign(draft.offers[0]!, { colour: 'red' }), 'offers.0'],
    ['a text in one language only', (draft) => Object.assign(draft.offers[0]!, { name: { zh: '可乐' } }), 'offers.0.name.en'],
    ['a tax of neither kind', (draft) => Object.assign(draft.offers[0]!, { taxPerMille: undefined }), 'offers.0.tax'],
    ['a tax said twice', (draft) => Object.assign(draft.offers[0]!, { tax: { basisPoints: 600, included: true } }), 'offers.0'],
    ['half a basis point', (draft) => Object.assign(draft.offers[0]!, { taxPerMille: 6.05 }), 'offers.0.tax.basisPoints'],
    ['a field of an unknown kind', (draft) => Object.assign(draft.offers[0]!, { form: ['fax'] }), 'offers.0.form.0'],
    ['an hour that no clock shows', (draft) => Object.assign(draft.categories[0]!, { windows: [{ from: '25:00', to: '26:00' }] }), 'categories.0.windows.0.from'],
    ['more than all of a price taken off', (draft) => (draft.promotions = [{ ...promotion, basisPoints: 10_001 }]), 'promotions.0.basisPoints'],
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
