import type { FastifyInstance } from 'fastify';
import type { PictureAnswer } from '../../../domain/contract/hq-pictures.ts';
import { pictureRequestSchema } from '../../../domain/contract/hq-pictures.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import { readPictureBytes } from './store.ts';

/** POST /api/kiosk/picture, behind the guard (domain/contract/hq-pictures.ts). */
export function kioskPictureRoute(scope: FastifyInstance, { sql, now }: { readonly sql: Sql; readonly now: () => number }): void {
  scope.post('/api/kiosk/picture', async (request, reply) => {
    const parsed = pictureRequestSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    if (parsed.data.kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'another kiosk has signed this');
    const found = await readPictureBytes(sql, parsed.data.sha256);
    if (!found) return sendError(reply, 'HQ_NOT_FOUND', 'no such picture');
    return { hqTime: now(), mediaType: found.mediaType, data: found.bytes.toString('base64') } satisfies PictureAnswer;
  });
}
