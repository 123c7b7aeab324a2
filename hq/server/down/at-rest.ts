import type { DocumentKind } from '../../../domain/contract/hq-down.ts';
import { createSeal } from '../staff/seal.ts';
import type { Signer } from './publish.ts';

/** What begins so is sealed; no document's text does, since each is JSON. */
const mark = 'sealed:';

/**
 * How a document's text lies in the database. That of the staff holds the secrets of their codes, which kiosks need in plain, so it is sealed here; the hash, the
 * signature and what goes out are of the plain text.
 */
export function textAtRest(kind: DocumentKind, text: string, signer: Signer): string {
  return kind === 'staff' && !text.startsWith(mark) ? mark + createSeal(signer).seal(text, 'document') : text;
}

/** As it was published. What was sealed by a key that HQ has lost cannot be read any more: then it is gone, as an old text is. */
export function plainText(text: string | null, signer: Signer): string | null {
  if (text === null || !text.startsWith(mark)) return text;
  try {
    return createSeal(signer).open(text.slice(mark.length), 'document');
  } catch {
    return null;
  }
}
