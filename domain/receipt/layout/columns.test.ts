import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutTable } from './columns.ts';
import { columnsOf } from './gbk-repertoire.ts';

const columns = [
  { header: '商品', width: 4, align: 'left' },
  { header: '数量', width: 1, align: 'right' },
  { header: '金额', width: 2, align: 'right' },
] as const;

describe('a table', () => {
  test('has its last column at the edge of the paper, and folds words beside whole numbers', () => {
    expect(layoutTable(columns, [['珍珠奶茶（大杯）少糖', '2', '￥37.00'], ['Tea', '10', '￥1,180.00']], 32)).toEqual({
      header: '商品             数量       金额',
      rows: ['珍珠奶茶（大杯）    2    ￥37.00', '少糖', 'Tea                10 ￥1,180.00'],
    });
  });

  test('without headers has no line for them', () => {
    expect(layoutTable(columns.map((column) => ({ ...column, header: '' })), [['Tea', '1', '￥5.00']], 32).header).toBeUndefined();
  });

  test('whose numbers leave no room for words has its cells below each other, each number with its name', () => {
    expect(layoutTable(columns, [['珍珠奶茶', '123456789012345', '￥999,999,999.00']], 32)).toEqual({
      header: undefined,
      rows: ['珍珠奶茶', '  数量           123456789012345', '  金额          ￥999,999,999.00'],
    });
  });

  test('missing cells are empty', () => {
    expect(layoutTable(columns, [['Tea']], 32).rows).toEqual(['Tea']);
  });

  test.each([32, 42, 48])('of any content stays within %i columns, keeps each number whole and loses nothing', (paper) => {
    const word = fc.array(fc.constantFrom('面', '茶', 'tea', ' ', '（', '）', 'L'), { maxLength: 20 }).map((parts) => parts.join(''));
    const number = fc.oneof(fc.nat({ max: 99 }).map(String), fc.nat().map((amount) => `￥${amount}.00`), fc.constant(''));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, number, number), { minLength: 1, maxLength: 6 }), fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), (rows, widths) => {
        const laid = layoutTable(columns.map((column, index) => ({ ...column, width: widths[index]! })), rows, paper);
        const lines = [...(laid.header?.split('\n') ?? []), ...laid.rows];
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(paper);
        const text = laid.rows.join('\n');
        for (const [, count, amount] of rows) for (const cell of [count, amount]) expect(text).toContain(cell);
        const bare = (value: string): string => [...value.replace(/\s|商品|数量|金额/g, '')].sort().join('');
        expect(bare(text)).toBe(bare(rows.flat().join('')));
      }),
    );
  });
});
