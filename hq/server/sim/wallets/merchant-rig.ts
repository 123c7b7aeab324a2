import { X509Certificate, createDecipheriv, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { LoopbackGateways, LoopbackOptions } from './gateways.ts';
import { createLoopbackGateways } from './gateways.ts';
import type { GatewayKeys } from './keys.ts';

/** A merchant made of nothing but Node's crypto and fetch: its signatures and checks are written here a second time, so that a mistake of the gateways' own cannot hide. */
export interface MerchantRig {
  readonly gateways: LoopbackGateways;
  /** Raw call of WeChat Pay. `isSigned`: whether the answer carries a good signature of the named platform key. */
  wechat(method: 'GET' | 'POST', target: string, body?: unknown, change?: WechatChange): Promise<WechatAnswer>;
  alipay(method: string, content: unknown, change?: AlipayChange): Promise<AlipayAnswer>;
  readonly notified: readonly Notified[];
  /** How the merchant's server answers notifications from now on. */
  answerWith(answer: { readonly status: number; readonly body: string }): void;
  readonly notifyUrl: string;
  clock: { now: number };
  close(): Promise<void>;
}

export interface WechatChange {
  readonly body?: string;
  readonly timestamp?: number;
  readonly serial?: string;
  readonly mchid?: string;
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface WechatAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly serial: string | null;
  readonly isSigned: boolean;
}
export interface AlipayChange {
  readonly after?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
}
export interface AlipayAnswer {
  readonly name: string;
  readonly body: Record<string, string>;
  readonly isSigned: boolean;
}
export interface Notified {
  readonly path: string;
  readonly isSigned: boolean;
  /** WeChat: the decrypted resource. Alipay: the form. */
  readonly content: Record<string, unknown>;
  readonly event: string | undefined;
}

const record = z.record(z.string(), z.unknown());

export async function createMerchantRig(keys: GatewayKeys, options: Partial<LoopbackOptions> = {}): Promise<MerchantRig> {
  const clock = { now: Date.parse('2026-11-23T10:00:00+08:00') };
  const gateways = await createLoopbackGateways({ keys, now: () => clock.now, notifyFactor: 0.0001, ...options });
  const platformKeys = new Map([
    [keys.wechat.publicKey.id, createPublicKey(keys.wechat.publicKey.publicKey)],
    [keys.wechat.certificate.serial, new X509Certificate(keys.wechat.certificate.certificate).publicKey],
  ]);
  const notified: Notified[] = [];
  let answer = { status: 200, body: 'success' };

  const isWechatSigned = (headers: (name: string) => string | null, text: string): boolean => {
    const key = platformKeys.get(headers('wechatpay-serial') ?? '');
    const message = `${headers('wechatpay-timestamp')}\n${headers('wechatpay-nonce')}\n${text}\n`;
    const isFresh = Math.abs(clock.now - Number(headers('wechatpay-timestamp')) * 1000) <= 300_000;
    return key !== undefined && isFresh && verify('sha256', Buffer.from(message), key, Buffer.from(headers('wechatpay-signature') ?? '', 'base64'));
  };
  const alipayKey = createPublicKey(keys.alipay.alipayPublicKey);

  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const path = message.url ?? '';
      const header = (name: string) => (typeof message.headers[name] === 'string' ? message.headers[name] : null);
      if (path === '/notify/wechat') {
        const { event_type, resource } = z.object({ event_type: z.string(), resource: z.object({ ciphertext: z.string(), nonce: z.string(), associated_data: z.string() }) }).parse(JSON.parse(text.trim()));
        const bytes = Buffer.from(resource.ciphertext, 'base64');
        const decipher = createDecipheriv('aes-256-gcm', keys.wechat.apiV3Key, resource.nonce).setAAD(Buffer.from(resource.associated_data)).setAuthTag(bytes.subarray(-16));
        const content = record.parse(JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')));
        notified.push({ path, isSigned: isWechatSigned(header, text), content, event: event_type });
      } else {
        const form = Object.fromEntries(new URLSearchParams(text));
        const { sign: signature = '', sign_type: _type, ...rest } = form;
        const signed = Object.keys(rest).filter((name) => rest[name] !== '').sort().map((name) => `${name}=${rest[name]}`).join('&');
        notified.push({ path, isSigned: verify('sha256', Buffer.from(signed), alipayKey, Buffer.from(signature, 'base64')), content: form, event: form['trade_status'] });
      }
      response.writeHead(answer.status, { 'content-type': 'text/plain' });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`;

  return {
    gateways,
    notified,
    notifyUrl,
    clock,
    answerWith: (next) => void (answer = next),
    async wechat(method, target, body, change = {}) {
      const text = change.body ?? (body === undefined ? '' : JSON.stringify(body));
      const timestamp = Math.floor((change.timestamp ?? clock.now) / 1000);
      const nonce = randomBytes(16).toString('hex');
      const signed = body === undefined ? '' : JSON.stringify(body);
      const signature = change.signature ?? sign('sha256', Buffer.from(`${method}\n${target}\n${timestamp}\n${nonce}\n${signed}\n`), keys.wechat.merchant.privateKey).toString('base64');
      const response = await fetch(new URL(target, gateways.url), {
        method,
        ...(text === '' ? {} : { body: text }),
        headers: {
          accept: 'application/json',
          'user-agent': 'merchant-rig',
          'content-type': 'application/json',
          authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${change.mchid ?? keys.wechat.mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${change.serial ?? keys.wechat.merchant.serial}"`,
          ...change.headers,
        },
      });
      const answerText = await response.text();
      return { status: response.status, body: parse(answerText), text: answerText, serial: response.headers.get('wechatpay-serial'), isSigned: isWechatSigned((name) => response.headers.get(name), answerText) };
    },
    async alipay(method, content, change = {}) {
      const at = new Date(clock.now + 8 * 3_600_000).toISOString();
      const parameters: Record<string, string> = { app_id: keys.alipay.appId, method, format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', timestamp: `${at.slice(0, 10)} ${at.slice(11, 19)}`, version: '1.0', notify_url: `${notifyUrl}/alipay`, biz_content: JSON.stringify(content), ...change.parameters };
      const signed = Object.keys(parameters).sort().map((name) => `${name}=${parameters[name]}`).join('&');
      const form = new URLSearchParams({ ...parameters, sign: sign('sha256', Buffer.from(signed), keys.alipay.appPrivateKey).toString('base64'), ...change.after });
      const response = await fetch(new URL('/gateway.do', gateways.url), { method: 'POST', body: form });
      const text = await response.text();
      const found = /^\{"([a-z_]+)":(\{.*\})(?:,"sign":"([^"]*)")?\}\s*$/s.exec(text);
      if (!found) throw new Error(`no answer of Alipay: ${text}`);
      const [, name = '', inner = '', signature = ''] = found;
      return { name, body: z.record(z.string(), z.any()).parse(JSON.parse(inner)), isSigned: verify('sha256', Buffer.from(inner), alipayKey, Buffer.from(signature, 'base64')) };
    },
    async close() {
      await gateways.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return record.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}
