import { z } from 'zod';
import { attentionKindSchema, attentionSchema, decisionSchema } from '../attention/attention.ts';
import { attemptIdSchema, attentionIdSchema, eventIdSchema, jobIdSchema, kioskIdSchema, orderIdSchema, slugSchema } from '../ids.ts';
import { minorUnitsSchema, moneySchema } from '../money.ts';
import { orderSchema, orderStateSchema } from '../order/order.ts';
import { attemptStateSchema } from '../payment/attempt.ts';
import { cardDetailsSchema } from '../payment/card.ts';
import { shopSchema } from '../receipt/shop.ts';
import { epochMsSchema } from '../time.ts';

/** The border between a kiosk and HQ. */
export const jobStates = ['queued', 'doing', 'done', 'failed', 'uncertain', 'lapsed'] as const;
export const jobStateSchema = z.enum(jobStates);
export const jobKinds = ['print_receipt', 'print_copy', 'print_kitchen', 'print_staff_slip', 'request_service'] as const;
export const jobKindSchema = z.enum(jobKinds);
export type JobState = z.infer<typeof jobStateSchema>;
export type JobKind = z.infer<typeof jobKindSchema>;

/** What an event says, by kind. Version 1 of each. A receipt needs the shop as it was, so the order carries it. */
export const eventPayloads = {
  'order.placed': z.strictObject({
    order: orderSchema,
    shop: shopSchema,
    receiptUrl: z.url(),
  }),
  'order.state': z.strictObject({ orderId: orderIdSchema, from: orderStateSchema, to: orderStateSchema }),
  'payment.attempt': z.strictObject({
    attemptId: attemptIdSchema, orderId: orderIdSchema, amount: moneySchema, state: attemptStateSchema,
    card: cardDetailsSchema.optional(), resultCode: z.string().optional(),
  }),
  'stock.moved': z.strictObject({ offerId: slugSchema, change: z.int(), left: z.int(), reason: z.enum(['initial', 'reserved', 'released']), orderId: orderIdSchema.optional() }),
  /** Something stands on the staff's list, or was decided. */
  'attention.raised': attentionSchema,
  'attention.settled': z.strictObject({ id: attentionIdSchema, kind: attentionKindSchema, orderId: orderIdSchema, decision: decisionSchema }),
  'job.state': z.strictObject({ jobId: jobIdSchema, orderId: orderIdSchema, kind: jobKindSchema, state: jobStateSchema }),
  'service.requested': z.strictObject({
    jobId: jobIdSchema, orderId: orderIdSchema, offerId: slugSchema, service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']),
    quantity: z.int().min(1), amount: minorUnitsSchema, phone: z.string().max(20),
  }),
} as const;
export type EventKind = keyof typeof eventPayloads;
export type HqEventPayload<K extends EventKind> = z.input<(typeof eventPayloads)[K]>;

export const lanes = ['orders'] as const;

/** One thing that happened. `payload` travels and rests as the exact text: re-written JSON would not be the same bytes. */
export const hqEventSchema = z.strictObject({
  /** Contiguous from 1 within kiosk, lane and epoch. */
  sequence: z.int().min(1),
  id: eventIdSchema,
  kind: z.string().min(1).max(60),
  version: z.int().min(1),
  at: epochMsSchema,
  payload: z.string().max(200_000),
});
export type HqEvent = z.infer<typeof hqEventSchema>;

export const maxBatchEvents = 500;

/** POST /api/kiosk/events, with `authorization: Bearer <token>`. The first event's sequence follows on what HQ has, or overlaps it. */
export const batchSchema = z.strictObject({
  kioskId: kioskIdSchema,
  lane: z.enum(lanes),
  /** Raised when a kiosk's store was restored; a sequence number is never used twice within one. */
  epoch: z.int().min(1),
  events: z.array(hqEventSchema).min(1).max(maxBatchEvents),
});
export type Batch = z.infer<typeof batchSchema>;

/** HQ has every event up to and with this sequence. */
export const markSchema = z.strictObject({ epoch: z.int().min(1), acknowledged: z.int().min(0) });
export type Mark = z.infer<typeof markSchema>;

/** What HQ says with a 409, beside words for people: the batch does not follow on what it has, or contradicts it. */
export const conflictSchema = z.object({ code: z.enum(['HQ_SEQUENCE_GAP', 'HQ_EVENT_CONFLICT']), mark: markSchema });
