/**
 * Commands of the GM65 and GM66 modules, and of their kin (GM805, GM812): `7E 00 type length address(2) data CRC(2)`, all
 * numbers with their high byte first. The CRC is XMODEM's over type to data; `AB CD` in its place means "do not check".
 */
export type Gm65Command =
  | { readonly kind: 'read'; readonly address: number; readonly count: number }
  | { readonly kind: 'write'; readonly address: number; readonly data: Uint8Array }
  /** Keeps what was written through a power cut. */
  | { readonly kind: 'save' }
  | { readonly kind: 'heartbeat' };

const types = { read: 0x07, write: 0x08, save: 0x09, heartbeat: 0x0a } as const;

/** Zone 0002, bit 0: one session of reading. The module clears it itself, by a code or by its time. */
const triggerZone = 0x0002;
export const gm65Trigger: Gm65Command = { kind: 'write', address: triggerZone, data: Uint8Array.of(1) };
export const gm65Stop: Gm65Command = { kind: 'write', address: triggerZone, data: Uint8Array.of(0) };

export function encodeGm65(command: Gm65Command, crc: 'checked' | 'unchecked' = 'unchecked'): Uint8Array {
  const body = bodyOf(command);
  const sum = crc === 'checked' ? crcXmodem(body) : 0xabcd;
  return Uint8Array.of(0x7e, 0x00, ...body, sum >> 8, sum & 0xff);
}

function bodyOf(command: Gm65Command): readonly number[] {
  switch (command.kind) {
    case 'read':
      return [types.read, 1, command.address >> 8, command.address & 0xff, command.count];
    case 'write':
      return [types.write, command.data.length, command.address >> 8, command.address & 0xff, ...command.data];
    case 'save':
    case 'heartbeat':
      return [types[command.kind], 1, 0, 0, 0];
  }
}

/** One whole command, as a module or a trace reads it; undefined where it is none or its CRC is wrong. */
export function parseGm65(bytes: Uint8Array): Gm65Command | undefined {
  const [head, zero, type, length = 0] = bytes;
  if (head !== 0x7e || zero !== 0x00 || length === 0 || bytes.length !== length + 8) return undefined;
  const body = bytes.subarray(2, -2);
  const sum = (bytes.at(-2)! << 8) | bytes.at(-1)!;
  if (sum !== 0xabcd && sum !== crcXmodem(body)) return undefined;
  const address = (body[2]! << 8) | body[3]!;
  const data = body.slice(4);
  switch (type) {
    case types.read:
      return length === 1 ? { kind: 'read', address, count: data[0]! } : undefined;
    case types.write:
      return { kind: 'write', address, data };
    case types.save:
      return { kind: 'save' };
    case types.heartbeat:
      return { kind: 'heartbeat' };
    default:
      return undefined;
  }
}

/** CRC-16/XMODEM: polynomial 1021, start 0, not reflected, no final xor. */
export function crcXmodem(bytes: Iterable<number>): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
