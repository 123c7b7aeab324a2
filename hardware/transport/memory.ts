import { err, ok } from '../../domain/result.ts';
import type { Transport } from './transport.ts';

export interface MemoryLine {
  /** The kiosk's end and the device's end; which is which does not matter. */
  readonly ends: readonly [Transport, Transport];
  /** The cable is pulled: both ends are lost, bytes in flight are gone, and `open` fails until `mend`. */
  cut(): void;
  mend(): void;
}

export interface MemoryLineOptions {
  readonly name?: string;
  /** How one write arrives at the far end, as a list of deliveries. Whole, unless told otherwise. */
  readonly split?: (bytes: Uint8Array) => readonly Uint8Array[];
}

interface End {
  open: boolean;
  readonly data: Set<(bytes: Uint8Array) => void>;
  readonly lost: Set<(detail: string) => void>;
}

/**
 * A serial line without a serial port: two transports joined to each other. Bytes written while the far end is closed are
 * lost, as on a wire. Each delivery comes in a turn of its own, so that no test passes only because delivery was synchronous.
 */
export function createMemoryLine(options: MemoryLineOptions = {}): MemoryLine {
  const name = options.name ?? 'memory line';
  const split = options.split ?? ((bytes: Uint8Array) => [bytes]);
  const cable = { plugged: true, cuts: 0 };
  const ends: readonly [End, End] = [newEnd(), newEnd()];

  return {
    ends: [transport(ends[0], ends[1], `${name} (a)`), transport(ends[1], ends[0], `${name} (b)`)],
    cut() {
      if (!cable.plugged) return;
      cable.plugged = false;
      cable.cuts += 1;
      for (const end of ends) lose(end);
    },
    mend() {
      cable.plugged = true;
    },
  };

  function transport(near: End, far: End, endName: string): Transport {
    return {
      name: endName,
      isOpen: () => near.open,
      async open() {
        if (!cable.plugged) return err({ kind: 'open_failed', detail: `${endName}: no cable` } as const);
        near.open = true;
        return ok();
      },
      async write(bytes) {
        if (!near.open) return err({ kind: 'not_open', detail: endName } as const);
        // A copy, because the writer may use its buffer again as soon as this resolves.
        for (const part of split(bytes.slice())) deliver(far, part);
        return ok();
      },
      onData: (listener) => subscribe(near.data, listener),
      onLost: (listener) => subscribe(near.lost, listener),
      async close() {
        near.open = false;
      },
    };
  }

  function deliver(far: End, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const cutsBefore = cable.cuts;
    setImmediate(() => {
      if (!far.open || cable.cuts !== cutsBefore) return;
      for (const listener of far.data) listener(bytes);
    });
  }

  function lose(end: End): void {
    if (!end.open) return;
    end.open = false;
    queueMicrotask(() => {
      for (const listener of end.lost) listener('cable pulled');
    });
  }
}

function newEnd(): End {
  return { open: false, data: new Set(), lost: new Set() };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
