import type { KeyObject } from 'node:crypto';
import type { ErrorCode } from '../../domain/contract/errors.ts';
import { errorRegistry } from '../../domain/contract/errors.ts';
import type { Batch, Enrol, Enrolled, Greeted, Hello, History, HqEvent, Lane, Mark, Welcome } from '../../domain/contract/hq.ts';
import { conflictSchema, enrolledSchema, greetedSchema, historySchema, markSchema, notWelcomeSchema, welcomeSchema } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Encoding } from './compression.ts';
import { publicKeyOf } from './signatures.ts';
import type { NoAnswer, SignedAnswer, SignedClient } from './signed-client.ts';

/** Why HQ did not do what it was asked. Nothing is ever deleted or skipped because of it. */
export type HqFailure =
  | NoAnswer
  /** 401 and 403: HQ does not know the session, the key, or wants none of this kiosk. */
  | { readonly kind: 'not_admitted'; readonly code: ErrorCode; readonly detail: string; readonly challenge?: string | undefined }
  /** No person has approved this kiosk yet, or there is no code to enrol with. */
  | { readonly kind: 'not_enrolled'; readonly code: ErrorCode; readonly detail: string }
  /** The batch does not follow on what HQ has, or contradicts it: hello tells where it stands. */
  | { readonly kind: 'conflict'; readonly code: ErrorCode; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };

/** What a request within a session is sent with. */
export interface InSession {
  readonly id: string;
  readonly encoding: Encoding | undefined;
}

export interface HqClient {
  /** @param expected HQ's key where it is known beforehand */
  enrol(request: Enrol, expected: KeyObject | undefined, stop?: AbortSignal): Promise<Result<Enrolled, HqFailure>>;
  hello(hello: Hello, stop?: AbortSignal): Promise<Result<Welcome, HqFailure>>;
  send(batch: Batch, session: InSession, stop?: AbortSignal): Promise<Result<Mark, HqFailure>>;
  /** A sign of life, and HQ's time. */
  greet(body: { readonly kioskId: string; readonly clock: Batch['clock'] }, session: InSession, stop?: AbortSignal): Promise<Result<Greeted, HqFailure>>;
  /** @param limit of events; a page of HQ's where none is given. An HQ of before there was one refuses it. */
  history(lane: Lane, epoch: number, after: number, session: InSession, stop?: AbortSignal, limit?: number): Promise<Result<History, HqFailure>>;
  /** What HQ's own check found missing or changed, as the kiosk has it. */
  resend(body: { readonly kioskId: string; readonly lane: Lane; readonly epoch: number; readonly events: readonly HqEvent[] }, session: InSession, stop?: AbortSignal): Promise<Result<unknown, HqFailure>>;
  /** Any other question within the session, its answer checked against a schema. */
  post<T>(path: string, body: unknown, schema: Schema<T>, session: InSession, stop?: AbortSignal, maxAnswerBytes?: number): Promise<Result<T, HqFailure>>;
}

/** Of a schema, what is used here. */
export interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

export interface HqClientDeps {
  readonly client: SignedClient;
  /** HQ's key, once one is known. */
  readonly hqKey: () => KeyObject | undefined;
  /** Each time that HQ tells: with the monotonic times at which it was asked and answered. */
  readonly onHqTime: (hqTime: number, sentAtMs: number, answeredAtMs: number) => void;
}

const anything: Schema<unknown> = { safeParse: (data) => ({ success: true, data }) };

export function createHqClient({ client, hqKey, onHqTime }: HqClientDeps): HqClient {
  async function ask<T>(schema: Schema<T>, request: Omit<Parameters<SignedClient['ask']>[0], 'hqKey'>, stop: AbortSignal | undefined): Promise<Result<T, HqFailure>> {
    const key = hqKey();
    if (!key) return err({ kind: 'not_enrolled', code: 'HQ_NOT_ENROLLED', detail: "HQ's key is not known yet" });
    const answer = await client.ask({ ...request, hqKey: key }, stop);
    return answer.ok ? read(schema, answer.value) : answer;
  }

  function read<T>(schema: Schema<T>, answer: SignedAnswer): Result<T, HqFailure> {
    const { status, text } = answer;
    const body = parseJson(text);
    const detail = `${status} ${text.slice(0, 300)}`;
    if (status >= 200 && status < 300) {
      const parsed = schema.safeParse(body);
      if (!parsed.success) return err({ kind: 'refused', detail: `an answer of another shape: ${detail}` });
      const hqTime = (body as { hqTime?: unknown } | undefined)?.hqTime;
      if (typeof hqTime === 'number') onHqTime(hqTime, answer.sentAtMs, answer.answeredAtMs);
      return ok(parsed.data);
    }
    const code = codeOf(body);
    if (status === 401 || status === 403) {
      const challenge = notWelcomeSchema.safeParse(body);
      return err({ kind: 'not_admitted', code: code ?? 'HQ_SESSION_ENDED', detail, challenge: challenge.success ? challenge.data.challenge : undefined });
    }
    if (status === 409) return err({ kind: 'conflict', code: conflictSchema.safeParse(body).success && code ? code : 'HQ_SEQUENCE_GAP', detail });
    return err({ kind: 'refused', detail });
  }

  return {
    async enrol(request, expected, stop) {
      // Signed by the very key that it brings: who brings it holds it. Another than the expected one is not HQ's.
      const brought = (text: string) => {
        const enrolled = enrolledSchema.safeParse(parseJson(text));
        return enrolled.success ? publicKeyOf(enrolled.data.hqPublicKey) : undefined;
      };
      const answer = await client.ask({ method: 'POST', path: '/api/kiosk/enrol', body: request, hqKey: expected ?? brought }, stop);
      return answer.ok ? read(enrolledSchema, answer.value) : answer;
    },
    hello: (hello, stop) => ask(welcomeSchema, { method: 'POST', path: '/api/kiosk/hello', body: hello }, stop),
    send: (batch, { id, encoding }, stop) => ask(markSchema, { method: 'POST', path: '/api/kiosk/events', body: batch, session: id, encoding }, stop),
    greet: (body, { id }, stop) => ask(greetedSchema, { method: 'POST', path: '/api/kiosk/greet', body, session: id }, stop),
    history: (lane, epoch, after, { id }, stop, limit) => ask(historySchema, {
      method: 'GET', path: `/api/kiosk/history?lane=${lane}&epoch=${epoch}&after=${after}${limit === undefined ? '' : `&limit=${limit}`}`, session: id, maxAnswerBytes: maxHistoryBytes,
    }, stop),
    resend: (body, { id, encoding }, stop) => ask(anything, { method: 'POST', path: '/api/kiosk/resend', body, session: id, encoding }, stop),
    post: (path, body, schema, { id, encoding }, stop, maxAnswerBytes) => ask(schema, { method: 'POST', path, body, session: id, encoding, ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }) }, stop),
  };
}

/** 500 events of the contract's longest payloads are more than any kiosk has; HQ pages by bytes, too. */
const maxHistoryBytes = 64_000_000;

function codeOf(body: unknown): ErrorCode | undefined {
  const code = (body as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && Object.hasOwn(errorRegistry, code) ? (code as ErrorCode) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
