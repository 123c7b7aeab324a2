import { z } from 'zod';
import { feedbackChips } from '../../../domain/feedback/feedback.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { nothing } from './nothing.ts';
import { several } from './orders.ts';
import { apiRoute } from './route.ts';

export const feedbackCursorPattern = /^(\d{1,15})~([a-z0-9-]{2,41})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const feedbackFilterSchema = z.strictObject({
  kiosk: kioskIdSchema.optional(),
  stars: several(z.coerce.number().int().min(1).max(5), 5).optional(),
  /** `words`: only where the customer wrote something. */
  with: z.literal('words').optional(),
});

export const listFeedback = apiRoute({
  method: 'GET', path: '/api/feedback', summary: 'What customers said of their visits, the newest first', tag: 'feedback', permission: 'orders.see',
  params: nothing, query: feedbackFilterSchema.extend({ before: z.string().regex(feedbackCursorPattern).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), body: nothing,
  answer: z.strictObject({
    feedback: z.array(z.strictObject({
      kioskId: z.string(), kioskName: z.string(), orderId: z.string(), orderNumber: z.string().nullable(), stars: z.number(), chips: z.array(z.enum(feedbackChips)).readonly(),
      words: z.string().nullable(), givenAt: z.number(),
    })).readonly(),
    next: z.string().nullable(),
  }),
});
