import { STATUS_CODES } from 'node:http';
import Fastify, { LogController } from 'fastify';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Sql } from './database.ts';
import { isUnavailable } from './database.ts';
import { isLoopbackHost } from './environment.ts';
import { sendError } from './errors.ts';
import type { LiveHub } from './live/hub.ts';
import { consoleApiRoutes } from './routes/console-api.ts';
import { consolePages } from './routes/console-pages.ts';
import { healthRoutes } from './routes/health.ts';
import { kioskRoutes } from './routes/kiosk-events.ts';
import { liveRoute } from './routes/live.ts';
import { receiptRoute } from './routes/receipt.ts';

export interface HqDeps {
  readonly sql: Sql;
  readonly hub: LiveHub;
  readonly now: () => number;
  readonly logger: FastifyServerOptions['logger'];
  readonly webFolder: string;
  /** `loopback`: only for pages of this machine's own name. `open`: for everyone who reaches HQ. */
  readonly console: 'loopback' | 'open' | 'withheld';
  readonly heartbeatMs?: number;
}

/** HQ without its socket: what tests call by `inject`, and `main.ts` listens with. */
export async function createHq({ sql, hub, now, logger, webFolder, console, heartbeatMs = 15_000 }: HqDeps): Promise<FastifyInstance> {
  const app = Fastify({
    logger: logger ?? false,
    // Our own line below: the default one holds the address, and an address holds a receipt's token.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    bodyLimit: 64 * 1024,
  });

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const isQuiet = reply.statusCode < 400;
    request.log[isQuiet ? 'debug' : 'info']({ method: request.method, route: request.routeOptions.url ?? '(none)', status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, 'HQ_NOT_FOUND', 'no such address'));
  app.setErrorHandler((error: { statusCode?: number; code?: string; message?: string }, request, reply) => {
    if (isUnavailable(error)) {
      request.log.error({ databaseCode: error.code }, 'the database does not answer');
      return sendError(reply, 'HQ_UNAVAILABLE', 'the database does not answer');
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return sendError(reply, 'HQ_BATCH_MALFORMED', STATUS_CODES[status] ?? 'bad request', {}, status);
    // Not the whole error: the driver's carries the parameters, and with them a customer's data.
    request.log.error({ name: error instanceof Error ? error.name : '', databaseCode: error.code, message: error.message, stack: error instanceof Error ? error.stack : '' }, 'a bug');
    return sendError(reply, 'INTERNAL', `request ${request.id}`);
  });

  app.register(async (scope) => healthRoutes(scope, { sql }));
  app.register(async (scope) => receiptRoute(scope, { sql }));
  app.register(async (scope) => kioskRoutes(scope, { sql, now }));
  if (console !== 'withheld') {
    app.register(async (scope) => {
      if (console === 'loopback') guardLoopback(scope);
      consoleApiRoutes(scope, { sql, now });
      liveRoute(scope, { hub, now, heartbeatMs });
      await consolePages(scope, { webFolder });
    });
  }
  await app.ready();
  return app;
}

/** While there is no login: a page from elsewhere whose name was made to point here (DNS rebinding) reads nothing. */
function guardLoopback(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    if (!isLoopbackHost(request.hostname)) return sendError(reply, 'HQ_NOT_FOUND', 'the console answers to this machine alone');
  });
}
