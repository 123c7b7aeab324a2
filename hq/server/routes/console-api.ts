import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { kioskIdSchema, orderIdSchema } from '../../../domain/ids.ts';
import { sendError } from '../errors.ts';
import { feedbackCursor, readFeedback } from '../feedback/list.ts';
import { listOpenCalls } from '../help/calls.ts';
import { listKiosks, readKiosk } from '../kiosk-list.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import { orderQuerySchema, readOrderPage } from '../orders/list.ts';
import type { Sql } from '../database.ts';

export interface ConsoleApiDeps {
  readonly sql: Sql;
  readonly now: () => number;
}

const kioskParamsSchema = z.object({ kiosk: kioskIdSchema });
const feedbackQuerySchema = z.strictObject({ kiosk: kioskIdSchema.optional(), before: z.string().regex(feedbackCursor).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) });
const orderParamsSchema = z.object({ kiosk: kioskIdSchema, order: orderIdSchema });

/** What the console reads. */
export function consoleApiRoutes(app: FastifyInstance, { sql, now }: ConsoleApiDeps): void {
  app.get('/api/orders', async (request, reply) => {
    const query = orderQuerySchema.safeParse(request.query);
    if (!query.success) return sendError(reply, 'CONTRACT_MALFORMED', query.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    return readOrderPage(sql, query.data);
  });

  app.get('/api/orders/:kiosk/:order', async (request, reply) => {
    const params = orderParamsSchema.safeParse(request.params);
    const order = params.success ? await readOrderInFull(sql, params.data.kiosk, params.data.order) : undefined;
    return order ?? sendError(reply, 'HQ_NOT_FOUND', 'no such order');
  });

  app.get('/api/help', async () => ({ now: now(), calls: await listOpenCalls(sql, now()) }));

  app.get('/api/feedback', async (request, reply) => {
    const query = feedbackQuerySchema.safeParse(request.query);
    if (!query.success) return sendError(reply, 'CONTRACT_MALFORMED', query.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    const { kiosk, before, limit } = query.data;
    return readFeedback(sql, { kioskId: kiosk, before, limit });
  });

  app.get('/api/kiosks', () => listKiosks(sql, now()));

  app.get('/api/kiosks/:kiosk', async (request, reply) => {
    const params = kioskParamsSchema.safeParse(request.params);
    const kiosk = params.success ? await readKiosk(sql, params.data.kiosk, now()) : undefined;
    return kiosk ?? sendError(reply, 'HQ_NOT_FOUND', 'no such kiosk');
  });
}
