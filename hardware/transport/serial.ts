import { SerialPort } from 'serialport';
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { messageOf } from '../../domain/contract/errors.ts';
import { deadlinePassed, within } from './deadline.ts';
import { readSome, stopReading } from './serial-read.ts';
import type { SerialBinding } from './serial-read.ts';
import type { Transport, TransportError } from './transport.ts';

export interface SerialSettings {
  /** Prefer /dev/serial/by-id/…: ports are renumbered after replugging. */
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits?: 7 | 8;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
  /** XON/XOFF eats the bytes 11 and 13: never for a binary protocol. */
  readonly flowControl?: 'none' | 'rts_cts' | 'xon_xoff';
  readonly openTimeoutMs?: number;
  readonly closeTimeoutMs?: number;
}

interface OpenPort {
  readonly binding: SerialBinding;
  /** Settles when nothing is read from the port any more. */
  reading: Promise<void>;
  /** The tail of the writes: one at a time, in order. */
  writing: Promise<unknown>;
  hasWritten: boolean;
  closing: boolean;
}

/** The part of serialport's binding that opens a port. */
export interface PortOpener {
  open(options: Parameters<typeof SerialPort.binding.open>[0]): Promise<SerialBinding>;
}

/** Between two attempts to wake whoever waits on a port that is being closed. */
const wakeMs = 50;

/**
 * A serial port as a transport. It uses serialport's binding beneath its stream, which has errors that arrive by callback
 * or by event (and end the process where nobody listens); here each call answers once, and nothing waits without a limit.
 * It always reads, because only a reader is told at once that the cable was pulled.
 */
export function createSerialTransport(settings: SerialSettings, ports: PortOpener = SerialPort.binding): Transport {
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, flowControl = 'none', openTimeoutMs = 3000, closeTimeoutMs = 2000 } = settings;
  const name = `serial ${path} ${baudRate} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`;
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const lostListeners = new Set<(detail: string) => void>();
  let current: OpenPort | undefined;
  let opening: Promise<Result<void, TransportError>> | undefined;
  let closing: Promise<void> = Promise.resolve();
  /** An open that did not come back. Each holds a thread of the process, of which there are four: never two of them. */
  let stuck: Promise<unknown> | undefined;
  let abandonOpening = (): void => {};

  return {
    name,
    isOpen: () => current !== undefined,
    open: () => (opening ??= openPort().finally(() => (opening = undefined))),
    write,
    onData: (listener) => subscribe(dataListeners, listener),
    onLost: (listener) => subscribe(lostListeners, listener),
    async close() {
      abandonOpening();
      await opening;
      if (current) release(current);
      await closing;
    },
  };

  async function openPort(): Promise<Result<void, TransportError>> {
    if (current) return ok();
    await closing;
    if (stuck) return err({ kind: 'open_failed', detail: `${path} is still being opened`, reason: 'stuck' });
    const attempt = openBinding();
    const abandoned = new Promise<'abandoned'>((resolve) => {
      abandonOpening = () => resolve('abandoned');
    });
    let opened: SerialBinding | typeof deadlinePassed | 'abandoned';
    try {
      opened = await within(Promise.race([attempt, abandoned]), openTimeoutMs);
    } catch (cause) {
      return err({ kind: 'open_failed', detail: messageOf(cause) });
    }
    if (opened === deadlinePassed || opened === 'abandoned') {
      // It may still open later: then nobody wants it, and it must not stay locked.
      const late = attempt.then((binding) => binding.close()).catch(() => {}).finally(() => {
        if (stuck === late) stuck = undefined;
      });
      stuck = late;
      if (opened === 'abandoned') return err({ kind: 'open_failed', detail: `${path} was closed while it was being opened` });
      return err({ kind: 'open_failed', detail: `${path} did not open within ${openTimeoutMs} ms`, reason: 'stuck' });
    }
    const port: OpenPort = { binding: opened, reading: Promise.resolve(), writing: Promise.resolve(), hasWritten: false, closing: false };
    current = port;
    port.reading = readLoop(port);
    return ok();
  }

  async function openBinding(): Promise<SerialBinding> {
    return ports.open({
      path,
      baudRate,
      dataBits,
      parity,
      stopBits,
      rtscts: flowControl === 'rts_cts',
      xon: flowControl === 'xon_xoff',
      xoff: flowControl === 'xon_xoff',
    });
  }

  async function readLoop(port: OpenPort): Promise<void> {
    const buffer = Buffer.allocUnsafe(4096);
    try {
      while (!port.closing) {
        const bytes = await readSome(port.binding, buffer, () => port.closing);
        if (port.closing) return;
        for (const listener of dataListeners) listener(bytes);
      }
    } catch (cause) {
      if (!port.closing) lose(port, messageOf(cause));
    }
  }

  async function write(bytes: Uint8Array, timeoutMs: number): Promise<Result<void, TransportError>> {
    const port = current;
    if (!port) return err({ kind: 'not_open', detail: name });
    port.hasWritten = true;
    const copy = Buffer.from(bytes);
    // A write that waited for its turn must not begin on a port that is being closed: nobody would wake it any more.
    const written = port.writing.then(() => (port.closing ? Promise.reject(new Error('the port is closing')) : port.binding.write(copy)));
    port.writing = written.catch(() => {});
    try {
      const result = await within(written, timeoutMs);
      if (result === deadlinePassed) return err({ kind: 'write_timeout', detail: `${path} took no more bytes within ${timeoutMs} ms` });
      return ok();
    } catch (cause) {
      const detail = messageOf(cause);
      // A serial write fails only because the port is gone (or closed by us).
      lose(port, detail);
      return err({ kind: 'write_failed', detail });
    }
  }

  function lose(port: OpenPort, detail: string): void {
    if (!release(port)) return;
    for (const listener of lostListeners) listener(detail);
  }

  /** False where the port was released before. */
  function release(port: OpenPort): boolean {
    if (port.closing) return false;
    port.closing = true;
    if (current === port) current = undefined;
    closing = closePort(port);
    return true;
  }

  async function closePort(port: OpenPort): Promise<void> {
    const { binding } = port;
    try {
      // What the device has been told must get there; but a real UART's drain may hang (no CTS), so it is cut short by a flush.
      if (port.hasWritten && (await within(binding.drain(), 300)) === deadlinePassed) await within(binding.flush(), 300);
    } catch {
      // The port is gone: there is nothing to drain.
    }
    // A file descriptor that is closed under a read may by then belong to another file. Waking reaches only who waits already,
    // and a write may begin to wait a moment later: it is done until everybody has left.
    const left = Promise.all([port.reading, port.writing]);
    for (let waitedMs = 0; waitedMs < closeTimeoutMs; waitedMs += wakeMs) {
      stopReading(binding);
      if ((await within(left, wakeMs)) !== deadlinePassed) break;
    }
    try {
      await within(binding.close(), closeTimeoutMs);
    } catch {
      // Closing a port that is gone may fail; its descriptor is released all the same.
    }
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
