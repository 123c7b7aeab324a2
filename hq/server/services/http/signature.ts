import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SharedKey } from './keys.ts';

/**
 * The profile of RFC 9421 that HQ and a carrier speak (docs/services-protocol.md): HMAC-SHA256 (3.3.3) over fixed components in a fixed order, so that the text
 * which is signed (2.5) is a template that any language fills in. Bodies by Content-Digest (RFC 9530).
 */
const requestTag = 'counter24-carrier-request';
const answerTag = 'counter24-carrier-answer';
const label = 'counter24';
export const nonceHeader = 'counter24-nonce';

export interface RequestToSign {
  readonly method: 'GET' | 'POST';
  /** Host and port as the Host header has them, in small letters. */
  readonly authority: string;
  /** As it stands in the request line. */
  readonly path: string;
  readonly body: Uint8Array;
  readonly idempotencyKey: string;
  /** Whole seconds, Unix time. */
  readonly created: number;
  readonly nonce: string;
}

export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** The text that a request's signature is over (RFC 9421, 2.5), and what stands in Signature-Input. */
export function requestBase({ method, authority, path, body, idempotencyKey, created, nonce }: RequestToSign, keyId: string): { readonly base: string; readonly parameters: string } {
  const parameters = `("@method" "@authority" "@path" "content-digest" "idempotency-key");created=${created};keyid="${keyId}";nonce="${nonce}";alg="hmac-sha256";tag="${requestTag}"`;
  const lines = [`"@method": ${method}`, `"@authority": ${authority}`, `"@path": ${path}`, `"content-digest": ${contentDigest(body)}`, `"idempotency-key": ${idempotencyKey}`, `"@signature-params": ${parameters}`];
  return { base: lines.join('\n'), parameters };
}

export function signRequest(request: RequestToSign, key: SharedKey): Record<string, string> {
  const { base, parameters } = requestBase(request, key.id);
  return {
    'content-digest': contentDigest(request.body), 'idempotency-key': request.idempotencyKey,
    'signature-input': `${label}=${parameters}`, signature: `${label}=:${hmac(base, key).toString('base64')}:`,
  };
}

export interface AnswerToVerify {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
  /** Of the request that it answers. */
  readonly nonce: string;
  /** Seconds, Unix time, of this machine. */
  readonly nowSeconds: number;
}

/** An answer's clock may be off by so much. */
const toleranceSeconds = 300;
const inputPattern = new RegExp(`^${label}=(\\("@status" "content-digest" "${nonceHeader}"\\)((?:;[a-z]{1,20}=(?:\\d{1,12}|"[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]{0,100}"))+))$`);

/** Undefined where the answer is the carrier's, to this very request; else a sentence on what is wrong. */
export function faultOfAnswer({ status, headers, body, nonce, nowSeconds }: AnswerToVerify, keys: readonly SharedKey[]): string | undefined {
  const one = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '');
  if (one('signature-input') === '' || one('signature') === '') return 'it is not signed';
  const [, parameters, rest] = inputPattern.exec(one('signature-input')) ?? [];
  if (parameters === undefined || rest === undefined) return 'its signature does not cover exactly what it should';
  const entries = [...rest.matchAll(/;([a-z]+)=(?:(\d+)|"([^"]*)")/g)].map(([, name = '', number, text]) => [name, number ?? text ?? ''] as const);
  const given = new Map(entries);
  if (given.size !== entries.length) return 'a parameter of its signature stands twice';
  if (given.get('tag') !== answerTag || given.get('alg') !== 'hmac-sha256') return 'its signature is of another kind';
  if (one(nonceHeader) !== nonce) return 'it answers another request';
  if (!(Math.abs(Number(given.get('created') ?? Number.NaN) - nowSeconds) <= toleranceSeconds)) return 'it was signed at another time: one of the clocks is wrong';
  if (one('content-digest') !== contentDigest(body)) return 'its body is not the one that was signed';
  const key = keys.find(({ id }) => id === given.get('keyid'));
  if (!key) return 'it is signed by a key that HQ does not have';
  const base = [`"@status": ${status}`, `"content-digest": ${one('content-digest')}`, `"${nonceHeader}": ${nonce}`, `"@signature-params": ${parameters}`].join('\n');
  const signature = new RegExp(`^${label}=:([A-Za-z0-9+/]{43}=):$`).exec(one('signature'))?.[1];
  return signature !== undefined && timingSafeEqual(Buffer.from(signature, 'base64'), hmac(base, key)) ? undefined : 'its signature is wrong';
}

function hmac(base: string, { secret }: SharedKey): Buffer {
  return createHmac('sha256', secret).update(base, 'utf8').digest();
}
