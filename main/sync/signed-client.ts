import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { noSession, nonceOf, sessionHeader } from '../../domain/contract/hq-signature.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Encoding } from './compression.ts';
import { encodeBody } from './compression.ts';
import type { SyncRuntime } from './runtime.ts';
import { signRequest, verifyResponse } from './signatures.ts';

/** Why there is no answer of HQ's. */
export type NoAnswer =
  /** Nobody answers, or somebody on the way says that HQ cannot now. */
  | { readonly kind: 'away'; readonly detail: string; readonly retryAfterMs?: number }
  /** An answer that HQ's key has not signed: nothing in it is believed. */
  | { readonly kind: 'not_hq'; readonly detail: string }
  /** Also by a proxy on the way, unsigned: a smaller batch harms nobody. */
  | { readonly kind: 'too_large'; readonly detail: string };

export interface SignedAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
  /** By the monotonic clock: HQ's time in the answer is of somewhere between. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** With its query, from the root. */
  readonly path: string;
  readonly body?: unknown;
  readonly session?: string | undefined;
  /** HQ's key; or, at enrolment, found in the very answer: undefined where there is none in it, and then it is only words. */
  readonly hqKey: KeyObject | ((text: string) => KeyObject | undefined);
  readonly encoding?: Encoding | undefined;
  readonly maxAnswerBytes?: number;
}

export interface SignedClient {
  /** @param stop gives the request up: nobody waits for its answer any more */
  ask(request: SignedRequest, stop?: AbortSignal): Promise<Result<SignedAnswer, NoAnswer>>;
  /** The headers of a request whose answer is read as a stream (the bell), and the nonce that the answer repeats. */
  sign(method: 'GET' | 'POST', path: string, session: string | undefined, body?: Uint8Array): Promise<{ readonly url: URL; readonly headers: Record<string, string>; readonly nonce: string }>;
}

export interface SignedClientDeps extends SyncRuntime {
  readonly url: string;
  readonly kioskId: string;
  readonly privateKey: KeyObject;
  /** For the whole of a request, its body and its answer; generous, since a batch may go over a bad mobile line. */
  readonly timeoutMs?: number;
  readonly randomText?: () => string;
}

const maxRetryAfterMs = 300_000;
const defaultAnswerBytes = 4_000_000;

export function createSignedClient(deps: SignedClientDeps): SignedClient {
  const { url: base, kioskId, privateKey, fetch, now, monotonicMs, timers, timeoutMs = 30_000, randomText = () => randomBytes(12).toString('base64url') } = deps;
  let sent = 0;

  async function signFor(method: 'GET' | 'POST', path: string, session: string | undefined, body: Uint8Array) {
    const url = new URL(path, base);
    const nonce = nonceOf(++sent, randomText());
    const headers = await signRequest(privateKey, { method, url, body, session: session ?? noSession, keyId: kioskId, nonce, at: now() });
    // What is compressed on the way would have another digest.
    return { url, nonce, headers: { ...headers, [sessionHeader]: session ?? noSession, 'accept-encoding': 'identity' } };
  }

  return {
    sign: (method, path, session, body = new Uint8Array()) => signFor(method, path, session, body),

    async ask({ method, path, body, session, hqKey, encoding, maxAnswerBytes = defaultAnswerBytes }, stop) {
      const travelling = encodeBody(body === undefined ? '' : JSON.stringify(body), encoding);
      const { url, nonce, headers } = await signFor(method, path, session, travelling.bytes);
      const sentAtMs = monotonicMs();
      const fetched = await withLimit(timers, timeoutMs, stop, async (signal) => {
        const response = await fetch(url, {
          method, redirect: 'error', signal,
          headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(travelling.encoding ? { 'content-encoding': travelling.encoding } : {}) },
          ...(body === undefined ? {} : { body: new Uint8Array(travelling.bytes) }),
        });
        return { response, bytes: await readBounded(response, maxAnswerBytes) };
      });
      if (!fetched.ok) return fetched;
      const { response, bytes } = fetched.value;
      const answeredAtMs = monotonicMs();
      const { status } = response;
      const text = bytes.toString('utf8');
      const detail = `${status} ${text.slice(0, 300)}`;
      const retryAfterMs = retryAfter(response.headers.get('retry-after'), now);
      const key = typeof hqKey === 'function' ? hqKey(text) : hqKey;
      const answerHeaders = Object.fromEntries(response.headers);
      // Where no key is known yet, a refusal is told as it came: it decides nothing but when to ask again.
      const verdict = key ? await verifyResponse(key, status, answerHeaders, bytes, nonce) : status >= 400 ? 'signed' : 'unsigned';
      if (verdict === 'wrong') return err({ kind: 'not_hq', detail: `wrongly signed: ${detail}` });
      if (status >= 500 || status === 429 || status === 408) return err({ kind: 'away', detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
      if (status === 413) return err({ kind: 'too_large', detail });
      if (verdict === 'unsigned') return err({ kind: 'not_hq', detail: `not signed: ${detail}` });
      return ok({ status, text, retryAfterMs, sentAtMs, answeredAtMs });
    },
  };
}

/** Runs it until it is done, stopped, or takes too long; every listener and timer is gone when it returns. */
async function withLimit<T>(timers: SyncRuntime['timers'], timeoutMs: number, stop: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<T>): Promise<Result<T, NoAnswer>> {
  const giveUp = new AbortController();
  // A network that does not hear of it is left to itself.
  const given = new Promise<never>((_, reject) => giveUp.signal.addEventListener('abort', () => reject(giveUp.signal.reason as Error), { once: true }));
  given.catch(() => {});
  const onStop = () => giveUp.abort(new Error('given up'));
  const timer = timers.setTimeout(() => giveUp.abort(new Error(`no whole answer within ${timeoutMs} ms`)), timeoutMs);
  stop?.addEventListener('abort', onStop, { once: true });
  try {
    if (stop?.aborted) return err({ kind: 'away', detail: 'given up' });
    return ok(await Promise.race([run(giveUp.signal), given]));
  } catch (cause) {
    return err({ kind: 'away', detail: describeCause(giveUp.signal.aborted ? giveUp.signal.reason : cause) });
  } finally {
    timers.clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (!read || read.done) return Buffer.concat(chunks);
    length += read.value.byteLength;
    chunks.push(read.value);
    if (length <= maxBytes) continue;
    await reader?.cancel();
    throw new Error(`an answer of more than ${maxBytes} bytes`);
  }
}

/** RFC 9110, 10.2.3: seconds, or a date. Nobody on the way can silence a kiosk for longer than the cap. */
function retryAfter(value: string | null, now: () => number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now();
  return waitMs > 0 ? Math.min(waitMs, maxRetryAfterMs) : undefined;
}

function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
