import type { Transport } from '../../transport/transport.ts';
import { commandLength } from './commands.ts';
import { createInterpreter } from './interpreter.ts';
import type { PaperSize, Slip } from './paper.ts';
import { cellDots, defaultSpacing } from './paper.ts';
import { createRealTimeScanner } from './real-time.ts';
import type { Machine } from './sensors.ts';
import { automaticStatus, healthyMachine, isOffline, realTimeStatus, transmittedStatus } from './sensors.ts';

export interface EscPosPrinterSimOptions {
  /** Half-width characters in a line: 32, 42 or 48. */
  readonly columns: number;
  readonly dots?: number;
  /** From edge to edge. */
  readonly paperMm?: number;
  /** How long a line takes; 0 prints at once. */
  readonly lineMs?: number;
  /** Receive buffer. There is no flow control here: what does not fit is lost and booked as a fault. */
  readonly bufferBytes?: number;
}

export interface SimFault {
  /** How many bytes had come when it happened. */
  readonly atByte: number;
  readonly detail: string;
}

/** A virtual receipt printer with its own book of what came out. It knows ESC/POS from the specification, not from the driver. */
export interface EscPosPrinterSim {
  /** Plugs a line in, which the caller opens. Returns how to unplug it. */
  connect(line: Pick<Transport, 'onData' | 'write'>): () => void;
  setPower(on: boolean): void;
  setPaper(paper: 'ok' | 'low' | 'out'): void;
  /** The roll ends after this many more lines. */
  paperOutAfter(lines: number): void;
  setCover(open: boolean): void;
  setCutterJam(jammed: boolean): void;
  setTooHot(hot: boolean): void;
  setBroken(broken: boolean): void;
  machine(): Machine;
  /** Finished slips, oldest first. */
  slips(): readonly Slip[];
  /** Throws the finished slips away. */
  clearSlips(): void;
  /** The paper that still hangs in the printer. */
  current(): Slip;
  faults(): readonly SimFault[];
  bytesReceived(): number;
  /** Bytes waiting to be printed. */
  bytesWaiting(): number;
  /** After anything visible changed. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void;
}

export function createEscPosPrinterSim(options: EscPosPrinterSimOptions): EscPosPrinterSim {
  const dots = options.dots ?? options.columns * cellDots;
  const size: PaperSize = { columns: options.columns, dots, paperDots: (options.paperMm ?? (dots <= 400 ? 58 : 80)) * 8 };
  const lineMs = options.lineMs ?? 0;
  const bufferBytes = options.bufferBytes ?? 16_384;
  const listeners = new Set<() => void>();
  const faults: SimFault[] = [];
  const slips: Slip[] = [];
  const lines = new Set<Pick<Transport, 'onData' | 'write'>>();
  const interpreter = createInterpreter(size, fault);
  const scanner = createRealTimeScanner();

  let machine: Machine = healthyMachine;
  let buffer = new Uint8Array(0);
  let received = 0;
  let linesLeft: number | undefined;
  let automatic = false;
  let moving: ReturnType<typeof setTimeout> | undefined;

  return {
    connect(line) {
      lines.add(line);
      const stop = line.onData(receive);
      return () => {
        stop();
        lines.delete(line);
      };
    },
    setPower(on) {
      if (on === machine.power) return;
      clearTimeout(moving);
      moving = undefined;
      buffer = new Uint8Array(0);
      automatic = false;
      scanner.reset();
      interpreter.reset();
      become({ power: on });
    },
    setPaper(paper) {
      linesLeft = undefined;
      become({ paper });
    },
    paperOutAfter(count) {
      linesLeft = count;
    },
    setCover: (open) => become({ coverOpen: open }),
    setCutterJam: (cutterJam) => become({ cutterJam }),
    setTooHot: (tooHot) => become({ tooHot }),
    setBroken: (broken) => become({ broken }),
    machine: () => machine,
    slips: () => [...slips],
    clearSlips() {
      slips.length = 0;
      changed();
    },
    current: () => ({ ...size, lines: interpreter.lines(), cut: 'none' }),
    faults: () => [...faults],
    bytesReceived: () => received,
    bytesWaiting: () => buffer.length,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function receive(bytes: Uint8Array): void {
    if (!machine.power) return;
    received += bytes.length;
    let out = false;
    for (const arrival of scanner.push(bytes)) {
      if (arrival.kind === 'status') send(Uint8Array.of(realTimeStatus(machine, arrival.n)));
      else if (arrival.kind === 'data') out = take(arrival.bytes) || out;
      // DLE ENQ 2: recover, and forget what was to be printed. Both do something only in an error.
      else if (arrival.n === 2 && (machine.cutterJam || machine.tooHot)) {
        buffer = new Uint8Array(0);
        interpreter.reset();
      }
    }
    if (out) changed();
  }

  function take(bytes: Uint8Array): boolean {
    if (buffer.length + bytes.length > bufferBytes) {
      fault(`buffer overflow: ${bytes.length} bytes lost`);
      return false;
    }
    buffer = Uint8Array.from([...buffer, ...bytes]);
    return print();
  }

  /** Works through the buffer while there is paper and nothing moves. True if anything came out. */
  function print(): boolean {
    let at = 0;
    let out = false;
    while (at < buffer.length && machine.power && !isOffline(machine) && moving === undefined) {
      const length = commandLength(buffer, at, interpreter.chinese());
      if (length === undefined) break;
      const effect = interpreter.execute(buffer.subarray(at, at + length));
      at += length;
      if (effect.slip !== undefined) slips.push(effect.slip);
      if (effect.statusAsked !== undefined) answerStatus(effect.statusAsked);
      if (effect.automaticStatus !== undefined) {
        automatic = effect.automaticStatus !== 0;
        if (automatic) send(automaticStatus(machine));
      }
      out ||= effect.advance > 0 || effect.slip !== undefined;
      move(Math.ceil(effect.advance / defaultSpacing));
    }
    buffer = buffer.slice(at);
    return out;
  }

  function move(count: number): void {
    if (count === 0) return;
    if (linesLeft !== undefined) {
      linesLeft -= count;
      if (linesLeft <= 0) {
        linesLeft = undefined;
        machine = { ...machine, paper: 'out' };
        if (automatic) send(automaticStatus(machine));
      }
    }
    if (lineMs === 0) return;
    moving = setTimeout(() => {
      moving = undefined;
      print();
      changed();
    }, count * lineMs);
  }

  function answerStatus(n: number): void {
    const answer = transmittedStatus(machine, n);
    if (answer === undefined) fault(`GS r ${n}`);
    else send(Uint8Array.of(answer));
  }

  function become(part: Partial<Machine>): void {
    machine = { ...machine, ...part };
    if (machine.power && automatic) send(automaticStatus(machine));
    print();
    changed();
  }

  function send(bytes: Uint8Array): void {
    for (const line of lines) void line.write(bytes, 1000);
  }

  function fault(detail: string): void {
    // Hours of rubbish on the line must not fill the memory.
    if (faults.length < 1000) faults.push({ atByte: received, detail });
  }

  function changed(): void {
    for (const listener of listeners) listener();
  }
}
