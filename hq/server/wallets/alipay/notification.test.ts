import { sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { privateKeyOf, publicKeyOf, vectorText } from '../adapter/vectors.fixture.ts';
import type { AlipayConfig } from './config.ts';
import { createAlipay } from './gateway.ts';
import { notificationText } from './signature.ts';

const form = vectorText('alipay-notification.form');
const sentAt = Date.UTC(2026, 10, 23, 4, 30, 0);
const config: AlipayConfig = {
  appId: '2021000000000001', privateKey: privateKeyOf('app'), alipayKey: publicKeyOf('alipay'), certificates: undefined,
  gateway: new URL('https://openapi.alipay.com/gateway.do'), notifyUrl: 'https://hq.example/notify/alipay', sellerId: '2088000000000001',
};
const read = (body: string, at = sentAt, more: Partial<AlipayConfig> = {}) => createAlipay({ config: { ...config, ...more }, now: () => at }).readNotification({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body);

/** The same with other parameters, signed anew. */
function signed(change: Readonly<Record<string, string>>): string {
  const parameters = new Map([...new URLSearchParams(form), ...Object.entries(change)]);
  return new URLSearchParams([...parameters, ['sign', sign('RSA-SHA256', Buffer.from(notificationText(parameters)), privateKeyOf('alipay')).toString('base64')]].filter(([name], index, all) => all.findLastIndex(([other]) => other === name) === index) as [string, string][]).toString();
}

test('one that the openssl command line signed is believed, and tells its payment', async () => {
  expect(await read(form)).toEqual({ ok: true, value: { tradeNo: '0190f3a2b1c4471e8d3caa0011223344' } });
});

test("a refund's tells its number, too", async () => {
  expect(await read(signed({ out_biz_no: '0190f3a2b1c4471e8d3caa0055667788', refund_fee: '2.05' }))).toEqual({ ok: true, value: { tradeNo: '0190f3a2b1c4471e8d3caa0011223344', refundNo: '0190f3a2b1c4471e8d3caa0055667788' } });
});

test('it may come for as long as Alipay tries, and no longer; nor from the future', async () => {
  expect((await read(form, sentAt + 25 * 3_600_000)).ok).toBe(true);
  expect(await read(form, sentAt + 27 * 3_600_000)).toEqual({ ok: false, why: 'it is stale' });
  expect(await read(form, sentAt - 301_000)).toEqual({ ok: false, why: 'it is stale' });
});

test.each([
  ['for another application', { app_id: '2021000000000002' }, 'it is for another application'],
  ['for another seller', { seller_id: '2088000000000002' }, 'it is for another seller'],
  ['without its number', { notify_id: '' }, 'it has no number'],
  ['without its time', { notify_time: '' }, 'it is stale'],
  ['about something else', { notify_type: 'open_app_auth_notify' }, 'it is about something else than a payment'],
  ['without a payment', { out_trade_no: '' }, 'it names no payment'],
  ['in another alphabet', { charset: 'gbk' }, 'it is not in UTF-8'],
])('one %s is refused, signed or not', async (_what, change, why) => {
  expect(await read(signed(change))).toEqual({ ok: false, why });
});

test('a changed one, one whose parameter stands twice, one of another key and none at all are refused, and nothing throws', async () => {
  expect(await read(form.replace('%35%30%2e%30%30', '%39%30%2e%30%30'))).toEqual({ ok: false, why: 'its signature is wrong' });
  expect(await read(`out_trade_no=1&${form}`)).toEqual({ ok: false, why: 'a parameter stands in it twice' });
  expect(await read(form, sentAt, { alipayKey: publicKeyOf('platform') })).toEqual({ ok: false, why: 'its signature is wrong' });
  expect(await read('')).toEqual({ ok: false, why: 'it is not signed' });
  expect((await read('{"out_trade_no":"1"}')).ok).toBe(false);
});
