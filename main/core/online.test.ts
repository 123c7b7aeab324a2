import { beforeEach, expect, test, vi } from 'vitest';
import type { KioskId } from '../../domain/ids.ts';
import { err, ok } from '../../domain/result.ts';
import { createLog } from './log.ts';
import { createOnline } from './online.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const both = { wallets: [{ wallet: 'wechat', state: 'ready', modes: ['shown', 'read'] }, { wallet: 'alipay', state: 'ready', modes: ['shown', 'read'] }], numbers: true };

function open() {
  const asked: string[] = [];
  const rig = { asked, isAnswering: true, changes: 0 };
  const online = createOnline({
    kioskId: 'kiosk-001' as KioskId, isHqThere: () => true, log: createLog(() => {}, Date.now), monotonicNow: Date.now, onChange: () => (rig.changes += 1),
    ask: async (path) => {
      asked.push(path);
      return rig.isAnswering ? ok({ hqTime: Date.now(), ...both }) : err({ kind: 'no_answer', detail: 'silence' });
    },
  });
  /** As core keeps house. */
  const pass = async (ms: number, isVisited: boolean) => {
    for (let passed = 0; passed < ms; passed += 2000) {
      online.look(isVisited);
      await vi.advanceTimersByTimeAsync(2000);
    }
  };
  return { online, rig, pass };
}

test('while nobody is there the ways to pay are asked for each minute; with a customer each ten seconds', async () => {
  const { online, rig, pass } = open();
  await pass(58_000, false);
  expect(rig.asked).toHaveLength(1);
  await pass(40_000, true);
  expect(rig.asked.length).toBeGreaterThanOrEqual(4);
  expect(rig.asked.length).toBeLessThanOrEqual(6);
  online.stop();
});

test('an HQ that goes without a word is seen before a customer has chosen, and again when it is back', async () => {
  const { online, rig, pass } = open();
  await pass(20_000, false);
  expect(online.canPay('wechat', 'shown')).toBe(true);
  rig.isAnswering = false;
  await pass(12_000, true);
  expect(online.wallets().map(({ state }) => state)).toEqual(['away', 'away']);
  expect(online.canPay('wechat', 'shown')).toBe(false);
  rig.isAnswering = true;
  await pass(12_000, true);
  expect(online.wallets().map(({ state }) => state)).toEqual(['ready', 'ready']);
  expect(rig.changes).toBe(3);
  online.stop();
});
