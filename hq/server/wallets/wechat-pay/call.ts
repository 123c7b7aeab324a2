import { Decorator, Formatter, Rsa } from 'wechatpay-axios-plugin';
import { isLoopbackHost } from '../../environment/environment.ts';
import { limited, noAnswer, tame, unknown } from '../adapter/unknown.ts';
import type { GatewayUnknown } from '../gateway.ts';
import type { WeChatPayConfig } from './config.ts';
import { whyUnverified } from './signature.ts';

/** `said`: 2xx, signed by WeChat Pay; `body` is what its JSON reads, undefined where there is none. `fault`: an error code, signed as well. */
export type Answered = { readonly kind: 'said'; readonly body: unknown } | { readonly kind: 'fault'; readonly status: number; readonly code: string; readonly words: string } | GatewayUnknown;

export interface Caller {
  call(method: 'get' | 'post', path: string, data: object | undefined, signal: AbortSignal): Promise<Answered>;
  /** A file that is not signed, but whose hash stands in an answer that was. */
  download(url: string, signal: AbortSignal): Promise<{ readonly kind: 'bytes'; readonly bytes: Buffer } | GatewayUnknown>;
}

export interface CallerDeps {
  readonly config: WeChatPayConfig;
  readonly now: () => number;
  readonly timeoutMs: number;
}

const maxAnswerBytes = 1024 * 1024;
const maxBillBytes = 64 * 1024 * 1024;

/**
 * The SDK signs and sends. Its own check of answers is replaced by ours: it looks at 2xx alone, at text instead of bytes, and at the machine's clock; we believe no
 * error code either that is not signed. (APIv3: where the request's signature was right, the answer carries one.)
 */
export function createCaller({ config, now, timeoutMs }: CallerDeps): Caller {
  const { mchid, serial, privateKey, platformKeys, baseUrl } = config;
  const [askedFor = ''] = platformKeys.keys();
  const client = new Decorator({
    mchid, serial, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }), certs: Object.fromEntries(platformKeys), baseURL: baseUrl.href,
    // A gateway on this machine is not reached through the proxy that the environment may name.
    ...(isLoopbackHost(baseUrl.hostname) ? { proxy: false } : {}),
  });
  // Its signer, but by our clock: HQ's time is one, and tests have their own.
  client.v3.interceptors.request.clear();
  client.v3.interceptors.request.use((request) => {
    const { pathname, search } = new URL(client.v3.getUri(request));
    const [timestamp, nonce] = [Math.floor(now() / 1000), Formatter.nonce()];
    const body = request.data === undefined ? '' : JSON.stringify(request.data);
    const message = Formatter.request(request.method?.toUpperCase() ?? 'GET', `${pathname}${search}`, timestamp, nonce, body);
    request.headers.set('Authorization', Formatter.authorization(mchid, nonce, Rsa.sign(message, privateKey), timestamp, serial), true);
    return request;
  });
  async function send(method: string, path: string, data: object | undefined, signal: AbortSignal, maxContentLength: number) {
    try {
      return await client.request(path, method, data, {
        signal: limited(signal, timeoutMs), maxContentLength, maxRedirects: 0, responseType: 'arraybuffer', transformResponse: [(bytes: unknown) => bytes], validateStatus: () => true,
        // Which of its keys it should sign with, where it is changing them.
        headers: { 'Wechatpay-Serial': askedFor, Accept: 'application/json' },
      });
    } catch (error) {
      return noAnswer(error, signal);
    }
  }

  return {
    async call(method, path, data, signal) {
      const response = await send(method, path, data, signal, maxAnswerBytes);
      if ('kind' in response) return response;
      const body = bytesOf(response.data);
      if (response.status >= 500 || response.status === 429) return unknown(`the gateway answered ${response.status}`, { isAway: true });
      const why = whyUnverified({ platformKeys, now }, headersOf(response.headers), body);
      const json = readJson(body);
      // What it calls itself helps who sets HQ up (SIGN_ERROR is never signed), and is believed by nobody.
      if (why !== undefined) return unknown(`the gateway answered ${response.status}${response.status >= 400 ? ` ${codeOf(json) ?? ''}` : ''}, and ${why}`);
      if (json === notJson) return unknown(`the gateway answered ${response.status} with what is no JSON`);
      const code = codeOf(json);
      // 202 with a code (USERPAYING) is no success either.
      if (code !== undefined) return { kind: 'fault', status: response.status, code, words: tame((json as { message?: unknown }).message) };
      if (response.status < 200 || response.status > 299) return unknown(`the gateway answered ${response.status} without a code`);
      return { kind: 'said', body: json };
    },

    async download(url, signal) {
      // The request that fetches it is signed: it goes nowhere else.
      if (!URL.canParse(url) || new URL(url).origin !== baseUrl.origin) return unknown('the bill is said to lie at another address than the gateway');
      const response = await send('get', url, undefined, signal, maxBillBytes);
      if ('kind' in response) return response;
      return response.status === 200 ? { kind: 'bytes', bytes: bytesOf(response.data) } : unknown(`the bill could not be fetched: ${response.status}`, { isAway: response.status >= 500 });
    },
  };
}

const notJson = Symbol('no JSON');

function readJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return notJson;
  }
}

function codeOf(json: unknown): string | undefined {
  const { code } = Object(json) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : undefined;
}

function bytesOf(data: unknown): Buffer {
  return Buffer.isBuffer(data) ? data : data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.alloc(0);
}

function headersOf(headers: object): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : undefined]));
}
