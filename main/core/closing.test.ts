import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DayClosing } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { createClosings } from '../store/closing.ts';
import type { Emitter } from '../store/emitter.ts';
import { createEmitter } from '../store/emitter.ts';
import type { OpenStore } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import type { DayCloser } from './closing.ts';
import { createDayCloser } from './closing.ts';

let folder: string;
let store: OpenStore;
let emitter: Emitter;
let closer: DayCloser | undefined;
let canSign: boolean;
let closed: DayClosing[];
let problems: unknown[];
let ids: number;

beforeEach(() => {
  // 23:58 in Shanghai.
  vi.useFakeTimers({ now: Date.parse('2026-11-22T15:58:00Z') });
  [canSign, closed, problems, ids] = [true, [], [], 0];
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'core-closing-'));
  const opened = openStore({ folder, keyHex: 'ab'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  store = opened.value;
  emitter = createEmitter({ database: store.database, now: Date.now, newId: () => uuidV7From(++ids, new Uint8Array(10)) });
});
afterEach(() => {
  closer?.stop();
  store.close();
  fs.rmSync(folder, { recursive: true });
  vi.useRealTimers();
});

function start(): void {
  const sign = () => {
    if (!canSign) throw new Error('no key');
    return 'signature';
  };
  const closings = createClosings({ database: store.database, emitter, kioskId: 'kiosk-001' as KioskId, now: Date.now, sign });
  closer = createDayCloser({ closings, now: Date.now, timeZone: () => 'Asia/Shanghai', onClosed: (closing) => closed.push(closing), onProblem: (cause) => problems.push(cause) });
}
const move = () => emitter.transaction(() => void emitter.emit('stock.moved', { offerId: 'umbrella', change: -1, left: 3, reason: 'reserved' }))();
const days = () => closed.map(({ day }) => day);
const pieces = () => closed.map(({ stock }) => stock['reserved'] ?? 0);

test('a day is closed within half a minute after midnight where the shop is, once', async () => {
  move();
  start();
  await vi.advanceTimersByTimeAsync(119_000);
  expect(days()).toEqual([]);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(days()).toEqual(['2026-11-22']);
  move();
  await vi.advanceTimersByTimeAsync(3 * 86_400_000);
  expect(days()).toEqual(['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25']);
  expect(pieces()).toEqual([-1, -1, 0, 0]);
});

test('days without power are in one closing, at the first start after them', () => {
  move();
  vi.setSystemTime(Date.parse('2026-11-24T03:00:00Z'));
  move();
  vi.setSystemTime(Date.parse('2026-11-26T03:00:00Z'));
  start();
  expect(days()).toEqual(['2026-11-25']);
  expect(pieces()).toEqual([-2]);
  closer?.look();
  expect(closed).toHaveLength(1);
});

test('a store in which nothing has ever happened closes nothing', async () => {
  start();
  await vi.advanceTimersByTimeAsync(5 * 86_400_000);
  expect(closed).toEqual([]);
});

test('a clock that jumps a year and back closes twice more, counts each piece once, and goes on day by day', async () => {
  move();
  start();
  vi.setSystemTime(Date.parse('2027-11-22T15:58:00Z'));
  closer?.look();
  move();
  move();
  vi.setSystemTime(Date.parse('2026-11-22T15:59:00Z'));
  closer?.look();
  closer?.look();
  expect(days()).toEqual(['2027-11-21', '2026-11-21']);
  move();
  await vi.advanceTimersByTimeAsync(86_400_000 + 60_000);
  expect(days()).toEqual(['2027-11-21', '2026-11-21', '2026-11-22', '2026-11-23']);
  expect(pieces()).toEqual([-1, -2, -1, 0]);
});

test('a closing that fails is made at the next look, and leaves nothing out', async () => {
  move();
  canSign = false;
  start();
  await vi.advanceTimersByTimeAsync(180_000);
  expect(problems.length).toBeGreaterThan(0);
  move();
  canSign = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(days()).toEqual(['2026-11-22']);
  expect(pieces()).toEqual([-2]);
});
