import type { Port } from './port.ts';

/** The line to whoever started core: Electron's parentPort, or the IPC channel of a plain Node process. */
export interface ShellLink {
  post(message: unknown): void;
  onMessage(listener: (message: unknown, port: Port | undefined) => void): void;
  onClose(listener: () => void): void;
}

/** The few members of Electron's types that core uses; core itself imports nothing of Electron. */
interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: ElectronPort[] }) => void): void;
}

export function linkToShell(): ShellLink {
  const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
  return parentPort ? electronLink(parentPort) : nodeLink();
}

function electronLink(parentPort: ParentPort): ShellLink {
  return {
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => parentPort.on('message', ({ data, ports }) => listener(data, ports[0] && electronPort(ports[0]))),
    // A utility process ends with its parent; there is no event for it.
    onClose: () => undefined,
  };
}

function electronPort(port: ElectronPort): Port {
  port.start();
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

/** Under plain Node the page's messages travel on the same channel, wrapped as {page: message}. */
function nodeLink(): ShellLink {
  if (!process.send) throw new Error('core is started by the shell, or by fork() with an IPC channel');
  // The callback takes the error of a channel that closed meanwhile, which would otherwise end the process: `onClose` does that in order.
  const post = (message: unknown) => void process.send?.(message, undefined, undefined, () => undefined);
  return {
    post,
    onMessage(listener) {
      let toPage: ((message: unknown) => void) | undefined;
      const port: Port = {
        post: (message) => post({ page: message }),
        onMessage: (receive) => {
          toPage = receive;
        },
        onClose: () => undefined,
        close: () => undefined,
      };
      process.on('message', (message) => {
        if (typeof message === 'object' && message !== null && 'page' in message) toPage?.(message.page);
        else listener(message, port);
      });
    },
    onClose: (listener) => process.on('disconnect', listener),
  };
}
