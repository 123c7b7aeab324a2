import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ErrorCode } from '../../../domain/contract/errors.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import { isAllowed } from '../../contract/api/permissions.ts';
import type { ApiRoute } from '../../contract/api/route.ts';
import type { HqErrorCode } from '../errors.ts';
import { sendError } from '../errors.ts';
import type { ActOfAccount, ReadSession, SignedIn, WriteAudit } from './account.ts';
import { sessionCookie } from './cookie.ts';
import { isFromConsole } from './origin.ts';
import { isStorable } from './storable.ts';

export interface ApiCall<R extends ApiRoute> {
  readonly params: z.output<R['params']>;
  readonly query: z.output<R['query']>;
  readonly body: z.output<R['body']>;
  /** Who calls; undefined only where `permission` is `anyone`. */
  readonly account: SignedIn | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Puts words into the audit entry of this call. */
  readonly note: (detail: string) => void;
  /** Says whose act it turned out to be, where nobody was signed in before: the audit names them. */
  readonly actAs: (account: SignedIn) => void;
  /** Writes down that it begins. Done by itself where somebody is signed in; of the others the handler says so before it changes anything, and not for each wrong try. */
  readonly begin: () => Promise<void>;
}

/** Expected trouble, thrown by a handler and answered as `{code, detail, …more}`. */
export class ApiRefusal extends Error {
  readonly code: HqErrorCode & ErrorCode;
  readonly more: Record<string, unknown>;
  constructor(code: HqErrorCode & ErrorCode, detail: string, more: Record<string, unknown> = {}) {
    super(detail);
    this.code = code;
    this.more = more;
  }
}

/** With "1" a page says that it asks by itself (it polls), and nobody sits there for that: the session goes on being idle. "0": somebody does. Pages ask who is signed in by themselves unless they say so. */
export const watchingHeader = 'x-counter24-watching';

function isWatching({ headers: { [watchingHeader]: said } }: FastifyRequest, { method, path }: ApiRoute): boolean {
  return said === '1' || (said !== '0' && method === 'GET' && path === '/api/session');
}

export interface ApiDeps {
  readonly readSession: ReadSession;
  readonly writeAudit: WriteAudit;
  readonly now: () => number;
  /** Told of each call as it ended, for the metrics. */
  readonly onCall?: ((route: ApiRoute, outcome: 'done' | 'refused' | 'failed') => void) | undefined;
  /** Fastify's `config` of a route. */
  readonly rateLimits?: ((route: ApiRoute) => Record<string, unknown> | undefined) | undefined;
}

export interface Api {
  /** The routes that have been served, for the document and for the test that asks each with each role. */
  readonly routes: readonly ApiRoute[];
  serve<R extends ApiRoute>(route: R, handle: (call: ApiCall<R>) => Promise<z.input<R['answer']>>): void;
}

/**
 * The console's border, the same for every call: who is signed in, whether their role may, whether the call comes from the console's own page, shapes in and
 * out, and the audit. What changes something is written down before it is done and with its outcome after it, so that no act is without a trace, whatever dies in
 * between. A handler gets what was checked and answers a value, or throws an `ApiRefusal`. With `file` it sends the reply itself and answers nothing.
 */
export function createApi(app: FastifyInstance, { readSession, writeAudit, now, rateLimits, onCall }: ApiDeps): Api {
  const routes: ApiRoute[] = [];

  return {
    routes,
    serve(route, handle) {
      routes.push(route);
      const config = rateLimits?.(route);
      const isAudited = route.audited ?? (route.method !== 'GET' && !route.unaudited);
      app.route({
        method: route.method,
        url: route.path,
        ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
        ...(config ? { config } : {}),
        // A body of megabytes is read, and parsed, for who is signed in alone.
        ...(route.bodyLimit === undefined || route.permission === 'anyone' ? {} : {
          onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
            if (await readSession(sessionCookie(request), { isWatching: true })) return;
            onCall?.(route, 'refused');
            return sendError(reply, 'HQ_NOT_SIGNED_IN', 'sign in first');
          },
        }),
        handler: async (request, reply) => {
          let account: SignedIn | undefined;
          let detail = '';
          let isInside = false;
          let begun: number | undefined;
          const audit = async (outcome: ActOfAccount['outcome'], words: string): Promise<number | undefined> => {
            // Who tries what their role may not is written down whatever it would have done.
            if (!isAudited && (route.method === 'GET' || isInside || outcome !== 'refused')) return undefined;
            return writeAudit({
              account, route: `${route.method} ${route.path}`, summary: route.summary, outcome, at: now(), address: request.ip,
              subject: Object.entries(request.params as Record<string, string>).map(([name, value]) => `${name}=${value}`).join(' ').slice(0, 200), detail: words.slice(0, 500), begun,
            });
          };
          /** It is done, whatever becomes of the word of it: that it was begun stands there, and whoever asked would do it once more. */
          const ended = async (outcome: 'done' | 'failed') => {
            await audit(outcome, detail).catch((error: unknown) => {
              if (begun === undefined && outcome === 'done') throw error;
              request.log.error({ begun, outcome, message: error instanceof Error ? error.message : String(error) }, "an act's end is not in the audit");
            });
          };
          const refuse = async (code: HqErrorCode, words: string, more: Record<string, unknown> = {}) => {
            onCall?.(route, 'refused');
            // Who is not signed in and is turned away at the door is not written down, or anybody could fill the audit; a wrong password is, and its number is limited.
            if (account || (route.permission === 'anyone' && isInside && code !== 'HQ_TOO_MANY_REQUESTS')) await audit('refused', `${code} ${detail}`.trim());
            return sendError(reply, code, words, more);
          };
          account = await readSession(sessionCookie(request), isWatching(request, route) ? { isWatching: true } : {});
          if (route.method !== 'GET' && !isFromConsole(request)) return refuse('HQ_NOT_ALLOWED', 'the call does not come from the console');
          if (route.permission !== 'anyone') {
            if (!account) return refuse('HQ_NOT_SIGNED_IN', 'sign in first');
            if (account.needsFactor && !route.withoutFactor) return refuse('HQ_NOT_ALLOWED', 'set up a second factor first', { needsFactor: true });
            if (!isAllowed(account.role, route.permission)) return refuse('HQ_NOT_ALLOWED', `${account.role} may not: ${route.summary}`);
          }
          if (!isStorable([request.params, request.query, request.body])) return refuse('CONTRACT_MALFORMED', 'a text holds a NUL character, or a value nests too deeply');
          const params = route.params.safeParse(request.params ?? {});
          const query = route.query.safeParse(request.query ?? {});
          const body = route.body.safeParse(request.body ?? {});
          const malformed = [['params', params], ['query', query], ['body', body]] as const;
          const wrong = malformed.flatMap(([part, { error }]) => (error ? [`${part}: ${describeIssues(error)}`] : []));
          if (!params.success || !query.success || !body.success) return refuse('CONTRACT_MALFORMED', wrong.join('; '));
          isInside = true;
          const begin = async () => {
            begun ??= await audit('begun', '');
          };
          try {
            if (account && !route.audited) await begin();
            // Before anything leaves: what was sent cannot be taken back. The filters by name alone, since one of them may be a customer's number.
            if (route.audited) await audit('done', Object.keys(request.query ?? {}).join(', '));
            const answer = await handle({ params: params.data, query: query.data, body: body.data, account, request, reply, note: (words: string) => (detail = words), actAs: (who: SignedIn) => (account = who), begin } as never);
            if (!route.audited) await ended('done');
            onCall?.(route, 'done');
            return route.file === undefined ? route.answer.parse(answer) : reply;
          } catch (error) {
            if (error instanceof ApiRefusal) return refuse(error.code, error.message, error.more);
            onCall?.(route, 'failed');
            await ended('failed');
            throw error;
          }
        },
      });
    },
  };
}
