import { z } from 'zod';
import { attemptIdSchema, attentionIdSchema, jobIdSchema, orderIdSchema, refundIdSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { cardDetailsSchema } from '../payment/card.ts';
import { epochMsSchema } from '../time.ts';

/**
 * The staff's list: what the kiosk cannot decide by itself and must not guess. Each stands there until a person has
 * decided, with all that they need for it.
 */
export const attentionKinds = ['payment_unclear', 'reversal_refused', 'print_uncertain', 'service_refused', 'refund_refused'] as const;
export const attentionKindSchema = z.enum(attentionKinds);
export type AttentionKind = z.infer<typeof attentionKindSchema>;

/** What a person may decide, by what it is about. */
export const decisionsFor = {
  /**
   * The terminal's own book (of a wallet, the gateway's) shows it, or does not. Until then the kiosk takes no card, or of a wallet nothing for that order. `paid`: its customer gets what they have
   * paid for; `paid_send_back`: nobody stands there any more, and the money goes back through the terminal.
   */
  payment_unclear: ['paid', 'paid_send_back', 'not_paid'],
  /** The money could not be sent back through the terminal: somebody has given it back, found that it was back already, or settled with the customer that it stays. */
  reversal_refused: ['given_back', 'was_back', 'stays_paid'],
  /** Whether the paper came out is not known. A second print says COPY. */
  print_uncertain: ['print_copy', 'leave'],
  /**
   * HQ could not have a paid service carried out, and the order holds more than that: somebody has given this part's money back, or has settled it with the
   * customer in another way.
   */
  service_refused: ['part_given_back', 'part_settled'],
  /** A part of a payment was to go back to the customer's wallet, and the gateway will not: somebody has given it, or has settled it in another way. */
  refund_refused: ['part_given_back', 'part_settled'],
} as const satisfies Record<AttentionKind, readonly string[]>;
export type Decision = (typeof decisionsFor)[AttentionKind][number];
export const decisionSchema = z.enum(Object.values(decisionsFor).flat() as [Decision, ...Decision[]]);

export const attentionSchema = z.strictObject({
  id: attentionIdSchema,
  kind: attentionKindSchema,
  orderId: orderIdSchema,
  /** What the customer reads and is called by. */
  orderNumber: z.string().max(10).optional(),
  attemptId: attemptIdSchema.optional(),
  jobId: jobIdSchema.optional(),
  refundId: refundIdSchema.optional(),
  /** What was asked for, or is to be given back. */
  amount: moneySchema.optional(),
  /** When the purchase was sent. */
  startedAt: epochMsSchema.optional(),
  /** What the terminal had told of the payment. */
  card: cardDetailsSchema.optional(),
  /** What it named as its last transaction when it was asked: perhaps somebody else's, perhaps a reversal. */
  lastCard: cardDetailsSchema.optional(),
  /** Why, for whoever decides. No customer's data. */
  detail: z.string().max(500),
  raisedAt: epochMsSchema,
});
export type Attention = z.infer<typeof attentionSchema>;

/** Whether this is one of the answers that this kind of question has; who may give it is asked elsewhere (domain/staff/role.ts). */
export function mayDecide(kind: AttentionKind, decision: Decision): boolean {
  return (decisionsFor[kind] as readonly Decision[]).includes(decision);
}
