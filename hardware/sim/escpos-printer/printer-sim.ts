import type { Result } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Script, ScriptStep } from '../script/script.ts';
import { createScriptPlayer } from '../script/script.ts';
import { commandLength } from './commands.ts';
import type { Effect } from './interpreter.ts';
import { createInterpreter } from './interpreter.ts';
import type { PaperSize, Slip } from './paper.ts';
import { cellDots, defaultSpacing } from './paper.ts';
import type { Arrival } from './real-time.ts';
import { createRealTimeScanner } from './real-time.ts';
import type { FlowControl } from './receive-buffer.ts';
import { createReceiveBuffer } from './receive-buffer.ts';
import type { Roll } from './roll.ts';
import { createPaperPath } from './roll.ts';
import type { Machine } from './sensors.ts';
import { automaticStatus, healthyMachine, identity, isOffline, realTimeStatus, tellsOf, transmittedStatus } from './sensors.ts';
import type { PrinterAction } from './vocabulary.ts';
import { printerVocabulary } from './vocabulary.ts';
import { createVoice } from './voice.ts';

export interface EscPosPrinterSimOptions {
  /** Half-width characters in a line: 32, 42 or 48. */
  readonly columns: number;
  readonly dots?: number;
  /** From edge to edge. */
  readonly paperMm?: number;
  readonly dotsPerInch?: 180 | 203;
  /** What ESC 3 and ESC J count in: dots, or half dots (1/360 inch). */
  readonly lineSpacingUnitsPerDot?: 1 | 2;
  /** How long a line of 1/6 inch takes; 0 prints at once. */
  readonly lineMs?: number;
  /** How long the knife takes. */
  readonly cutMs?: number;
  /** Receive buffer. What does not fit, because flow control was not obeyed or is `none`, is lost and booked as a fault. */
  readonly bufferBytes?: number;
  readonly flowControl?: FlowControl;
  /** A switch of many printers: busy only while the buffer is full, or also whenever offline. */
  readonly busyWhenOffline?: boolean;
  /** Length of the first roll; without one it never ends. */
  readonly rollMm?: number;
  /** What is left on the core when the near-end sensor sees it. */
  readonly nearEndMm?: number;
  /** Some makers let DLE ENQ 2 clear the buffers while paper is out or the cover open; Epson's ignore it then. */
  readonly recoverClearsWhenStopped?: boolean;
  /** A script pulls the cable out of the printer, or plugs it in. Whoever holds the line does it. */
  readonly onCable?: (plugged: boolean) => void;
}

/** The printer's end of a line. `hold`: its DTR, which is the kiosk's CTS. */
export interface PrinterLine extends Pick<Transport, 'onData' | 'write'> {
  readonly hold?: (held: boolean) => void;
}

export interface SimFault {
  /** How many bytes had come when it happened. */
  readonly atByte: number;
  readonly detail: string;
}

/** A virtual receipt printer with its own book of what came out. It knows ESC/POS from the specification, not from the driver. */
export interface EscPosPrinterSim {
  /** Plugs a line in, which the caller opens. Returns how to unplug it. */
  connect(line: PrinterLine): () => void;
  /** Faults by script (`printerVocabulary`), in place of the script before. */
  script(json: unknown): Result<void, string>;
  scriptLeft(): Script;
  setPower(on: boolean): void;
  /** `ok` puts a new roll in: as long as the one before, unless told otherwise. */
  setPaper(paper: 'ok' | 'low' | 'out', rollMm?: number): void;
  /** The roll ends after this many more lines. */
  paperOutAfter(lines: number): void;
  setCover(open: boolean): void;
  setCutterJam(jammed: boolean): void;
  /** The knife can move again, but the error stays until DLE ENQ or power-on. */
  freeCutter(): void;
  /** `coolMs`: it recovers by itself after so long. */
  setTooHot(hot: boolean, coolMs?: number): void;
  setJammed(jammed: boolean): void;
  setBroken(broken: boolean): void;
  /** It hears and prints, but says nothing. */
  setSilent(silent: boolean): void;
  machine(): Machine;
  roll(): Roll;
  /** Millimetres of paper that ever went through. */
  paperUsedMm(): number;
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
  /** Whether it tells the kiosk to wait. */
  isBusy(): boolean;
  /** After anything visible changed. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void;
  /** Ends every timer. */
  close(): void;
}

const XON = 0x11;
const XOFF = 0x13;

export function createEscPosPrinterSim(options: EscPosPrinterSimOptions): EscPosPrinterSim {
  const { lineMs = 0, cutMs = 0, flowControl = 'none', busyWhenOffline = false, recoverClearsWhenStopped = false, onCable } = options;
  const dots = options.dots ?? options.columns * cellDots;
  const dotsPerMm = (options.dotsPerInch ?? 203) === 180 ? 180 / 25.4 : 8;
  const lineDots = options.dotsPerInch === 180 ? 30 : defaultSpacing;
  const size: PaperSize = { columns: options.columns, dots, paperDots: Math.round((options.paperMm ?? (dots <= 400 ? 58 : 80)) * dotsPerMm) };
  const bufferBytes = options.bufferBytes ?? 16_384;
  const listeners = new Set<() => void>();
  const faults: SimFault[] = [];
  const slips: Slip[] = [];
  const lines = new Set<PrinterLine>();
  const interpreter = createInterpreter({ ...size, lineUnitsPerDot: options.lineSpacingUnitsPerDot ?? 1, spacing: lineDots }, fault);
  const scanner = createRealTimeScanner();
  const player = createScriptPlayer(printerVocabulary, perform);
  const paperPath = createPaperPath(options.nearEndMm ?? 5000);
  const buffer = createReceiveBuffer(bufferBytes, updateFlow);
  const voice = createVoice((bytes) => {
    for (const line of lines) void line.write(bytes, 1000);
  });
  paperPath.load(options.rollMm);

  let machine: Machine = healthyMachine;
  let received = 0;
  let linesLeft: number | undefined;
  /** What GS a asked for. */
  let automatic = 0;
  let knifeBlocked = false;
  let busy = false;
  let working = false;
  let moving: ReturnType<typeof setTimeout> | undefined;
  const later = new Set<ReturnType<typeof setTimeout>>();

  return {
    connect(line) {
      lines.add(line);
      if (flowControl === 'rts_cts') line.hold?.(busy);
      const stop = line.onData(receive);
      return () => {
        stop();
        lines.delete(line);
      };
    },
    script: (json) => player.load(json),
    scriptLeft: () => player.left(),
    setPower,
    setPaper(paper, rollMm) {
      linesLeft = undefined;
      if (paper === 'ok') paperPath.load(rollMm ?? paperPath.roll().lengthMm);
      become({ paper });
    },
    paperOutAfter(count) {
      linesLeft = count;
    },
    setCover: (open) => become({ coverOpen: open }),
    setCutterJam,
    freeCutter() {
      knifeBlocked = false;
    },
    setTooHot,
    setJammed: (jammed) => become({ jammed }),
    setBroken: (broken) => become({ broken }),
    setSilent: (silent) => voice.setSilent(silent),
    machine: () => machine,
    roll: () => paperPath.roll(),
    paperUsedMm: () => paperPath.usedMm(),
    slips: () => [...slips],
    clearSlips() {
      slips.length = 0;
      changed();
    },
    current: () => ({ ...size, lines: interpreter.lines(), cut: 'none' }),
    faults: () => [...faults],
    bytesReceived: () => received,
    bytesWaiting: () => buffer.bytes().length,
    isBusy: () => busy,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      player.stop();
      voice.stop();
      clearTimeout(moving);
      for (const timer of later) clearTimeout(timer);
    },
  };

  function receive(bytes: Uint8Array): void {
    // A script may stop the printer at any byte.
    if (player.left().length === 0) return hear(bytes);
    for (const byte of bytes) {
      moment(`byte ${received + 1}`);
      hear(Uint8Array.of(byte));
    }
  }

  function hear(bytes: Uint8Array): void {
    if (!machine.power) return;
    received += bytes.length;
    let out = false;
    for (const arrival of scanner.push(bytes)) {
      if (!machine.power) break;
      if (arrival.kind === 'data') {
        if (!buffer.push(arrival.bytes)) fault(`buffer overflow: ${arrival.bytes.length} bytes lost`);
        else out = print() || out;
      } else obey(arrival);
    }
    if (out) changed();
  }

  /** Real-time commands, whatever else goes on. */
  function obey(arrival: Exclude<Arrival, { kind: 'data' }>): void {
    if (arrival.kind === 'status') {
      moment(`received dle eot ${arrival.n}`);
      if (machine.power) voice.say(Uint8Array.of(realTimeStatus(machine, arrival.n)));
      return;
    }
    if (arrival.kind === 'clear') {
      moment('received dle dc4 8');
      forget();
      voice.say(Uint8Array.of(0x37, 0x25, 0x00));
      return;
    }
    moment(`received dle enq ${arrival.n}`);
    const recoverable = machine.cutterJam || machine.jammed || machine.tooHot;
    const stopped = recoverClearsWhenStopped && (machine.paper === 'out' || machine.coverOpen);
    if (!recoverable && !stopped) return;
    if (arrival.n === 2) forget();
    // The head cools in its own time, and a knife that is held fast stays where it is.
    become({ cutterJam: machine.cutterJam && knifeBlocked });
  }

  function forget(): void {
    buffer.clear();
    interpreter.reset();
  }

  /** Works through the buffer while there is paper and nothing moves. True if anything came out. */
  function print(): boolean {
    if (working) return false;
    working = true;
    let out = false;
    while (machine.power && !isOffline(machine) && moving === undefined) {
      const bytes = buffer.bytes();
      const length = commandLength(bytes, 0, interpreter.chinese());
      if (bytes.length === 0 || length === undefined) break;
      const command = bytes.slice(0, length);
      buffer.drop(length);
      out = carryOut(interpreter.execute(command)) || out;
    }
    working = false;
    return out;
  }

  function carryOut(effect: Effect): boolean {
    if (effect.initialised) {
      // GS a holds until ESC @ (Epson TM-T88III specification, GS a, note 5).
      automatic = 0;
      moment('received esc @');
    }
    if (effect.statusAsked !== undefined) {
      moment('received gs r');
      const answer = transmittedStatus(machine, effect.statusAsked);
      if (answer === undefined) fault(`GS r ${effect.statusAsked}`);
      else if (machine.power) voice.say(Uint8Array.of(answer));
    }
    if (effect.identityAsked !== undefined) {
      moment('received gs i');
      const answer = identity(effect.identityAsked);
      if (answer === undefined) fault(`GS I ${effect.identityAsked}`);
      else if (machine.power) voice.say(answer);
    }
    if (effect.automaticStatus !== undefined) {
      moment('received gs a');
      automatic = effect.automaticStatus;
      if (automatic !== 0 && machine.power) voice.say(automaticStatus(machine));
    }
    if (effect.slip !== undefined) slips.push(effect.slip);
    move(effect.advance, effect.slip !== undefined);
    if (effect.advance > 0) moment('line printed');
    if (effect.slip !== undefined) moment('slip cut');
    return effect.advance > 0 || effect.slip !== undefined;
  }

  function move(advance: number, cuts: boolean): void {
    if (advance === 0 && !cuts) return;
    const count = Math.ceil(advance / lineDots);
    let seen = paperPath.move(advance / dotsPerMm);
    if (linesLeft !== undefined && count > 0) {
      linesLeft -= count;
      if (linesLeft <= 0) {
        linesLeft = undefined;
        seen = 'out';
      }
    }
    const ms = count * lineMs + (cuts ? cutMs : 0);
    if (ms > 0) {
      moving = setTimeout(() => {
        moving = undefined;
        print();
        changed();
      }, ms);
    }
    if (seen !== undefined && machine.paper !== 'out') change({ paper: seen });
  }

  function setPower(on: boolean): void {
    if (on === machine.power) return;
    clearTimeout(moving);
    moving = undefined;
    buffer.clear();
    automatic = 0;
    scanner.reset();
    interpreter.reset();
    voice.stop();
    become({ power: on, cutterJam: machine.cutterJam && knifeBlocked, jammed: false });
    // Printers that speak XON/XOFF say XON when they are ready for the first time.
    if (on && flowControl === 'xon_xoff' && !busy) voice.signal(XON);
    moment(on ? 'powered on' : 'powered off');
  }

  function setCutterJam(jammed: boolean): void {
    knifeBlocked = jammed;
    become({ cutterJam: jammed });
  }

  function setTooHot(hot: boolean, coolMs?: number): void {
    become({ tooHot: hot });
    if (hot && coolMs !== undefined) after(coolMs, () => become({ tooHot: false }));
  }

  function become(part: Partial<Machine>): void {
    change(part);
    print();
    changed();
  }

  function change(part: Partial<Machine>): void {
    const before = machine;
    machine = { ...machine, ...part };
    if (machine.power && before.power && tellsOf(automatic, before, machine)) voice.say(automaticStatus(machine));
    updateFlow();
  }

  function updateFlow(): void {
    // Without power there is no voltage on DTR, which says "busy".
    const next = machine.power ? buffer.isBusy() || (busyWhenOffline && isOffline(machine)) : flowControl === 'rts_cts';
    if (next === busy) return;
    busy = next;
    if (flowControl === 'xon_xoff' && machine.power) {
      voice.signal(busy ? XOFF : XON);
      moment(busy ? 'xoff sent' : 'xon sent');
    }
    if (flowControl === 'rts_cts') for (const line of lines) line.hold?.(busy);
  }

  function moment(name: string): void {
    for (const step of player.moment(name)) perform(step);
  }

  function perform({ do: action, value }: ScriptStep): void {
    const acts: Record<PrinterAction, () => void> = {
      paper_out: () => become({ paper: 'out' }),
      paper_low: () => become({ paper: 'low' }),
      paper_ok() {
        paperPath.load(value ?? paperPath.roll().lengthMm);
        become({ paper: 'ok' });
      },
      cover_open: () => become({ coverOpen: true }),
      cover_close: () => become({ coverOpen: false }),
      cutter_jam: () => setCutterJam(true),
      cutter_free() {
        knifeBlocked = false;
      },
      too_hot: () => setTooHot(true, value),
      cool: () => become({ tooHot: false }),
      jam: () => become({ jammed: true }),
      unjam: () => become({ jammed: false }),
      break: () => become({ broken: true }),
      power_off() {
        setPower(false);
        if (value !== undefined) after(value, () => setPower(true));
      },
      power_on: () => setPower(true),
      silent() {
        voice.setSilent(true);
        if (value !== undefined) after(value, () => voice.setSilent(false));
      },
      speak: () => voice.setSilent(false),
      garble_answer: () => voice.next('garble'),
      drop_answer: () => voice.next('drop'),
      double_answer: () => voice.next('double'),
      delay_answer: () => voice.next({ delayMs: value ?? 0 }),
      xoff: () => voice.signal(XOFF),
      xon: () => voice.signal(XON),
      unplug: () => onCable?.(false),
      plug: () => onCable?.(true),
    };
    acts[action as PrinterAction]();
  }

  function after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      later.delete(timer);
      act();
    }, ms);
    later.add(timer);
  }

  function fault(detail: string): void {
    // Hours of rubbish on the line must not fill the memory.
    if (faults.length < 1000) faults.push({ atByte: received, detail });
  }

  function changed(): void {
    for (const listener of listeners) listener();
  }
}
