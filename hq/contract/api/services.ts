import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { currencySchema } from '../../../domain/money.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

/** A service (top-up, pack, plan, application) that has no end yet. */
const openServiceSchema = z.strictObject({
  kioskId: kioskIdSchema, kioskName: z.string(), jobId: z.string(), orderId: z.string(), orderNumber: z.string().nullable(),
  service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']).nullable(), offerId: z.string().nullable(), amount: z.strictObject({ amount: z.number(), currency: currencySchema }).nullable(),
  /** `held`: HQ has given it up, and only a person ends it. */
  state: z.enum(['queued', 'submitting', 'accepted', 'pending', 'unknown', 'held', 'done', 'refused']),
  askedAt: z.number(),
  /** Its customer was promised an end by then. */
  untilAt: z.number(),
  heldAt: z.number().nullable(), turns: z.number(),
  /** Whether the provider was to take it back, its time being over. */
  reversal: z.enum(['asked', 'cannot']).nullable(),
  provider: z.string().nullable(), detail: z.string().nullable(), resubmittedBy: z.string().nullable(),
});
export type OpenServiceRow = z.infer<typeof openServiceSchema>;

export const listServices = apiRoute({
  method: 'GET', path: '/api/services', summary: 'List services that have no end yet', tag: 'orders', permission: 'orders.see', params: nothing,
  query: z.strictObject({ of: z.enum(['given_up', 'open']).default('given_up'), kiosk: kioskIdSchema.optional(), after: z.string().max(120).optional() }), body: nothing,
  /** The oldest first. `next`: behind the last of them, where there are more. */
  answer: z.strictObject({ now: z.number(), open: z.number(), givenUp: z.number(), services: z.array(openServiceSchema), next: z.string().nullable() }),
});

const place = z.strictObject({ kiosk: kioskIdSchema, job: z.uuid() });

export const resubmitService = apiRoute({
  method: 'POST', path: '/api/services/:kiosk/:job/resubmit', summary: 'Send a service that was given up on its way again', tag: 'orders', permission: 'orders.refund',
  params: place, query: nothing, body: nothing, answer: nothing,
});

export const settleService = apiRoute({
  method: 'POST', path: '/api/services/:kiosk/:job/settle', summary: 'Settle a service by hand', tag: 'orders', permission: 'orders.refund', params: place, query: nothing,
  /** As the carrier told it. `refused` has it taken back there, and then gives the customer the money back; where it was not taken back, only if `isConfirmed`: the person has seen at the carrier that it is not credited. */
  body: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('done'), reference: z.string().trim().min(1).max(60).optional() }),
    z.strictObject({ outcome: z.literal('refused'), isConfirmed: z.boolean() }),
  ]),
  /** What became of it. `done` where `refused` was said: it is credited after all, and nothing goes back. `open`: it was not taken back, and nothing has happened. `detail` is in English. */
  answer: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('done'), reference: z.string().nullable() }),
    z.strictObject({ outcome: z.literal('refused') }),
    z.strictObject({ outcome: z.literal('open'), said: z.enum(['silent', 'cannot', 'pending', 'nobody']), detail: z.string() }),
  ]),
});
