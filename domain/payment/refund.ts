import { z } from 'zod';
import { attemptIdSchema, jobIdSchema, orderIdSchema, refundIdSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { epochMsSchema } from '../time.ts';

/** `tender`: by the way it was paid, through HQ; `by_hand`: a person has given it (card terminals give back whole purchases only). */
export const refundWays = ['tender', 'by_hand'] as const;
export const refundWaySchema = z.enum(refundWays);
export type RefundWay = z.infer<typeof refundWaySchema>;

/** `asked` is committed before anybody hears of it, and asked for until it is `done` or `refused`; what is refused stands on the staff's list. */
export const refundStates = ['asked', 'done', 'refused'] as const;
export const refundStateSchema = z.enum(refundStates);
export type RefundState = z.infer<typeof refundStateSchema>;

/** In a person's words, or of the kiosk itself: 'service refused'. */
export const refundReasonSchema = z.string().min(1).max(200);

/** A part of an order's money that goes back. The sum of those that are not refused is never more than was paid. */
export const refundSchema = z.strictObject({
  id: refundIdSchema,
  attemptId: attemptIdSchema,
  orderId: orderIdSchema,
  amount: moneySchema,
  way: refundWaySchema,
  state: refundStateSchema,
  reason: refundReasonSchema,
  by: z.string().max(80).optional(),
  /** The service whose money it is. */
  jobId: jobIdSchema.optional(),
  detail: z.string().max(500).optional(),
  askedAt: epochMsSchema,
});
export type Refund = z.infer<typeof refundSchema>;
