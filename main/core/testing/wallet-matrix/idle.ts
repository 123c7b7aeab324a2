import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { MatrixClock } from './clock.ts';

/** What is under way in this operating system process and waits for no timer. Time stands still until it is done. */
export interface Work {
  /** Counts until the answer is called. */
  begin(): () => void;
  /** A call to somebody who may let us wait on purpose: as long as it does, time may pass. */
  call<T>(act: () => Promise<T>): Promise<T>;
  /** Until nothing is under way. */
  settle(): Promise<void>;
  reset(): void;
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
/** Whatever takes longer waits for something that never comes; time goes on, and the case will say what is wrong. */
const enoughMs = 20_000;

export function createWork(clock: MatrixClock, isDatabaseBusy: () => boolean): Work {
  let works = 0;
  let calls = 0;
  /** Pauses whose callers have gone. */
  let forgotten = 0;
  const connecting = new Set<Socket>();
  diagnostics.subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    connecting.add(socket);
    for (const event of ['connect', 'close', 'error'] as const) socket.once(event, () => void connecting.delete(socket));
  });

  const isBusy = () => {
    forgotten = Math.max(0, Math.min(forgotten, clock.pauses()));
    return works > 0 || calls > clock.pauses() - forgotten || connecting.size > 0 || isDatabaseBusy();
  };

  return {
    begin() {
      works += 1;
      let isOver = false;
      return () => {
        if (!isOver) works -= 1;
        isOver = true;
      };
    },
    async call(act) {
      calls += 1;
      try {
        return await act();
      } finally {
        calls -= 1;
        forgotten = Math.max(forgotten, clock.pauses() - calls);
      }
    },
    async settle() {
      const startedMs = clock.realNowMs();
      for (let quiet = 0; quiet < 4; ) {
        await turn();
        quiet = isBusy() ? 0 : quiet + 1;
        if (quiet === 0 && clock.realNowMs() - startedMs > enoughMs) return;
      }
    },
    reset() {
      works = 0;
      calls = 0;
      forgotten = 0;
    },
  };
}
