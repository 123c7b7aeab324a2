import type { FastifyInstance } from 'fastify';
import { describeIssues } from '../../../domain/contract/issues.ts';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import { repair, resendSchema } from '../proof/repair.ts';
import { checkNotGreen } from '../proof/run.ts';
import { faultOfEnvelope, maxBatchBytes } from './kiosk-events.ts';

export interface KioskProofRoutesDeps {
  readonly sql: Sql;
  readonly now: () => number;
}

/** POST /api/kiosk/resend: what HQ asked for again (`resend` of POST /api/kiosk/down), after which it checks the days that were not green. In the scope of `guardKiosks`. */
export function kioskProofRoutes(scope: FastifyInstance, { sql, now }: KioskProofRoutesDeps): void {
  scope.post('/api/kiosk/resend', { bodyLimit: maxBatchBytes }, async (request, reply) => {
    const parsed = resendSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    const { kioskId, lane, epoch, events } = parsed.data;
    if (kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'the signature is not that of the kiosk in the body');
    const fault = faultOfEnvelope(events, true);
    if (fault) return sendError(reply, 'HQ_BATCH_MALFORMED', fault);
    const accepted = await repair(sql, parsed.data, now());
    request.log[accepted < events.length ? 'warn' : 'info']({ kiosk: kioskId, lane, epoch, sent: events.length, accepted }, 'events came again');
    await checkNotGreen(sql, kioskId, now());
    return { accepted };
  });
}
