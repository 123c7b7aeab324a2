import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import { columnsOf } from '../gbk.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

/** How many times wider and higher than a normal character. */
export type Scale = 1 | 2 | 4;

/** A receipt folded to a paper: text is printable and fits, in columns of its own scale. */
export type LaidLine =
  | { readonly kind: 'text'; readonly text: string; readonly align: 'left' | 'center' | 'right'; readonly scale: Scale; readonly bold: boolean }
  | { readonly kind: 'feed'; readonly lines: number }
  | { readonly kind: 'qr'; readonly data: string };

const scales = { normal: 1, double: 2, quadruple: 4 } as const;

/**
 * Folds the lines of a receipt to a paper `columns` wide (32, 42 or 48): `double` text is twice as wide and high and has
 * half the columns, `quadruple` four times and a quarter.
 */
export function layoutReceipt(receipt: Receipt, columns: number): readonly LaidLine[] {
  return receipt.lines.flatMap((line) => layoutLine(line, columns)).flatMap(quietZone);
}

/** A phone wants four modules of white around a code: a blank line above and below, where there is none. */
function quietZone(line: LaidLine, index: number, lines: readonly LaidLine[]): readonly LaidLine[] {
  if (line.kind !== 'qr') return [line];
  const blank: LaidLine = { kind: 'feed', lines: 1 };
  const above = lines[index - 1]?.kind === 'feed' ? [] : [blank];
  const below = lines[index + 1]?.kind === 'feed' ? [] : [blank];
  return [...above, line, ...below];
}

function layoutLine(line: ReceiptLine, columns: number): readonly LaidLine[] {
  switch (line.kind) {
    case 'text': {
      const scale = scales[line.size];
      return line.text
        .split(/\r\n|\r|\n/)
        .flatMap((part) => wrap(printable(part), Math.floor(columns / scale)))
        .map((text) => ({ kind: 'text', text, align: line.align, scale, bold: line.bold }));
    }
    case 'pair':
      return layoutPair(printable(line.left), printable(line.right), line.indent, columns).map((text) => ({ kind: 'text', text, align: 'left', scale: 1, bold: line.bold }));
    case 'rule':
      return [{ kind: 'text', text: '-'.repeat(columns), align: 'left', scale: 1, bold: false }];
    case 'feed':
      return [{ kind: 'feed', lines: line.lines }];
    case 'qr':
      return [{ kind: 'qr', data: line.data }];
  }
}

/**
 * The amount stands whole at the right edge of the first line and its column stays clear beside further lines. Where that
 * leaves the left side less than a third of the paper, the amount goes to a last line of its own.
 */
function layoutPair(left: string, right: string, indent: number, columns: number): readonly string[] {
  const margin = ' '.repeat(Math.max(0, Math.min(indent, Math.floor(columns / 3))));
  if (right === '') return wrap(left, columns - margin.length).map((text) => margin + text);
  const amount = columnsOf(right);
  const beside = columns - margin.length - amount - 1;
  if (beside * 3 >= columns) {
    const [first = '', ...further] = wrap(left, beside);
    const gap = columns - margin.length - columnsOf(first) - amount;
    return [margin + first + ' '.repeat(gap) + right, ...further.map((text) => margin + text)];
  }
  const names = left === '' ? [] : wrap(left, columns - margin.length).map((text) => margin + text);
  return [...names, ...wrap(right, columns).map((text) => ' '.repeat(columns - columnsOf(text)) + text)];
}

/** The same lines as plain text, aligned with spaces: for tests, reports and speech. */
export function laidText(lines: readonly LaidLine[], columns: number): string {
  return lines.flatMap((line) => plainLines(line, columns)).join('\n');
}

function plainLines(line: LaidLine, columns: number): readonly string[] {
  switch (line.kind) {
    case 'feed':
      return Array.from({ length: line.lines }, () => '');
    case 'qr':
      return [`[QR ${line.data}]`];
    case 'text': {
      const free = Math.max(0, columns - columnsOf(line.text) * line.scale);
      const before = { left: 0, center: Math.floor(free / 2), right: free }[line.align];
      return [`${' '.repeat(before)}${line.text}`];
    }
  }
}
