import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { MatrixClock } from './clock.ts';

/** What is under way in this operating system process and waits for no timer. Time stands still until it is done. */
export interface Work {
  /** Counts until the answer is called. */
  begin(): () => void;
  /** A call to somebody who may let us wait on purpose: as long as it does, time may pass. */
  call<T>(act: () => Promise<T>): Promise<T>;
  /** Something is done that may have been waited for. */
  moved(): void;
  /** Until nothing is under way. */
  settle(): Promise<void>;
  reset(): void;
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
/** Whatever takes longer waits for something that never comes; time goes on, and the case will say what is wrong. */
const enoughMs = 20_000;
const silentMs = 100;
const lookMs = 10;

export function createWork(clock: MatrixClock, isDatabaseBusy: () => boolean): Work {
  /** Who waits for something to be done, so that no processor is spent on looking. */
  let waiter = () => {};
  const moved = () => waiter();
  let works = 0;
  let calls = new Set<{ isSilent: boolean }>();
  /** Pauses whose callers have gone. */
  let forgotten = 0;
  const connecting = new Set<Socket>();
  diagnostics.subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    connecting.add(socket);
    for (const event of ['connect', 'close', 'error'] as const) {
      socket.once(event, () => {
        connecting.delete(socket);
        moved();
      });
    }
  });

  const isCalling = () => {
    forgotten = Math.max(0, Math.min(forgotten, clock.pauses()));
    return [...calls].filter(({ isSilent }) => !isSilent).length > clock.pauses() - forgotten;
  };
  const isElsewhereBusy = () => works > 0 || connecting.size > 0 || isDatabaseBusy();

  /** False where nothing has moved for so long. */
  const soon = () => new Promise<boolean>((resolve) => {
    let isOver = false;
    const end = (isInTime: boolean) => {
      if (isOver) return;
      isOver = true;
      resolve(isInTime);
    };
    waiter = () => end(true);
    void clock.really(lookMs).then(() => end(false));
  });

  return {
    begin() {
      works += 1;
      let isOver = false;
      return () => {
        if (!isOver) works -= 1;
        isOver = true;
        moved();
      };
    },
    async call(act) {
      const own = { isSilent: false };
      calls.add(own);
      try {
        return await act();
      } finally {
        calls.delete(own);
        moved();
        forgotten = Math.max(forgotten, clock.pauses() - calls.size);
      }
    },
    moved,
    async settle() {
      let waitedMs = 0;
      let onlyCallsMs = 0;
      for (let quiet = 0; quiet < 4; ) {
        await turn();
        const isElsewhere = isElsewhereBusy();
        if (!isElsewhere && !isCalling()) {
          quiet += 1;
          continue;
        }
        quiet = 0;
        const isInTime = await soon();
        if (isInTime) {
          onlyCallsMs = 0;
          continue;
        }
        waitedMs += lookMs;
        onlyCallsMs = isElsewhere ? 0 : onlyCallsMs + lookMs;
        // All who could answer are in this process: who has not by now says nothing on purpose.
        if (onlyCallsMs >= silentMs) for (const call of calls) call.isSilent = true;
        if (waitedMs > enoughMs) return;
      }
    },
    reset() {
      works = 0;
      calls = new Set();
      forgotten = 0;
    },
  };
}
