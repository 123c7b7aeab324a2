import { createHash, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { httpbis } from 'http-message-signatures';
import { counterOf, hqKeyId, nonceHeader, requestComponents, requestTag, responseComponents, responseTag, sessionHeader } from '../../../domain/contract/hq-signature.ts';
import type { SigningKey } from './signing-key.ts';

/** What a request says of its own signature, before anything of it is believed. */
export interface SignatureClaim {
  readonly keyId: string;
  readonly nonce: string;
  readonly counter: number;
  /** SHA-256 of the body as it travels. */
  readonly digest: Buffer;
  readonly session: string;
}

export interface SignedRequest {
  readonly method: string;
  /** As it stands in the request line: path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

const components = requestComponents.map((name) => `"${name}"`).join(' ');
// One signature, over exactly the components of the profile, in their order; parameters are integers or plain strings (RFC 9421, 4.1).
const inputPattern = new RegExp(`^[a-z][a-z0-9_-]{0,30}=\\(${components}\\)((?:;[a-z]{1,20}=(?:\\d{1,15}|"[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]{0,200}"))+)$`);
const parameterPattern = /;([a-z]+)=(?:(\d+)|"([^"]*)")/g;
const digestPattern = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

/** Reads what the profile (domain/contract/hq-signature.ts) asks of a request; says in words what is wrong with it. */
export function readClaim(headers: IncomingHttpHeaders): SignatureClaim | { readonly fault: string } {
  const input = headers['signature-input'];
  if (typeof input !== 'string' || typeof headers.signature !== 'string') return { fault: 'the request is not signed' };
  const found = input.length > 1000 ? null : inputPattern.exec(input);
  if (!found?.[1]) return { fault: 'the signature does not cover exactly the components that it should' };
  const entries = [...found[1].matchAll(parameterPattern)].map(([, name = '', number, text]) => [name, number ?? text ?? ''] as const);
  const parameters = new Map(entries);
  if (parameters.size !== entries.length) return { fault: 'a parameter of the signature stands twice' };
  if (parameters.get('tag') !== requestTag) return { fault: `the tag of the signature is not ${requestTag}` };
  if (parameters.get('alg') !== 'ed25519') return { fault: 'the algorithm of the signature is not ed25519' };
  const nonce = parameters.get('nonce') ?? '';
  const counter = counterOf(nonce);
  if (counter === undefined) return { fault: 'the signature has no nonce that counts' };
  const digest = digestPattern.exec(String(headers['content-digest'] ?? ''))?.[1];
  if (digest === undefined) return { fault: 'content-digest is no sha-256' };
  const session = headers[sessionHeader];
  if (typeof session !== 'string') return { fault: `${sessionHeader} is missing` };
  return { keyId: parameters.get('keyid') ?? '', nonce, counter, digest: Buffer.from(digest, 'base64'), session };
}

/**
 * Whether the request is signed by this key, for one of these authorities. Its `created` is not held against any clock: a kiosk's may be
 * anywhere. Freshness is the session's and the nonce's.
 */
export async function isSignedBy(key: KeyObject, { method, url, headers }: SignedRequest, authorities: readonly string[]): Promise<boolean> {
  const [path = '', ...query] = url.split('?');
  for (const authority of authorities) {
    const isRight = await httpbis
      .verifyMessage(
        {
          keyLookup: async () => ({ id: '', algs: ['ed25519'], verify: async (data, signature) => verify(null, data, key, signature) }),
          // As it stands in the request: what a URL parser makes of it may be another path than the one that is routed.
          componentParser: (name) => (name === '@authority' ? [authority] : name === '@path' ? [path] : name === '@query' ? [`?${query.join('?')}`] : null),
          all: true, tolerance: anyTimeSeconds,
        },
        { method, url: 'http://of-no-matter/', headers: headers as Record<string, string | string[]> },
      )
      .catch(() => false);
    if (isRight === true) return true;
  }
  return false;
}

/** The library compares `created` and `expires` with this machine's clock; so much tolerance is none of it. */
const anyTimeSeconds = 1e12;

/**
 * Under which names this HQ may be called. Those of the environment, where it names some; else what the request came to: the Host
 * that the kiosk used, with and without the port that goes without saying.
 */
export function authoritiesOf(host: string | undefined, publicAuthorities: readonly string[]): readonly string[] {
  if (publicAuthorities.length > 0) return publicAuthorities;
  const name = (host ?? '').toLowerCase();
  return /:(80|443)$/.test(name) ? [name, name.replace(/:\d+$/, '')] : [name];
}

export function sha256(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}

export function isDigestOf(digest: Buffer, body: Uint8Array): boolean {
  return timingSafeEqual(digest, sha256(body));
}

/**
 * The headers that make an answer HQ's: over its status, its body and the request's nonce.
 * @param nonce of the request; "none" where it had none that could be read
 */
export async function signAnswer(signingKey: SigningKey, status: number, body: Uint8Array, nonce: string, now: number): Promise<Record<string, string>> {
  const headers = { 'content-digest': `sha-256=:${sha256(body).toString('base64')}:`, [nonceHeader]: nonce };
  const signed = await httpbis.signMessage(
    {
      key: { id: hqKeyId, alg: 'ed25519', sign: async (data) => signingKey.sign(data) },
      name: 'hq', fields: [...responseComponents], params: ['created', 'keyid', 'alg', 'tag'], paramValues: { created: new Date(Math.max(1000, now)), tag: responseTag },
    },
    { status, headers },
  );
  return signed.headers as Record<string, string>;
}
