/** A text as GBK, which Alipay's bills are in; what GBK does not have becomes a question mark. Node reads GBK and does not write it, so its reader is turned round. */
export function createGbkEncoder(): (text: string) => Buffer {
  const decoder = new TextDecoder('gbk');
  const bytesOf = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && character !== '\uFFFD' && !bytesOf.has(character)) bytesOf.set(character, [lead, trail]);
    }
  }
  return (text) => Buffer.from([...text].flatMap((character) => (character.charCodeAt(0) < 0x80 ? [character.charCodeAt(0)] : (bytesOf.get(character) ?? [0x3f]))));
}
