import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { hqKeyId, nonceHeader, requestComponents, requestTag, responseComponents, responseTag, sessionHeader } from '../../domain/contract/hq-signature.ts';

/** Keys travel and rest as base64 of their DER (SPKI, PKCS #8). Undefined where the text is no Ed25519 key. */
export function publicKeyOf(base64: string): KeyObject | undefined {
  return ed25519(() => createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' }));
}

export function privateKeyOf(base64: string): KeyObject | undefined {
  return ed25519(() => createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' }));
}

function ed25519(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 9530: `sha-256=:<base64>:` over the body as it travels, compressed or empty. */
export function contentDigest(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
}

export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body: Uint8Array;
  readonly session: string;
  readonly keyId: string;
  readonly nonce: string;
  /** Epoch milliseconds. For people who read it; HQ's answer to a replay is the nonce, since a kiosk's clock may be wrong. */
  readonly at: number;
}

/** The headers that sign a request (RFC 9421, domain/contract/hq-signature.ts). */
export async function signRequest(key: KeyObject, { method, url, body, session, keyId, nonce, at }: UnsignedRequest): Promise<Record<string, string>> {
  const signed = await httpbis.signMessage(
    {
      key: { id: keyId, alg: 'ed25519', sign: async (data) => sign(null, data, key) },
      fields: [...requestComponents],
      params: ['created', 'keyid', 'nonce', 'alg', 'tag'],
      // A created of 0 would be left out: a clock at 1970 signs all the same.
      paramValues: { created: new Date(Math.max(1000, at)), nonce, tag: requestTag },
    },
    { method, url: url.href, headers: { 'content-digest': contentDigest(body), [sessionHeader]: session } },
  );
  return signed.headers as Record<string, string>;
}

export type Verdict = 'signed' | 'unsigned' | 'wrong';

/** Whether HQ has signed this answer to the request of this nonce: all that is to be covered, over the bytes that came. */
export async function verifyResponse(key: KeyObject, status: number, headers: Readonly<Record<string, string>>, body: Uint8Array, nonce: string): Promise<Verdict> {
  if (headers['signature'] === undefined && headers['signature-input'] === undefined) return 'unsigned';
  const digest = contentDigest(body);
  if (headers['content-digest'] !== digest || headers[nonceHeader] !== nonce) return 'wrong';
  const covered = [`"@status": ${status}`, `"content-digest": ${digest}`, `"${nonceHeader}": ${nonce}`, `"@signature-params": (${responseComponents.map((name) => `"${name}"`).join(' ')});`].join('\n');
  try {
    const isVerified = await httpbis.verifyMessage({
      // The base that was signed must be exactly ours: the library would be content with a signature over less or more.
      keyLookup: async ({ keyid, tag }) => keyid !== hqKeyId || tag !== responseTag ? null : {
        id: hqKeyId, algs: ['ed25519'], verify: async (data, signature) => data.toString('utf8').startsWith(covered) && verify(null, data, key, signature),
      },
      requiredFields: [...responseComponents],
      requiredParams: ['keyid', 'tag'],
      // Clocks decide nothing here: an old answer does not bear our nonce.
      notAfter: Number.MAX_SAFE_INTEGER,
    }, { status, headers: { ...headers } });
    return isVerified === true ? 'signed' : 'wrong';
  } catch {
    return 'wrong';
  }
}
