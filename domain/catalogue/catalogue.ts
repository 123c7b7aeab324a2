import { z } from 'zod';
import { slugSchema } from '../ids.ts';
import { bilingualSchema } from '../language.ts';
import { currencySchema, minorUnitsSchema } from '../money.ts';
import { barcodeSchema, gtinOf } from './gtin.ts';

/** The three businesses a kiosk exists for. */
export const businesses = ['goods', 'telecom', 'food'] as const;
export const businessSchema = z.enum(businesses);
export type Business = z.infer<typeof businessSchema>;

/** Ground colours of the picture tiles; the renderer owns their values. */
export const tints = ['sand', 'mint', 'sky', 'rose', 'lemon', 'lilac'] as const;

/** An offer's picture: a bundled drawing by name, or, for telecom offers, the amount itself as the picture. */
export const pictureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drawing'), name: slugSchema, tint: z.enum(tints) }),
  z.strictObject({ kind: z.literal('card'), big: z.string().min(1).max(8), small: bilingualSchema, tint: z.enum(tints) }),
]);
export type Picture = z.infer<typeof pictureSchema>;

export const choiceSchema = z.strictObject({
  id: slugSchema,
  name: bilingualSchema,
  /** Added to the offer's price, in minor units. */
  price: minorUnitsSchema.min(0),
});
export type Choice = z.infer<typeof choiceSchema>;

export const optionGroupSchema = z.strictObject({
  id: slugSchema,
  name: bilingualSchema,
  /** How many of the choices must and may be taken. 1 and 1 is "one of". */
  min: z.int().min(0).max(10),
  max: z.int().min(1).max(10),
  choices: z.array(choiceSchema).min(1).max(20),
  /** Chosen before the customer touches anything. */
  preselected: z.array(slugSchema).max(10),
});
export type OptionGroup = z.infer<typeof optionGroupSchema>;

/** What a customer must fill in. `phone` is a mobile number of the People's Republic of China. */
export const formFields = ['phone'] as const;
export const formFieldSchema = z.enum(formFields);
export type FormField = z.infer<typeof formFieldSchema>;

export const fulfilmentSchema = z.discriminatedUnion('kind', [
  /** Taken from the shelf; counted stock. */
  z.strictObject({ kind: z.literal('goods'), initialStock: z.int().min(0).max(100_000) }),
  /** Asked of HQ, which asks the carrier. */
  z.strictObject({ kind: z.literal('telecom'), service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']) }),
  /** Made by the kitchen. */
  z.strictObject({ kind: z.literal('food') }),
]);
export type Fulfilment = z.infer<typeof fulfilmentSchema>;

export const offerSchema = z.strictObject({
  id: slugSchema,
  categoryId: slugSchema,
  name: bilingualSchema,
  description: bilingualSchema,
  picture: pictureSchema,
  /** Minor units of the catalogue's currency, tax included. 0 is free of charge. */
  price: minorUnitsSchema.min(0),
  /** Tax inside the price, in thousandths: 60 is 6 %. */
  taxPerMille: z.int().min(0).max(500),
  fulfilment: fulfilmentSchema,
  options: z.array(optionGroupSchema).max(8),
  form: z.array(formFieldSchema).max(4),
  /** The most of this offer in one order. */
  maxPerOrder: z.int().min(1).max(99),
  /** What is printed on its package; a scanner finds the offer by it. */
  barcode: barcodeSchema.optional(),
});
export type Offer = z.infer<typeof offerSchema>;

export const categorySchema = z.strictObject({
  id: slugSchema,
  business: businessSchema,
  name: bilingualSchema,
  picture: pictureSchema,
});
export type Category = z.infer<typeof categorySchema>;

/** One full-height scene of the attract screen: one line and one offer. */
export const sceneSchema = z.strictObject({ offerId: slugSchema, line: bilingualSchema });
export type Scene = z.infer<typeof sceneSchema>;

/** All that a kiosk sells, as one revision. Checked whole: a catalogue that contradicts itself is refused. */
export const catalogueSchema = z
  .strictObject({
    revision: z.int().min(1),
    currency: currencySchema,
    categories: z.array(categorySchema).min(1).max(40),
    offers: z.array(offerSchema).min(1).max(2000),
    scenes: z.array(sceneSchema).min(1).max(8),
  })
  .check((context) => {
    const { categories, offers, scenes } = context.value;
    const problem = (message: string, ...path: (string | number)[]) =>
      context.issues.push({ code: 'custom', message, path, input: context.value });
    const businessOf = new Map(categories.map((category) => [category.id, category.business]));
    if (businessOf.size !== categories.length) problem('two categories share an id', 'categories');
    const offerIds = new Set(offers.map((offer) => offer.id));
    if (offerIds.size !== offers.length) problem('two offers share an id', 'offers');
    const barcodes = new Set<string>();
    for (const [index, offer] of offers.entries()) {
      const gtin = offer.barcode === undefined ? undefined : gtinOf(offer.barcode);
      if (gtin !== undefined && barcodes.has(gtin)) problem('two offers share a barcode', 'offers', index, 'barcode');
      if (gtin !== undefined) barcodes.add(gtin);
      const business = businessOf.get(offer.categoryId);
      if (business === undefined) problem(`no category "${offer.categoryId}"`, 'offers', index, 'categoryId');
      else if (business !== offer.fulfilment.kind) problem(`a ${offer.fulfilment.kind} offer stands in a ${business} category`, 'offers', index, 'fulfilment');
      if (new Set(offer.options.map((group) => group.id)).size !== offer.options.length) problem('two option groups share an id', 'offers', index, 'options');
      for (const [groupIndex, group] of offer.options.entries()) {
        const choiceIds = new Set(group.choices.map((choice) => choice.id));
        const path = ['offers', index, 'options', groupIndex] as const;
        if (choiceIds.size !== group.choices.length) problem('two choices share an id', ...path, 'choices');
        if (group.min > group.max) problem('min is above max', ...path, 'min');
        if (group.min > group.choices.length) problem('min is above the number of choices', ...path, 'min');
        if (group.preselected.length > group.max) problem('more preselected than may be chosen', ...path, 'preselected');
        if (new Set(group.preselected).size !== group.preselected.length) problem('a choice is preselected twice', ...path, 'preselected');
        for (const id of group.preselected) if (!choiceIds.has(id)) problem(`no choice "${id}"`, ...path, 'preselected');
      }
    }
    for (const [index, scene] of scenes.entries()) if (!offerIds.has(scene.offerId)) problem(`no offer "${scene.offerId}"`, 'scenes', index, 'offerId');
  });
export type Catalogue = z.infer<typeof catalogueSchema>;

export function findOffer(catalogue: Catalogue, offerId: string): Offer | undefined {
  return catalogue.offers.find((offer) => offer.id === offerId);
}
