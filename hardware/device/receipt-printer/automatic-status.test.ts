import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import type { PrinterState } from './port.ts';
import type { PrinterRig, RigOptions } from './printer-rig.ts';
import { chineseReceipt, createRig, longReceipt, settled } from './printer-rig.ts';
import { printerProfiles } from './profiles.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const telling = { ...printerProfiles['generic-58'], automaticStatus: true };
const silent = { ...printerProfiles['generic-58'], automaticStatus: false };

async function settledRig(options: RigOptions): Promise<PrinterRig & { readonly states: PrinterState[] }> {
  const rig = await createRig(options);
  await settled(rig.printer.check());
  await vi.advanceTimersByTimeAsync(1000);
  const states: PrinterState[] = [];
  rig.printer.onState((state) => states.push(state));
  return { ...rig, states };
}

describe('a printer that tells of changes by itself', () => {
  test.each<[string, (sim: EscPosPrinterSim) => void, PrinterState]>([
    ['paper low', (sim) => sim.setPaper('low'), { kind: 'ready', paper: 'low' }],
    ['paper out', (sim) => sim.setPaper('out'), { kind: 'paper_out' }],
    ['cover open', (sim) => sim.setCover(true), { kind: 'cover_open' }],
    ['cutter jammed', (sim) => sim.setCutterJam(true), { kind: 'fault', fault: 'cutter' }],
    ['head too hot', (sim) => sim.setTooHot(true), { kind: 'fault', fault: 'too_hot' }],
    ['paper jammed', (sim) => sim.setJammed(true), { kind: 'fault', fault: 'mechanical' }],
    ['broken', (sim) => sim.setBroken(true), { kind: 'fault', fault: 'unrecoverable' }],
  ])('%s is known at once', async (_, act, state) => {
    const rig = await settledRig({ profile: telling });
    act(rig.sim);
    await vi.advanceTimersByTimeAsync(5);
    expect(rig.states).toEqual([state]);
  });

  test('is asked five times less often than one that does not', async () => {
    const asked = async (profile: RigOptions['profile']): Promise<number> => {
      const rig = await settledRig({ ...(profile ? { profile } : {}) });
      const before = rig.sim.bytesReceived();
      await vi.advanceTimersByTimeAsync(60_000);
      const bytes = rig.sim.bytesReceived() - before;
      await settled(rig.printer.close());
      return bytes;
    };
    // 12 bytes for the four questions, three to ask for telling again.
    expect(await asked(telling)).toBeLessThanOrEqual(7 * 15);
    expect(await asked(silent)).toBeGreaterThanOrEqual(25 * 12);
  });

  test('was switched off and on: it tells again by the next beat, though nobody noticed', async () => {
    const rig = await settledRig({ profile: telling });
    rig.sim.setPower(false);
    rig.sim.setPower(true);
    await vi.advanceTimersByTimeAsync(12_000);
    rig.sim.setCover(true);
    await vi.advanceTimersByTimeAsync(5);
    expect(rig.states).toEqual([{ kind: 'cover_open' }]);
  });

  test('tells after a receipt, too, whose ESC @ has ended it', async () => {
    const rig = await settledRig({ profile: telling });
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: true });
    rig.sim.setPaper('low');
    await vi.advanceTimersByTimeAsync(5);
    expect(rig.printer.state()).toEqual({ kind: 'ready', paper: 'low' });
  });

  test('that is promised but does not come is made up for by asking', async () => {
    const rig = await createRig({ profile: telling });
    rig.sim.script([{ at: 'received gs a', do: 'drop_answer', times: 1000 }]);
    await settled(rig.printer.check());
    await vi.advanceTimersByTimeAsync(3000);
    rig.sim.setPower(false);
    await vi.advanceTimersByTimeAsync(4500);
    expect(rig.printer.state()).toMatchObject({ kind: 'no_answer' });
  });

  test('stops the stream in the middle of a receipt: most of what was not sent yet never comes out', async () => {
    const rest = async (profile: RigOptions['profile']): Promise<number> => {
      const rig = await settledRig({ ...(profile ? { profile } : {}), lineBaud: 9600, lineMs: 20 });
      const printing = rig.printer.print(longReceipt(40));
      await vi.advanceTimersByTimeAsync(400);
      rig.sim.setPaper('out');
      expect(await settled(printing)).toMatchObject({ ok: false, error: { kind: 'uncertain', state: { kind: 'paper_out' } } });
      const waiting = rig.sim.bytesWaiting();
      await settled(rig.printer.close());
      return waiting;
    };
    expect(await rest(telling)).toBeLessThan(250);
    expect(await rest(silent)).toBeGreaterThan(800);
  });

  test('four bytes of noise that look like a fault do not end a receipt', async () => {
    const rig = await settledRig({ profile: telling, lineBaud: 9600, lineMs: 20 });
    const printing = rig.printer.print(longReceipt(40));
    await vi.advanceTimersByTimeAsync(400);
    await rig.far.write(Uint8Array.of(0x38, 0x00, 0x0f, 0x00), 100);
    expect(await settled(printing)).toMatchObject({ ok: true });
    expect(rig.sim.faults()).toEqual([]);
  });
});

test('a printer that cannot tell is not believed when noise looks as if it did', async () => {
  const rig = await settledRig({ profile: silent });
  await rig.far.write(Uint8Array.of(0x38, 0x00, 0x0f, 0x00), 100);
  await vi.advanceTimersByTimeAsync(5);
  expect(rig.states).toEqual([]);
});
