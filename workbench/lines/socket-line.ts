import net from 'node:net';
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { createSocketTransport } from '../../hardware/transport/tcp.ts';
import type { DeviceLine, DeviceLineOptions, LineError } from './device-line.ts';

/** A device at the far end of a loopback socket, for machines without socat. One kiosk at a time, as with a serial port. */
export async function openSocketDeviceLine({ name, attach }: DeviceLineOptions): Promise<Result<DeviceLine, LineError>> {
  const server = net.createServer({ noDelay: true });
  let connected: net.Socket | undefined;

  server.on('connection', (socket) => {
    if (connected !== undefined) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    connected = socket;
    const end = createSocketTransport(`${name} (device end)`, async () => ok(socket));
    const detach = attach(end);
    void end.open();
    socket.once('close', () => {
      if (connected === socket) connected = undefined;
      detach();
    });
  });

  const plugged = await listen(server, 0);
  if (!plugged.ok) return plugged;
  const port = plugged.value;
  return ok({
    path: `tcp://127.0.0.1:${port}`,
    isPlugged: () => server.listening,
    async plug() {
      if (server.listening) return ok();
      const again = await listen(server, port);
      return again.ok ? ok() : again;
    },
    async unplug() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connected?.destroy();
      await closed;
    },
  });
}

function listen(server: net.Server, port: number): Promise<Result<number, LineError>> {
  return new Promise((resolve) => {
    const failed = (cause: Error) => resolve(err({ kind: 'line_failed', detail: cause.message }));
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      const address = server.address();
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
