import { createFrameDecoder, encodeFrame } from '../hardware/codec/zvt/frame.ts';
import { createSerialTransport } from '../hardware/transport/serial.ts';
import { createTcpTransport } from '../hardware/transport/tcp.ts';
import type { Transport } from '../hardware/transport/transport.ts';

/** The least that a kiosk does at the near end of the lines. For tests. */
export async function openPath(path: string): Promise<Transport> {
  const { hostname, port } = path.startsWith('tcp://') ? new URL(path) : { hostname: '', port: '' };
  const transport = port === '' ? createSerialTransport({ path, baudRate: 9600 }) : createTcpTransport({ host: hostname, port: Number(port) });
  const opened = await transport.open();
  if (!opened.ok) throw new Error(opened.error.detail);
  return transport;
}

/** One short slip: text, feed to the knife, cut. */
export async function printSlip(transport: Transport, text: string): Promise<void> {
  const bytes = [0x1b, 0x40, ...Buffer.from(text), 0x0a, 0x1d, 0x56, 0x42, 0x00];
  const written = await transport.write(Uint8Array.from(bytes), 1000);
  if (!written.ok) throw new Error(written.error.detail);
}

/** A cash register that acknowledges and accepts whatever the terminal says. */
export function createRegister(transport: Transport) {
  const decoder = createFrameDecoder();
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  transport.onData((bytes) => {
    for (const event of decoder.push(bytes)) {
      if (event.kind !== 'apdu') continue;
      const hex = Buffer.from(event.apdu).toString('hex');
      heard.push(hex);
      void transport.write(Uint8Array.of(0x06), 1000);
      // Its answers to our commands are not answered again.
      if (!hex.startsWith('80') && !hex.startsWith('84')) void transport.write(encodeFrame(Uint8Array.of(0x80, 0x00, 0x00)), 1000);
    }
    for (const look of waiting) look();
  });

  return {
    /** Sends a command, and waits for a message of the terminal that begins so. Both in hex. */
    async say(apdu: string, until: string): Promise<void> {
      heard.length = 0;
      await transport.write(encodeFrame(Uint8Array.from(Buffer.from(apdu, 'hex'))), 1000);
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          if (heard.some((message) => message.startsWith('84'))) reject(new Error(`refused: ${heard.join(' ')}`));
          if (!heard.some((message) => message.startsWith(until))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
}
