import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, geta, hasGbk } from '../../domain/receipt/layout/gbk-repertoire.ts';
import { encodeGbk, isLaterThanGbk } from './gbk.ts';

const decoder = new TextDecoder('gbk', { fatal: true });

/** Every two-byte code of GBK that the web's decoder knows, with its character. */
const known = Array.from({ length: 0x10000 }, (_, code) => code).flatMap((code) => {
  const lead = code >> 8;
  if (lead < 0x81 || lead === 0xff || (code & 0xff) < 0x40 || isLaterThanGbk(code)) return [];
  try {
    const character = decoder.decode(Uint8Array.of(lead, code & 0xff));
    return [...character].length === 1 && !/\p{Private_Use}/u.test(character) ? [{ code, character }] : [];
  } catch {
    return [];
  }
});

describe('GBK', () => {
  test('has all 21,791 characters of code page 936 beyond ASCII', () => {
    expect(new Set(known.map(({ character }) => character)).size).toBe(21_791);
    expect(known.filter(({ character }) => !hasGbk(character))).toEqual([]);
  });

  test('has in the ranges of domain just these, and ASCII, of all that Unicode has', () => {
    const inCodes = new Set(known.map(({ character }) => character));
    const different: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      if (hasGbk(character) !== (inCodes.has(character) || (point >= 0x20 && point <= 0x7e))) different.push(character);
    }
    expect(different).toEqual([]);
  });

  test('every two-byte code decodes to a character that encodes to the same character again', () => {
    expect(known.filter(({ character }) => decoder.decode(encodeGbk(character)) !== character)).toEqual([]);
  });

  test('text of any such characters comes back unchanged', () => {
    const character = fc.oneof(fc.constantFrom(...known.map((entry) => entry.character)), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }).filter((one) => one >= ' ' && one <= '~'));
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const text = characters.join('');
        const bytes = encodeGbk(text);
        expect(decoder.decode(bytes)).toBe(text);
        expect(columnsOf(text)).toBe(bytes.length);
      }),
    );
  });

  test.each([
    ['￥', [0xa3, 0xa4]],
    ['啊', [0xb0, 0xa1]],
    ['“', [0xa1, 0xb0]],
    ['—', [0xa1, 0xaa]],
    ['·', [0xa1, 0xa4]],
    ['　', [0xa1, 0xa1]],
    ['镕', [0xe9, 0x46]],
    ['A', [0x41]],
  ])('%s is %j', (character, bytes) => {
    expect([...encodeGbk(character)]).toEqual(bytes);
  });

  test.each([['¥'], ['😀'], ['\u{20000}'], ['한'], ['\u001b'], ['\u0080'], ['⿰'], ['€'], ['\ud800']])('what it lacks (%j) is a visible 〓, never a question mark or a control code', (character) => {
    expect([...encodeGbk(character)]).toEqual([0xa1, 0xfe]);
    expect(geta).toBe('〓');
  });

  test('no text at all encodes to a control code', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0x10ffff })), (points) => {
        const text = String.fromCodePoint(...points);
        const bytes = encodeGbk(text);
        if (bytes.some((byte) => byte < 0x20)) expect.fail(JSON.stringify(text));
        expect(columnsOf(text)).toBe(bytes.length);
      }),
    );
  });
});
