import { createDecipheriv, createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeKeys } from '../keys.ts';
import type { MerchantRig } from '../merchant-rig.ts';
import { createMerchantRig } from '../merchant-rig.ts';

const keys = makeKeys();
const { mchid, appid } = keys.wechat;
let rig: MerchantRig;
beforeEach(async () => {
  rig = await createMerchantRig(keys);
});
afterEach(() => rig.close());

const tradeNo = '0192f0c8a1b27c3d8e4f5a6b7c8d9e0f';
const at = (path = '') => `/v3/pay/transactions/out-trade-no/${tradeNo}${path}`;
const query = () => rig.wechat('GET', `${at()}?mchid=${mchid}`);
const show = (more: object = {}) => rig.wechat('POST', '/v3/pay/transactions/native', { appid, mchid, description: '话费充值 50 元', out_trade_no: tradeNo, notify_url: `${rig.notifyUrl}/wechat`, amount: { total: 5000, currency: 'CNY' }, ...more });
const charge = (code: string, more: object = {}) => rig.wechat('POST', '/v3/pay/transactions/codepay', { appid, mchid, description: '话费充值 50 元', out_trade_no: tradeNo, payer: { auth_code: code }, amount: { total: 5000, currency: 'CNY' }, scene_info: { store_info: { out_id: 'kiosk-001' } }, ...more });
const refund = (refundNo: string, fen: number, more: object = {}) => rig.wechat('POST', '/v3/refund/domestic/refunds', { out_trade_no: tradeNo, out_refund_no: refundNo, reason: 'not delivered', amount: { refund: fen, total: 5000, currency: 'CNY' }, ...more });
const close = () => rig.wechat('POST', at('/close'), { mchid });
const reverse = () => rig.wechat('POST', at('/reverse'), { mchid, appid });
const book = () => rig.gateways.books.trade('wechat', tradeNo);
const digits = (options: object = {}) => rig.gateways.phone.showCode('wechat', options).digits;

describe('what the merchant sends', () => {
  test.each([
    ['another body than was signed', { body: JSON.stringify({ mchid: '1' }) }],
    ['an old timestamp', { timestamp: Date.parse('2026-11-23T09:54:59+08:00') }],
    ['a timestamp of the future', { timestamp: Date.parse('2026-11-23T10:05:02+08:00') }],
    ["another certificate's serial", { serial: 'ABCDEF' }],
    ['another merchant', { mchid: '1900000000' }],
    ['no signature', { signature: 'AAAA' }],
    ['another scheme', { headers: { authorization: 'WECHATPAY2-SM2-WITH-SM3 mchid="1"' } }],
  ])('is refused with SIGN_ERROR for %s, and does nothing', async (_title, change) => {
    const answer = await rig.wechat('POST', '/v3/pay/transactions/native', { appid, mchid, description: 'x', out_trade_no: tradeNo, notify_url: `${rig.notifyUrl}/wechat`, amount: { total: 1 } }, change);
    expect(answer).toMatchObject({ status: 401, body: { code: 'SIGN_ERROR' } });
    expect(rig.gateways.books.trades()).toEqual([]);
  });

  test('is refused without Accept or with another content type, as the interface rules say', async () => {
    expect((await rig.wechat('GET', `${at()}?mchid=${mchid}`, undefined, { headers: { accept: 'text/html' } })).status).toBe(406);
    expect((await rig.wechat('POST', at('/close'), { mchid }, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
  });

  test('is refused with the wrong field named', async () => {
    expect(await show({ amount: { total: 0, currency: 'CNY' } })).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR', detail: { field: '/amount/total' } } });
    expect((await show({ notify_url: `${rig.notifyUrl}/wechat?a=b` })).body['code']).toBe('PARAM_ERROR');
    expect((await show({ out_trade_no: 'short' })).body['code']).toBe('PARAM_ERROR');
    expect((await show({ appid: 'wx0000000000000000' })).body['code']).toBe('APPID_MCHID_NOT_MATCH');
    expect((await show({ time_expire: '2026-11-23T09:59:59+08:00' })).body['code']).toBe('PARAM_ERROR');
  });
});

describe('a code that the merchant shows', () => {
  test('is paid by the phone that reads it, and the merchant is told with a signature and what only the APIv3 key opens', async () => {
    const shown = await show();
    expect(shown).toMatchObject({ status: 200, isSigned: true });
    expect((await query()).body).toMatchObject({ trade_state: 'NOTPAY', amount: { total: 5000 } });
    const read = rig.gateways.phone.read(String(shown.body['code_url']));
    expect(read).toMatchObject({ ok: true, trade: { title: '话费充值 50 元', amountFen: 5000, state: 'waiting' } });
    expect(await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo })).toMatchObject({ ok: true });
    const paid = await query();
    expect(paid).toMatchObject({ status: 200, isSigned: true, body: { trade_state: 'SUCCESS', out_trade_no: tradeNo, trade_type: 'NATIVE', success_time: '2026-11-23T10:00:00+08:00', amount: { payer_total: 5000 } } });
    expect(String(paid.body['transaction_id'])).toMatch(/^4200\d{24}$/);
    expect((await rig.wechat('GET', `/v3/pay/transactions/id/${String(paid.body['transaction_id'])}?mchid=${mchid}`)).body).toEqual(paid.body);
    await rig.gateways.quiet();
    expect(rig.notified).toEqual([expect.objectContaining({ path: '/notify/wechat', isSigned: true, event: 'TRANSACTION.SUCCESS', content: expect.objectContaining({ out_trade_no: tradeNo, trade_state: 'SUCCESS', transaction_id: paid.body['transaction_id'] }) })]);
    expect(await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo })).toEqual({ ok: false, why: 'already_paid' });
  });

  test('is the same code when it is asked for again, and refused with another amount, when paid and when closed', async () => {
    const first = await show();
    expect((await show()).body).toEqual(first.body);
    expect(await show({ amount: { total: 5001, currency: 'CNY' } })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect((await close()).status).toBe(204);
    expect(await show()).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED' } });
    expect(await close()).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED' } });
    expect(await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo })).toEqual({ ok: false, why: 'ended' });
  });

  test('is not closed when it is paid', async () => {
    await show();
    await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo });
    expect(await close()).toMatchObject({ status: 400, isSigned: true, body: { code: 'ORDERPAID' } });
    expect((await show()).body['code']).toBe('ORDERPAID');
    expect(book()?.state).toBe('paid');
  });

  test('takes no payment from time_expire on, and stays NOTPAY until the merchant closes it', async () => {
    await show({ time_expire: '2026-11-23T10:01:30+08:00' });
    rig.clock.now += 89_000;
    expect(book()?.isExpired).toBe(false);
    rig.clock.now += 1000;
    expect(await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo })).toEqual({ ok: false, why: 'expired' });
    expect((await query()).body['trade_state']).toBe('NOTPAY');
    expect((await close()).status).toBe(204);
  });

  test('is unknown before it was ordered', async () => {
    expect(await query()).toMatchObject({ status: 404, isSigned: true, body: { code: 'ORDER_NOT_EXIST' } });
    expect((await close()).status).toBe(404);
    expect((await reverse()).status).toBe(404);
    expect((await refund('r1', 1)).body['code']).toBe('RESOURCE_NOT_EXISTS');
  });
});

describe("a payment code of the customer's phone", () => {
  test('is charged at once below the limit for a password, and only once', async () => {
    const code = digits();
    expect(code).toMatch(/^1[0-5]\d{16}$/);
    expect(await charge(code)).toMatchObject({ status: 200, isSigned: true, body: { trade_state: 'SUCCESS', trade_type: 'MICROPAY', amount: { total: 5000 } } });
    expect(await charge(code)).toMatchObject({ status: 400, body: { code: 'ORDERPAID' } });
    expect(await charge(code, { out_trade_no: `${tradeNo.slice(0, 31)}1` })).toMatchObject({ status: 400, body: { code: 'AUTH_CODE_INVALID' } });
    expect(rig.gateways.books.totals('wechat')).toEqual({ paidFen: 5000, paidCount: 1, refundedFen: 0, refundedCount: 0, netFen: 5000 });
    await rig.gateways.quiet();
    // Docs: code payments are told by the answer and the query alone.
    expect(rig.notified).toEqual([]);
  });

  test('waits for a password above the limit, and is paid or refused by its customer', async () => {
    expect(await charge(digits({ passwordAboveFen: 4999 }))).toMatchObject({ status: 202, isSigned: true, body: { code: 'USERPAYING' } });
    expect((await query()).body['trade_state']).toBe('USERPAYING');
    expect(rig.gateways.phone.asking()).toMatchObject([{ tradeNo }]);
    await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo });
    expect((await query()).body['trade_state']).toBe('SUCCESS');
    const other = `${tradeNo.slice(0, 31)}2`;
    await charge(digits({ needsPassword: true }), { out_trade_no: other });
    rig.gateways.phone.refuse({ wallet: 'wechat', tradeNo: other });
    expect((await rig.wechat('GET', `/v3/pay/transactions/out-trade-no/${other}?mchid=${mchid}`)).body['trade_state']).toBe('PAYERROR');
  });

  test('is refused when it is too old, used, unknown, or without money behind it', async () => {
    const old = digits();
    rig.clock.now += 60_001;
    expect(await charge(old)).toMatchObject({ status: 400, body: { code: 'AUTH_CODE_EXPIRED' } });
    expect(await charge('130000000000000000')).toMatchObject({ status: 400, body: { code: 'AUTH_CODE_INVALID' } });
    expect(await charge('2800000000000000')).toMatchObject({ status: 400, body: { code: 'AUTH_CODE_INVALID' } });
    expect((await query()).status).toBe(404);
    expect(await charge(digits({ balanceFen: 4999 }))).toMatchObject({ status: 403, body: { code: 'NOT_ENOUGH' } });
    expect((await query()).body['trade_state']).toBe('PAYERROR');
  });

  test('is reversed from 15 s on, with the money, as often as it is asked', async () => {
    await charge(digits());
    rig.clock.now += 14_999;
    expect(await reverse()).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await close()).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    rig.clock.now += 1;
    expect(await reverse()).toMatchObject({ status: 200, isSigned: true, body: { out_trade_no: tradeNo } });
    expect((await reverse()).status).toBe(200);
    expect((await query()).body['trade_state']).toBe('REVOKED');
    expect(rig.gateways.books.totals('wechat')).toMatchObject({ paidFen: 5000, refundedFen: 5000, netFen: 0 });
  });

  test('cannot be paid any more when it was reversed unpaid', async () => {
    await charge(digits({ needsPassword: true }));
    rig.clock.now += 15_000;
    await reverse();
    expect(await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo })).toEqual({ ok: false, why: 'ended' });
    expect(rig.gateways.books.totals('wechat').paidFen).toBe(0);
  });

  test('fails by itself where the customer does not answer for three minutes', async () => {
    await charge(digits({ needsPassword: true }));
    rig.clock.now += 180_000;
    expect((await query()).body['trade_state']).toBe('PAYERROR');
  });
});

describe('refunds', () => {
  beforeEach(async () => {
    await show();
    await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo });
    await rig.gateways.quiet();
  });

  test('are under way, then done, each number once, and never more than was paid', async () => {
    expect(await refund('r1', 2000)).toMatchObject({ status: 200, isSigned: true, body: { status: 'PROCESSING', amount: { refund: 2000, total: 5000 } } });
    expect((await refund('r1', 2000)).body['status']).toBe('SUCCESS');
    expect(await refund('r1', 2001)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await refund('r2', 3001)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await refund('r2', 3000, { amount: { refund: 3000, total: 4000, currency: 'CNY' } })).toMatchObject({ status: 400 });
    expect((await refund('r2', 3000)).status).toBe(200);
    expect((await rig.wechat('GET', '/v3/refund/domestic/refunds/r2')).body).toMatchObject({ status: 'SUCCESS', out_refund_no: 'r2' });
    expect((await query()).body['trade_state']).toBe('REFUND');
    expect(rig.gateways.books.totals('wechat')).toMatchObject({ netFen: 0, refundedCount: 2 });
    expect((await rig.wechat('GET', '/v3/refund/domestic/refunds/r3')).body['code']).toBe('RESOURCE_NOT_EXISTS');
  });

  test('are told to the address that came with them', async () => {
    rig.answerWith({ status: 204, body: '' });
    await refund('r1', 5000, { notify_url: `${rig.notifyUrl}/wechat` });
    await rig.gateways.quiet();
    expect(rig.notified.at(-1)).toMatchObject({ event: 'REFUND.SUCCESS', isSigned: true, content: { out_refund_no: 'r1', refund_status: 'SUCCESS', amount: { refund: 5000 } } });
  });

  test('may stay under way, and may fail, by script', async () => {
    rig.gateways.script.add({ on: 'refund', faults: [{ kind: 'refund_pending', asks: 2 }] });
    await refund('r1', 100);
    const states = [];
    for (let count = 0; count < 3; count++) states.push((await rig.wechat('GET', '/v3/refund/domestic/refunds/r1')).body['status']);
    expect(states).toEqual(['PROCESSING', 'PROCESSING', 'SUCCESS']);
    rig.gateways.script.add({ on: 'refund', faults: [{ kind: 'refund_abnormal' }] });
    await refund('r2', 200);
    expect((await rig.wechat('GET', '/v3/refund/domestic/refunds/r2')).body['status']).toBe('ABNORMAL');
    expect(rig.gateways.books.totals('wechat').refundedFen).toBe(100);
  });
});

describe('the bill of a day', () => {
  const bill = (day: string, more = '') => rig.wechat('GET', `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL${more}`);

  test('is there from the next day on, with payments, refunds and their sums, and its hash is of the text', async () => {
    await show();
    await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo });
    await refund('r1', 2000);
    expect(await bill('2026-11-23')).toMatchObject({ status: 400, body: { code: 'NO_STATEMENT_EXIST' } });
    rig.clock.now += 86_400_000;
    const offered = await bill('2026-11-23', '&tar_type=GZIP');
    expect(offered).toMatchObject({ status: 200, isSigned: true, body: { hash_type: 'SHA1' } });
    const url = new URL(String(offered.body['download_url']));
    expect(url.origin).toBe(rig.gateways.url);
    const unsigned = await fetch(url);
    expect(unsigned.status).toBe(401);
    const file = await fetchSigned(`${url.pathname}${url.search}`);
    const text = gunzipSync(file).toString('utf8');
    expect(createHash('sha1').update(gunzipSync(file)).digest('hex')).toBe(offered.body['hash_value']);
    const rows = text.replace(/^\uFEFF/, '').trimEnd().split('\r\n');
    expect(rows).toHaveLength(5);
    const columns = rows[0]?.split(',') ?? [];
    const cell = (row: number, name: string) => rows[row]?.slice(1).split(',`')[columns.indexOf(name)];
    expect([cell(1, '交易状态'), cell(1, '商户订单号'), cell(1, '订单金额'), cell(1, '交易时间')]).toEqual(['SUCCESS', tradeNo, '50.00', '2026-11-23 10:00:00']);
    expect([cell(2, '交易状态'), cell(2, '商户退款单号'), cell(2, '退款金额')]).toEqual(['REFUND', 'r1', '20.00']);
    expect(rows[4]).toBe('`2,`50.00,`20.00,`0.00,`0.18000,`50.00,`20.00');
    expect((await bill('2026-11-22')).body['code']).toBe('NO_STATEMENT_EXIST');
    expect((await bill('2026-02-30')).body['code']).toBe('PARAM_ERROR');
  });

  async function fetchSigned(target: string): Promise<Buffer> {
    // The rig reads texts; a file is fetched with the headers that it would send.
    const { sign } = await import('node:crypto');
    const timestamp = Math.floor(rig.clock.now / 1000);
    const signature = sign('sha256', Buffer.from(`GET\n${target}\n${timestamp}\nn\n\n`), keys.wechat.merchant.privateKey).toString('base64');
    const response = await fetch(new URL(target, rig.gateways.url), { headers: { accept: 'application/json', 'user-agent': 'test', authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="n",signature="${signature}",timestamp="${timestamp}",serial_no="${keys.wechat.merchant.serial}"` } });
    return Buffer.from(await response.arrayBuffer());
  }
});

test('platform certificates are handed out encrypted, and sign where the caller or a script asks for it', async () => {
  const { body, serial } = await rig.wechat('GET', '/v3/certificates');
  expect(serial).toBe(keys.wechat.publicKey.id);
  const [entry] = z.object({ data: z.array(z.object({ serial_no: z.string(), encrypt_certificate: z.object({ ciphertext: z.string(), nonce: z.string(), associated_data: z.string() }) })) }).parse(body).data;
  const { ciphertext = '', nonce = '', associated_data = '' } = entry?.encrypt_certificate ?? {};
  const bytes = Buffer.from(ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keys.wechat.apiV3Key, nonce).setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16));
  expect(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString()).toBe(keys.wechat.certificate.certificate);
  expect(entry?.serial_no).toBe(keys.wechat.certificate.serial);
  const asked = await rig.wechat('GET', '/v3/certificates', undefined, { headers: { 'wechatpay-serial': keys.wechat.certificate.serial } });
  expect(asked).toMatchObject({ serial: keys.wechat.certificate.serial, isSigned: true });
  rig.gateways.script.signWith('certificate');
  expect(await show()).toMatchObject({ serial: keys.wechat.certificate.serial, isSigned: true });
});
