import { err, ok } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';

export interface SlowLineOptions {
  /** Two open transports between which the bytes travel: whatever comes out of one is written to the other. */
  readonly ends: readonly [Transport, Transport];
  readonly baud: number;
  /** Start bit, eight data bits, stop bit: ten, unless told otherwise. */
  readonly bitsPerByte?: number;
  /** Delivers to the tenth of a millisecond, at full processor load while bytes travel. For benches. */
  readonly exact?: boolean;
}

/** A line with a true speed, where memory and pseudo terminals have none. */
export interface SlowLine {
  /** Stops the bytes that come out of `ends[from]` (a handshake line), until told otherwise. */
  hold(from: 0 | 1, held: boolean): void;
  /** Bytes that came out of `ends[from]` and were not delivered yet. */
  waiting(from: 0 | 1): number;
  /** Bytes on their way are lost. The ends stay open. */
  close(): void;
}

export function createSlowLine(options: SlowLineOptions): SlowLine {
  const { ends, exact = false } = options;
  const byteMs = ((options.bitsPerByte ?? 10) * 1000) / options.baud;
  const [first, second] = ends;
  const wires = [wire(second), wire(first)] as const;
  const stops = [first.onData(wires[0].push), second.onData(wires[1].push), first.onLost(clear), second.onLost(clear)];

  return {
    hold: (from, held) => wires[from].hold(held),
    waiting: (from) => wires[from].waiting(),
    close() {
      for (const stop of stops) stop();
      clear();
    },
  };

  /** A cable that was pulled holds nothing. */
  function clear(): void {
    for (const each of wires) each.clear();
  }

  function wire(to: Transport): Wire {
    let written: Promise<unknown> = Promise.resolve();
    return createWire({
      byteMs,
      exact,
      deliver(bytes) {
        written = written.then(() => to.write(bytes, 5000));
      },
    });
  }
}

interface UartOptions {
  /** What the bytes go to and come from, as if it had no delay of its own. */
  readonly transport: Transport;
  readonly baud: number;
  /** The transmit buffer of the port and its driver: a write waits until its bytes are in there. Linux has 4096. */
  readonly bufferBytes?: number;
}

/** A serial port as the kiosk's driver sees it: with a speed, a transmit buffer, and a CTS that holds both. */
export interface Uart extends Transport {
  /** CTS says wait. */
  hold(held: boolean): void;
  /** Bytes in the transmit buffer. */
  waiting(): number;
}

export function createUart({ transport, baud, bufferBytes = 4096 }: UartOptions): Uart {
  let room: (() => void)[] = [];
  let opened = 0;
  const line = createWire({
    byteMs: 10_000 / baud,
    exact: false,
    deliver(bytes) {
      void transport.write(bytes, 5000);
      for (const wake of room.splice(0)) wake();
    },
  });
  transport.onLost(empty);
  let writing: Promise<unknown> = Promise.resolve();

  return {
    ...transport,
    hold: line.hold,
    waiting: line.waiting,
    write(bytes, timeoutMs) {
      const session = opened;
      const copy = bytes.slice();
      let at = 0;
      const isOver = (): boolean => session !== opened || !transport.isOpen();
      const written = writing.then(async () => {
        while (at < copy.length && !isOver()) {
          const free = bufferBytes - line.waiting();
          if (free > 0) {
            line.push(copy.subarray(at, at + free));
            at += free;
          } else await new Promise<void>((resolve) => room.push(resolve));
        }
      });
      writing = written;
      if (isOver()) return Promise.resolve(err({ kind: 'not_open', detail: transport.name }));
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(err({ kind: 'write_timeout', detail: `${transport.name} took no more bytes within ${timeoutMs} ms` })), timeoutMs);
        void written.then(() => {
          clearTimeout(timer);
          resolve(isOver() ? err({ kind: 'write_failed', detail: 'closed' }) : ok());
        });
      });
    },
    async close() {
      // As serial.ts does: what the port still holds is thrown away.
      empty();
      await transport.close();
    },
  };

  function empty(): void {
    opened += 1;
    line.clear();
    for (const wake of room.splice(0)) wake();
    room = [];
  }
}

interface Wire {
  readonly push: (bytes: Uint8Array) => void;
  readonly hold: (held: boolean) => void;
  readonly waiting: () => number;
  readonly clear: () => void;
}

/**
 * One direction. Each byte is delivered when its stop bit would have passed, counted from the moment at which the wire began to
 * be busy, so that late timers never add up.
 */
function createWire(options: { readonly byteMs: number; readonly exact: boolean; readonly deliver: (bytes: Uint8Array) => void }): Wire {
  const { byteMs, exact, deliver } = options;
  let queue: Uint8Array[] = [];
  let length = 0;
  /** When the first byte of the queue began to travel. */
  let since = 0;
  let held = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let immediate: ReturnType<typeof setImmediate> | undefined;

  return {
    push(bytes) {
      if (bytes.length === 0) return;
      // A byte that comes while the last one is still under way follows it without a gap.
      if (length === 0) since = Math.max(since, performance.now());
      queue.push(bytes.slice());
      length += bytes.length;
      arm();
    },
    hold(next) {
      if (held === next) return;
      if (next) deliverDue();
      held = next;
      if (next) disarm();
      else {
        since = performance.now();
        arm();
      }
    },
    waiting: () => length,
    clear() {
      disarm();
      queue = [];
      length = 0;
    },
  };

  function disarm(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
  }

  function arm(): void {
    if (held || length === 0 || timer !== undefined || immediate !== undefined) return;
    const wait = since + byteMs - performance.now();
    if (exact && wait < 2) immediate = setImmediate(turn);
    else timer = setTimeout(turn, Math.max(1, exact ? wait - 1.5 : wait));
  }

  function turn(): void {
    timer = undefined;
    immediate = undefined;
    deliverDue();
    arm();
  }

  function deliverDue(): void {
    // A hundredth of a byte early is not early: it is how floating numbers are.
    const due = Math.min(length, Math.floor((performance.now() - since) / byteMs + 0.01));
    if (due <= 0) return;
    const bytes = new Uint8Array(due);
    let at = 0;
    while (at < due) {
      const [head] = queue;
      if (head === undefined) break;
      const part = head.subarray(0, due - at);
      bytes.set(part, at);
      at += part.length;
      if (part.length === head.length) queue.shift();
      else queue[0] = head.subarray(part.length);
    }
    length -= due;
    since += due * byteMs;
    deliver(bytes);
  }
}
