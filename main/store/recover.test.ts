import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyed } from './connection.ts';
import { createCopyKeeper } from './copies.ts';
import type { DamageRig } from './open-rig.ts';
import { createDamageRig, flip, rigKey } from './open-rig.ts';
import { createOutbox } from './outbox.ts';
import type { DamageCause } from './recover.ts';

let rig: DamageRig;
beforeEach(() => {
  rig = createDamageRig();
});
afterEach(() => rig.remove());

const otherKey = 'b2'.repeat(32);
const pageBytes = 4096;
const copy = () => {
  const made = createCopyKeeper({ folder: rig.folder, now: rig.time }).make(rigKey);
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
};
const write = (bytes: Buffer | string) => {
  fs.rmSync(`${rig.file}-wal`, { force: true });
  fs.rmSync(`${rig.file}-shm`, { force: true });
  fs.writeFileSync(rig.file, bytes);
};
const bytesOf = (file: string) => fs.readFileSync(file).toString('hex');

/** Where a table or an index has its root, so that a test can break just that. */
function rootOf(name: string): number {
  const database = openKeyed({ file: rig.file, keyHex: rigKey });
  const page = Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name));
  database.close();
  return (page - 1) * pageBytes;
}

/** An index that lacks a row, as a bug or a lost write leaves it: its pages are whole. */
function loseIndexRows(index: string): void {
  const database = openKeyed({ file: rig.file, keyHex: rigKey });
  database.unsafeMode(true);
  const kept = database.prepare<[string], { type: string; name: string; tbl_name: string; rootpage: number; sql: string }>('SELECT * FROM sqlite_schema WHERE name = ?').get(index)!;
  database.pragma('writable_schema = ON');
  database.prepare('DELETE FROM sqlite_schema WHERE name = ?').run(index);
  database.close();
  const without = openKeyed({ file: rig.file, keyHex: rigKey });
  without.pragma('foreign_keys = OFF');
  without.exec(`UPDATE ${kept.tbl_name} SET order_id = order_id || 'x' WHERE id = (SELECT min(id) FROM ${kept.tbl_name})`);
  without.exec(`UPDATE ${kept.tbl_name} SET order_id = substr(order_id, 1, 36)`);
  without.exec(`DELETE FROM ${kept.tbl_name} WHERE id = (SELECT max(id) FROM ${kept.tbl_name})`);
  without.unsafeMode(true);
  without.pragma('writable_schema = ON');
  without.prepare('INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)').run(kept.type, kept.name, kept.tbl_name, kept.rootpage, kept.sql);
  without.close();
}

/** The files of another store, with its log. */
function otherStore(keyHex: string): { readonly database: Buffer; readonly log: Buffer } {
  const file = path.join(path.dirname(rig.folder), 'other.db');
  const database = openKeyed({ file, keyHex });
  database.pragma('journal_mode = WAL');
  database.exec('CREATE TABLE other (word TEXT)');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.exec("INSERT INTO other VALUES ('another store')");
  const log = fs.readFileSync(`${file}-wal`);
  database.close();
  return { database: fs.readFileSync(file), log };
}

/** Whether this process still has SQLite's lock on the store's file: closing any descriptor of the file takes it away. As Linux tells it. */
function isLockedForOthers(): boolean {
  const { ino } = fs.statSync(rig.file);
  return fs.readFileSync('/proc/locks', 'utf8').split('\n').some((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `));
}

/** The store holds these orders, each event once, every lane in one chain, and HQ is told. */
function expectWhole(orders: readonly string[], expected: { cause: DamageCause; from: string; needsHistory: boolean }): void {
  const store = rig.open();
  expect(rig.orders(store)).toEqual([...orders].sort());
  const { database } = store;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const placed = database.prepare<[], string>("SELECT json_extract(payload, '$.order.id') FROM outbox WHERE kind = 'order.placed' ORDER BY 1").pluck().all();
  expect(placed).toEqual([...orders].sort());
  const { last } = createOutbox(database).position('orders');
  const events = createOutbox(database).events('orders', 0, 1_000_000);
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(store.recovery).toMatchObject(expected);
  const told = database.prepare<[], string>("SELECT payload FROM outbox WHERE kind = 'store.recovered' ORDER BY position DESC").pluck().get()!;
  expect(JSON.parse(told)).toMatchObject({ cause: expected.cause, from: expected.from });
  expect(rig.events.some(({ code }) => code === 'STORE_RECOVERED')).toBe(true);
  store.close();
  // And that is all: the next start finds nothing more.
  rig.events.length = 0;
  rig.open().close();
  expect(rig.events).toEqual([]);
}

describe('each damage is recognised, and goes back to the newest copy and the journal, so that nothing is lost', () => {
  const cases: readonly [string, DamageCause, () => void][] = [
    ['a flipped bit in the first page', 'first_page', () => flip(rig.file, 2000)],
    ['a flipped bit in the salt', 'first_page', () => flip(rig.file, 3)],
    ['a flipped bit in a page of orders', 'page', () => flip(rig.file, rootOf('orders') + 100)],
    ['a page of zeros', 'page', () => {
      const at = rootOf('outbox');
      const bytes = fs.readFileSync(rig.file);
      bytes.fill(0, at, at + pageBytes);
      fs.writeFileSync(rig.file, bytes);
    }],
    ['a file that lacks its last pages', 'file_cut', () => fs.truncateSync(rig.file, pageBytes * 12)],
    ['a file that ends in a page', 'file_cut', () => fs.truncateSync(rig.file, pageBytes * 12 + 77)],
    ['a file of a few bytes', 'file_cut', () => fs.truncateSync(rig.file, 500)],
    ['a zeroed file', 'file_zeroed', () => write(Buffer.alloc(fs.statSync(rig.file).size))],
    ['an empty file', 'file_empty', () => write('')],
    ['no file', 'file_missing', () => fs.rmSync(rig.file)],
    ['a plain SQLite database', 'file_foreign', () => write(Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8176, 1)]))],
    ['a text', 'file_foreign', () => write('This is no database at all. '.repeat(400))],
    ['a database under another key', 'file_foreign', () => write(otherStore(otherKey).database)],
  ];

  it.each(cases)('%s', (_what, cause, harm) => {
    const before = rig.sell(5);
    copy();
    const after = rig.sell(4);
    harm();
    const found = fs.existsSync(rig.file) ? bytesOf(rig.file) : undefined;
    expectWhole([...before, ...after], { cause, from: 'copy', needsHistory: false });
    const [aside] = rig.damagedFolders();
    expect(aside === undefined ? undefined : bytesOf(path.join(rig.folder, aside, 'store.db'))).toBe(found);
  });

  it.each(cases)('%s, and no journal: the copy, in epochs that nobody has used, and HQ is asked', (_what, cause, harm) => {
    const before = rig.sell(5, 'close', { journal: false });
    copy();
    rig.sell(4, 'close', { journal: false });
    harm();
    expectWhole(before, { cause, from: 'copy', needsHistory: true });
    const store = rig.open();
    for (const lane of ['orders', 'stock', 'logs'] as const) expect(createOutbox(store.database).position(lane).epoch).toBe(2);
    // What was to be printed then came out long ago: a person looks, and nothing prints by itself.
    const open = store.database.prepare<[], string>("SELECT id FROM jobs WHERE state IN ('queued', 'doing') AND kind <> 'request_service' ORDER BY id").pluck().all();
    expect(open.length).toBe(5);
    expect([...store.recovery!.unfinishedPrints].sort()).toEqual(open);
  });

  it.each(cases)('%s, and no copy: from the journal alone, and HQ is asked', (_what, cause, harm) => {
    const orders = rig.sell(5);
    harm();
    expectWhole(orders, { cause, from: 'empty', needsHistory: true });
  });

  it.each(cases)('%s, and neither: it is refused and lies untouched', (_what, _cause, harm) => {
    rig.sell(5, 'close', { journal: false });
    harm();
    const names = () => fs.readdirSync(rig.folder).filter((name) => !name.startsWith('store.lock') && !name.endsWith('-shm')).sort().map((name) => [name, bytesOf(path.join(rig.folder, name))]);
    const found = names();
    const refused = rig.tryOpen();
    expect(refused).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^STORE_(DAMAGED|FOREIGN|MISSING)$/) as string } });
    expect(names()).toEqual(found);
  });
});

it('a broken page of orders, no copy, and a journal that is short: what events the file still tells is not lost', () => {
  const orders = rig.sell(5, 'close', { journal: false });
  orders.push(...rig.sell(4));
  flip(rig.file, rootOf('orders') + 100);
  const store = rig.open();
  expect(store.recovery).toMatchObject({ cause: 'page', from: 'empty', needsHistory: true });
  expect(rig.orders(store)).toEqual(orders.sort());
  expect(store.database.pragma('foreign_key_check')).toEqual([]);
  const { last } = createOutbox(store.database).position('orders');
  expect(createOutbox(store.database).events('orders', 0, 10_000).length).toBe(last);
});

it('a store that is open keeps its lock: nothing reads its file past SQLite', () => {
  rig.sell(1);
  const store = rig.open();
  store.database.prepare('SELECT count(*) FROM orders').get();
  expect(isLockedForOthers()).toBe(true);
});

it('an epoch that was being opened when the store was damaged is brought to its end', () => {
  rig.sell(80);
  const before = rig.open();
  createOutbox(before.database).beginEpoch('orders', 1, 2, 'kept');
  expect(createOutbox(before.database).continueEpochs()).toBe(true);
  before.close();
  const orders = rig.sell(3, 'kill');
  fs.truncateSync(`${rig.file}-wal`, 32 + 4096 + 24 + 100);
  fs.rmSync(`${rig.file}-shm`, { force: true });
  const store = rig.open();
  expect(store.recovery).toMatchObject({ cause: 'log', from: 'repair' });
  expect(createOutbox(store.database).continueEpochs()).toBe(false);
  const { epoch, last } = createOutbox(store.database).position('orders');
  expect(epoch).toBeGreaterThanOrEqual(2);
  expect(createOutbox(store.database).events('orders', 0, 10_000).length).toBe(last);
  const placed = store.database.prepare("SELECT count(*) FROM outbox WHERE kind = 'order.placed' AND epoch = ?").pluck().get(epoch);
  expect([placed, rig.orders(store).length]).toEqual([80 + orders.length, 80 + orders.length]);
});

describe('what can be derived is made anew, and nothing of the file is given up', () => {
  it('an index that lacks rows', () => {
    const orders = rig.sell(5);
    loseIndexRows('jobs_by_order');
    const found = bytesOf(rig.file);
    const store = rig.open();
    expect(store.recovery).toMatchObject({ cause: 'index', from: 'repair', needsHistory: false });
    expect(isLockedForOthers()).toBe(true);
    expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(rig.orders(store)).toEqual([...orders].sort());
    expect(bytesOf(path.join(rig.folder, rig.damagedFolders()[0]!, 'store.db'))).toBe(found);
  });

  it('a broken page of an index: every row is read past it, with its number', () => {
    const orders = rig.sell(5);
    const before = rig.open();
    const rows = before.database.prepare('SELECT rowid, * FROM outbox').all();
    before.close();
    flip(rig.file, rootOf('jobs_by_order') + 200);
    const found = bytesOf(rig.file);
    expectWhole(orders, { cause: 'page', from: 'repair', needsHistory: false });
    const store = rig.open();
    expect(store.database.prepare("SELECT rowid, * FROM outbox WHERE kind <> 'store.recovered'").all()).toEqual(rows);
    expect(createOutbox(store.database).position('orders').epoch).toBe(1);
    expect(bytesOf(path.join(rig.folder, rig.damagedFolders()[0]!, 'store.db'))).toBe(found);
  });
});

describe('two damages at once', () => {
  it.each([true, false])('a broken index page and a cut log, with a journal: %s', (hasJournal) => {
    const orders = rig.sell(5, 'close', { journal: hasJournal });
    const page = rootOf('jobs_by_order') + 200;
    orders.push(...rig.sell(3, 'kill', { journal: hasJournal }));
    // The log holds newer pages of the index, so it is cut before them.
    fs.truncateSync(`${rig.file}-wal`, 32 + 100);
    fs.rmSync(`${rig.file}-shm`, { force: true });
    flip(rig.file, page);
    const store = rig.open();
    expect(store.recovery).toMatchObject({ cause: 'page', from: 'repair', needsHistory: !hasJournal });
    expect(createOutbox(store.database).position('orders').epoch).toBe(hasJournal ? 1 : 2);
    expect(rig.orders(store)).toEqual(hasJournal ? orders.sort() : orders.slice(0, 5).sort());
  });
});

describe('the write-ahead log', () => {
  const frame = 24 + pageBytes;
  const cases: readonly [string, DamageCause, () => void][] = [
    ['is garbage', 'log', () => fs.writeFileSync(`${rig.file}-wal`, Buffer.alloc(50_000, 9))],
    ['has a broken header', 'log', () => flip(`${rig.file}-wal`, 17)],
    ['has a flipped bit in its middle', 'log', () => flip(`${rig.file}-wal`, 32 + 9 * frame + 24 + 500)],
    ['ends within a frame', 'log', () => fs.truncateSync(`${rig.file}-wal`, 32 + 12 * frame + 100)],
    ['is cut between two transactions', 'behind_journal', () => fs.truncateSync(`${rig.file}-wal`, 32 + 12 * frame)],
    ['is gone', 'behind_journal', () => fs.rmSync(`${rig.file}-wal`)],
    ["is another database's, under the same key", 'log_foreign', () => fs.writeFileSync(`${rig.file}-wal`, otherStore(rigKey).log)],
    ["is another database's, under another key", 'log_foreign', () => fs.writeFileSync(`${rig.file}-wal`, otherStore(otherKey).log)],
  ];

  it.each(cases)('%s: what it held comes from the journal, as it was', (_what, cause, harm) => {
    const before = rig.sell(5);
    const after = rig.sell(6, 'kill');
    const whole = rig.open();
    const events = createOutbox(whole.database).events('orders', 0, 1000);
    whole.close();
    // As before that look.
    rig.remove();
    rig = createDamageRig();
    const orders = [...rig.sell(5), ...rig.sell(6, 'kill')];
    expect([before.length + after.length, events.length]).toEqual([orders.length, events.length]);
    fs.rmSync(`${rig.file}-shm`, { force: true });
    harm();
    expectWhole(orders, { cause, from: 'repair', needsHistory: false });
    const store = rig.open();
    expect(createOutbox(store.database).position('orders').epoch).toBe(1);
    expect(createOutbox(store.database).position('orders').last).toBe(events.length + 1);
  });

  it.each(cases.filter(([, cause]) => cause !== 'behind_journal'))('%s, and there is no journal: it is kept, and the lanes leave their epochs', (_what, cause, harm) => {
    rig.sell(5, 'close', { journal: false });
    rig.sell(6, 'kill', { journal: false });
    fs.rmSync(`${rig.file}-shm`, { force: true });
    harm();
    const found = bytesOf(`${rig.file}-wal`);
    const store = rig.open();
    expect(store.recovery).toMatchObject({ cause, from: 'repair', needsHistory: true });
    expect(rig.orders(store).length).toBeGreaterThanOrEqual(5);
    expect(createOutbox(store.database).position('orders').epoch).toBe(2);
    expect(bytesOf(path.join(rig.folder, rig.damagedFolders()[0]!, 'store.db-wal'))).toBe(found);
  });

  it('without its shared memory, or with garbage in it, is read as it was', () => {
    const orders = [...rig.sell(5), ...rig.sell(6, 'kill')];
    fs.rmSync(`${rig.file}-shm`);
    rig.open().close();
    orders.push(...rig.sell(2, 'kill'));
    fs.writeFileSync(`${rig.file}-shm`, Buffer.alloc(32_768, 7));
    const store = rig.open();
    expect(rig.orders(store)).toEqual(orders.sort());
    expect(store.recovery).toBeUndefined();
  });
});
