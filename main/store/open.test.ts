import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CartId, OrderId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order/order.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import type { OpenStore, StoreOptions } from './open.ts';
import { openKeyed } from './connection.ts';
import { openStore } from './open.ts';
import { migrations } from './migrations/all.ts';
import { createStoreReader } from './reader.ts';
import { createStoreWriter } from './writer.ts';

const key = 'a1'.repeat(32);
const otherKey = 'b2'.repeat(32);
const words = ['planted-tea', '种下的茶', 'Planted Tea', '13912345678', 'plantedreceipttoken123'];

let folder: string;
let stores: OpenStore[];
let children: ChildProcess[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-open-'));
  stores = [];
  children = [];
});

afterEach(async () => {
  for (const store of stores) store.close();
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child);
  fs.rmSync(folder, { recursive: true });
});

function tryOpen(options: Partial<StoreOptions> = {}) {
  return openStore({ folder, keyHex: key, keyProvider: 'test', ...options });
}

function open(options: Partial<StoreOptions> = {}): OpenStore {
  const opened = tryOpen(options);
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  stores.push(opened.value);
  return opened.value;
}

function expectRefused(code: string, options: Partial<StoreOptions> = {}): void {
  const opened = tryOpen(options);
  if (opened.ok) opened.value.close();
  expect(opened).toMatchObject({ ok: false, error: { code } });
}

const id = (index: number) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;

function plantOrder({ database }: OpenStore): void {
  let ids = 100;
  const writer = createStoreWriter({ database, reader: createStoreReader(database), now: () => 1, newId: () => id(ids++) });
  const order: Order = {
    id: id(1) as OrderId, cartId: id(2) as CartId, number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1,
    lines: [{ offerId: 'planted-tea', name: { zh: '种下的茶', en: 'Planted Tea' }, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 500, total: 500, tax: { basisPoints: 600, included: true, amount: 28 }, form: { phone: '13912345678' }, fields: [] }],
    total: { amount: 500, currency: 'CNY' }, taxes: [], receiptToken: 'plantedreceipttoken123',
  };
  const shop: Shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '1', timeZone: 'UTC' };
  writer.placeOrder(order, shop, 'https://hq.example/r/plantedreceipttoken123');
}

/** The store's own files, byte for byte. The shared memory beside the WAL and the lock are made anew at each open. */
function bytes(): Record<string, string> {
  const names = fs.readdirSync(folder).filter((name) => name !== 'store.db-shm' && !name.startsWith('store.lock'));
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name)).toString('hex')]));
}

/** Another process that opens the store, does something with it and then stays. Resolves with what it said. */
async function otherProcess(then = ''): Promise<{ child: ChildProcess; said: string }> {
  const code = `
    import { openStore } from './open.ts';
    const opened = openStore(${JSON.stringify({ folder, keyHex: key, keyProvider: 'test' })});
    if (opened.ok) { const { database } = opened.value; ${then} }
    console.log(opened.ok ? 'open' : opened.error.code);
    setInterval(() => opened, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return { child, said: String(said).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('a new store', () => {
  it('is durable: WAL, synchronous FULL, foreign keys, the newest schema', () => {
    const { database } = open();
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(database.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.version);
  });

  it('is so again at each later open', () => {
    open().close();
    const { database } = open();
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
  });

  it('can be read by its owner alone', () => {
    const inside = path.join(folder, 'inside');
    const opened = openStore({ folder: inside, keyHex: key, keyProvider: 'test' });
    if (opened.ok) stores.push(opened.value);
    // Windows has no such modes; there the user's profile is closed to others.
    expect(process.platform === 'win32' || (fs.statSync(inside).mode & 0o777) === 0o700).toBe(true);
  });

  it('has migrations in rising order', () => {
    const versions = migrations.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((left, right) => left - right));
  });
});

describe('what lies on the disk', () => {
  it.each(['store.db-wal', 'store.db'])('holds no readable word of an order in %s', (file) => {
    const store = open();
    plantOrder(store);
    if (file === 'store.db') store.database.pragma('wal_checkpoint(TRUNCATE)');
    const found = fs.readFileSync(path.join(folder, file));
    expect(found.length).toBeGreaterThan(4096);
    for (const word of [...words, 'CREATE TABLE', 'SQLite format 3']) {
      expect(found.includes(Buffer.from(word))).toBe(false);
      expect(found.includes(Buffer.from(word, 'utf16le'))).toBe(false);
    }
    expect(createStoreReader(store.database).order(id(1) as OrderId)?.order.lines[0]?.name.en).toBe('Planted Tea');
  });
});

describe('a store that cannot be opened is named and left untouched', () => {
  it('wrong key', () => {
    const store = open();
    plantOrder(store);
    store.close();
    const before = bytes();
    expectRefused('STORE_KEY_REJECTED', { keyHex: otherKey });
    expect(bytes()).toEqual(before);
    expect(createStoreReader(open().database).order(id(1) as OrderId)).toBeDefined();
  });

  it('wrong key, after the process before was killed with orders still in the WAL', async () => {
    await kill((await otherProcess("database.exec('CREATE TABLE proof (word TEXT)')")).child);
    const before = bytes();
    expect(before['store.db-wal']?.length).toBeGreaterThan(0);
    expectRefused('STORE_KEY_REJECTED', { keyHex: otherKey });
    expect(bytes()).toEqual(before);
    expect(open().database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'proof'").get()).toEqual({ n: 1 });
  });

  it('another key provider', () => {
    open().close();
    const before = bytes();
    expectRefused('KEY_PROVIDER_CHANGED', { keyProvider: 'other' });
    expect(bytes()).toEqual(before);
    open();
  });

  it('another key provider whose key is refused does not become the provider', () => {
    open().close();
    fs.rmSync(path.join(folder, 'store.key-provider'));
    expectRefused('STORE_KEY_REJECTED', { keyHex: otherKey, keyProvider: 'other' });
    open().close();
    expectRefused('KEY_PROVIDER_CHANGED', { keyProvider: 'other' });
  });

  it('a newer schema', () => {
    const store = open();
    store.database.pragma(`user_version = ${(migrations.at(-1)?.version ?? 0) + 1}`);
    store.close();
    const before = bytes();
    expectRefused('STORE_TOO_NEW');
    expect(bytes()).toEqual(before);
  });

  it.each([
    ['text', Buffer.from('This is no database at all. '.repeat(400)), 'STORE_FOREIGN'],
    ['a few words', Buffer.from('rubbish'), 'STORE_FOREIGN'],
    ['a plain, unencrypted header', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8176, 1)]), 'STORE_FOREIGN'],
    ['pages under no key of ours', Buffer.from(Array.from({ length: 8192 }, (_, index) => (index * 37 + (index >> 8)) % 256)), 'STORE_FOREIGN'],
    ['nothing but zeros', Buffer.alloc(8192), 'STORE_DAMAGED'],
    ['a few bytes', Buffer.from([1, 2, 3, 200]), 'STORE_DAMAGED'],
  ])('rubbish, with no copy to go back to: %s', (_what, rubbish, code) => {
    open().close();
    fs.writeFileSync(path.join(folder, 'store.db'), rubbish);
    const before = bytes();
    expectRefused(code);
    expect(bytes()).toEqual(before);
  });

  it('a database that is gone, or empty, where there was one', () => {
    open().close();
    fs.rmSync(path.join(folder, 'store.db'));
    expectRefused('STORE_MISSING');
    fs.writeFileSync(path.join(folder, 'store.db'), '');
    expectRefused('STORE_MISSING');
    expect(fs.statSync(path.join(folder, 'store.db')).size).toBe(0);
  });

  it('a log without its database', () => {
    fs.writeFileSync(path.join(folder, 'store.db-wal'), 'left behind');
    expectRefused('STORE_MISSING');
  });

  it('nothing, where an earlier start died before it had made a store', () => {
    fs.writeFileSync(path.join(folder, 'store.db'), '');
    open();
  });

  it('a folder that is a file', () => {
    fs.writeFileSync(path.join(folder, 'inside'), '');
    expectRefused('STORE_FAILED', { folder: path.join(folder, 'inside') });
  });
});

describe('a key that is being changed', () => {
  it('the store opens with the one or the other, and says with which', () => {
    open().close();
    expect(open({ nextKeyHex: otherKey })).toMatchObject({ keyIndex: 0, keyHex: key });
    for (const store of stores) store.close();
    const database = openKeyed({ file: path.join(folder, 'store.db'), keyHex: key });
    database.pragma('journal_mode = DELETE');
    database.pragma(`rekey = "x'${otherKey}'"`);
    database.close();
    const store = open({ nextKeyHex: otherKey });
    expect(store).toMatchObject({ keyIndex: 1, keyHex: otherKey });
    expect(store.database.pragma('journal_mode', { simple: true })).toBe('wal');
    store.close();
    expectRefused('STORE_KEY_REJECTED');
    open({ keyHex: otherKey });
  });

  it('what a change that was killed has left is cleared away', () => {
    open().close();
    fs.writeFileSync(path.join(folder, 'store.db.rekeyed'), 'half');
    open();
    expect(fs.existsSync(path.join(folder, 'store.db.rekeyed'))).toBe(false);
  });
});

describe('a start that finds nothing wrong', () => {
  it('changes nothing and says nothing', () => {
    const store = open();
    plantOrder(store);
    store.close();
    open().close();
    const before = bytes();
    const events: unknown[] = [];
    const again = open({ onEvent: (event) => events.push(event) });
    expect(again.recovery).toBeUndefined();
    again.close();
    expect(bytes()).toEqual(before);
    expect(events).toEqual([]);
  });
});

describe('two processes', () => {
  it('the second is refused while the first runs, and let in when that was killed', async () => {
    const { child, said } = await otherProcess();
    expect(said).toBe('open');
    expectRefused('STORE_IN_USE');
    await kill(child);
    open();
  });

  it('a store that is open here is refused to another process', async () => {
    open();
    expect((await otherProcess()).said).toBe('STORE_IN_USE');
  });

  it('a refused open lets go of the lock', () => {
    open().close();
    expectRefused('STORE_KEY_REJECTED', { keyHex: otherKey });
    open();
  });
});
