import { geta, isAscii } from '../../domain/receipt/layout/gbk-repertoire.ts';

const decoder = new TextDecoder('gbk', { fatal: true });

const codes: ReadonlyMap<string, number> = buildTable();

/**
 * Text to the two-byte codes of GBK (code page 936), which is what Chinese receipt printers have in their font after `FS &`.
 *
 * The length of the encoded text in bytes is its width in columns. What GBK lacks becomes `〓` (geta, the printer's trade's
 * own mark for a missing sort): visible, two columns, never dropped, never `?`. Control characters count as lacking too: no
 * text that comes from a catalogue can become a printer command. `domain/receipt/layout/printable.ts` says what is replaced
 * by something better first.
 */
export function encodeGbk(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    if (isAscii(character)) bytes.push(character.charCodeAt(0));
    else {
      const code = codes.get(character) ?? codes.get(geta)!;
      bytes.push(code >> 8, code & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

/** The web's decoder knows the codes; turned round, it encodes. Where two codes mean one character, the lower one wins. */
function buildTable(): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const code = (lead << 8) | trail;
      if (trail === 0x7f || isLaterThanGbk(code)) continue;
      const character = decodePair(lead, trail);
      if (character !== undefined && !isPrivateUse(character) && !table.has(character)) table.set(character, code);
    }
  }
  return table;
}

function decodePair(lead: number, trail: number): string | undefined {
  try {
    const character = decoder.decode(Uint8Array.of(lead, trail));
    return [...character].length === 1 ? character : undefined;
  } catch {
    return undefined;
  }
}

/** The web's `gbk` is GB 18030 in truth: these two-byte codes came after GBK, and printers print nothing for them. */
export function isLaterThanGbk(code: number): boolean {
  return (
    code === 0xa2e3 || // €
    (code >= 0xa6d9 && code <= 0xa6df) ||
    code === 0xa6ec ||
    code === 0xa6ed ||
    code === 0xa6f3 ||
    code === 0xa8bc ||
    code === 0xa8bf ||
    (code >= 0xa989 && code <= 0xa995) ||
    (code >= 0xfe50 && code <= 0xfea0)
  );
}

/** User-defined areas, empty in every printer's font. */
function isPrivateUse(character: string): boolean {
  return /\p{Private_Use}/u.test(character);
}
