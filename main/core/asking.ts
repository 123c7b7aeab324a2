/** A wait that can be cut short. */
export interface Pause {
  /** Resolves after so long, or when it is ended. One at a time. */
  wait(ms: number): Promise<void>;
  end(): void;
}

export function createPause(): Pause {
  let finish: (() => void) | undefined;
  return {
    wait: (ms) => new Promise((resolve) => {
      const timer = setTimeout(end, ms);
      function end(): void {
        clearTimeout(timer);
        finish = undefined;
        resolve();
      }
      finish = end;
    }),
    end: () => finish?.(),
  };
}

const firstMs = 1_000;
const longestMs = 60_000;

/** Where nothing new was heard so often: 1 s, 2 s, 4 s … up to a minute. @param times from 1 */
export function backoffMs(times: number, atMostMs = longestMs): number {
  return Math.min(atMostMs, firstMs * 2 ** Math.min(Math.max(0, times - 1), 10));
}
