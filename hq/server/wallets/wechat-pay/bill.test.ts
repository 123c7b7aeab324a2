import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { billInWhole, linesInWhole } from '../testing/bill-in-whole.ts';
import { readBill } from './bill.ts';
import { createWeChatPay } from './gateway.ts';
import type { WeChatRig } from './wechat-rig.ts';
import { startWeChat } from './wechat-rig.ts';

/** 交易账单, as its documents have it: a backquote before each cell, sums at the end. */
const heading = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const row = (time: string, transactionId: string, tradeNo: string, state: string, amount: string, refundNo: string, refund: string, fee: string, name = '流量包') =>
  `\`${[time, 'wxd678efh567hg6787', '1900000109', '0', 'kiosk-001', transactionId, tradeNo, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'NATIVE', state, 'OTHERS', 'CNY', amount, '0.00', '0', refundNo, refund, '0.00', 'ORIGINAL', '', name, '', fee, '0.60%', amount, refund, ''].join(',`')}`;
const sums = ['总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额', '`3,`112.50,`2.50,`0.00,`0.06000,`112.50,`2.50'];
const text = `\uFEFF${[
  heading,
  row('2026-01-02 12:30:05', '4200001', 'a'.repeat(32), 'SUCCESS', '12.50', '0', '0.00', '0.08000', '流量包, 5GB'),
  row('2026-01-02 23:59:59', '4200001', 'a'.repeat(32), 'REFUND', '0.00', 'b'.repeat(32), '2.50', '-0.01500'),
  row('2026-01-02 13:00:00', '4200002', 'c'.repeat(32), 'REVOKED', '0.00', '0', '100.00', '0.00000'),
  ...sums,
].join('\r\n')}\r\n`;
const lines = [
  { kind: 'payment', tradeNo: 'a'.repeat(32), transactionId: '4200001', amount: money(1250, 'CNY'), fee: money(8, 'CNY'), at: Date.UTC(2026, 0, 2, 4, 30, 5) },
  // A fee of one and a half fen is no amount.
  { kind: 'refund', tradeNo: 'a'.repeat(32), refundNo: 'b'.repeat(32), transactionId: '4200001', amount: money(250, 'CNY'), at: Date.UTC(2026, 0, 2, 15, 59, 59) },
  { kind: 'refund', tradeNo: 'c'.repeat(32), transactionId: '4200002', amount: money(10_000, 'CNY'), fee: money(0, 'CNY'), at: Date.UTC(2026, 0, 2, 5, 0, 0) },
];
const never = new AbortController().signal;
const clock = { now: 0 };
let rig: WeChatRig;

beforeEach(async () => {
  clock.now = Date.UTC(2026, 5, 1);
  rig = await startWeChat(() => clock.now);
});
afterEach(() => rig.close());

const fetchDay = async (day = '2026-01-02') => billInWhole(await createWeChatPay({ config: rig.config, now: () => clock.now, timeoutMs: 10_000 }).bill(day, never));
const read = (bill: string) => linesInWhole(readBill([Buffer.from(bill)]));
const told = (more: object = {}) => ({ body: { hash_type: 'SHA1', hash_value: createHash('sha1').update(text).digest('hex'), download_url: `${rig.url}/v3/billdownload/file?token=6XIv5TUP`, ...more } });

test('a bill is asked for by its day, fetched zipped and signed for, and believed for its hash', async () => {
  rig.reply(told(), { body: gzipSync(text), spoil: 'unsigned' });
  expect(await fetchDay()).toEqual({ kind: 'lines', lines });
  expect(rig.heard.map(({ url }) => url)).toEqual(['/v3/bill/tradebill?bill_date=2026-01-02&bill_type=ALL&tar_type=GZIP', '/v3/billdownload/file?token=6XIv5TUP']);
});

test('one that came unzipped is read, too', async () => {
  rig.reply(told(), { body: text, spoil: 'unsigned' });
  expect(await fetchDay()).toMatchObject({ kind: 'lines' });
});

test.each([
  ['with another hash', () => told({ hash_value: '0'.repeat(40) }), { body: gzipSync(text) }],
  ['that lies elsewhere', () => told({ download_url: 'https://bills.example/file' }), { body: gzipSync(text) }],
  ['that is cut off', () => told(), { body: gzipSync(text).subarray(0, 60) }],
  ['that is gone', () => told(), { status: 404 }],
  ['of another hash than SHA-1', () => told({ hash_type: 'MD5' }), { body: gzipSync(text) }],
] as const)('one %s is unknown', async (_what, where, file) => {
  rig.reply(where(), file);
  expect(await fetchDay()).toMatchObject({ kind: 'unknown' });
});

test('a day that is not over is not asked for; one whose bill is being written is not there yet; one without sales is empty', async () => {
  clock.now = Date.UTC(2026, 0, 2, 15, 59, 59);
  expect(await fetchDay()).toEqual({ kind: 'not_yet' });
  expect(rig.heard).toEqual([]);
  rig.reply({ status: 400, body: { code: 'STATEMENT_CREATING', message: '' } });
  clock.now = Date.UTC(2026, 0, 4);
  expect(await fetchDay()).toEqual({ kind: 'not_yet' });
  rig.reply({ status: 400, body: { code: 'NO_STATEMENT_EXIST', message: '' } });
  expect(await fetchDay()).toEqual({ kind: 'lines', lines: [] });
  // The next morning it may only be late.
  clock.now = Date.UTC(2026, 0, 3, 1, 0, 0);
  expect(await fetchDay()).toEqual({ kind: 'not_yet' });
});

test.each([
  ['a line break', '流量包\r\n5GB'],
  ['what looks like the end of a cell', '流量包,`5GB'],
  ['both', '流量包\n,`,`总'],
  ['what looks like the heading of the sums', '流量包\n总交易单数'],
])("another shop's line whose goods' name holds %s is one line, and those after it are read", async (_what, name) => {
  const own = row('2026-01-02 23:00:00', '4200009', 'd'.repeat(32), 'SUCCESS', '1.00', '0', '0.00', '0.00000');
  const bill = [heading, row('2026-01-02 12:30:05', '4200008', 'other', 'SUCCESS', '12.50', '0', '0.00', '0.08000', name), own, ...sums].join('\r\n');
  expect(await read(bill)).toMatchObject({ kind: 'lines', lines: [{ tradeNo: 'other', amount: money(1250, 'CNY'), fee: money(8, 'CNY') }, { tradeNo: 'd'.repeat(32), amount: money(100, 'CNY') }] });
});

test.each([['SUCCESS', 1], ['FAIL', 0], ['PROCESSING', 0]] as const)('a refund that its book calls %s is so many lines: %i', async (standing, count) => {
  const of = (state: string, refundNo: string) => row('2026-01-02 23:00:00', '4200009', 'd'.repeat(32), state, '1.00', refundNo, '1.00', '0.00000').replace('`ORIGINAL,`', `\`ORIGINAL,\`${standing}`);
  const payment = row('2026-01-02 22:00:00', '4200010', 'e'.repeat(32), 'SUCCESS', '1.00', '0', '0.00', '0.00000');
  // The last row, too, which is read when the sums have come.
  for (const rows of [[of('REFUND', 'f'.repeat(32)), payment], [payment, of('REFUND', 'f'.repeat(32))], [payment, of('REVOKED', '0')]]) {
    const answer = await read([heading, ...rows, ...sums].join('\r\n'));
    expect(answer).toMatchObject({ kind: 'lines' });
    const kinds = answer.kind === 'lines' ? answer.lines.map(({ kind }) => kind).toSorted() : [];
    expect(kinds).toEqual(count === 1 ? ['payment', 'refund'] : ['payment']);
  }
});

test.each([
  ['an amount of half a fen', text.replaceAll('12.50,', '12.505,')],
  ['a state that is not known', text.replace('REVOKED', 'SOMETHING')],
  ['another currency', text.replace('`CNY', '`HKD')],
  ['a moment that there was not', text.replace('2026-01-02 12:30:05', '2026-02-31 12:30:05')],
  ['no sums at its end: it was cut off', text.split('\r\n').slice(0, 3).join('\r\n')],
  ['another heading', text.replace('商户订单号', 'x')],
  ['nothing in it', ''],
])('a bill with %s is unknown as a whole', async (_what, changed) => {
  expect(await read(changed)).toMatchObject({ kind: 'unknown' });
});

test('however a bill is cut into chunks, the same lines are read; cut short anywhere it is unknown as a whole', async () => {
  const bytes = Buffer.from(text);
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
    const places = [0, ...cuts.toSorted((left, right) => left - right), bytes.length];
    expect(await linesInWhole(readBill(places.slice(1).map((to, index) => bytes.subarray(places[index], to))))).toEqual({ kind: 'lines', lines });
  }), { numRuns: 200 });
  // The sums themselves are not read: what is cut off behind their first cell is nobody's money.
  const sumsAt = text.lastIndexOf('`3,');
  await fc.assert(fc.asyncProperty(fc.nat(sumsAt), async (end) => {
    expect(await read(text.slice(0, end))).toMatchObject({ kind: 'unknown' });
  }), { numRuns: 200 });
});

test('a text without an end of line is not gathered for ever', async () => {
  let given = 0;
  function* endless() {
    for (;; given += 1) yield Buffer.alloc(64 * 1024, '`');
  }
  expect(await linesInWhole(readBill(endless()))).toMatchObject({ kind: 'unknown' });
  expect(given).toBeLessThan(4);
});
