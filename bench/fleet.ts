import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../hq/server/database.ts';
import { decodePublicKey } from '../hq/server/identity/keys.ts';
import { ensureSigningKey } from '../hq/server/identity/signing-key.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';
import { startHqProcess } from '../hq/server/testing/process-rig.ts';
import { count, machine, milliseconds, printTable, quantile } from './figures.ts';
import type { FromFleet, ToFleet } from './fleet-kiosks.ts';

/**
 * A fleet at one order a minute each, with every kiosk's bell open, against a real HQ process with its PostgreSQL; kiosks, HQ and database share this machine.
 * The time is from the sale to the console, which hears HQ's live stream. More kiosks join for each step, until HQ cannot follow.
 * `node bench/fleet.ts --kiosks 1000,2500,5000,10000 --seconds 30 --processes 2 --hqs 1` (processes: of kiosks; hqs: of HQ, taken in turn)
 */
const { values } = parseArgs({ options: {
  kiosks: { type: 'string', default: '500,1000' }, seconds: { type: 'string', default: '20' }, processes: { type: 'string', default: '1' }, hqs: { type: 'string', default: '1' }, 'interval-ms': { type: 'string', default: '60000' },
} });
const seconds = Number(values.seconds);
const intervalMs = Number(values['interval-ms']);
/** Beyond this nobody would call it live. */
const liveMs = 5000;
/** Who watches the console. */
const watcher = { name: 'bench', password: 'a-password-for-benches' };
/** The kernel's unit of processor time in /proc. */
const ticksPerSecond = 100;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
fs.chmodSync(folder, 0o755);
const endings: (() => Promise<unknown> | void)[] = [];
try {
  await run();
} finally {
  for (const end of endings.reverse()) await end();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const owned = await startPostgres({ dataFolder: path.join(folder, 'hq') });
  endings.push(owned.stop);
  const sql = connectDatabase(owned.url, { maxConnections: 2 });
  endings.push(() => sql.end({ timeout: 5 }));
  await migrate(sql, await readMigrations(), Date.now);
  const hqKeyFile = path.join(folder, 'key.pem');
  const { publicKey } = await ensureSigningKey(hqKeyFile);
  const hqs = Array.from({ length: Number(values.hqs) }, () => startHqProcess({ DATABASE_URL: owned.url, HQ_KEY_FILE: hqKeyFile, PORT: '0', LOG_LEVEL: 'error', HQ_DEV_ACCOUNT: `${watcher.name}:${watcher.password}` }));
  endings.push(() => Promise.all(hqs.map((hq) => hq.stop())));
  const urls = await Promise.all(hqs.map((hq) => hq.ready));
  const fleets = Array.from({ length: Number(values.processes) }, () => fork(fileURLToPath(new URL('./fleet-kiosks.ts', import.meta.url))));
  endings.push(() => fleets.forEach((fleet) => void (fleet.connected && fleet.disconnect())));

  const seen = new Map<string, number>();
  const consoleStream = listen(urls[0]!, await signIn(urls[0]!), seen);
  endings.push(consoleStream.close);

  console.log(`fleet: an order a ${intervalMs === 60_000 ? 'minute' : `${intervalMs} ms`} from each kiosk, for ${seconds} s; ${fleets.length} processes of kiosks, ${hqs.length} of HQ; ${machine()}`);
  const table = [['kiosks', 'bells open', 'joined a second', 'orders due/s', 'p50 ms to console', 'p99 ms', 'worst ms', 'p99 ms to HQ\'s mark', 'lost', 'failed', 'cores: HQ', 'kiosks', 'all']];
  let made = 0;
  for (const kiosks of values.kiosks.split(',').map(Number)) {
    const more = kiosks - made;
    const ids = Array.from({ length: more }, () => `kiosk-${String(++made).padStart(5, '0')}`);
    const prepared = await ask(fleets, (at) => ({ kind: 'prepare', kioskIds: ids.filter((_id, index) => index % fleets.length === at), url: urls[at % urls.length]!, hqPublicKey: publicKey }), 'prepared');
    const now = Date.now();
    const keys = prepared.flatMap((answer) => answer.keys);
    for (let from = 0; from < keys.length; from += 1000) {
      const part = keys.slice(from, from + 1000);
      await sql`insert into kiosks ${sql(part.map(([kiosk_id]) => ({ kiosk_id, name: kiosk_id, created_at: now })))}`;
      await sql`insert into kiosk_keys ${sql(part.map(([kiosk_id, key]) => {
        const { fingerprint, spki } = decodePublicKey(key)!;
        return { kiosk_id, fingerprint, public_key: spki, state: 'approved', app: '0.1.0', enrolled_at: now, approved_at: now };
      }))}`;
    }
    const joined = await ask(fleets, () => ({ kind: 'join' }), 'joined');
    seen.clear();
    const before = { hq: cpuSeconds(hqs.map(({ child }) => child)), all: machineSeconds(), at: performance.now() };
    const sold = await ask(fleets, () => ({ kind: 'sell', seconds, intervalMs }), 'sold');
    const took = (performance.now() - before.at) / 1000;
    const busy = { hq: (cpuSeconds(hqs.map(({ child }) => child)) - before.hq) / took, all: (machineSeconds() - before.all) / took };
    const answers = sold.flatMap((answer) => answer.answers);
    const failures = sold.flatMap((answer) => answer.failures);
    // The console is a moment behind the last mark.
    for (let wait = 0; wait < 100 && seen.size < answers.length; wait += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    const latencies = [...seen.values()];
    const p99 = quantile(latencies, 0.99);
    const due = sold.reduce((sum, answer) => sum + answer.due, 0);
    table.push([
      count(kiosks), count(sold.reduce((sum, answer) => sum + answer.bells, 0)), count(more / Math.max(...joined.map((answer) => answer.seconds))), (due / seconds).toFixed(1),
      milliseconds(quantile(latencies, 0.5)), milliseconds(p99), milliseconds(Math.max(...latencies)), milliseconds(quantile(answers, 0.99)), String(answers.length - seen.size), String(failures.length),
      busy.hq.toFixed(2), (sold.reduce((sum, answer) => sum + answer.cpuSeconds, 0) / took).toFixed(2), busy.all.toFixed(2),
    ]);
    if (failures.length > 0) console.log(`  ${kiosks} kiosks, the first failures: ${[...new Set(failures)].slice(0, 3).join('; ')}`);
    if (took > seconds + liveMs / 1000 || p99 > liveMs) {
      console.log(`  ${count(kiosks)} kiosks are more than this machine carries: the last order was acknowledged ${took.toFixed(1)} s after the first could be placed`);
      break;
    }
  }
  printTable(table);
  console.log(`  lost: acknowledged by HQ and never seen by the console. all: of the whole machine, PostgreSQL and whatever else ran.\n  afterwards: ${machine()}; the console was told to read again ${consoleStream.gaps()} times`);
}

async function ask<K extends FromFleet['kind']>(fleets: readonly ChildProcess[], message: (at: number) => ToFleet, kind: K): Promise<Extract<FromFleet, { kind: K }>[]> {
  return Promise.all(fleets.map(async (fleet, at) => {
    const answered = Promise.race([once(fleet, 'message'), once(fleet, 'exit').then(() => { throw new Error('a process of kiosks has ended'); })]);
    fleet.send(message(at));
    const [answer] = (await answered) as [FromFleet];
    if (answer.kind !== kind) throw new Error(`${answer.kind} instead of ${kind}`);
    return answer as Extract<FromFleet, { kind: K }>;
  }));
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(new URL('/api/session', url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(watcher) });
  if (!response.ok) throw new Error(`HQ answered ${response.status} to the sign-in`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** A console: hears of each order when it comes, and notes how long after the sale that was. One machine, one clock. */
function listen(url: string, cookie: string, seen: Map<string, number>): { readonly gaps: () => number; readonly close: () => void } {
  let gaps = -1;
  const request = http.get(new URL('/api/live', url), { headers: { cookie } }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => {
      const now = Date.now();
      const blocks = (text + part).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.includes('event: again')) gaps += 1;
        const data = /^event: orders\ndata: (.*)$/m.exec(block)?.[1];
        if (data === undefined) continue;
        for (const row of (JSON.parse(data) as { orders: { kioskId: string; orderId: string; placedAt: number }[] }).orders) {
          const name = `${row.kioskId} ${row.orderId}`;
          if (!seen.has(name)) seen.set(name, now - row.placedAt);
        }
      }
    });
    answer.on('error', () => undefined);
  });
  request.on('error', () => undefined);
  return { gaps: () => Math.max(0, gaps), close: () => void request.destroy() };
}

/** Processor time of these processes, in seconds; only where there is /proc. */
function cpuSeconds(children: readonly ChildProcess[]): number {
  return children.reduce((sum, { pid }) => {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }, 0);
}

function machineSeconds(): number {
  return os.cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}
