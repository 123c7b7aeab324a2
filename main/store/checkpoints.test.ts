import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointBounds } from './checkpoints.ts';
import { boundWal, createCheckpointer } from './checkpoints.ts';
import { makeDurable, openKeyed } from './connection.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import { createShortReads } from './short-read.ts';
import type { SellerRig } from './testing/seller-rig.ts';
import { createSellerRig } from './testing/seller-rig.ts';

const keyHex = 'c7'.repeat(32);
const pageBytes = 4096 + 24;
const bounds: CheckpointBounds = { pendingPages: 60, walBytes: 200 * pageBytes, hardPages: 400 };
let folder: string;
let store: OpenStore;
let seller: SellerRig;
let quiet: boolean;
let opened: Database[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-checkpoints-'));
  const result = openStore({ folder, keyHex, keyProvider: 'test' });
  if (!result.ok) throw new Error(result.error.detail);
  store = result.value;
  boundWal(store.database, bounds);
  store.database.pragma('wal_checkpoint(TRUNCATE)');
  seller = createSellerRig(store.database);
  quiet = false;
  opened = [];
});
afterEach(() => {
  for (const database of opened) database.close();
  store.close();
  fs.rmSync(folder, { recursive: true });
});

function connect(readonly = false): Database {
  const database = openKeyed({ file: path.join(folder, 'store.db'), keyHex, readonly });
  opened.push(database);
  if (!readonly && !makeDurable(database).ok) throw new Error('not durable');
  return database;
}

const checkpointer = () => createCheckpointer({ database: connect(), file: path.join(folder, 'store.db'), isQuiet: () => quiet, bounds });
const walBytes = () => fs.statSync(path.join(folder, 'store.db-wal')).size;
const pending = () => {
  const [{ log, checkpointed }] = store.database.pragma('wal_checkpoint(NOOP)') as [{ log: number; checkpointed: number }];
  return log - checkpointed;
};
function sellUntil(reached: () => boolean): number {
  let sold = 0;
  while (!reached()) {
    seller.sell();
    if (++sold > 5_000) throw new Error('not reached by 5,000 sales');
  }
  return sold;
}

describe('the worker', () => {
  it('leaves the WAL alone while a customer is there and little waits, and takes it over when nobody is', () => {
    const { tick } = checkpointer();
    seller.sell();
    const waits = pending();
    expect(waits).toBeGreaterThan(0);
    expect(tick()).toEqual({ kind: 'nothing' });
    expect(pending()).toBe(waits);
    quiet = true;
    expect(tick()).toEqual({ kind: 'taken_over', pages: waits, pending: 0 });
    expect(pending()).toBe(0);
    expect(tick()).toEqual({ kind: 'nothing' });
  });

  it('takes over what has become much though a customer is there', () => {
    const { tick } = checkpointer();
    sellUntil(() => pending() >= bounds.pendingPages);
    expect(tick()).toMatchObject({ kind: 'taken_over', pending: 0 });
  });

  it('cuts a WAL above its bound, but not under a customer', () => {
    const { tick } = checkpointer();
    sellUntil(() => walBytes() > bounds.walBytes);
    expect(tick()).toMatchObject({ kind: 'taken_over' });
    expect(walBytes()).toBeGreaterThan(bounds.walBytes);
    quiet = true;
    expect(tick()).toMatchObject({ kind: 'cut' });
    expect(walBytes()).toBe(0);
  });

  it('never makes a sale wait, whoever reads: cutting gives up at once', () => {
    const { cut } = checkpointer();
    const reader = connect(true);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM orders').get();
    sellUntil(() => walBytes() > bounds.walBytes);
    expect(cut()).toEqual({ kind: 'held', walBytes: walBytes() });
    expect(seller.reader.order(seller.sell())?.state).toBe('paid');
    reader.exec('COMMIT');
    expect(cut()).toMatchObject({ kind: 'cut' });
  });
});

describe('the hard bound', () => {
  it('holds with no worker at all: the selling connection takes over by itself, and the WAL begins anew', () => {
    let largest = 0;
    for (let sold = 0; sold < 400; sold++) {
      seller.sell();
      largest = Math.max(largest, walBytes());
    }
    // One order may begin just below it.
    expect(largest).toBeLessThan((bounds.hardPages + 100) * pageBytes);
    expect(largest).toBeGreaterThan(bounds.hardPages * pageBytes);
  });

  it('is passed only while a reader sits on an old snapshot: that is told, and over when it goes', () => {
    const { tick } = checkpointer();
    quiet = true;
    const reader = connect(true);
    const sitting = reader.prepare('SELECT id FROM orders UNION ALL SELECT id FROM jobs UNION ALL SELECT id FROM outbox').iterate();
    seller.sell();
    sitting.next();
    sellUntil(() => walBytes() > bounds.hardPages * pageBytes * 1.5);
    expect(tick()).toEqual({ kind: 'held', walBytes: walBytes() });
    sitting.return?.();
    expect(tick()).toMatchObject({ kind: 'cut' });
    sellUntil(() => walBytes() > 0);
    for (let sold = 0; sold < 300; sold++) seller.sell();
    expect(walBytes()).toBeLessThan((bounds.hardPages + 100) * pageBytes);
  });
});

describe('reads that end in time', () => {
  const endless = 'WITH RECURSIVE forever (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT orders.id, n FROM orders, forever';

  it('a query without end is cut, and holds the WAL no longer', () => {
    const { tick } = checkpointer();
    quiet = true;
    seller.sell();
    // Sales go on while it reads: the clock of this test is what lets them in, from within the query.
    const read = createShortReads(connect(true), () => {
      if (walBytes() <= bounds.walBytes) seller.sell();
      else if (isFirst) {
        isFirst = false;
        expect(tick()).toMatchObject({ kind: 'held' });
      }
      return performance.now();
    }, { rows: 1_000_000_000, ms: 500 });
    let isFirst = true;
    expect(read(endless, [])).toMatchObject({ ok: false, error: { detail: expect.stringContaining('500 ms') as string } });
    expect(isFirst).toBe(false);
    expect(tick()).toMatchObject({ kind: 'cut' });
  });

  it('a sum over very much is cut by its tick, too, though it has no first row yet', () => {
    seller.sell();
    const read = createShortReads(connect(true), () => performance.now(), { rows: 10, ms: 50 });
    expect(read(`SELECT sum(n) FROM (${endless}) WHERE tick() = 1`, [])).toMatchObject({ ok: false, error: { detail: expect.stringContaining('50 ms') as string } });
    expect(read('SELECT count(*) AS orders FROM orders', [])).toEqual({ ok: true, value: [{ orders: 1 }] });
  });

  it.each(['DELETE FROM orders', 'PRAGMA wal_checkpoint(TRUNCATE)', 'BEGIN', "INSERT INTO counters (name, next) VALUES ('x', 1) RETURNING next", 'SELECT nonsense', ''])('what does not read is refused: %s', (sql) => {
    const id = seller.sell();
    const read = createShortReads(connect(true), () => performance.now());
    expect(read(sql, [])).toMatchObject({ ok: false });
    expect(seller.reader.order(id)?.state).toBe('paid');
    expect(read('SELECT count(*) AS orders FROM orders', [])).toEqual({ ok: true, value: [{ orders: 1 }] });
  });

  it('no more rows than were asked for at most', () => {
    seller.sell();
    const read = createShortReads(connect(true), () => performance.now(), { rows: 5, ms: 5_000 });
    expect(read(`${endless} LIMIT 5`, [])).toMatchObject({ ok: true });
    expect(read(`${endless} LIMIT 6`, [])).toMatchObject({ ok: false });
  });
});
