import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { laidText } from '../../../domain/receipt/layout/laid-text.ts';
import { layoutReceipt } from '../../../domain/receipt/layout/layout.ts';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import type { EscPosPrinterSim } from '../../sim/escpos-printer/printer-sim.ts';
import type { PrinterState } from './port.ts';
import type { PrinterRig } from './printer-rig.ts';
import { chineseReceipt, createRig, englishReceipt, settled } from './printer-rig.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const tidy = (value: string): string => value.replace(/ +$/gm, '').trimEnd();
const slipTexts = (sim: EscPosPrinterSim): readonly string[] => sim.slips().map((slip) => tidy(slipText(slip)));
const chinese = tidy(laidText(layoutReceipt(chineseReceipt, 32), 32));
const english = tidy(laidText(layoutReceipt(englishReceipt, 32), 32));

/** What the driver told its listener, without repeats. */
function watch(rig: PrinterRig): PrinterState[] {
  const states: PrinterState[] = [];
  rig.printer.onState((state) => states.push(state));
  return states;
}

describe('printing', () => {
  test('a printed receipt is on paper, and says so only then', async () => {
    const { printer, sim } = await createRig({ lineMs: 40 });
    let result: unknown;
    const printing = printer.print(chineseReceipt).then((value) => {
      result = value;
    });
    while (sim.slips().length === 0) {
      expect(result).toBeUndefined();
      await vi.advanceTimersToNextTimerAsync();
    }
    await settled(printing);
    expect(result).toEqual({ ok: true, value: { bytes: expect.any(Number), paper: 'ok', paperMm: expect.any(Number), durationMs: expect.any(Number) } });
    expect(slipTexts(sim)).toEqual([chinese]);
    expect(sim.faults()).toEqual([]);
  });

  test('a second receipt does not repeat the first', async () => {
    const { printer, sim } = await createRig();
    await settled(printer.print(chineseReceipt));
    await settled(printer.print(englishReceipt));
    expect(slipTexts(sim)).toEqual([chinese, english]);
  });

  test('receipts asked for at once come one after the other', async () => {
    const { printer, sim } = await createRig({ lineMs: 10 });
    const results = await settled(Promise.all([printer.print(chineseReceipt), printer.print(englishReceipt), printer.print(chineseReceipt)]));
    expect(results.map((result) => result.ok)).toEqual([true, true, true]);
    expect(slipTexts(sim)).toEqual([chinese, english, chinese]);
    expect(sim.faults()).toEqual([]);
  });

  test('paper that runs low is reported with the receipt', async () => {
    const { printer, sim } = await createRig();
    sim.setPaper('low');
    expect(await settled(printer.print(chineseReceipt))).toMatchObject({ ok: true, value: { paper: 'low' } });
    expect(printer.state()).toEqual({ kind: 'ready', paper: 'low' });
  });

  test('a slow printer and answers in single bytes change nothing', async () => {
    const { printer, sim } = await createRig({ lineMs: 80, split: (bytes) => [...bytes].map((byte) => Uint8Array.of(byte)) });
    expect(await settled(printer.print(chineseReceipt))).toMatchObject({ ok: true });
    expect(slipTexts(sim)).toEqual([chinese]);
  });
});

describe('before printing', () => {
  test.each<[string, (sim: EscPosPrinterSim) => void, PrinterState]>([
    ['paper out', (sim) => sim.setPaper('out'), { kind: 'paper_out' }],
    ['cover open', (sim) => sim.setCover(true), { kind: 'cover_open' }],
    ['cutter jammed', (sim) => sim.setCutterJam(true), { kind: 'fault', fault: 'cutter' }],
    ['head too hot', (sim) => sim.setTooHot(true), { kind: 'fault', fault: 'too_hot' }],
    ['broken', (sim) => sim.setBroken(true), { kind: 'fault', fault: 'unrecoverable' }],
    ['switched off', (sim) => sim.setPower(false), { kind: 'no_answer', detail: 'silence' }],
  ])('%s: nothing is sent, and when it is mended the next receipt prints', async (_, act, state) => {
    const { printer, sim } = await createRig();
    act(sim);
    expect(await settled(printer.print(chineseReceipt))).toEqual({ ok: false, error: { kind: 'not_started', state } });
    expect(sim.bytesWaiting()).toBe(0);
    sim.setPaper('ok');
    sim.setCover(false);
    sim.setCutterJam(false);
    sim.setTooHot(false);
    sim.setBroken(false);
    sim.setPower(true);
    expect(await settled(printer.print(englishReceipt))).toMatchObject({ ok: true });
    expect(slipTexts(sim)).toEqual([english]);
  });

  test('cable out: nothing is sent', async () => {
    const { printer, sim, line } = await createRig();
    line.cut();
    expect(await settled(printer.print(chineseReceipt))).toMatchObject({ ok: false, error: { kind: 'not_started', state: { kind: 'unplugged' } } });
    expect(sim.bytesReceived()).toBe(0);
  });
});

describe('in the middle of a receipt', () => {
  test('the roll ends: uncertain within a second, and why', async () => {
    const { printer, sim } = await createRig({ lineMs: 20 });
    sim.paperOutAfter(9);
    const before = performance.now();
    expect(await settled(printer.print(chineseReceipt))).toMatchObject({ ok: false, error: { kind: 'uncertain', state: { kind: 'paper_out' } } });
    expect(performance.now() - before).toBeLessThan(2000);
    expect(printer.state()).toEqual({ kind: 'paper_out' });
  });

  test('after refilling, the rest of it comes on a slip of its own and is not taken for the next receipt', async () => {
    const { printer, sim } = await createRig({ lineMs: 20 });
    sim.paperOutAfter(9);
    await settled(printer.print(chineseReceipt));
    sim.setPaper('ok');
    let done = false;
    const printing = printer.print(englishReceipt).then((result) => {
      done = true;
      return result;
    });
    while (!slipTexts(sim).includes(english)) {
      expect(done).toBe(false);
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(await settled(printing)).toMatchObject({ ok: true });
    expect(slipTexts(sim).filter((slip) => slip !== '')).toEqual([chinese, english]);
  });

  test.each<[string, (rig: PrinterRig) => void, PrinterState['kind']]>([
    ['the cable is pulled', (rig) => rig.line.cut(), 'unplugged'],
    ['it is switched off', (rig) => rig.sim.setPower(false), 'no_answer'],
    ['the cover is opened', (rig) => rig.sim.setCover(true), 'cover_open'],
    ['the cutter jams', (rig) => rig.sim.setCutterJam(true), 'fault'],
  ])('%s: never "printed" unless the slip is out, at whatever moment it happens', async (_, act, kind) => {
    let uncertain = 0;
    for (let afterMs = 0; afterMs <= 3000; afterMs += 60) {
      const rig = await createRig({ lineMs: 60 });
      await settled(rig.printer.check());
      const printing = rig.printer.print(chineseReceipt);
      await vi.advanceTimersByTimeAsync(afterMs);
      act(rig);
      const result = await settled(printing);
      if (result.ok) expect(slipTexts(rig.sim)).toEqual([chinese]);
      else {
        expect(result.error.state.kind).toBe(kind);
        if (result.error.kind === 'not_started') expect(rig.sim.current().lines).toEqual([]);
        else uncertain += 1;
      }
      await settled(rig.printer.close());
    }
    expect(uncertain).toBeGreaterThan(20);
  });

  test('switched off and on again: the half receipt is cut off before the next', async () => {
    const { printer, sim } = await createRig({ lineMs: 50 });
    await settled(printer.check());
    const printing = printer.print(chineseReceipt);
    await vi.advanceTimersByTimeAsync(400);
    sim.setPower(false);
    sim.setPower(true);
    expect(await settled(printing)).toMatchObject({ ok: false, error: { kind: 'uncertain' } });
    expect(await settled(printer.print(englishReceipt))).toMatchObject({ ok: true });
    expect(slipTexts(sim)).toHaveLength(2);
    expect(chinese.startsWith(slipTexts(sim)[0]!)).toBe(true);
    expect(slipTexts(sim)[1]).toBe(english);
  });

  test('stray bytes that look like the confirmation are not taken for it', async () => {
    for (let afterMs = 50; afterMs < 2000; afterMs += 150) {
      const { printer, sim, far } = await createRig({ lineMs: 60 });
      await settled(printer.check());
      let done = false;
      const printing = printer.print(chineseReceipt).then((result) => {
        done = true;
        return result;
      });
      await vi.advanceTimersByTimeAsync(afterMs);
      await far.write(Uint8Array.of(0x00, 0x00, 0x03), 100);
      while (sim.slips().length === 0) {
        expect(done).toBe(false);
        await vi.advanceTimersToNextTimerAsync();
      }
      expect(await settled(printing)).toMatchObject({ ok: true });
      await settled(printer.close());
    }
  });

  test('told that the kiosk went down while printing, it clears the printer before the first receipt', async () => {
    const { printer, sim, far } = await createRig({ startsAfterCrash: true });
    // What the crash left: half a line, in the middle of a command.
    sim.connect({ onData: (listener) => (listener(Uint8Array.of(0x61, 0x0a, 0x62, 0x1d, 0x28, 0x6b, 0x50, 0x00, 0x31)), () => undefined), write: (bytes, ms) => far.write(bytes, ms) })();
    expect(await settled(printer.print(englishReceipt))).toMatchObject({ ok: true });
    expect(slipTexts(sim)).toEqual(['a', english]);
  });
});

describe('watching', () => {
  test('what happens to the printer while idle is noticed by itself', async () => {
    const rig = await createRig();
    const { printer, sim } = rig;
    const states = watch(rig);
    await settled(printer.check());
    for (const act of [() => sim.setPaper('low'), () => sim.setPaper('out'), () => sim.setCover(true), () => sim.setCover(false), () => sim.setPaper('ok'), () => sim.setPower(false), () => sim.setPower(true)]) {
      act();
      await vi.advanceTimersByTimeAsync(4000);
    }
    expect(states).toEqual([
      { kind: 'ready', paper: 'ok' },
      { kind: 'ready', paper: 'low' },
      { kind: 'paper_out' },
      { kind: 'cover_open' },
      { kind: 'paper_out' },
      { kind: 'ready', paper: 'ok' },
      { kind: 'no_answer', detail: 'silence' },
      { kind: 'ready', paper: 'ok' },
    ]);
  });

  test('unplugged and back within ten seconds, fifty times, with no listener more', async () => {
    const rig = await createRig();
    const listeners = rig.listeners();
    for (let round = 0; round < 50; round += 1) {
      rig.line.cut();
      await vi.advanceTimersByTimeAsync(round * 150);
      expect(rig.printer.state().kind).toBe('unplugged');
      await rig.plugIn();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(rig.printer.state()).toEqual({ kind: 'ready', paper: 'ok' });
    }
    expect(rig.listeners()).toBe(listeners);
    expect(await settled(rig.printer.print(chineseReceipt))).toMatchObject({ ok: true });
  });

  test('after close nothing runs on, nothing listens, and printing says so', async () => {
    const rig = await createRig({ lineMs: 50 });
    await settled(rig.printer.check());
    const printing = rig.printer.print(chineseReceipt);
    await vi.advanceTimersByTimeAsync(300);
    await settled(rig.printer.close());
    expect(await settled(printing)).toMatchObject({ ok: false, error: { kind: 'uncertain' } });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(rig.listeners()).toBe(0);
    expect(await rig.printer.print(chineseReceipt)).toEqual({ ok: false, error: { kind: 'not_started', state: { kind: 'unplugged', detail: 'closed' } } });
  });
});

describe('answers that cannot be trusted', () => {
  test('rubbish is no_answer with its bytes, until sense comes back', async () => {
    const { printer, far } = await createRig();
    await settled(printer.check());
    const stopNoise = far.onData(() => void far.write(Uint8Array.of(0xff, 0x92, 0x12), 100));
    const state = await settled(printer.check());
    expect(state).toMatchObject({ kind: 'no_answer', detail: expect.stringMatching(/^no status: ff/) });
    expect(await settled(printer.print(chineseReceipt))).toMatchObject({ ok: false, error: { kind: 'not_started' } });
    stopNoise();
    expect(await settled(printer.check())).toEqual({ kind: 'ready', paper: 'ok' });
  });

  test('answers that come later than they are waited for never pass for answers to later questions', async () => {
    const delay = fc.constantFrom(0, 5, 30, 390, 410, 450, 700, 900);
    const act = fc.constantFrom('ok', 'low', 'out', 'open', 'closed');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, fc.array(delay, { minLength: 1, maxLength: 6 })), { minLength: 1, maxLength: 6 }), async (steps) => {
        let delays: readonly number[] = [0];
        let turn = 0;
        const rig = await createRig({ answerDelayMs: () => delays[turn++ % delays.length] ?? 0 });
        for (const [what, next] of steps) {
          delays = next;
          if (what === 'open' || what === 'closed') rig.sim.setCover(what === 'open');
          else rig.sim.setPaper(what);
          const state = await settled(rig.printer.check());
          const { coverOpen, paper } = rig.sim.machine();
          const truth = coverOpen ? 'cover_open' : paper === 'out' ? 'paper_out' : `ready ${paper}`;
          if (state.kind !== 'no_answer') expect(state.kind === 'ready' ? `ready ${state.paper}` : state.kind).toBe(truth);
        }
        await settled(rig.printer.close());
      }),
      { numRuns: 150 },
    );
  });

  test('random bytes from the line never throw, and never make a receipt printed that is not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 400 }), fc.uint8Array({ minLength: 1, maxLength: 20 })), { maxLength: 20 }), async (noise) => {
        const rig = await createRig();
        rig.sim.setPower(false);
        const printing = rig.printer.print(chineseReceipt);
        for (const [ms, bytes] of noise) {
          await vi.advanceTimersByTimeAsync(ms);
          await rig.far.write(bytes, 100);
        }
        expect((await settled(printing)).ok).toBe(false);
        await settled(rig.printer.close());
      }),
      { numRuns: 100 },
    );
  });
});
