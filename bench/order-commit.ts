import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Database } from 'better-sqlite3';
import { startSync } from '../main/core/sync-link.ts';
import { boundWal } from '../main/store/checkpoints.ts';
import { makeDurable, openKeyed } from '../main/store/connection.ts';
import { createOutbox } from '../main/store/outbox.ts';
import type { SellerRig } from '../main/store/testing/seller-rig.ts';
import { startHqProcess } from '../hq/server/testing/process-rig.ts';
import { count, machine, milliseconds, printTable, quantile } from './figures.ts';
import type { StoreStage } from './store-stage.ts';
import { benchBoot, benchKey, benchKiosk, fillStore, journalFolder, openCheckpoints, openStage } from './store-stage.ts';

/**
 * Orders that are durable, by the real writer with chained events and journal on SQLCipher and FULL. Beside it, in turns in the same run: the bare driver doing
 * the very same statements on a copy of the same store, recorded from the writer beforehand; the same with the journal's bytes; and a bare write and fdatasync.
 * A paid order is three transactions: placed, payment begun, payment approved; the journal waits for the disk in two of them.
 * `node bench/order-commit.ts --orders 1500 --stored 1000,10000 --seconds 10` (seconds: with sync beside it; 0 leaves that out)
 */
const { values } = parseArgs({ options: { orders: { type: 'string', default: '1500' }, stored: { type: 'string', default: '1000,10000' }, seconds: { type: 'string', default: '10' } } });
const orders = Number(values.orders);
/** Each of the contenders has its turn for so many orders; then what is in the logs goes into the files, untimed. */
const turn = 50;

type Step = { readonly kind: 'begin' | 'commit' } | { readonly kind: 'statement'; readonly sql: string; readonly method: 'run' | 'get' | 'all'; readonly isPlucked: boolean; readonly parameters: readonly unknown[] };
type Sale = 'free' | 'paid';
const sales: readonly Sale[] = ['free', 'paid'];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-bench-'));
try {
  console.log(`order commit: ${orders} orders of each sort by each contender; ${machine()}`);
  const sizes = values.stored.split(',').map(Number);
  for (const stored of sizes) commits(stored);
  if (Number(values.seconds) > 0) await besideSync(sizes.at(-1) ?? 1000, Number(values.seconds));
  console.log(`  afterwards: ${machine()}`);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

function commits(stored: number): void {
  const base = path.join(folder, `base-${stored}`);
  fillStore(base, stored);
  const table = [[`with ${count(stored)} orders stored`, 'orders/s', 'p50 ms', 'p99 ms', 'of the bare driver']];
  for (const sale of sales) {
    const [real, recorded, bare, bareJournal] = ['real', 'recorded', 'bare', 'bare-journal'].map((name) => {
      const copy = path.join(folder, `${name}-${stored}-${sale}`);
      fs.cpSync(base, copy, { recursive: true });
      return copy;
    }) as [string, string, string, string];
    const { steps, journalBytes } = record(recorded, sale);
    const writer = openStage(real);
    const contenders = { writer: writerTurns(writer, sale), bare: bareTurns(bare, steps), withJournal: bareTurns(bareJournal, steps, journalBytes), disk: diskTurns(path.join(folder, 'disk')) };
    const times: Record<keyof typeof contenders, number[]> = { writer: [], bare: [], withJournal: [], disk: [] };
    const names = Object.keys(contenders) as (keyof typeof contenders)[];
    for (let from = 0; from < orders; from += turn) {
      // Who begins changes, so that nobody has always the disk that another has just tired.
      const first = (from / turn) % names.length;
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        for (let order = from; order < Math.min(orders, from + turn); order += 1) {
          const start = performance.now();
          contenders[name].one(order);
          times[name].push(performance.now() - start);
        }
        contenders[name].rest();
      }
    }
    for (const { close } of Object.values(contenders)) close();
    const limit = mean(times.bare);
    const row = (label: string, of: readonly number[]) => [label, count(1000 / mean(of)), milliseconds(quantile(of, 0.5)), milliseconds(quantile(of, 0.99)), `${((limit / mean(of)) * 100).toFixed(0)} %`];
    table.push(row(`${sale}: the real writer`, times.writer), row(`${sale}: the bare driver, same statements`, times.bare), row(`${sale}: the same and the journal's writes`, times.withJournal));
    table.push([`one write of 4 KiB and fdatasync`, count(1000 / mean(times.disk)), milliseconds(quantile(times.disk, 0.5)), milliseconds(quantile(times.disk, 0.99)), '']);
    for (const copy of [real, recorded, bare, bareJournal]) fs.rmSync(copy, { recursive: true });
  }
  printTable(table);
}

/** What a customer waits for; the number was taken before. */
function sell(seller: SellerRig, sale: Sale, order: ReturnType<SellerRig['cart']>): void {
  seller.place(order);
  if (sale === 'free') return;
  seller.approve(seller.writer.startAttempt(order.id, order.total));
}

interface Turns { one(order: number): void; rest(): void; close(): void }

function writerTurns(stage: StoreStage, sale: Sale): Turns {
  const carts = Array.from({ length: orders }, () => stage.seller.cart(sale === 'free' ? 0 : 500));
  stage.checkpoint();
  return { one: (order) => sell(stage.seller, sale, carts[order]!), rest: stage.checkpoint, close: stage.close };
}

/** What the writer asks of the driver for so many orders, and how much it writes into its journal for one. */
function record(at: string, sale: Sale): { readonly steps: readonly (readonly Step[])[]; readonly journalBytes: number } {
  let log: Step[] = [];
  const stage = openStage(at, (database) => recording(database, (step) => log.push(step)));
  const carts = Array.from({ length: orders }, () => stage.seller.cart(sale === 'free' ? 0 : 500));
  stage.database.pragma('synchronous = OFF');
  const size = () => fs.readdirSync(journalFolder(at)).reduce((sum, name) => sum + fs.statSync(path.join(journalFolder(at), name)).size, 0);
  const before = size();
  const steps = carts.map((order) => {
    log = [];
    sell(stage.seller, sale, order);
    return log;
  });
  const journalBytes = (size() - before) / orders;
  stage.close();
  return { steps, journalBytes };
}

function recording(database: Database, onStep: (step: Step) => void): Database {
  const statement = (sql: string, prepared: object, isPlucked: boolean): object =>
    new Proxy(prepared, {
      get(target, key) {
        const method = Reflect.get(target, key) as (...parameters: unknown[]) => unknown;
        if (key === 'pluck') return () => statement(sql, method.call(target) as object, true);
        if (key !== 'run' && key !== 'get' && key !== 'all') return typeof method === 'function' ? method.bind(target) : method;
        return (...parameters: unknown[]) => {
          onStep({ kind: 'statement', sql, method: key, isPlucked, parameters });
          return method.apply(target, parameters);
        };
      },
    });
  return new Proxy(database, {
    get(target, key) {
      if (key === 'prepare') return (sql: string) => statement(sql, target.prepare(sql), false);
      if (key === 'transaction') {
        return (body: (...parameters: unknown[]) => unknown) => {
          const run = target.transaction(body).immediate;
          return { immediate: (...parameters: unknown[]) => {
            onStep({ kind: 'begin' });
            const result = run(...parameters);
            onStep({ kind: 'commit' });
            return result;
          } };
        };
      }
      const member = Reflect.get(target, key) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function bareTurns(at: string, steps: readonly (readonly Step[])[], journalBytes?: number): Turns {
  const file = path.join(at, 'store.db');
  const durable = makeDurable(openKeyed({ file, keyHex: benchKey }));
  if (!durable.ok) throw new Error(durable.error.detail);
  const database = durable.value;
  boundWal(database);
  const checkpoints = openCheckpoints(file);
  const journal = journalBytes === undefined ? undefined : fs.openSync(path.join(at, 'bare-journal'), 'a');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  const prepared = new Map<string, ReturnType<Database['prepare']>>();
  const statementOf = (sql: string, isPlucked: boolean) => {
    const name = `${isPlucked ? 'pluck ' : ''}${sql}`;
    const known = prepared.get(name) ?? (isPlucked ? database.prepare(sql).pluck() : database.prepare(sql));
    prepared.set(name, known);
    return known;
  };
  const ready = steps.map((order) => order.map((step) => (step.kind === 'statement' ? { ...step, statement: statementOf(step.sql, step.isPlucked) } : step)));
  const commitsPerOrder = steps[0]?.filter(({ kind }) => kind === 'commit').length ?? 1;
  const part = Buffer.alloc(Math.ceil((journalBytes ?? 0) / commitsPerOrder), 1);
  return {
    one(order) {
      let transactions = 0;
      for (const step of ready[order]!) {
        if (step.kind === 'begin') begin.run();
        else if (step.kind === 'statement') step.statement[step.method](...step.parameters);
        else {
          if (journal !== undefined) {
            fs.writeSync(journal, part);
            // The first only places the order; payments are on the disk before they are in the store.
            if (transactions > 0) fs.fdatasyncSync(journal);
          }
          transactions += 1;
          commit.run();
        }
      }
    },
    rest: checkpoints.run,
    close() {
      checkpoints.close();
      database.close();
      if (journal !== undefined) fs.closeSync(journal);
    },
  };
}

function diskTurns(file: string): Turns {
  const descriptor = fs.openSync(file, 'a');
  const block = Buffer.alloc(4096, 1);
  return {
    one() {
      fs.writeSync(descriptor, block);
      fs.fdatasyncSync(descriptor);
    },
    rest: () => undefined,
    close() {
      fs.closeSync(descriptor);
      fs.rmSync(file);
    },
  };
}

/** One paid sale each 25 ms, alone and then while the sync worker drains what is stored to a real HQ with its PostgreSQL on the same machine. */
async function besideSync(stored: number, seconds: number): Promise<void> {
  const at = path.join(folder, `base-${stored}`);
  const stage = openStage(at);
  const alone = await paced(stage, seconds);
  const hq = startHqProcess({ DATA_FOLDER: path.join(folder, 'hq'), PORT: '0', LOG_LEVEL: 'error', HQ_DEV_KIOSK: `${benchKiosk}:bench-code` });
  const url = await hq.ready;
  const enrolmentFile = path.join(folder, 'enrolment');
  fs.writeFileSync(enrolmentFile, 'bench-code');
  const troubles: string[] = [];
  const sync = startSync({
    kioskId: benchKiosk, hq: { url, retryMaxMs: 1000 }, enrolmentFile, guardFile: path.join(folder, 'guard'), store: { file: path.join(at, 'store.db'), keyHex: benchKey },
    journalFolder: journalFolder(at), app: '0.1.0', boot: benchBoot, needsHistory: false,
    onAcknowledged: () => undefined, onNews: () => undefined, onState: () => undefined, onTrouble: ({ code, detail }) => troubles.push(`${code} ${detail}`),
    onNote: () => undefined, onReplayed: () => undefined, onHistoryTold: () => undefined,
  });
  sync.customerPresent(true);
  const outbox = createOutbox(stage.database);
  while (outbox.position('orders').acknowledged === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = outbox.position('orders').acknowledged;
  const beside = await paced(stage, seconds);
  const drained = outbox.position('orders').acknowledged - before;
  const isDry = outbox.position('orders').acknowledged === outbox.position('orders').last;
  await sync.stop();
  stage.close();
  await hq.stop();
  console.log(`\n  a paid sale each 25 ms, the time of its three commits; beside it sync sent ${count(drained)} events to HQ${isDry ? ', and had sent all before the end' : ''}${troubles.length > 0 ? `; troubles: ${troubles.slice(0, 3).join('; ')}` : ''}`);
  printTable([['', 'sales', 'p50 ms', 'p99 ms', 'worst ms'], ...([['alone', alone], ['sync drains beside it', beside]] as const).map(([label, of]) => [label, count(of.length), milliseconds(quantile(of, 0.5)), milliseconds(quantile(of, 0.99)), milliseconds(Math.max(...of))])]);
}

async function paced(stage: StoreStage, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const order = stage.seller.cart(500);
    const start = performance.now();
    sell(stage.seller, 'paid', order);
    times.push(performance.now() - start);
    if (times.length % 100 === 0) stage.checkpoint();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return times;
}

function mean(of: readonly number[]): number {
  return of.reduce((sum, value) => sum + value, 0) / of.length;
}
