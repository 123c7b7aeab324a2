/**
 * Character sets of terminal texts (TLV 14: FF CP437, FE UTF-8, 01 ISO 8859-1; 00 ZVT's own of seven bits). CP437 is what a
 * terminal uses unless told otherwise.
 */
export type Charset = 'cp437' | 'utf-8' | 'latin-1' | 'zvt-7-bit';

const sevenBit: Readonly<Record<string, string>> = { '[': 'Ä', '\\': 'Ö', ']': 'Ü', '{': 'ä', '|': 'ö', '}': 'ü', '~': 'ß' };

const cp437Upper =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Never fails: what is no character of the set becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  if (charset === 'utf-8') return new TextDecoder('utf-8').decode(bytes);
  if (charset === 'zvt-7-bit') return Array.from(bytes, (byte) => (byte < 0x80 ? (sevenBit[String.fromCharCode(byte)] ?? String.fromCharCode(byte)) : '\ufffd')).join('');
  const character = charset === 'cp437' ? (byte: number) => cp437Upper[byte - 0x80] ?? '\ufffd' : String.fromCharCode;
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : character(byte))).join('');
}
