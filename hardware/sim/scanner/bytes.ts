/** The scanner's side of three protocols, written from their manuals; the driver's codec is not used here on purpose. */
export type ScannerFamily = 'gm65' | 'serial_trigger' | 'ssi_packets' | 'ssi_raw' | 'always_on';

export type HostCommand =
  | { readonly kind: 'trigger' | 'stop' | 'wake' | 'acknowledged' | 'resend' | 'heartbeat' | 'other'; readonly hex: string }
  /** Not by the rules: the scanner does nothing. */
  | { readonly kind: 'wrong'; readonly hex: string };

/** Takes the first command off what has come; undefined while it is not whole. */
export function takeCommand(family: ScannerFamily, line: number[]): HostCommand | undefined {
  const length = lengthOf(family, line);
  if (length === undefined || line.length < length) return undefined;
  const bytes = line.splice(0, length);
  return { kind: kindOf(family, bytes), hex: hexOf(bytes) };
}

function lengthOf(family: ScannerFamily, line: readonly number[]): number | undefined {
  if (line.length === 0) return undefined;
  switch (family) {
    case 'gm65':
      // Head 7E 00, type, length, address in two bytes, data, CRC in two.
      if (line[0] !== 0x7e) return 1;
      return line.length < 4 ? undefined : 8 + line[3]!;
    case 'serial_trigger':
      return line[0] === 0x16 ? 3 : 1;
    case 'ssi_packets':
    case 'ssi_raw':
      return line[0] === 0x00 ? 1 : line[0]! < 4 ? 1 : line[0]! + 2;
    case 'always_on':
      return 1;
  }
}

function kindOf(family: ScannerFamily, bytes: readonly number[]): HostCommand['kind'] {
  const hex = hexOf(bytes);
  switch (family) {
    case 'gm65':
      return gm65Kind(bytes);
    case 'serial_trigger':
      return hex === '16 54 0d' ? 'trigger' : hex === '16 55 0d' ? 'stop' : 'wrong';
    case 'ssi_packets':
    case 'ssi_raw':
      return ssiKind(bytes);
    case 'always_on':
      return 'wrong';
  }
}

function gm65Kind(bytes: readonly number[]): HostCommand['kind'] {
  if (bytes.length < 9 || bytes[1] !== 0) return 'wrong';
  const given = bytes.at(-2)! * 256 + bytes.at(-1)!;
  if (given !== 0xabcd && given !== xmodem(bytes.slice(2, -2))) return 'wrong';
  const address = bytes[4]! * 256 + bytes[5]!;
  if (bytes[2] === 0x08 && address === 2) return bytes[6]! % 2 === 1 ? 'trigger' : 'stop';
  return bytes[2] === 0x0a ? 'heartbeat' : 'other';
}

function ssiKind(bytes: readonly number[]): HostCommand['kind'] {
  if (bytes.length === 1) return bytes[0] === 0 ? 'wake' : 'wrong';
  const body = bytes.slice(0, -2);
  const sum = (0x10000 - body.reduce((total, byte) => total + byte, 0)) % 0x10000;
  if (bytes.at(-2)! * 256 + bytes.at(-1)! !== sum || body[2] !== 4) return 'wrong';
  return ({ 0xe4: 'trigger', 0xe5: 'stop', 0xd0: 'acknowledged', 0xd1: 'resend' } as const)[body[1]!] ?? 'other';
}

/** What the scanner answers to a command that it has taken; undefined where its family says nothing. */
export function answerTo(family: ScannerFamily, kind: HostCommand['kind']): Uint8Array | undefined {
  if (family === 'gm65') return kind === 'heartbeat' ? gm65Answer(0x03) : gm65Answer(0x02);
  const isSsi = family === 'ssi_packets' || family === 'ssi_raw';
  return isSsi && (kind === 'trigger' || kind === 'stop') ? ssiPacket(0xd0, 0, []) : undefined;
}

function gm65Answer(head: number): Uint8Array {
  return Uint8Array.of(head, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31);
}

/** Of the decoder. */
export function ssiPacket(opcode: number, status: number, data: readonly number[]): Uint8Array {
  const body = [data.length + 4, opcode, 0, status, ...data];
  const sum = 0x10000 - body.reduce((total, byte) => total + byte, 0);
  return Uint8Array.from([...body, (sum >> 8) & 0xff, sum & 0xff]);
}

/** Bit by bit, as the modules' manual prints it. */
function xmodem(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    for (let mask = 0x80; mask >= 1; mask /= 2) {
      crc *= 2;
      if (crc >= 0x10000) crc = (crc - 0x10000) ^ 0x1021;
      if ((byte & mask) !== 0) crc ^= 0x1021;
    }
  }
  return crc;
}

function hexOf(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
