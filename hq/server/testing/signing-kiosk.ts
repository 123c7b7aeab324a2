import { createHash, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Batch, Clock, Hello, HqEvent, Lane } from '../../../domain/contract/hq.ts';
import type { DownRequest } from '../../../domain/contract/hq-down.ts';
import { genesisHash } from '../../../domain/sync/chain.ts';

/** A kiosk for HQ's tests, written from RFC 9421 and the contract: it shares nothing with the kiosk's own client, nor with what HQ verifies by. */
export interface SigningKiosk {
  readonly kioskId: string;
  readonly publicKey: string;
  readonly instance: string;
  /** The session of the last welcome; "none" before. */
  readonly session: () => string;
  /** A run of the same kiosk with the same key: restarted, or cloned. */
  readonly again: (app?: FastifyInstance) => SigningKiosk;
  readonly enrol: (code: string) => Promise<Answer>;
  readonly hello: (more?: Partial<Hello>) => Promise<Answer>;
  readonly greet: () => Promise<Answer>;
  readonly send: (events: readonly HqEvent[], more?: { readonly lane?: Lane; readonly epoch?: number } & Partial<Batch>) => Promise<Answer>;
  readonly down: (more?: Partial<DownRequest>) => Promise<Answer>;
  readonly ask: (method: 'GET' | 'POST', url: string, body?: unknown, more?: Twist) => Promise<Answer>;
  /** What `ask` would send, to be sent over a socket, late, or twice. */
  readonly prepare: (method: 'GET' | 'POST', url: string, body?: unknown, more?: Twist) => Prepared;
  readonly deliver: (prepared: Prepared) => Promise<Answer>;
  readonly clock: (at?: number) => Clock;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  /** HQ's key has signed exactly this status and body for exactly this request. */
  readonly isSigned: boolean;
}

export interface Prepared {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload: Buffer | undefined;
  readonly nonce: string;
}

/** What a test makes different from what is right. */
export interface Twist {
  readonly key?: KeyObject;
  readonly keyId?: string;
  readonly session?: string;
  readonly nonce?: string;
  readonly components?: readonly string[];
  readonly parameters?: Readonly<Record<string, string | number | undefined>>;
  readonly digest?: string;
  readonly host?: string;
  /** What is said to be signed, where it is not what is sent. */
  readonly signedAuthority?: string;
  readonly encode?: { readonly name: string; readonly with: (body: Buffer) => Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SigningKioskOptions {
  readonly app: FastifyInstance;
  readonly kioskId: string;
  readonly now: () => number;
  readonly hqPublicKey: string;
  readonly key?: KeyObject;
  readonly host?: string;
}

const rightComponents = ['@method', '@authority', '@path', '@query', 'content-digest', 'counter24-session'];
const digestOf = (body: Buffer) => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

export function createSigningKiosk(options: SigningKioskOptions): SigningKiosk {
  const { app, kioskId, now, hqPublicKey, key = generateKeyPairSync('ed25519').privateKey, host = 'hq.test:24024' } = options;
  const hqKey = createPublicKey({ key: Buffer.from(hqPublicKey, 'base64'), format: 'der', type: 'spki' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  const instance = randomUUID();
  const boot = randomUUID();
  const bornAt = now();
  let session = 'none';
  let sent = 0;

  const clock = (at = now()): Clock => ({ at, boot, monotonicMs: Math.max(0, now() - bornAt) });

  const prepare: SigningKiosk['prepare'] = (method, url, body, twist = {}) => {
    const plain = body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const payload = twist.encode ? twist.encode.with(plain) : plain;
    const nonce = twist.nonce ?? `${++sent}.${randomUUID()}`;
    const [path, query] = [url.split('?')[0] ?? '', url.includes('?') ? url.slice(url.indexOf('?')) : '?'];
    const usedHost = twist.host ?? host;
    const values: Record<string, string> = {
      '@method': method, '@authority': twist.signedAuthority ?? usedHost, '@path': path, '@query': query,
      'content-digest': twist.digest ?? digestOf(payload), 'counter24-session': twist.session ?? session,
    };
    const parameters = { created: Math.floor(now() / 1000), keyid: twist.keyId ?? kioskId, nonce, alg: 'ed25519', tag: 'counter24-kiosk', ...twist.parameters };
    const components = twist.components ?? rightComponents;
    // RFC 9421, 2.3 and 2.5: the base is a line for each component, and the parameters as they stand in Signature-Input.
    const input = `(${components.map((name) => `"${name}"`).join(' ')})${Object.entries(parameters).filter(([, value]) => value !== undefined).map(([name, value]) => `;${name}=${typeof value === 'number' ? value : `"${value}"`}`).join('')}`;
    const base = [...components.map((name) => `"${name}": ${values[name] ?? ''}`), `"@signature-params": ${input}`].join('\n');
    return {
      method, url, nonce, payload: body === undefined ? undefined : payload,
      headers: {
        host: usedHost, 'content-digest': values['content-digest'] ?? '', 'counter24-session': values['counter24-session'] ?? '',
        'signature-input': `sig=${input}`, signature: `sig=:${sign(null, Buffer.from(base), twist.key ?? key).toString('base64')}:`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(twist.encode ? { 'content-encoding': twist.encode.name } : {}),
        ...twist.headers,
      },
    };
  };

  const deliver: SigningKiosk['deliver'] = async ({ method, url, headers, payload, nonce }) => {
    const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    const contents = answer.rawPayload;
    const said = answer.headers;
    const input = /^hq=(.*)$/.exec(String(said['signature-input'] ?? ''))?.[1] ?? '';
    const signature = /^hq=:(.*):$/.exec(String(said['signature'] ?? ''))?.[1] ?? '';
    const base = [`"@status": ${answer.statusCode}`, `"content-digest": ${digestOf(contents)}`, `"counter24-nonce": ${nonce}`, `"@signature-params": ${input}`].join('\n');
    const isWhole = input.startsWith('("@status" "content-digest" "counter24-nonce");') && /;keyid="hq"(;|$)/.test(input) && /;tag="counter24-hq"(;|$)/.test(input);
    const isSigned = isWhole && said['content-digest'] === digestOf(contents) && said['counter24-nonce'] === nonce && verify(null, Buffer.from(base), hqKey, Buffer.from(signature, 'base64'));
    return { status: answer.statusCode, body: contents.length > 0 ? (JSON.parse(contents.toString('utf8')) as unknown) : undefined, headers: said, isSigned };
  };

  const ask: SigningKiosk['ask'] = (method, url, body, twist) => deliver(prepare(method, url, body, twist));

  return {
    kioskId, publicKey, instance, prepare, deliver, ask, clock,
    session: () => session,
    again: (where = app) => createSigningKiosk({ ...options, app: where, key, host }),
    enrol: (code) => ask('POST', '/api/kiosk/enrol', { kioskId, code, publicKey, app: '0.1.0' }, { session: 'none' }),
    hello: async (more = {}) => {
      const hello: Hello = { kioskId: kioskId as Hello['kioskId'], protocol: 1, app: '0.1.0', schema: 3, instance, clock: clock(), lanes: [{ lane: 'orders', epoch: 1, last: 0, acknowledged: 0, head: genesisHash }], ...more };
      const answer = await ask('POST', '/api/kiosk/hello', hello, { session: 'none' });
      if (answer.status === 200) ({ session } = answer.body as { session: string });
      return answer;
    },
    greet: () => ask('POST', '/api/kiosk/greet', { kioskId, clock: clock() }),
    send: (events, { lane = 'orders', epoch = 1, ...more } = {}) => ask('POST', '/api/kiosk/events', { kioskId, lane, epoch, clock: clock(), events, ...more }),
    down: (more = {}) => ask('POST', '/api/kiosk/down', { kioskId, documents: {}, commands: 0, ...more }),
  };
}
