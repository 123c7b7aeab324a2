import type { Language } from '../language.ts';

/**
 * A receipt as a list of lines that know nothing of any printer: the same lines become ESC/POS bytes, the page
 * on the screen, HQ's e-receipt and plain text. Columns and folding are decided by whoever renders.
 */
export type ReceiptLine =
  | { readonly kind: 'text'; readonly text: string; readonly align: 'left' | 'center' | 'right'; readonly size: 'normal' | 'double' | 'quadruple'; readonly bold: boolean }
  /** `left` may fold to further lines; `right` (an amount) stays whole at the right edge of the first or last line. */
  | { readonly kind: 'pair'; readonly left: string; readonly right: string; readonly bold: boolean; readonly indent: number }
  | { readonly kind: 'rule' }
  | { readonly kind: 'feed'; readonly lines: number }
  /** `data` is ASCII: printers count its bytes. */
  | { readonly kind: 'qr'; readonly data: string };

export interface Receipt {
  readonly language: Language;
  readonly lines: readonly ReceiptLine[];
}
