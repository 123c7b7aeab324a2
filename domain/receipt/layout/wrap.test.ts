import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf } from './gbk-repertoire.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

const columns = fc.constantFrom(8, 10, 12, 16, 21, 24, 32, 42, 48);
const phrase = fc
  .array(fc.constantFrom('面', '茶', '大', '，', '。', '（', '）', '￥', '12.50', 'tea', 'Large', ' ', '  ', '“', '”', '—', 'x', '·', 'supercalifragilisticexpialidocious', 'é'), { maxLength: 60 })
  .map((parts) => parts.join(''));

const withoutSpaces = (text: string): string => text.replace(/ /g, '');

describe('folding', () => {
  test('never loses a character or changes the order', () => {
    fc.assert(
      fc.property(fc.oneof(phrase, fc.string({ unit: 'grapheme' }).map(printable)), columns, (text, limit) => {
        expect(withoutSpaces(wrap(text, limit).join(''))).toBe(withoutSpaces(text));
      }),
    );
  });

  test('never exceeds the columns', () => {
    fc.assert(
      fc.property(fc.oneof(phrase, fc.string({ unit: 'grapheme' }).map(printable)), columns, (text, limit) => {
        for (const line of wrap(text, limit)) expect(columnsOf(line)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('leaves what fits on one line as it is, but for spaces at its end', () => {
    fc.assert(
      fc.property(phrase, (text) => {
        expect(wrap(text, columnsOf(text))).toEqual([text.trimEnd()]);
      }),
    );
  });

  test('no line of ordinary Chinese begins with ， 。 or ） or ends with （', () => {
    const sentence = fc.array(fc.constantFrom('面条，', '奶茶。', '（大杯）', '加珍珠、', 'tea，'), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(sentence, columns, (text, limit) => {
        for (const line of wrap(text, limit)) expect(line).not.toMatch(/^[，。）、]|（$/);
      }),
    );
  });

  test.each([
    ['Bubble tea with pearls', 12, ['Bubble tea', 'with pearls']],
    ['珍珠奶茶（大杯）少糖', 10, ['珍珠奶茶', '（大杯）少', '糖']],
    ['中文English混排 text', 10, ['中文', 'English混', '排 text']],
    ['合计￥12.50', 10, ['合计', '￥12.50']],
    ['一二三四五，六', 10, ['一二三四', '五，六']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['  indented', 12, ['  indented']],
    ['a     b', 4, ['a', 'b']],
    ['，，，，，，', 4, ['，，', '，，', '，，']],
    ['', 32, ['']],
  ])('%j in %i columns is %j', (text, limit, expected) => {
    expect(wrap(text, limit)).toEqual(expected);
  });
});
