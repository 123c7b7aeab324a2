/**
 * Serial trigger of Honeywell's 2D imagers, and of Mindeo and Datalogic readers that take the same: SYN, a letter, CR.
 * They answer nothing.
 */
export const serialTrigger = Uint8Array.of(0x16, 0x54, 0x0d);
export const serialStop = Uint8Array.of(0x16, 0x55, 0x0d);

export function parseSerialTrigger(bytes: Uint8Array): 'trigger' | 'stop' | undefined {
  if (bytes.length !== 3 || bytes[0] !== 0x16 || bytes[2] !== 0x0d) return undefined;
  return bytes[1] === 0x54 ? 'trigger' : bytes[1] === 0x55 ? 'stop' : undefined;
}
