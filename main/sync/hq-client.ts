import type { Batch, Mark } from '../../domain/contract/hq.ts';
import { conflictSchema, markSchema } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

/** Why HQ did not take a batch. Nothing is ever deleted or skipped because of it. */
export type HqFailure =
  | { readonly kind: 'away'; readonly detail: string; readonly retryAfterMs?: number }
  /** 401 and 403: wrong or missing token. */
  | { readonly kind: 'not_admitted'; readonly detail: string }
  /** HQ has less than we thought: its mark says where it stands. */
  | { readonly kind: 'gap'; readonly detail: string; readonly mark: Mark }
  /** HQ holds another event under one of our numbers. */
  | { readonly kind: 'conflict'; readonly detail: string }
  | { readonly kind: 'too_large'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };

export interface HqClient {
  /** @param stop gives the request up: nobody waits for its answer any more */
  send(batch: Batch, stop?: AbortSignal): Promise<Result<Mark, HqFailure>>;
  /** A sign of life, for HQ to see that the kiosk is there although it has nothing to tell. */
  greet(stop?: AbortSignal): Promise<Result<Mark, HqFailure>>;
}

export interface HqClientOptions {
  readonly url: string;
  /** Read at each request: HQ may give the token later. */
  readonly token: () => string | undefined;
  readonly timeoutMs?: number;
}

const maxRetryAfterMs = 300_000;

export function createHqClient({ url, token, timeoutMs = 15_000 }: HqClientOptions): HqClient {
  async function ask(path: string, stop: AbortSignal | undefined, request: RequestInit): Promise<Result<Mark, HqFailure>> {
    const bearer = token();
    if (bearer === undefined) return err({ kind: 'not_admitted', detail: 'no token yet' });
    try {
      const limit = AbortSignal.timeout(timeoutMs);
      const response = await fetch(new URL(path, url), {
        ...request,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        signal: stop ? AbortSignal.any([limit, stop]) : limit,
        redirect: 'error',
      });
      return await readAnswer(response);
    } catch (cause) {
      return err({ kind: 'away', detail: describeCause(cause) });
    }
  }

  return {
    send: (batch, stop) => ask('/api/kiosk/events', stop, { method: 'POST', body: JSON.stringify(batch) }),
    greet: (stop) => ask('/api/kiosk/mark', stop, { method: 'GET' }),
  };
}

async function readAnswer(response: Response): Promise<Result<Mark, HqFailure>> {
  const text = await response.text();
  if (response.ok) {
    const mark = markSchema.safeParse(parseJson(text));
    return mark.success ? ok(mark.data) : err({ kind: 'away', detail: 'HQ answered something that is no mark' });
  }
  const detail = `${response.status} ${text.slice(0, 300)}`;
  if (response.status === 401 || response.status === 403) return err({ kind: 'not_admitted', detail });
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get('retry-after'));
    return err({ kind: 'away', detail, ...(seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, maxRetryAfterMs) } : {}) });
  }
  if (response.status === 413) return err({ kind: 'too_large', detail });
  const conflict = conflictSchema.safeParse(parseJson(text));
  if (response.status !== 409 || !conflict.success) return err({ kind: 'refused', detail });
  const { code, mark } = conflict.data;
  return err(code === 'HQ_SEQUENCE_GAP' ? { kind: 'gap', detail, mark } : { kind: 'conflict', detail });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
