import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { gatewaySuite } from '../adapter/gateway-suite.fixture.ts';
import { vectorText } from '../adapter/vectors.fixture.ts';
import type { GatewayPayment, WalletGateway } from '../gateway.ts';
import { createWeChatPay } from './gateway.ts';
import type { Reply, WeChatRig } from './wechat-rig.ts';
import { platformId, startWeChat } from './wechat-rig.ts';

const tradeNo = '0190f3a2b1c4471e8d3caa0011223344';
const refundNo = '0190f3a2b1c4471e8d3caa0055667788';
const code = '134579876543210987';
const never = new AbortController().signal;

let rig: WeChatRig;
let gateway: WalletGateway;
let payment: GatewayPayment;
const paymentFromNow = (): GatewayPayment => ({ tradeNo, amount: money(1250, 'CNY'), title: '流量包 5GB', expiresAt: Date.now() + 120_000, terminal: 'kiosk-001' });

beforeEach(async () => {
  rig = await startWeChat();
  gateway = createWeChatPay({ config: rig.config, now: Date.now, timeoutMs: 10_000 });
  payment = paymentFromNow();
});
afterEach(() => rig.close());

const transaction = (more: object = {}) => ({
  appid: 'wxd678efh567hg6787', mchid: '1900000109', out_trade_no: tradeNo, transaction_id: '4200002345202611230000000001', trade_state: 'SUCCESS',
  success_time: '2026-11-23T12:30:05+08:00', amount: { total: 1250, payer_total: 1250, currency: 'CNY' }, ...more,
});
const paid = { kind: 'paid', amount: money(1250, 'CNY'), details: { transactionId: '4200002345202611230000000001', paidAt: Date.UTC(2026, 10, 23, 4, 30, 5) } };
const fault = (status: number, name: string, message = 'said so'): Reply => ({ status, body: { code: name, message } });

describe('a code that the kiosk shows', () => {
  test('is asked for with the amount in fen, the end of its time in China and where to notify', async () => {
    rig.reply({ body: { code_url: 'weixin://wxpay/bizpayurl?pr=5zPkq1a00' } });
    expect(await gateway.show({ ...payment, expiresAt: Date.UTC(2036, 0, 31, 16, 0, 0) }, never)).toEqual({ kind: 'shown', code: 'weixin://wxpay/bizpayurl?pr=5zPkq1a00' });
    expect(rig.paths()).toEqual(['POST /v3/pay/transactions/native']);
    expect(JSON.parse(rig.heard[0]?.body ?? '')).toEqual({
      appid: 'wxd678efh567hg6787', mchid: '1900000109', description: '流量包 5GB', out_trade_no: tradeNo, attach: 'kiosk-001', time_expire: '2036-02-01T00:00:00+08:00',
      notify_url: 'https://hq.example/notify/wechat', amount: { total: 1250, currency: 'CNY' },
    });
    expect(rig.heard[0]?.headers['wechatpay-serial']).toBe(platformId);
  });

  test.each([
    ['ORDERPAID', 400, { kind: 'already_paid' }],
    ['ORDER_CLOSED', 400, { kind: 'refused', refusal: 'too_late', detail: 'ORDER_CLOSED: said so' }],
    ['RULE_LIMIT', 403, { kind: 'refused', refusal: 'limit', detail: 'RULE_LIMIT: said so' }],
    ['APPID_MCHID_NOT_MATCH', 400, { kind: 'refused', refusal: 'refused', detail: 'APPID_MCHID_NOT_MATCH: said so' }],
    ['INVALID_REQUEST', 400, { kind: 'unknown', detail: 'INVALID_REQUEST: said so' }],
    ['OUT_TRADE_NO_USED', 403, { kind: 'unknown', detail: 'OUT_TRADE_NO_USED: said so' }],
  ])('%s', async (name, status, expected) => {
    rig.reply(fault(status, name));
    expect(await gateway.show(payment, never)).toEqual(expected);
  });

  test('a title is cut to 127 bytes, and never within a letter', async () => {
    rig.reply({ body: { code_url: 'weixin://wxpay/bizpayurl?pr=1' } });
    await gateway.show({ ...payment, title: '充'.repeat(60) }, never);
    expect((JSON.parse(rig.heard[0]?.body ?? '') as { description: string }).description).toBe('充'.repeat(42));
  });
});

describe('a code that the phone shows', () => {
  test('is charged once, with the scene that is demanded', async () => {
    rig.reply({ body: transaction({ trade_state: undefined }) });
    expect(await gateway.charge(payment, code, never)).toEqual(paid);
    expect(JSON.parse(rig.heard[0]?.body ?? '')).toMatchObject({ payer: { auth_code: code }, scene_info: { device_id: 'kiosk-001', store_info: { out_id: 'kiosk-001' } }, amount: { total: 1250, currency: 'CNY' } });
    expect(rig.paths()).toEqual(['POST /v3/pay/transactions/codepay']);
  });

  test.each([
    ['USERPAYING', 202, { kind: 'confirming' }],
    ['USERPAYING', 400, { kind: 'confirming' }],
    ['USER_PAYING', 403, { kind: 'confirming' }],
    ['AUTH_CODE_INVALID', 400, { kind: 'refused', refusal: 'code_unusable' }],
    ['AUTH_CODE_EXPIRED', 400, { kind: 'refused', refusal: 'code_unusable' }],
    ['AUTHCODEEXPIRE', 400, { kind: 'refused', refusal: 'code_unusable' }],
    ['NOT_ENOUGH', 403, { kind: 'refused', refusal: 'not_enough' }],
    ['NOTENOUGH', 403, { kind: 'refused', refusal: 'not_enough' }],
    ['TRADE_ERROR', 403, { kind: 'refused', refusal: 'refused' }],
    ['SYSTEM_ERROR', 400, { kind: 'unknown', isAway: true }],
    ['BANK_ERROR', 400, { kind: 'unknown', isAway: true }],
    ['FREQUENCY_LIMITED', 403, { kind: 'unknown', isAway: true }],
    ['ORDERPAID', 400, { kind: 'unknown' }],
    ['OUT_TRADE_NO_USED', 403, { kind: 'unknown' }],
    ['SOMETHING_NEW', 400, { kind: 'unknown' }],
  ])('%s with %d', async (name, status, expected) => {
    rig.reply(fault(status, name));
    expect(await gateway.charge(payment, code, never)).toMatchObject(expected);
  });
});

const believed: Reply = { body: transaction() };
gatewaySuite<Reply>({
  name: 'WeChat Pay',
  async start() {
    const { config, reply, heard, close } = await startWeChat();
    return { open: (timeoutMs) => createWeChatPay({ config, now: Date.now, timeoutMs }), reply, heard: () => heard.length, close };
  },
  payment: paymentFromNow,
  back: money(250, 'CNY'),
  code,
  refundNo,
  believed,
  distrusted: [
    ['a wrong signature', { ...believed, spoil: 'signature' }],
    ['a byte more than was signed', { ...believed, spoil: 'body' }],
    ['no signature', { ...believed, spoil: 'unsigned' }],
    ['an answer of five minutes ago', { ...believed, spoil: 'old' }],
    ["another's key under the platform's name", { ...believed, spoil: 'merchant' }],
    ['a key that is not known', { ...believed, spoil: 'serial' }],
    ['an error code that is not signed', { ...fault(404, 'ORDER_NOT_EXIST'), spoil: 'unsigned' }],
    ['an error code with a wrong signature', { ...fault(400, 'ORDERPAID'), spoil: 'signature' }],
    ['500', { status: 500, body: { code: 'SYSTEM_ERROR', message: '' } }],
    ['502 of something between', { status: 502, body: '<html>', spoil: 'unsigned' }],
    ['429', fault(429, 'FREQUENCY_LIMITED')],
    ['no JSON', { body: '<html>' }],
    ['JSON that is no object', { body: 'null' }],
    ['a redirect', { ...believed, status: 302 }],
    ['half an answer', { ...believed, instead: 'half' }],
  ],
  // 2xx without a body, or with one that says nothing, is how a close or a reversal is answered.
  saidAll: (ask, name) => (name === 'JSON that is no object' && ask.startsWith('end') ? 'ended' : undefined),
  unwell: [{ status: 500 }, fault(429, 'X_X')],
  anything: fc.record({ status: fc.constantFrom(200, 202, 400, 403, 404), body: fc.oneof(fc.jsonValue(), fc.record({ code: fc.constantFrom('SUCCESS', 'X_Y', '', 1), message: fc.jsonValue(), status: fc.jsonValue(), trade_state: fc.jsonValue() })).map((body) => JSON.stringify(body)) }),
  madeOfAnything: ['unknown', 'ended', 'is_paid'],
  telltale: [fault(400, 'AUTH_CODE_INVALID', `code ${code} is over`), fault(400, 'SOMETHING_NEW', code), { body: code, spoil: 'signature' }],
});

test('a wrong key of ours is told by its name', async () => {
  const wrong = createWeChatPay({ config: { ...rig.config, serial: 'FFFFFFFF' }, now: Date.now });
  expect(await wrong.query(tradeNo, never)).toEqual({ kind: 'unknown', detail: 'the gateway answered 401 SIGN_ERROR, and it is not signed' });
});

describe('where a payment stands', () => {
  test.each([
    ['SUCCESS', {}, paid],
    ['REFUND', {}, paid],
    ['NOTPAY', { transaction_id: undefined, success_time: undefined, amount: undefined }, { kind: 'waiting' }],
    ['USERPAYING', {}, { kind: 'confirming' }],
    ['CLOSED', {}, { kind: 'closed' }],
    ['REVOKED', { success_time: undefined }, { kind: 'closed' }],
    // Paid, and taken back by a reversal whose answer may have been lost.
    ['REVOKED', {}, { ...paid, refunded: money(1250, 'CNY') }],
    ['PAYERROR', {}, { kind: 'closed', refusal: 'refused' }],
    ['SOMETHING', {}, { kind: 'unknown' }],
    ['SUCCESS', { out_trade_no: refundNo }, { kind: 'unknown' }],
    ['SUCCESS', { mchid: '1900000110' }, { kind: 'unknown' }],
    ['SUCCESS', { amount: { total: 12.5, currency: 'CNY' } }, { kind: 'unknown' }],
    ['SUCCESS', { amount: { total: 1250, currency: 'HKD' } }, { kind: 'unknown' }],
    ['SUCCESS', { amount: undefined }, { kind: 'unknown' }],
    ['SUCCESS', { transaction_id: undefined }, { kind: 'unknown' }],
  ])('%s %j', async (state, more, expected) => {
    rig.reply({ body: transaction({ trade_state: state, ...more }) });
    expect(await gateway.query(tradeNo, never)).toMatchObject(expected);
    expect(rig.heard[0]?.url).toBe(`/v3/pay/transactions/out-trade-no/${tradeNo}?mchid=1900000109`);
  });

  test.each([['ORDER_NOT_EXIST', 404], ['ORDERNOTEXIST', 404], ['RESOURCE_NOT_EXISTS', 404]])('%s: it was never there', async (name, status) => {
    rig.reply(fault(status, name));
    expect(await gateway.query(tradeNo, never)).toEqual({ kind: 'not_found' });
  });
});

describe('an end', () => {
  const close = () => gateway.end({ tradeNo, mode: 'shown', begunAt: Date.now() }, never);
  const reverse = (begunAt = Date.now() - 15_000) => gateway.end({ tradeNo, mode: 'read', begunAt }, never);

  test('a shown one is closed: 204, and its empty body is signed', async () => {
    rig.reply({ status: 204 });
    expect(await close()).toEqual({ kind: 'ended', tookBack: false });
    expect([rig.paths(), rig.heard[0]?.body]).toEqual([[`POST /v3/pay/transactions/out-trade-no/${tradeNo}/close`], '{"mchid":"1900000109"}']);
  });

  test.each([
    ['ORDERPAID', 400, { kind: 'is_paid' }], ['ORDER_PAID', 400, { kind: 'is_paid' }], ['ORDER_CLOSED', 400, { kind: 'ended', tookBack: false }], ['ORDER_NOT_EXIST', 404, { kind: 'ended', tookBack: false }],
    ['USERPAYING', 400, { kind: 'again', afterMs: 5000 }],
  ])('of a shown one: %s', async (name, status, expected) => {
    rig.reply(fault(status, name));
    expect(await close()).toMatchObject(expected);
  });

  test('a code that says neither is looked into', async () => {
    rig.reply(fault(400, 'INVALID_REQUEST'), { body: transaction() });
    expect(await close()).toEqual({ kind: 'is_paid' });
    rig.reply(fault(400, 'INVALID_REQUEST'), { body: transaction({ trade_state: 'CLOSED' }) });
    expect(await close()).toEqual({ kind: 'ended', tookBack: false });
    rig.reply(fault(400, 'INVALID_REQUEST'), { status: 500 });
    expect(await close()).toMatchObject({ kind: 'unknown' });
  });

  test('a read one is reversed no sooner than 15 seconds after it was charged', async () => {
    const early = await reverse(Date.now() - 5000);
    expect(early).toMatchObject({ kind: 'again' });
    expect(early.kind === 'again' && early.afterMs).toBeGreaterThan(9000);
    expect(rig.heard).toEqual([]);
    rig.reply({ body: { appid: 'wxd678efh567hg6787', mchid: '1900000109', out_trade_no: tradeNo } }, { body: transaction({ trade_state: 'REVOKED', success_time: undefined }) });
    expect(await reverse()).toEqual({ kind: 'ended', tookBack: false });
    expect(rig.paths()).toEqual([`POST /v3/pay/transactions/out-trade-no/${tradeNo}/reverse`, `GET /v3/pay/transactions/out-trade-no/${tradeNo}`]);
    expect(rig.heard[0]?.body).toBe('{"appid":"wxd678efh567hg6787","mchid":"1900000109"}');
  });

  test('one that was paid and reversed was taken back', async () => {
    rig.reply({ body: { out_trade_no: tradeNo } }, { body: transaction({ trade_state: 'REVOKED' }) });
    expect(await reverse()).toEqual({ kind: 'ended', tookBack: true });
  });

  test('one that wants to be said again is said again', async () => {
    rig.reply({ body: { out_trade_no: tradeNo, recall: 'Y' } });
    expect(await reverse()).toMatchObject({ kind: 'again' });
    rig.reply(fault(400, 'USERPAYING'));
    expect(await reverse()).toMatchObject({ kind: 'again', afterMs: 10_000 });
    rig.reply(fault(400, 'INVALID_REQUEST', 'less than 15 seconds'), { body: transaction({ trade_state: 'USERPAYING' }) });
    expect(await reverse()).toMatchObject({ kind: 'again', afterMs: 5000 });
  });

  test('one that was reversed before has ended; one that cannot be reversed any more is paid', async () => {
    rig.reply(fault(400, 'ORDER_REVERSED'));
    expect(await reverse()).toEqual({ kind: 'ended', tookBack: false });
    rig.reply(fault(400, 'INVALID_REQUEST'), { body: transaction({ trade_state: 'REVOKED' }) });
    expect(await reverse()).toEqual({ kind: 'ended', tookBack: true });
    rig.reply(fault(403, 'REVERSE_EXPIRE'), { body: transaction() });
    expect(await reverse()).toEqual({ kind: 'is_paid' });
  });

  test('of another payment is not believed', async () => {
    rig.reply({ body: { out_trade_no: refundNo } });
    expect(await reverse()).toMatchObject({ kind: 'unknown' });
  });
});

describe('a refund', () => {
  const refund = { tradeNo, refundNo, amount: money(250, 'CNY'), of: money(1250, 'CNY'), reason: '商品已售完' };
  const body = (status: string, more: object = {}) => ({ body: { refund_id: '50000000382019052709732678859', out_refund_no: refundNo, out_trade_no: tradeNo, status, amount: { total: 1250, refund: 250, currency: 'CNY' }, ...more } });

  test.each([['SUCCESS', 'done'], ['PROCESSING', 'pending'], ['CLOSED', 'refused'], ['ABNORMAL', 'refused'], ['NEW', 'unknown']])('%s is %s, asked for or asked about', async (status, kind) => {
    rig.reply(body(status));
    expect((await gateway.refund(refund, never)).kind).toBe(kind);
    expect((await gateway.queryRefund(refund, never)).kind).toBe(kind);
    expect(JSON.parse(rig.heard[0]?.body ?? '')).toEqual({ out_trade_no: tradeNo, out_refund_no: refundNo, reason: '商品已售完', notify_url: 'https://hq.example/notify/wechat', amount: { refund: 250, total: 1250, currency: 'CNY' } });
    expect(rig.paths()[1]).toBe(`GET /v3/refund/domestic/refunds/${refundNo}`);
  });

  test.each([
    ['NOT_ENOUGH', 403, 'refused'], ['INVALID_REQUEST', 400, 'refused'], ['USER_ACCOUNT_ABNORMAL', 403, 'refused'], ['PARAM_ERROR', 400, 'refused'],
    ['RESOURCE_NOT_EXISTS', 404, 'unknown'], ['SYSTEM_ERROR', 500, 'unknown'], ['FREQUENCY_LIMITED', 429, 'unknown'], ['SOMETHING_NEW', 400, 'unknown'],
  ])('%s: %s %s', async (name, status, kind) => {
    rig.reply(fault(status, name), fault(404, 'RESOURCE_NOT_EXISTS'));
    expect((await gateway.refund(refund, never)).kind).toBe(kind);
  });

  test('a refusal counts once the query does not know the refund; one that was taken before stands, and silence is unknown', async () => {
    rig.reply(fault(400, 'INVALID_REQUEST'), body('SUCCESS'));
    expect(await gateway.refund(refund, never)).toEqual({ kind: 'done' });
    rig.reply(fault(403, 'NOT_ENOUGH'), body('PROCESSING'));
    expect(await gateway.refund(refund, never)).toEqual({ kind: 'pending' });
    rig.reply(fault(400, 'INVALID_REQUEST'), { instead: 'cut' });
    expect(await gateway.refund(refund, never)).toMatchObject({ kind: 'unknown' });
  });

  test('that the gateway does not have is not found; another amount or number is not believed', async () => {
    rig.reply(fault(404, 'RESOURCE_NOT_EXISTS'));
    expect(await gateway.queryRefund(refund, never)).toEqual({ kind: 'not_found' });
    rig.reply(body('SUCCESS', { amount: { total: 1250, refund: 1250, currency: 'CNY' } }));
    expect(await gateway.queryRefund(refund, never)).toMatchObject({ kind: 'unknown' });
    rig.reply(body('SUCCESS', { out_trade_no: refundNo }));
    expect(await gateway.refund(refund, never)).toMatchObject({ kind: 'unknown' });
  });
});

test('the private key and the APIv3 key stand in nothing that is told', async () => {
  const secrets = [vectorText('merchant-key.pem').split('\n')[3] ?? '', rig.config.apiv3Key.toString()];
  for (const reply of [{ instead: 'cut' }, { status: 500 }, { body: 'null' }] as const) {
    rig.reply(reply);
    const told = JSON.stringify([await gateway.query(tradeNo, never), gateway]);
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  }
});
