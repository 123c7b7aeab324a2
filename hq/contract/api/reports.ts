import { z } from 'zod';
import { feedbackChips } from '../../../domain/feedback/feedback.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { bilingualSchema } from '../../../domain/language.ts';
import { nothing } from './nothing.ts';
import { several } from './orders.ts';
import { apiRoute } from './route.ts';

/** A day by the shop's own clock. */
export const daySchema = z.iso.date();

const period = {
  /** Both included; at most 400 days. */
  from: daySchema,
  to: daySchema,
  kiosk: several(kioskIdSchema, 50).optional(),
  group: z.string().regex(/^[A-Za-z0-9-]{1,60}$/).optional(),
};
const isPeriod = ({ from, to }: { readonly from: string; readonly to: string }) => from <= to && Date.parse(to) - Date.parse(from) < 400 * 86_400_000;
const notAPeriod = { error: 'from is after to, or it is more than 400 days', path: ['to'] };

export const periodQuerySchema = z.strictObject(period).refine(isPeriod, notAPeriod);
export type PeriodQuery = z.infer<typeof periodQuerySchema>;

/** `hour`: each hour of the period, of 14 days at most. `hour_of_day`: 0 to 23. `week`: seven days from the period's first. */
export const salesBy = ['hour', 'hour_of_day', 'day', 'week', 'kiosk', 'business', 'offer'] as const;
const currencySchema = z.string().length(3);
export const salesQuerySchema = z.strictObject({ ...period, by: z.enum(salesBy).default('day'), currency: currencySchema.optional() })
  .refine(isPeriod, notAPeriod)
  .refine(({ from, to, by }) => by !== 'hour' || Date.parse(to) - Date.parse(from) < 14 * 86_400_000, { error: 'hours are told of 14 days at most', path: ['by'] });
export type SalesQuery = z.infer<typeof salesQuerySchema>;

/** Amounts in minor units. By business and offer, `quantity` and no orders; by time and kiosk the other way round. */
export const salesFiguresSchema = z.strictObject({
  orders: z.number(), amount: z.number(), freeOrders: z.number(), unsoldOrders: z.number(), refunds: z.number(), refundedAmount: z.number(), quantity: z.number(),
});
export type SalesFigures = z.infer<typeof salesFiguresSchema>;

/** The period, and as many days just before it; days both included. */
const periodsSchema = z.strictObject({ from: daySchema, to: daySchema, beforeFrom: daySchema, beforeTo: daySchema });

export const salesReportSchema = z.strictObject({
  periods: periodsSchema,
  currency: currencySchema.nullable(),
  /** All that anything was sold in, the most first. */
  currencies: z.array(currencySchema),
  total: salesFiguresSchema,
  totalBefore: salesFiguresSchema,
  /** `key`: an hour ("2026-11-22T08"), an hour of the day ("08"), a day, a kiosk's or offer's id, or a business. */
  rows: z.array(z.strictObject({ key: z.string(), name: bilingualSchema.nullable(), now: salesFiguresSchema, before: salesFiguresSchema })),
  /** Days of kiosks that are summed anew just now: the figures lack a moment. */
  pending: z.number(),
});
export type SalesReport = z.infer<typeof salesReportSchema>;

const sumSchema = z.strictObject({ count: z.number(), amount: z.number() });
export const settlementSchema = z.strictObject({
  kioskId: z.string(), kioskName: z.string(), number: z.number(), day: daySchema, closedAt: z.number(), currency: currencySchema, staff: z.string().nullable(),
  ours: sumSchema, terminal: sumSchema.nullable(),
  /** The terminal's amount less ours; null where it told none. */
  difference: z.number().nullable(),
  unsettled: z.number(),
  /** Of the signed closing of the same day at HQ. */
  proof: z.enum(['green', 'red', 'waiting']).nullable(),
});
export type Settlement = z.infer<typeof settlementSchema>;

export const paymentsReportSchema = z.strictObject({
  periods: periodsSchema,
  currency: currencySchema.nullable(),
  currencies: z.array(currencySchema),
  /** `taken`: approved, also what went back later. `returned`: on the day on which it did. `open`: nobody knows yet what became of it. */
  days: z.array(z.strictObject({ day: daySchema, taken: sumSchema, returned: sumSchema, declined: sumSchema, open: sumSchema })),
  tenders: z.array(z.strictObject({ tender: z.string(), taken: sumSchema, returned: sumSchema })),
  settlement: z.strictObject({
    agreeing: z.number(), differing: z.number(),
    /** Closed, and the terminal told no totals. */
    untold: z.number(),
    difference: z.number(),
    /** What does not agree, the newest first, 200 at most; the export has all. */
    rows: z.array(settlementSchema),
  }),
  pending: z.number(),
});
export type PaymentsReport = z.infer<typeof paymentsReportSchema>;

/** Parts of the time in milliseconds. `silent`: HQ was told nothing. */
export const availabilityRowSchema = z.strictObject({
  kioskId: z.string(), kioskName: z.string(), wholeMs: z.number(), sellingMs: z.number(), limitedMs: z.number(), pausedMs: z.number(), outMs: z.number(), silentMs: z.number(),
});
export const availabilityReportSchema = z.strictObject({ periods: periodsSchema, rows: z.array(availabilityRowSchema) });
export type AvailabilityReport = z.infer<typeof availabilityReportSchema>;

export const feedbackReportSchema = z.strictObject({
  periods: periodsSchema,
  count: z.number(), stars: z.number().nullable(), countBefore: z.number(), starsBefore: z.number().nullable(),
  days: z.array(z.strictObject({ day: daySchema, count: z.number(), stars: z.number() })),
  /** From one star to five. */
  byStars: z.array(z.number()).length(5),
  chips: z.array(z.strictObject({ chip: z.enum(feedbackChips), count: z.number() })),
  kiosks: z.array(z.strictObject({ kioskId: z.string(), kioskName: z.string(), count: z.number(), stars: z.number() })),
});
export type FeedbackReport = z.infer<typeof feedbackReportSchema>;

const report = { method: 'GET', tag: 'reports', permission: 'reports.see', params: nothing, body: nothing } as const;

export const readSales = apiRoute({ ...report, path: '/api/reports/sales', summary: 'Sales by time, kiosk, business or offer, beside the time before', query: salesQuerySchema, answer: salesReportSchema });
export const readPayments = apiRoute({ ...report, path: '/api/reports/payments', summary: 'Payments by day and card, against what the terminals settled', query: salesPeriod(), answer: paymentsReportSchema });
export const readAvailability = apiRoute({ ...report, path: '/api/reports/availability', summary: 'How long each kiosk could sell', query: availabilityPeriod(), answer: availabilityReportSchema });
export const readFeedbackReport = apiRoute({ ...report, path: '/api/reports/feedback', summary: 'Stars and what customers tapped', query: periodQuerySchema, answer: feedbackReportSchema });

const file = { ...report, permission: 'orders.export', answer: nothing, file: 'text/csv', audited: true } as const;
export const exportSales = apiRoute({ ...file, path: '/api/reports/sales.csv', summary: 'Export sales as CSV', query: salesQuerySchema });
export const exportSettlement = apiRoute({ ...file, path: '/api/reports/payments.csv', summary: 'Export what the terminals settled as CSV', query: salesPeriod() });
export const exportAvailability = apiRoute({ ...file, path: '/api/reports/availability.csv', summary: 'Export availability as CSV', query: availabilityPeriod() });
export const exportFeedback = apiRoute({ ...file, path: '/api/reports/feedback.csv', summary: 'Export feedback with its words as CSV', query: periodQuerySchema });

function salesPeriod() {
  return z.strictObject({ ...period, currency: currencySchema.optional() }).refine(isPeriod, notAPeriod);
}

/** States are told each hour: of more than a quarter it is too many rows for an answer at once. */
function availabilityPeriod() {
  return z.strictObject(period).refine(isPeriod, notAPeriod).refine(({ from, to }) => Date.parse(to) - Date.parse(from) < 93 * 86_400_000, { error: 'availability is told of 93 days at most', path: ['to'] });
}
