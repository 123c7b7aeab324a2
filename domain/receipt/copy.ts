import { centered } from './lines.ts';
import type { Receipt } from './receipt.ts';
import { receiptWords } from './words.ts';

/** The same lines again, saying that they are a second print. */
export function copyOf({ language, lines }: Receipt): Receipt {
  return { language, lines: [centered(receiptWords[language].copy, 'double'), ...lines] };
}
