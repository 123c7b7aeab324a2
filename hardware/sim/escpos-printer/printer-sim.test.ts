import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EscPosPrinterSim, EscPosPrinterSimOptions } from './printer-sim.ts';
import { createEscPosPrinterSim } from './printer-sim.ts';
import { slipText } from './paper.ts';

/** A printer with its answers, spoken to in bytes written by hand from the specification. */
function printer(options: Partial<EscPosPrinterSimOptions> = {}): { sim: EscPosPrinterSim; send: (...parts: (string | readonly number[])[]) => void; answers: number[]; unplug: () => void } {
  const sim = createEscPosPrinterSim({ columns: 32, ...options });
  const answers: number[] = [];
  let deliver: (bytes: Uint8Array) => void = () => undefined;
  const unplug = sim.connect({
    onData(listener) {
      deliver = listener;
      return () => {
        deliver = () => undefined;
      };
    },
    async write(bytes) {
      answers.push(...bytes);
      return { ok: true, value: undefined };
    },
  });
  const send = (...parts: (string | readonly number[])[]): void => deliver(Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : [...part]))));
  return { sim, send, answers, unplug };
}

const LF = [0x0a];
const feedAndCut = [0x1b, 0x64, 4, 0x1d, 0x56, 0];
const eot = (n: number): readonly number[] => [0x10, 0x04, n];
const qr = (data: string, cell = 4): readonly number[] =>
  [
    [0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0],
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, cell],
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31],
    [0x1d, 0x28, 0x6b, data.length + 3, 0, 0x31, 0x50, 0x30],
    Array.from(data, (character) => character.charCodeAt(0)),
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30],
  ].flat();

describe('what comes out on paper', () => {
  test('a cut makes a slip of the lines before it', () => {
    const { sim, send } = printer();
    send('Hello', LF, feedAndCut, 'next', LF);
    expect(sim.slips().map((slip) => slipText(slip).trimEnd())).toEqual(['Hello']);
    expect(sim.slips()[0]?.cut).toBe('full');
    expect(slipText(sim.current())).toBe('next');
    expect(sim.faults()).toEqual([]);
  });

  test('Chinese prints after FS &, and is rubbish and a fault without it or after ESC @', () => {
    const { sim, send } = printer();
    send([0x1c, 0x26, 0xc4, 0xe3, 0xba, 0xc3], LF);
    send([0x1b, 0x40, 0xc4, 0xe3], LF);
    expect(slipText(sim.current())).toBe('你好\nﾄ#');
    expect(sim.faults().map((fault) => fault.detail)).toEqual(['c4 outside Chinese mode', 'e3 outside Chinese mode']);
  });

  test('a line that is too long goes on in the next, and no Chinese character is halved', () => {
    const { sim, send } = printer();
    send([0x1c, 0x26], 'a', Array.from({ length: 16 }, () => [0xc4, 0xe3]).flat(), LF);
    expect(slipText(sim.current()).split('\n')).toEqual([`a${'你'.repeat(15)}`, '你']);
  });

  test('GS ! enlarges Chinese, ESC ! only what has one byte', () => {
    const { sim, send } = printer();
    send([0x1c, 0x26, 0x1d, 0x21, 0x11], 'A', [0xc4, 0xe3], LF, [0x1d, 0x21, 0, 0x1b, 0x21, 0x30], 'A', [0xc4, 0xe3], LF);
    const sizes = sim.current().lines.map((line) => (line.kind === 'text' ? line.segments.map((segment) => [segment.text, segment.width, segment.height, segment.columns]) : []));
    expect(sizes).toEqual([
      [['A你', 2, 2, 6]],
      [
        ['A', 2, 2, 2],
        ['你', 1, 1, 2],
      ],
    ]);
  });

  test('alignment, bold and line spacing are kept with each line', () => {
    const { sim, send } = printer();
    send([0x1b, 0x61, 1, 0x1b, 0x45, 1], 'mid', LF, [0x1b, 0x61, 2, 0x1b, 0x45, 0, 0x1b, 0x33, 60], 'end', LF, [0x1b, 0x32], LF);
    expect(sim.current().lines).toMatchObject([
      { align: 'center', segments: [{ text: 'mid', bold: true }], advance: 34 },
      { align: 'right', segments: [{ text: 'end', bold: false }], advance: 60 },
      { segments: [], advance: 34 },
    ]);
  });

  test('ESC a in the middle of a line is not obeyed', () => {
    const { sim, send } = printer();
    send('left', [0x1b, 0x61, 1], LF);
    expect(sim.current().lines).toMatchObject([{ align: 'left' }]);
    expect(sim.faults()).toHaveLength(1);
  });

  test('ESC @ throws away the line that was not printed yet', () => {
    const { sim, send } = printer();
    send('gone', [0x1b, 0x40], 'kept', LF);
    expect(slipText(sim.current())).toBe('kept');
  });

  test('a QR code is stored and printed with its size, and nothing is printed that is wider than the paper', () => {
    const { sim, send } = printer();
    send(qr('HTTPS://EXAMPLE.COM/A042'));
    expect(sim.current().lines).toMatchObject([{ kind: 'qr', data: 'HTTPS://EXAMPLE.COM/A042', cell: 4, errorCorrection: 'M' }]);
    send(qr('x'.repeat(200), 8));
    expect(sim.current().lines).toHaveLength(1);
    expect(sim.faults()[0]?.detail).toMatch(/wider than the paper/);
  });

  test('a picture (GS v 0) is eaten whole, whatever is in it', () => {
    const { sim, send } = printer();
    send([0x1d, 0x76, 0x30, 0, 2, 0, 3, 0, 0x1b, 0x40, 0x1d, 0x56, 0x00, 0x0a], 'text', LF);
    expect(slipText(sim.current())).toBe('[picture 16×3]\ntext');
    expect(sim.faults()).toEqual([]);
  });

  test.each([
    ['GS V 1', [0x1d, 0x56, 1], 'partial'],
    ['GS V 65 0', [0x1d, 0x56, 65, 0], 'full'],
    ['GS V 66 0', [0x1d, 0x56, 66, 0], 'partial'],
    ['ESC i', [0x1b, 0x69], 'partial'],
    ['ESC m', [0x1b, 0x6d], 'partial'],
  ])('%s cuts', (_, command, cut) => {
    const { sim, send } = printer();
    send('a', LF, [0x1b, 0x64, 4], command);
    expect(sim.slips()[0]?.cut).toBe(cut);
  });

  test('a cut without feeding goes through the last lines, which is a fault', () => {
    const { sim, send } = printer();
    send('a', LF, [0x1d, 0x56, 0]);
    expect(sim.faults()[0]?.detail).toMatch(/cut through print/);
  });

  test('an unknown command is booked with its place, and the rest prints', () => {
    const { sim, send } = printer();
    send('a', [0x1b, 0x7a], 'b', LF);
    expect(sim.faults()).toEqual([{ atByte: 5, detail: 'unknown command 1b 7a' }]);
    expect(slipText(sim.current())).toBe('ab');
  });

  test('every split of the bytes prints the same', () => {
    const bytes = [0x1b, 0x40, 0x1c, 0x26, 0x1b, 0x61, 1, 0xc4, 0xe3, 0x0a, ...qr('AB12'), 0x10, 0x04, 0x01, 0x1b, 0x64, 4, 0x1d, 0x56, 0, 0x1d, 0x72, 1];
    const whole = printer();
    whole.send(bytes);
    for (let at = 1; at < bytes.length; at += 1) {
      for (const size of [at, 1]) {
        const { sim, send, answers } = printer();
        for (let start = 0; start < bytes.length; start += size) send(bytes.slice(start, start + size));
        expect(sim.slips()).toEqual(whole.sim.slips());
        expect(answers).toEqual(whole.answers);
        expect(sim.faults()).toEqual([]);
      }
    }
  });
});

describe('what it answers', () => {
  const all = [...eot(1), ...eot(2), ...eot(3), ...eot(4)];
  test.each<[string, (sim: EscPosPrinterSim) => void, number[]]>([
    ['healthy', () => undefined, [0x12, 0x12, 0x12, 0x12]],
    ['paper low', (sim) => sim.setPaper('low'), [0x12, 0x12, 0x12, 0x1e]],
    ['paper out', (sim) => sim.setPaper('out'), [0x1a, 0x32, 0x12, 0x7e]],
    ['cover open', (sim) => sim.setCover(true), [0x1a, 0x16, 0x12, 0x12]],
    ['cutter jammed', (sim) => sim.setCutterJam(true), [0x1a, 0x52, 0x1a, 0x12]],
    ['head too hot', (sim) => sim.setTooHot(true), [0x1a, 0x52, 0x52, 0x12]],
    ['broken', (sim) => sim.setBroken(true), [0x1a, 0x52, 0x32, 0x12]],
    ['switched off', (sim) => sim.setPower(false), []],
  ])('%s: DLE EOT 1-4', (_, act, expected) => {
    const { sim, send, answers } = printer();
    act(sim);
    send(all);
    expect(answers).toEqual(expected);
  });

  test('GS r waits behind the print data, and while the printer is offline', () => {
    const { sim, send, answers } = printer();
    sim.setCover(true);
    send('a', LF, [0x1d, 0x72, 1]);
    expect(answers).toEqual([]);
    expect(sim.current().lines).toEqual([]);
    sim.setCover(false);
    expect(answers).toEqual([0x00]);
    expect(slipText(sim.current())).toBe('a');
    sim.setPaper('low');
    send([0x1d, 0x72, 1]);
    expect(answers).toEqual([0x00, 0x03]);
  });

  test('DLE EOT is answered at once even from inside other data', () => {
    const { sim, send, answers } = printer();
    send([0x1d, 0x28, 0x6b, 7, 0, 0x31, 0x50, 0x30, 0x41], eot(4), [0x42, 0x43, 0x44]);
    expect(answers).toEqual([0x12]);
    send(qr('ABCD').slice(-8));
    expect(sim.current().lines).toMatchObject([{ data: 'ABCD' }]);
  });

  test('GS a reports by itself: when switched on and at every change', () => {
    const { sim, send, answers } = printer();
    send([0x1d, 0x61, 0xff]);
    sim.setPaper('out');
    sim.setPaper('ok');
    sim.setCover(true);
    expect(answers).toEqual([0x10, 0, 0, 0, 0x18, 0, 0x0f, 0, 0x10, 0, 0, 0, 0x38, 0, 0, 0]);
  });

  test('an unplugged line is neither heard nor spoken to', () => {
    const { sim, send, answers, unplug } = printer();
    unplug();
    send(eot(1), 'a', LF);
    expect(answers).toEqual([]);
    expect(sim.bytesReceived()).toBe(0);
  });
});

describe('paper, time and power', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('when the roll ends it stops, keeps what comes, and goes on after refilling', () => {
    const { sim, send, answers } = printer();
    sim.paperOutAfter(2);
    send('1', LF, '2', LF, '3', LF, [0x1d, 0x72, 1], eot(4));
    expect(slipText(sim.current())).toBe('1\n2');
    expect(answers).toEqual([0x7e]);
    expect(sim.bytesWaiting()).toBe(5);
    sim.setPaper('ok');
    expect(slipText(sim.current())).toBe('1\n2\n3');
    expect(answers).toEqual([0x7e, 0x00]);
  });

  test('lines take their time, and answer and cut come in their turn', async () => {
    const { sim, send, answers } = printer({ lineMs: 50 });
    send('1', LF, '2', LF, feedAndCut, [0x1d, 0x72, 1]);
    expect(slipText(sim.current())).toBe('1');
    await vi.advanceTimersByTimeAsync(50);
    expect(slipText(sim.current())).toBe('1\n2');
    await vi.advanceTimersByTimeAsync(249);
    expect(answers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toEqual([0x00]);
    expect(sim.slips()).toHaveLength(1);
  });

  test('switching off loses the buffer and the modes, but not the paper', async () => {
    const { sim, send } = printer({ lineMs: 50 });
    send([0x1c, 0x26], '1', LF, '2', LF, '3', LF);
    sim.setPower(false);
    send('4', LF);
    sim.setPower(true);
    await vi.advanceTimersByTimeAsync(1000);
    send([0xc4, 0xe3], LF);
    expect(slipText(sim.current())).toMatch(/^1\nﾄ#$/);
    expect(sim.faults()).toHaveLength(2);
  });

  test('DLE ENQ 2 in an error forgets what was to be printed', () => {
    const { sim, send } = printer();
    sim.setCutterJam(true);
    send('gone', LF, [0x10, 0x05, 2]);
    sim.setCutterJam(false);
    send('kept', LF);
    expect(slipText(sim.current())).toBe('kept');
  });

  test('what does not fit into the buffer is lost and booked', () => {
    const { sim, send } = printer({ bufferBytes: 8 });
    sim.setPaper('out');
    send('12345678');
    send('9');
    expect(sim.bytesWaiting()).toBe(8);
    expect(sim.faults()[0]?.detail).toMatch(/buffer overflow/);
  });

  test('says when something changed, until nobody listens any more', () => {
    const { sim, send } = printer();
    const changes = vi.fn();
    const stop = sim.onChange(changes);
    send('a', LF);
    sim.setPaper('low');
    stop();
    sim.setPaper('ok');
    expect(changes).toHaveBeenCalledTimes(2);
  });
});

test('random bytes in random pieces never throw, whatever the paper does', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.constantFrom(0x1b, 0x1d, 0x1c, 0x10, 0x28, 0x6b, 0x76, 0x30, 0x56, 0x64, 0x61, 0x40, 0x26, 0x31, 0x50, 0x51, 3, 0, 1, 4, 0x0a, 0xc4), { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.constantFrom('ok', 'low', 'out', 'open', 'closed', 'off', 'on'))), (steps) => {
      const { sim, send } = printer();
      for (const [bytes, act] of steps) {
        send([...bytes]);
        if (act === 'ok' || act === 'low' || act === 'out') sim.setPaper(act);
        else if (act === 'open' || act === 'closed') sim.setCover(act === 'open');
        else sim.setPower(act === 'on');
      }
      for (const slip of [...sim.slips(), sim.current()]) slipText(slip);
    }),
    { numRuns: 300 },
  );
});
