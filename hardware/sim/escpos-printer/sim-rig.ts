import type { EscPosPrinterSim, EscPosPrinterSimOptions } from './printer-sim.ts';
import { createEscPosPrinterSim } from './printer-sim.ts';

export interface ConnectedSim {
  readonly sim: EscPosPrinterSim;
  readonly send: (...parts: (string | readonly number[])[]) => void;
  readonly answers: number[];
  readonly holds: boolean[];
}

/** A printer with its answers, spoken to in bytes written by hand from the specification. For tests. */
export function connectedSim(options: Partial<EscPosPrinterSimOptions> = {}): ConnectedSim {
  const sim = createEscPosPrinterSim({ columns: 32, ...options });
  const answers: number[] = [];
  const holds: boolean[] = [];
  let deliver: (bytes: Uint8Array) => void = () => undefined;
  sim.connect({
    onData(listener) {
      deliver = listener;
      return () => undefined;
    },
    async write(bytes) {
      answers.push(...bytes);
      return { ok: true, value: undefined };
    },
    hold: (held) => holds.push(held),
  });
  const send = (...parts: (string | readonly number[])[]): void => deliver(Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : [...part]))));
  return { sim, send, answers, holds };
}
