import { sign, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Heard, ServerRig } from '../adapter/server-rig.ts';
import { startServer } from '../adapter/server-rig.ts';
import { privateKeyOf, publicKeyOf } from '../adapter/vectors.fixture.ts';
import type { AlipayConfig } from './config.ts';

export interface Reply {
  readonly status?: number;
  /** What stands in `<method>_response`, as an object or as its raw text. */
  readonly content?: object | string;
  /** The whole answer, unsigned. */
  readonly raw?: string | Buffer;
  readonly spoil?: 'signature' | 'content' | 'unsigned' | 'app' | 'twice' | 'other method';
  readonly instead?: 'cut' | 'silence' | 'half';
  /** A file instead of an answer, for requests that are no form. */
  readonly file?: Buffer;
}

export interface Asked {
  readonly method: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface AlipayRig extends ServerRig {
  readonly config: AlipayConfig;
  /** What the next requests are answered with, one after the other; the last one again and again. */
  reply(...replies: readonly Reply[]): void;
  asked(): Asked[];
}

/** gateway.do as its documents have it: parameters in the address and in the form, signed by RSA2 together. */
export async function startAlipay(): Promise<AlipayRig> {
  let replies: readonly Reply[] = [{}];
  const server = await startServer((heard, response) => {
    const [next = {}, ...rest] = replies;
    if (rest.length > 0) replies = rest;
    if (next.file) return void response.writeHead(200).end(next.file);
    const parameters = parametersOf(heard);
    const name = `${(parameters.get('method') ?? '').replaceAll('.', '_')}_response`;
    if (!isSigned(parameters)) return send(response, name, { raw: '{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-signature","sub_msg":"check the key"}}' });
    send(response, name, next);
  });
  const config: AlipayConfig = {
    appId: '2021000000000001', privateKey: privateKeyOf('app'), alipayKey: publicKeyOf('alipay'), certificates: undefined,
    gateway: new URL(`${server.url}/gateway.do`), notifyUrl: 'https://hq.example/notify/alipay', sellerId: '2088000000000001',
  };
  const asked = () => server.heard.filter(({ method }) => method === 'POST').map(parametersOf).map((parameters) => ({ method: parameters.get('method') ?? '', content: JSON.parse(parameters.get('biz_content') ?? '{}') as Asked['content'], parameters }));
  return { ...server, config, asked, reply: (...next) => { replies = next; } };
}

export function parametersOf({ url, body }: Heard): Map<string, string> {
  return new Map([...new URL(url, 'http://gateway').searchParams, ...new URLSearchParams(body)]);
}

/** All parameters but `sign`, sorted, joined by &, RSA2 by the application's key. */
export function requestText(parameters: ReadonlyMap<string, string>): string {
  return [...parameters].filter(([name]) => name !== 'sign').sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`).join('&');
}

function isSigned(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.get('app_id') === '2021000000000001' && verify('RSA-SHA256', Buffer.from(requestText(parameters)), publicKeyOf('app'), Buffer.from(parameters.get('sign') ?? '', 'base64'));
}

function send(response: ServerResponse, name: string, { status = 200, content = {}, raw, spoil, instead }: Reply): void {
  if (instead === 'silence') return;
  if (instead === 'cut') return void response.destroy();
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const made = sign('RSA-SHA256', Buffer.from(text), privateKeyOf(spoil === 'app' ? 'app' : 'alipay')).toString('base64');
  const signature = `"sign":"${spoil === 'signature' ? `${made.startsWith('A') ? 'B' : 'A'}${made.slice(1)}` : made}"`;
  const shown = spoil === 'content' ? text.replace(/}$/, ',"more":"1"}') : text;
  const forged = spoil === 'twice' ? `,"${name}":{"code":"10000","msg":"Success","forged":"yes"}` : '';
  const whole = raw ?? `{"${spoil === 'other method' ? 'alipay_trade_other_response' : name}":${shown}${spoil === 'unsigned' ? '' : `,${signature}`}${forged}}`;
  response.writeHead(status, { 'Content-Type': 'application/json;charset=utf-8', ...(instead === 'half' ? { 'Content-Length': Buffer.byteLength(whole) + 10 } : {}) });
  if (instead !== 'half') return void response.end(whole);
  response.write(whole, () => response.destroy());
}
