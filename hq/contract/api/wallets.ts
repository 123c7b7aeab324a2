import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { moneySchema } from '../../../domain/money.ts';
import { walletSchema } from '../../../domain/payment/tender.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

/** What of wallets' money waits: for its gateway (HQ goes on asking), or for a person. */
export const openWalletSchema = z.strictObject({
  /** `payment`: without an end, or held. `refund`: not done yet, or refused and nobody has seen to it. */
  kind: z.enum(['payment', 'refund']),
  kioskId: z.string(), kioskName: z.string().nullable(), attemptId: z.string(), refundId: z.string().nullable(),
  orderId: z.string().nullable(), orderNumber: z.string().nullable(), wallet: walletSchema,
  state: z.enum(['starting', 'waiting', 'confirming', 'closing', 'held', 'asked', 'refused']),
  /** Nobody at HQ goes on by itself: a person has to find out, and to settle it. */
  needsPerson: z.boolean(),
  amount: moneySchema.nullable(),
  at: z.number(),
  /** For people who look after HQ, in English. */
  detail: z.string().nullable(),
  /** Those of the alarm that stands about it (alert-words.ts), which say the same in both languages. Null where none stands. */
  facts: z.record(z.string(), z.unknown()).nullable(),
});
export type OpenWallet = z.infer<typeof openWalletSchema>;

export const listOpenWallets = apiRoute({
  method: 'GET', path: '/api/money/wallets/open', summary: 'What of wallets’ money waits for its gateway or for a person', tag: 'money', permission: 'money.see',
  params: nothing, query: z.strictObject({ kiosk: kioskIdSchema.optional(), who: z.enum(['all', 'person']).default('all') }), body: nothing,
  /** Those that need a person first, then the oldest first; 500 at most. */
  answer: z.strictObject({ open: z.array(openWalletSchema).readonly() }),
});

export const settleWalletPayment = apiRoute({
  method: 'POST', path: '/api/money/wallets/:kiosk/payments/:attempt/settle', summary: 'Say what became of a wallet payment that is held', tag: 'money', permission: 'money.settle',
  params: z.strictObject({ kiosk: kioskIdSchema, attempt: z.uuid() }), query: nothing,
  /** `paid`: the gateway's own book has it as paid, with our amount. `closed`: it has taken nothing, or what it took was given back there. */
  body: z.strictObject({ outcome: z.enum(['paid', 'closed']), note: z.string().trim().min(3).max(300) }), answer: nothing,
});

export const settleWalletRefund = apiRoute({
  method: 'POST', path: '/api/money/wallets/:kiosk/refunds/:refund/settle', summary: 'Say that a refused refund was seen to, or have HQ ask for its own once more', tag: 'money', permission: 'money.settle',
  params: z.strictObject({ kiosk: kioskIdSchema, refund: z.uuid() }), query: nothing,
  /** `again`: only of what HQ gives back by itself; what a kiosk has asked for stands on that kiosk's own list since it was refused. */
  body: z.strictObject({ outcome: z.enum(['seen_to', 'again']), note: z.string().trim().min(3).max(300) }), answer: nothing,
});
