import { z } from 'zod';
import { money } from '../../../../domain/money.ts';
import { linesOf } from '../adapter/bill-text.ts';
import { billIsDue, readChinaTime } from '../adapter/china-time.ts';
import { csvCells, fitCells } from '../adapter/csv.ts';
import { limited, noAnswer, unknown } from '../adapter/unknown.ts';
import { readYuan } from '../adapter/yuan.ts';
import type { BillLine, BillPiece, GatewayUnknown, WalletGateway } from '../gateway.ts';
import { saidUnknown } from './answers.ts';
import type { Call } from './call.ts';
import type { ZipEntry } from './unzip.ts';
import { contentOf, readEntries } from './unzip.ts';

type Bill = Awaited<ReturnType<WalletGateway['bill']>>;

const whereSchema = z.object({ bill_download_url: z.url({ protocol: /^https?$/ }) });
const maxArchiveBytes = 64 * 1024 * 1024;
const maxFileBytes = 256 * 1024 * 1024;

export interface BillDeps {
  readonly call: Call;
  readonly gateway: URL;
  readonly timeoutMs: number;
}

/** alipay.data.dataservice.bill.downloadurl.query: where it lies, signed and for a few seconds; then a zip of CSVs in GBK. */
export async function fetchBill({ call, gateway, timeoutMs }: BillDeps, day: string, now: number, signal: AbortSignal): Promise<Bill> {
  const due = billIsDue(day, now);
  if (due === 'too_soon') return { kind: 'not_yet' };
  const answer = await call('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: day }, signal);
  if (answer.kind === 'unknown') return answer;
  if (answer.code !== '10000') {
    // Said of a day without sales, and of one whose bill is not written yet.
    if (/bill[_-]not[_-]exist/i.test(answer.subCode)) return due === 'maybe' ? { kind: 'not_yet' } : { kind: 'lines', pieces: [] };
    return saidUnknown(answer);
  }
  const { data: where } = whereSchema.safeParse(answer.body);
  if (!where) return unknown('the gateway does not tell where the bill lies');
  const url = new URL(where.bill_download_url);
  if (url.protocol !== 'https:' && !(gateway.protocol === 'http:' && url.hostname === gateway.hostname)) return unknown('the bill is said to lie at an address that is not https');
  const file = await download(url, signal, timeoutMs);
  if (!Buffer.isBuffer(file)) return file;
  const entries = readEntries(file, maxFileBytes);
  if (!entries) return unknown('the bill is no zip archive, or was cut off');
  const details: ZipEntry[] = [];
  for (const entry of entries) if (detailHeading.test(await headOf(entry))) details.push(entry);
  const [only, second] = details;
  return only !== undefined && second === undefined ? { kind: 'lines', pieces: readBill(linesOf(contentOf(only), 'gbk')) } : unknown('the archive does not hold one list of payments');
}

/** The list says what it is within its first lines. */
async function headOf(entry: ZipEntry): Promise<string> {
  const decoder = new TextDecoder('gbk');
  try {
    for await (const chunk of contentOf(entry)) return decoder.decode(chunk);
  } catch {
    // A file that cannot be opened is no list.
  }
  return '';
}

const detailHeading = /^"?支付宝交易号"?\s*,\s*"?商户订单号"?\s*,\s*"?业务类型/m;

async function download(url: URL, signal: AbortSignal, timeoutMs: number): Promise<Buffer | GatewayUnknown> {
  try {
    const response = await fetch(url, { signal: limited(signal, timeoutMs * 3), redirect: 'error' });
    if (response.status !== 200 || !response.body) return unknown(`the bill could not be fetched: ${response.status}`, { isAway: response.status >= 500 });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      length += chunk.length;
      if (length > maxArchiveBytes) return unknown('the bill is larger than any bill');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    return noAnswer(error, signal);
  }
}

/** 业务明细: lines that begin with # around a heading and the list. A line that cannot be read makes the whole bill unknown. */
export async function* readBill(texts: AsyncIterable<readonly string[]> | Iterable<readonly string[]>): AsyncGenerator<BillPiece> {
  let names: readonly string[] | undefined;
  // The list's own end: without it the file was cut off, and what is missing would look like money that never came.
  let isEnded = false;
  try {
    for await (const rows of texts) {
      const lines: BillLine[] = [];
      for (const row of rows) {
        // To the file's own end all the same: only there is it known to be the one that was zipped.
        if (isEnded || row.trim() === '') continue;
        if (!names) {
          if (detailHeading.test(row)) names = csvCells(row).map((name) => name.replace(/（元）|\(元\)/g, ''));
        } else if (row.startsWith('#')) isEnded = true;
        else {
          const line = readRow(row, names);
          if (!line) return yield unknown('a line of the bill cannot be read');
          lines.push(line);
        }
      }
      if (lines.length > 0) yield lines;
    }
  } catch {
    return yield unknown('the bill is no zip archive, or was cut off');
  }
  if (!isEnded) yield unknown('the bill is none, or was cut off');
}

function readRow(row: string, names: readonly string[]): BillLine | undefined {
  const cells = fitCells(csvCells(row), names, '商品名称');
  return readLine((name) => cells[names.indexOf(name)] ?? '');
}

function readLine(cell: (name: string) => string): BillLine | undefined {
  const kind = cell('业务类型') === '交易' ? 'payment' : cell('业务类型') === '退款' ? 'refund' : undefined;
  const [amount, fee, at] = [readYuan(cell('订单金额')), readYuan(cell('服务费')), readChinaTime(cell('完成时间') || cell('创建时间'))];
  const [tradeNo, transactionId, refundNo] = [cell('商户订单号'), cell('支付宝交易号'), cell('退款批次号/请求号')];
  if (!kind || !amount || at === undefined || tradeNo === '' || (kind === 'payment') !== amount.amount >= 0) return undefined;
  return {
    kind, tradeNo, transactionId, amount: money(Math.abs(amount.amount), 'CNY'), at,
    // What it keeps stands as a minus in the merchant's list.
    ...(fee ? { fee: money(-fee.amount, 'CNY') } : {}), ...(kind === 'refund' && refundNo !== '' ? { refundNo } : {}),
  };
}
