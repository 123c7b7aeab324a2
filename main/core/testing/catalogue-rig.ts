import type { z } from 'zod';
import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../../domain/catalogue/catalogue.ts';
import { phoneField } from '../../../domain/catalogue/form.ts';
import type { Offer, offerSchema } from '../../../domain/catalogue/offer.ts';

const picture = { kind: 'drawing', name: 'box', tint: 'sand' } as const;
const both = (text: string) => ({ zh: text, en: text });

function offer(id: string, categoryId: string, price: number, fulfilment: Offer['fulfilment'], rest: Partial<z.input<typeof offerSchema> & object> = {}): unknown {
  return { id, categoryId, name: both(id), description: both(id), picture, price, tax: { basisPoints: 600, included: true }, fulfilment, options: [], form: [], maxPerOrder: 9, ...rest };
}

/** One of everything that behaves differently. */
export const rigCatalogue: Catalogue = catalogueSchema.parse({
  revision: 1,
  currency: 'CNY',
  categories: [
    { id: 'drinks', business: 'goods', name: both('Drinks'), picture },
    { id: 'top-up', business: 'telecom', name: both('Top-up'), picture },
    { id: 'noodles', business: 'food', name: both('Noodles'), picture },
  ],
  offers: [
    offer('cola', 'drinks', 350, { kind: 'goods', initialStock: 40 }),
    offer('umbrella', 'drinks', 3900, { kind: 'goods', initialStock: 1 }),
    offer('city-map', 'drinks', 0, { kind: 'goods', initialStock: 100 }),
    offer('rice', 'drinks', 5000, { kind: 'delivery' }),
    offer('top-up-30', 'top-up', 3000, { kind: 'telecom', service: 'top_up' }, { form: [phoneField] }),
    offer('broadband', 'top-up', 0, { kind: 'telecom', service: 'application' }, {
      form: [{ id: 'applicant', kind: 'name', label: both('Name') }, phoneField, { id: 'agreed', kind: 'consent', label: both('I agree'), text: both('All of it'), version: '2026-1' }],
    }),
    offer('beef-noodles', 'noodles', 2600, { kind: 'food' }, {
      takeAwayTax: { basisPoints: 1300, included: true },
      options: [
        { id: 'size', name: both('Size'), min: 1, max: 1, preselected: ['small'], choices: [{ id: 'small', name: both('Small'), price: 0 }, { id: 'large', name: both('Large'), price: 600 }] },
        { id: 'extras', name: both('Extras'), min: 0, max: 2, preselected: [], choices: [{ id: 'egg', name: both('Egg'), price: 300 }, { id: 'greens', name: both('Greens'), price: 200 }] },
      ],
    }),
  ],
  scenes: [{ offerId: 'cola', line: both('Cold') }],
});
