import net from 'node:net';
import { err, ok } from '../../../../domain/result.ts';
import type { Transport } from '../../../../hardware/transport/transport.ts';

/** Bytes as they went over a wire: `kiosk` wrote them, or `device`. */
export interface WireBytes {
  readonly from: 'kiosk' | 'device';
  readonly bytes: Uint8Array;
  /** Which of the processes that were joined one after the other: from 1. */
  readonly kiosk: number;
}

/**
 * A serial line between a kiosk that dies and a device that lives on: the device never notices that nobody is there, and
 * what it says then is lost. The kiosk's end is a socket, which hands on what a killed process had written.
 */
export interface Wire {
  /** For the kiosk's configuration. */
  readonly path: string;
  readonly deviceEnd: Transport;
  passed(): readonly WireBytes[];
  /** Resolves when no kiosk is joined, and all that the last one wrote has arrived. */
  untilFree(): Promise<void>;
  onFree(listener: () => void): () => void;
  /** Another than the kiosk at the same line, while it is free. Answers how to speak to the device. */
  join(hear: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void;
  leave(): void;
  /** What it answers true for never reaches the device. */
  intercept(takes: ((bytes: Uint8Array) => boolean) | undefined): void;
  /** Says something to the kiosk in the device's stead. */
  speak(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export async function createWire(name: string): Promise<Wire> {
  const passed: WireBytes[] = [];
  const hearers = new Set<(bytes: Uint8Array) => void>();
  const freed = new Set<() => void>();
  let kiosk: net.Socket | undefined;
  let other: ((bytes: Uint8Array) => void) | undefined;
  let intercepts: ((bytes: Uint8Array) => boolean) | undefined;
  let isOpen = true;
  let joined = 0;

  const server = net.createServer({ noDelay: true }, (socket) => {
    kiosk = socket;
    joined += 1;
    // A killed process may reset the connection; the end of it is told by 'close' all the same.
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => toDevice('kiosk', bytes));
    socket.once('close', () => {
      if (kiosk === socket) kiosk = undefined;
      for (const listener of [...freed]) listener();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function toDevice(from: 'kiosk', bytes: Uint8Array): void {
    passed.push({ from, bytes: bytes.slice(), kiosk: joined });
    if (intercepts?.(bytes)) return;
    for (const hear of hearers) hear(bytes);
  }

  function toKiosk(bytes: Uint8Array): void {
    const copy = bytes.slice();
    if (kiosk) passed.push({ from: 'device', bytes: copy, kiosk: joined });
    kiosk?.write(copy);
    other?.(copy);
  }

  const onFree = (listener: () => void) => {
    freed.add(listener);
    return () => freed.delete(listener);
  };

  return {
    path: `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    deviceEnd: {
      name,
      isOpen: () => isOpen,
      open: async () => ok(),
      async write(bytes) {
        if (!isOpen) return err({ kind: 'not_open', detail: name } as const);
        toKiosk(bytes);
        return ok();
      },
      onData(listener) {
        hearers.add(listener);
        return () => hearers.delete(listener);
      },
      onLost: () => () => undefined,
      close: async () => undefined,
    },
    passed: () => [...passed],
    untilFree: () =>
      new Promise((resolve) => {
        if (!kiosk) return void resolve();
        const stop = onFree(() => {
          stop();
          resolve();
        });
      }),
    onFree,
    join(hear) {
      other = hear;
      return (bytes) => {
        for (const listener of hearers) listener(bytes);
      };
    },
    leave() {
      other = undefined;
    },
    intercept(takes) {
      intercepts = takes;
    },
    speak: toKiosk,
    async close() {
      isOpen = false;
      kiosk?.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
