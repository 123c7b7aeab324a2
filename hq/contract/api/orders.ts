import { z } from 'zod';
import { attentionKindSchema, decisionSchema } from '../../../domain/attention/attention.ts';
import { diningSchema } from '../../../domain/cart/cart.ts';
import { jobKindSchema, jobStateSchema } from '../../../domain/contract/hq.ts';
import { kioskIdSchema, orderIdSchema } from '../../../domain/ids.ts';
import { bilingualSchema, languageSchema } from '../../../domain/language.ts';
import { minorUnitsSchema, moneySchema } from '../../../domain/money.ts';
import { orderLineSchema, orderSchema, orderStateSchema } from '../../../domain/order/order.ts';
import { attemptStateSchema } from '../../../domain/payment/attempt.ts';
import { cardDetailsSchema } from '../../../domain/payment/card.ts';
import { refundStateSchema, refundWaySchema } from '../../../domain/payment/refund.ts';
import { tenderSchema, walletDetailsSchema, walletModeSchema } from '../../../domain/payment/tender.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { shopSchema } from '../../../domain/receipt/shop.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

export const orderCursorPattern = /^(\d{1,15})~([a-z0-9-]{2,41})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** One or several: a query string repeats the name, or has commas. */
export function several<S extends z.ZodType>(schema: S, most: number) {
  const list = z.array(schema).min(1).max(most);
  return z.union([list, z.string().max(4000).transform((text) => text.split(',').filter(Boolean)).pipe(list as unknown as z.ZodType<z.output<S>[], string[]>)]);
}

const timeSchema = z.coerce.number().int().min(0).max(9_999_999_999_999);

/** What narrows the list of orders, and what is exported of it. */
export const orderFilterSchema = z.strictObject({
  /** A pickup number or its beginning; a phone number, or its last four digits; an order's id, or its end as it stands on the receipt. */
  q: z.string().trim().max(40).optional(),
  state: several(orderStateSchema, 8).optional(),
  /** That any of its payment attempts is in one of these. */
  payment: several(attemptStateSchema, 11).optional(),
  kiosk: several(kioskIdSchema, 50).optional(),
  group: z.string().regex(/^[A-Za-z0-9-]{1,60}$/).optional(),
  /** Of the total, in minor units, both included. */
  min: z.coerce.number().pipe(minorUnitsSchema).optional(),
  max: z.coerce.number().pipe(minorUnitsSchema).optional(),
  /** When it was placed, by HQ's reckoning: epoch milliseconds UTC, from (included) and to (not included). */
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  /** `person`: only those about which a person has to decide something. */
  needs: z.literal('person').optional(),
});
export type OrderFilter = z.infer<typeof orderFilterSchema>;

export const orderQuerySchema = orderFilterSchema.extend({
  before: z.string().regex(orderCursorPattern).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type OrderQuery = z.infer<typeof orderQuerySchema>;

export const orderRowSchema = z.strictObject({
  kioskId: z.string(), kioskName: z.string(), orderId: z.string(), number: z.string(), state: orderStateSchema,
  placedAt: z.number(), occurredAt: z.number(), receivedAt: z.number(), language: languageSchema, total: moneySchema,
  items: z.array(z.strictObject({ name: bilingualSchema, quantity: z.number() })).readonly(),
  payment: attemptStateSchema.nullable(), print: jobStateSchema.nullable(), needsPerson: z.boolean(),
});

/**
 * How giving the money back stands. `via`: by a command to its kiosk, which may have `expired` because the kiosk did not begin it in time; of a kiosk that is gone by HQ
 * itself at the wallet's gateway, and then `commandId` is the refund's own, it expires never, and it is delivered to nobody.
 */
export const refundSchema = z.strictObject({
  via: z.enum(['kiosk', 'hq']), commandId: z.uuid(), reason: z.string(),
  /** Of a part, how much; null where all of it was asked for. */
  amount: minorUnitsSchema.nullable(),
  askedAt: z.number(), askedBy: z.string(), expiresAt: z.number().nullable(), deliveredAt: z.number().nullable(),
  state: z.enum(['waiting', 'expired', 'cancelled', 'done', 'failed', 'refused']), detail: z.string().nullable(), answeredAt: z.number().nullable(),
});
export type Refund = z.infer<typeof refundSchema>;

/** One moment of an order's life, told apart by `kind`; which of the other fields stand is up to that. Times by HQ's reckoning, epoch milliseconds UTC. */
export const momentSchema = z.strictObject({
  at: z.number(),
  kind: z.enum(['placed', 'state', 'payment', 'wallet', 'refund', 'job', 'stock', 'service', 'attention', 'settled', 'staff', 'command', 'answered', 'feedback', 'event']),
  /** A state's, job's, act's or command's own name. */
  name: z.string(),
  /** What it came to, where that is another word. */
  outcome: z.string().nullable(),
  /** Attempt, job, offer, staff number, or account. */
  subject: z.string().nullable(),
  detail: z.string().nullable(),
  amount: moneySchema.nullable(),
  /** When HQ got it; null of what happened at HQ. */
  receivedAt: z.number().nullable(),
});
export type Moment = z.infer<typeof momentSchema>;

const attentionSchema = z.strictObject({
  attentionId: z.string(), kind: attentionKindSchema, attemptId: z.string().nullable(), jobId: z.string().nullable(), amount: moneySchema.nullable(), startedAt: z.number().nullable(),
  card: cardDetailsSchema.nullable(), lastCard: cardDetailsSchema.nullable(), detail: z.string().nullable(), raisedAt: z.number().nullable(),
  settled: z.strictObject({ decision: decisionSchema, at: z.number() }).nullable(),
});

export const orderInFullSchema = z.strictObject({
  row: orderRowSchema,
  shop: shopSchema,
  lines: z.array(orderLineSchema).readonly(),
  taxes: orderSchema.shape.taxes,
  dining: diningSchema.nullable(),
  catalogueRevision: z.number(),
  receiptUrl: z.string(),
  attempts: z.array(z.strictObject({
    attemptId: z.string(), amount: moneySchema, state: attemptStateSchema, card: cardDetailsSchema.nullable(), resultCode: z.string().nullable(), startedAt: z.number(), stateAt: z.number(),
    tender: tenderSchema, mode: walletModeSchema.nullable(), wallet: walletDetailsSchema.nullable(),
  })).readonly(),
  refunds: z.array(z.strictObject({
    refundId: z.string(), attemptId: z.string(), amount: moneySchema, way: refundWaySchema, state: refundStateSchema, reason: z.string(), by: z.string().nullable(), detail: z.string().nullable(),
    askedAt: z.number(), stateAt: z.number(),
  })).readonly(),
  jobs: z.array(z.strictObject({ jobId: z.string(), kind: jobKindSchema, state: jobStateSchema, queuedAt: z.number(), stateAt: z.number() })).readonly(),
  attention: z.array(attentionSchema).readonly(),
  services: z.array(z.strictObject({
    jobId: z.string(), offerId: z.string(), service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']), quantity: z.number(), amount: moneySchema, form: z.record(z.string(), z.string()),
    requestedAt: z.number(), state: z.enum(['asked', 'pending', 'unknown', 'done', 'refused', 'held']), reference: z.string().nullable(), number: z.string().nullable(),
    settled: z.strictObject({ outcome: z.enum(['pending', 'done', 'refused']), at: z.number() }).nullable(),
  })).readonly(),
  stockMoves: z.array(z.strictObject({ offerId: z.string(), change: z.number(), left: z.number(), reason: z.string(), at: z.number() })).readonly(),
  events: z.array(z.strictObject({
    lane: z.string(), epoch: z.number(), sequence: z.number(), id: z.string(), kind: z.string(), version: z.number(), at: z.number(), occurredAt: z.number(), receivedAt: z.number(),
    payload: z.string(), repeated: z.boolean(), setAside: z.string().nullable(),
  })).readonly(),
  /** The lines that the printer got (domain/receipt); null while the order is not paid. */
  receipt: z.unknown() as unknown as z.ZodType<Receipt | null>,
  /** The oldest first. */
  life: z.array(momentSchema).readonly(),
  /** The newest time that somebody at HQ had the money given back; null where nobody has asked for it. */
  refund: refundSchema.nullable(),
  /** Whether the money can be asked back now, or why not: it was never paid, is back already, or is asked for; `card_gone`: by card at a kiosk that is gone, so only the terminal's provider can. */
  mayRefund: z.enum(['yes', 'unpaid', 'free', 'refunded', 'asked', 'unclear', 'card_gone']),
  /** How much may go back; null where nothing may. `parts`: any part of it; card terminals give back whole purchases only. `via`: who does it: HQ itself where the kiosk is gone (its identity is revoked). */
  refundable: z.strictObject({ left: moneySchema, tender: tenderSchema, parts: z.boolean(), via: z.enum(['kiosk', 'hq']) }).nullable(),
});

const orderParams = z.strictObject({ kiosk: kioskIdSchema, order: orderIdSchema });

export const listOrders = apiRoute({
  method: 'GET', path: '/api/orders', summary: 'Search orders, the newest first', tag: 'orders', permission: 'orders.see',
  params: nothing, query: orderQuerySchema, body: nothing,
  answer: z.strictObject({ orders: z.array(orderRowSchema).readonly(), next: z.string().nullable() }),
});

export const readOrder = apiRoute({
  method: 'GET', path: '/api/orders/:kiosk/:order', summary: 'One order with its whole life', tag: 'orders', permission: 'orders.see',
  params: orderParams, query: nothing, body: nothing, answer: orderInFullSchema,
});

export const refundOrder = apiRoute({
  method: 'POST', path: '/api/orders/:kiosk/:order/refund', summary: 'Give an order’s money, or a part of it, back the way it was paid', tag: 'orders', permission: 'orders.refund',
  params: orderParams, query: nothing, body: z.strictObject({
    reason: z.string().trim().min(3).max(200),
    /** A part, in minor units of the order's currency. Without it all that is left. */
    amount: minorUnitsSchema.min(1).optional(),
    /** What was left when it was decided, in minor units: where another amount is left by now, nothing happens. */
    left: minorUnitsSchema.optional(),
  }),
  /** `isNew`: false where somebody has asked already; then it is theirs. */
  answer: z.strictObject({ refund: refundSchema, isNew: z.boolean() }),
});

export const exportOrders = apiRoute({
  method: 'GET', path: '/api/orders.csv', summary: 'Export orders as CSV', tag: 'orders', permission: 'orders.export',
  params: nothing, query: orderFilterSchema, body: nothing, answer: nothing, file: 'text/csv', audited: true,
});

export const listOrderPlaces = apiRoute({
  method: 'GET', path: '/api/order-places', summary: 'The kiosks and groups by which orders and reports are narrowed', tag: 'orders', permission: 'orders.see',
  params: nothing, query: nothing, body: nothing,
  answer: z.strictObject({
    groups: z.array(z.strictObject({ groupId: z.string(), name: z.string() })), kiosks: z.array(z.strictObject({ kioskId: z.string(), name: z.string() })),
  }),
});
