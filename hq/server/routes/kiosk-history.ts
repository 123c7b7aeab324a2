import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { History } from '../../../domain/contract/hq.ts';
import { laneSchema, maxBatchEvents } from '../../../domain/contract/hq.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import type { EventRow } from '../ingest/rebuild.ts';
import { eventColumns, eventOfRow } from '../ingest/rebuild.ts';
import { readKeys } from '../personal.ts';

export interface KioskHistoryRoutesDeps {
  readonly sql: Sql;
}

/** A page is answered in memory and signed whole. */
const maxPageCharacters = 2_000_000;

const querySchema = z.strictObject({ lane: laneSchema, epoch: z.coerce.number().int().min(1), after: z.coerce.number().int().min(0), limit: z.coerce.number().int().min(1).max(maxBatchEvents).default(maxBatchEvents) });

/**
 * GET /api/kiosk/history?lane&epoch&after&limit: what HQ has of the asking kiosk behind that point of that epoch, and then of later ones, raw as it came. At most
 * `limit` (`maxBatchEvents` unless told), fewer where they are long; empty at the end. The last event's epoch and sequence ask for the next page.
 */
export function kioskHistoryRoutes(scope: FastifyInstance, { sql }: KioskHistoryRoutesDeps): void {
  scope.get('/api/kiosk/history', async (request, reply): Promise<History | undefined> => {
    const kioskId = request.kiosk?.kioskId;
    if (!kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'the request is of no kiosk') as never;
    const query = querySchema.safeParse(request.query);
    if (!query.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(query.error)) as never;
    const { lane, epoch, after, limit } = query.data;
    const rows = await sql<(EventRow & { order_id: string | null })[]>`
      select ${eventColumns(sql)}, order_id from events where kiosk_id = ${kioskId} and lane = ${lane} and (epoch, sequence) > (${epoch}, ${after}) and hash <> '' order by epoch, sequence limit ${limit}`;
    let characters = 0;
    const page = rows.filter((row, index) => (characters += row.payload.length) <= maxPageCharacters || index === 0);
    const keys = await readKeys(sql, kioskId, page.flatMap((row) => (row.kind === 'order.placed' && row.order_id ? [row.order_id] : [])));
    return {
      events: page.map((row) => ({ lane, epoch: row.epoch, event: eventOfRow(row) })),
      keys: [...keys].map(([orderId, key]) => ({ orderId: orderId as History['keys'][number]['orderId'], key: key.toString('base64') })),
    };
  });
}
