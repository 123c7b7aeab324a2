import type { Transport } from '../../transport/transport.ts';
import { packed, unpackNext } from './bytes.ts';

/** What can go wrong with the next thing on the line; each is used up by one frame or byte. */
export type LineFault =
  /** The next frame from the terminal never gets out. */
  | 'drop'
  /** One bit of the next frame from the terminal is turned. */
  | 'garble'
  /** The next frame from the terminal comes twice. */
  | 'double'
  /** Only the first half of the next frame from the terminal gets out. */
  | 'cut'
  /** The ACK to the next frame from the kiosk never gets out, though the terminal works with the frame. */
  | 'lose_ack'
  /** The next frame from the kiosk is answered NAK and forgotten. */
  | 'nak';

export interface SimTimes {
  readonly t1Ms: number;
  readonly t2Ms: number;
}

export interface SimLine {
  attach(transport: Transport): void;
  /** True when the kiosk has acknowledged the frame. */
  send(apdu: readonly number[]): Promise<boolean>;
  failNext(fault: LineFault): void;
  /** A hung terminal: bytes come in and nothing goes out, not even an ACK. */
  setSilent(silent: boolean): void;
  isSilent(): boolean;
  /** A restart: what was to be sent or repeated is gone. */
  reset(): void;
  close(): void;
}

/** The terminal's end of the transport protocol (PA00P016, 2), with faults to order. */
export function createSimLine(times: SimTimes, onApdu: (apdu: readonly number[]) => void): SimLine {
  const faults: LineFault[] = [];
  let buffer: number[] = [];
  let transport: Transport | undefined;
  let detach = () => {};
  let silent = false;
  let resets = 0;
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
    failNext: (fault) => void faults.push(fault),
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
    close() {
      forget();
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
    buffer.push(...bytes);
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
    }, times.t1Ms);
  }

  function takeApdu(apdu: readonly number[]): void {
    if (useUp('nak')) return put(0x15);
    if (!useUp('lose_ack')) put(0x06);
    // Sent again because our ACK was lost: it has been worked with already. Once the kiosk has acknowledged something
    // of ours in between, the same bytes are a new message.
    const text = apdu.join();
    if (text === lastTaken) return;
    lastTaken = text;
    onApdu(apdu);
  }

  async function sendNow(apdu: readonly number[], resetsBefore: number): Promise<boolean> {
    for (let attempt = 0; attempt < 3 && resets === resetsBefore; attempt += 1) {
      const answer = await transmit(apdu);
      if (answer === 'ack') return true;
      if (!transport?.isOpen()) return false;
    }
    return false;
  }

  async function transmit(apdu: readonly number[]): Promise<'ack' | 'nak' | 'none'> {
    const answer = new Promise<'ack' | 'nak' | 'none'>((resolve) => {
      reply = resolve;
    });
    for (const bytes of outgoing(packed(apdu))) putBytes(bytes);
    const timer = setTimeout(() => reply?.('none'), times.t2Ms);
    const given = await answer;
    clearTimeout(timer);
    reply = undefined;
    return given;
  }

  function outgoing(frame: Uint8Array): readonly Uint8Array[] {
    if (useUp('drop')) return [];
    if (useUp('cut')) return [frame.slice(0, frame.length >> 1)];
    if (useUp('double')) return [frame, frame];
    if (useUp('garble')) return [frame.map((byte, index) => (index === 3 ? byte ^ 0x01 : byte))];
    return [frame];
  }

  function useUp(fault: LineFault): boolean {
    const at = faults.indexOf(fault);
    if (at !== -1) faults.splice(at, 1);
    return at !== -1;
  }

  function put(byte: number): void {
    putBytes(Uint8Array.of(byte));
  }

  function putBytes(bytes: Uint8Array): void {
    if (!silent) void transport?.write(bytes, times.t2Ms);
  }
}
