/** What state the machine is in, apart from its paper path's contents. */
export interface Machine {
  readonly power: boolean;
  readonly paper: 'ok' | 'low' | 'out';
  readonly coverOpen: boolean;
  readonly cutterJam: boolean;
  readonly tooHot: boolean;
  readonly broken: boolean;
}

export const healthyMachine: Machine = { power: true, paper: 'ok', coverOpen: false, cutterJam: false, tooHot: false, broken: false };

export function isOffline(machine: Machine): boolean {
  return machine.paper === 'out' || machine.coverOpen || hasError(machine);
}

function hasError(machine: Machine): boolean {
  return machine.cutterJam || machine.tooHot || machine.broken;
}

/** The answer to DLE EOT n, n = 1 to 4. Bits 1 and 4 are always on. */
export function realTimeStatus(machine: Machine, n: number): number {
  const { paper, coverOpen, cutterJam, tooHot, broken } = machine;
  const bits = (...parts: readonly (readonly [boolean, number])[]): number => parts.reduce((byte, [on, bit]) => (on ? byte | bit : byte), 0x12);
  switch (n) {
    case 1:
      return bits([isOffline(machine), 0x08]);
    case 2:
      return bits([coverOpen, 0x04], [paper === 'out', 0x20], [hasError(machine), 0x40]);
    case 3:
      return bits([cutterJam, 0x08], [broken, 0x20], [tooHot, 0x40]);
    default:
      return bits([paper !== 'ok', 0x0c], [paper === 'out', 0x60]);
  }
}

/** The four bytes of automatic status (GS a). */
export function automaticStatus(machine: Machine): Uint8Array {
  const { paper, coverOpen, cutterJam, tooHot, broken } = machine;
  const first = 0x10 | (isOffline(machine) ? 0x08 : 0) | (coverOpen ? 0x20 : 0);
  const second = (cutterJam ? 0x08 : 0) | (broken ? 0x20 : 0) | (tooHot ? 0x40 : 0);
  const third = (paper !== 'ok' ? 0x03 : 0) | (paper === 'out' ? 0x0c : 0);
  return Uint8Array.of(first, second, third, 0);
}

/** GS r n: 1 paper, 2 drawer; undefined for other n. */
export function transmittedStatus(machine: Machine, n: number): number | undefined {
  if (n === 1 || n === 49) return machine.paper === 'ok' ? 0x00 : 0x03;
  if (n === 2 || n === 50) return 0x00;
  return undefined;
}
