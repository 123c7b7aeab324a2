/** At most so many bytes of UTF-8, and no half of a letter: gateways count bytes. */
export function shorten(text: string, maxBytes: number): string {
  let short = '';
  for (const letter of text) {
    if (Buffer.byteLength(short + letter) > maxBytes) break;
    short += letter;
  }
  return short;
}
