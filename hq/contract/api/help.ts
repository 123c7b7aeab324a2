import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { bilingualSchema } from '../../../domain/language.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

const callSchema = z.strictObject({
  kioskId: kioskIdSchema, kioskName: z.string(), callId: z.uuid(),
  /** Where the customer stood, by the page's own name for it. */
  screen: z.string(), orderId: z.string().nullable(), orderNumber: z.string().nullable(),
  calledAt: z.number(), answeredAt: z.number().nullable(), answeredBy: z.string().nullable(),
});
export type HelpCallRow = z.infer<typeof callSchema>;

export const listHelpCalls = apiRoute({
  method: 'GET', path: '/api/help', summary: 'List customers who ask for a person', tag: 'help', permission: 'fleet.see',
  params: nothing, query: nothing, body: nothing,
  /** The longest waiting first. */
  answer: z.strictObject({ now: z.number(), calls: z.array(callSchema) }),
});

export const answerHelpCall = apiRoute({
  method: 'POST', path: '/api/help/:call/answer', summary: 'Answer a call for help', tag: 'help', permission: 'alerts.answer',
  params: z.strictObject({ call: z.uuid() }), query: nothing,
  /** Shown to the customer in their language; without words the kiosk says that somebody is on the way. */
  body: z.strictObject({ words: bilingualSchema.optional() }), answer: nothing,
});
