import { lookup } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AddressRules } from './address.ts';
import { faultOfWebhookUrl, isPublicAddress } from './address.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For all of it: name, connection, answer. */
  readonly timeoutMs: number;
}

/** As Node's own, with `all`. */
export type LookUp = (hostname: string, options: LookupAllOptions, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

export type Sent = { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | undefined } | { readonly kind: 'failed'; readonly detail: string };

/**
 * One POST. Follows no redirect, and reads nothing of the answer but its head: what stands behind an address is told to nobody. The address that a
 * name really has is checked where the connection is made, so that a name cannot be one thing for the check and another for the connection.
 */
export function sendWebhook({ url, headers, body, timeoutMs }: WebhookRequest, rules: AddressRules, lookUp: LookUp = lookup): Promise<Sent> {
  const fault = faultOfWebhookUrl(url, rules);
  if (fault) return Promise.resolve({ kind: 'failed', detail: fault });
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const failed = (error: NodeJS.ErrnoException) => resolve({ kind: 'failed', detail: signal.aborted ? `no answer within ${timeoutMs} ms` : (error.code ?? error.message) });
    const { request } = url.startsWith('https:') ? https : http;
    const outgoing = request(
      url,
      {
        method: 'POST', signal, agent: false, lookup: checkedLookup(rules, lookUp),
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'counter24-hq', connection: 'close' },
      },
      (answer) => {
        const after = Number(answer.headers['retry-after']);
        resolve({ kind: 'answered', status: answer.statusCode ?? 0, retryAfterMs: Number.isFinite(after) && after > 0 ? after * 1000 : undefined });
        answer.destroy();
      },
    );
    outgoing.on('error', failed);
    outgoing.end(body);
  });
}

function checkedLookup({ mayBePrivate }: AddressRules, lookUp: LookUp): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const allowed = mayBePrivate ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (!first) return callback(Object.assign(new Error('the name leads to this network'), { code: 'ADDRESS_NOT_PUBLIC' }), '', 0);
      if (options.all) return (callback as unknown as (error: null, addresses: typeof allowed) => void)(null, allowed);
      callback(null, first.address, first.family);
    });
  };
}
