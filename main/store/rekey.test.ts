import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { openKeyed } from './connection.ts';
import { copiesFolder, listCopies, verifyCopy } from './copies-files.ts';
import { createCopyKeeper } from './copies.ts';
import { createEmitter } from './emitter.ts';
import { createJournal } from './journal.ts';
import { migrations } from './migrations/all.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import type { RekeyDeps } from './rekey.ts';
import { rekeyAll } from './rekey-all.ts';
import { fingerprintOf, rekeySteps, rekeyStore } from './rekey.ts';
import { createSellerRig } from './testing/seller-rig.ts';

const keyHex = 'a1'.repeat(32);
const nextKeyHex = 'b2'.repeat(32);
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-rekey-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function valueOf<T, E extends { readonly code: string; readonly detail: string }>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail}`);
  return result.value;
}

const open = (key: string): OpenStore => valueOf(openStore({ folder, keyHex: key, keyProvider: 'test' }));
const nothingElse = { rewriteJournal: () => ok(), remakeCopies: () => ok() };
const rekey = (more: Partial<RekeyDeps> = {}) => rekeyStore({ folder, keyHex, nextKeyHex, keyProvider: 'test', ...nothingElse, ...more });

/** Every row of every table in the order in which it lies, and every index. */
function contents(key: string): string {
  const store = open(key);
  const tables = store.database.prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  const text = JSON.stringify(tables.map(({ name, sql }) => [sql, sql.startsWith('CREATE TABLE') ? store.database.prepare(`SELECT * FROM "${name}"`).all() : []]));
  store.close();
  return text;
}

/** Orders, a payment under way, one that was approved. Answers what the store holds. */
function fill(): string {
  const store = open(keyHex);
  const seller = createSellerRig(store.database);
  for (let order = 0; order < 30; order++) seller.sell();
  seller.approve(seller.startPaying());
  seller.startPaying();
  store.close();
  return contents(keyHex);
}

/** Which of the two keys opens the store now, and that the other does not. */
function keyOfStore(): string {
  const opening = [keyHex, nextKeyHex].filter((key) => {
    const database = openKeyed({ file: path.join(folder, 'store.db'), keyHex: key });
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return true;
    } catch {
      return false;
    } finally {
      database.close();
    }
  });
  expect(opening).toHaveLength(1);
  return opening[0]!;
}

/** The key in force, as a kiosk finds it that was given both. */
function keyWithBoth(): string {
  const store = valueOf(openStore({ folder, keyHex, nextKeyHex, keyProvider: 'test' }));
  store.close();
  return store.keyHex;
}

describe('a new key', () => {
  it('opens the whole store, a payment under way and the order of all payments with it; the old one does not', () => {
    const before = fill();
    expect(valueOf(rekey())).toEqual({ keyHex: nextKeyHex });
    expect(openStore({ folder, keyHex, keyProvider: 'test' })).toMatchObject({ ok: false });
    expect(contents(nextKeyHex)).toBe(before);
    expect(fs.readdirSync(folder).filter((name) => name.includes('rekeyed'))).toEqual([]);
  });

  it('takes in what a kill had left in the WAL', async () => {
    const said = await runUntilKilled(`
      import { createSellerRig } from './testing/seller-rig.ts';
      import { openStore } from './open.ts';
      const opened = openStore(${JSON.stringify({ folder, keyHex, keyProvider: 'test' })});
      opened.value.database.pragma('wal_autocheckpoint = 0');
      const seller = createSellerRig(opened.value.database);
      for (;;) say(seller.sell());`, 25);
    expect(fs.statSync(path.join(folder, 'store.db-wal')).size).toBeGreaterThan(0);
    valueOf(rekey());
    const store = open(nextKeyHex);
    const { reader } = createSellerRig(store.database);
    expect(said.filter((id) => reader.order(id as never)?.state !== 'paid')).toEqual([]);
    store.close();
  });

  it('is sold under at once, in WAL mode and FULL as before', () => {
    fill();
    valueOf(rekey());
    const store = open(nextKeyHex);
    expect([store.database.pragma('journal_mode', { simple: true }), store.database.pragma('synchronous', { simple: true })]).toEqual(['wal', 2]);
    expect(createSellerRig(store.database).sell()).toBeTruthy();
    store.close();
  });

  it('is taken once: called again it changes nothing', () => {
    const before = fill();
    valueOf(rekey());
    const { ino } = fs.statSync(path.join(folder, 'store.db'));
    expect(valueOf(rekey())).toEqual({ keyHex: nextKeyHex });
    expect(fs.statSync(path.join(folder, 'store.db')).ino).toBe(ino);
    expect(contents(nextKeyHex)).toBe(before);
  });
});

describe('refused, and nothing changed', () => {
  it.each([
    ['a worker has the store open', () => {
      const other = openKeyed({ file: path.join(folder, 'store.db'), keyHex });
      other.prepare('SELECT count(*) FROM orders').get();
      return () => other.close();
    }, 'STORE_REKEY_FAILED'],
    ['another kiosk runs on the folder', () => {
      const store = open(keyHex);
      return () => store.close();
    }, 'STORE_REKEY_FAILED'],
    ['the provider is another', () => {
      fs.writeFileSync(path.join(folder, 'store.key-provider'), 'somebody\n');
      return () => fs.writeFileSync(path.join(folder, 'store.key-provider'), 'test\n');
    }, 'KEY_PROVIDER_CHANGED'],
    ['a page is damaged', () => {
      const file = path.join(folder, 'store.db');
      const good = fs.readFileSync(file);
      const bad = Buffer.from(good);
      bad[bad.length - 2000]! ^= 1;
      fs.writeFileSync(file, bad);
      return () => fs.writeFileSync(file, good);
    }, 'STORE_REKEY_FAILED'],
  ])('%s', (_what, prepare, code) => {
    const before = fill();
    const lift = prepare();
    expect(rekey()).toMatchObject({ ok: false, error: { code } });
    lift();
    expect(keyOfStore()).toBe(keyHex);
    expect(contents(keyHex)).toBe(before);
    expect(fs.readdirSync(folder).filter((name) => name.includes('rekeyed'))).toEqual([]);
  });

  it('there is no store, or an empty file', () => {
    expect(rekey()).toMatchObject({ ok: false, error: { code: 'STORE_MISSING' } });
    fs.writeFileSync(path.join(folder, 'store.db'), '');
    expect(rekey()).toMatchObject({ ok: false, error: { code: 'STORE_MISSING' } });
    expect(fs.readdirSync(folder)).toEqual(['store.db']);
  });

  it('neither key is the right one', () => {
    const before = fill();
    expect(rekey({ keyHex: 'c3'.repeat(32) })).toMatchObject({ ok: false, error: { code: 'STORE_REKEY_FAILED' } });
    expect(contents(keyHex)).toBe(before);
  });
});

const isUnderNext = (step: (typeof rekeySteps)[number]) => rekeySteps.indexOf(step) >= rekeySteps.indexOf('swapped');

describe('what hangs on the store', () => {
  it.each(['rewriteJournal', 'remakeCopies'] as const)('%s failed: the store is under the next key, the old one is still wanted, and the next call finishes it', (name) => {
    const before = fill();
    expect(valueOf(rekey({ [name]: () => err(codedError('STORE_COPY_FAILED', 'no second disk')) }))).toMatchObject({ keyHex: nextKeyHex, waiting: { code: 'STORE_COPY_FAILED' } });
    const done: string[] = [];
    const again = rekey({ rewriteJournal: () => ok(done.push('journal')), remakeCopies: () => ok(done.push('copies')) });
    expect(again).toEqual(ok({ keyHex: nextKeyHex }));
    expect(done).toEqual(['journal', 'copies']);
    expect(contents(nextKeyHex)).toBe(before);
  });

  it('is brought over only after the store itself', () => {
    fill();
    const order: string[] = [];
    valueOf(rekey({ onStep: (step) => order.push(step), rewriteJournal: () => ok(order.push('journal')), remakeCopies: () => ok(order.push('copies')) }));
    expect(order).toEqual([...rekeySteps.slice(0, 6), 'journal', 'journal_rewritten', 'copies', 'copies_remade']);
  });
});

describe('everything that a kiosk keeps', () => {
  const all = (onStep?: RekeyDeps['onStep']) => rekeyAll({ folder, keyHex, nextKeyHex, keyProvider: 'test', now: Date.now, ...(onStep ? { onStep } : {}) });

  /** Sells with a journal and copies, as a kiosk does, more of it after the last copy than before. */
  function sellWithJournal(): string[] {
    const store = open(keyHex);
    const journal = createJournal({ folder: path.join(folder, 'journal'), keyHex, onProblem: (problem) => { throw new Error(JSON.stringify(problem)); } });
    const seller = createSellerRig(store.database, Date.now, (deps) => createEmitter({ ...deps, journal }));
    const sold = [seller.sell(), seller.sell()];
    valueOf(createCopyKeeper({ folder, now: Date.now }).make(keyHex));
    for (let order = 0; order < 5; order++) sold.push(seller.sell());
    journal.close();
    store.close();
    return sold;
  }

  /** Whether a store whose file is lost comes back with all that was sold, from copies and journal, by the new key alone. */
  function comesBack(sold: readonly string[]): void {
    fs.rmSync(path.join(folder, 'store.db'));
    const store = open(nextKeyHex);
    const { reader } = createSellerRig(store.database);
    expect(sold.filter((id) => reader.order(id as never)?.state !== 'paid')).toEqual([]);
    store.close();
  }

  const copiesThatOpen = (key: string) => listCopies([copiesFolder(folder)]).map(({ file }) => verifyCopy({ file, keyHex: key }, migrations.at(-1)!.version).ok);

  it('is under the new key: the old one opens neither store nor copy, and a lost file comes back by the new one', () => {
    const sold = sellWithJournal();
    expect(valueOf(all())).toEqual({ keyHex: nextKeyHex });
    expect(copiesThatOpen(nextKeyHex)).toEqual([true]);
    expect(copiesThatOpen(keyHex)).toEqual([false]);
    comesBack(sold);
  });

  it.each(rekeySteps)('broken off after "%s" and gone on with: a lost file comes back by the new key', (last) => {
    const sold = sellWithJournal();
    all((step) => {
      if (step === last) throw new Error('broken off');
    });
    expect(valueOf(all())).toEqual({ keyHex: nextKeyHex });
    expect(copiesThatOpen(nextKeyHex)).toContain(true);
    comesBack(sold);
  });
});

describe('broken off', () => {
  it.each(rekeySteps)('by an error after "%s": nothing is lost, and the next call goes on', (last) => {
    const before = fill();
    const broken = rekey({
      onStep: (step) => {
        if (step === last) throw new Error('broken off');
      },
    });
    expect(broken.ok).toBe(isUnderNext(last));
    const key = keyOfStore();
    expect(key).toBe(isUnderNext(last) ? nextKeyHex : keyHex);
    expect(contents(key)).toBe(before);
    expect(valueOf(rekey())).toEqual({ keyHex: nextKeyHex });
    expect(contents(nextKeyHex)).toBe(before);
  });

  it.each(rekeySteps)('by SIGKILL after "%s": one of the two keys opens it, all is there, and the next call goes on', async (last) => {
    const before = fill();
    await runUntilKilled(`
      import { rekeyStore } from './rekey.ts';
      rekeyStore({ ...${JSON.stringify({ folder, keyHex, nextKeyHex, keyProvider: 'test' })}, rewriteJournal: () => ({ ok: true }), remakeCopies: () => ({ ok: true }),
        onStep(step) {
          if (step !== ${JSON.stringify(last)}) return;
          say(step);
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        } });`, 1);
    const key = keyOfStore();
    expect(key).toBe(isUnderNext(last) ? nextKeyHex : keyHex);
    expect(keyWithBoth()).toBe(key);
    expect(contents(key)).toBe(before);
    expect(valueOf(rekey())).toEqual({ keyHex: nextKeyHex });
    expect(keyWithBoth()).toBe(nextKeyHex);
    expect(contents(nextKeyHex)).toBe(before);
    expect(fs.readdirSync(folder).filter((name) => name.includes('rekeyed'))).toEqual([]);
  });
});

it('a fingerprint names a key and gives nothing of it away', () => {
  expect(fingerprintOf(keyHex)).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprintOf(keyHex)).not.toBe(fingerprintOf(nextKeyHex));
  expect(keyHex).not.toContain(fingerprintOf(keyHex));
});

/** Runs a program in a process of its own, kills it when it has said so many lines, and answers them. */
async function runUntilKilled(program: string, lines: number): Promise<string[]> {
  const source = `import fs from 'node:fs'; const say = (text) => fs.writeSync(1, text + '\\n');\n${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return said;
}
