import { createCipheriv, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { privateKeyOf, publicKeyOf } from '../adapter/vectors.fixture.ts';
import { createWeChatPay } from './gateway.ts';

const now = Date.UTC(2026, 10, 23, 4, 30, 0);
const apiv3Key = Buffer.from('0123456789abcdefghijklmnopqrstuv');
const gateway = createWeChatPay({
  config: {
    mchid: '1900000109', appid: 'wxd678efh567hg6787', serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', privateKey: privateKeyOf('merchant'), apiv3Key,
    platformKeys: new Map([['PUB_KEY_ID_OLD', publicKeyOf('alipay')], ['PUB_KEY_ID_NEW', publicKeyOf('platform')]]), baseUrl: new URL('https://api.mch.weixin.qq.com/'), notifyUrl: 'https://hq.example/notify/wechat',
  },
  now: () => now,
});
const content = { mchid: '1900000109', appid: 'wxd678efh567hg6787', out_trade_no: '0190f3a2b1c4471e8d3caa0011223344', transaction_id: '4200002345202611230000000001', trade_state: 'SUCCESS' };

interface Sent { readonly eventType?: string; readonly content?: object | string; readonly key?: Buffer; readonly at?: number; readonly signer?: string; readonly serial?: string }

/** 支付通知: sealed with the APIv3 key, and signed by the platform. */
function send({ eventType = 'TRANSACTION.SUCCESS', content: told = content, key = apiv3Key, at = now, signer = 'platform', serial = 'PUB_KEY_ID_NEW' }: Sent = {}) {
  const cipher = createCipheriv('aes-256-gcm', key, 'fdasflkja484').setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update(typeof told === 'string' ? told : JSON.stringify(told)), cipher.final(), cipher.getAuthTag()]);
  const body = JSON.stringify({ id: 'EV-2018022511223320873', create_time: '2026-11-23T12:30:00+08:00', resource_type: 'encrypt-resource', event_type: eventType, summary: '支付成功', resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext: sealed.toString('base64'), associated_data: 'transaction', nonce: 'fdasflkja484' } });
  const timestamp = String(Math.floor(at / 1000));
  const signature = sign('RSA-SHA256', Buffer.from(`${timestamp}\nEcTkZq\n${body}\n`), privateKeyOf(signer)).toString('base64');
  return { headers: { 'Wechatpay-Timestamp': timestamp, 'Wechatpay-Nonce': 'EcTkZq', 'Wechatpay-Serial': serial, 'Wechatpay-Signature': signature }, body };
}
const read = ({ headers, body }: ReturnType<typeof send>) => gateway.readNotification(headers, body);

test('a payment and a refund are told by their numbers, and nothing else', async () => {
  expect(await read(send())).toEqual({ ok: true, value: { tradeNo: '0190f3a2b1c4471e8d3caa0011223344' } });
  const refund = { mchid: '1900000109', out_trade_no: '0190f3a2b1c4471e8d3caa0011223344', out_refund_no: '0190f3a2b1c4471e8d3caa0055667788', refund_status: 'SUCCESS' };
  expect(await read(send({ eventType: 'REFUND.SUCCESS', content: refund }))).toEqual({ ok: true, value: { tradeNo: '0190f3a2b1c4471e8d3caa0011223344', refundNo: '0190f3a2b1c4471e8d3caa0055667788' } });
});

test('while WeChat Pay changes its key, both are believed, each under its own name', async () => {
  expect((await read(send({ signer: 'alipay', serial: 'PUB_KEY_ID_OLD' }))).ok).toBe(true);
  expect((await read(send({ signer: 'alipay', serial: 'PUB_KEY_ID_NEW' }))).ok).toBe(false);
});

test.each([
  ['signed by somebody else', { signer: 'app' }, 'its signature is wrong'],
  ['of six minutes ago', { at: now - 360_000 }, 'its timestamp is more than 5 minutes from our clock'],
  ['of tomorrow', { at: now + 86_400_000 }, 'its timestamp is more than 5 minutes from our clock'],
  ['with a key that is not known', { serial: 'PUB_KEY_ID_3' }, 'it is signed with a key that WECHAT_PAY_PLATFORM_KEYS does not name (has WeChat Pay changed its own?)'],
  ['sealed with another APIv3 key', { key: Buffer.alloc(32, 1) }, 'it is signed, and not sealed with our APIv3 key (was the key changed?)'],
  ['for another merchant', { content: { ...content, mchid: '1900000110' } }, 'it is for another merchant or application'],
  ['for another application', { content: { ...content, appid: 'wx0000000000000000' } }, 'it is for another merchant or application'],
  ['about a coupon', { eventType: 'COUPON.USE' }, 'it is about something else than a payment or a refund'],
  ['whose content is no JSON', { content: 'x' }, 'what was sealed in it is of a shape that is not known'],
  ['without a number', { content: { mchid: '1900000109' } }, 'what was sealed in it is of a shape that is not known'],
])('one %s is refused', async (_what, sent, why) => {
  expect(await read(send(sent))).toEqual({ ok: false, why });
});

test('a changed body, no headers and what is no notification at all are refused, and nothing throws', async () => {
  const { headers, body } = send();
  expect((await gateway.readNotification(headers, body.replace('支付成功', '支付成功 '))).ok).toBe(false);
  expect(await gateway.readNotification({}, body)).toEqual({ ok: false, why: 'it is not signed' });
  expect((await gateway.readNotification({}, '')).ok).toBe(false);
});
