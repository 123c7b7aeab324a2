export interface Line {
  /** @throws LineFull at once, where too many wait */
  wait<T>(work: () => Promise<T>): Promise<T>;
}

export class LineFull extends Error {}

/** Lets so many do their work at once; the others wait their turn, up to a number. */
export function createLine(atOnce: number, mostWaiting: number): Line {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return {
    async wait(work) {
      if (busy < atOnce) busy += 1;
      else if (waiting.length >= mostWaiting) throw new LineFull('too many wait already');
      // Whoever ends hands the place over: nobody slips in between.
      else await new Promise<void>((resolve) => void waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else busy -= 1;
      }
    },
  };
}
