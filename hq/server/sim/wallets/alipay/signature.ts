import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { GatewayKeys } from '../keys.ts';
import { lieAbout } from '../lie.ts';
import type { Sealing } from '../notices.ts';

export type Parameters = ReadonlyMap<string, string>;

export interface AlipaySignatures {
  /** RSA2 over all given parameters but `sign`, sorted, as they are before the URL's encoding (docs, "自行实现签名"). */
  isSigned(parameters: Parameters): boolean;
  /** The whole answer: `{"<name>":…,"sign":"…"}`, signed over the raw JSON of the inner object. */
  answer(name: string, body: unknown, sealing: Sealing): string;
  /** A notification's form: without `sign` and `sign_type` in what is signed (docs, "异步通知验签"). */
  form(parameters: Readonly<Record<string, string>>, sealing: Sealing): string;
}

const toText = (entries: Iterable<readonly [string, string]>) => [...entries].filter(([, value]) => value !== '').sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `${name}=${value}`).join('&');

export function createAlipaySignatures(keys: GatewayKeys['alipay'], foreign: string): AlipaySignatures {
  const appKey = createPublicKey(keys.appPublicKey);
  const ownKey = createPrivateKey(keys.alipayPrivateKey);
  const foreignKey = createPrivateKey(foreign);
  const signed = (text: string, { isForeign }: Sealing) => sign('sha256', Buffer.from(text, 'utf8'), isForeign ? foreignKey : ownKey).toString('base64');

  return {
    isSigned(parameters) {
      const given = parameters.get('sign');
      if (given === undefined || parameters.get('sign_type') !== 'RSA2') return false;
      return verify('sha256', Buffer.from(toText([...parameters].filter(([name]) => name !== 'sign')), 'utf8'), appKey, Buffer.from(given, 'base64'));
    },
    answer(name, body, sealing) {
      const inner = JSON.stringify(body);
      const signature = sealing.isUnsigned ? '' : `,"sign":"${signed(inner, sealing)}"`;
      return `{"${name}":${sealing.isTampered ? lieAbout(inner) : inner}${signature}}`;
    },
    form(parameters, sealing) {
      const signature = sealing.isUnsigned ? {} : { sign: signed(toText(Object.entries(parameters)), sealing), sign_type: 'RSA2' };
      const told = sealing.isTampered ? { ...parameters, total_amount: '0.01', trade_status: parameters['trade_status'] === 'TRADE_SUCCESS' ? 'TRADE_CLOSED' : 'TRADE_SUCCESS' } : parameters;
      return new URLSearchParams({ ...told, ...signature }).toString();
    },
  };
}
