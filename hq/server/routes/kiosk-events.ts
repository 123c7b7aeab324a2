import type { FastifyInstance } from 'fastify';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import { batchSchema } from '../../../domain/contract/hq.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import { noteClock } from '../ingest/clocks.ts';
import type { OnEffective, Received } from '../ingest/receive.ts';
import { receive } from '../ingest/receive.ts';
import { noteContact } from '../identity/kiosks.ts';
import { createBatchChecks } from '../proof/run.ts';

export interface KioskEventRoutesDeps {
  readonly sql: Sql;
  /** HQ's clock, epoch milliseconds UTC. */
  readonly now: () => number;
  readonly onEffective?: OnEffective | undefined;
}

/** An event's payload may be 200,000 characters, Chinese ones three bytes each and quoted twice. A kiosk halves its batch on 413. */
export const maxBatchBytes = 4 * 1024 * 1024;

/** POST /api/kiosk/events: how everything comes up. In the scope of `guardKiosks`. */
export function kioskEventRoutes(scope: FastifyInstance, { sql, now, onEffective }: KioskEventRoutesDeps): void {
  const checkSoon = createBatchChecks(sql, now, (kioskId, error) => scope.log.warn({ kiosk: kioskId, message: String(error) }, 'a closed day could not be checked now'));
  scope.post('/api/kiosk/events', { bodyLimit: maxBatchBytes }, async (request, reply) => {
    const parsed = batchSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const batch = parsed.data;
    const { kioskId, lane, epoch, events } = batch;
    if (kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'the signature is not that of the kiosk in the batch');
    const fault = faultOfEnvelope(events);
    if (fault) return sendError(reply, 'HQ_BATCH_MALFORMED', fault);

    const received = await receive(sql, batch, now(), onEffective);
    await noteContact(sql, kioskId, now());
    await noteClock(sql, kioskId, batch.clock, now());
    if (received.kind !== 'taken') {
      const level = received.kind === 'chain_broken' || received.kind === 'conflict' ? 'error' : 'info';
      request.log[level]({ kiosk: kioskId, lane, epoch, mark: received.mark }, conflicts[received.kind].word);
      return sendError(reply, conflicts[received.kind].code, describeConflict(received, events, epoch), { mark: received.mark });
    }
    for (const { event, reason, detail } of received.setAside) request.log.error({ kiosk: kioskId, lane, epoch, sequence: event.sequence, reason, detail }, 'event set aside');
    request.log.debug({ kiosk: kioskId, lane, fresh: received.fresh, acknowledged: received.mark.acknowledged }, 'batch taken');
    // The kiosk does not wait for it, and a check that fails is made again with the next batch or start.
    if (received.hasWaitingProofs) checkSoon(kioskId);
    return received.mark;
  });
}

const conflicts = {
  gap: { code: 'HQ_SEQUENCE_GAP', word: 'a batch does not follow on what HQ has' },
  epoch_old: { code: 'HQ_EPOCH_OLD', word: 'a batch is of an epoch that was left' },
  conflict: { code: 'HQ_EVENT_CONFLICT', word: 'an event came again with other contents: was the kiosk restored, or cloned?' },
  chain_broken: { code: 'HQ_CHAIN_BROKEN', word: 'an event does not follow on the one before it by its hash' },
} as const;

function describeConflict(received: Exclude<Received, { kind: 'taken' }>, events: readonly HqEvent[], epoch: number): string {
  const { mark } = received;
  if ('sequence' in received) return `sequence ${received.sequence} of epoch ${epoch}`;
  if (received.kind === 'gap') return `HQ has ${mark.acknowledged} of epoch ${mark.epoch}, the batch begins at ${events[0]?.sequence} of ${epoch}`;
  return `HQ is at epoch ${mark.epoch}, the batch is of ${epoch}`;
}

/** What zod does not see: sequences that do not follow on each other, and characters that no PostgreSQL keeps. */
export function faultOfEnvelope(events: readonly HqEvent[], mayHaveGaps = false): string | undefined {
  const first = events[0]?.sequence ?? 1;
  const at = mayHaveGaps ? -1 : events.findIndex((event, index) => event.sequence !== first + index);
  if (at >= 0) return `events.${at}.sequence: does not follow on the one before`;
  const withNul = events.findIndex((event) => event.payload.includes('\0'));
  return withNul >= 0 ? `events.${withNul}: holds a NUL character` : undefined;
}
