import { crc32, inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKeys } from '../keys.ts';
import type { AlipayAnswer, MerchantRig } from '../merchant-rig.ts';
import { createMerchantRig } from '../merchant-rig.ts';

const keys = makeKeys();
let rig: MerchantRig;
beforeEach(async () => {
  rig = await createMerchantRig(keys);
});
afterEach(() => rig.close());

const tradeNo = '0192f0c8a1b27c3d8e4f5a6b7c8d9e0f';
const show = (more: object = {}) => rig.alipay('alipay.trade.precreate', { out_trade_no: tradeNo, total_amount: '50.00', subject: '话费充值 50 元', timeout_express: '2m', ...more });
const charge = (code: string, more: object = {}) => rig.alipay('alipay.trade.pay', { out_trade_no: tradeNo, total_amount: '50.00', subject: '话费充值 50 元', scene: 'bar_code', auth_code: code, ...more });
const act = (method: string, more: object = {}) => rig.alipay(`alipay.trade.${method}`, { out_trade_no: tradeNo, ...more });
const refund = (number: string, yuan: string) => act('refund', { out_request_no: number, refund_amount: yuan, refund_reason: 'not delivered' });
const digits = (options: object = {}) => rig.gateways.phone.showCode('alipay', options).digits;
const key = { wallet: 'alipay', tradeNo } as const;
const sub = ({ body }: AlipayAnswer) => [body['code'], body['sub_code']];
const readIt = async () => rig.gateways.phone.read((await show()).body['qr_code'] ?? '');

describe('what the merchant sends', () => {
  test.each([
    ['a changed amount', { after: { biz_content: '{"out_trade_no":"x12345","total_amount":"0.01","subject":"x"}' } }, ['40002', 'isv.invalid-signature']],
    ['a changed common parameter', { after: { notify_url: 'http://127.0.0.1:9/' } }, ['40002', 'isv.invalid-signature']],
    ['a parameter that was not signed', { after: { app_auth_token: 'x' } }, ['40002', 'isv.invalid-signature']],
    ['the old RSA', { parameters: { sign_type: 'RSA' } }, ['40002', 'isv.invalid-signature']],
    ['another application', { parameters: { app_id: '2021000000000000' } }, ['40002', 'isv.invalid-app-id']],
    ['no timestamp', { parameters: { timestamp: '' } }, ['40001', 'isv.missing-timestamp']],
    ['another form of timestamp', { parameters: { timestamp: '2026-11-23T10:00:00Z' } }, ['40002', 'isv.invalid-timestamp']],
  ])('is refused for %s, and does nothing', async (_title, change, expected) => {
    const answer = await rig.alipay('alipay.trade.precreate', { out_trade_no: tradeNo, total_amount: '50.00', subject: 'x' }, change);
    expect([answer.name, ...sub(answer)]).toEqual(['error_response', ...expected]);
    expect(rig.gateways.books.trades()).toEqual([]);
  });

  test('is refused for a method that does not exist, and for amounts that are none', async () => {
    expect(sub(await rig.alipay('alipay.trade.guess', {}))).toEqual(['40002', 'isv.invalid-method']);
    for (const total_amount of ['0', '0.001', '-1', '1e3', '5,00', '100000000.01']) expect(sub(await show({ total_amount }))).toEqual(['40004', 'ACQ.INVALID_PARAMETER']);
    for (const subject of ['a/b', 'a=b', 'a&b', '']) expect(sub(await show({ subject }))).toEqual(['40004', 'ACQ.INVALID_PARAMETER']);
    expect(rig.gateways.books.trades()).toEqual([]);
  });
});

describe('a code that the merchant shows', () => {
  test('is no trade before a phone has read it: no query, no close, no refund', async () => {
    expect(await show()).toMatchObject({ name: 'alipay_trade_precreate_response', isSigned: true, body: { code: '10000', out_trade_no: tradeNo } });
    expect(sub(await act('query'))).toEqual(['40004', 'ACQ.TRADE_NOT_EXIST']);
    expect(sub(await act('close'))).toEqual(['40004', 'ACQ.TRADE_NOT_EXIST']);
    expect(sub(await refund('r1', '1.00'))).toEqual(['40004', 'ACQ.TRADE_NOT_EXIST']);
    expect(await readIt()).toMatchObject({ ok: true });
    expect(await act('query')).toMatchObject({ isSigned: true, body: { code: '10000', trade_status: 'WAIT_BUYER_PAY', total_amount: '50.00' } });
  });

  test('is paid, and told by a signed form', async () => {
    await readIt();
    const { trade_no: number } = (await act('query')).body;
    await rig.gateways.phone.pay(key);
    expect((await act('query')).body).toMatchObject({ trade_status: 'TRADE_SUCCESS', trade_no: number, buyer_pay_amount: '50.00', send_pay_date: '2026-11-23 10:00:00' });
    expect((await rig.alipay('alipay.trade.query', { trade_no: number })).body).toMatchObject({ out_trade_no: tradeNo, trade_status: 'TRADE_SUCCESS' });
    await rig.gateways.quiet();
    expect(rig.notified).toEqual([expect.objectContaining({ isSigned: true, event: 'TRADE_SUCCESS', content: expect.objectContaining({ out_trade_no: tradeNo, trade_no: number, total_amount: '50.00', app_id: keys.alipay.appId, seller_id: keys.alipay.sellerId }) })]);
  });

  test('is worth nothing after a cancel, whether a phone has read it or not', async () => {
    const { qr_code: code = '' } = (await show()).body;
    const cancelled = await act('cancel');
    expect(cancelled.body).toEqual({ code: '10000', msg: 'Success', out_trade_no: tradeNo, retry_flag: 'N' });
    expect(rig.gateways.phone.read(code)).toMatchObject({ ok: true, trade: { state: 'revoked' } });
    expect(await rig.gateways.phone.pay(key)).toEqual({ ok: false, why: 'ended' });
    expect(sub(await show())).toEqual(['40004', 'ACQ.TRADE_HAS_CLOSE']);
    expect((await rig.alipay('alipay.trade.cancel', { out_trade_no: 'never_heard_of' })).body).toMatchObject({ code: '10000', retry_flag: 'N' });
  });

  test('is closed by the merchant while it waits, and not when it is paid', async () => {
    await readIt();
    expect((await act('close')).body).toMatchObject({ code: '10000', out_trade_no: tradeNo });
    expect((await act('query')).body['trade_status']).toBe('TRADE_CLOSED');
    expect(sub(await act('close'))).toEqual(['40004', 'ACQ.TRADE_STATUS_ERROR']);
    const other = { wallet: 'alipay', tradeNo: 'other_1' } as const;
    await show({ out_trade_no: 'other_1' });
    await rig.gateways.phone.pay(other);
    expect(sub(await rig.alipay('alipay.trade.close', { out_trade_no: 'other_1' }))).toEqual(['40004', 'ACQ.TRADE_STATUS_ERROR']);
  });

  test('closes by itself when its time is over: timeout_express, or time_expire', async () => {
    await readIt();
    rig.clock.now += 119_999;
    expect((await act('query')).body['trade_status']).toBe('WAIT_BUYER_PAY');
    rig.clock.now += 1;
    expect((await act('query')).body['trade_status']).toBe('TRADE_CLOSED');
    expect(await rig.gateways.phone.pay(key)).toMatchObject({ ok: false });
    await show({ out_trade_no: 'other_1', timeout_express: undefined, time_expire: '2026-11-23 10:03:00' });
    rig.clock.now = Date.parse('2026-11-23T10:03:00+08:00');
    expect(await rig.gateways.phone.pay({ wallet: 'alipay', tradeNo: 'other_1' })).toEqual({ ok: false, why: 'expired' });
    expect(sub(await show({ out_trade_no: 'other_2', time_expire: '2026-11-23 10:02:59' }))).toEqual(['40004', 'ACQ.INVALID_PARAMETER']);
  });

  test('is the same code again, and refused with another amount', async () => {
    const first = await show();
    expect((await show()).body).toEqual(first.body);
    expect(sub(await show({ total_amount: '50.01' }))).toEqual(['40004', 'ACQ.CONTEXT_INCONSISTENT']);
    await rig.gateways.phone.pay(key);
    expect(sub(await show())).toEqual(['40004', 'ACQ.TRADE_HAS_SUCCESS']);
  });
});

describe("a payment code of the customer's phone", () => {
  test('is charged once', async () => {
    const code = digits();
    expect(code).toMatch(/^(2[5-9]|30)\d{14,22}$/);
    expect(await charge(code)).toMatchObject({ name: 'alipay_trade_pay_response', isSigned: true, body: { code: '10000', total_amount: '50.00', out_trade_no: tradeNo } });
    expect(sub(await charge(code))).toEqual(['40004', 'ACQ.TRADE_HAS_SUCCESS']);
    expect(sub(await charge(code, { out_trade_no: 'other_1' }))).toEqual(['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID']);
    expect(sub(await rig.alipay('alipay.trade.query', { out_trade_no: 'other_1' }))).toEqual(['40004', 'ACQ.TRADE_NOT_EXIST']);
    expect(rig.gateways.books.totals('alipay').paidFen).toBe(5000);
  });

  test('waits with 10003 for its customer, and is cancelled with and without money', async () => {
    expect((await charge(digits({ needsPassword: true }))).body).toMatchObject({ code: '10003', out_trade_no: tradeNo });
    expect((await act('query')).body['trade_status']).toBe('WAIT_BUYER_PAY');
    expect((await act('cancel')).body).toMatchObject({ code: '10000', action: 'close', retry_flag: 'N' });
    expect((await act('query')).body['trade_status']).toBe('TRADE_CLOSED');
    await charge(digits(), { out_trade_no: 'other_1' });
    const cancel = () => rig.alipay('alipay.trade.cancel', { out_trade_no: 'other_1' });
    expect((await cancel()).body).toMatchObject({ code: '10000', action: 'refund' });
    expect((await cancel()).body).toMatchObject({ code: '10000', action: 'refund' });
    expect(rig.gateways.books.totals('alipay')).toMatchObject({ paidFen: 5000, refundedFen: 5000, refundedCount: 1 });
  });

  test('is refused without money behind it, and when it is too old', async () => {
    expect(sub(await charge(digits({ balanceFen: 4999 })))).toEqual(['40004', 'ACQ.BUYER_BALANCE_NOT_ENOUGH']);
    const old = digits({ validMs: 1000 });
    rig.clock.now += 1001;
    expect(sub(await charge(old, { out_trade_no: 'other_1' }))).toEqual(['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID']);
  });

  test('may be cancelled for a day, and refunded after that', async () => {
    await charge(digits());
    rig.clock.now += 86_400_001;
    expect(sub(await act('cancel'))).toEqual(['40004', 'ACQ.TRADE_CANCEL_TIME_OUT']);
    expect((await refund('r1', '50.00')).body['fund_change']).toBe('Y');
  });
});

describe('refunds', () => {
  beforeEach(() => charge(digits()));

  test('are once for each number, with the sum so far, and never more than was paid', async () => {
    expect((await refund('r1', '20.00')).body).toMatchObject({ code: '10000', fund_change: 'Y', refund_fee: '20.00' });
    expect((await refund('r1', '20.00')).body).toMatchObject({ code: '10000', fund_change: 'N', refund_fee: '20.00' });
    expect(sub(await refund('r1', '20.01'))).toEqual(['40004', 'ACQ.DISCORDANT_REPEAT_REQUEST']);
    expect(sub(await refund('r2', '30.01'))).toEqual(['40004', 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL']);
    expect((await act('query')).body['trade_status']).toBe('TRADE_SUCCESS');
    expect((await refund('r2', '30.00')).body).toMatchObject({ fund_change: 'Y', refund_fee: '50.00' });
    expect((await act('query')).body['trade_status']).toBe('TRADE_CLOSED');
    expect(sub(await refund('r3', '0.01'))).toEqual(['40004', 'ACQ.TRADE_STATUS_ERROR']);
    expect(rig.gateways.books.totals('alipay').netFen).toBe(0);
  });

  test('are asked for by their number: no refund_status where there is none', async () => {
    const ask = (number: string) => act('fastpay.refund.query', { out_request_no: number });
    expect((await ask('r1')).body).toEqual({ code: '10000', msg: 'Success' });
    await refund('r1', '20.00');
    expect((await ask('r1')).body).toMatchObject({ refund_status: 'REFUND_SUCCESS', refund_amount: '20.00', total_amount: '50.00' });
  });
});

test('20000 says nothing about whether it was done, and a query finds out', async () => {
  rig.gateways.script.add({ on: 'charge', faults: [{ kind: 'system_error', acted: true }] });
  expect(await charge(digits())).toMatchObject({ isSigned: true, body: { code: '20000', sub_code: 'isp.unknow-error' } });
  expect((await act('query')).body['trade_status']).toBe('TRADE_SUCCESS');
});

test('the bill of a day is a ZIP with CSV in GBK, from the next day on, for half a minute', async () => {
  const bill = () => rig.alipay('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: '2026-11-23' });
  await charge(digits());
  await refund('r1', '20.00');
  expect(sub(await bill())).toEqual(['40004', 'isp.bill_not_exist']);
  rig.clock.now += 86_400_000;
  const { bill_download_url: url = '' } = (await bill()).body;
  const files = unzip(Buffer.from(await (await fetch(url)).arrayBuffer()));
  expect([...files.keys()]).toEqual([`${keys.alipay.sellerId}0156_20261123_业务明细.csv`, `${keys.alipay.sellerId}0156_20261123_业务明细(汇总).csv`]);
  const text = [...files.values()][0] ?? '';
  const rows = text.split('\r\n').filter((row) => row !== '' && !row.startsWith('#')).map((row) => row.split(',').map((cell) => cell.trim()));
  const columns = rows[0] ?? [];
  const cell = (row: number, name: string) => rows[row]?.[columns.indexOf(name)];
  expect([cell(1, '业务类型'), cell(1, '商户订单号'), cell(1, '商品名称'), cell(1, '订单金额（元）'), cell(1, '服务费（元）')]).toEqual(['交易', tradeNo, '话费充值 50 元', '50.00', '-0.30']);
  expect([cell(2, '业务类型'), cell(2, '退款批次号/请求号'), cell(2, '订单金额（元）')]).toEqual(['退款', 'r1', '-20.00']);
  expect(text).toContain('#交易合计：1笔，商家实收共50.00元');
  rig.clock.now += 30_001;
  expect((await fetch(url)).status).toBe(403);
});

/** Reads a ZIP by its directory at the end, as other programs do, and checks its sums. */
function unzip(archive: Buffer): Map<string, string> {
  const gbk = new TextDecoder('gbk', { fatal: true });
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [sum, packed, size, nameLength] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24), archive.readUInt16LE(at + 28)];
    const local = archive.readUInt32LE(at + 42);
    const name = archive.subarray(at + 46, at + 46 + nameLength);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    expect(archive.subarray(local + 30, local + 30 + archive.readUInt16LE(local + 26))).toEqual(name);
    const content = inflateRawSync(archive.subarray(local + 30 + nameLength, local + 30 + nameLength + packed));
    expect([crc32(content), content.length]).toEqual([sum, size]);
    files.set(gbk.decode(name), gbk.decode(content));
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  return files;
}
