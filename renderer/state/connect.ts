import type { KioskClient, Port } from './kiosk-client.ts';
import { createKioskClient } from './kiosk-client.ts';
import { listenForScans } from './scan-listener.ts';

declare global {
  interface Window {
    /** Given by the preload: asks the shell for core's port, which then arrives as a message of this window. */
    readonly counter24?: { connect(): void };
  }
}

/** The client from the first port on; each later port, of a core that was started anew, takes the place of the one before. */
export function listenForCore(window: Window, onClient: (client: KioskClient) => void, onPort: () => void): void {
  let client: KioskClient | undefined;
  window.addEventListener('message', (event) => {
    if (event.source !== window || event.data !== 'counter24:port' || !event.ports[0]) return;
    const port: Port = event.ports[0];
    if (client) client.replacePort(port);
    else {
      client = createKioskClient(port, {
        onMalformed: (detail) => void client?.request('report', { message: `malformed message of core: ${detail}`.slice(0, 2000) }),
      });
      listenForScans(window, (text) => void client?.request('scan', { text }));
      onClient(client);
    }
    onPort();
  });
}
