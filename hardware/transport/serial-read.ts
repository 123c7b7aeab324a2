import { read } from 'node:fs';
import type { SerialPort } from 'serialport';

export type SerialBinding = Awaited<ReturnType<typeof SerialPort.binding.open>>;

/** The fields that serialport's Linux and macOS bindings have beyond their common interface. */
interface UnixBinding {
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', listener: (cause: Error | null) => void): unknown; stop(): void };
}

export const hungUp = 'the port is gone (hung up)';

/**
 * The next bytes from the port; rejects when the port is closed or gone.
 *
 * On Unix the binding's own `read` is not used: a hung-up tty reads as zero bytes for ever, and the binding (13.0.0) then
 * reads again without end, at full processor load and without ever telling anybody. Ports are opened non-blocking with
 * VMIN 1, so that "nothing there yet" is EAGAIN and zero bytes can only mean that the device was pulled.
 */
export async function readSome(port: SerialBinding, buffer: Buffer, isClosing: () => boolean): Promise<Uint8Array> {
  if (!isUnix(port)) {
    const { bytesRead } = await port.read(buffer, 0, buffer.length);
    return Uint8Array.from(buffer.subarray(0, bytesRead));
  }
  for (;;) {
    if (port.fd === null) throw new Error('the port is closed');
    const bytesRead = await readNow(port.fd, buffer);
    if (bytesRead === 0) throw new Error(hungUp);
    if (bytesRead > 0) return Uint8Array.from(buffer.subarray(0, bytesRead));
    // `stopReading` wakes only who waits already: closing may have begun while the read was under way.
    if (isClosing()) throw new Error('the port is closing');
    await readable(port);
  }
}

/** Ends a `readSome` (and a write) that is waiting, so that no read is under way when the file descriptor is closed and given to another. */
export function stopReading(port: SerialBinding): void {
  if (isUnix(port)) port.poller.stop();
}

function isUnix(port: object): port is UnixBinding {
  return 'fd' in port && 'poller' in port;
}

/** Bytes read, or -1 for "nothing there yet". */
function readNow(fd: number, buffer: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, buffer.length, null, (cause, bytesRead) => {
      if (!cause) resolve(bytesRead);
      else if (cause.code === 'EAGAIN' || cause.code === 'EWOULDBLOCK' || cause.code === 'EINTR') resolve(-1);
      else reject(cause);
    });
  });
}

function readable(port: UnixBinding): Promise<void> {
  return new Promise((resolve, reject) => {
    port.poller.once('readable', (cause) => (cause ? reject(cause) : resolve()));
  });
}
