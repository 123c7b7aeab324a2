export interface PollingDeps {
  /** Finds what is due and begins it. The next look waits for this one, and not for what it began. */
  readonly look: () => Promise<unknown>;
  readonly everyMs: number;
  /** A look that failed; the next comes all the same. */
  readonly onProblem: (error: unknown) => void;
}

export interface Polling {
  /** No look begins after this, and the last one has ended. For what the looks began, whoever began it waits. */
  readonly stop: () => Promise<void>;
}

/** Looks for due work every so often, one look at a time. For a worker that any number of processes may run at once: what is due stands in the database. */
export function createPolling({ look, everyMs, onProblem }: PollingDeps): Polling {
  let looking: Promise<unknown> = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    looking = look().catch(onProblem).finally(() => { isLooking = false; });
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
