import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { moveReasonSchema, planogramSlotSchema } from '../../../domain/stock/stock.ts';
import { epochMsSchema } from '../../../domain/time.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';
import { placesSchema, scopeTextSchema } from './scope.ts';

const someName = z.strictObject({ zh: z.string(), en: z.string() });
/** Null where no catalogue in force has it. */
const offer = { offerId: z.string(), name: someName.nullable(), picture: z.unknown() };
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const lotSchema = z.strictObject({ lotId: z.string(), slot: z.string().nullable(), bestBefore: day.nullable(), remaining: z.int(), isExpired: z.boolean() });
export type StockLot = z.infer<typeof lotSchema>;

/** Pieces: in all, of those what may be sold, and what is past its day and has to be taken out; `par` and what is missing to it (`bring`) where there is a planogram. */
const counts = { remaining: z.int(), sellable: z.int(), expired: z.int(), par: z.int(), bring: z.int() };

export const readStockOffers = apiRoute({
  method: 'GET', path: '/api/stock/offers', summary: 'Stock by offer, over all kiosks', tag: 'stock', permission: 'stock.see',
  params: nothing, query: nothing, body: nothing,
  answer: z.strictObject({ day, offers: z.array(z.strictObject({ ...offer, ...counts, kiosks: z.int(), emptyAt: z.int(), expiring: z.int() })) }),
});

export const readStockOffer = apiRoute({
  method: 'GET', path: '/api/stock/offers/:offer', summary: 'Where an offer is, with its lots', tag: 'stock', permission: 'stock.see',
  params: z.strictObject({ offer: z.string().max(60) }), query: nothing, body: nothing,
  answer: z.strictObject({ ...offer, kiosks: z.array(z.strictObject({ kioskId: kioskIdSchema, kiosk: z.string(), ...counts, lots: z.array(lotSchema), movedAt: epochMsSchema.nullable() })) }),
});

export const readStockKiosks = apiRoute({
  method: 'GET', path: '/api/stock/kiosks', summary: 'Stock by kiosk', tag: 'stock', permission: 'stock.see',
  params: nothing, query: nothing, body: nothing,
  answer: z.strictObject({
    day,
    kiosks: z.array(z.strictObject({
      kioskId: kioskIdSchema, kiosk: z.string(), ...counts, slots: z.int(), emptySlots: z.int(), expiring: z.int(), hasPlanogram: z.boolean(), lastVisitAt: epochMsSchema.nullable(), lastVisitBy: z.string().nullable(),
    })),
  }),
});

const slotStateSchema = z.strictObject({
  /** Null for what lies outside the planogram. */
  slot: z.string().nullable(), shelf: z.string().nullable(), ...offer, capacity: z.int().nullable(), ...counts, lots: z.array(lotSchema),
});

export const readStockKiosk = apiRoute({
  method: 'GET', path: '/api/stock/kiosks/:kiosk', summary: "One kiosk's shelves", tag: 'stock', permission: 'stock.see',
  params: z.strictObject({ kiosk: kioskIdSchema }), query: nothing, body: nothing,
  answer: z.strictObject({ kioskId: kioskIdSchema, kiosk: z.string(), planogram: z.strictObject({ scope: scopeTextSchema, revision: z.int() }).nullable(), slots: z.array(slotStateSchema) }),
});

export const readPlanogram = apiRoute({
  method: 'GET', path: '/api/stock/planogram', summary: 'The planogram of a kiosk, of a group, or of all', tag: 'stock', permission: 'stock.see',
  params: nothing, query: z.strictObject({ scope: scopeTextSchema }), body: nothing,
  answer: placesSchema.extend({
    scope: scopeTextSchema,
    /** What applies there: its own, or a more general one. */
    inForce: z.strictObject({ scope: scopeTextSchema, revision: z.int(), publishedAt: epochMsSchema, publishedBy: z.string() }).nullable(),
    slots: z.array(planogramSlotSchema),
    /** What can lie on a shelf, and scopes that have a planogram to begin from. */
    offers: z.array(z.strictObject(offer)), templates: z.array(z.strictObject({ scope: scopeTextSchema, name: z.string() })),
  }),
});

export const writePlanogram = apiRoute({
  method: 'PUT', path: '/api/stock/planogram', summary: 'Publish a planogram', tag: 'stock', permission: 'stock.edit',
  params: nothing, query: nothing,
  body: z.strictObject({ scope: scopeTextSchema, /** The revision that was edited; null where there was none. */ over: z.int().min(1).nullable(), slots: z.array(planogramSlotSchema).max(2000) }),
  answer: z.strictObject({ revision: z.int() }), bodyLimit: 1_000_000,
});

export const withdrawPlanogram = apiRoute({
  method: 'POST', path: '/api/stock/planogram/withdraw', summary: 'Let the more general planogram go for a kiosk or group', tag: 'stock', permission: 'stock.edit',
  params: nothing, query: nothing, body: z.strictObject({ scope: scopeTextSchema, /** The revision that was seen there. */ over: z.int().min(1) }), answer: nothing,
});

const routeBody = z.strictObject({ name: z.string().trim().min(1).max(60), kiosks: z.array(kioskIdSchema).min(1).max(500) });
const routeSchema = z.strictObject({
  routeId: z.string(), name: z.string(), kiosks: z.array(z.strictObject({ kioskId: kioskIdSchema, kiosk: z.string() })), version: z.int(), changedAt: epochMsSchema, changedBy: z.string(),
});
export type RestockRoute = z.infer<typeof routeSchema>;
const routeParams = z.strictObject({ route: z.uuid() });

export const readRoutes = apiRoute({
  method: 'GET', path: '/api/stock/routes', summary: 'Restock routes', tag: 'stock', permission: 'stock.see',
  params: nothing, query: nothing, body: nothing, answer: z.strictObject({ routes: z.array(routeSchema), kiosks: placesSchema.shape.kiosks }),
});
export const addRoute = apiRoute({
  method: 'POST', path: '/api/stock/routes', summary: 'Add a restock route', tag: 'stock', permission: 'stock.edit', params: nothing, query: nothing, body: routeBody, answer: z.strictObject({ routeId: z.string() }),
});
export const changeRoute = apiRoute({
  method: 'PUT', path: '/api/stock/routes/:route', summary: 'Change a restock route', tag: 'stock', permission: 'stock.edit',
  params: routeParams, query: nothing, body: routeBody.extend({ version: z.int().min(1) }), answer: z.strictObject({ version: z.int() }),
});
export const dropRoute = apiRoute({
  method: 'DELETE', path: '/api/stock/routes/:route', summary: 'Remove a restock route', tag: 'stock', permission: 'stock.edit', params: routeParams, query: nothing, body: nothing, answer: nothing,
});

const restockLine = z.strictObject({ slot: z.string().nullable(), shelf: z.string().nullable(), ...offer, sellable: z.int(), par: z.int(), bring: z.int(), expired: z.int() });
export const readRestockList = apiRoute({
  method: 'GET', path: '/api/stock/routes/:route/list', summary: 'What to bring on a route, and what to take out', tag: 'stock', permission: 'stock.see',
  params: routeParams, query: nothing, body: nothing,
  answer: z.strictObject({
    routeId: z.string(), name: z.string(), day, madeAt: epochMsSchema,
    kiosks: z.array(z.strictObject({ kioskId: kioskIdSchema, kiosk: z.string(), hasPlanogram: z.boolean(), lines: z.array(restockLine) })),
    totals: z.array(z.strictObject({ ...offer, bring: z.int(), expired: z.int() })),
  }),
});
export const downloadRestockList = apiRoute({
  method: 'GET', path: '/api/stock/routes/:route/list.csv', summary: 'The same as a table for a spreadsheet', tag: 'stock', permission: 'stock.see',
  params: routeParams, query: z.strictObject({ language: z.enum(['zh', 'en']).default('en') }), body: nothing, answer: nothing, file: 'text/csv',
});

export const readExpiring = apiRoute({
  method: 'GET', path: '/api/stock/expiring', summary: 'Lots that are past their day, or soon will be', tag: 'stock', permission: 'stock.see',
  params: nothing, query: z.strictObject({ days: z.coerce.number().int().min(0).max(365).default(7) }), body: nothing,
  answer: z.strictObject({ day, lots: z.array(z.strictObject({ kioskId: kioskIdSchema, kiosk: z.string(), ...offer, lotId: z.string(), slot: z.string().nullable(), bestBefore: day, remaining: z.int(), daysLeft: z.int() })), more: z.boolean() }),
});

const moveQuery = z.strictObject({ kiosk: kioskIdSchema.optional(), offer: z.string().max(60).optional(), before: z.string().max(120).optional() });
export const readDifferences = apiRoute({
  method: 'GET', path: '/api/stock/differences', summary: 'Counts that differed, and waste', tag: 'stock', permission: 'stock.see',
  params: nothing, query: moveQuery, body: nothing,
  answer: z.strictObject({
    moves: z.array(z.strictObject({
      kioskId: kioskIdSchema, kiosk: z.string(), key: z.string(), ...offer, at: epochMsSchema, change: z.int(), remaining: z.int(), reason: moveReasonSchema,
      slot: z.string().nullable(), lotId: z.string().nullable(), staff: z.string().nullable(), why: z.string().nullable(), note: z.string().nullable(),
    })),
    next: z.string().nullable(),
  }),
});

export const readVisits = apiRoute({
  method: 'GET', path: '/api/stock/visits', summary: 'Restockers’ visits', tag: 'stock', permission: 'stock.see',
  params: nothing, query: z.strictObject({ kiosk: kioskIdSchema.optional(), before: z.string().max(120).optional() }), body: nothing,
  answer: z.strictObject({
    visits: z.array(z.strictObject({
      kioskId: kioskIdSchema, kiosk: z.string(), visitId: z.string(), staff: z.string(), staffName: z.string().nullable(), startedAt: epochMsSchema, endedAt: epochMsSchema,
      slots: z.int(), piecesIn: z.int(), piecesOut: z.int(), differences: z.int(), at: epochMsSchema,
    })),
    next: z.string().nullable(),
  }),
});
