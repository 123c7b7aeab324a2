import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code128 } from './code128.ts';

/** Widths of symbol characters 0 to 105: 0 to 99 as pairs of digits show them, the rest by ISO/IEC 15417. */
const symbols = [...Array.from({ length: 100 }, (_, value) => code128(`${String(value).padStart(2, '0')}00`)!.widths.slice(6, 12).join('')), '114131', '311141', '411131', '211412', '211214', '211232'];

/** Symbol characters of a code, without the stop. */
function read(widths: readonly number[]): readonly number[] {
  return Array.from({ length: (widths.length - 7) / 6 }, (_, at) => symbols.indexOf(widths.slice(at * 6, at * 6 + 6).join('')));
}

describe('Code 128', () => {
  test('"AB" is the symbol that the standard makes of it', () => {
    // Start B, A (33), B (34), check (104 + 33 + 2·34) mod 103 = 102, stop.
    expect(code128('AB')?.widths.join('')).toBe('211214' + '111323' + '131123' + '411131' + '2331112');
  });

  test('of digits alone is in set C, two to a symbol character', () => {
    // Start C, 12, 34, check (105 + 12 + 2·34) mod 103 = 82, stop.
    expect(code128('1234')?.widths.join('')).toBe('211232' + '112232' + '131123' + '121241' + '2331112');
  });

  test.each([
    ['A042', [['B', 'A042']]],
    ['12345', [['C', '1234'], ['B', '5']]],
    ['AB12345', [['B', 'AB1'], ['C', '2345']]],
    ['A042-20261122', [['B', 'A042-'], ['C', '20261122']]],
    ['A1234B', [['B', 'A1234B']]],
    ['A1234567B', [['B', 'A1'], ['C', '234567'], ['B', 'B']]],
    ['12', [['C', '12']]],
    ['1', [['B', '1']]],
    ['{', [['B', '{']]],
  ])('%s is told to the printer as %j', (data, parts) => {
    expect(code128(data)?.parts.map(({ set, text }) => [set, text])).toEqual(parts);
  });

  test.each([[''], ['面'], ['a\u001bb'], ['é']])('%j is no data for it', (data) => {
    expect(code128(data)).toBeUndefined();
  });

  test('has 106 different symbol characters, each with an even number of black modules', () => {
    expect(new Set(symbols).size).toBe(106);
    for (const symbol of symbols) expect([0, 2, 4].reduce((total, at) => total + Number(symbol[at]), 0) % 2).toBe(0);
  });

  test('of any ASCII has symbol characters of eleven modules, a right check character, and its data in order', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 40 }), fc.stringMatching(/^[A-Z]?\d{1,12}[a-z]?\d{0,9}$/).filter((text) => text !== '')), (data) => {
        const code = code128(data)!;
        expect(code.parts.map(({ text }) => text).join('')).toBe(data);
        expect(code.widths.length % 6).toBe(1);
        expect(code.modules).toBe(((code.widths.length - 1) / 6) * 11 + 2);
        for (let at = 0; at + 6 < code.widths.length - 1; at += 6) expect(code.widths.slice(at, at + 6).reduce((total, width) => total + width, 0)).toBe(11);
        const [start = 0, ...values] = read(code.widths);
        const check = values.pop();
        expect(check).toBe((start + values.reduce((total, value, index) => total + value * (index + 1), 0)) % 103);
      }),
    );
  });
});
