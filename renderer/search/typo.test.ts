import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTypoScan } from './typo.ts';

/** Optimal string alignment as its definition says, letter by letter. */
function mistakes(left: string, right: string): number {
  const table = Array.from({ length: left.length + 1 }, (_, row) => Array.from({ length: right.length + 1 }, (__, column) => (row === 0 ? column : column === 0 ? row : 0)));
  for (let row = 1; row <= left.length; row += 1) {
    for (let column = 1; column <= right.length; column += 1) {
      const [own, other] = [left[row - 1], right[column - 1]];
      const ways = [table[row - 1]![column]! + 1, table[row]![column - 1]! + 1, table[row - 1]![column - 1]! + (own === other ? 0 : 1)];
      if (row > 1 && column > 1 && own === right[column - 2] && left[row - 2] === other) ways.push(table[row - 2]![column - 2]! + 1);
      table[row]![column] = Math.min(...ways);
    }
  }
  return table[left.length]![right.length]!;
}

const letters = (most: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), minLength: 1, maxLength: most });

describe('typing mistakes between a query and a text', () => {
  it('are counted as the definition counts them, for the whole text and for its beginning', () => {
    fc.assert(fc.property(letters(12), letters(14), (query, text) => {
      const beginnings = Array.from({ length: text.length + 1 }, (_, end) => mistakes(query, text.slice(0, end)));
      expect(createTypoScan(query).fromStart(text)).toEqual({ whole: beginnings.at(-1), beginning: Math.min(...beginnings) });
    }));
  });

  it('anywhere in the text are those of the part that is most like the query', () => {
    fc.assert(fc.property(letters(12), letters(14), (query, text) => {
      const parts = Array.from({ length: text.length + 1 }, (_, from) => Array.from({ length: text.length - from + 1 }, (__, more) => mistakes(query, text.slice(from, from + more)))).flat();
      expect(createTypoScan(query).anywhere(text)).toBe(Math.min(...parts));
    }));
  });

  it('are counted anew for each text by one scan, with queries of 31 letters and more', () => {
    const query = 'abcdefghijklmnopqrstuvwxyz01234';
    const scan = createTypoScan(query);
    expect([scan.anywhere(`zz${query}zz`), scan.anywhere(query.replace('m', 'x')), scan.anywhere(query)]).toEqual([0, 1, 0]);
    expect(createTypoScan(`${query}56789`).fromStart(`${query}5678`)).toEqual({ whole: 1, beginning: 1 });
  });
});
