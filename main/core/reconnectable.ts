import type { Transport } from '../../hardware/transport/transport.ts';

/** A line that a person may have closed and opened anew, as if its cable had been pulled: its driver hears of the loss, and begins from the beginning. */
export interface ReconnectableLine extends Transport {
  /** Where it is not open, its driver is trying already, and nothing is done. */
  reconnect(): Promise<void>;
}

export function createReconnectableLine(line: Transport): ReconnectableLine {
  const listeners = new Set<(detail: string) => void>();
  return {
    name: line.name,
    isOpen: () => line.isOpen(),
    open: () => line.open(),
    write: (bytes, timeoutMs) => line.write(bytes, timeoutMs),
    onData: (listener) => line.onData(listener),
    onLost(listener) {
      listeners.add(listener);
      const stop = line.onLost(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    close: () => line.close(),
    async reconnect() {
      if (!line.isOpen()) return;
      // A line does not tell of its own closing.
      await line.close();
      for (const listener of [...listeners]) listener('staff asked for it to be connected anew');
    },
  };
}
