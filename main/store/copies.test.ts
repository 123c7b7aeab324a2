import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyed } from './connection.ts';
import { createCopyKeeper } from './copies.ts';
import { copiesFolder, listCopies, verifyCopy } from './copies-files.ts';
import type { StoreEvent } from './integrity-events.ts';
import { wantsFullCheck } from './integrity.ts';
import { segmentsOf } from './journal.ts';
import type { DamageRig } from './open-rig.ts';
import { createDamageRig, flip, rigKey } from './open-rig.ts';

let rig: DamageRig;
let second: string;
beforeEach(() => {
  rig = createDamageRig();
  second = path.join(path.dirname(rig.folder), 'second');
});
afterEach(() => rig.remove());

const nextKey = 'c3'.repeat(32);
const keeper = (onEvent?: (event: StoreEvent) => void) => createCopyKeeper({ folder: rig.folder, secondFolder: second, now: rig.time, onEvent });
const names = (folder: string) => fs.readdirSync(folder).sort();
const make = (copies = keeper()) => {
  const made = copies.make(rigKey);
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
};
function rows(file: string, keyHex = rigKey): unknown[] {
  const database = openKeyed({ file, keyHex, readonly: true });
  const found = database.prepare('SELECT id FROM orders ORDER BY id').pluck().all();
  database.close();
  return found;
}

describe('a copy', () => {
  it('holds every order, under the same key, in both places, and no readable word', () => {
    const orders = rig.sell(3).sort();
    const made = make();
    for (const file of [made.file, path.join(second, path.basename(made.file))]) {
      expect(rows(file)).toEqual(orders);
      const bytes = fs.readFileSync(file);
      for (const word of ['Noodles', 'SQLite format 3', 'CREATE TABLE']) expect(bytes.includes(word)).toBe(false);
      expect(process.platform === 'win32' || (fs.statSync(file).mode & 0o077) === 0).toBe(true);
    }
  });

  it('is made while the kiosk sells, and has what was committed by then', () => {
    const before = rig.sell(2);
    const store = rig.open();
    store.database.exec('BEGIN IMMEDIATE');
    store.database.exec("UPDATE orders SET number = 'Z999'");
    // A sale is under way on the kiosk's own connection: without a journal the copy does not even wait for it.
    fs.rmSync(path.join(rig.folder, 'journal'), { recursive: true });
    const made = make();
    store.database.exec('COMMIT');
    expect(rows(made.file)).toEqual(before.sort());
    const database = openKeyed({ file: made.file, keyHex: rigKey, readonly: true });
    expect(database.prepare("SELECT count(*) FROM orders WHERE number = 'Z999'").pluck().get()).toBe(0);
    database.close();
  });

  it('stays until three newer ones are there, in each place, whatever the clock says', () => {
    rig.sell(1);
    let at = 2_000_000;
    const copies = createCopyKeeper({ folder: rig.folder, secondFolder: second, now: () => (at -= 1000) });
    for (let count = 1; count <= 5; count++) make(copies);
    for (const place of [copiesFolder(rig.folder), second]) expect(listCopies([place]).map(({ number }) => number)).toEqual([5, 4, 3]);
  });

  it('is not made where the kiosk would then have less room than it needs to sell; older ones go first, the newest stays', () => {
    rig.sell(1);
    for (let count = 1; count <= 3; count++) make();
    const { bavail, bsize } = fs.statfsSync(rig.folder);
    const refused = createCopyKeeper({ folder: rig.folder, now: rig.time, minFreeBytes: bavail * bsize }).make(rigKey);
    expect(refused).toMatchObject({ ok: false, error: { code: 'STORE_COPY_FAILED', detail: expect.stringContaining('no room') as string } });
    expect(listCopies([copiesFolder(rig.folder)]).map(({ number }) => number)).toEqual([3]);
    expect(createCopyKeeper({ folder: rig.folder, now: rig.time, minFreeBytes: (bavail * bsize) / 2 }).make(rigKey)).toMatchObject({ ok: true, value: { number: 4 } });
  });

  it('begins a segment of the journal, which reaches back to the oldest copy and no further', () => {
    for (let count = 1; count <= 5; count++) {
      rig.sell(1);
      make();
    }
    const segments = segmentsOf(path.join(rig.folder, 'journal'));
    const oldest = listCopies([copiesFolder(rig.folder)]).at(-1)!;
    expect(segments[0]).toBe(oldest.segment);
    expect(segments.length).toBe(3);
  });

  it('that was begun and not finished is none, and is cleared away', () => {
    rig.sell(1);
    make();
    for (const place of [copiesFolder(rig.folder), second]) fs.writeFileSync(path.join(place, 'store.draft'), 'half');
    expect(listCopies([copiesFolder(rig.folder), second])).toHaveLength(2);
    make();
    for (const place of [copiesFolder(rig.folder), second]) expect(names(place).some((name) => name.includes('draft'))).toBe(false);
  });

  it('is not made of a damaged store; the older ones stay, and the next start looks through everything', () => {
    rig.sell(3);
    const good = make();
    const database = openKeyed({ file: rig.file, keyHex: rigKey });
    const page = Number(database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'orders'").pluck().get());
    database.close();
    flip(rig.file, (page - 1) * 4096 + 99);
    expect(keeper().make(rigKey)).toMatchObject({ ok: false, error: { code: 'STORE_COPY_FAILED' } });
    expect(names(copiesFolder(rig.folder))).toEqual([path.basename(good.file)]);
    expect(wantsFullCheck(rig.folder)).toBe(true);
  });

  it('after the key was changed is under the new one, and none of the old is left', () => {
    const orders = rig.sell(2).sort();
    make();
    make();
    const database = openKeyed({ file: rig.file, keyHex: rigKey });
    database.pragma('journal_mode = DELETE');
    database.pragma(`rekey = "x'${nextKey}'"`);
    database.close();
    fs.rmSync(path.join(rig.folder, 'journal'), { recursive: true });
    const made = keeper().remake(nextKey);
    expect(made.ok).toBe(true);
    const copies = listCopies([copiesFolder(rig.folder), second]);
    expect(copies.map(({ number }) => number)).toEqual([3, 3]);
    for (const { file } of copies) expect(rows(file, nextKey)).toEqual(orders);
  });
});

describe('the second place', () => {
  it('that is away is said once, and again when it is back; the first is not harmed', () => {
    rig.sell(1);
    const away = path.join(path.dirname(rig.folder), 'unplugged', 'kiosk');
    const events: StoreEvent[] = [];
    const copies = createCopyKeeper({ folder: rig.folder, secondFolder: away, now: rig.time, onEvent: (event) => events.push(event) });
    make(copies);
    make(copies);
    expect(events).toMatchObject([{ level: 'warn', code: 'STORE_COPY_FAILED' }]);
    expect(listCopies([copiesFolder(rig.folder)])).toHaveLength(2);
    fs.mkdirSync(path.dirname(away));
    make(copies);
    expect(events.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(listCopies([away])).toHaveLength(1);
  });

  it('that is a file harms nothing', () => {
    rig.sell(1);
    fs.writeFileSync(second, 'no folder');
    const events: StoreEvent[] = [];
    make(keeper((event) => events.push(event)));
    expect(events).toMatchObject([{ level: 'warn' }]);
    expect(fs.readFileSync(second, 'utf8')).toBe('no folder');
  });
});

describe('going back', () => {
  const destroy = () => fs.writeFileSync(rig.file, Buffer.alloc(8192));
  const spoil = (file: string) => flip(file, 4096 * 3 + 50);

  it('takes the newest copy that is whole, whichever place it is in', () => {
    const kept = rig.sell(2, 'close', { journal: false });
    make();
    kept.push(...rig.sell(1, 'close', { journal: false }));
    const newest = make();
    spoil(newest.file);
    destroy();
    const store = rig.open({ secondFolder: second });
    expect(rig.orders(store)).toEqual(kept.sort());
    expect(store.recovery).toMatchObject({ cause: 'file_zeroed', from: 'copy', copyAt: newest.madeAt });
    expect(rig.events.some(({ message, fields }) => message.includes('copy') && fields?.['file'] === path.basename(newest.file))).toBe(true);
  });

  it('takes an older one where the newest is broken in both', () => {
    const older = rig.sell(2, 'close', { journal: false });
    const first = make();
    rig.sell(1, 'close', { journal: false });
    const newest = make();
    for (const place of [copiesFolder(rig.folder), second]) spoil(path.join(place, path.basename(newest.file)));
    destroy();
    const store = rig.open({ secondFolder: second });
    expect(rig.orders(store)).toEqual(older.sort());
    expect(store.recovery).toMatchObject({ copyAt: first.madeAt, needsHistory: true });
  });

  it('finds what a new disk has lost on the second place, rather than to begin anew in silence', () => {
    const orders = rig.sell(2);
    make();
    fs.rmSync(rig.folder, { recursive: true });
    const store = rig.open({ secondFolder: second });
    expect(rig.orders(store)).toEqual(orders.sort());
    expect(store.recovery).toMatchObject({ cause: 'file_missing', from: 'copy', needsHistory: true });
  });

  it('does not take copies that the key does not open', () => {
    rig.sell(2, 'close', { journal: false });
    make();
    destroy();
    const refused = rig.tryOpen({ keyHex: nextKey, secondFolder: second });
    expect(refused).toMatchObject({ ok: false, error: { code: 'STORE_DAMAGED' } });
    expect(fs.readFileSync(rig.file).every((byte) => byte === 0)).toBe(true);
  });

  it('does not take one that a newer Counter24 made', () => {
    rig.sell(1);
    const { file } = make();
    const database = openKeyed({ file, keyHex: rigKey });
    database.pragma('user_version = 99');
    database.close();
    expect(verifyCopy({ file, keyHex: rigKey }, 3)).toEqual({ ok: false, error: 'its schema is version 99' });
  });
});
