import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createGzip, gunzipSync } from 'node:zlib';
import { connectDatabase } from '../hq/server/database.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';
import { takeBooks } from '../hq/server/settlement/books.ts';
import { compareDay } from '../hq/server/settlement/compare.ts';
import { fetchBill, readBill } from '../hq/server/wallets/wechat-pay/bill.ts';
import type { BillLine, WalletGateway } from '../hq/server/wallets/gateway.ts';
import { count, machine, milliseconds, printTable, quantile } from './figures.ts';

/**
 * What a gateway's book of a large day costs the process that serves kiosks: how long its event loop stands still, and how much memory it grows by. Beside it, in the same run, the
 * same text read in one piece, as it would be without streaming, and the same process with nothing to do. The aim: no pause over 50 ms, and memory that does not grow with the lines.
 * `node bench/settlement.ts --lines=200000`
 */
const { values } = parseArgs({ options: { lines: { type: 'string', default: '200000' } } });
const lines = Number(values.lines);
const day = '2026-11-10';
const begunAt = Date.parse(`${day}T04:00:00Z`);
const now = () => Date.parse('2026-11-12T04:00:00Z');
const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);

const heading = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const tradeNoOf = (index: number) => `019aa00000017000${(0x8000_0000_0000_0000n + BigInt(index) * 0x9e37_79b9_7fn).toString(16)}`;

/** Written as it is zipped: what is measured begins with a small heap. */
async function makeBill() {
  const hash = createHash('sha1');
  let bytes = 0;
  function* texts() {
    yield `\uFEFF${heading}\r\n`;
    for (let index = 0; index < lines; index += 1) {
      yield `\`${[
        `${day} 12:00:00`, 'wxd678efh567hg6787', '1900000109', '0', 'kiosk-001', `4200002026111000${index}`, tradeNoOf(index), 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'NATIVE', 'SUCCESS', 'OTHERS', 'CNY', '12.50', '0.00', '0', '0', '0.00', '0.00', '', '',
        '流量包, 5GB', '', '0.08000', '0.60%', '12.50', '0.00', '',
      ].join(',`')}\r\n`;
    }
    yield `总交易单数,应结订单总金额\r\n\`${lines},\`1.00\r\n`;
  }
  const zipped = await buffer(Readable.from(texts()).map((text: string) => {
    const chunk = Buffer.from(text);
    hash.update(chunk);
    bytes += chunk.length;
    return chunk;
  }).pipe(createGzip()));
  return { zipped, hash: hash.digest('hex'), bytes };
}

const table = [['', 'took s', 'longest pause ms', 'of it processor ms', 'p99.9 processor ms', 'over 50 ms', 'memory grown MB']];
const longest = new Map<string, number>();
/**
 * A timer of 2 ms that comes late by so much was kept waiting, as a kiosk's request would have been. How much of that the loop's own thread has worked tells a pause of ours
 * from one of the machine, which has other things to do.
 */
async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  const memoryAtStart = process.memoryUsage.rss();
  let [last, peak, sampledAt] = [performance.now(), 0, 0];
  const pauses: number[] = [];
  const worked: number[] = [];
  let cpu = process.threadCpuUsage();
  const look = () => {
    const at = performance.now();
    pauses.push(Math.max(0, at - last - 2));
    if (at - sampledAt > 20) {
      sampledAt = at;
      peak = Math.max(peak, process.memoryUsage.rss() - memoryAtStart);
    }
    const own = process.threadCpuUsage(cpu);
    worked.push((own.user + own.system) / 1000);
    [last, cpu] = [performance.now(), process.threadCpuUsage()];
  };
  const timer = setInterval(look, 2);
  await work();
  clearInterval(timer);
  look();
  longest.set(name, Math.max(...worked));
  table.push([
    name, ((performance.now() - begun) / 1000).toFixed(1), milliseconds(Math.max(...pauses)), milliseconds(longest.get(name) ?? 0), milliseconds(quantile(worked, 0.999)), count(worked.filter((ms) => ms > 50).length), mb(peak),
  ]);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
fs.chmodSync(folder, 0o755);
const owned = await startPostgres({ dataFolder: path.join(folder, 'hq'), isThrowaway: true });
const sql = connectDatabase(owned.url);
try {
  await migrate(sql, await readMigrations(), now);
  await writePayments();
  const { zipped, hash, bytes } = await makeBill();
  console.log(`settlement: a book of ${count(lines)} lines, ${mb(bytes)} MB of text, ${mb(zipped.length)} MB zipped; ${machine()}`);
  const never = () => Promise.reject(new Error('nobody asks this here'));
  const gateway: WalletGateway = {
    wallet: 'wechat', modes: ['shown'], show: never, charge: never, query: never, end: never, refund: never, queryRefund: never, readNotification: never, notificationAnswer: { status: 200, contentType: 'text/plain', body: '' },
    bill: (of, signal) => of !== day ? Promise.resolve({ kind: 'lines', pieces: [] }) : fetchBill({
      call: async () => ({ kind: 'said', body: { hash_type: 'SHA1', hash_value: hash, download_url: 'http://127.0.0.1/bill' } }), download: async () => ({ kind: 'bytes', bytes: zipped }),
    }, day, now(), signal),
  };
  await measure('nothing to do', () => new Promise((resolve) => { setTimeout(resolve, 5000); }));
  await measure('in pieces: read alone', async () => {
    const bill = await gateway.bill(day, AbortSignal.timeout(60_000));
    let read = 0;
    if (bill.kind === 'lines') for await (const piece of bill.pieces) read += 'kind' in piece ? Number.NaN : piece.length;
    if (read !== lines) throw new Error(`${read} lines were read`);
  });
  await measure('in pieces: taken and compared', async () => {
    await takeBooks({ sql, now, gateways: [gateway], forMs: 600_000 });
    await check();
  });
  await measure('in pieces: compared again', () => sql.begin((transaction) => compareDay(transaction, 'wechat', day, now())));
  await measure('at once: read alone', async () => {
    const text = gunzipSync(zipped);
    if (createHash('sha1').update(text).digest('hex') !== hash) throw new Error('another hash');
    const all: BillLine[] = [];
    for await (const piece of readBill([text])) if (!('kind' in piece)) for (const line of piece) all.push(line);
    if (all.length !== lines) throw new Error(`${all.length} lines were read`);
  });
  printTable(table);
  console.log(`  longest stretch of its own work, in pieces to at once: ${((longest.get('in pieces: taken and compared') ?? 0) / (longest.get('at once: read alone') ?? 1)).toFixed(3)}`);
  console.log(`  afterwards: ${machine()}`);
} finally {
  await sql.end({ timeout: 5 });
  await owned.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

/** As many payments as there are lines, so that every line finds its own. */
async function writePayments(): Promise<void> {
  for (let from = 0; from < lines; from += 20_000) {
    const ids = Array.from({ length: Math.min(20_000, lines - from) }, (_, index) => tradeNoOf(from + index));
    await sql`
      insert into wallet_payments (kiosk_id, attempt_id, wallet, order_id, amount, currency, state, begun_at, ended_at, paid_at, is_asked)
      select 'kiosk-001', id::uuid, 'wechat', id::uuid, 1250, 'CNY', 'paid', ${begunAt}, ${begunAt + 9000}, ${begunAt + 8000}, true from unnest(${ids}::text[]) as own (id)`;
  }
  // As HQ's own PostgreSQL does by itself sooner or later.
  await sql`analyze`;
}

async function check(): Promise<void> {
  const [row] = await sql<{ lines: number; differences: number }[]>`select (select count(*) from settlement_lines) as lines, (select count(*) from settlement_differences) as differences`;
  if (row?.lines !== lines || row.differences !== 0) throw new Error(`${row?.lines} lines were taken, with ${row?.differences} differences`);
}
