import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { gatewaySuite } from '../adapter/gateway-suite.fixture.ts';
import { privateKeyOf, vectorText } from '../adapter/vectors.fixture.ts';
import type { GatewayPayment, WalletGateway } from '../gateway.ts';
import type { AlipayRig, Reply } from './alipay-rig.ts';
import { requestText, startAlipay } from './alipay-rig.ts';
import { createAlipay } from './gateway.ts';

const tradeNo = '0190f3a2b1c4471e8d3caa0011223344';
const refundNo = '0190f3a2b1c4471e8d3caa0055667788';
const code = '286543219876543210';
const now = Date.UTC(2026, 10, 23, 4, 30, 0);
const never = new AbortController().signal;
const payment: GatewayPayment = { tradeNo, amount: money(1205, 'CNY'), title: '流量包 5GB', expiresAt: now + 120_000, terminal: 'kiosk-001' };

let rig: AlipayRig;
let gateway: WalletGateway;

beforeEach(async () => {
  rig = await startAlipay();
  gateway = createAlipay({ config: rig.config, now: () => now, timeoutMs: 10_000 });
});
afterEach(() => rig.close());

const done = (more: object = {}): Reply => ({ content: { code: '10000', msg: 'Success', ...more } });
const failed = (subCode: string, code = '40004'): Reply => ({ content: { code, msg: 'Business Failed', sub_code: subCode, sub_msg: 'said so' } });
const trade = (more: object = {}) => ({ trade_no: '2026112322001400001234567890', out_trade_no: tradeNo, buyer_logon_id: 'abc***@example.com', total_amount: '12.05', ...more });
const paid = { kind: 'paid', amount: money(1205, 'CNY'), details: { transactionId: '2026112322001400001234567890', paidAt: Date.UTC(2026, 10, 23, 4, 29, 58) } };

describe('a request', () => {
  test('is signed with the very bytes that the openssl command line makes', async () => {
    rig.reply(failed('ACQ.TRADE_NOT_EXIST'));
    await gateway.query(tradeNo, never);
    const { parameters } = rig.asked()[0] ?? { parameters: new Map<string, string>() };
    expect(requestText(parameters)).toBe(vectorText('alipay-request.message'));
    expect(parameters.get('sign')).toBe(vectorText('alipay-request.signature'));
  });

  test('of certificate mode names the certificates, and an answer signed with another one is not believed', async () => {
    const certificates = { app: vectorText('app-cert.pem'), alipay: vectorText('alipay-cert.pem'), root: vectorText('root-cert.pem') };
    const withCertificates = createAlipay({ config: { ...rig.config, certificates }, now: () => now, timeoutMs: 10_000 });
    rig.reply(done(trade({ trade_status: 'WAIT_BUYER_PAY' })));
    expect(await withCertificates.query(tradeNo, never)).toEqual({ kind: 'confirming' });
    // MD5 over the issuer and the serial in decimals, as the open platform has it.
    expect([rig.asked()[0]?.parameters.get('app_cert_sn'), rig.asked()[0]?.parameters.get('alipay_root_cert_sn')]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  test('with another key than the application has is told by its name', async () => {
    const wrong = createAlipay({ config: { ...rig.config, privateKey: privateKeyOf('root') }, now: () => now, timeoutMs: 10_000 });
    expect(await wrong.query(tradeNo, never)).toEqual({ kind: 'unknown', detail: 'the gateway answered, and it is an error of the gateway itself, signed for no method (it calls itself isv.invalid-signature)' });
  });
});

describe('a code that the kiosk shows', () => {
  test('is asked for with the amount in yuan, the end of its time in China and where to notify', async () => {
    rig.reply(done({ out_trade_no: tradeNo, qr_code: 'https://qr.alipay.com/bax03206ug0kulveltqc80a8' }));
    expect(await gateway.show(payment, never)).toEqual({ kind: 'shown', code: 'https://qr.alipay.com/bax03206ug0kulveltqc80a8' });
    expect(rig.asked()[0]).toMatchObject({
      method: 'alipay.trade.precreate',
      content: { out_trade_no: tradeNo, total_amount: '12.05', subject: '流量包 5GB', product_code: 'FACE_TO_FACE_PAYMENT', terminal_id: 'kiosk-001', time_expire: '2026-11-23 12:32:00' },
    });
    expect(rig.asked()[0]?.parameters.get('notify_url')).toBe('https://hq.example/notify/alipay');
    expect(rig.asked()[0]?.parameters.get('timestamp')).toBe('2026-11-23 12:30:00');
  });

  test('the gateway is never told of less than the minute that it demands', async () => {
    rig.reply(done({ out_trade_no: tradeNo, qr_code: 'https://qr.alipay.com/x' }));
    await gateway.show({ ...payment, expiresAt: now + 5000 }, never);
    expect(rig.asked()[0]?.content['time_expire']).toBe('2026-11-23 12:31:01');
  });

  test.each([
    ['ACQ.TRADE_HAS_SUCCESS', '40004', { kind: 'already_paid' }],
    ['ACQ.TRADE_HAS_CLOSE', '40004', { kind: 'refused', refusal: 'too_late', detail: 'ACQ.TRADE_HAS_CLOSE: said so' }],
    ['ACQ.INVALID_PARAMETER', '40004', { kind: 'refused', refusal: 'refused' }],
    ['isv.missing-signature', '40001', { kind: 'refused', refusal: 'refused' }],
    ['ACQ.CONTEXT_INCONSISTENT', '40004', { kind: 'unknown' }],
    ['ACQ.SYSTEM_ERROR', '40004', { kind: 'unknown', isAway: true }],
    ['aop.unknow-error', '20000', { kind: 'unknown', isAway: true }],
    ['isv.app-call-limited', '40002', { kind: 'unknown', isAway: true }],
  ])('%s %s', async (subCode, number, expected) => {
    rig.reply(failed(subCode, number));
    expect(await gateway.show(payment, never)).toMatchObject(expected);
  });
});

describe('a code that the phone shows', () => {
  test('is charged once', async () => {
    rig.reply(done(trade({ gmt_payment: '2026-11-23 12:29:58' })));
    expect(await gateway.charge(payment, code, never)).toEqual(paid);
    expect(rig.asked()).toHaveLength(1);
    expect(rig.asked()[0]).toMatchObject({ method: 'alipay.trade.pay', content: { scene: 'bar_code', auth_code: code, total_amount: '12.05' } });
  });

  test.each([
    ['', '10003', { kind: 'confirming' }],
    ['ACQ.PAYMENT_AUTH_CODE_INVALID', '40004', { kind: 'refused', refusal: 'code_unusable' }],
    ['ACQ.BUYER_BALANCE_NOT_ENOUGH', '40004', { kind: 'refused', refusal: 'not_enough' }],
    ['ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', '40004', { kind: 'refused', refusal: 'not_enough' }],
    ['ACQ.BEYOND_PER_RECEIPT_RESTRICTION', '40004', { kind: 'refused', refusal: 'limit' }],
    ['ACQ.PAYMENT_REQUEST_HAS_RISK', '40004', { kind: 'refused', refusal: 'refused' }],
    ['ACQ.TRADE_HAS_CLOSE', '40004', { kind: 'refused', refusal: 'too_late' }],
    ['ACQ.TRADE_HAS_SUCCESS', '40004', { kind: 'unknown' }],
    ['ACQ.CONTEXT_INCONSISTENT', '40004', { kind: 'unknown' }],
    ['ACQ.SYSTEM_ERROR', '40004', { kind: 'unknown', isAway: true }],
    ['aop.ACQ.SYSTEM_ERROR', '20000', { kind: 'unknown', isAway: true }],
    ['isp.unknow-error', '20000', { kind: 'unknown', isAway: true }],
    ['ACQ.SOMETHING_NEW', '40004', { kind: 'unknown' }],
  ])('%s %s', async (subCode, number, expected) => {
    rig.reply(failed(subCode, number));
    expect(await gateway.charge(payment, code, never)).toMatchObject(expected);
  });
});

const believed = done(trade({ trade_status: 'TRADE_SUCCESS', fund_change: 'Y', out_request_no: refundNo, refund_status: 'REFUND_SUCCESS', refund_amount: '2.05', qr_code: 'https://qr.alipay.com/x' }));
gatewaySuite<Reply>({
  name: 'Alipay',
  async start() {
    const { config, reply, heard, close } = await startAlipay();
    return { open: (timeoutMs) => createAlipay({ config, now: () => now, timeoutMs }), reply, heard: () => heard.length, close };
  },
  payment: () => payment,
  back: money(205, 'CNY'),
  code,
  refundNo,
  believed,
  distrusted: [
    ['a wrong signature', { ...believed, spoil: 'signature' }],
    ['more than was signed', { ...believed, spoil: 'content' }],
    ['no signature', { ...believed, spoil: 'unsigned' }],
    ["the application's own signature", { ...believed, spoil: 'app' }],
    ['the signed object, and then another under its name', { ...believed, spoil: 'twice' }],
    ['an answer to something else', { ...believed, spoil: 'other method' }],
    ['an error that is not signed', { ...failed('ACQ.TRADE_NOT_EXIST'), spoil: 'unsigned' }],
    ['an error of the gateway', { raw: '{"error_response":{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}}' }],
    ['20000', failed('isp.unknow-error', '20000')],
    ['500', { ...believed, status: 500 }],
    ['429', { ...believed, status: 429 }],
    ['no JSON', { raw: '<html>' }],
    ['nothing', { raw: '' }],
    ['a code that does not exist', { content: { code: '99999', msg: '' } }],
    ['no code', { content: {} }],
    ['half an answer', { ...believed, instead: 'half' }],
  ],
  saidAll: (ask, name) => (name === '20000' && ask.startsWith('end') ? 'again' : undefined),
  unwell: [{ status: 500 }, { status: 429 }],
  anything: fc.oneof(fc.jsonValue(), fc.record({ code: fc.constantFrom('10000', '40004', '20001', 10000, null), sub_code: fc.jsonValue(), trade_status: fc.jsonValue(), total_amount: fc.jsonValue(), out_trade_no: fc.constantFrom(tradeNo, 1, null) })).map((content) => ({ content: JSON.stringify(content) })),
  // Cancelled is what 10000 says; a refund that is not told of is none, or is asked about again.
  madeOfAnything: ['unknown', 'ended', 'refused', 'not_found', 'pending'],
  telltale: [{ content: { code: '40004', sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID', sub_msg: `code ${code}` } }, { content: { code, msg: code } }, { raw: code }, { status: 500, raw: code }],
});

test('what was signed reaches nobody in a detail', async () => {
  for (const spoil of ['signature', 'content'] as const) {
    rig.reply({ ...believed, spoil });
    expect(JSON.stringify(await gateway.query(tradeNo, never))).not.toMatch(/2026112322001400001234567890|12\.05/);
  }
});

describe('where a payment stands', () => {
  test.each([
    [{ trade_status: 'TRADE_SUCCESS', send_pay_date: '2026-11-23 12:29:58' }, paid],
    [{ trade_status: 'TRADE_FINISHED', send_pay_date: '2026-11-23 12:29:58' }, paid],
    [{ trade_status: 'WAIT_BUYER_PAY' }, { kind: 'confirming' }],
    [{ trade_status: 'TRADE_CLOSED' }, { kind: 'closed' }],
    [{ trade_status: 'TRADE_CLOSED', send_pay_date: '2026-11-23 12:29:58' }, { ...paid, refunded: money(1205, 'CNY') }],
    [{ trade_status: 'TRADE_SUCCESS', total_amount: 12.05, send_pay_date: '2026-11-23 12:29:58' }, paid],
    [{ trade_status: 'TRADE_SUCCESS', total_amount: '12.055' }, { kind: 'unknown' }],
    [{ trade_status: 'TRADE_SUCCESS', total_amount: '1.2e3' }, { kind: 'unknown' }],
    [{ trade_status: 'TRADE_SUCCESS', total_amount: '-12.05' }, { kind: 'unknown' }],
    [{ trade_status: 'TRADE_SUCCESS', trans_currency: 'HKD' }, { kind: 'unknown' }],
    [{ trade_status: 'TRADE_SUCCESS', out_trade_no: refundNo }, { kind: 'unknown' }],
    [{ trade_status: 'TRADE_ELSE' }, { kind: 'unknown' }],
    [{}, { kind: 'unknown' }],
  ])('%j', async (more, expected) => {
    rig.reply(done(trade(more)));
    expect(await gateway.query(tradeNo, never)).toMatchObject(expected);
  });

  test('before a phone has read the code there is none', async () => {
    rig.reply(failed('ACQ.TRADE_NOT_EXIST'));
    expect(await gateway.query(tradeNo, never)).toEqual({ kind: 'not_found' });
  });
});

describe('an end', () => {
  const close = () => gateway.end({ tradeNo, mode: 'shown', begunAt: now }, never);
  const cancel = () => gateway.end({ tradeNo, mode: 'read', begunAt: now }, never);
  const methods = () => rig.asked().map(({ method }) => method);

  test('a shown one is closed', async () => {
    rig.reply(done({ out_trade_no: tradeNo, trade_no: '1' }));
    expect(await close()).toEqual({ kind: 'ended', tookBack: false });
    expect(methods()).toEqual(['alipay.trade.close']);
  });

  test('one that no phone has read has nothing to close, and is cancelled so that its code is worth nothing', async () => {
    rig.reply(failed('ACQ.TRADE_NOT_EXIST'), done({ out_trade_no: tradeNo, retry_flag: 'N' }));
    expect(await close()).toEqual({ kind: 'ended', tookBack: false });
    expect(methods()).toEqual(['alipay.trade.close', 'alipay.trade.cancel']);
  });

  test('one that does not wait any more is asked about', async () => {
    rig.reply(failed('ACQ.TRADE_STATUS_ERROR'), done(trade({ trade_status: 'TRADE_SUCCESS' })));
    expect(await close()).toEqual({ kind: 'is_paid' });
    rig.reply(failed('ACQ.TRADE_STATUS_ERROR'), done(trade({ trade_status: 'TRADE_CLOSED' })));
    expect(await close()).toEqual({ kind: 'ended', tookBack: false });
    rig.reply(failed('ACQ.TRADE_STATUS_ERROR'), { instead: 'cut' });
    expect(await close()).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    [{ action: 'close', retry_flag: 'N' }, { kind: 'ended', tookBack: false }],
    [{ action: 'refund', retry_flag: 'N' }, { kind: 'ended', tookBack: true }],
    [{ retry_flag: 'N' }, { kind: 'ended', tookBack: false }],
    [{ retry_flag: 'Y' }, { kind: 'again', afterMs: 3000 }],
    [{ out_trade_no: refundNo, action: 'close' }, { kind: 'unknown' }],
  ])('a read one is cancelled: %j', async (more, expected) => {
    rig.reply(done({ out_trade_no: tradeNo, ...more }));
    expect(await cancel()).toMatchObject(expected);
    expect(methods()).toEqual(['alipay.trade.cancel']);
  });

  test.each([
    ['ACQ.SYSTEM_ERROR', { kind: 'again' }], ['ACQ.TRADE_NOT_EXIST', { kind: 'ended', tookBack: false }], ['ACQ.SOMETHING_NEW', { kind: 'unknown' }],
  ])('of a read one: %s', async (subCode, expected) => {
    rig.reply(failed(subCode));
    expect(await cancel()).toMatchObject(expected);
  });

  test.each(['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'ACQ.TRADE_CANCEL_TIME_OUT', 'ACQ.TRADE_HAS_FINISHED'])('%s: it is paid, if the query says so', async (subCode) => {
    rig.reply(failed(subCode), done(trade({ trade_status: 'TRADE_SUCCESS' })));
    expect(await cancel()).toEqual({ kind: 'is_paid' });
    rig.reply(failed(subCode), done(trade({ trade_status: 'TRADE_CLOSED', send_pay_date: '2026-11-23 12:29:58' })));
    expect(await cancel()).toEqual({ kind: 'ended', tookBack: true });
  });
});

describe('a refund', () => {
  const refund = { tradeNo, refundNo, amount: money(205, 'CNY'), of: money(1205, 'CNY'), reason: '商品已售完' };

  test('is asked for under its own number; what moved nothing is asked about', async () => {
    rig.reply(done(trade({ fund_change: 'Y', refund_fee: '2.05' })));
    expect(await gateway.refund(refund, never)).toEqual({ kind: 'done' });
    expect(rig.asked()[0]).toMatchObject({ method: 'alipay.trade.refund', content: { out_trade_no: tradeNo, refund_amount: '2.05', refund_reason: '商品已售完', out_request_no: refundNo } });
    rig.reply(done(trade({ fund_change: 'N', refund_fee: '2.05' })));
    expect(await gateway.refund(refund, never)).toEqual({ kind: 'pending' });
    rig.reply(done(trade({ out_trade_no: refundNo, fund_change: 'Y' })));
    expect(await gateway.refund(refund, never)).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['ACQ.SELLER_BALANCE_NOT_ENOUGH', '40004', 'refused'], ['ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '40004', 'refused'], ['ACQ.DISCORDANT_REPEAT_REQUEST', '40004', 'refused'], ['ACQ.TRADE_NOT_EXIST', '40004', 'refused'],
    ['isv.invalid-arguments', '40002', 'refused'], ['ACQ.SYSTEM_ERROR', '40004', 'unknown'], ['isp.unknow-error', '20000', 'unknown'], ['ACQ.SOMETHING_NEW', '40004', 'unknown'],
  ])('%s %s: %s', async (subCode, number, kind) => {
    rig.reply(failed(subCode, number), done({}));
    expect((await gateway.refund(refund, never)).kind).toBe(kind);
  });

  test('that is refused because it was done before, and whose answer was lost, is done: its query tells', async () => {
    for (const subCode of ['ACQ.TRADE_HAS_CLOSE', 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', 'ACQ.DISCORDANT_REPEAT_REQUEST']) {
      rig.reply(failed(subCode), done({ out_request_no: refundNo, refund_status: 'REFUND_SUCCESS', refund_amount: '2.05' }));
      expect(await gateway.refund(refund, never)).toEqual({ kind: 'done' });
    }
    rig.reply(failed('ACQ.TRADE_HAS_CLOSE'), { status: 500 });
    expect(await gateway.refund(refund, never)).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    [{ out_request_no: refundNo, refund_status: 'REFUND_SUCCESS', refund_amount: '2.05' }, 'done'],
    [{ out_request_no: refundNo, refund_status: 'REFUND_SUCCESS', refund_amount: '12.05' }, 'unknown'],
    [{ out_request_no: tradeNo, refund_status: 'REFUND_SUCCESS', refund_amount: '2.05' }, 'unknown'],
    [{ out_request_no: refundNo, refund_status: 'REFUND_SUCCESS' }, 'unknown'],
    [{ out_request_no: refundNo, refund_status: 'REFUND_PROCESSING', refund_amount: '2.05' }, 'pending'],
    [{}, 'not_found'],
  ])('asked about, %j is %s', async (more, kind) => {
    rig.reply(done(more));
    expect((await gateway.queryRefund(refund, never)).kind).toBe(kind);
    expect(rig.asked()[0]?.content).toEqual({ out_trade_no: tradeNo, out_request_no: refundNo });
  });
});
