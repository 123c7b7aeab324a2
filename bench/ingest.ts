import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Batch, HqEvent } from '../domain/contract/hq.ts';
import { maxBatchEvents } from '../domain/contract/hq.ts';
import type { KioskId } from '../domain/ids.ts';
import { kioskIdSchema } from '../domain/ids.ts';
import type { Sql } from '../hq/server/database.ts';
import { connectDatabase } from '../hq/server/database.ts';
import { storeRaw } from '../hq/server/ingest/raw.ts';
import { receive } from '../hq/server/ingest/receive.ts';
import { understand } from '../hq/server/ingest/understand.ts';
import { ensureKiosk } from '../hq/server/identity/kiosks.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';
import { createStory, storyBoot, storyBootAt } from '../hq/server/testing/story.ts';
import { count, machine, milliseconds, printTable, quantile } from './figures.ts';

/**
 * What HQ takes in, in batches of 500 events of whole orders, each batch one durable transaction of one kiosk; beside it, in turns in the same run on the same
 * PostgreSQL, COPY of the same events into a table without a key, in the same batches, and the events alone into HQ's own table. The aim is a third of COPY.
 * `node bench/ingest.ts --orders 10000 --kiosks 2` (kiosks: how many send at once)
 */
const { values } = parseArgs({ options: { orders: { type: 'string', default: '10000' }, kiosks: { type: 'string', default: '2' } } });
const orders = Number(values.orders);
const atOnce = Number(values.kiosks);
const ordersPerKiosk = 500;
const at = storyBootAt + 86_400_000;

interface Lot { readonly kioskId: KioskId; readonly batches: readonly Batch[]; readonly orders: number; readonly events: number }

let kiosks = 0;
/** Half of the orders are paid by card and half are free; one in four has a second line. */
function makeLot(howMany: number): Lot {
  const kioskId = kioskIdSchema.parse(`kiosk-${String(++kiosks).padStart(5, '0')}`);
  const story = createStory(kioskId, 'https://hq.example', 'sealed');
  for (let order = 0; order < howMany; order += 1) {
    story.order({ offers: [[order % 2 === 0 ? 'latte' : 'water', 1], ...(order % 4 === 0 ? [['dumplings', 2] as const] : [])], ending: 'fulfilled', at: at + order * 60_000 });
  }
  const batches: Batch[] = [];
  for (let from = 0; from < story.events.length; from += maxBatchEvents) {
    batches.push({ kioskId, lane: 'orders', epoch: 1, clock: { at, boot: storyBoot, monotonicMs: at - storyBootAt }, events: story.events.slice(from, from + maxBatchEvents) });
  }
  return { kioskId, batches, orders: howMany, events: story.events.length };
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
fs.chmodSync(folder, 0o755);
const owned = await startPostgres({ dataFolder: path.join(folder, 'hq') });
const sql = connectDatabase(owned.url);
try {
  await migrate(sql, await readMigrations(), Date.now);
  await sql.unsafe('create table bench_copy (kiosk_id text, lane text, epoch bigint, sequence bigint, event_id uuid, kind text, version bigint, at bigint, boot text, monotonic_ms bigint, hash text, received_at bigint, payload text)');
  await sql.unsafe('create table bench_events (like events including all)');
  console.log(`ingest: ${count(orders)} orders, batches of ${maxBatchEvents} events, ${atOnce} kiosks at once; ${machine()}`);
  await run();
  console.log(`  afterwards: ${machine()}`);
} finally {
  await sql.end({ timeout: 5 });
  await owned.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const contenders = { receive: take, raw: storeAlone, copy };
  type Name = keyof typeof contenders;
  const names = Object.keys(contenders) as Name[];
  const window = { orders: 0, events: 0, ms: { receive: 0, raw: 0, copy: 0 } as Record<Name, number>, batches: [] as number[] };
  const table = [['', 'orders/s', 'events/s', 'p50 ms a batch', 'p99 ms', 'events alone/s', 'COPY events/s', 'of COPY']];
  const marks = [Math.min(1000, orders), ...[10_000, 100_000].filter((mark) => mark <= orders), ...(orders > 1000 && ![10_000, 100_000].includes(orders) ? [orders] : [])];
  let done = 0;
  for (let turn = 0; done < orders; turn += 1) {
    const lots = Array.from({ length: atOnce }, () => makeLot(Math.min(ordersPerKiosk, Math.ceil((orders - done) / atOnce))));
    for (const { kioskId } of lots) await ensureKiosk(sql, kioskId, kioskId, at);
    for (const name of [...names.slice(turn % 3), ...names.slice(0, turn % 3)]) {
      const start = performance.now();
      await Promise.all(lots.map(async ({ batches }) => {
        for (const batch of batches) {
          const begun = performance.now();
          await contenders[name](sql, batch);
          if (name === 'receive') window.batches.push(performance.now() - begun);
        }
      }));
      window.ms[name] += performance.now() - start;
    }
    const now = lots.reduce((sum, lot) => sum + lot.orders, 0);
    done += now;
    window.orders += now;
    window.events += lots.reduce((sum, lot) => sum + lot.events, 0);
    if (done < (marks[0] ?? orders)) continue;
    const perSecond = (name: Name) => (window.events * 1000) / window.ms[name];
    table.push([
      `up to ${count(done)} orders in it`, count((window.orders * 1000) / window.ms.receive), count(perSecond('receive')), milliseconds(quantile(window.batches, 0.5)), milliseconds(quantile(window.batches, 0.99)),
      count(perSecond('raw')), count(perSecond('copy')), (perSecond('receive') / perSecond('copy')).toFixed(2),
    ]);
    marks.shift();
    Object.assign(window, { orders: 0, events: 0, ms: { receive: 0, raw: 0, copy: 0 }, batches: [] });
  }
  printTable(table);
}

async function take(to: Sql, batch: Batch): Promise<void> {
  const received = await receive(to, batch, at);
  if (received.kind !== 'taken' || received.setAside.length > 0) throw new Error(`HQ answered ${JSON.stringify(received).slice(0, 500)}`);
}

/** The events by HQ's own statement into a table with the same keys, without what they come to. */
async function storeAlone(to: Sql, { kioskId, lane, epoch, events }: Batch): Promise<void> {
  await to.begin(async (transaction) => {
    const raw = events.map((event) => {
      const reading = understand(event);
      return { event, occurredAt: event.at, effective: reading.ok ? { ...reading.value, lane, epoch, occurredAt: event.at, receivedAt: at } : undefined };
    });
    await storeRaw(renamed(transaction), { kioskId, lane, epoch, now: at }, raw);
  });
}

/** The same transaction, writing to the bench's twin of the table. */
function renamed<T extends object>(transaction: T): T {
  return new Proxy(transaction, {
    get: (target, key) => {
      const member = Reflect.get(target, key) as unknown;
      return key === 'unsafe' ? (text: string, parameters: unknown[]) => (member as (text: string, parameters: unknown[]) => unknown).call(target, text.replace('insert into events ', 'insert into bench_events '), parameters) : member;
    },
  });
}

async function copy(to: Sql, { kioskId, lane, epoch, events }: Batch): Promise<void> {
  const line = (event: HqEvent) => `${[kioskId, lane, epoch, event.sequence, event.id, event.kind, event.version, event.at, event.boot, event.monotonicMs, event.hash, at, escaped(event.payload)].join('\t')}\n`;
  const stream = await to.unsafe('copy bench_copy from stdin').writable();
  await pipeline(Readable.from([events.map(line).join('')]), stream);
}

/** COPY's text format: a backslash and what ends a field or a row. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
