import { z } from 'zod';
import { attemptIdSchema, kioskIdSchema, orderIdSchema, refundIdSchema, slugSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { refundStateSchema } from '../payment/refund.ts';
import { walletDetailsSchema, walletModeSchema, walletRefusalSchema, walletSchema } from '../payment/tender.ts';
import { epochMsSchema } from '../time.ts';
import { numberViewSchema } from './number.ts';

/**
 * What a kiosk asks of HQ while its customer waits: signed, in the session, and answered at once or not at all. Everything that must not get lost goes by
 * events; of what is asked here, each question may be asked again.
 */
const asker = { kioskId: kioskIdSchema };

/** POST /api/kiosk/ways: how customers may pay through HQ, and what can be asked. Wallets that are `away` are kept from the customer's finger. */
export const waysRequestSchema = z.strictObject(asker);
export const waysAnswerSchema = z.object({
  hqTime: epochMsSchema,
  wallets: z.array(z.strictObject({ wallet: walletSchema, modes: z.array(walletModeSchema).min(1), state: z.enum(['ready', 'away']) })),
  /** Numbers can be looked up. */
  numbers: z.boolean(),
});
export type WaysAnswer = z.infer<typeof waysAnswerSchema>;

const attempt = { ...asker, attemptId: attemptIdSchema, wallet: walletSchema };

/**
 * POST /api/kiosk/wallet: one wallet payment, by its attempt's id, which is the gateway's `out_trade_no` (without hyphens).
 * - `begin`: HQ writes it down, then asks the gateway. The same again answers where it stands, and charges nothing more. After a `close` it stays closed.
 * - `state`: where it stands. `waitMs`: HQ may keep the question until that changes. A payment that HQ does not know is `not_found`.
 * - `close`: it is not wanted any more. HQ asks, closes or takes back at the gateway, and ends it as `closed` or `paid`; a payment that it does not know is noted as
 *   not wanted, so that a late `begin` finds it closed.
 * - `refund`: so much of a paid one goes back, once for each `refundId` (the whole: the attempt's own id).
 */
export const walletRequestSchema = z.discriminatedUnion('act', [
  z.strictObject({
    ...attempt, act: z.literal('begin'), orderId: orderIdSchema, orderNumber: z.string().max(10), amount: moneySchema, mode: walletModeSchema,
    /** Of `read`: what the customer's phone showed. In memory alone, for no log and no table. */
    code: z.string().max(40).optional(),
    /** What the phone shows its customer beside the amount. */
    title: z.string().min(1).max(60),
    /** How long it may be paid. */
    validMs: z.int().min(5_000).max(900_000),
  }),
  z.strictObject({ ...attempt, act: z.literal('state'), waitMs: z.int().min(0).max(20_000).optional() }),
  z.strictObject({ ...attempt, act: z.literal('close') }),
  z.strictObject({ ...attempt, act: z.literal('refund'), refundId: refundIdSchema.or(attemptIdSchema), amount: moneySchema, reason: z.string().min(1).max(80) }),
]);
export type WalletRequest = z.infer<typeof walletRequestSchema>;

/**
 * - `starting`: the gateway has not answered yet; `waiting`: it may be paid, `code` is to be shown; `confirming`: the phone asks its customer.
 * - `closing`: HQ is finding out, or taking it back.
 * - `paid`, `declined`, `closed`: the end. Only `paid` has taken money. What is paid after `closed` or `declined` HQ finds and gives back by itself.
 * - `held`: HQ could not find out, and a person must.
 */
export const walletStates = ['starting', 'waiting', 'confirming', 'closing', 'paid', 'declined', 'closed', 'held', 'not_found'] as const;
export const walletStateSchema = z.enum(walletStates);
export type WalletState = z.infer<typeof walletStateSchema>;

export const walletAnswerSchema = z.object({
  hqTime: epochMsSchema,
  attemptId: attemptIdSchema,
  state: walletStateSchema,
  /** What the customer's phone is to read. */
  code: z.string().max(512).optional(),
  details: walletDetailsSchema.optional(),
  refusal: walletRefusalSchema.optional(),
  /** In words for people who look after kiosks. */
  detail: z.string().max(300).optional(),
  refunds: z.array(z.strictObject({ refundId: z.uuid(), amount: moneySchema, state: refundStateSchema, detail: z.string().max(300).optional() })).max(200),
});
export type WalletAnswer = z.infer<typeof walletAnswerSchema>;

/** POST /api/kiosk/number: whose number it is. */
export const numberRequestSchema = z.strictObject({ ...asker, offerId: slugSchema, service: z.enum(['top_up', 'data_pack', 'plan_change', 'application']), number: z.string().max(40) });
export type NumberRequest = z.infer<typeof numberRequestSchema>;
export const numberAnswerSchema = z.object({ hqTime: epochMsSchema, number: numberViewSchema });
