import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The carrier's side of docs/services-protocol.md, written from that page alone: what a gateway team would write. It shares nothing with HQ's side.
 */
export interface CarrierKey {
  readonly id: string;
  readonly secret: Buffer;
}

export interface SignedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export type Verdict = { readonly ok: true; readonly nonce: string; readonly idempotencyKey: string; readonly key: CarrierKey } | { readonly ok: false; readonly why: string; readonly nonce: string };

/** Checks calls: signature, digest, clock, and that each came once. Remembers nonces for as long as their clock would be believed. */
export function createChecker({ keys, nowSeconds, seconds = 300 }: { readonly keys: readonly CarrierKey[]; readonly nowSeconds: () => number; readonly seconds?: number }): (call: SignedCall) => Verdict {
  const seen = new Map<string, number>();
  return ({ method, path, headers, body }) => {
    const header = (name: string) => String(headers[name] ?? '');
    const input = header('signature-input');
    const parameters = input.slice(input.indexOf('=') + 1);
    const part = (name: string) => new RegExp(`;${name}="?([^";]*)"?(;|$)`).exec(parameters)?.[1] ?? '';
    const nonce = part('nonce');
    const no = (why: string): Verdict => ({ ok: false, why, nonce: nonce === '' ? 'none' : nonce });
    if (!input.startsWith('counter24=("@method" "@authority" "@path" "content-digest" "idempotency-key");')) return no('signature-input');
    if (part('tag') !== 'counter24-carrier-request' || part('alg') !== 'hmac-sha256') return no('tag or algorithm');
    const key = keys.find(({ id }) => id === part('keyid'));
    if (!key) return no('unknown key');
    const created = Number(part('created'));
    const now = nowSeconds();
    if (!(Math.abs(now - created) <= seconds)) return no('clock');
    if (header('content-digest') !== digestOf(body)) return no('content-digest');
    const text = [
      `"@method": ${method}`, `"@authority": ${header('host').toLowerCase()}`, `"@path": ${path}`, `"content-digest": ${header('content-digest')}`, `"idempotency-key": ${header('idempotency-key')}`, `"@signature-params": ${parameters}`,
    ].join('\n');
    const given = Buffer.from(/^counter24=:(.*):$/.exec(header('signature'))?.[1] ?? '', 'base64');
    const right = createHmac('sha256', key.secret).update(text).digest();
    if (given.length !== right.length || !timingSafeEqual(given, right)) return no('signature');
    for (const [old, until] of seen) if (until < now) seen.delete(old);
    if (nonce === '' || seen.has(nonce)) return no('replayed');
    seen.set(nonce, created + 2 * seconds);
    return { ok: true, nonce, idempotencyKey: header('idempotency-key'), key };
  };
}

/** The headers that make an answer the carrier's, over its status, its body and the request's nonce. */
export function signAnswer({ status, body, nonce, key, created }: { readonly status: number; readonly body: Buffer; readonly nonce: string; readonly key: CarrierKey; readonly created: number }): Record<string, string> {
  const parameters = `("@status" "content-digest" "counter24-nonce");created=${created};keyid="${key.id}";alg="hmac-sha256";tag="counter24-carrier-answer"`;
  const text = `"@status": ${status}\n"content-digest": ${digestOf(body)}\n"counter24-nonce": ${nonce}\n"@signature-params": ${parameters}`;
  return {
    'content-digest': digestOf(body), 'counter24-nonce': nonce, 'signature-input': `counter24=${parameters}`,
    signature: `counter24=:${createHmac('sha256', key.secret).update(text).digest('base64')}:`,
  };
}

function digestOf(body: Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}
