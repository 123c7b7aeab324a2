import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { sendError } from '../errors.ts';
import { listKiosks, readKiosk } from '../kiosk-list.ts';
import type { Sql } from '../database.ts';

export interface ConsoleApiDeps {
  readonly sql: Sql;
  readonly now: () => number;
}

const kioskParamsSchema = z.object({ kiosk: kioskIdSchema });

/** What the console reads. */
export function consoleApiRoutes(app: FastifyInstance, { sql, now }: ConsoleApiDeps): void {
  app.get('/api/kiosks', () => listKiosks(sql, now()));

  app.get('/api/kiosks/:kiosk', async (request, reply) => {
    const params = kioskParamsSchema.safeParse(request.params);
    const kiosk = params.success ? await readKiosk(sql, params.data.kiosk, now()) : undefined;
    return kiosk ?? sendError(reply, 'HQ_NOT_FOUND', 'no such kiosk');
  });
}
