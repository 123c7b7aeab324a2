import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { batchSchema, lanes } from '../../../domain/contract/hq.ts';
import type { Batch } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import { receive } from '../ingest/receive.ts';
import { kioskOfToken, noteContact } from '../kiosks.ts';

export interface KioskRoutesDeps {
  readonly sql: Sql;
  readonly now: () => number;
}

/** An event's payload may be 200,000 characters, Chinese ones three bytes each and quoted twice. A kiosk halves its batch on 413. */
const maxBatchBytes = 4 * 1024 * 1024;

const markQuerySchema = z.strictObject({ lane: z.enum(lanes).default('orders'), epoch: z.coerce.number().int().min(1).optional() });

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends, once the token was recognised. */
    kioskId: KioskId | undefined;
  }
}

/** What kiosks call. */
export function kioskRoutes(app: FastifyInstance, { sql, now }: KioskRoutesDeps): void {
  app.decorateRequest('kioskId', undefined);

  // Before the body is read: who may not send shall not make us read four megabytes.
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const token = /^Bearer ([\x21-\x7e]{16,200})$/i.exec(request.headers.authorization ?? '')?.[1];
    request.kioskId = token ? await kioskOfToken(sql, token) : undefined;
    if (!request.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'the token is of no kiosk that HQ knows');
  });

  app.post('/api/kiosk/events', { bodyLimit: maxBatchBytes }, async (request, reply) => {
    const parsed = batchSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const batch = parsed.data;
    if (batch.kioskId !== request.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'the token is not that of the kiosk in the batch');
    const fault = faultOfEnvelope(batch);
    if (fault) return sendError(reply, 'HQ_BATCH_MALFORMED', fault);

    const received = await receive(sql, batch, now());
    await noteContact(sql, batch.kioskId, now());
    if (received.kind === 'gap') {
      return sendError(reply, 'HQ_SEQUENCE_GAP', `HQ has ${received.mark.acknowledged}, the batch begins at ${batch.events[0]?.sequence}`, { mark: received.mark });
    }
    if (received.kind === 'conflict') {
      request.log.error({ kiosk: batch.kioskId, epoch: batch.epoch, sequence: received.sequence }, 'an event came again with other contents: was the kiosk restored, or cloned?');
      return sendError(reply, 'HQ_EVENT_CONFLICT', `sequence ${received.sequence} of epoch ${batch.epoch}`, { mark: received.mark });
    }
    for (const { event, reason, detail } of received.setAside) {
      request.log.error({ kiosk: batch.kioskId, epoch: batch.epoch, sequence: event.sequence, reason, detail }, 'event set aside');
    }
    request.log.debug({ kiosk: batch.kioskId, fresh: received.fresh, acknowledged: received.mark.acknowledged }, 'batch taken');
    return received.mark;
  });

  /** Where HQ stands: what a kiosk asks first, and after a 409. Without `epoch`, of the newest. */
  app.get('/api/kiosk/mark', async (request, reply) => {
    const parsed = markQuerySchema.safeParse(request.query);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const kioskId = request.kioskId as KioskId;
    const { lane, epoch } = parsed.data;
    const [cursor] = await sql<{ epoch: number; acknowledged: number }[]>`
      select epoch, acknowledged from cursors where kiosk_id = ${kioskId} and lane = ${lane} ${epoch ? sql`and epoch = ${epoch}` : sql``}
      order by epoch desc limit 1`;
    await noteContact(sql, kioskId, now());
    return cursor ? { epoch: cursor.epoch, acknowledged: cursor.acknowledged } : { epoch: epoch ?? 1, acknowledged: 0 };
  });
}

function faultOfEnvelope({ events }: Batch): string | undefined {
  const first = events[0]?.sequence ?? 1;
  const at = events.findIndex((event, index) => event.sequence !== first + index);
  if (at >= 0) return `events.${at}.sequence: does not follow on the one before`;
  const withNul = events.findIndex((event) => event.kind.includes('\0') || event.payload.includes('\0'));
  return withNul >= 0 ? `events.${withNul}: holds a NUL character` : undefined;
}

function describeIssues(error: z.ZodError): string {
  return error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}
