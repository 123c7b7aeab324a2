import { z } from 'zod';
import { orderIdSchema, slugSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
import { moneySchema } from '../money.ts';
import { terminalMessageSchema } from '../payment/card.ts';
import { tenderSchema, walletModeSchema, walletRefusalSchema, walletSchema } from '../payment/tender.ts';
import { orderStateSchema } from './order.ts';

/** Where the payment of an order stands, as far as its customer needs to know. */
export const paymentViewSchema = z.discriminatedUnion('kind', [
  /** Nothing to pay. */
  z.strictObject({ kind: z.literal('free') }),
  /** May be started; `last` says how the attempt before ended, `tender` and `refusal` of what it was. */
  z.strictObject({
    kind: z.literal('due'), last: z.enum(['none', 'declined', 'cancelled', 'terminal_unavailable', 'not_paid', 'wallet_unavailable', 'too_late']),
    tender: tenderSchema.optional(), refusal: walletRefusalSchema.optional(),
  }),
  /** `text`: the terminal's own words, where it has some. */
  z.strictObject({ kind: z.literal('running'), message: terminalMessageSchema, text: z.string().max(120).optional(), sinceMs: z.int().min(0), cancelRequested: z.boolean() }),
  /**
   * With a wallet. `starting`: HQ is asked for it; `show`: `code` is for the customer's phone to read; `confirm`: the phone asks its customer (password, face);
   * `checking`: the time is over, or it was cancelled, and what became of it is being asked. `leftMs`: how long it may still be paid.
   */
  z.strictObject({
    kind: z.literal('wallet'), wallet: walletSchema, mode: walletModeSchema, step: z.enum(['starting', 'show', 'confirm', 'checking']),
    code: z.string().max(512).optional(), leftMs: z.int().min(0), sinceMs: z.int().min(0), cancelRequested: z.boolean(),
  }),
  /** The terminal, or HQ, is being asked what became of it. */
  z.strictObject({ kind: z.literal('unknown'), tender: tenderSchema }),
  z.strictObject({ kind: z.literal('paid'), tender: tenderSchema, maskedPan: z.string().optional(), transactionId: z.string().optional() }),
  /** The money goes back, or is back. */
  z.strictObject({ kind: z.literal('returning') }),
  z.strictObject({ kind: z.literal('returned') }),
]);
export type PaymentView = z.infer<typeof paymentViewSchema>;

/** Where an order's paper receipt stands. */
export const receiptViewSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Waits for the printer; the customer has the number and the code on the screen. */
  z.strictObject({ kind: z.literal('waiting') }),
  z.strictObject({ kind: z.literal('printing') }),
  z.strictObject({ kind: z.literal('printed') }),
  /** Nobody knows whether it came out, or it will not: the code on the screen is the receipt. */
  z.strictObject({ kind: z.literal('on_screen_only') }),
]);
export type ReceiptView = z.infer<typeof receiptViewSchema>;

/** Where a service that is credited elsewhere stands. */
export const serviceViewSchema = z.strictObject({
  offerId: slugSchema,
  name: bilingualSchema,
  /** Told to HQ or not yet; the carrier was asked and has not answered for long; done; refused, and the money goes back. */
  state: z.enum(['asked', 'pending', 'done', 'refused']),
  /** The carrier's, of what is done; of an application, the number it is found by. */
  reference: z.string().max(60).optional(),
  /** Of what was refused: where its money is. `by_person`: on a person's list. */
  money: z.enum(['returning', 'returned', 'by_person']).optional(),
});
export type ServiceView = z.infer<typeof serviceViewSchema>;

/** One order as its customer's screen shows it: the whole truth each time, so that a lost message does no harm. */
export const orderViewSchema = z.strictObject({
  id: orderIdSchema,
  number: z.string(),
  state: orderStateSchema,
  language: languageSchema,
  total: moneySchema,
  payment: paymentViewSchema,
  receipt: receiptViewSchema,
  services: z.array(serviceViewSchema).max(60),
  /** What the code on the screen and on the paper leads to: the e-receipt at HQ. */
  receiptUrl: z.url(),
});
export type OrderView = z.infer<typeof orderViewSchema>;
