import { z } from 'zod';
import { slugSchema } from '../../../domain/ids.ts';
import { epochMsSchema } from '../../../domain/time.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';
import { placesSchema, scopeTextSchema } from './scope.ts';

/** A catalogue that is being worked on: it need not hold together yet. */
const looseSchema = z.record(z.string(), z.unknown());
const scopeQuery = z.strictObject({ scope: scopeTextSchema });
const someName = z.strictObject({ zh: z.string(), en: z.string() });

const inForceSchema = z.strictObject({ revision: z.int(), scope: scopeTextSchema, publishedAt: epochMsSchema, publishedBy: z.string() });

export const readCatalogueScopes = apiRoute({
  method: 'GET', path: '/api/catalogue/scopes', summary: 'Which scopes have a catalogue or a draft', tag: 'catalogue', permission: 'catalogue.see',
  params: nothing, query: nothing, body: nothing,
  answer: placesSchema.extend({
    scopes: z.array(z.strictObject({
      scope: scopeTextSchema, name: z.string(), inForce: inForceSchema.nullable(),
      draft: z.strictObject({ version: z.int(), changedAt: epochMsSchema, changedBy: z.string() }).nullable(),
    })),
  }),
});

export const readDraft = apiRoute({
  method: 'GET', path: '/api/catalogue/draft', summary: 'The draft of a scope, beside what is in force there', tag: 'catalogue', permission: 'catalogue.see',
  params: nothing, query: scopeQuery, body: nothing,
  answer: z.strictObject({
    scope: scopeTextSchema,
    /** What is edited: the draft, or without one what applies there now; null where there is neither. */
    catalogue: looseSchema.nullable(),
    /** 0 where nobody has begun one. */
    version: z.int().min(0),
    changedAt: epochMsSchema.nullable(),
    changedBy: z.string().nullable(),
    /** What applies to this scope now, its own or a more general one. */
    inForce: inForceSchema.extend({ catalogue: looseSchema }).nullable(),
  }),
});

const bigBody = 20_000_000;

/** One change of a draft. `null` takes an entry away; one that is new comes at the end of its list. */
export const draftChangeSchema = z.discriminatedUnion('part', [
  z.strictObject({ part: z.enum(['offers', 'categories', 'promotions', 'questions']), id: slugSchema, value: looseSchema.nullable() }),
  z.strictObject({ part: z.literal('scenes'), value: z.array(looseSchema).max(20) }),
  z.strictObject({ part: z.literal('order'), of: z.enum(['offers', 'categories', 'promotions', 'questions']), ids: z.array(z.string().max(60)).max(20_000) }),
]);
export type DraftChange = z.infer<typeof draftChangeSchema>;

export const changeDraft = apiRoute({
  method: 'PATCH', path: '/api/catalogue/draft', summary: 'Change parts of a draft', tag: 'catalogue', permission: 'catalogue.edit',
  params: nothing, query: nothing, body: z.strictObject({ scope: scopeTextSchema, version: z.int().min(0), changes: z.array(draftChangeSchema).min(1).max(500) }),
  answer: z.strictObject({ version: z.int().min(1), changedAt: epochMsSchema }), bodyLimit: 2_000_000,
});

export const replaceDraft = apiRoute({
  method: 'PUT', path: '/api/catalogue/draft', summary: 'Put a whole catalogue in place of a draft', tag: 'catalogue', permission: 'catalogue.edit',
  params: nothing, query: nothing, body: z.strictObject({ scope: scopeTextSchema, version: z.int().min(0), catalogue: looseSchema }),
  answer: z.strictObject({ version: z.int().min(1) }), bodyLimit: bigBody,
});

export const dropDraft = apiRoute({
  method: 'POST', path: '/api/catalogue/draft/drop', summary: 'Throw a draft away', tag: 'catalogue', permission: 'catalogue.edit',
  params: nothing, query: nothing, body: z.strictObject({ scope: scopeTextSchema, version: z.int().min(1) }), answer: nothing,
});

export const publishDraft = apiRoute({
  method: 'POST', path: '/api/catalogue/publications', summary: 'Publish a draft, now or at a time', tag: 'catalogue', permission: 'catalogue.publish',
  params: nothing, query: nothing,
  body: z.strictObject({
    scope: scopeTextSchema, version: z.int().min(1),
    /** The revision whose difference was looked at; null where there was none. */
    over: z.int().min(1).nullable(),
    at: epochMsSchema.optional(),
  }),
  answer: z.strictObject({ revision: z.int().nullable(), publicationId: z.string().nullable() }),
});

export const rollBack = apiRoute({
  method: 'POST', path: '/api/catalogue/rollback', summary: 'Publish an older revision again', tag: 'catalogue', permission: 'catalogue.publish',
  params: nothing, query: nothing, body: z.strictObject({ scope: scopeTextSchema, revision: z.int().min(1), over: z.int().min(1).nullable() }),
  answer: z.strictObject({ revision: z.int() }),
});

export const withdrawCatalogue = apiRoute({
  method: 'POST', path: '/api/catalogue/withdraw', summary: "Let what is more general go for a group or kiosk again", tag: 'catalogue', permission: 'catalogue.publish',
  params: nothing, query: nothing, body: z.strictObject({ scope: scopeTextSchema, /** The revision that was seen there. */ over: z.int().min(1) }), answer: z.strictObject({ revision: z.int().nullable() }),
});

export const readHistory = apiRoute({
  method: 'GET', path: '/api/catalogue/history', summary: 'What was published, and what is planned', tag: 'catalogue', permission: 'catalogue.see',
  params: nothing, query: z.strictObject({ scope: scopeTextSchema.optional(), before: z.coerce.number().int().min(1).optional() }), body: nothing,
  answer: z.strictObject({
    revisions: z.array(z.strictObject({
      revision: z.int(), scope: scopeTextSchema, name: z.string(), publishedAt: epochMsSchema, publishedBy: z.string(), withdrawnAt: epochMsSchema.nullable(),
      isInForce: z.boolean(), hasText: z.boolean(),
    })),
    more: z.boolean(),
    planned: z.array(z.strictObject({
      publicationId: z.string(), scope: scopeTextSchema, name: z.string(), at: epochMsSchema, state: z.enum(['waiting', 'published', 'failed', 'cancelled']),
      plannedBy: z.string(), plannedAt: epochMsSchema, revision: z.int().nullable(), detail: z.string().nullable(),
      /** What `detail` says, for the reader's language (hq/contract/alert-words.ts, publication_failed); null where there is nothing, or nothing any more. */
      facts: z.record(z.string(), z.unknown()).nullable(),
    })),
  }),
});

const entryChangeSchema = z.strictObject({
  part: z.enum(['offers', 'categories', 'promotions', 'questions', 'scenes', 'order']), id: z.string(), name: someName, kind: z.enum(['added', 'removed', 'changed']),
  fields: z.array(z.strictObject({ path: z.array(z.string()), before: z.unknown(), after: z.unknown() })),
});

export const readDifference = apiRoute({
  method: 'GET', path: '/api/catalogue/difference', summary: 'What a revision changed, entry by entry', tag: 'catalogue', permission: 'catalogue.see',
  params: nothing,
  /** `from`: the revision that it is held against; without it, the one before it in its own scope. */
  query: z.strictObject({ to: z.coerce.number().int().min(1), from: z.coerce.number().int().min(1).optional() }), body: nothing,
  answer: z.strictObject({ from: z.int().nullable(), to: z.int(), changes: z.array(entryChangeSchema) }),
});

export const cancelPlanned = apiRoute({
  method: 'POST', path: '/api/catalogue/planned/:publication/cancel', summary: 'Cancel a planned publication', tag: 'catalogue', permission: 'catalogue.publish',
  params: z.strictObject({ publication: z.uuid() }), query: nothing, body: nothing, answer: nothing,
});

const restSchema = z.strictObject({ scope: scopeTextSchema, name: z.string(), until: epochMsSchema.nullable() });

export const readSoldOut = apiRoute({
  method: 'GET', path: '/api/catalogue/sold-out', summary: 'What is not sold now, and where', tag: 'catalogue', permission: 'catalogue.see',
  params: nothing, query: z.strictObject({ search: z.string().max(60).optional() }), body: nothing,
  answer: z.strictObject({
    /** What rests somewhere; with a search, offers that fit it as well. */
    offers: z.array(z.strictObject({ offerId: z.string(), name: someName.nullable(), rests: z.array(restSchema) })),
    more: z.boolean(),
  }),
});

export const setSoldOut = apiRoute({
  method: 'POST', path: '/api/catalogue/sold-out', summary: 'Take an offer off sale at once, or put it back', tag: 'catalogue', permission: 'catalogue.publish',
  params: nothing, query: nothing,
  body: z.strictObject({ offerId: slugSchema, scope: scopeTextSchema, isSold: z.boolean(), until: epochMsSchema.optional() }),
  answer: z.strictObject({ published: z.int() }),
});
