import type { Language } from '../language.ts';
import type { TerminalSlip } from '../payment/slip.ts';
import { centered } from './lines.ts';
import type { Receipt } from './receipt.ts';
import { receiptWords } from './words.ts';

/** A slip in the card terminal's own words, line by line: nothing is added but that it is a copy. */
export function composeTerminalSlip(slip: TerminalSlip, language: Language, copy: boolean): Receipt {
  return {
    language,
    lines: [
      ...(copy ? [centered(receiptWords[language].copy, 'double')] : []),
      ...slip.lines.map(({ text, align, size }) => ({ kind: 'text', text, align, size, bold: false }) as const),
    ],
  };
}
