import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { money } from '../../../../domain/money.ts';
import { billIsDue, readChinaTime } from '../adapter/china-time.ts';
import { fitCells } from '../adapter/csv.ts';
import { unknown } from '../adapter/unknown.ts';
import { readYuan } from '../adapter/yuan.ts';
import type { BillLine, WalletGateway } from '../gateway.ts';
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
    if (plain(answer.code) === 'NOSTATEMENTEXIST') return due === 'maybe' ? { kind: 'not_yet' } : { kind: 'lines', lines: [] };
    return faultUnknown(answer);
  }
  const { data: where } = billAnswerSchema.safeParse(answer.body);
  if (!where) return unknown('the gateway does not tell where the bill lies');
  const file = await download(where.download_url, signal);
  if (file.kind === 'unknown') return file;
  const text = unzip(file.bytes);
  if (!text || createHash('sha1').update(text).digest('hex') !== where.hash_value.toLowerCase()) return unknown('the bill is not the one that the gateway has told of: its hash is another');
  return readBill(text.toString('utf8'));
}

const gzipMagic = Buffer.from([0x1f, 0x8b]);

function unzip(bytes: Buffer): Buffer | undefined {
  if (!bytes.subarray(0, 2).equals(gzipMagic)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: 512 * 1024 * 1024 });
  } catch {
    return undefined;
  }
}

const sumsHeading = '总交易单数';

/**
 * 交易账单: a heading, lines whose cells begin with a backquote, a heading of sums, and the sums. The name of another shop's goods may hold a line break, or what parts
 * the cells. A line that cannot be read makes the whole bill unknown.
 */
export function readBill(text: string): Bill {
  const [heading = '', ...rest] = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line !== '');
  const names = heading.split(',').map((name) => name.trim());
  const end = rest.findIndex((line, index) => line.startsWith(sumsHeading) && (rest[index + 1] ?? '').startsWith('`'));
  const rows: string[] = [];
  for (const line of rest.slice(0, Math.max(0, end))) {
    if (line.startsWith('`') || rows.length === 0) rows.push(line);
    else rows.push(`${rows.pop()} ${line}`);
  }
  const lines: BillLine[] = [];
  for (const row of rows) {
    const cells = fitCells(row.slice(1).split(',`'), names, '商品名称');
    const cell = (name: string) => cells[names.indexOf(name)]?.trim() ?? '';
    const line = readLine(cell);
    if (!line) return unknown('a line of the bill cannot be read');
    lines.push(line);
  }
  return names.includes('商户订单号') && end !== -1 ? { kind: 'lines', lines } : unknown('the bill is none, or was cut off');
}

/** REVOKED is a payment that was reversed (撤销): it stands under the payment's own number. */
function readLine(cell: (name: string) => string): BillLine | undefined {
  const state = cell('交易状态');
  const isPayment = state === 'SUCCESS';
  if (!isPayment && state !== 'REFUND' && state !== 'REVOKED') return undefined;
  const amountText = isPayment ? cell('订单金额') || cell('总金额') || cell('应结订单金额') : cell('申请退款金额') || cell('退款金额');
  const [amount, at] = [readYuan(amountText), readChinaTime(cell('交易时间'))];
  const [tradeNo, transactionId, refundNo] = [cell('商户订单号'), cell('微信订单号'), cell('商户退款单号')];
  if (!amount || amount.amount < 0 || at === undefined || tradeNo === '' || cell('货币种类') !== 'CNY') return undefined;
  // In hundred-thousandths of a yuan: what is no whole fen is left off, and never rounded.
  const fee = readYuan(cell('手续费'));
  return {
    kind: isPayment ? 'payment' : 'refund', tradeNo, transactionId, amount: money(amount.amount, 'CNY'), at,
    ...(fee ? { fee } : {}), ...(!isPayment && refundNo !== '' && refundNo !== '0' ? { refundNo } : {}),
  };
}
