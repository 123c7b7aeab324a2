import { z } from 'zod';
import { slugSchema } from '../ids.ts';
import { bilingualSchema } from '../language.ts';
import { currencySchema } from '../money.ts';
import type { FormField } from './form.ts';
import { deliveryFields } from './form.ts';
import { gtinOf } from './gtin.ts';
import type { Offer } from './offer.ts';
import { offerSchema, pictureSchema } from './offer.ts';
import { promotionSchema } from './promotion.ts';
import { windowSchema } from './window.ts';

/** The three businesses a kiosk exists for. */
export const businesses = ['goods', 'telecom', 'food'] as const;
export const businessSchema = z.enum(businesses);
export type Business = z.infer<typeof businessSchema>;

export const categorySchema = z.strictObject({
  id: slugSchema,
  business: businessSchema,
  name: bilingualSchema,
  picture: pictureSchema,
  /** When its offers can be had; always, where there are none. */
  windows: z.array(windowSchema).max(14).optional(),
});
export type Category = z.infer<typeof categorySchema>;

/** One full-height scene of the attract screen: one line and one offer. */
export const sceneSchema = z.strictObject({ offerId: slugSchema, line: bilingualSchema });
export type Scene = z.infer<typeof sceneSchema>;

/** What people ask, with its answer; `words` are further ones to find it by. */
export const questionSchema = z.strictObject({
  id: slugSchema,
  question: bilingualSchema,
  answer: z.strictObject({ zh: z.string().min(1).max(1000), en: z.string().min(1).max(1000) }),
  words: z.array(z.string().min(1).max(60)).max(20).optional(),
});
export type Question = z.infer<typeof questionSchema>;

/** Over all promotions: each is looked through for every price, on the thread that sells. */
const mostPromoted = 100_000;

/** All that a kiosk sells, as one revision. Checked whole: a catalogue that contradicts itself is refused. */
export const catalogueSchema = z
  .strictObject({
    revision: z.int().min(1),
    currency: currencySchema,
    categories: z.array(categorySchema).min(1).max(40),
    offers: z.array(offerSchema).min(1).max(20_000),
    promotions: z.array(promotionSchema).max(200).default([]),
    scenes: z.array(sceneSchema).min(1).max(8),
    questions: z.array(questionSchema).max(200).default([]),
  })
  .check((context) => {
    const { categories, offers, scenes, promotions, questions } = context.value;
    const problem = (message: string, ...path: (string | number)[]) =>
      context.issues.push({ code: 'custom', message, path, input: context.value });
    const businessOf = new Map(categories.map((category) => [category.id, category.business]));
    if (businessOf.size !== categories.length) problem('two categories share an id', 'categories');
    const offerIds = new Set(offers.map((offer) => offer.id));
    if (offerIds.size !== offers.length) problem('two offers share an id', 'offers');
    const counted = new Set(offers.flatMap(({ id, fulfilment }) => (fulfilment.kind === 'goods' ? [id] : [])));
    const barcodes = new Set<string>();
    for (const [index, offer] of offers.entries()) {
      const gtin = offer.barcode === undefined ? undefined : gtinOf(offer.barcode);
      if (gtin !== undefined && barcodes.has(gtin)) problem('two offers share a barcode', 'offers', index, 'barcode');
      if (gtin !== undefined) barcodes.add(gtin);
      const business = businessOf.get(offer.categoryId);
      if (business === undefined) problem(`no category "${offer.categoryId}"`, 'offers', index, 'categoryId');
      else if (business !== businessOfKind[offer.fulfilment.kind]) problem(`a ${offer.fulfilment.kind} offer stands in a ${business} category`, 'offers', index, 'fulfilment');
      for (const message of formProblems(offer)) problem(message, 'offers', index, 'form');
      if (offer.takeAwayTax && offer.fulfilment.kind !== 'food') problem('only food is taken away', 'offers', index, 'takeAwayTax');
      const steps = (offer.quantityPrices ?? []).map(({ from }) => from);
      if (new Set(steps).size !== steps.length) problem('two quantity prices begin at the same number', 'offers', index, 'quantityPrices');
      if (new Set(offer.options.map((group) => group.id)).size !== offer.options.length) problem('two option groups share an id', 'offers', index, 'options');
      for (const [groupIndex, group] of offer.options.entries()) {
        const choiceIds = new Set(group.choices.map((choice) => choice.id));
        const path = ['offers', index, 'options', groupIndex] as const;
        if (choiceIds.size !== group.choices.length) problem('two choices share an id', ...path, 'choices');
        if (group.min > group.max) problem('min is above max', ...path, 'min');
        if (!group.repeats && group.min > group.choices.length) problem('min is above the number of choices', ...path, 'min');
        if (group.preselected.length > group.max) problem('more preselected than may be chosen', ...path, 'preselected');
        if (!group.repeats && new Set(group.preselected).size !== group.preselected.length) problem('a choice is preselected twice', ...path, 'preselected');
        for (const { offerId } of group.choices) {
          if (offerId === undefined) continue;
          if (!offerIds.has(offerId)) problem(`no offer "${offerId}"`, ...path, 'choices');
          // A shelf counts its pieces, and a combo reserves none.
          else if (counted.has(offerId)) problem(`"${offerId}" is counted goods, which no choice hands out`, ...path, 'choices');
        }
        for (const id of group.preselected) if (!choiceIds.has(id)) problem(`no choice "${id}"`, ...path, 'preselected');
      }
    }
    if (new Set(promotions.map(({ id }) => id)).size !== promotions.length) problem('two promotions share an id', 'promotions');
    if (promotions.reduce((count, { offerIds: promoted }) => count + promoted.length, 0) > mostPromoted) problem(`more than ${mostPromoted} offers are promoted in all`, 'promotions');
    for (const [index, { offerIds: promoted, from, until }] of promotions.entries()) {
      for (const id of promoted) if (!offerIds.has(id)) problem(`no offer "${id}"`, 'promotions', index, 'offerIds');
      if (from !== undefined && until !== undefined && from >= until) problem('ends before it begins', 'promotions', index, 'until');
    }
    if (new Set(questions.map(({ id }) => id)).size !== questions.length) problem('two questions share an id', 'questions');
    for (const [index, scene] of scenes.entries()) if (!offerIds.has(scene.offerId)) problem(`no offer "${scene.offerId}"`, 'scenes', index, 'offerId');
  });
export type Catalogue = z.infer<typeof catalogueSchema>;

/** Reckoned once for each list of offers, and gone with it: a price is looked up for every line at every touch, among ten thousand offers. */
const offersById = new WeakMap<readonly Offer[], ReadonlyMap<string, Offer>>();

export function findOffer({ offers }: Catalogue, offerId: string): Offer | undefined {
  let byId = offersById.get(offers);
  if (byId?.size !== offers.length) {
    byId = new Map(offers.map((offer) => [offer.id, offer]));
    offersById.set(offers, byId);
  }
  return byId.get(offerId);
}

const businessOfKind: Readonly<Record<Offer['fulfilment']['kind'], Business>> = { goods: 'goods', delivery: 'goods', telecom: 'telecom', food: 'food' };

/** What a form says of itself that cannot be: two fields of one name, a condition on what is not asked before it. */
function formProblems({ form, fulfilment }: Offer): string[] {
  const taken = new Map<string, FormField>(fulfilment.kind === 'delivery' ? deliveryFields.map((field) => [field.id, field]) : []);
  return form.flatMap((field) => {
    const problems: string[] = [];
    if (taken.has(field.id)) problems.push(`two fields share the id "${field.id}"`);
    const condition = field.when && taken.get(field.when.field);
    if (field.when && !condition) problems.push(`"${field.id}" asks for "${field.when.field}", which does not come before it`);
    if (condition?.kind === 'choice') for (const value of field.when?.is ?? []) if (!condition.choices.some(({ id }) => id === value)) problems.push(`"${field.id}" waits for "${value}", which "${condition.id}" does not offer`);
    // A postcode is held against it by this name.
    if (field.kind === 'district' && field.id !== 'district') problems.push(`"${field.id}" is a district, and has to be called "district"`);
    if (field.kind === 'choice' && new Set(field.choices.map(({ id }) => id)).size !== field.choices.length) problems.push(`two choices of "${field.id}" share an id`);
    if (field.kind === 'choice' && field.preselected !== undefined && !field.choices.some(({ id }) => id === field.preselected)) problems.push(`no choice "${field.preselected}"`);
    if ((field.kind === 'text' || field.kind === 'digits') && field.minLength > field.maxLength) problems.push(`"${field.id}" has minLength above maxLength`);
    taken.set(field.id, field);
    return problems;
  });
}
