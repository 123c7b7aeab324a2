import type { FastifyInstance } from 'fastify';
import type { DownAnswer } from '../../../domain/contract/hq-down.ts';
import { downRequestSchema } from '../../../domain/contract/hq-down.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { commandsAfter } from '../down/commands.ts';
import { createDocumentSource } from '../down/documents.ts';
import type { Signer } from '../down/publish.ts';
import { sendError } from '../errors.ts';

export interface KioskDownDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: Signer;
  /** What HQ's own check of a day found missing or changed: the kiosk sends it again. */
  readonly resend: (kioskId: KioskId) => Promise<DownAnswer['resend']>;
}

/** POST /api/kiosk/down, behind the guard: what the kiosk lacks, and what it is to do. */
export function kioskDownRoutes(scope: FastifyInstance, { sql, now, signingKey, resend }: KioskDownDeps): void {
  const source = createDocumentSource(sql, signingKey);
  scope.post('/api/kiosk/down', async (request, reply) => {
    const parsed = downRequestSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    const { kioskId, documents, commands } = parsed.data;
    if (kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'another kiosk has signed this');
    const at = now();
    const [revisions, waiting, again] = await Promise.all([source.documentsFor(kioskId, documents, at), commandsAfter(sql, kioskId, commands, at), resend(kioskId)]);
    return { hqTime: now(), documents: [...revisions], commands: [...waiting], resend: again } satisfies DownAnswer;
  });
}
