import fs from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyed } from './connection.ts';
import { isCutShort, isStoreOf, keyFits, lookAtLog } from './integrity-files.ts';
import { checkAtStart, checkFile, checkPages, checkStore, wantsFullCheck } from './integrity.ts';
import type { DamageRig } from './open-rig.ts';
import { createDamageRig, flip, rigKey } from './open-rig.ts';

let rig: DamageRig;
beforeEach(() => {
  rig = createDamageRig();
});
afterEach(() => rig.remove());

const otherKey = 'b2'.repeat(32);
const rootOf = (name: string) => {
  const database = openKeyed({ file: rig.file, keyHex: rigKey });
  const page = Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name));
  database.close();
  return (page - 1) * 4096;
};

describe('the pages', () => {
  it('of a good store are well, in each depth', () => {
    rig.sell(3);
    const store = rig.open();
    for (const depth of ['quick', 'full'] as const) expect(checkPages(store.database, depth)).toEqual({ kind: 'well' });
    expect(checkAtStart(store.database, 1_000_000_000)).toEqual({ kind: 'well' });
  });

  it('are authenticated one by one: any flipped bit anywhere is found', () => {
    rig.sell(3);
    // Free pages hold nothing, and nobody looks at them.
    const store = rig.open();
    store.database.exec('VACUUM');
    store.close();
    const good = fs.readFileSync(rig.file);
    // What SQLCipher authenticates begins after the salt; the salt itself is under every page's key.
    fc.assert(fc.property(fc.nat(good.length * 8 - 1), (bit) => {
      const bytes = Buffer.from(good);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      fs.writeFileSync(rig.file, bytes);
      expect(checkFile({ file: rig.file, keyHex: rigKey }, 'quick').kind).toBe('page');
    }), { numRuns: 60 });
  });

  it('of a large store are looked at by what is small or money at a start, and all of them in the night, which asks for a full check', () => {
    rig.sell(3);
    flip(rig.file, rootOf('orders') + 700);
    const database = openKeyed({ file: rig.file, keyHex: rigKey });
    expect(checkAtStart(database, 1_000_000_000)).toEqual({ kind: 'well' });
    database.close();
    expect(wantsFullCheck(rig.folder)).toBe(false);
    expect(checkStore(rig.folder, { keyHex: rigKey }).kind).toBe('page');
    expect(wantsFullCheck(rig.folder)).toBe(true);
    flip(rig.file, rootOf('orders') + 700);
    rig.open().close();
    expect(wantsFullCheck(rig.folder)).toBe(false);
  });

  it('of money are looked at in every start, however large the store', () => {
    rig.sell(3);
    flip(rig.file, rootOf('payment_attempts') + 700);
    const database = openKeyed({ file: rig.file, keyHex: rigKey });
    expect(checkAtStart(database, 1_000_000_000).kind).toBe('page');
    database.close();
  });

  it('are checked in the night beside a sale, which does not wait', () => {
    rig.sell(3);
    const store = rig.open();
    store.database.exec('BEGIN IMMEDIATE');
    expect(checkStore(rig.folder, { keyHex: rigKey })).toEqual({ kind: 'well' });
    store.database.exec('ROLLBACK');
  });
});

describe('the files, before SQLite touches them', () => {
  it('tell their key', () => {
    rig.sell(1);
    expect([keyFits(rig.file, rigKey), keyFits(rig.file, otherKey)]).toEqual([true, false]);
    flip(rig.file, 3);
    expect(keyFits(rig.file, rigKey)).toBe(false);
    expect([isStoreOf(rig.file, rigKey, undefined), isStoreOf(rig.file, otherKey, undefined)]).toEqual([false, false]);
    const salt = fs.readFileSync(rig.file).subarray(0, 16);
    salt[3]! ^= 1;
    expect(isStoreOf(rig.file, rigKey, salt)).toBe(true);
  });

  it('tell that they are cut', () => {
    rig.sell(1);
    expect(isCutShort(rig.file, rigKey)).toBe(false);
    fs.truncateSync(rig.file, fs.statSync(rig.file).size - 4096);
    expect(isCutShort(rig.file, rigKey)).toBe(true);
  });

  it('a good log is whole, also one that was begun anew over an older one', () => {
    rig.sell(2, 'kill');
    expect(lookAtLog(rig.file, rigKey)).toEqual({ kind: 'whole' });
    const store = rig.open();
    store.database.exec('CREATE TABLE long (words TEXT)');
    for (let count = 0; count < 40; count++) store.database.exec("INSERT INTO long VALUES (hex(randomblob(3000)))");
    store.database.pragma('wal_checkpoint(RESTART)');
    store.database.exec("INSERT INTO long VALUES ('short')");
    expect(lookAtLog(rig.file, rigKey)).toEqual({ kind: 'whole' });
  });

  it('a log says of itself what SQLite would make of it: any flipped bit in its committed frames is found, and any cut within one', () => {
    rig.sell(2, 'kill');
    const good = fs.readFileSync(`${rig.file}-wal`);
    fc.assert(fc.property(fc.nat(good.length * 8 - 1), (bit) => {
      const bytes = Buffer.from(good);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      fs.writeFileSync(`${rig.file}-wal`, bytes);
      expect(lookAtLog(rig.file, rigKey).kind).not.toBe('none');
      // In the last frame the mark of a commit or a salt may be broken: then it is the beginning of a transaction without its end, or of an older log.
      if (bit >> 3 < good.length - 4120) expect(lookAtLog(rig.file, rigKey).kind).toBe('damaged');
    }), { numRuns: 100 });
    fs.writeFileSync(`${rig.file}-wal`, good.subarray(0, 32 + 4120 * 3 + 2000));
    expect(lookAtLog(rig.file, rigKey).kind).toBe('damaged');
  });
});
