import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController } from 'fastify';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { sessionCookie, isSecure } from './api/cookie.ts';
import { createApi } from './api/serve.ts';
import { consoleRoutes } from './console.ts';
import type { Sql } from './database.ts';
import { isUnavailable } from './database.ts';
import { sendError } from './errors.ts';
import type { DevKiosk } from './identity/enrolment.ts';
import { guardKiosks } from './identity/guard.ts';
import type { KioskGuardDeps } from './identity/guard.ts';
import { isRefusal, refusal } from './identity/refusal.ts';
import type { Mailer } from './alerts/mail.ts';
import type { SigningKey } from './identity/signing-key.ts';
import type { OnEffective } from './ingest/receive.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Bells } from './live/bells.ts';
import type { LiveHub } from './live/hub.ts';
import { openApiRoute } from './openapi/route.ts';
import { accountRoutes } from './people/account-routes.ts';
import { appendAudit } from './people/audit.ts';
import { auditRoutes, peopleRoutes } from './people/routes.ts';
import type { SessionRules } from './people/sessions.ts';
import { createSessions, defaultSessionRules } from './people/sessions.ts';
import { sessionRoutes } from './people/session-routes.ts';
import type { DevAccount } from './people/sign-in.ts';
import { resendWanted } from './proof/resend.ts';
import { consolePages } from './routes/console-pages.ts';
import { healthRoutes } from './routes/health.ts';
import { kioskBellRoutes } from './routes/kiosk-bell.ts';
import { kioskDownRoutes } from './routes/kiosk-down.ts';
import { kioskEventRoutes } from './routes/kiosk-events.ts';
import { kioskHistoryRoutes } from './routes/kiosk-history.ts';
import { kioskIdentityRoutes } from './routes/kiosk-identity.ts';
import { kioskProofRoutes } from './routes/kiosk-proof.ts';
import { liveRoute } from './routes/live.ts';
import { measure, metricsRoute } from './metrics/routes.ts';
import { isNear } from './routes/near.ts';
import { receiptRoute } from './routes/receipt.ts';
import { numberRoutes } from './services/number-routes.ts';
import type { ServiceProvider } from './services/provider.ts';
import { kioskPictureRoute } from './pictures/kiosk-route.ts';
import { createSeal } from './staff/seal.ts';
import type { WalletGateway } from './wallets/gateway.ts';
import type { WalletNews } from './wallets/news.ts';
import { walletNotifications } from './wallets/notifications.ts';
import { walletRoutes } from './wallets/routes.ts';

export interface HqDeps {
  readonly sql: Sql;
  readonly hub: LiveHub;
  readonly bells: Bells;
  readonly signingKey: SigningKey;
  readonly now: () => number;
  readonly logger: FastifyServerOptions['logger'];
  readonly webFolder: string;
  /** Served to who signs in: over TLS, or a trusted proxy that says so, to everybody; over a plain line to this machine alone. */
  readonly console: 'served' | 'withheld';
  /** An administrator for development, who needs no second factor and reaches HQ from this machine alone. */
  readonly devAccount?: DevAccount | undefined;
  readonly sessionRules?: SessionRules | undefined;
  /** Where people reach the console, "https://hq.example": passkeys are for these. Otherwise for what each request calls HQ. */
  readonly publicOrigins?: readonly string[] | undefined;
  /** Calls a minute of one address before it is signed in. `none` for tests that make more. */
  readonly callsPerAddress?: number | 'none' | undefined;
  readonly heartbeatMs?: number;
  readonly devKiosk?: DevKiosk | undefined;
  /** The names under which kiosks call HQ, where a proxy changes Host. */
  readonly publicAuthorities?: readonly string[] | undefined;
  /** Whose X-Forwarded headers are believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** Told in the transaction that takes events, of those that have an effect: what webhooks wait for. */
  readonly onEffective?: OnEffective | undefined;
  readonly metrics?: Metrics | undefined;
  /** What alerts are mailed through; undefined where there is no mail server. */
  readonly mailer?: Mailer | undefined;
  /** Whoever credits services: asked whose a number is. Undefined where nobody does. */
  readonly provider?: ServiceProvider | undefined;
  /** How long one question to it may take. */
  readonly providerTimeoutMs?: number | undefined;
  /** The wallets that HQ takes. Where a payment is still open its gateway stays, whatever kiosks are told. */
  readonly gateways?: readonly WalletGateway[] | undefined;
  /** Wakes kiosks that wait for a payment; without it they look for themselves. */
  readonly walletNews?: WalletNews | undefined;
  /** Webhooks may also go to this machine and its own network. */
  readonly webhooksPrivate?: boolean | undefined;
  /** Who may read them; by default this machine alone. */
  readonly metricsAccess?: 'loopback' | 'open' | undefined;
  /** Why this process should get no new work. */
  readonly unready?: (() => string | undefined) | undefined;
  /**
   * Counted in this process: behind a load balancer a kiosk gets as many in each, and a process that starts anew counts anew. It is there to stop a
   * kiosk that runs wild, and needs no more. By real time, so a simulation that runs days in minutes says `none`.
   */
  readonly requestsPerKiosk?: KioskGuardDeps['requestsPerKiosk'] | 'none';
  readonly timeouts?: typeof defaultTimeouts;
}

/** Who sends slowly is cut off: a request's head, the whole of it, and silence within it or a stream. Streams beat more often. */
const defaultTimeouts = { headMs: 10_000, requestMs: 30_000, silenceMs: 60_000 };
/** A backlog that drains over a fast line makes a good hundred requests a second. */
const defaultRequestsPerKiosk = { max: 3000, timeWindowMs: 10_000 };

/** HQ without its socket: what tests call by `inject`, and `main.ts` listens with. */
export async function createHq(deps: HqDeps): Promise<FastifyInstance> {
  const { sql, hub, bells, signingKey, now, logger, webFolder, console, heartbeatMs = 15_000, devKiosk, devAccount, sessionRules, publicOrigins = [], callsPerAddress = 120, publicAuthorities = [], trustedProxies = [], tls, onEffective, mailer, provider, providerTimeoutMs, gateways = [], walletNews, webhooksPrivate, metrics, metricsAccess = 'loopback', unready, requestsPerKiosk = defaultRequestsPerKiosk, timeouts = defaultTimeouts } = deps;
  const options: FastifyServerOptions = {
    logger: logger ?? false,
    // Our own line below: the default one holds the address, and an address holds a receipt's token.
    logController: new LogController({ disableRequestLogging: true }),
    // A proxy's own id is kept, where it is one: then both logs tell of the same request.
    genReqId: ({ headers: { 'x-request-id': given } }) => (typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID()),
    requestTimeout: timeouts.requestMs,
    connectionTimeout: timeouts.silenceMs,
    bodyLimit: 64 * 1024,
    ...(trustedProxies.length > 0 ? { trustProxy: [...trustedProxies] } : {}),
  };
  const ofServer = { headersTimeout: timeouts.headMs, connectionsCheckingInterval: timeouts.headMs / 2 };
  const app = Fastify({ ...options, ...(tls ? { https: { ...tls, ...ofServer, minVersion: 'TLSv1.2' } } : { http: ofServer }) } as FastifyServerOptions);
  await app.register(rateLimit, { global: false, cache: 20_000 });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'x-request-id': request.id,
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const isQuiet = reply.statusCode < 400;
    request.log[isQuiet ? 'debug' : 'info']({ method: request.method, route: request.routeOptions.url ?? '(none)', status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, 'HQ_NOT_FOUND', 'no such address'));
  app.setErrorHandler((error: { statusCode?: number; code?: string; message?: string }, request, reply) => {
    if (isRefusal(error)) {
      const { code, more, status } = error.refusal;
      request.log.info({ kiosk: request.signatureClaim?.keyId, code, detail: error.message }, 'refused');
      return sendError(reply, code, error.message, more, status);
    }
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

  if (metrics) {
    measure(app, metrics);
    app.register(async (scope) => metricsRoute(scope, { metrics, access: metricsAccess }));
  }
  app.register(async (scope) => healthRoutes(scope, { sql, ...(unready ? { unready } : {}) }));
  app.register(async (scope) => receiptRoute(scope, { sql }));
  app.register(async (scope) => walletNotifications(scope, { sql, now, gateways }));
  app.register(async (scope) => {
    guardKiosks(scope, { sql, now, signingKey, publicAuthorities, requestsPerKiosk: requestsPerKiosk === 'none' ? undefined : requestsPerKiosk });
    kioskIdentityRoutes(scope, { sql, now, signingKey, publicAuthorities, devKiosk });
    kioskEventRoutes(scope, { sql, now, onEffective });
    kioskHistoryRoutes(scope, { sql });
    kioskProofRoutes(scope, { sql, now });
    kioskDownRoutes(scope, { sql, now, signingKey, resend: (kioskId) => resendWanted(sql, kioskId) });
    kioskBellRoutes(scope, { bells, sql });
    kioskPictureRoute(scope, { sql, now });
    numberRoutes(scope, { now, provider });
    walletRoutes(scope, {
      sql, now, gateways, news: walletNews, numbers: () => provider !== undefined,
      onProblem: (error) => app.log.error({ databaseCode: (error as NodeJS.ErrnoException).code, message: error instanceof Error ? error.message : '' }, 'a turn at a wallet payment failed and is taken again'),
    });
    // A path of a newer kiosk: that this HQ does not have it is HQ's word too.
    scope.all('/api/kiosk/*', (_request, reply) => sendError(reply, 'HQ_NOT_FOUND', 'no such address'));
  });
  if (console !== 'withheld') {
    app.register(async (scope) => {
      guardLine(scope);
      const sessions = createSessions({ sql, now, rules: sessionRules, developmentName: devAccount?.name });
      const api = createApi(scope, {
        now, readSession: sessions.read, writeAudit: (act) => appendAudit(sql, act), onCall: ({ tag }, outcome) => metrics?.consoleCall({ area: tag, outcome }),
        // Who is signed in is asked by every tab of everybody behind one address.
        rateLimits: ({ permission, method }) => (permission === 'anyone' && callsPerAddress !== 'none' ? { rateLimit: { max: method === 'GET' ? callsPerAddress * 20 : callsPerAddress, timeWindow: 60_000, errorResponseBuilder: tooOften } } : undefined),
      });
      const people = { sql, now, sessions, seal: createSeal(signingKey), devAccount, publicOrigins, onSignIn: metrics?.signIn };
      sessionRoutes(api, people);
      accountRoutes(api, people);
      peopleRoutes(api, { sql, now, sessions, idleMs: (sessionRules ?? defaultSessionRules).idleMs });
      auditRoutes(api, { sql, now });
      consoleRoutes(api, { sql, now, signingKey, provider, providerTimeoutMs, mailer, webhooksPrivate });
      openApiRoute(api);
      scope.register(async (signedIn) => {
        signedIn.addHook('onRequest', async (request, reply) => {
          const account = await sessions.read(sessionCookie(request));
          if (!account) return sendError(reply, 'HQ_NOT_SIGNED_IN', 'sign in first');
          if (account.needsFactor) return sendError(reply, 'HQ_NOT_ALLOWED', 'set up a second factor first', { needsFactor: true });
        });
        liveRoute(signedIn, { hub, now, heartbeatMs, isStillIn: async (request) => (await sessions.read(sessionCookie(request), { isWatching: true })) !== undefined });
      });
      await consolePages(scope, { webFolder });
    });
  }
  await app.ready();
  return app;
}

/** Over a plain line a password could be read on the way: then the console answers to this machine alone, which nobody listens to. */
function guardLine(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    if (!isSecure(request) && !isNear(request)) return sendError(reply, 'HQ_NOT_FOUND', 'over a plain line the console answers to this machine alone');
    if (isSecure(request)) reply.header('strict-transport-security', 'max-age=31536000');
  });
}

/** Thrown by the rate limit, and answered by the error handler. */
function tooOften(): Error {
  return refusal('HQ_TOO_MANY_REQUESTS', 'too many calls from this address');
}
