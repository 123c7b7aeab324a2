import { describe, expect, test } from 'vitest';
import { code128, code128Patterns } from './code128.ts';
import { slipText } from './paper.ts';
import { renderSlipSvg } from './render-svg.ts';
import { connectedSim } from './sim-rig.ts';

const LF = [0x0a];
const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const barcode = (data: readonly number[]): number[] => [0x1d, 0x6b, 73, data.length, ...data];

describe('Code 128 (GS k 73)', () => {
  test('every symbol is eleven modules wide in three bars, and no two are the same', () => {
    expect(code128Patterns).toHaveLength(107);
    expect(new Set(code128Patterns).size).toBe(107);
    for (const [value, pattern] of code128Patterns.entries()) {
      expect(Array.from(pattern, Number).reduce((sum, width) => sum + width)).toBe(value === 106 ? 13 : 11);
      // Bars together have an even width: the parity that scanners check (ISO/IEC 15417, 4.3.1).
      expect(Array.from(pattern, Number).filter((_, at) => at % 2 === 0).reduce((sum, width) => sum + width) % 2).toBe(0);
    }
  });

  test('the check symbol is that of the specification\'s own example: PJJ123C is 54', () => {
    // Start A, P J J 1 2 3 C: 103 + 48×1 + 42×2 + 42×3 + 17×4 + 18×5 + 19×6 + 35×7 = 878, modulo 103: 54.
    const code = code128(Uint8Array.from([...ascii('{APJJ123C')]));
    const widths = (value: number): string => Array.from(code128Patterns[value]!, (width, at) => (at % 2 === 0 ? '1' : '0').repeat(Number(width))).join('');
    expect(code?.modules).toBe([103, 48, 42, 42, 17, 18, 19, 35, 54, 106].map(widths).join(''));
    expect(code?.text).toBe('PJJ123C');
  });

  test('set C takes two digits a byte, and sets can change on the way', () => {
    expect(code128(Uint8Array.from([...ascii('{B'), ...ascii('No'), ...ascii('{C'), 12, 34]))?.text).toBe('No1234');
    expect(code128(Uint8Array.from([...ascii('{C'), 99]))?.modules).toHaveLength(11 * 3 + 13);
  });

  test.each([['no set', ascii('ABC')], ['a small letter in set A', ascii('{Aa')], ['a byte over 99 in set C', [...ascii('{C'), 100]], ['nothing', ascii('{B')]])('%s prints nothing and is booked', (_, data) => {
    const { sim, send } = connectedSim();
    send(barcode(data), 'after', LF);
    expect(slipText(sim.current())).toBe('after');
    expect(sim.faults()).toHaveLength(1);
  });

  test('prints with its height, width and text, and a code wider than the paper is not printed', () => {
    const { sim, send } = connectedSim();
    send([0x1d, 0x68, 80, 0x1d, 0x77, 2, 0x1d, 0x48, 2, 0x1b, 0x61, 1], barcode(ascii('{BA042')));
    expect(sim.current().lines).toMatchObject([{ kind: 'barcode', align: 'center', data: 'A042', moduleDots: 2, heightDots: 80, text: 'below', advance: 104 }]);
    expect(renderSlipSvg(sim.current())).toContain('A042</text>');
    send([0x1d, 0x77, 6], barcode(ascii('{BA042')));
    expect(sim.current().lines).toHaveLength(1);
    expect(sim.faults()[0]?.detail).toMatch(/wider than the paper/);
  });
});

describe('pictures', () => {
  const raster = (m: number): number[] => [0x1d, 0x76, 0x30, m, 1, 0, 2, 0, 0x80, 0x01];
  test('GS v 0 doubles in width, in height and in both', () => {
    const { sim, send } = connectedSim();
    send(raster(0), raster(1), raster(2), raster(3));
    expect(sim.current().lines.map((line) => line.kind === 'raster' && [line.widthDots, line.advance, [...line.bits]])).toEqual([
      [8, 2, [0x80, 0x01]],
      [16, 2, [0xc0, 0x00, 0x00, 0x03]],
      [8, 4, [0x80, 0x80, 0x01, 0x01]],
      [16, 4, [0xc0, 0x00, 0xc0, 0x00, 0x00, 0x03, 0x00, 0x03]],
    ]);
  });

  test('FS q stores logos by number, in columns, and FS p prints them, also after the power was off', () => {
    const { sim, send } = connectedSim();
    // Two pictures of 8 × 8 dots: a line across at the top, and a line down at the left.
    send([0x1c, 0x71, 2, 1, 0, 1, 0, ...Array.from({ length: 8 }, () => 0x80), 1, 0, 1, 0, 0xff, 0, 0, 0, 0, 0, 0, 0]);
    sim.setPower(false);
    sim.setPower(true);
    send([0x1c, 0x70, 1, 0], [0x1c, 0x70, 2, 0], [0x1c, 0x70, 3, 0]);
    expect(sim.current().lines.map((line) => line.kind === 'raster' && [...line.bits])).toEqual([[0xff, 0, 0, 0, 0, 0, 0, 0], Array.from({ length: 8 }, () => 0x80)]);
    expect(sim.faults().map(({ detail }) => detail)).toEqual(['FS p 3: no picture is stored there']);
  });

  test('GS ( L and GS 8 L store logos by key, print and delete them', () => {
    const { sim, send } = connectedSim();
    const define = [48, 67, 48, ...ascii('G1'), 1, 10, 0, 2, 0, 49, 0xff, 0xc0, 0x80, 0x40];
    const print = [0x1d, 0x28, 0x4c, 6, 0, 48, 69, ...ascii('G1'), 1, 1];
    send([0x1d, 0x28, 0x4c, define.length, 0, ...define], print);
    expect(sim.current().lines).toMatchObject([{ kind: 'raster', widthDots: 16, advance: 2 }]);
    send([0x1d, 0x28, 0x4c, 4, 0, 48, 66, ...ascii('G1')], print);
    expect(sim.current().lines).toHaveLength(1);
    send([0x1d, 0x38, 0x4c, define.length, 0, 0, 0, ...define], print);
    expect(sim.current().lines).toHaveLength(2);
    send([0x1d, 0x28, 0x4c, 14, 0, 48, 112, 48, 1, 2, 49, 8, 0, 2, 0, 0x11, 0x22, 0, 0], [0x1d, 0x28, 0x4c, 2, 0, 48, 50]);
    expect(sim.current().lines.at(-1)).toMatchObject({ widthDots: 8, advance: 4 });
  });

  test('a logo definition is swallowed whole in any split, whatever commands stand in it', () => {
    const bytes = [0x1c, 0x71, 1, 1, 0, 1, 0, 0x1b, 0x40, 0x1d, 0x56, 0, 0x0a, 0x0a, 0x0a, ...ascii('x'), 0x0a];
    for (let at = 1; at < bytes.length; at += 1) {
      const { sim, send } = connectedSim();
      send(bytes.slice(0, at));
      send(bytes.slice(at));
      expect(slipText(sim.current())).toBe('x');
      expect(sim.faults()).toEqual([]);
    }
  });
});

describe('GS I and GS a', () => {
  test('says what it is: model and type as a byte, names as text', () => {
    const { send, answers } = connectedSim();
    send([0x1d, 0x49, 1], [0x1d, 0x49, 2], [0x1d, 0x49, 67]);
    expect(answers.slice(0, 2)).toEqual([0x20, 0x03]);
    expect(String.fromCharCode(...answers.slice(2))).toBe('_VIRTUAL-80\0');
  });

  test('tells only of what it was asked to tell, and of nothing after ESC @ or power-on', () => {
    const { sim, send, answers } = connectedSim();
    send([0x1d, 0x61, 0x08]);
    answers.length = 0;
    sim.setCutterJam(true);
    sim.setCutterJam(false);
    expect(answers).toEqual([]);
    sim.setPaper('low');
    expect(answers).toEqual([0x10, 0, 0x03, 0]);
    send([0x1b, 0x40]);
    sim.setPaper('ok');
    send([0x1d, 0x61, 0x08]);
    sim.setPower(false);
    sim.setPower(true);
    answers.length = 0;
    sim.setPaper('low');
    expect(answers).toEqual([]);
  });
});
