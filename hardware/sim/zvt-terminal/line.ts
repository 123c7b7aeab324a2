import type { ScriptStep } from '../script/script.ts';
import type { Transport } from '../../transport/transport.ts';
import { digitsOf, packed, takeBareApdu, unpackNext } from './bytes.ts';
import { isLineFault } from './vocabulary.ts';
import type { LineFault } from './vocabulary.ts';

export type { LineFault } from './vocabulary.ts';

export interface SimLineOptions {
  readonly framing: 'serial' | 'tcp';
  readonly t1Ms: number;
  readonly t2Ms: number;
  readonly onApdu: (apdu: readonly number[]) => void;
  /** A moment of the script has come: its steps that are to be done at once. */
  readonly moment: (name: string) => readonly ScriptStep[];
  /** Of those steps, one that is not about this message. */
  readonly perform: (step: ScriptStep) => void;
}

export interface SimLine {
  attach(transport: Transport): void;
  /** True when the kiosk has acknowledged the frame; over TCP when it was handed over. */
  send(apdu: readonly number[]): Promise<boolean>;
  /** Each is used up by the next message, or byte, that it can befall. */
  failNext(fault: LineFault, value?: number): void;
  /** A hung terminal: bytes come in and nothing goes out, not even an ACK. */
  setSilent(silent: boolean): void;
  isSilent(): boolean;
  /** A restart: what was to be sent or repeated is gone. */
  reset(): void;
  /** "byte in 1" is the next one again. */
  countAnew(): void;
  close(): void;
}

interface Fault {
  readonly fault: LineFault;
  readonly value: number;
}

const incoming: readonly LineFault[] = ['nak', 'lose_ack'];
const tcpFaults: readonly LineFault[] = ['drop', 'cut', 'delay'];

/** "04 0f". */
const nameOf = (apdu: readonly number[]) => `${digitsOf(apdu.slice(0, 1))} ${digitsOf(apdu.slice(1, 2))}`;

/** The terminal's end of the transport protocol (PA00P016, 2; over TCP 4), with faults to order. */
export function createSimLine({ framing, t1Ms, t2Ms, onApdu, moment, perform }: SimLineOptions): SimLine {
  const isTcp = framing === 'tcp';
  const queued: Fault[] = [];
  const delays = new Set<NodeJS.Timeout>();
  const due: ScriptStep[] = [];
  let buffer: number[] = [];
  let transport: Transport | undefined;
  let detach = () => {};
  let silent = false;
  let resets = 0;
  let bytesIn = 0;
  let bytesOut = 0;
  let lastTaken: string | undefined;
  let reply: ((reply: 'ack' | 'nak' | 'none') => void) | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  let t1: NodeJS.Timeout | undefined;

  return {
    attach(line) {
      detach();
      transport = line;
      const stopData = line.onData(take);
      const stopLost = line.onLost(() => {
        forget();
        reply?.('none');
      });
      detach = () => {
        stopData();
        stopLost();
      };
    },
    send(apdu) {
      const before = resets;
      const sent = sending.then(() => sendNow(apdu, before));
      sending = sent;
      return sent;
    },
    failNext: (fault, value = 0) => void queued.push({ fault, value }),
    setSilent(next) {
      silent = next;
      forget();
    },
    isSilent: () => silent,
    reset() {
      resets += 1;
      forget();
      lastTaken = undefined;
      reply?.('none');
    },
    countAnew() {
      bytesIn = 0;
      bytesOut = 0;
    },
    close() {
      forget();
      for (const timer of delays) clearTimeout(timer);
      detach();
      reply?.('none');
    },
  };

  function forget(): void {
    clearTimeout(t1);
    buffer = [];
  }

  function take(bytes: Uint8Array): void {
    if (silent) return;
    clearTimeout(t1);
    for (const byte of bytes) {
      bytesIn += 1;
      const faults = faultsAt(`byte in ${bytesIn}`);
      if (silent || !transport?.isOpen()) return;
      if (!faults.has('drop')) buffer.push(faults.has('garble') ? byte ^ 0x01 : byte);
    }
    if (isTcp) for (let apdu = takeBareApdu(buffer); apdu; apdu = takeBareApdu(buffer)) takeApdu(apdu);
    else takeItems();
  }

  function takeItems(): void {
    for (;;) {
      const item = unpackNext(buffer);
      if (item.kind === 'more') break;
      if (item.kind === 'bad') put(0x15);
      else if (item.kind === 'apdu') takeApdu(item.apdu);
      else {
        if (item.kind === 'ack' && reply) lastTaken = undefined;
        reply?.(item.kind);
      }
    }
    if (buffer.length === 0) return;
    t1 = setTimeout(() => {
      buffer = [];
      put(0x15);
    }, t1Ms);
  }

  function takeApdu(apdu: readonly number[]): void {
    const before = resets;
    const faults = faultsAt(`received ${nameOf(apdu)}`);
    for (const fault of incoming) if (useUp(fault) && !isTcp) faults.set(fault, 0);
    if (faults.has('drop') || silent || resets !== before) return;
    if (faults.has('nak') || faults.has('garble')) return put(0x15);
    if (!faults.has('lose_ack') && !isTcp) put(0x06);
    // Sent again because our ACK was lost: it has been worked with already. Once the kiosk has acknowledged something
    // of ours in between, the same bytes are a new message. TCP repeats nothing.
    const text = apdu.join();
    if (text === lastTaken && !isTcp) return;
    lastTaken = text;
    const delay = faults.get('delay');
    if (delay === undefined) return onApdu(apdu);
    later(delay, () => resets === before && !silent && onApdu(apdu));
  }

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      delays.delete(timer);
      work();
    }, ms);
    delays.add(timer);
  }

  async function sendNow(apdu: readonly number[], resetsBefore: number): Promise<boolean> {
    for (let attempt = 0; attempt < (isTcp ? 1 : 3) && resets === resetsBefore; attempt += 1) {
      const faults = faultsAt(`sending ${nameOf(apdu)}`);
      for (const fault of ['drop', 'cut', 'garble', 'double', 'delay'] as const) {
        const used = faults.size === 0 ? useUp(fault) : undefined;
        if (used && (!isTcp || tcpFaults.includes(fault))) faults.set(fault, used.value);
      }
      const delay = faults.get('delay');
      if (delay !== undefined) await new Promise<void>((resolve) => later(delay, resolve));
      if (resets !== resetsBefore) return false;
      const answer = await transmit(apdu, faults);
      if (answer === 'ack') {
        if (!isTcp) for (const step of moment(`acknowledged ${nameOf(apdu)}`)) perform(step);
        return true;
      }
      if (!transport?.isOpen()) return false;
    }
    // Nobody acknowledged: whoever speaks next may be somebody else, whose same command is a new one.
    lastTaken = undefined;
    return false;
  }

  async function transmit(apdu: readonly number[], faults: ReadonlyMap<LineFault, number>): Promise<'ack' | 'nak' | 'none'> {
    const answer = new Promise<'ack' | 'nak' | 'none'>((resolve) => {
      reply = resolve;
    });
    const frame = isTcp ? Uint8Array.from(apdu) : packed(apdu);
    for (const bytes of outgoing(frame, faults)) putBytes(bytes);
    for (const step of moment(`sent ${nameOf(apdu)}`)) perform(step);
    if (isTcp) reply?.(transport?.isOpen() && !silent ? 'ack' : 'none');
    const timer = setTimeout(() => reply?.('none'), t2Ms);
    const given = await answer;
    clearTimeout(timer);
    reply = undefined;
    return given;
  }

  function outgoing(frame: Uint8Array, faults: ReadonlyMap<LineFault, number>): readonly Uint8Array[] {
    if (faults.has('drop')) return [];
    if (faults.has('cut')) return [frame.slice(0, frame.length >> 1)];
    if (faults.has('double')) return [frame, frame];
    if (faults.has('garble')) return [frame.map((byte, index) => (index === 3 ? byte ^ 0x01 : byte))];
    return [frame];
  }

  /** What befalls the message or byte of this moment; all other steps of it are performed. */
  function faultsAt(name: string): Map<LineFault, number> {
    const faults = new Map<LineFault, number>();
    for (const step of moment(name)) {
      if (!isLineFault(step.do)) perform(step);
      else if (!isTcp || tcpFaults.includes(step.do)) faults.set(step.do, step.value ?? 0);
    }
    return faults;
  }

  function useUp(fault: LineFault): Fault | undefined {
    const at = queued.findIndex((entry) => entry.fault === fault);
    return at === -1 ? undefined : queued.splice(at, 1)[0];
  }

  function put(byte: number): void {
    putBytes(Uint8Array.of(byte));
  }

  function putBytes(bytes: Uint8Array): void {
    if (silent) return;
    const out: number[] = [];
    for (const byte of bytes) {
      bytesOut += 1;
      const faults = faultsOf(moment(`byte out ${bytesOut}`));
      if (faults.has('drop')) continue;
      out.push(faults.has('garble') ? byte ^ 0x01 : byte);
      if (faults.has('cut')) break;
    }
    if (out.length > 0) void transport?.write(Uint8Array.from(out), t2Ms);
    for (const step of due.splice(0)) perform(step);
  }

  /** Steps that are due when the bytes before them are out. */
  function faultsOf(steps: readonly ScriptStep[]): ReadonlySet<LineFault> {
    const faults = new Set<LineFault>();
    for (const step of steps) {
      if (isLineFault(step.do)) faults.add(step.do);
      else {
        due.push(step);
        faults.add('cut');
      }
    }
    return faults;
  }
}
