import { z } from 'zod';
import { epochMsSchema } from '../../../domain/time.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

/** `begun`: nobody knows how it ended. It goes on just now, or HQ was ended in the middle of it. */
export const auditOutcomes = ['begun', 'done', 'refused', 'failed'] as const;

export const hqAuditEntrySchema = z.strictObject({
  number: z.int(), at: epochMsSchema,
  /** Name and role as they were then; '' where nobody was signed in. */
  account: z.string(), role: z.string(), route: z.string(), summary: z.string(), subject: z.string(), outcome: z.enum(auditOutcomes), detail: z.string(), address: z.string(),
  /** The entry that says that it was begun; null of those that were turned away at once, and of those from before acts were written down twice. */
  begun: z.int().nullable(), hash: z.string(),
});
export type HqAuditEntry = z.infer<typeof hqAuditEntrySchema>;

/** What the last check of the chain found; HQ makes one at its start and each night. */
export const hqAuditStateSchema = z.strictObject({
  entries: z.int(), checkedAt: epochMsSchema.nullable(), checkedTo: z.int().nullable(),
  /** '' while it is whole. */
  trouble: z.string(),
});

/** Newest first, each act once, by its end where that is known; `before` is the `next` of the page before. `words` are looked for in summary, subject and detail. */
export const readHqAudit = apiRoute({
  method: 'GET', path: '/api/audit', summary: "HQ's audit", tag: 'audit', permission: 'audit.see', params: nothing,
  query: z.strictObject({
    before: z.coerce.number().int().min(1).optional(), account: z.string().max(128).optional(), outcome: z.enum(auditOutcomes).optional(), words: z.string().trim().max(100).optional(),
    from: z.coerce.number().int().min(0).optional(), to: z.coerce.number().int().min(0).optional(), limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing, answer: z.strictObject({ entries: z.array(hqAuditEntrySchema), next: z.int().nullable(), state: hqAuditStateSchema }),
});

export const checkHqAudit = apiRoute({
  method: 'POST', path: '/api/audit/check', summary: "Check HQ's audit", tag: 'audit', permission: 'audit.see', params: nothing, query: nothing, body: nothing, answer: hqAuditStateSchema,
});
