import net from 'node:net';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { messageOf } from '../../domain/contract/errors.ts';
import { deadlinePassed, within } from './deadline.ts';
import type { Transport, TransportError } from './transport.ts';

export interface TcpSettings {
  readonly host: string;
  readonly port: number;
  readonly openTimeoutMs?: number;
}

/**
 * A serial line's bytes through a socket: for device servers that pass a line on unchanged, and for development where
 * there is no socat. (ZVT's own TCP form, bare APDUs on port 20007, is another thing.)
 */
export function createTcpTransport({ host, port, openTimeoutMs = 3000 }: TcpSettings): Transport {
  return createSocketTransport(`tcp ${host}:${port}`, async () => {
    // Keep-alive finds a far end that lost its power while we only listen; whoever writes finds it sooner (silence.ts).
    const socket = net.connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
    const connected = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const outcome = await within(connected, openTimeoutMs).catch((cause: unknown) => messageOf(cause));
    if (outcome === undefined) return ok(socket);
    socket.destroy();
    return err({ kind: 'open_failed', detail: outcome === deadlinePassed ? `no connection within ${openTimeoutMs} ms` : outcome });
  });
}

/** For the far end to end its half as well. */
const closeMs = 500;

/** A transport over any socket; `connect` gives a new one each time it is opened. */
export function createSocketTransport(name: string, connect: () => Promise<Result<net.Socket, TransportError>>): Transport {
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const lostListeners = new Set<(detail: string) => void>();
  let current: net.Socket | undefined;
  let opening: Promise<Result<void, TransportError>> | undefined;

  async function openSocket(): Promise<Result<void, TransportError>> {
    if (current) return ok();
    const connected = await connect();
    if (!connected.ok) return connected;
    const socket = connected.value;
    current = socket;
    let why = 'the other end closed it';
    socket.on('error', (cause) => {
      why = cause.message;
    });
    socket.on('data', (bytes) => {
      if (current !== socket) return;
      for (const listener of dataListeners) listener(bytes);
    });
    socket.on('close', () => {
      if (current !== socket) return;
      current = undefined;
      for (const listener of lostListeners) listener(why);
    });
    return ok();
  }

  return {
    name,
    isOpen: () => current !== undefined,
    open: () => (opening ??= openSocket().finally(() => (opening = undefined))),
    async write(bytes, timeoutMs) {
      const socket = current;
      if (!socket) return err({ kind: 'not_open', detail: name });
      const written = new Promise<TransportError | undefined>((resolve) => {
        socket.write(bytes, (cause) => resolve(cause ? { kind: 'write_failed', detail: cause.message } : undefined));
      });
      const outcome = await within(written, timeoutMs);
      if (outcome === deadlinePassed) return err({ kind: 'write_timeout', detail: `${name}: not taken within ${timeoutMs} ms` });
      return outcome ? err(outcome) : ok();
    },
    onData: (listener) => subscribe(dataListeners, listener),
    onLost: (listener) => subscribe(lostListeners, listener),
    async close() {
      await opening;
      const socket = current;
      current = undefined;
      if (!socket || socket.destroyed) return;
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      // A socket that is destroyed with bytes to read resets the connection, and the device server drops what it still has
      // to pass on: perhaps the answer that makes a payment final.
      socket.end();
      await within(closed, closeMs);
      socket.destroy();
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
