/** What state the machine is in, apart from its paper path's contents. */
export interface Machine {
  readonly power: boolean;
  readonly paper: 'ok' | 'low' | 'out';
  readonly coverOpen: boolean;
  /** The auto cutter's error, which stays until DLE ENQ or power-on even when the knife is free again. */
  readonly cutterJam: boolean;
  readonly tooHot: boolean;
  /** A recoverable mechanical error: paper jammed. */
  readonly jammed: boolean;
  readonly broken: boolean;
}

export const healthyMachine: Machine = { power: true, paper: 'ok', coverOpen: false, cutterJam: false, tooHot: false, jammed: false, broken: false };

export function isOffline(machine: Machine): boolean {
  return machine.paper === 'out' || machine.coverOpen || hasError(machine);
}

function hasError(machine: Machine): boolean {
  return machine.cutterJam || machine.tooHot || machine.jammed || machine.broken;
}

/** The answer to DLE EOT n, n = 1 to 4. Bits 1 and 4 are always on. */
export function realTimeStatus(machine: Machine, n: number): number {
  const { paper, coverOpen, cutterJam, tooHot, jammed, broken } = machine;
  const bits = (...parts: readonly (readonly [boolean, number])[]): number => parts.reduce((byte, [on, bit]) => (on ? byte | bit : byte), 0x12);
  switch (n) {
    case 1:
      return bits([isOffline(machine), 0x08]);
    case 2:
      return bits([coverOpen, 0x04], [paper === 'out', 0x20], [hasError(machine), 0x40]);
    case 3:
      return bits([jammed, 0x04], [cutterJam, 0x08], [broken, 0x20], [tooHot, 0x40]);
    default:
      return bits([paper !== 'ok', 0x0c], [paper === 'out', 0x60]);
  }
}

/** The four bytes of automatic status (GS a). */
export function automaticStatus(machine: Machine): Uint8Array {
  const { paper, coverOpen, cutterJam, tooHot, jammed, broken } = machine;
  const first = 0x10 | (isOffline(machine) ? 0x08 : 0) | (coverOpen ? 0x20 : 0);
  const second = (jammed ? 0x04 : 0) | (cutterJam ? 0x08 : 0) | (broken ? 0x20 : 0) | (tooHot ? 0x40 : 0);
  const third = (paper !== 'ok' ? 0x03 : 0) | (paper === 'out' ? 0x0c : 0);
  return Uint8Array.of(first, second, third, 0);
}

/** Whether GS a n (bit 1: online or offline, bit 2: errors, bit 3: paper) makes the printer tell of the difference. */
export function tellsOf(n: number, before: Machine, after: Machine): boolean {
  const differs = (key: keyof Machine): boolean => before[key] !== after[key];
  return (
    ((n & 2) !== 0 && (isOffline(before) !== isOffline(after) || differs('coverOpen'))) ||
    ((n & 4) !== 0 && (differs('cutterJam') || differs('tooHot') || differs('jammed') || differs('broken'))) ||
    ((n & 8) !== 0 && differs('paper'))
  );
}

/** GS r n: 1 paper, 2 drawer; undefined for other n. */
export function transmittedStatus(machine: Machine, n: number): number | undefined {
  if (n === 1 || n === 49) return machine.paper === 'ok' ? 0x00 : 0x03;
  if (n === 2 || n === 50) return 0x00;
  return undefined;
}

/** GS I n: model and type as a byte (two-byte characters and a cutter), names as "_", text, NUL; undefined for other n. */
export function identity(n: number): Uint8Array | undefined {
  const text = { 65: '1.00', 66: 'COUNTER24', 67: 'VIRTUAL-80', 68: '0000000001', 69: 'CHINA GB18030' }[n];
  if (text !== undefined) return Uint8Array.of(0x5f, ...Array.from(text, (character) => character.charCodeAt(0)), 0);
  const byte = { 1: 0x20, 49: 0x20, 2: 0x03, 50: 0x03, 3: 0x01, 51: 0x01 }[n];
  return byte === undefined ? undefined : Uint8Array.of(byte);
}
