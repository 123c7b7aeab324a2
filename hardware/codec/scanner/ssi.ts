/**
 * Zebra's Simple Serial Interface: `length opcode source status data… checksum(2)`. The length counts itself and everything
 * up to the checksum, which is the two's complement of their sum, high byte first.
 */
export interface SsiPacket {
  readonly opcode: number;
  /** 0 is the decoder, 4 the host. */
  readonly source: number;
  readonly status: number;
  readonly data: Uint8Array;
}

export const ssiOpcodes = { decodeData: 0xf3, event: 0xf6, startSession: 0xe4, stopSession: 0xe5, acknowledged: 0xd0, refused: 0xd1 } as const;
export const ssiSources = { decoder: 0, host: 4 } as const;
/** Status of what the decoder sends. */
export const ssiStatus = { retransmit: 0x01, continues: 0x02 } as const;

/** length, opcode, source and status: no packet is shorter, and one byte of length allows none that is longer. */
export const minSsiLength = 4;
export const maxSsiData = 255 - minSsiLength;

/** A byte of 00 wakes a scanner that sleeps to save power; so long it takes until it can listen. */
export const ssiWake = Uint8Array.of(0);
export const ssiWakeMs = 50;

export function encodeSsi({ opcode, source, status, data }: SsiPacket): Uint8Array {
  const body = Uint8Array.of(minSsiLength + data.length, opcode, source, status, ...data);
  const sum = ssiChecksum(body);
  return Uint8Array.of(...body, sum >> 8, sum & 0xff);
}

/** A command of the host that has no data. */
export function ssiCommand(opcode: number): Uint8Array {
  return encodeSsi({ opcode, source: ssiSources.host, status: 0, data: new Uint8Array() });
}

/** "Send that again": cause 1. */
export function ssiResend(): Uint8Array {
  return encodeSsi({ opcode: ssiOpcodes.refused, source: ssiSources.host, status: 0, data: Uint8Array.of(1) });
}

/** One whole packet with its checksum; undefined where it is none. */
export function parseSsi(bytes: Uint8Array): SsiPacket | undefined {
  const [length = 0, opcode = 0, source = 0, status = 0] = bytes;
  if (length < minSsiLength || bytes.length !== length + 2) return undefined;
  const body = bytes.subarray(0, length);
  if (((bytes[length]! << 8) | bytes[length + 1]!) !== ssiChecksum(body)) return undefined;
  return { opcode, source, status, data: body.slice(minSsiLength) };
}

function ssiChecksum(body: Uint8Array): number {
  return -body.reduce((sum, byte) => sum + byte, 0) & 0xffff;
}
