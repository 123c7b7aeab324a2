import type { RefusedReason } from './reader.ts';

export const characterSets = ['ascii', 'utf-8', 'gbk'] as const;
export type CharacterSet = (typeof characterSets)[number];

export type ReadText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: RefusedReason };

/** The text of one code. Characters that nobody can see, also those beyond ASCII, are refused: no code of ours has any. */
export function readText(bytes: Uint8Array, characterSet: CharacterSet): ReadText {
  const text = decode(bytes, characterSet);
  if (text === undefined) return { ok: false, reason: 'not_in_character_set' };
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? { ok: false, reason: 'control_character' } : { ok: true, text: text.trim() };
}

/** C0 and DEL. In none of the three character sets is such a byte a part of a visible character (GBK's second bytes begin at 40). */
export function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}

function decode(bytes: Uint8Array, characterSet: CharacterSet): string | undefined {
  if (characterSet === 'ascii') return bytes.every((byte) => byte < 0x80) ? String.fromCharCode(...bytes) : undefined;
  try {
    return new TextDecoder(characterSet, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
