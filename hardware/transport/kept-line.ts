import type { Transport } from './transport.ts';

export interface KeptLineOptions {
  readonly transport: Transport;
  /** First wait before opening again, doubled at each failure up to `maxMs`. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Longest wait for one attempt to open. The attempt may still succeed later. */
  readonly openMs: number;
  readonly onData: (bytes: Uint8Array) => void;
  readonly onOpened: () => void;
  readonly onLost: (detail: string) => void;
}

/** A line that opens itself and, after every loss, opens itself again. */
export interface KeptLine {
  /** Opens now if it is closed, without waiting for the next turn. Never rejects. */
  ensureOpen(): Promise<boolean>;
  /** Closes and opens again, so that what the port could not get rid of is forgotten. Never rejects. */
  reset(): Promise<boolean>;
  close(): Promise<void>;
}

export function createKeptLine(options: KeptLineOptions): KeptLine {
  const { transport } = options;
  let waitMs = options.firstMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt: Promise<boolean> | undefined;
  let closed = false;

  // Two listeners for the whole life of the line, however often the cable comes and goes.
  const unsubscribe = [
    transport.onData(options.onData),
    transport.onLost((detail) => {
      options.onLost(detail);
      openLater();
    }),
  ];
  void open();

  return {
    ensureOpen() {
      if (closed) return Promise.resolve(false);
      if (transport.isOpen() && attempt === undefined) return Promise.resolve(true);
      return withLimit(open(), options.openMs);
    },
    async reset() {
      if (closed) return false;
      await transport.close();
      return closed ? false : withLimit(open(), options.openMs);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      for (const stop of unsubscribe) stop();
      await transport.close();
    },
  };

  function open(): Promise<boolean> {
    clearTimeout(timer);
    attempt ??= tryOpen().finally(() => {
      attempt = undefined;
    });
    return attempt;
  }

  async function tryOpen(): Promise<boolean> {
    const opened = await transport.open();
    if (closed) {
      if (opened.ok) await transport.close();
      return false;
    }
    if (!opened.ok) {
      options.onLost(opened.error.detail);
      openLater();
      return false;
    }
    waitMs = options.firstMs;
    options.onOpened();
    return true;
  }

  function openLater(): void {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void open(), waitMs);
    waitMs = Math.min(options.maxMs, waitMs * 2);
  }
}

function withLimit(result: Promise<boolean>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void result.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
