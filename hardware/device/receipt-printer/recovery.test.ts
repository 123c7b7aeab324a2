import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import type { PrinterRig, RigOptions } from './printer-rig.ts';
import { chineseReceipt, createRig, englishReceipt, longReceipt, settled } from './printer-rig.ts';
import { printerProfiles } from './profiles.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const profile = printerProfiles['generic-58'];
const texts = (rig: PrinterRig): readonly string[] => rig.sim.slips().map((slip) => slipText(slip).trim());

async function ready(options: RigOptions = {}): Promise<PrinterRig> {
  const rig = await createRig(options);
  await settled(rig.printer.check());
  return rig;
}

describe('recover', () => {
  test('a knife that was freed by hand moves again, and what the printer held of the receipt never comes', async () => {
    const rig = await ready({ lineMs: 30 });
    rig.sim.script([{ at: 'line printed', skip: 5, do: 'cutter_jam' }]);
    expect(await settled(rig.printer.print(longReceipt(20)))).toMatchObject({ ok: false, error: { kind: 'uncertain', state: { kind: 'fault', fault: 'cutter' } } });
    rig.sim.freeCutter();
    expect(await settled(rig.printer.check())).toEqual({ kind: 'fault', fault: 'cutter' });
    expect(await settled(rig.printer.recover())).toMatchObject({ kind: 'ready' });
    expect(await settled(rig.printer.print(englishReceipt))).toMatchObject({ ok: true });
    expect(texts(rig).join('\n')).not.toContain('end long.');
    expect(texts(rig).at(-1)).not.toContain('牛肉面');
  });

  test('asks once: a knife that is still held fast stays a fault', async () => {
    const rig = await ready();
    rig.sim.setCutterJam(true);
    const recoveries = countRecoveries(rig);
    expect(await settled(rig.printer.recover())).toEqual({ kind: 'fault', fault: 'cutter' });
    expect(recoveries()).toBe(1);
  });

  test.each([['ready', () => undefined], ['paper_out', (rig: PrinterRig) => rig.sim.setPaper('out')], ['cover_open', (rig: PrinterRig) => rig.sim.setCover(true)]] as const)('sends nothing where it cannot help (%s)', async (kind, act) => {
    const rig = await ready();
    act(rig);
    const recoveries = countRecoveries(rig);
    expect(await settled(rig.printer.recover())).toMatchObject({ kind });
    expect(recoveries()).toBe(0);
  });

  test('without a line says so', async () => {
    const rig = await ready();
    rig.line.cut();
    expect(await settled(rig.printer.recover())).toMatchObject({ kind: 'unplugged' });
  });

  function countRecoveries(rig: PrinterRig): () => number {
    const bytes: number[] = [];
    rig.far.onData((part) => bytes.push(...part));
    return () => bytes.filter((byte, at) => byte === 0x10 && bytes[at + 1] === 0x05).length;
  }
});

describe('what a printer still holds', () => {
  test('is cancelled while paper is out, where its maker lets it: after refilling only a cut-off beginning comes', async () => {
    const rig = await ready({ lineMs: 40, sim: { recoverClearsWhenStopped: true } });
    rig.sim.paperOutAfter(4);
    expect(await settled(rig.printer.print(longReceipt(30)))).toMatchObject({ ok: false, error: { kind: 'uncertain' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(rig.sim.bytesWaiting()).toBe(0);
    rig.sim.setPaper('ok');
    expect(await settled(rig.printer.print(englishReceipt))).toMatchObject({ ok: true });
    expect(texts(rig).join('\n')).not.toContain('end long.');
    expect(texts(rig)[0]).toMatch(/^begin long\./);
    expect(texts(rig).at(-1)).toMatch(/^Counter24/);
  });

  test('comes out by itself and is cut off soon after the paper is in, whether or not anybody prints', async () => {
    const rig = await ready({ lineMs: 40 });
    rig.sim.paperOutAfter(4);
    await settled(rig.printer.print(longReceipt(10)));
    rig.sim.setPaper('ok');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rig.sim.current().lines).toEqual([]);
    expect(texts(rig)[0]).toMatch(/begin long\.[\s\S]*end long\./);
  });

  test('the paper of a clearing is counted with the next receipt, and all of it as the printer did', async () => {
    const rig = await ready({ lineMs: 20 });
    rig.sim.paperOutAfter(4);
    const failed = await settled(rig.printer.print(longReceipt(10)));
    rig.sim.setPaper('ok');
    const printed = await settled(rig.printer.print(englishReceipt));
    if (failed.ok || failed.error.kind !== 'uncertain' || !printed.ok) throw new Error('not as planned');
    expect(failed.error.paperMm + printed.value.paperMm).toBeCloseTo(rig.sim.paperUsedMm(), 0);
  });
});

test('each printed receipt says how much paper it took, to the millimetre of the printer\'s own book', async () => {
  const rig = await ready({ lineMs: 20 });
  let total = 0;
  for (const receipt of [chineseReceipt, englishReceipt, longReceipt(30)]) {
    const result = await settled(rig.printer.print(receipt));
    if (!result.ok) throw new Error('not printed');
    total += result.value.paperMm;
    expect(Math.abs(total - rig.sim.paperUsedMm())).toBeLessThan(1);
  }
});

test('a head that is too hot in the middle of a receipt is waited for: it cools down, and the receipt is printed', async () => {
  const rig = await ready({ lineMs: 30, lineBaud: 9600 });
  rig.sim.script([{ at: 'line printed', skip: 6, do: 'too_hot', value: 20_000 }]);
  const states: string[] = [];
  rig.printer.onState((state) => states.push(state.kind));
  const result = await settled(rig.printer.print(longReceipt(20)));
  expect(result).toMatchObject({ ok: true });
  expect(result.ok && result.value.durationMs).toBeGreaterThan(20_000);
  expect(texts(rig)).toHaveLength(1);
});

test('a head that does not cool down within its time ends the receipt as uncertain', async () => {
  const rig = await ready({ lineMs: 30, timing: { coolMs: 5000 } });
  rig.sim.script([{ at: 'line printed', skip: 6, do: 'too_hot' }]);
  expect(await settled(rig.printer.print(longReceipt(20)))).toMatchObject({ ok: false, error: { kind: 'uncertain', state: { kind: 'fault', fault: 'too_hot' } } });
});

describe('power lost and back in the middle of a receipt', () => {
  test.each([['none', 600], ['xon_xoff', 600], ['rts_cts', 1500]] as const)('at whatever byte, with the end of the job arriving after it: never "printed" (%s)', async (flowControl, offMs) => {
    for (let byte = 30; byte < 1100; byte += 83) {
      const rig = await ready({ profile: { ...profile, flowControl }, lineBaud: 9600, lineMs: 10 });
      const before = rig.sim.bytesReceived();
      // Long enough for a printer to start, short enough for the receipt to go on.
      rig.sim.script([{ at: `byte ${before + byte}`, do: 'power_off', value: offMs }]);
      const result = await settled(rig.printer.print(longReceipt(60)));
      expect(result).toMatchObject({ ok: false, error: { kind: 'uncertain' } });
      await vi.advanceTimersByTimeAsync(20_000);
      expect(await settled(rig.printer.print(englishReceipt))).toMatchObject({ ok: true });
      expect(texts(rig).at(-1)).toMatch(/^Counter24/);
      expect(texts(rig).at(-1)).not.toContain('long');
      await settled(rig.printer.close());
      rig.sim.close();
    }
  });
});

test('jobs are printed in the order of the calls, also when one between them fails', async () => {
  const rig = await ready({ lineMs: 10 });
  rig.sim.script([{ at: 'slip cut', do: 'paper_out' }, { at: 'slip cut', afterMs: 15_000, do: 'paper_ok' }]);
  const order: string[] = [];
  const names = ['a', 'b', 'c', 'd'];
  const results = await settled(Promise.all(names.map(async (name) => {
    const result = await rig.printer.print(longReceipt(3, name));
    order.push(name);
    return result;
  })));
  expect(order).toEqual(names);
  expect(results.map((result) => (result.ok ? 'ok' : result.error.kind))).toEqual(['uncertain', 'not_started', 'not_started', 'not_started']);
});

test('a thousand times unplugged and back: no listener, no timer and no state is left of it', async () => {
  const rig = await ready({ profile: { ...profile, automaticStatus: true } });
  const listeners = rig.listeners();
  const timers = vi.getTimerCount();
  for (let round = 0; round < 1000; round += 1) {
    rig.line.cut();
    await vi.advanceTimersByTimeAsync((round * 37) % 700);
    await rig.plugIn();
    await vi.advanceTimersByTimeAsync(round % 10 === 0 ? 9000 : 600);
  }
  await vi.advanceTimersByTimeAsync(9000);
  expect(rig.printer.state()).toEqual({ kind: 'ready', paper: 'ok' });
  expect(rig.listeners()).toBe(listeners);
  expect(vi.getTimerCount()).toBeLessThanOrEqual(timers);
  expect(await settled(rig.printer.print(englishReceipt))).toMatchObject({ ok: true });
});
