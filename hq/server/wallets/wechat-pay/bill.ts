import { createHash } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import { money } from '../../../../domain/money.ts';
import { chunkBytes, linesOf, longestLine, noMoreThan, slicesOf } from '../adapter/bill-text.ts';
import { billIsDue, readChinaTime } from '../adapter/china-time.ts';
import { fitCells } from '../adapter/csv.ts';
import { unknown } from '../adapter/unknown.ts';
import { readYuan } from '../adapter/yuan.ts';
import type { BillLine, BillPiece, WalletGateway } from '../gateway.ts';
import { billAnswerSchema, faultUnknown, plain } from './answers.ts';
import type { Caller } from './call.ts';

type Bill = Awaited<ReturnType<WalletGateway['bill']>>;

/** 申请交易账单: where it lies and its hash, signed; then the file, which is believed for its hash alone (SHA-1 over what was zipped; more it does not offer). */
export async function fetchBill({ call, download }: Caller, day: string, now: number, signal: AbortSignal): Promise<Bill> {
  const due = billIsDue(day, now);
  if (due === 'too_soon') return { kind: 'not_yet' };
  const answer = await call('get', `v3/bill/tradebill?bill_date=${encodeURIComponent(day)}&bill_type=ALL&tar_type=GZIP`, undefined, signal);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'fault') {
    if (plain(answer.code) === 'STATEMENTCREATING') return { kind: 'not_yet' };
    // Said of a day without sales, and of one whose bill is not written yet.
    if (plain(answer.code) === 'NOSTATEMENTEXIST') return due === 'maybe' ? { kind: 'not_yet' } : { kind: 'lines', pieces: [] };
    return faultUnknown(answer);
  }
  const { data: where } = billAnswerSchema.safeParse(answer.body);
  if (!where) return unknown('the gateway does not tell where the bill lies');
  const file = await download(where.download_url, signal);
  if (file.kind === 'unknown') return file;
  return { kind: 'lines', pieces: readFile(file.bytes, where.hash_value.toLowerCase()) };
}

const gzipMagic = Buffer.from([0x1f, 0x8b]);
const maxTextBytes = 512 * 1024 * 1024;

/** The hash stands at the end, as the sums do: whoever takes pieces keeps none of them before the last. */
async function* readFile(bytes: Buffer, hash: string): AsyncGenerator<BillPiece> {
  const sum = createHash('sha1');
  async function* summed() {
    for await (const chunk of unzipped(bytes)) {
      sum.update(chunk);
      yield chunk;
    }
  }
  yield* readBill(summed());
  if (sum.digest('hex') !== hash) yield unknown('the bill is not the one that the gateway has told of: its hash is another');
}

/** In threads of the runtime's own, a chunk at a time. */
function unzipped(bytes: Buffer): AsyncIterable<Buffer> | Iterable<Buffer> {
  if (!bytes.subarray(0, 2).equals(gzipMagic)) return slicesOf(bytes);
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  gunzip.end(bytes);
  return noMoreThan(gunzip, maxTextBytes);
}

const sumsHeading = '总交易单数';

/**
 * 交易账单: a heading, lines whose cells begin with a backquote, a heading of sums, and the sums. The name of another shop's goods may hold a line break, or what parts
 * the cells. A line that cannot be read makes the whole bill unknown.
 */
export async function* readBill(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<BillPiece> {
  let names: readonly string[] | undefined;
  const rows = gatherRows();
  try {
    for await (const texts of linesOf(chunks, 'utf-8')) {
      const lines: BillLine[] = [];
      for (const text of texts) {
        if (text === '') continue;
        if (!names) names = text.split(',').map((name) => name.trim());
        else {
          for (const row of rows.take(text)) {
            const line = readRow(row, names);
            if (!line) return yield unknown('a line of the bill cannot be read');
            if (line !== 'none') lines.push(line);
          }
        }
      }
      if (lines.length > 0) yield lines;
    }
  } catch {
    return yield unknown('the bill is none, or was cut off');
  }
  const { isWhole, row } = rows.end();
  if (!names?.includes('商户订单号') || !isWhole) return yield unknown('the bill is none, or was cut off');
  if (row === undefined) return;
  const line = readRow(row, names);
  if (!line) yield unknown('a line of the bill cannot be read');
  else if (line !== 'none') yield [line];
}

/**
 * Puts together what a line break has parted. Two lines that look like the sums are the sums only where nothing comes after them: else they are goods' names, and the
 * lines after them count.
 */
function gatherRows() {
  let row: string | undefined;
  let sums: readonly string[] = [];
  const add = (text: string) => {
    row = row === undefined ? text : `${row} ${text}`;
    if (row.length > longestLine) throw new Error('a line of it is longer than any line');
  };
  return {
    /** Rows that are whole now: none, one or two. */
    take(text: string): readonly string[] {
      const [heading] = sums;
      if (heading !== undefined && sums.length === 1 && text.startsWith('`')) {
        sums = [heading, text];
        return [];
      }
      const whole: string[] = [];
      const begin = (next: string) => {
        if (row !== undefined) whole.push(row);
        row = next;
      };
      const [, second] = sums;
      if (heading !== undefined) add(heading);
      if (second !== undefined) begin(second);
      sums = [];
      if (text.startsWith(sumsHeading)) sums = [text];
      else if (text.startsWith('`')) begin(text);
      else add(text);
      return whole;
    },
    end: () => ({ isWhole: sums.length === 2, row }),
  };
}

/** Undefined: it cannot be read. `none`: no money has moved by it. */
function readRow(row: string, names: readonly string[]): BillLine | 'none' | undefined {
  const cells = fitCells(row.slice(1).split(',`'), names, '商品名称');
  return readLine((name) => cells[names.indexOf(name)]?.trim() ?? '');
}

/**
 * REVOKED is a payment that was reversed (撤销): it stands under the payment's own number. 退款状态 is SUCCESS of what has gone back; FAIL and PROCESSING, by WeChat Pay's own page, of what has
 * not: its book holds no refund by that line.
 */
function readLine(cell: (name: string) => string): BillLine | 'none' | undefined {
  const state = cell('交易状态');
  const isPayment = state === 'SUCCESS';
  if (!isPayment && state !== 'REFUND' && state !== 'REVOKED') return undefined;
  const amountText = isPayment ? cell('订单金额') || cell('总金额') || cell('应结订单金额') : cell('申请退款金额') || cell('退款金额');
  const [amount, at] = [readYuan(amountText), readChinaTime(cell('交易时间'))];
  const [tradeNo, transactionId, refundNo] = [cell('商户订单号'), cell('微信订单号'), cell('商户退款单号')];
  if (!amount || amount.amount < 0 || at === undefined || tradeNo === '' || cell('货币种类') !== 'CNY') return undefined;
  if (!isPayment && !['', 'SUCCESS'].includes(cell('退款状态'))) return 'none';
  // In hundred-thousandths of a yuan: what is no whole fen is left off, and never rounded.
  const fee = readYuan(cell('手续费'));
  return {
    kind: isPayment ? 'payment' : 'refund', tradeNo, transactionId, amount: money(amount.amount, 'CNY'), at,
    ...(fee ? { fee } : {}), ...(!isPayment && refundNo !== '' && refundNo !== '0' ? { refundNo } : {}),
  };
}
