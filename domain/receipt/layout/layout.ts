import type { Receipt, ReceiptLine } from '../receipt.ts';
import { code128, code128Quiet } from './code128.ts';
import { layoutPair, layoutTable } from './columns.ts';
import { geta, hasGbk } from './gbk-repertoire.ts';
import type { CanDraw } from './printable.ts';
import { printable } from './printable.ts';
import { qrSize } from './qr-size.ts';
import { wrap } from './wrap.ts';

/** How many times wider and higher than a normal character. */
export type Scale = 1 | 2 | 4;
export type Align = 'left' | 'center' | 'right';

/**
 * A receipt folded to a paper: text is printable and fits, in columns of its own scale. Paper, picture and plain text are
 * made of these lines, so that what is shown is what prints.
 */
export type LaidLine =
  /** `drawn`: holds a character that the printer's font lacks, so all of the line goes out as dots. */
  | { readonly kind: 'text'; readonly text: string; readonly align: Align; readonly scale: Scale; readonly bold: boolean; readonly drawn: boolean }
  | { readonly kind: 'feed'; readonly lines: number }
  /** ASCII; `cellDots` a module, `dots` wide and high. */
  | { readonly kind: 'qr'; readonly data: string; readonly cellDots: number; readonly dots: number }
  /** Code 128; `moduleDots` the narrowest bar. */
  | { readonly kind: 'barcode'; readonly data: string; readonly moduleDots: number }
  | { readonly kind: 'logo'; readonly slot: number };

/** What of the printer matters for the layout, beside its columns. */
export interface Paper {
  /** Printable dots in a line; twelve a column unless given. */
  readonly dots?: number;
  /** Pictures in the printer's memory: 0 unless given. */
  readonly logoSlots?: number;
  /** True unless given. */
  readonly barcodes?: boolean;
  /** Draws nothing unless given. */
  readonly canDraw?: CanDraw;
}

/** A character of font A is 12 dots wide (Han 24), 24 high. */
export const cellDots = 12;
export const characterDots = 24;
/** Between lines of any scale; 1/6 inch from line to line at normal size, as printers have it after ESC @. */
export const betweenLinesDots = 10;
export const barcodeDots = 64;
/** Between the bars and the text below. */
export const barcodeGapDots = 8;

const scales = { normal: 1, double: 2, quadruple: 4 } as const;

/**
 * Folds the lines of a receipt to a paper `columns` wide (32, 42 or 48): `double` text is twice as wide and high and has
 * half the columns, `quadruple` four times and a quarter.
 */
export function layoutReceipt(receipt: Receipt, columns: number, paper: Paper = {}): readonly LaidLine[] {
  const known = { dots: columns * cellDots, logoSlots: 0, barcodes: true, canDraw: () => false, ...paper, columns };
  return receipt.lines.flatMap((line) => layoutLine(line, known)).flatMap(quietZone).map((line) => settleDrawn(line, known.canDraw));
}

type KnownPaper = Required<Paper> & { readonly columns: number };

/** A phone wants four modules of white around a code: a blank line above and below, where there is none. */
function quietZone(line: LaidLine, index: number, lines: readonly LaidLine[]): readonly LaidLine[] {
  if (line.kind !== 'qr') return [line];
  const blank: LaidLine = { kind: 'feed', lines: 1 };
  const above = lines[index - 1]?.kind === 'feed' ? [] : [blank];
  const below = lines[index + 1]?.kind === 'feed' ? [] : [blank];
  return [...above, line, ...below];
}

/** A line is drawn whole or not at all: where any of its characters is in no font, those that the printer lacks become 〓. */
function settleDrawn(line: LaidLine, canDraw: CanDraw): LaidLine {
  if (line.kind !== 'text') return line;
  const characters = [...line.text];
  if (characters.every(hasGbk)) return line;
  if (characters.every((character) => character === ' ' || canDraw(character))) return { ...line, drawn: true };
  return { ...line, text: characters.map((character) => (hasGbk(character) ? character : geta)).join('') };
}

function layoutLine(line: ReceiptLine, paper: KnownPaper): readonly LaidLine[] {
  const clean = (text: string): string => printable(text, paper.canDraw);
  switch (line.kind) {
    case 'text': {
      const scale = scales[line.size];
      return line.text
        .split(/\r\n|\r|\n/)
        .flatMap((part) => wrap(clean(part), Math.floor(paper.columns / scale)))
        .map((text) => laid(text, line.align, line.bold, scale));
    }
    case 'pair':
      return layoutPair(clean(line.left), clean(line.right), line.indent, paper.columns).map((text) => laid(text, 'left', line.bold));
    case 'table': {
      const columns = line.columns.map((column) => ({ ...column, header: clean(column.header) }));
      const { header, rows } = layoutTable(columns, line.rows.map((row) => row.map(clean)), paper.columns);
      return [...(header === undefined ? [] : header.split('\n').map((text) => laid(text, 'left', true))), ...rows.map((text) => laid(text, 'left', false))];
    }
    case 'rule':
      return [laid('-'.repeat(paper.columns), 'left', false)];
    case 'feed':
      return line.lines > 0 ? [{ kind: 'feed', lines: Math.floor(line.lines) }] : [];
    case 'qr':
      return layoutQr(line.data, paper);
    case 'barcode':
      return [...layoutBarcode(line.data, paper), ...wrap(clean(line.text), paper.columns).map((text) => laid(text, 'center', false))];
    case 'logo':
      if (line.slot >= 1 && line.slot <= paper.logoSlots) return [{ kind: 'logo', slot: line.slot }];
      return wrap(clean(line.text), Math.floor(paper.columns / 2)).map((text) => laid(text, 'center', true, 2));
  }
}

/** Too much for any code on this paper: what it would have said is better than a gap. */
function layoutQr(wanted: string, paper: KnownPaper): readonly LaidLine[] {
  const data = wanted.replace(/[^\x20-\x7e]+/g, (rest) => encodeURIComponent(rest.toWellFormed()));
  const size = qrSize(data.length, paper.dots);
  if (size === undefined) return wrap(data, paper.columns).map((text) => laid(text, 'left', false));
  return [{ kind: 'qr', data, cellDots: size.cell, dots: size.dots }];
}

/** Printers print nothing at all where a barcode does not fit, and know no bars of less than two dots (GS w). */
function layoutBarcode(data: string, paper: KnownPaper): readonly LaidLine[] {
  const code = paper.barcodes ? code128(data) : undefined;
  if (code === undefined) return [];
  const moduleDots = Math.min(3, Math.floor(paper.dots / (code.modules + 2 * code128Quiet)));
  return moduleDots < 2 ? [] : [{ kind: 'barcode', data, moduleDots }];
}

function laid(text: string, align: Align, bold: boolean, scale: Scale = 1): LaidLine {
  return { kind: 'text', text, align, scale, bold, drawn: false };
}
