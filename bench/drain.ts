import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { AddressInfo } from 'node:net';
import { lanes } from '../domain/contract/hq.ts';
import { startSync } from '../main/core/sync-link.ts';
import { createOutbox } from '../main/store/outbox.ts';
import { startHqProcess } from '../hq/server/testing/process-rig.ts';
import { count, machine, printTable } from './figures.ts';
import { benchBoot, benchKey, benchKiosk, fillStore, journalFolder, openStage } from './store-stage.ts';

/**
 * A kiosk that was alone for long: all its orders (each of three events) from its store to a real HQ with its PostgreSQL, over HTTP, by the real sync thread, with
 * nobody buying. The bytes are counted on a line between them, both ways. `node bench/drain.ts --orders 1000,10000,100000`
 */
const { values } = parseArgs({ options: { orders: { type: 'string', default: '1000,10000' } } });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
fs.chmodSync(folder, 0o755);
try {
  console.log(`drain: ${machine()}`);
  const rows = [['', 'events', 's', 'orders/s', 'MB on the wire', 'kiosk MB', 'of it grown', 'HQ MB']];
  for (const orders of values.orders.split(',').map(Number)) rows.push(await drain(orders));
  printTable(rows);
  console.log(`  MB of the two processes: the largest resident set while draining; HQ's is without PostgreSQL; the kiosk's process has filled the store before, so "of it grown" is what draining took\n  afterwards: ${machine()}`);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function drain(orders: number): Promise<string[]> {
  const at = path.join(folder, `kiosk-${orders}`);
  fillStore(at, orders);
  const stage = openStage(at);
  const hq = startHqProcess({ DATA_FOLDER: path.join(folder, `hq-${orders}`), PORT: '0', LOG_LEVEL: 'error', HQ_DEV_KIOSK: `${benchKiosk}:bench-code` });
  const line = await countedLine(await hq.ready);
  const enrolmentFile = path.join(folder, 'enrolment');
  fs.writeFileSync(enrolmentFile, 'bench-code');
  const outbox = createOutbox(stage.database);
  const memory = () => ({ kiosk: residentMegabytes('self'), hq: residentMegabytes(String(hq.child.pid)) });
  const [first, most] = [memory(), memory()];
  const troubles: string[] = [];
  const start = performance.now();
  const sync = startSync({
    kioskId: benchKiosk, hq: { url: line.url, retryMaxMs: 1000 }, enrolmentFile, guardFile: path.join(at, 'guard'), store: { file: path.join(at, 'store.db'), keyHex: benchKey },
    journalFolder: journalFolder(at), app: '0.1.0', boot: benchBoot, needsHistory: false,
    onAcknowledged: () => undefined, onNews: () => undefined, onState: () => undefined, onTrouble: ({ code, detail }) => troubles.push(`${code} ${detail}`),
    onNote: () => undefined, onReplayed: () => undefined, onHistoryTold: () => undefined,
  });
  for (let look = 0; lanes.some((lane) => outbox.position(lane).acknowledged < outbox.position(lane).last); look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = memory();
    most.kiosk = Math.max(most.kiosk, now.kiosk);
    most.hq = Math.max(most.hq, now.hq);
    if (look % 50 === 0) stage.checkpoint();
  }
  const seconds = (performance.now() - start) / 1000;
  const events = outbox.position('orders').last;
  await sync.stop();
  stage.close();
  await hq.stop();
  line.close();
  if (troubles.length > 0) console.log(`  troubles with ${orders} orders: ${troubles.slice(0, 5).join('; ')}`);
  return [
    `${count(orders)} orders`, count(events), seconds.toFixed(1), count(orders / seconds), (line.bytes() / 1e6).toFixed(2),
    most.kiosk.toFixed(0), (most.kiosk - first.kiosk).toFixed(0), most.hq.toFixed(0),
  ];
}

/** What a process has in memory, in MB; only where there is /proc. */
function residentMegabytes(process: string): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${process}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}

async function countedLine(url: string): Promise<{ readonly url: string; readonly bytes: () => number; readonly close: () => void }> {
  const { hostname, port } = new URL(url);
  let bytes = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      open.add(from);
      from.on('data', (part: Buffer) => void (bytes += part.length));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
