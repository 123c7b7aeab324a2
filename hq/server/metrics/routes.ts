import type { FastifyInstance } from 'fastify';
import { errorRegistry } from '../../../domain/contract/errors.ts';
import { sendError } from '../errors.ts';
import type { Metrics } from './metrics.ts';
import { isNear } from '../routes/near.ts';

/** Counts every answer of the app; called before its routes are registered. Routes are named by their pattern: an address would hold ids without end. */
export function measure(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('preSerialization', async (_request, reply, payload) => {
    const code = reply.statusCode >= 400 && typeof payload === 'object' && payload !== null && 'code' in payload ? String(payload.code) : undefined;
    if (code && Object.hasOwn(errorRegistry, code)) metrics.refused(code);
    return payload;
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '(none)';
    metrics.answered({ route, method: request.method, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    if (route === '/api/kiosk/events' && reply.statusCode === 200) metrics.batch(eventsIn(request.body));
  });
}

function eventsIn(body: unknown): number {
  return typeof body === 'object' && body !== null && 'events' in body && Array.isArray(body.events) ? body.events.length : 0;
}

/** GET /metrics, for Prometheus. Unless it was opened to all, only this machine reads it, and not through a proxy that stands on it. */
export function metricsRoute(app: FastifyInstance, { metrics, access }: { readonly metrics: Metrics; readonly access: 'loopback' | 'open' }): void {
  app.get('/metrics', async (request, reply) => {
    if (access === 'loopback' && !isNear(request)) return sendError(reply, 'HQ_NOT_FOUND', 'no such address');
    const text = await metrics.registry.metrics();
    return reply.header('content-type', metrics.registry.contentType).send(text);
  });
}
