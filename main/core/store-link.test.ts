import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyed } from '../store/connection.ts';
import { copiesFolder, listCopies } from '../store/copies-files.ts';
import type { StoreEvent } from '../store/integrity-events.ts';
import type { OpenStore } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import { rekeyStore } from '../store/rekey.ts';
import type { SellerRig } from '../store/testing/seller-rig.ts';
import { createSellerRig } from '../store/testing/seller-rig.ts';
import type { StoreLink } from './store-link.ts';
import { startStoreLink } from './store-link.ts';

const keyHex = '7b'.repeat(32);
let folder: string;
let store: OpenStore;
let seller: SellerRig;
let link: StoreLink;
let events: StoreEvent[];
let damages: string[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-link-'));
  const opened = openStore({ folder, keyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  store = opened.value;
  seller = createSellerRig(store.database);
  events = [];
  damages = [];
  link = begin();
});
afterEach(async () => {
  await link.stop();
  store.close();
  fs.rmSync(folder, { recursive: true });
});

function begin(): StoreLink {
  return startStoreLink({
    folder, keyHex, personalDays: 90, minFreeMegabytes: 1, timeZone: 'Asia/Shanghai',
    onEvent: (event) => events.push(event), onDamage: (detail) => damages.push(detail),
  });
}

const countTo = (n: number) => `WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < ${n}) SELECT count(*) FROM counting`;

describe('a long report', () => {
  it('does not make a sale wait: sales are begun and ended between its snapshot and its answer', async () => {
    for (let order = 0; order < 3; order++) seller.sell();
    const progress = { isAnswered: false };
    const answering = link.read(`SELECT (SELECT count(*) FROM orders) AS orders, (${countTo(600_000)}) AS counted`).then((result) => {
      progress.isAnswered = true;
      return result;
    });
    let sold = 3;
    while (!progress.isAnswered) {
      expect(seller.reader.order(seller.sell())?.state).toBe('paid');
      sold += 1;
      await turn();
    }
    const answer = await answering;
    if (!answer.ok) throw new Error(answer.error.detail);
    const [row] = answer.value;
    expect(row?.counted).toBe(600_000);
    // What it does not know of was sold while it ran.
    expect(sold - Number(row?.orders)).toBeGreaterThan(5);
  });

  it('is told what is committed, and writes nothing', async () => {
    const id = seller.sell();
    expect(await link.read('SELECT id, state FROM orders WHERE id = ?', [id])).toEqual({ ok: true, value: [{ id, state: 'paid' }] });
    for (const sql of ['DELETE FROM orders', 'DROP TABLE orders', 'nonsense']) expect(await link.read(sql)).toMatchObject({ ok: false });
    expect(seller.reader.order(id)?.state).toBe('paid');
  });
});

describe('a chore', () => {
  it('makes an encrypted copy of what is committed, while sales go on', async () => {
    const before = seller.sell();
    const copying = link.run('copy');
    seller.sell();
    expect(await copying).toEqual({ ok: true });
    const [copy] = listCopies([copiesFolder(folder)]);
    const database = openKeyed({ file: copy!.file, keyHex, readonly: true });
    expect(database.prepare('SELECT id FROM orders WHERE id = ?').pluck().get(before)).toBe(before);
    database.close();
  });

  it('finds the store whole, or says where it is broken', async () => {
    for (let order = 0; order < 50; order++) seller.sell();
    store.database.pragma('wal_checkpoint(TRUNCATE)');
    expect(await link.run('check')).toEqual({ ok: true });
    expect(damages).toEqual([]);
    const file = path.join(folder, 'store.db');
    const good = fs.readFileSync(file);
    const bad = Buffer.from(good);
    for (let page = 10; page < bad.length / 4096; page++) bad[page * 4096 + 50]! ^= 1;
    fs.writeFileSync(file, bad);
    await link.run('check');
    expect(damages).toHaveLength(1);
    fs.writeFileSync(file, good);
  });

  it('forgets on its own connection', async () => {
    expect(await link.run('forget')).toEqual({ ok: true });
  });
});

describe('the thread', () => {
  it('leaves no connection behind when it has stopped: the key can be changed, and another thread works under the new one', async () => {
    seller.sell();
    await link.run('forget');
    await link.stop();
    store.close();
    const nextKeyHex = '8c'.repeat(32);
    const deps = { folder, keyHex, nextKeyHex, keyProvider: 'test', rewriteJournal: () => ({ ok: true, value: undefined }) as const, remakeCopies: () => ({ ok: true, value: undefined }) as const };
    expect(rekeyStore(deps)).toMatchObject({ ok: true });
  });

  it('answers what was asked when it is stopped, or says that it stops; afterwards it says that it does not run', async () => {
    const asked = [link.read('SELECT 1 AS one'), link.read(`${countTo(300_000)}`), link.run('check')];
    await link.stop();
    for (const result of await Promise.all(asked)) expect(typeof result.ok).toBe('boolean');
    expect(await link.read('SELECT 1 AS one')).toMatchObject({ ok: false, error: { code: 'STORE_FAILED' } });
    expect(events.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('dies of a store that does not open, says so, settles what was asked, and is started again', async () => {
    await link.stop();
    const file = path.join(folder, 'store.db');
    store.database.pragma('wal_checkpoint(TRUNCATE)');
    fs.renameSync(file, `${file}.away`);
    fs.writeFileSync(file, Buffer.alloc(8192, 1));
    link = begin();
    expect(await link.read('SELECT 1 AS one')).toMatchObject({ ok: false, error: { code: 'STORE_FAILED' } });
    expect(events).toMatchObject([{ level: 'error', code: 'STORE_FAILED' }]);
    fs.rmSync(file);
    fs.renameSync(`${file}.away`, file);
    for (let result = await link.read('SELECT 1 AS one'); !result.ok; result = await link.read('SELECT 1 AS one')) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await link.read('SELECT 1 AS one')).toEqual({ ok: true, value: [{ one: 1 }] });
  });
});
