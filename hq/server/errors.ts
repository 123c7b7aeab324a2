import type { FastifyReply } from 'fastify';
import type { ErrorCode } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';

/** Which HTTP status each code of the registry has here. On 401, 403 and 409 a kiosk says hello again and deletes nothing. */
export const statusOf = {
  CONTRACT_MALFORMED: 400,
  HQ_BATCH_MALFORMED: 400,
  HQ_UNKNOWN_KIOSK: 401,
  HQ_NOT_SIGNED_IN: 401,
  HQ_SIGNATURE_WRONG: 401,
  HQ_REPLAYED: 401,
  HQ_SESSION_ENDED: 403,
  HQ_KIOSK_REVOKED: 403,
  HQ_KIOSK_CLONED: 403,
  HQ_INSTANCE_SUPERSEDED: 403,
  HQ_CODE_WRONG: 403,
  HQ_NOT_ALLOWED: 403,
  HQ_NOT_FOUND: 404,
  HQ_CHANGED_MEANWHILE: 409,
  HQ_SEQUENCE_GAP: 409,
  HQ_EVENT_CONFLICT: 409,
  HQ_CHAIN_BROKEN: 409,
  HQ_EPOCH_OLD: 409,
  HQ_INVALID: 422,
  HQ_TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  HQ_UNAVAILABLE: 503,
} as const satisfies Partial<Record<ErrorCode, number>>;

export type HqErrorCode = keyof typeof statusOf;

/** `{code, detail}` and what else the answer of that code holds (HQ's mark with a gap). */
export function sendError(reply: FastifyReply, code: HqErrorCode, detail: string, more: Record<string, unknown> = {}, status: number = statusOf[code]): FastifyReply {
  if (code === 'HQ_UNAVAILABLE' && !reply.hasHeader('retry-after')) reply.header('retry-after', '5');
  return reply.code(status).header('cache-control', 'no-store').send({ ...codedError(code, detail), ...more });
}
