import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { DeviceCode } from '../../domain/device/codes.ts';
import { deviceState } from '../../domain/device/state.ts';
import type { KioskState } from './state-teller.ts';
import { createStateTeller, serviceOf } from './state-teller.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const printer = (code: DeviceCode) => deviceState({ name: 'receipt printer', kind: 'receipt_printer' }, { code, detail: '' }, 1);
const status = (change: Partial<KioskStatus> = {}): KioskStatus => ({ service: { kind: 'in_service' }, card: 'ready', wallets: [], paper: 'ready', hq: 'ready', speech: 'ready', ...change });

function rig() {
  let state: KioskState | undefined = { service: 'selling', reasons: [], devices: [], app: '1', paper: { usedMm: 0 } };
  let isFull = false;
  const told: KioskState[] = [];
  const faults: unknown[] = [];
  const teller = createStateTeller({
    state: () => state, monotonicNow: () => Date.now(), onFault: (cause) => faults.push(cause),
    tell(current) {
      if (isFull) throw new Error('full');
      told.push(current);
    },
  });
  const become = (next: Partial<KioskState> | undefined) => {
    state = next && { ...state!, ...next };
    teller.look();
  };
  return { teller, told, faults, become, setFull: (full: boolean) => (isFull = full), pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

it('tells a change once, and the next half a minute later at the earliest, as it is then', async () => {
  const { told, become, pass } = rig();
  become({});
  await pass(3_000);
  expect(told.map(({ service }) => service)).toEqual(['selling']);
  become({ service: 'limited' });
  become({ service: 'limited', reasons: ['PRINTER_PAPER_OUT'] });
  await pass(20_000);
  expect(told).toHaveLength(1);
  become({ service: 'out_of_service' });
  await pass(10_000);
  expect(told.map(({ service }) => service)).toEqual(['selling', 'out_of_service']);
});

it('a pause, and its end, are told at once: whoever gave it at HQ waits to see it', async () => {
  const { told, become, pass } = rig();
  become({});
  await pass(3_000);
  become({ service: 'limited' });
  await pass(1_000);
  become({ service: 'paused' });
  await pass(2_000);
  become({ service: 'limited' });
  await pass(2_000);
  become({ service: 'limited', reasons: ['PRINTER_PAPER_OUT'] });
  await pass(2_000);
  expect(told.map(({ service }) => service)).toEqual(['selling', 'paused', 'limited']);
  await pass(30_000);
  expect(told).toHaveLength(4);
});

it('what has come and gone again is no news, nor are millimetres of paper', async () => {
  const { told, become, pass } = rig();
  become({});
  await pass(3_000);
  become({ service: 'limited' });
  become({ service: 'selling' });
  become({ paper: { usedMm: 500 }, freeBytes: 7 });
  await pass(120_000);
  expect(told).toHaveLength(1);
});

it('is told each hour whatever happens, and what could not be written is told at the next occasion', async () => {
  const { told, faults, become, setFull, pass } = rig();
  setFull(true);
  become({});
  await pass(3_000);
  expect([told.length, faults.length]).toEqual([0, 1]);
  setFull(false);
  become({});
  await pass(3_000);
  expect(told).toHaveLength(1);
  await pass(3_600_000);
  expect(told).toHaveLength(2);
});

it('tells nothing while there is nothing to tell, and leaves no timer behind', async () => {
  const { teller, told, become, pass } = rig();
  become(undefined);
  await pass(7_200_000);
  teller.stop();
  teller.look();
  expect([told, vi.getTimerCount()]).toEqual([[], 0]);
});

it('says why, by codes', () => {
  expect(serviceOf(status(), [printer('PRINTER_READY')])).toEqual({ service: 'selling', reasons: [] });
  expect(serviceOf(status({ card: 'held' }), [])).toEqual({ service: 'limited', reasons: ['PAYMENT_UNSETTLED'] });
  expect(serviceOf(status({ paper: 'unavailable' }), [printer('PRINTER_COVER_OPEN')])).toEqual({ service: 'limited', reasons: ['PRINTER_COVER_OPEN'] });
  expect(serviceOf(status({ service: { kind: 'paused' } }), [])).toEqual({ service: 'paused', reasons: [] });
  expect(serviceOf(status({ service: { kind: 'out_of_service', reason: { code: 'DISK_FULL', detail: '' } } }), [])).toEqual({ service: 'out_of_service', reasons: ['DISK_FULL'] });
  expect(serviceOf(status({ service: { kind: 'starting' } }), [])).toBeUndefined();
  expect(eventPayloads['kiosk.state'].safeParse({ ...serviceOf(status(), [printer('PRINTER_COVER_OPEN')]), devices: [printer('PRINTER_COVER_OPEN')], app: '1.0' }).success).toBe(true);
});
