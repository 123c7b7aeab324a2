import type { ReceiptLine, TableColumn } from './receipt.ts';

/** The lines that documents are made of, in few words. */
export const rule: ReceiptLine = { kind: 'rule' };

type Size = 'normal' | 'double' | 'quadruple';

/** Larger text is bold: thin strokes look lost at that size. */
export function centered(text: string, size: Size = 'normal'): ReceiptLine {
  return { kind: 'text', text, align: 'center', size, bold: size !== 'normal' };
}

export function left(text: string, size: Size = 'normal', bold = size !== 'normal'): ReceiptLine {
  return { kind: 'text', text, align: 'left', size, bold };
}

export function pair(leftText: string, right: string, indent = 0): ReceiptLine {
  return { kind: 'pair', left: leftText, right, bold: false, indent };
}

export function boldPair(leftText: string, right: string): ReceiptLine {
  return { kind: 'pair', left: leftText, right, bold: true, indent: 0 };
}

export function feed(lines = 1): ReceiptLine {
  return { kind: 'feed', lines };
}

export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): ReceiptLine {
  return { kind: 'table', columns, rows };
}
