import { z } from 'zod';
import { tenderSchema, walletSchema } from '../../../domain/payment/tender.ts';
import { nothing } from './nothing.ts';
import { daySchema } from './reports.ts';
import { apiRoute } from './route.ts';

/** What is different between a gateway's book of a day and ours (hq/server/settlement/match.ts). */
export const differenceKinds = [
  /** The gateway has a payment with our merchant that HQ never asked for, or has forgotten. */
  'payment_not_ours',
  /** The gateway has it as paid, HQ as not: HQ asks again at once. */
  'payment_not_taken',
  'payment_amount',
  /** HQ has it as paid on that day, the gateway's book does not. */
  'payment_missing',
  'refund_not_ours',
  /** The gateway has given it back, HQ believes that it has not. */
  'refund_not_taken',
  'refund_amount',
  'refund_missing',
  /** All lines of a day whose trade numbers are none of ours: another system uses the same merchant number. One for them all. */
  'lines_not_ours',
] as const;
export const differenceKindSchema = z.enum(differenceKinds);
export type DifferenceKind = z.infer<typeof differenceKindSchema>;

const currencySchema = z.string().length(3);
const sumSchema = z.strictObject({ count: z.number(), amount: z.number() });
const sideSchema = z.strictObject({ paid: sumSchema, refunded: sumSchema, fees: z.number().nullable() });

export const settlementDaySchema = z.strictObject({
  day: daySchema,
  tender: tenderSchema,
  currency: currencySchema,
  /** `taken`: the gateway's book is here, or a terminal told its totals. `waiting`: it is not there yet; `detail` says why. `gone`: it was here, and is not kept any more. */
  state: z.enum(['taken', 'waiting', 'gone']),
  detail: z.string().nullable(),
  /** Null unless it is taken. Without other systems' lines. Of card terminals: what they told at the end of the day. */
  theirs: sideSchema.nullable(),
  /** Lines of other systems under the same merchant number: how many, and payments less refunds. Null where there are none. */
  others: sumSchema.nullable(),
  ours: sideSchema,
  /** Differences that nobody has ended. Of card terminals: ends of day whose totals were not ours. */
  open: z.number(),
});
export type SettlementDay = z.infer<typeof settlementDaySchema>;

export const settlementDifferenceSchema = z.strictObject({
  id: z.uuid(),
  wallet: walletSchema,
  day: daySchema,
  kind: differenceKindSchema,
  /** Of `lines_not_ours`: their currency. */
  tradeNo: z.string(),
  refundNo: z.string().nullable(),
  /** Null where HQ does not know the payment. */
  kioskId: z.string().nullable(),
  kioskName: z.string().nullable(),
  orderId: z.string().nullable(),
  orderNumber: z.string().nullable(),
  currency: currencySchema,
  ours: z.number().nullable(),
  theirs: z.number().nullable(),
  /** Of `lines_not_ours`: how many, and their sums. Null of the others. */
  lines: z.strictObject({ paid: sumSchema, refunded: sumSchema }).nullable(),
  foundAt: z.number(),
  endedAt: z.number().nullable(),
  /** Null where it went away by itself. */
  endedBy: z.string().nullable(),
  note: z.string().nullable(),
});
export type SettlementDifference = z.infer<typeof settlementDifferenceSchema>;

/** What is wrong between the books, one finding each; by its kind the console says what to do. */
export const findingKinds = [
  /** Money was taken, and its order was neither paid, nor given back, nor on a list. */
  'captured_unexplained',
  /** Two payments of one order were taken, and neither went back. */
  'paid_twice',
  /** More went back than was taken. */
  'refunded_too_much',
  /** An attempt older than a day has no end, and is on nobody's list. */
  'attempt_without_end',
  /** The gateway and HQ have it as paid, the kiosk as not. */
  'kiosk_unaware',
  /** The kiosk has it as paid, HQ's own book of the wallet does not. */
  'hq_unaware',
  /** The kiosk and HQ's own book of the wallet have other amounts of one payment. */
  'payment_differs',
  /** They have other amounts of one refund, or one of them has it as done and the other does not. */
  'refund_differs',
  /** A service was asked for more than a day ago, has no end, and is on nobody's list. */
  'service_without_end',
] as const;
export const findingKindSchema = z.enum(findingKinds);
export type FindingKind = z.infer<typeof findingKindSchema>;

export const findingSchema = z.strictObject({
  kind: findingKindSchema, kioskId: z.string(), orderId: z.string().nullable(), attemptId: z.string().nullable(), currency: currencySchema.nullable(), amount: z.number().nullable(), detail: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

export const bookSumSchema = z.strictObject({
  currency: currencySchema, tender: z.string(), captured: z.number(), delivered: z.number(), refunded: z.number(), open: z.number(),
  /** Captured less the other three: 0, or something is wrong. */
  unexplained: z.number(),
});
export type BookSum = z.infer<typeof bookSumSchema>;

export const reconciliationSchema = z.strictObject({ at: z.number(), since: z.number(), sums: z.array(bookSumSchema), findings: z.array(findingSchema) });
export type Reconciliation = z.infer<typeof reconciliationSchema>;

const period = z.strictObject({ from: daySchema, to: daySchema }).refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < 93 * 86_400_000, { error: 'from is after to, or it is more than 93 days', path: ['to'] });
const see = { method: 'GET', tag: 'money', permission: 'money.see', params: nothing, body: nothing } as const;

export const listSettlement = apiRoute({ ...see, path: '/api/money/settlement', summary: "The gateways' and terminals' books against ours, by day", query: period, answer: z.strictObject({ days: z.array(settlementDaySchema) }) });
export const listDifferences = apiRoute({
  ...see, path: '/api/money/differences', summary: 'What differs between the books, line by line',
  query: z.strictObject({ open: z.enum(['yes', 'no']).default('yes'), wallet: walletSchema.optional(), day: daySchema.optional() }),
  answer: z.strictObject({ differences: z.array(settlementDifferenceSchema) }),
});
export const endDifference = apiRoute({
  method: 'POST', tag: 'money', permission: 'money.settle', path: '/api/money/differences/:difference/end', summary: 'End a difference between the books, with what was found',
  params: z.strictObject({ difference: z.uuid() }), query: nothing, body: z.strictObject({ note: z.string().trim().min(3).max(500) }), answer: nothing,
});
export const exportLines = apiRoute({
  ...see, path: '/api/money/settlement.csv', summary: "Export a gateway's lines of some days beside ours as CSV", query: z.strictObject({ wallet: walletSchema, from: daySchema, to: daySchema, whose: z.enum(['all', 'not_ours']).default('all') }),
  answer: nothing, file: 'text/csv', audited: true,
});
export const readReconciliation = apiRoute({ ...see, path: '/api/money/reconciliation', summary: 'The newest comparison of all books with each other', query: nothing, answer: z.strictObject({ newest: reconciliationSchema.nullable() }) });
export const runReconciliation = apiRoute({
  method: 'POST', tag: 'money', permission: 'money.settle', path: '/api/money/reconciliation', summary: 'Compare all books with each other now', params: nothing, query: nothing, body: nothing, answer: reconciliationSchema,
});
