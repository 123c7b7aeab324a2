import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DiskState, DiskWatch } from './disk.ts';
import { diskStateAfter, isDiskFull, watchDisk } from './disk.ts';
import { runOnSmallDisk } from './testing/small-disk.ts';

const megabyte = 1024 * 1024;

describe('the state of the disk', () => {
  it('is full below its bound, low below twice its bound, well above', () => {
    const states = [0, 99, 100, 199, 200, 1000].map((free) => diskStateAfter('well', free, 100));
    expect(states).toEqual(['full', 'full', 'low', 'low', 'well', 'well']);
  });

  it('gets better only with a little more room than what made it worse', () => {
    expect([100, 109, 110, 219].map((free) => diskStateAfter('full', free, 100))).toEqual(['full', 'full', 'low', 'low']);
    expect([200, 219, 220].map((free) => diskStateAfter('low', free, 100))).toEqual(['low', 'low', 'well']);
    expect(diskStateAfter('full', 1000, 100)).toBe('well');
  });

  it('never switches to and fro while the room stays the same, and never calls less room better', () => {
    const order: DiskState[] = ['full', 'low', 'well'];
    fc.assert(fc.property(fc.constantFrom(...order), fc.nat(500), fc.nat(500), (before, free, more) => {
      const state = diskStateAfter(before, free, 100);
      expect(diskStateAfter(state, free, 100)).toBe(state);
      expect(order.indexOf(diskStateAfter(before, free + more, 100))).toBeGreaterThanOrEqual(order.indexOf(state));
      if (free < 100) expect(state).toBe('full');
    }));
  });
});

describe('the watch', () => {
  let free: number | Error;
  let asked: number;
  let seen: [DiskState, number][];
  let unknown: unknown[];
  let watch: DiskWatch;

  beforeEach(async () => {
    vi.useFakeTimers();
    free = 1000 * megabyte;
    asked = 0;
    seen = [];
    unknown = [];
    watch = watchDisk({
      folder: '/store', minFreeMegabytes: 100, timers: { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
      onState: (state, bytes) => seen.push([state, bytes]), onUnknown: (cause) => unknown.push(cause),
      freeBytes: () => {
        asked += 1;
        return free instanceof Error ? Promise.reject(free) : Promise.resolve(free);
      },
    });
    await vi.advanceTimersByTimeAsync(0);
  });
  afterEach(() => {
    watch.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('tells of each change once, and goes on by itself when there is room', async () => {
    expect(seen).toEqual([]);
    free = 150 * megabyte;
    await vi.advanceTimersByTimeAsync(30_000);
    free = 5 * megabyte;
    await vi.advanceTimersByTimeAsync(10_000);
    free = 900 * megabyte;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(seen).toEqual([['low', 150 * megabyte], ['full', 5 * megabyte], ['well', 900 * megabyte]]);
  });

  it('is full at once when a write failed, whatever the file system says, and goes on when it has found room for some time', async () => {
    watch.writeFailed();
    watch.writeFailed();
    expect([watch.state(), seen]).toEqual(['full', [['full', 0]]]);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(watch.state()).toBe('full');
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.state()).toBe('well');
  });

  it('begins to wait anew with each write that fails', async () => {
    watch.writeFailed();
    await vi.advanceTimersByTimeAsync(7_000);
    watch.writeFailed();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(watch.state()).toBe('full');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(watch.state()).toBe('well');
  });

  it('stays as it was where the room cannot be asked for, says so once, and goes on asking', async () => {
    free = 5 * megabyte;
    await watch.look();
    free = new Error('ENOENT');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([watch.state(), unknown.length]).toEqual(['full', 1]);
    free = 900 * megabyte;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watch.state()).toBe('well');
  });

  it('never asks twice at once', async () => {
    const before = asked;
    await Promise.all([watch.look(), watch.look(), watch.look()]);
    expect(asked).toBe(before + 1);
  });

  it('says nothing after it was stopped, though an answer was under way', async () => {
    free = 0;
    const looking = watch.look();
    watch.stop();
    await looking;
    watch.writeFailed();
    expect(seen).toEqual([]);
  });
});

it('knows a full disk by both names, and nothing else', () => {
  const failed = (code: string) => Object.assign(new Error('no'), { code });
  expect([failed('SQLITE_FULL'), failed('ENOSPC'), failed('EDQUOT')].every(isDiskFull)).toBe(true);
  expect([failed('SQLITE_BUSY'), failed('EIO'), new Error('SQLITE_FULL'), 'ENOSPC', undefined].some(isDiskFull)).toBe(false);
});

it('a disk that is really full in the middle of sales and payments: nothing is lost, nothing is doubled, and it goes on when there is room', async () => {
  const seen = JSON.parse(await runOnSmallDisk(path.join(import.meta.dirname, 'testing/full-disk-sales.ts'), 24)) as Record<string, unknown>;
  expect(seen).toEqual({
    states: ['well', ...Array.from({ length: 12 }, () => ['full', 'well']).flat()],
    failedSales: 12, hasFailedApprovals: true, lost: [], isEachPlacedOnce: true, isEachSaid: true, approved: [12, 12], gaps: [], integrity: 'ok',
  });
});
