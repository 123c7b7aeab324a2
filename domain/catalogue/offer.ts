import { z } from 'zod';
import { slugSchema } from '../ids.ts';
import { bilingualSchema } from '../language.ts';
import { minorUnitsSchema } from '../money.ts';
import { deliveryFields, formFieldSchema, phoneField } from './form.ts';
import type { FormField } from './form.ts';
import { barcodeSchema } from './gtin.ts';

/** Ground colours of the picture tiles; the renderer owns their values. */
export const tints = ['sand', 'mint', 'sky', 'rose', 'lemon', 'lilac'] as const;
const tintSchema = z.enum(tints);

/** An offer's picture: a bundled drawing by name, a file of the kiosk's picture folder, or, for telecom offers, the amount itself as the picture. */
export const pictureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drawing'), name: slugSchema, tint: tintSchema }),
  z.strictObject({ kind: z.literal('photo'), file: z.string().regex(/^[a-z0-9][a-z0-9-]*\.(webp|png|jpg|svg)$/), tint: tintSchema }),
  z.strictObject({ kind: z.literal('card'), big: z.string().min(1).max(8), small: bilingualSchema, tint: tintSchema }),
]);
export type Picture = z.infer<typeof pictureSchema>;

/** Ten million of the larger unit: a line of 99 pieces with all their choices is still what JSON, a card terminal and our own sums can hold. */
const priceSchema = minorUnitsSchema.min(0).max(1_000_000_000);
const extraSchema = minorUnitsSchema.min(0).max(10_000_000);

export const choiceSchema = z.strictObject({
  id: slugSchema,
  name: bilingualSchema,
  /** Added to the offer's price for each piece that is chosen, in minor units. */
  price: extraSchema,
  picture: pictureSchema.optional(),
  /** The offer that this choice hands out as part of a combo: with it sold out, the choice is, too. */
  offerId: slugSchema.optional(),
});
export type Choice = z.infer<typeof choiceSchema>;

export const optionGroupSchema = z.strictObject({
  id: slugSchema,
  name: bilingualSchema,
  /** `step`: a step of a combo, on a page of its own. */
  kind: z.enum(['options', 'step']).default('options'),
  /** How many must and may be taken. 1 and 1 is "one of". */
  min: z.int().min(0).max(10),
  max: z.int().min(1).max(10),
  /** Whether one choice may be taken several times, up to `max` in all. */
  repeats: z.boolean().default(false),
  /** So many are taken without `beyondFree`. */
  free: z.int().min(0).max(10).default(10),
  /** What each one beyond `free` costs, whichever it is, besides its own price; in minor units. */
  beyondFree: extraSchema.default(0),
  choices: z.array(choiceSchema).min(1).max(20),
  /** Chosen before the customer touches anything. */
  preselected: z.array(slugSchema).max(10),
});
export type OptionGroup = z.infer<typeof optionGroupSchema>;

export const taxRateSchema = z.strictObject({
  /** Hundredths of a per cent: 600 is 6 %. */
  basisPoints: z.int().min(0).max(5000),
  /** Inside the price, or added to it. */
  included: z.boolean(),
});
export type TaxRate = z.infer<typeof taxRateSchema>;

export const services = ['top_up', 'data_pack', 'plan_change', 'application'] as const;
export const serviceSchema = z.enum(services);

export const fulfilmentSchema = z.discriminatedUnion('kind', [
  /** Taken from the shelf; counted stock. */
  z.strictObject({ kind: z.literal('goods'), initialStock: z.int().min(0).max(100_000) }),
  /** Brought to the customer's address. */
  z.strictObject({ kind: z.literal('delivery') }),
  /** Asked of HQ, which asks the carrier. */
  z.strictObject({ kind: z.literal('telecom'), service: serviceSchema }),
  /** Made by the kitchen. */
  z.strictObject({ kind: z.literal('food') }),
]);
export type Fulfilment = z.infer<typeof fulfilmentSchema>;

/** What a pack costs beside going without it. Of a plan change `before` is not shown: the carrier says which plan the number has. */
export const termsSchema = z.strictObject({
  before: z.strictObject({ name: bilingualSchema, price: priceSchema }),
  after: z.strictObject({ name: bilingualSchema, price: priceSchema }),
  per: z.enum(['month', 'once']),
});
export type Terms = z.infer<typeof termsSchema>;

const currentOfferSchema = z.strictObject({
  id: slugSchema,
  categoryId: slugSchema,
  name: bilingualSchema,
  description: bilingualSchema,
  picture: pictureSchema,
  /** Minor units of the catalogue's currency. 0 is free of charge. */
  price: priceSchema,
  /** From so many pieces of this offer in the order, each costs this instead. */
  quantityPrices: z.array(z.strictObject({ from: z.int().min(2).max(99), price: priceSchema })).max(5).optional(),
  tax: taxRateSchema,
  /** Food that is taken away, where its tax differs. */
  takeAwayTax: taxRateSchema.optional(),
  fulfilment: fulfilmentSchema,
  options: z.array(optionGroupSchema).max(8),
  form: z.array(formFieldSchema).max(20),
  terms: termsSchema.optional(),
  /** The most of this offer in one order. */
  maxPerOrder: z.int().min(1).max(99),
  /** Sold to people of this age alone, which a person of the staff has to see. */
  minAge: z.int().min(1).max(99).optional(),
  /** The most bought has 1; offers without a rank come after those that have one. */
  rank: z.int().min(1).max(100_000).optional(),
  /** Further words that it is found by. */
  keywords: z.array(z.string().min(1).max(60)).max(20).optional(),
  /** What is printed on its package; a scanner finds the offer by it. */
  barcode: barcodeSchema.optional(),
});

/** A catalogue of before stays good: tax in thousandths of an included price, and "phone" as the one field there was. */
function fromOlder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { taxPerMille, ...rest } = value as Record<string, unknown>;
  const form = Array.isArray(rest['form']) ? { form: rest['form'].map((field: unknown) => (field === 'phone' ? phoneField : field)) } : {};
  if (typeof taxPerMille !== 'number' || rest['tax'] !== undefined) return { ...value, ...form };
  return { ...rest, ...form, tax: { basisPoints: taxPerMille * 10, included: true } };
}

export const offerSchema = z.preprocess(fromOlder, currentOfferSchema);
export type Offer = z.infer<typeof currentOfferSchema>;

/** Everything that is to be filled in for an offer, in order. */
export function fieldsOf(offer: Offer): readonly FormField[] {
  return offer.fulfilment.kind === 'delivery' ? [...deliveryFields, ...offer.form] : offer.form;
}

/** The carrier or HQ has to be asked: it cannot be had while HQ is away. */
export function needsHq(offer: Offer): boolean {
  return offer.fulfilment.kind === 'telecom';
}
