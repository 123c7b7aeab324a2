import { columnsOf } from './gbk-repertoire.ts';
import { wrap } from './wrap.ts';

/**
 * The amount stands whole at the right edge of the first line and its column stays clear beside further lines. Where that
 * leaves a name that must fold less than a third of the paper, the amount goes to a last line of its own. Texts are printable.
 */
export function layoutPair(left: string, right: string, indent: number, columns: number): readonly string[] {
  const margin = ' '.repeat(Math.max(0, Math.min(indent, Math.floor(columns / 3))));
  if (right === '') return wrap(left, columns - margin.length).map((text) => margin + text);
  const amount = columnsOf(right);
  const beside = columns - margin.length - amount - 1;
  if (beside * 3 >= columns || (left !== '' && columnsOf(left) <= beside)) {
    const [first = '', ...further] = wrap(left, beside);
    const gap = columns - margin.length - columnsOf(first) - amount;
    return [margin + first + ' '.repeat(gap) + right, ...further.map((text) => margin + text)];
  }
  const names = left === '' ? [] : wrap(left, columns - margin.length).map((text) => margin + text);
  return [...names, ...wrap(right, columns).map((text) => ' '.repeat(columns - columnsOf(text)) + text)];
}

export interface LaidTable {
  /** Undefined where no column has a header, or where cells stand below each other with their headers beside them. */
  readonly header: string | undefined;
  readonly rows: readonly string[];
}

interface Column {
  readonly header: string;
  readonly width: number;
  readonly align: 'left' | 'right';
}

const gap = 1;
/** Less than this is no column of words: three Han characters. */
const leastWords = 6;

/**
 * Columns as wide as asked for, but right ones at least as wide as their widest cell, so that numbers stay whole. Where the
 * paper is too narrow for that, each row's cells stand below each other, each number with its header as its name.
 */
export function layoutTable(columns: readonly Column[], rows: readonly (readonly string[])[], paperColumns: number): LaidTable {
  const cells = rows.map((row) => columns.map((_, index) => row[index] ?? ''));
  const widths = columnWidths(columns, cells, paperColumns);
  if (widths === undefined) return { header: undefined, rows: cells.flatMap((row) => stacked(columns, row, paperColumns)) };
  const line = (row: readonly string[]): readonly string[] => {
    const folded = row.map((cell, index) => wrap(cell, widths[index] ?? 0));
    const height = Math.max(...folded.map((part) => part.length));
    return Array.from({ length: height }, (_, at) => folded.map((part, index) => padded(part[at] ?? '', widths[index] ?? 0, columns[index]?.align ?? 'left')).join(' '.repeat(gap)).trimEnd());
  };
  const headers = columns.map(({ header }) => header);
  return { header: headers.some((header) => header !== '') ? line(headers).join('\n') : undefined, rows: cells.flatMap(line) };
}

function columnWidths(columns: readonly Column[], cells: readonly (readonly string[])[], paperColumns: number): readonly number[] | undefined {
  const free = paperColumns - gap * (columns.length - 1);
  const shares = columns.reduce((total, { width }) => total + width, 0);
  const widest = columns.map(({ header }, index) => Math.max(columnsOf(header), ...cells.map((row) => columnsOf(row[index] ?? ''))));
  const wanted = columns.map(({ width }) => Math.floor((free * width) / shares));
  const widths = columns.map(({ align }, index) => (align === 'right' ? Math.max(widest[index] ?? 0, wanted[index] ?? 0) : (wanted[index] ?? 0)));
  const words = columns.flatMap(({ align }, index) => (align === 'left' ? [index] : []));
  const rest = free - columns.reduce((total, { align }, index) => total + (align === 'right' ? (widths[index] ?? 0) : 0), 0);
  if (words.length === 0) return rest >= 0 ? spread(widths, columns.map((_, index) => index), rest) : undefined;
  // Words take what numbers leave, each by its share.
  const wordShares = words.reduce((total, index) => total + (columns[index]?.width ?? 0), 0);
  for (const index of words) widths[index] = Math.floor((rest * (columns[index]?.width ?? 0)) / wordShares);
  const enough = words.every((index) => (widths[index] ?? 0) >= Math.min(leastWords, Math.max(2, widest[index] ?? 0)));
  return enough ? spread(widths, words, rest - words.reduce((total, index) => total + (widths[index] ?? 0), 0)) : undefined;
}

/** What rounding left over goes to the first of these columns, so that the last column ends at the edge of the paper. */
function spread(widths: readonly number[], among: readonly number[], rest: number): readonly number[] {
  return widths.map((width, index) => (index === among[0] ? width + rest : width));
}

function stacked(columns: readonly Column[], row: readonly string[], paperColumns: number): readonly string[] {
  const words = row.filter((cell, index) => columns[index]?.align === 'left' && cell !== '').join(' ');
  const numbers = row.flatMap((cell, index) => (columns[index]?.align === 'right' && cell !== '' ? layoutPair(columns[index].header, cell, 2, paperColumns) : []));
  return [...(words === '' ? [] : wrap(words, paperColumns)), ...numbers];
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const blank = ' '.repeat(Math.max(0, width - columnsOf(text)));
  return align === 'right' ? blank + text : text + blank;
}
