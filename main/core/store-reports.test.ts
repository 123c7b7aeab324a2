import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogLine } from '../../domain/contract/hq.ts';
import type { OpenStore } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import type { SellerRig } from '../store/testing/seller-rig.ts';
import { createSellerRig } from '../store/testing/seller-rig.ts';
import type { StoreLink } from './store-link.ts';
import { startStoreLink } from './store-link.ts';
import type { StoreReports } from './store-reports.ts';
import { createStoreReports } from './store-reports.ts';

const keyHex = '2d'.repeat(32);
let folder: string;
let store: OpenStore;
let link: StoreLink;
let reports: StoreReports;
let seller: SellerRig;
let now: number;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-reports-'));
  const opened = openStore({ folder, keyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  store = opened.value;
  now = Date.UTC(2026, 0, 1);
  seller = createSellerRig(store.database, () => now);
  link = startStoreLink({ folder, keyHex, personalDays: 90, minFreeMegabytes: 1, timeZone: 'UTC', onEvent: () => undefined, onDamage: () => undefined });
  reports = createStoreReports(link);
});
afterEach(async () => {
  await link.stop();
  store.close();
  fs.rmSync(folder, { recursive: true });
});

it('counts what was placed in a time, by what became of it, and nothing of before or after', async () => {
  seller.sell();
  now += 1_000;
  const from = now;
  seller.approve(seller.startPaying());
  seller.approve(seller.startPaying());
  seller.startPaying();
  now += 1_000;
  const to = now;
  seller.sell();
  expect(await reports.sales(from, to)).toEqual({ ok: true, value: [
    { currency: 'CNY', state: 'awaiting_payment', orders: 1, sum: 500 },
    { currency: 'CNY', state: 'paid', orders: 2, sum: 1000 },
  ] });
  expect(await reports.sales(to + 1, to + 2)).toEqual({ ok: true, value: [] });
});

it('tells the newest lines of the log first', async () => {
  const tell = seller.emitter.transaction((...lines: LogLine[]) => void seller.emitter.emit('log.lines', { lines }));
  const line = (message: string): LogLine => ({ at: now, level: 'warn', message });
  tell(line('one'), line('two'));
  tell(line('three'));
  expect(await reports.logLines(2)).toMatchObject({ ok: true, value: [{ message: 'three' }, { message: 'two' }] });
  expect(await reports.logLines(10)).toMatchObject({ ok: true, value: [{ message: 'three' }, { message: 'two' }, { message: 'one' }] });
});
