import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slipText } from './paper.ts';
import { connectedSim } from './sim-rig.ts';
import { printerVocabulary } from './vocabulary.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const LF = [0x0a];
const eot = (n: number): readonly number[] => [0x10, 0x04, n];

describe('flow control', () => {
  test('XOFF when 128 bytes are left, XON when 256 are free again, once each', () => {
    const { sim, send, answers } = connectedSim({ bufferBytes: 4096, flowControl: 'xon_xoff' });
    sim.setPaper('out');
    send('x'.repeat(3967));
    expect(answers).toEqual([]);
    send('x');
    expect(answers).toEqual([0x13]);
    send('y'.repeat(100));
    expect(answers).toEqual([0x13]);
    expect(sim.isBusy()).toBe(true);
    sim.setPaper('ok');
    expect(answers).toEqual([0x13, 0x11]);
    expect(sim.faults()).toEqual([]);
  });

  test('a kiosk that does not listen loses bytes, which are booked', () => {
    const { sim, send } = connectedSim({ bufferBytes: 4096, flowControl: 'xon_xoff' });
    sim.setPaper('out');
    send('x'.repeat(4000));
    send('x'.repeat(97));
    expect(sim.faults()[0]?.detail).toBe('buffer overflow: 97 bytes lost');
    send(eot(4));
    expect(sim.bytesWaiting()).toBe(4000);
  });

  test('DTR holds the kiosk while the buffer is full or the power off, and where a switch says so, whenever it is offline', () => {
    const { sim, send, holds } = connectedSim({ bufferBytes: 1024, flowControl: 'rts_cts' });
    sim.setCover(true);
    send('x'.repeat(900));
    sim.setCover(false);
    sim.setPower(false);
    sim.setPower(true);
    expect(holds).toEqual([false, true, false, true, false]);
    const strict = connectedSim({ flowControl: 'rts_cts', busyWhenOffline: true });
    strict.sim.setPaper('out');
    strict.sim.setPaper('ok');
    expect(strict.holds).toEqual([false, true, false]);
  });

  test('XON at power-on says that it listens', () => {
    const { sim, answers } = connectedSim({ flowControl: 'xon_xoff' });
    sim.setPower(false);
    sim.setPower(true);
    expect(answers).toEqual([0x11]);
  });
});

describe('paper by the metre', () => {
  test('the roll gets low and ends where its length says, and the book counts what went through', () => {
    // 34 dots of an eighth of a millimetre: 4.25 mm a line.
    const { sim, send, answers } = connectedSim({ rollMm: 100, nearEndMm: 50 });
    send(...Array.from({ length: 11 }, () => ['x', LF]).flat());
    expect(sim.machine().paper).toBe('ok');
    send('x', LF);
    expect(sim.machine().paper).toBe('low');
    expect(sim.roll()).toEqual({ lengthMm: 100, leftMm: 49 });
    send(...Array.from({ length: 20 }, () => ['x', LF]).flat(), eot(4));
    expect(answers).toEqual([0x7e]);
    expect(sim.paperUsedMm()).toBeCloseTo(102, 5);
    sim.setPaper('ok');
    expect(sim.roll().leftMm).toBeLessThan(100);
    expect(sim.machine().paper).toBe('ok');
    sim.setPaper('ok', 3000);
    expect(sim.roll().lengthMm).toBe(3000);
  });
});

describe('errors', () => {
  test('a cutter error ends by DLE ENQ once the knife is free, with what was received kept (1) or forgotten (2)', () => {
    for (const n of [1, 2]) {
      const { sim, send, answers } = connectedSim();
      sim.setCutterJam(true);
      send('held', LF, [0x10, 0x05, n], eot(3));
      expect(answers).toEqual([0x1a]);
      sim.freeCutter();
      send(eot(3));
      expect(answers).toEqual([0x1a, 0x1a]);
      send('more', LF, [0x10, 0x05, n]);
      expect(slipText(sim.current())).toBe(n === 1 ? 'held\nmore' : '');
      expect(sim.machine().cutterJam).toBe(false);
    }
  });

  test('DLE ENQ 2 means nothing while paper is out, except where the maker says so', () => {
    for (const recoverClearsWhenStopped of [false, true]) {
      const { sim, send } = connectedSim({ recoverClearsWhenStopped });
      sim.setPaper('out');
      send('held', LF, [0x10, 0x05, 2]);
      expect(sim.bytesWaiting()).toBe(recoverClearsWhenStopped ? 0 : 5);
    }
  });

  test('DLE DC4 8 forgets everything at once and says so, even offline', () => {
    const { sim, send, answers } = connectedSim();
    sim.setPaper('out');
    send('held', LF, [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]);
    expect(sim.bytesWaiting()).toBe(0);
    expect(answers).toEqual([0x37, 0x25, 0x00]);
  });

  test('a hot head cools down by itself, and printing goes on', async () => {
    const { sim, send } = connectedSim();
    sim.setTooHot(true, 3000);
    send('x', LF);
    await vi.advanceTimersByTimeAsync(2999);
    expect(slipText(sim.current())).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    expect(slipText(sim.current())).toBe('x');
  });
});

describe('a script', () => {
  test('answers are dropped, garbled, doubled and delayed, one at a time and in order', async () => {
    const { sim, send, answers } = connectedSim();
    const said = (): number[] => answers.splice(0);
    sim.script([
      { at: 'received dle eot 1', do: 'drop_answer' },
      { at: 'received dle eot 2', do: 'garble_answer' },
      { at: 'received dle eot 3', do: 'double_answer' },
      { at: 'received dle eot 4', do: 'delay_answer', value: 500 },
    ]);
    send(eot(1));
    expect(said()).toEqual([]);
    send(eot(2));
    expect(said()).toEqual([0x93]);
    send(eot(3));
    expect(said()).toEqual([0x12, 0x12]);
    sim.setPaper('low');
    send(eot(4), eot(1));
    expect(said()).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(said()).toEqual([0x1e, 0x12]);
    expect(sim.scriptLeft()).toEqual([]);
  });

  test('the power goes at the byte that it names, and what comes after it vanishes until it is back', async () => {
    const { sim, send, answers } = connectedSim();
    sim.script([{ at: 'byte 4', do: 'power_off', value: 1000 }]);
    send('abc', 'def', LF, eot(1));
    expect(sim.bytesReceived()).toBe(3);
    expect(answers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    send(eot(1), 'g', LF);
    expect(answers).toEqual([0x12]);
    expect(slipText(sim.current())).toBe('g');
  });

  test('things happen at a line, at a cut, at a marker and at power-on', () => {
    const { sim, send } = connectedSim();
    const cables: boolean[] = [];
    const told = connectedSim({ onCable: (plugged) => cables.push(plugged) });
    sim.script([{ at: 'line printed', skip: 1, do: 'paper_out' }, { at: 'slip cut', do: 'cover_open' }, { at: 'received gs r', do: 'too_hot' }, { at: 'powered on', do: 'break' }]);
    send('1', LF, '2', LF, '3', LF);
    expect(slipText(sim.current())).toBe('1\n2');
    sim.setPaper('ok');
    send([0x1b, 0x64, 4, 0x1d, 0x56, 0], 'x', LF);
    expect(sim.machine().coverOpen).toBe(true);
    sim.setCover(false);
    send([0x1d, 0x72, 1]);
    expect(sim.machine().tooHot).toBe(true);
    sim.setPower(false);
    sim.setPower(true);
    expect(sim.machine().broken).toBe(true);
    told.sim.script([{ at: 'received gs r', do: 'unplug' }, { at: 'received gs r', afterMs: 5, do: 'plug' }]);
    told.send([0x1d, 0x72, 1]);
    vi.advanceTimersByTime(5);
    expect(cables).toEqual([false, true]);
  });

  test('silent, it hears and prints and says nothing', async () => {
    const { sim, send, answers } = connectedSim({ flowControl: 'xon_xoff' });
    sim.script([{ at: 'received dle eot 1', do: 'silent', value: 100 }]);
    send(eot(1), 'x', LF, [0x1d, 0x72, 1]);
    expect(answers).toEqual([]);
    expect(slipText(sim.current())).toBe('x');
    await vi.advanceTimersByTimeAsync(100);
    send(eot(1));
    expect(answers).toEqual([0x12]);
  });

  test('with a word that it does not know is refused', () => {
    expect(connectedSim().sim.script([{ at: 'line printed', do: 'explode' }])).toMatchObject({ ok: false });
    expect(connectedSim().sim.script([{ at: 'received coffee', do: 'jam' }])).toMatchObject({ ok: false });
  });

  test('any script and any bytes: it never throws, hangs or keeps a timer after close', async () => {
    const at = fc.oneof(fc.constantFrom(...printerVocabulary.moments.filter((name) => !name.endsWith(' '))), fc.nat({ max: 300 }).map((byte) => `byte ${byte}`));
    const step = fc.record({ at, do: fc.constantFrom(...printerVocabulary.actions), times: fc.integer({ min: 1, max: 4 }), value: fc.constantFrom(0, 5, 300) });
    const piece = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constantFrom([...eot(1)], [0x10, 5, 2], [0x1b, 0x40], [0x1d, 0x72, 1], [0x1d, 0x61, 14], [0x78, 0x0a], [0x1b, 0x64, 4, 0x1d, 0x56, 0], [0x1d, 0x49, 67]));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), fc.array(piece, { maxLength: 30 }), fc.constantFrom('none', 'xon_xoff', 'rts_cts'), async (script, pieces, flowControl) => {
        const { sim, send } = connectedSim({ flowControl, bufferBytes: 512, lineMs: 10, rollMm: 60, nearEndMm: 30 });
        expect(sim.script(script).ok).toBe(true);
        for (const bytes of pieces) {
          send([...bytes]);
          await vi.advanceTimersByTimeAsync(7);
        }
        expect(sim.bytesWaiting()).toBeLessThanOrEqual(512);
        for (const slip of [...sim.slips(), sim.current()]) slipText(slip);
        sim.close();
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
