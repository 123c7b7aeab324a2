import type { Language } from '../language.ts';

/**
 * A receipt (ticket, slip, report) as a list of lines that know nothing of any printer: the same lines become ESC/POS
 * bytes, a picture, HQ's e-receipt and speech. Columns and folding are decided in layout/. Plain JSON: jobs keep it.
 */
export type ReceiptLine =
  | { readonly kind: 'text'; readonly text: string; readonly align: 'left' | 'center' | 'right'; readonly size: 'normal' | 'double' | 'quadruple'; readonly bold: boolean }
  /** `left` may fold to further lines; `right` (an amount) stays whole at the right edge of the first or last line. */
  | { readonly kind: 'pair'; readonly left: string; readonly right: string; readonly bold: boolean; readonly indent: number }
  /** As many cells a row as columns. Left cells fold, right ones (numbers, amounts) stay whole. */
  | { readonly kind: 'table'; readonly columns: readonly TableColumn[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'rule' }
  | { readonly kind: 'feed'; readonly lines: number }
  /** What is not ASCII in `data` goes percent-encoded: printers count its bytes. */
  | { readonly kind: 'qr'; readonly data: string }
  /** Code 128 of printable ASCII, with `text` below it; where it cannot be printed, the text alone. */
  | { readonly kind: 'barcode'; readonly data: string; readonly text: string }
  /** The picture in the printer's memory, counted from 1; where the printer has none, `text` in its place. */
  | { readonly kind: 'logo'; readonly slot: number; readonly text: string };

export interface TableColumn {
  /** Empty for a column that needs none; a table whose headers are all empty has no header line. */
  readonly header: string;
  /** Against those of the other columns. */
  readonly width: number;
  readonly align: 'left' | 'right';
}

export interface Receipt {
  readonly language: Language;
  readonly lines: readonly ReceiptLine[];
}
