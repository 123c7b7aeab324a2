import { z } from 'zod';
import { epochMsSchema } from '../time.ts';
import { staffNumberSchema } from './role.ts';

/** What the first entry of a kiosk's audit follows on. */
export const auditGenesis = '0'.repeat(64);

/**
 * One act of staff at a kiosk, and how it ended. Entries are numbered without a gap and each holds the hash of the one before, so that one which was
 * taken out, changed or put in between is seen: at the kiosk, and at HQ, which keeps them all and does the sum again.
 */
export const auditEntrySchema = z.strictObject({
  /** From 1, without a gap, for as long as the kiosk's store lives. */
  number: z.int().min(1),
  at: epochMsSchema,
  /** Missing where nobody was in: a wrong PIN of a number that does not exist. */
  staff: staffNumberSchema.optional(),
  /** "restock.refill", "staff.login": the request of the contract, or what happened by itself. */
  act: z.string().regex(/^[a-z][a-z_.]{1,59}$/),
  /** `begun` stands before what has effects outside of the store; how it ended is an entry of its own. */
  outcome: z.enum(['begun', 'done', 'refused', 'failed']),
  /** Slot, order, device: what it was done to. No customer's data, no PIN, no code. */
  subject: z.string().max(200),
  detail: z.string().max(500),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 of `auditText`, as hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The text whose SHA-256 is an entry's hash. As JSON, so that no text can pretend to be two fields. */
export function auditText(kioskId: string, { number, at, staff, act, outcome, subject, detail, previous }: Omit<AuditEntry, 'hash'>): string {
  return JSON.stringify([previous, kioskId, number, at, staff ?? null, act, outcome, subject, detail]);
}
