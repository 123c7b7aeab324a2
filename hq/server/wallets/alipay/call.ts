import { AlipaySdk } from 'alipay-sdk';
import { chinaTime } from '../adapter/china-time.ts';
import { limited, noAnswer, tame, unknown } from '../adapter/unknown.ts';
import type { GatewayUnknown } from '../gateway.ts';
import type { AlipayConfig } from './config.ts';
import { whyUnverified } from './signature.ts';

/**
 * What gateway.do has said and signed. `code` 10000 done, 10003 the phone asks its customer, 20000 it does not know, 40004 the business refuses (`subCode` ACQ.…),
 * other 4xxxx the request was not taken.
 */
export type Answered = { readonly kind: 'said'; readonly code: string; readonly subCode: string; readonly words: string; readonly body: object } | GatewayUnknown;

export type Call = (method: string, content: Readonly<Record<string, unknown>>, signal: AbortSignal, more?: { readonly notifyUrl?: string }) => Promise<Answered>;

export interface CallDeps {
  readonly config: AlipayConfig;
  readonly now: () => number;
  readonly timeoutMs: number;
}

/**
 * The SDK signs, sends and reads; whether to believe the answer is our own check, put in the place of its own: that one finds the signed text by searching, and
 * reads another object where a name stands twice. The SDK sends once more by itself where the line breaks: the same trade number and code, which the gateway
 * takes for the same payment.
 */
export function createCall({ config, now, timeoutMs }: CallDeps): Call {
  const { certificates } = config;
  const sdk = new AlipaySdk({
    appId: config.appId, privateKey: config.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim(), keyType: 'PKCS1', signType: 'RSA2',
    gateway: config.gateway.href, timeout: timeoutMs, camelcase: false,
    ...(certificates
      ? { appCertContent: certificates.app, alipayPublicCertContent: certificates.alipay, alipayRootCertContent: certificates.root }
      : { alipayPublicKey: config.alipayKey.export({ type: 'spki', format: 'pem' }).toString().trim() }),
  });
  const certificateSerial = certificates ? sdk.config.alipayCertSn : undefined;
  sdk.checkResponseSign = (raw, responseName) => {
    const why = whyUnverified(config.alipayKey, raw, responseName, certificateSerial);
    if (why !== undefined) throw new Error(why, { cause: unbelieved });
  };

  return async (method, content, signal, more = {}) => {
    const work = sdk.exec(method, {
      // The SDK would write this machine's own time zone.
      timestamp: chinaTime(now()), bizContent: content, ...(more.notifyUrl === undefined ? {} : { notifyUrl: more.notifyUrl }),
    }, { validateSign: true });
    try {
      const body = await untilAborted(work, limited(signal, timeoutMs));
      return { kind: 'said', code: tame(String(body.code)), subCode: tame(body.sub_code), words: [tame(body.sub_code), tame(body.sub_msg) || tame(body.msg)].filter((part) => part !== '').join(': '), body };
    } catch (error) {
      return whyNot(error, signal);
    }
  };
}

const unbelieved = Symbol('not believed');

/** The SDK's errors carry the answer and its message the signed text: neither leaves this file. */
function whyNot(error: unknown, signal: AbortSignal): GatewayUnknown {
  if (!(error instanceof Error)) return noAnswer(error, signal);
  if (error.cause === unbelieved) return unknown(`the gateway answered, and ${error.message}`);
  const status = /status: (\d{3})/.exec(error.message)?.[1];
  if (status !== undefined) return unknown(`the gateway answered ${status}`, { isAway: status === '429' || status.startsWith('5') });
  return 'responseDataRaw' in error && error.responseDataRaw !== undefined ? unknown('the gateway answered with what is no answer to this') : noAnswer(error, signal);
}

/** The SDK cannot be told to stop: what it has sent is on its way, and its answer is dropped. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  signal.throwIfAborted();
  const over = Promise.withResolvers<never>();
  const onAbort = () => over.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
