import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { money } from '../../../../domain/money.ts';
import { vector } from '../adapter/vectors.fixture.ts';
import type { AlipayRig } from './alipay-rig.ts';
import { startAlipay } from './alipay-rig.ts';
import { billInWhole, linesInWhole } from '../testing/bill-in-whole.ts';
import { readBill } from './bill.ts';
import { createAlipay } from './gateway.ts';
import type { ZipEntry } from './unzip.ts';
import { contentOf, readEntries } from './unzip.ts';

const never = new AbortController().signal;
const archive = vector('alipay-bill.zip');
const lines = [
  { kind: 'payment', tradeNo: 'a'.repeat(32), transactionId: '2026010222001400001', amount: money(1205, 'CNY'), fee: money(7, 'CNY'), at: Date.UTC(2026, 0, 2, 4, 30, 5) },
  { kind: 'refund', tradeNo: 'a'.repeat(32), refundNo: 'b'.repeat(32), transactionId: '2026010222001400001', amount: money(205, 'CNY'), fee: money(-1, 'CNY'), at: Date.UTC(2026, 0, 2, 15, 59, 59) },
];
/** Undefined where the archive is none; a file that is not what its checksum says is `undefined` in it. */
async function unzip(bytes: Buffer, maxBytes: number): Promise<(Buffer | undefined)[] | undefined> {
  const entries = readEntries(bytes, maxBytes);
  return entries && Promise.all(entries.map((entry) => inWhole(entry).catch(() => undefined)));
}
async function inWhole(entry: ZipEntry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of contentOf(entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const whole = await unzip(archive, 1_000_000) ?? [];
const files = whole.map((bytes) => new TextDecoder('gbk').decode(bytes));
const details = files[1] ?? '';
const read = (bill: string) => linesInWhole(readBill([bill.split(/\r?\n/)]));

let rig: AlipayRig;
beforeEach(async () => { rig = await startAlipay(); });
afterEach(() => rig.close());

const fetchDay = async (day = '2026-01-02', now = Date.UTC(2026, 10, 23)) => billInWhole(await createAlipay({ config: rig.config, now: () => now, timeoutMs: 10_000 }).bill(day, never));
const where = (url = `${rig.url}/download?id=1`) => ({ content: { code: '10000', msg: 'Success', bill_download_url: url } });

describe('a bill of Alipay', () => {
  test('is asked for by its day, fetched, unzipped and read from GBK', async () => {
    rig.reply(where(), { file: archive });
    expect(await fetchDay()).toEqual({ kind: 'lines', lines });
    expect(rig.asked()[0]).toMatchObject({ method: 'alipay.data.dataservice.bill.downloadurl.query', content: { bill_type: 'trade', bill_date: '2026-01-02' } });
  });

  test('of a day that is not over is not asked for; one that is not there is not written yet, or empty', async () => {
    const noBill = { content: { code: '40004', msg: 'Business Failed', sub_code: 'isp.bill_not_exist', sub_msg: '' } };
    rig.reply(noBill);
    expect(await fetchDay('2026-01-02', Date.UTC(2026, 0, 2, 15, 59, 59))).toEqual({ kind: 'not_yet' });
    expect(rig.heard).toEqual([]);
    expect(await fetchDay('2026-01-02', Date.UTC(2026, 0, 3, 0, 0, 0))).toEqual({ kind: 'not_yet' });
    expect(await fetchDay('2026-01-02', Date.UTC(2026, 0, 3, 3, 0, 0))).toEqual({ kind: 'lines', lines: [] });
  });

  test.each([
    ['that lies at an address over a plain line', () => where('http://bills.example/1'), { file: archive }],
    ['that is no archive', () => where(), { file: Buffer.from('<html>') }],
    ['that is cut off', () => where(), { file: archive.subarray(0, -1) }],
    ['that is gone', () => where(), { status: 404, raw: '' }],
    ['that does not come', () => where(), { instead: 'cut' }],
    ['without an address', () => ({ content: { code: '10000', msg: 'Success' } }), { file: archive }],
  ] as const)('one %s is unknown', async (_what, answer, file) => {
    rig.reply(answer(), file);
    expect(await fetchDay()).toMatchObject({ kind: 'unknown' });
  });

  test("another shop's line whose goods' name holds a comma is read, too", async () => {
    expect(details).toContain('流量包');
    expect(await read(details.replaceAll('流量包', '流量包,5GB,'))).toEqual({ kind: 'lines', lines });
  });

  test.each([
    ['an amount of half a fen', details.replace('12.05,12.05', '12.055,12.05')],
    ['a kind of line that is not known', details.replace('退款,', '其他,')],
    ['a refund that is a plus', details.replace('-2.05,', '2.05,')],
    ['a moment that there was not', details.replaceAll('2026-01-02 12:30:05', '2026-01-02 25:30:05')],
    ['no end: it was cut off', details.slice(0, details.indexOf('#-----------------------------------------业务明细列表结束'))],
    ['nothing in it', ''],
    ['sums alone', files[0] ?? ''],
  ])('with %s is unknown as a whole', async (_what, changed) => {
    expect(await read(changed)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a zip archive', () => {
  test('that another program has made is opened; a comment at its end does not matter', async () => {
    expect(files).toHaveLength(2);
    const comment = Buffer.concat([archive, Buffer.from('comment')]);
    comment.writeUInt16LE(7, archive.length - 2);
    expect(await unzip(comment, 1_000_000)).toEqual(whole);
  });

  test('with a file that is larger than it may be is not opened; one that lies about it is no file', async () => {
    expect(await unzip(archive, 100)).toBeUndefined();
    const lying = Buffer.from(archive);
    const central = lying.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    lying.writeUInt32LE(10, central + 24);
    expect(await unzip(lying, 1_000_000)).toEqual([undefined, whole[1]]);
  });

  test('that was changed anywhere never throws, and its files are never other ones', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ change;
      const opened = await unzip(changed, 1_000_000) ?? [];
      expect(opened.every((file) => file === undefined || whole.some((one) => one?.equals(file)))).toBe(true);
    }), { numRuns: 2000 });
  });

  test('whose list of payments was changed gives no book', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ change;
      rig.reply(where(), { file: changed });
      const bill = await fetchDay();
      // What is not the list itself (names, times of files, the file of the sums) may be another.
      expect(bill.kind === 'unknown' || isDeepStrictEqual(bill, { kind: 'lines', lines })).toBe(true);
    }), { numRuns: 100 });
  });
});
