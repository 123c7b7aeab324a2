/**
 * The simulator's own reading and writing of bytes, from PA00P015 and PA00P016 and not from hardware/codec: a
 * misunderstanding that both shared would be seen by no test.
 */
const crcTable = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >> 1) ^ 0x8408 : value >> 1;
  return value;
});

function kermit(bytes: readonly number[]): number {
  return bytes.reduce((crc, byte) => (crc >> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0), 0);
}

/** Transport layer of the PT: the APDU packed for the line. */
export function packed(apdu: readonly number[]): Uint8Array {
  const crc = kermit([...apdu, 0x03]);
  return Uint8Array.from([0x10, 0x02, ...apdu.flatMap((byte) => (byte === 0x10 ? [0x10, 0x10] : [byte])), 0x10, 0x03, crc & 0xff, crc >> 8]);
}

export type LineItem =
  | { readonly kind: 'ack' | 'nak' | 'bad' }
  | { readonly kind: 'apdu'; readonly apdu: readonly number[] }
  /** Not enough yet. */
  | { readonly kind: 'more' };

/** The first item of what has arrived, taken out of `buffer`. */
export function unpackNext(buffer: number[]): LineItem {
  const [first, second] = buffer;
  if (first === undefined) return { kind: 'more' };
  if (first === 0x06 || first === 0x15) {
    buffer.shift();
    return { kind: first === 0x06 ? 'ack' : 'nak' };
  }
  if (first !== 0x10 || (second !== undefined && second !== 0x02)) {
    const next = buffer.findIndex((byte, index) => index > 0 && byte === 0x10 && buffer[index + 1] === 0x02);
    if (next === -1) return { kind: 'more' };
    buffer.splice(0, next);
    return { kind: 'bad' };
  }
  const apdu: number[] = [];
  for (let at = 2; at < buffer.length; at += 1) {
    const byte = buffer[at] ?? 0;
    if (byte !== 0x10) {
      apdu.push(byte);
      continue;
    }
    const escaped = buffer[at + 1];
    if (escaped === 0x10) {
      apdu.push(0x10);
      at += 1;
    } else if (escaped === 0x03) {
      const [low, high] = buffer.slice(at + 2, at + 4);
      if (low === undefined || high === undefined) return { kind: 'more' };
      buffer.splice(0, at + 4);
      return kermit([...apdu, 0x03]) === low + 256 * high ? { kind: 'apdu', apdu } : { kind: 'bad' };
    } else if (escaped !== undefined) {
      buffer.splice(0, at);
      return { kind: 'bad' };
    }
  }
  return { kind: 'more' };
}

/** The first bare APDU of what has arrived over TCP, taken out of `buffer`; nothing where it is not whole yet. */
export function takeBareApdu(buffer: number[]): readonly number[] | undefined {
  const [, , short, low = 0, high = 0] = buffer;
  if (short === undefined) return undefined;
  const length = short === 0xff ? 5 + low + 256 * high : 3 + short;
  return buffer.length < length || (short === 0xff && buffer.length < 5) ? undefined : buffer.splice(0, length);
}

/** One TLV object with its BER length. */
export function tlv(tag: readonly number[], value: readonly number[]): readonly number[] {
  const length = value.length < 0x80 ? [value.length] : value.length < 0x100 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return [...tag, ...length, ...value];
}

export function llvar(bytes: readonly number[]): readonly number[] {
  return [0xf0 | Math.floor(bytes.length / 10), 0xf0 | (bytes.length % 10), ...bytes];
}

export function lllvar(bytes: readonly number[]): readonly number[] {
  return [0xf0 | Math.floor(bytes.length / 100), 0xf0 | (Math.floor(bytes.length / 10) % 10), 0xf0 | (bytes.length % 10), ...bytes];
}

/** "000000001250" as bytes. */
export function bcd(digits: string): readonly number[] {
  return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

export function digitsOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An APDU of the PT with its length: FF lo hi from 255 bytes on. */
export function apduOf(classByte: number, instruction: number, data: readonly number[] = []): readonly number[] {
  const length = data.length < 255 ? [data.length] : [0xff, data.length & 0xff, data.length >> 8];
  return [classByte, instruction, ...length, ...data];
}

/** The data of an APDU, or nothing where its length field lies. */
export function dataOf(apdu: readonly number[]): readonly number[] | undefined {
  const extended = apdu[2] === 0xff;
  const length = extended ? (apdu[3] ?? 0) + 256 * (apdu[4] ?? 0) : apdu[2];
  const data = apdu.slice(extended ? 5 : 3);
  return data.length === length ? data : undefined;
}

/** How many data bytes each field has that a kiosk may send in a command; the TLV container stands last. */
const fieldLengths: Readonly<Record<number, number>> = { 0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x0b: 3, 0x0c: 3, 0x0d: 2, 0x0e: 2, 0x19: 1, 0x49: 2, 0x87: 2, 0xaa: 3 };

/** Fields by number, or the number of the first one that is not known. */
export function fieldsOf(data: readonly number[]): { readonly fields: ReadonlyMap<number, readonly number[]> } | { readonly unknown: number } {
  const fields = new Map<number, readonly number[]>();
  let at = 0;
  while (at < data.length) {
    const number = data[at] ?? 0;
    if (number === 0x06) break;
    const length = fieldLengths[number];
    if (length === undefined || at + 1 + length > data.length) return { unknown: number };
    fields.set(number, data.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { fields };
}
