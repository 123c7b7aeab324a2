import { sign, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Heard, ServerRig } from '../adapter/server-rig.ts';
import { startServer } from '../adapter/server-rig.ts';
import { privateKeyOf, publicKeyOf } from '../adapter/vectors.fixture.ts';
import type { WeChatPayConfig } from './config.ts';

export const platformId = 'PUB_KEY_ID_0119000001092026112300001234000001';

export interface Reply {
  readonly status?: number;
  readonly body?: string | Buffer | object;
  /** How the signature is spoilt. */
  readonly spoil?: 'signature' | 'body' | 'unsigned' | 'old' | 'serial' | 'merchant';
  /** Instead of an answer. */
  readonly instead?: 'cut' | 'silence' | 'half';
}

export interface WeChatRig extends ServerRig {
  readonly config: WeChatPayConfig;
  /** What the next requests are answered with, one after the other; the last one again and again. */
  reply(...replies: readonly Reply[]): void;
  /** What was asked, without the query. */
  paths(): string[];
}

/** APIv3 as its documents have it: requests must be signed by the merchant, answers are signed by the platform. */
export async function startWeChat(now = Date.now): Promise<WeChatRig> {
  let replies: readonly Reply[] = [{}];
  const server = await startServer((heard, response) => {
    const [next = {}, ...rest] = replies;
    if (rest.length > 0) replies = rest;
    if (!isSigned(heard, now())) return send(response, { status: 401, body: { code: 'SIGN_ERROR', message: 'the signature is wrong' }, spoil: 'unsigned' }, now());
    send(response, next, now());
  });
  const config: WeChatPayConfig = {
    mchid: '1900000109', appid: 'wxd678efh567hg6787', serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', privateKey: privateKeyOf('merchant'), apiv3Key: Buffer.from('0123456789abcdefghijklmnopqrstuv'),
    platformKeys: new Map([[platformId, publicKeyOf('platform')]]), baseUrl: new URL(server.url), notifyUrl: 'https://hq.example/notify/wechat',
  };
  return { ...server, config, reply: (...next) => { replies = next; }, paths: () => server.heard.map(({ method, url }) => `${method} ${url.split('?')[0]}`) };
}

/** WECHATPAY2-SHA256-RSA2048 over METHOD\npath with query\ntimestamp\nnonce\nbody\n, fresh, by the merchant's key. */
function isSigned({ method, url, headers, body }: Heard, at: number): boolean {
  const [scheme, rest = ''] = (headers.authorization ?? '').split(/ (.*)/s);
  const fields = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value ?? '']));
  const isOurs = scheme === 'WECHATPAY2-SHA256-RSA2048' && fields['mchid'] === '1900000109' && fields['serial_no'] === '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
  const isFresh = Math.abs(at / 1000 - Number(fields['timestamp'])) < 300;
  return isOurs && isFresh && verify('RSA-SHA256', Buffer.from(`${method}\n${url}\n${fields['timestamp']}\n${fields['nonce_str']}\n${body}\n`), publicKeyOf('merchant'), Buffer.from(fields['signature'] ?? '', 'base64'));
}

function send(response: ServerResponse, { status = 200, body = '', spoil, instead }: Reply, at: number): void {
  if (instead === 'silence') return;
  if (instead === 'cut') return void response.destroy();
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const timestamp = String(Math.floor(at / 1000) - (spoil === 'old' ? 301 : 0));
  const signature = sign('RSA-SHA256', Buffer.concat([Buffer.from(`${timestamp}\n5K8264ILTKCH16CQ\n`), bytes, Buffer.from('\n')]), privateKeyOf(spoil === 'merchant' ? 'merchant' : 'platform')).toString('base64');
  const signed = { 'Wechatpay-Timestamp': timestamp, 'Wechatpay-Nonce': '5K8264ILTKCH16CQ', 'Wechatpay-Serial': spoil === 'serial' ? 'PUB_KEY_ID_OF_NOBODY' : platformId, 'Wechatpay-Signature': spoil === 'signature' ? `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}` : signature };
  const sent = spoil === 'body' ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes;
  response.writeHead(status, { 'Content-Type': 'application/json', ...(status === 204 ? {} : { 'Content-Length': instead === 'half' ? sent.length + 10 : sent.length }), ...(spoil === 'unsigned' ? {} : signed) });
  if (instead !== 'half') return void response.end(sent);
  response.write(sent, () => response.destroy());
}
