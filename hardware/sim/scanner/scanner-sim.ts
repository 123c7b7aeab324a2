import type { Result } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';
import { createScriptPlayer } from '../script/script.ts';
import type { ScriptStep } from '../script/script.ts';
import type { HostCommand, ScannerFamily } from './bytes.ts';
import { answerTo, ssiPacket, takeCommand } from './bytes.ts';
import { scannerVocabulary, withFaults } from './faults.ts';

export interface ScannerSimOptions {
  readonly family: ScannerFamily;
  /** How long it looks for a code after a trigger. */
  readonly sessionMs?: number;
  /** What it adds to a code; a Zebra with packets adds nothing. */
  readonly suffix?: string;
  /** How long a command takes it. */
  readonly answerMs?: number;
  /** Between two readings of what stays before it while it is lit. */
  readonly readMs?: number;
  /** A Zebra that hears no ACK sends its packet again after this. */
  readonly resendMs?: number;
  /** A Zebra that sleeps when it is dark misses every command that no 00 has woken it for, 50 ms before. */
  readonly sleeps?: boolean;
  /** For rubbish: 0 up to 1. */
  readonly random?: () => number;
}

/** One beep: a code that it has read. Whether it arrived anywhere is not its business. */
export interface Beep {
  readonly text: string;
  readonly atMs: number;
}

/** A scanner with its own idea of when it is lit, and its own book of what it beeped at. It knows its protocol from the manual. */
export interface ScannerSim {
  /** Plugs a line in, which the caller opens. Returns how to unplug it. */
  connect(line: Pick<Transport, 'onData' | 'write'>): () => void;
  /** Holds a code before it and takes it away. True where it was read. */
  show(code: string | Uint8Array): boolean;
  /** Leaves a code before it, until `clear`: read as soon as it is lit, and again as long as it is. */
  leave(code: string | Uint8Array): void;
  clear(): void;
  isLit(): boolean;
  setPower(on: boolean): void;
  script(script: unknown): Result<void, string>;
  book(): readonly Beep[];
  /** Commands as it understood them, oldest first. */
  commands(): readonly HostCommand[];
  /** What the host did against the protocol. */
  faults(): readonly string[];
  /** After anything that can be seen or heard has changed. */
  onChange(listener: () => void): () => void;
  /** No timer is left. */
  close(): void;
}

/** SSI allows some sendings of one packet before the decoder gives it up. */
const ssiSendings = 3;
const wakeMs = 50;

export function createScannerSim(options: ScannerSimOptions): ScannerSim {
  const { family, sessionMs = 5000, suffix = '\r', answerMs = 5, readMs = 120, resendMs = 2000, sleeps = false, random = seeded() } = options;
  const isSsi = family === 'ssi_packets' || family === 'ssi_raw';
  const suffixBytes = family === 'ssi_packets' ? new Uint8Array() : new TextEncoder().encode(suffix);
  const player = createScriptPlayer(scannerVocabulary, perform);
  const listeners = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  const beeps: Beep[] = [];
  const commands: HostCommand[] = [];
  const faults: string[] = [];
  const startedAt = performance.now();
  let line: Pick<Transport, 'onData' | 'write'> | undefined;
  let received: number[] = [];
  let isOn = true;
  let isMute = false;
  let isLit = family === 'always_on';
  let session: NodeJS.Timeout | undefined;
  let reading: NodeJS.Timeout | undefined;
  let before: Uint8Array | undefined;
  let awakeAt: number | undefined;
  let unacknowledged: { readonly data: readonly number[]; left: number } | undefined;
  let resending: NodeJS.Timeout | undefined;

  return {
    connect(plugged) {
      line = plugged;
      received = [];
      const stop = plugged.onData(take);
      return () => {
        stop();
        if (line === plugged) line = undefined;
      };
    },
    show(code) {
      if (!isOn || !isLit) return false;
      read(bytesOf(code));
      return true;
    },
    leave(code) {
      before = bytesOf(code);
      look();
    },
    clear() {
      before = undefined;
    },
    isLit: () => isOn && isLit,
    setPower,
    script: (script) => player.load(script),
    book: () => beeps,
    commands: () => commands,
    faults: () => faults,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      player.stop();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      listeners.clear();
    },
  };

  function take(bytes: Uint8Array): void {
    if (!isOn) return;
    received.push(...bytes);
    for (let command = takeCommand(family, received); command; command = takeCommand(family, received)) carryOut(command);
  }

  function carryOut(command: HostCommand): void {
    commands.push(command);
    for (const step of player.moment(`received ${command.hex}`)) perform(step);
    if (!isOn || isMute) return;
    if (command.kind === 'wrong') faults.push(`no command of this scanner: ${command.hex}`);
    if (command.kind === 'wake') awakeAt = performance.now() + wakeMs;
    else if (sleeps && isSsi && !isLit && !(awakeAt !== undefined && performance.now() >= awakeAt)) faults.push(`asleep: ${command.hex}`);
    else obey(command);
    changed();
  }

  function obey({ kind }: HostCommand): void {
    if (kind === 'wrong') return;
    const answer = answerTo(family, kind);
    if (answer) later(answerMs, () => send(answer, player.moment('sending answer')));
    switch (kind) {
      case 'trigger':
        light();
        return;
      case 'stop':
        goDark('stopped');
        return;
      case 'acknowledged':
        if (!unacknowledged) faults.push('an ACK for nothing');
        clear(resending);
        unacknowledged = undefined;
        return;
      case 'resend':
        sendAgain();
    }
  }

  function light(): void {
    isLit = true;
    clear(session);
    session = later(sessionMs, () => goDark('timed out'));
    for (const step of player.moment('triggered')) perform(step);
    look();
    changed();
  }

  function goDark(moment: 'stopped' | 'timed out' | undefined): void {
    if (family === 'always_on') return;
    isLit = false;
    awakeAt = undefined;
    clear(session);
    if (moment) for (const step of player.moment(moment)) perform(step);
    changed();
  }

  /** Finding a code takes it a moment. */
  function look(): void {
    if (reading && timers.has(reading)) return;
    reading = later(readMs, () => {
      if (!isOn || !isLit || !before) return;
      read(before);
      look();
    });
  }

  function read(code: Uint8Array): void {
    beeps.push({ text: new TextDecoder().decode(code), atMs: performance.now() - startedAt });
    // One session reads one code.
    goDark(undefined);
    const steps = player.moment('sending code');
    if (family === 'ssi_packets') sendPackets(code, steps);
    else send(Uint8Array.from([...code, ...suffixBytes]), steps);
    changed();
  }

  /** F3 with the kind of barcode (F1: QR code) before the data. Only what fits into one packet: longer codes are in the manual's extended form. */
  function sendPackets(code: Uint8Array, steps: readonly ScriptStep[]): void {
    const data = [0xf1, ...code.subarray(0, 250)];
    unacknowledged = { data, left: ssiSendings - 1 };
    send(ssiPacket(0xf3, 0, data), steps);
    awaitAcknowledgement();
  }

  function awaitAcknowledgement(): void {
    clear(resending);
    resending = later(resendMs, sendAgain);
  }

  function sendAgain(): void {
    clear(resending);
    if (!unacknowledged || unacknowledged.left === 0) {
      unacknowledged = undefined;
      return;
    }
    unacknowledged.left -= 1;
    send(ssiPacket(0xf3, 0x01, unacknowledged.data), player.moment('sending code'));
    awaitAcknowledgement();
  }

  function send(bytes: Uint8Array, steps: readonly ScriptStep[]): void {
    for (const step of steps) perform(step);
    if (!isOn || isMute) return;
    const glued = answerTo(family, 'trigger') ?? new Uint8Array();
    let atMs = 0;
    for (const piece of withFaults(bytes, steps, { suffix: suffixBytes, answer: glued, random })) {
      atMs += piece.afterMs;
      if (atMs === 0) void line?.write(piece.bytes, 5000);
      else later(atMs, () => isOn && void line?.write(piece.bytes, 5000));
    }
  }

  function perform(step: ScriptStep): void {
    switch (step.do) {
      case 'reboot':
        setPower(false);
        later(step.value ?? 1500, () => setPower(true));
        return;
      case 'fall silent':
        isMute = true;
        return;
      case 'speak':
        isMute = false;
    }
  }

  function setPower(on: boolean): void {
    if (isOn === on) return;
    isOn = on;
    received = [];
    unacknowledged = undefined;
    isMute = false;
    goDark(undefined);
    if (on) for (const step of player.moment('powered on')) perform(step);
    changed();
  }

  function later(ms: number, act: () => unknown): NodeJS.Timeout {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
    return timer;
  }

  function clear(timer: NodeJS.Timeout | undefined): void {
    if (!timer) return;
    clearTimeout(timer);
    timers.delete(timer);
  }

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }
}

function bytesOf(code: string | Uint8Array): Uint8Array {
  return typeof code === 'string' ? new TextEncoder().encode(code) : code;
}

/** The same rubbish in each run. */
function seeded(): () => number {
  let state = 24;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
