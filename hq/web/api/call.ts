import type { ApiAnswer, ApiInput, ApiRoute } from '../../contract/api/route.ts';
import { addressOf } from '../../contract/api/route.ts';

/** Why a call came to nothing. `away`: HQ or its database does not answer now. */
export class CallFailure extends Error {
  readonly kind: 'away' | 'signed_out' | 'not_allowed' | 'not_found' | 'changed' | 'invalid' | 'too_many' | 'failed';
  readonly code: string;
  readonly detail: string;
  readonly more: Readonly<Record<string, unknown>>;
  constructor(kind: CallFailure['kind'], code = '', detail = '', more: Readonly<Record<string, unknown>> = {}) {
    super(`${code} ${detail}`.trim() || kind);
    this.kind = kind;
    this.code = code;
    this.detail = detail;
    this.more = more;
  }
}

const kindOf: Readonly<Record<number, CallFailure['kind']>> = { 400: 'invalid', 401: 'signed_out', 403: 'not_allowed', 404: 'not_found', 409: 'changed', 422: 'invalid', 429: 'too_many' };

/** Calls HQ by the route that both sides share; throws a `CallFailure`. Answers are taken as HQ's server made them: it checks them by the same schema. */
export async function call<R extends ApiRoute>(route: R, input: ApiInput<R> = {}, signal?: AbortSignal): Promise<ApiAnswer<R>> {
  let response: Response;
  try {
    response = await fetch(addressOf(route.path, input.params as Record<string, unknown>, input.query as Record<string, unknown>), {
      method: route.method,
      headers: { accept: 'application/json', ...watching(), ...(route.method === 'GET' ? {} : { 'content-type': 'application/json' }) },
      ...(route.method === 'GET' ? {} : { body: JSON.stringify(input.body ?? {}) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new CallFailure('away');
  }
  const json = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (response.ok) return json as ApiAnswer<R>;
  const { code, detail, ...more } = json;
  throw new CallFailure(response.status >= 500 ? 'away' : (kindOf[response.status] ?? 'failed'), String(code ?? ''), String(detail ?? ''), more);
}

/** Whether a person has touched the page lately: what a page asks by itself keeps no session alive (hq/server/people/sessions.ts). */
function watching(): Readonly<Record<string, string>> {
  return navigator.userActivation ? { 'x-counter24-watching': navigator.userActivation.isActive ? '0' : '1' } : {};
}
