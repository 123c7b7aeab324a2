import type { Catalogue } from '../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../domain/catalogue/catalogue.ts';
import { phoneField } from '../domain/catalogue/form.ts';
import type { Offer } from '../domain/catalogue/offer.ts';
import type { CartId, OrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order/order.ts';
import { orderSchema } from '../domain/order/order.ts';
import type { Shop } from '../domain/receipt/shop.ts';
import type { Random } from './random.ts';

const words = (en: string) => ({ zh: en, en });
const picture = { kind: 'drawing', name: 'box', tint: 'sand' } as const;

const offers: readonly Omit<Offer, 'picture' | 'description' | 'options' | 'tax' | 'maxPerOrder'>[] = [
  { id: 'noodles', categoryId: 'food', name: words('Noodles'), price: 1200, fulfilment: { kind: 'food' }, form: [] },
  { id: 'free-water', categoryId: 'food', name: words('Water'), price: 0, fulfilment: { kind: 'food' }, form: [] },
  { id: 'umbrella', categoryId: 'goods', name: words('Umbrella'), price: 3900, fulfilment: { kind: 'goods', initialStock: 30 }, form: [] },
  { id: 'battery', categoryId: 'goods', name: words('Battery'), price: 900, fulfilment: { kind: 'goods', initialStock: 60 }, form: [] },
  { id: 'sample', categoryId: 'goods', name: words('Sample'), price: 0, fulfilment: { kind: 'goods', initialStock: 20 }, form: [] },
  { id: 'top-up', categoryId: 'telecom', name: words('Top up'), price: 5000, fulfilment: { kind: 'telecom', service: 'top_up' }, form: [phoneField] },
];

/** The same wares in each revision; a later one brings a kind of goods more. */
export function catalogueOf(revision: number): Catalogue {
  const more: typeof offers = Array.from({ length: revision - 1 }, (_, index) => ({
    id: `extra-${index + 2}`, categoryId: 'goods', name: words(`Extra ${index + 2}`), price: 700, fulfilment: { kind: 'goods', initialStock: 10 }, form: [],
  }));
  return catalogueSchema.parse({
    revision, currency: 'CNY',
    categories: ['food', 'goods', 'telecom'].map((id) => ({ id, business: id, name: words(id), picture })),
    offers: [...offers, ...more].map((offer) => ({ ...offer, picture, description: words('-'), options: [], tax: { basisPoints: 600, included: true }, maxPerOrder: 9 })),
    scenes: [{ offerId: 'noodles', line: words('Hot') }],
  });
}

export const shop: Shop = { name: words('Shop'), address: words('Street 1'), phone: '010', timeZone: 'UTC' };

export interface OrderWish {
  readonly catalogue: Catalogue;
  readonly available: ReadonlyMap<string, number>;
  readonly number: string;
  readonly at: number;
  readonly newId: () => string;
  readonly random: Random;
}

/** What somebody buys; undefined where nothing of it is left. */
export function drawOrder({ catalogue, available, number, at, newId, random }: OrderWish): Order | undefined {
  const lines = Array.from({ length: 1 + random.int(2) }, () => random.pick(catalogue.offers)).flatMap((offer, index, drawn) => {
    if (drawn.findIndex(({ id }) => id === offer.id) !== index) return [];
    const left = offer.fulfilment.kind === 'goods' ? (available.get(offer.id) ?? 0) : 9;
    const quantity = Math.min(left, 1 + random.int(3));
    const form = offer.form.length > 0 ? { phone: `138${String(random.int(1e8)).padStart(8, '0')}` } : {};
    return quantity === 0 ? [] : [{ offerId: offer.id, name: offer.name, fulfilment: offer.fulfilment, choices: [], quantity, unitPrice: offer.price, total: quantity * offer.price, tax: { ...offer.tax, amount: 0 }, form, fields: [] }];
  });
  if (lines.length === 0) return undefined;
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  return orderSchema.parse({
    id: newId() as OrderId, cartId: newId() as CartId, number, placedAt: at, language: 'zh', catalogueRevision: catalogue.revision, lines, total: { amount: total, currency: 'CNY' },
    taxes: [], receiptToken: Buffer.from(random.bytes(16)).toString('base64url'),
  });
}
