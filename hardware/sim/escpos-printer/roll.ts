/** Paper by the metre. Lengths in millimetres. */
export interface Roll {
  /** Length of the roll when it was put in; undefined: it never ends. */
  readonly lengthMm: number | undefined;
  readonly leftMm: number | undefined;
}

export interface PaperPath {
  /** The paper moved. Says what the sensors see now, where they see anything new. */
  move(mm: number): 'low' | 'out' | undefined;
  /** A new roll; undefined: one that never ends. */
  load(lengthMm: number | undefined): void;
  roll(): Roll;
  /** What this printer has ever used. */
  usedMm(): number;
}

/** `nearEndMm`: how much is left when the near-end sensor sees the core. */
export function createPaperPath(nearEndMm: number): PaperPath {
  let length: number | undefined;
  let left: number | undefined;
  let used = 0;

  return {
    move(mm) {
      used += mm;
      if (left === undefined) return undefined;
      const before = left;
      left = Math.max(0, left - mm);
      if (left === 0 && before > 0) return 'out';
      return left <= nearEndMm && before > nearEndMm ? 'low' : undefined;
    },
    load(lengthMm) {
      length = lengthMm;
      left = lengthMm;
    },
    roll: () => ({ lengthMm: length, leftMm: left }),
    usedMm: () => used,
  };
}
