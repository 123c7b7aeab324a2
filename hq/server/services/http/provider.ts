import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { numberViewSchema } from '../../../../domain/contract/number.ts';
import { maskName } from '../../../../domain/receipt/masked.ts';
import { parseJson } from '../../json.ts';
import type { QueryAnswer, ReverseAnswer, ServiceAnswer, ServiceProvider, Unknown } from '../provider.ts';
import type { Received } from './call.ts';
import { openLine } from './call.ts';
import type { SharedKey } from './keys.ts';
import { faultOfAnswer, signRequest } from './signature.ts';

export interface HttpProviderDeps {
  /** Of the carrier's gateway: "https://carrier.example/counter24". */
  readonly baseUrl: URL;
  readonly keys: readonly [SharedKey, ...SharedKey[]];
  readonly name: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** PEM of who signed the gateway's certificate, where the system does not know them. */
  readonly ca?: string | undefined;
  /** Before the one second try of a call that surely may be repeated. */
  readonly retryAfterMs?: number;
}

const reference = z.string().trim().min(1).max(60);
const detail = z.string().max(300).default('');
const taken = z.object({ state: z.enum(['accepted', 'pending']) });
const done = z.object({ state: z.literal('done'), reference });
const refused = z.object({ state: z.literal('refused'), detail });
const submitSchema = z.discriminatedUnion('state', [taken, done, refused]);
const querySchema = z.discriminatedUnion('state', [taken, done, refused, z.object({ state: z.literal('not_found') }), z.object({ state: z.literal('reversed') })]);
const reverseSchema = z.discriminatedUnion('state', [z.object({ state: z.enum(['reversed', 'pending']) }), done, refused, z.object({ state: z.literal('cannot'), detail })]);
// A carrier may say more than the page knows: what is not of the contract falls away.
const [found, unknownNumber, notForIt] = numberViewSchema.options;
const numberSchema = z.discriminatedUnion('state', [
  z.object({ ...found.omit({ kind: true }).shape, state: z.literal('found') }), z.object({ state: unknownNumber.shape.kind }), z.object({ state: notForIt.shape.kind }),
]);

/** Gateways and proxies before them that are unwell for a moment. */
const unwell: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * A carrier's gateway behind signed HTTP with JSON, as docs/services-protocol.md describes it. Believed is only status 200 with the carrier's signature over it,
 * its body and our request; everything else is `unknown`, and whoever calls asks again. Each call is tried twice at most, under the same idempotency key.
 */
export function createHttpProvider({ baseUrl, keys, name, now, ca, retryAfterMs = 300 }: HttpProviderDeps): ServiceProvider & { readonly close: () => void } {
  const line = openLine(baseUrl, ca);
  const basePath = baseUrl.pathname.replace(/\/$/, '');

  const once = async (method: 'GET' | 'POST', path: string, idempotencyKey: string, body: Uint8Array, signal: AbortSignal): Promise<{ readonly received: Received; readonly fault: string | undefined }> => {
    const nonce = randomBytes(16).toString('hex');
    const signed = signRequest({ method, authority: baseUrl.host.toLowerCase(), path, body, idempotencyKey, created: Math.floor(now() / 1000), nonce }, keys[0]);
    const received = await line.send({ method, path, body, signal, headers: { accept: 'application/json', host: baseUrl.host, ...(body.length > 0 ? { 'content-type': 'application/json' } : {}), ...signed } });
    return { received, fault: faultOfAnswer({ ...received, nonce, nowSeconds: Math.floor(now() / 1000) }, keys) };
  };

  const ask = async <S extends z.ZodType>(schema: S, method: 'GET' | 'POST', place: string, idempotencyKey: string, content: unknown, signal: AbortSignal): Promise<{ readonly ok: true; readonly value: z.output<S> } | { readonly ok: false; readonly error: Unknown }> => {
    const body = content === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(content), 'utf8');
    const unknown = (words: string, isAway: boolean) => ({ ok: false as const, error: { kind: 'unknown' as const, detail: `${name} ${words}`.slice(0, 300), isAway } });
    for (let attempt = 1; ; attempt++) {
      const mayRetry = attempt === 1 && !signal.aborted;
      const answer = await once(method, `${basePath}${place}`, idempotencyKey, body, signal).catch((error: NodeJS.ErrnoException) => error);
      if (answer instanceof Error) {
        if (mayRetry && (await rest(retryAfterMs, signal))) continue;
        return unknown(signal.aborted ? 'did not answer in time' : `cannot be reached (${answer.code ?? answer.message})`, true);
      }
      const { received: { status, body: said }, fault } = answer;
      if (unwell.has(status) && mayRetry && (await rest(retryAfterMs, signal))) continue;
      if (status === 429 || status >= 500) return unknown(`answers ${status}`, true);
      if (status !== 200) return unknown(`answers ${status}${fault === undefined ? '' : `, and ${fault}`}: the address or a key may be wrong`, false);
      if (fault !== undefined) return unknown(`gives an answer that is not believed: ${fault}`, false);
      const parsed = parseJson(said.toString('utf8'), 10);
      const value = parsed.ok ? schema.safeParse(parsed.value) : undefined;
      // Its words may hold a customer's number: only where the fault is, is told.
      return value?.success ? { ok: true, value: value.data } : unknown(`gives an answer of another shape${value ? ` (${value.error.issues.slice(0, 3).map(({ path }) => path.join('.') || 'state').join(', ')})` : ''}`, false);
    }
  };

  const orderPath = (key: string) => `/orders/${encodeURIComponent(key)}`;
  return {
    name,
    close: line.close,
    submit: async ({ key, service, offerId, quantity, amount, number, form }, signal): Promise<ServiceAnswer> => {
      const answer = await ask(submitSchema, 'POST', '/orders', key, { key, service, offerId, quantity, amount, ...(number === undefined ? {} : { number }), form }, signal);
      return answer.ok ? kindOf(answer.value) : answer.error;
    },
    query: async (key, signal): Promise<QueryAnswer> => {
      const answer = await ask(querySchema, 'GET', orderPath(key), key, undefined, signal);
      if (!answer.ok) return answer.error;
      if (answer.value.state === 'reversed') return { kind: 'refused', detail: 'it was taken back' };
      return kindOf(answer.value);
    },
    reverse: async (key, signal): Promise<ReverseAnswer> => {
      const answer = await ask(reverseSchema, 'POST', `${orderPath(key)}/reverse`, key, {}, signal);
      return answer.ok ? kindOf(answer.value) : answer.error;
    },
    lookUp: async ({ number, service, offerId }, signal) => {
      const answer = await ask(numberSchema, 'POST', '/numbers', randomUUID(), { number, service, offerId }, signal);
      if (!answer.ok) return answer.error;
      const view = kindOf(answer.value);
      // That no whole name stands on a screen in a station is not left to the carrier alone.
      return view.kind === 'found' && !view.owner.includes('*') ? { ...view, owner: maskName(view.owner) } : view;
    },
  };
}

type Kinded<V> = V extends { readonly state: infer K } ? { readonly kind: K } & Omit<V, 'state'> : never;
function kindOf<V extends { readonly state: string }>(value: V): Kinded<V> {
  const { state, ...rest } = value;
  return { kind: state, ...rest } as unknown as Kinded<V>;
}

/** False where the time is over first. */
async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch(() => false);
}
