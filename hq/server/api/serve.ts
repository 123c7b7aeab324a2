import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ErrorCode } from '../../../domain/contract/errors.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import { isAllowed } from '../../contract/api/permissions.ts';
import type { ApiRoute } from '../../contract/api/route.ts';
import type { HqErrorCode } from '../errors.ts';
import { sendError } from '../errors.ts';
import type { ReadSession, SignedIn, WriteAudit } from './account.ts';
import { sessionCookie } from './cookie.ts';
import { isFromConsole } from './origin.ts';

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

export interface ApiDeps {
  readonly readSession: ReadSession;
  readonly writeAudit: WriteAudit;
  readonly now: () => number;
}

export interface Api {
  /** The routes that have been served, for the document and for the test that asks each with each role. */
  readonly routes: readonly ApiRoute[];
  serve<R extends ApiRoute>(route: R, handle: (call: ApiCall<R>) => Promise<z.input<R['answer']>>): void;
}

/**
 * The console's border, the same for every call: who is signed in, whether their role may, whether the call comes from the console's own page, shapes in and
 * out, and the audit. A handler gets what was checked and answers a value, or throws an `ApiRefusal`. With `file` it sends the reply itself and answers nothing.
 */
export function createApi(app: FastifyInstance, { readSession, writeAudit, now }: ApiDeps): Api {
  const routes: ApiRoute[] = [];

  return {
    routes,
    serve(route, handle) {
      routes.push(route);
      const isAudited = route.method !== 'GET' && !route.unaudited;
      app.route({
        method: route.method,
        url: route.path,
        ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
        handler: async (request, reply) => {
          let account: SignedIn | undefined;
          let detail = '';
          const audit = async (outcome: 'done' | 'refused' | 'failed', words: string) => {
            if (!isAudited) return;
            await writeAudit({
              account, route: `${route.method} ${route.path}`, summary: route.summary, outcome, at: now(), address: request.ip,
              subject: Object.entries(request.params as Record<string, string>).map(([name, value]) => `${name}=${value}`).join(' ').slice(0, 200), detail: words.slice(0, 500),
            });
          };
          const refuse = async (code: HqErrorCode, words: string, more: Record<string, unknown> = {}) => {
            await audit('refused', `${code} ${detail}`.trim());
            return sendError(reply, code, words, more);
          };
          account = await readSession(sessionCookie(request.headers.cookie));
          if (route.method !== 'GET' && !isFromConsole(request)) return refuse('HQ_NOT_ALLOWED', 'the call does not come from the console');
          if (route.permission !== 'anyone') {
            if (!account) return sendError(reply, 'HQ_NOT_SIGNED_IN', 'sign in first');
            if (!isAllowed(account.role, route.permission)) return refuse('HQ_NOT_ALLOWED', `${account.role} may not: ${route.summary}`);
          }
          const params = route.params.safeParse(request.params ?? {});
          const query = route.query.safeParse(request.query ?? {});
          const body = route.body.safeParse(request.body ?? {});
          const malformed = [['params', params], ['query', query], ['body', body]] as const;
          const wrong = malformed.flatMap(([part, { error }]) => (error ? [`${part}: ${describeIssues(error)}`] : []));
          if (!params.success || !query.success || !body.success) return refuse('CONTRACT_MALFORMED', wrong.join('; '));
          try {
            const answer = await handle({ params: params.data, query: query.data, body: body.data, account, request, reply, note: (words: string) => (detail = words) } as never);
            await audit('done', detail);
            return route.file === undefined ? route.answer.parse(answer) : reply;
          } catch (error) {
            if (error instanceof ApiRefusal) return refuse(error.code, error.message, error.more);
            await audit('failed', detail).catch(() => {});
            throw error;
          }
        },
      });
    },
  };
}
