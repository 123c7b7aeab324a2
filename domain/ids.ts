import { z } from 'zod';

/** UUIDv7 in lower case. Branded by what it names, so that an order's id cannot be passed for an attempt's. */
const uuidV7 = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

export const cartIdSchema = uuidV7.brand<'CartId'>();
export const orderIdSchema = uuidV7.brand<'OrderId'>();
export const attemptIdSchema = uuidV7.brand<'AttemptId'>();
export const jobIdSchema = uuidV7.brand<'JobId'>();
export const eventIdSchema = uuidV7.brand<'EventId'>();
export const attentionIdSchema = uuidV7.brand<'AttentionId'>();
export const refundIdSchema = uuidV7.brand<'RefundId'>();

export type CartId = z.infer<typeof cartIdSchema>;
export type OrderId = z.infer<typeof orderIdSchema>;
export type AttemptId = z.infer<typeof attemptIdSchema>;
export type JobId = z.infer<typeof jobIdSchema>;
export type EventId = z.infer<typeof eventIdSchema>;
export type AttentionId = z.infer<typeof attentionIdSchema>;
export type RefundId = z.infer<typeof refundIdSchema>;

/** Which kiosk: a short name that HQ gave, "kiosk-001". Part of every key at HQ. */
export const kioskIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/).brand<'KioskId'>();
export type KioskId = z.infer<typeof kioskIdSchema>;

/** Names inside a catalogue ("oolong-tea"): written by people, stable over revisions. Never that of something which every object has. */
export const slugSchema = z.string().regex(/^(?!constructor$)[a-z0-9]+(-[a-z0-9]+)*$/).max(60);

/**
 * The UUIDv7 of RFC 9562 for a time and 80 random bits: sortable by time, so that SQLite and PostgreSQL append
 * rather than scatter.
 * @param at epoch milliseconds UTC
 * @param random ten random bytes
 */
export function uuidV7From(at: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  for (let index = 0, rest = at; index < 6; index++) {
    bytes[5 - index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
