export interface Signal {
  /** Wakes everybody who waits at this moment. */
  raise(): void;
  /** True when raised, false when the time is over first. Without a time it waits for good. */
  next(timeoutMs?: number): Promise<boolean>;
}

/** "Something has changed, look again": waiters look at the state itself, so that a raise that nobody waits for may be lost. */
export function createSignal(): Signal {
  const waiters = new Set<() => void>();

  return {
    raise() {
      for (const wake of waiters) wake();
    },
    next(timeoutMs) {
      return new Promise((resolve) => {
        const timer = timeoutMs === undefined ? undefined : setTimeout(() => settle(false), timeoutMs);
        const wake = () => settle(true);
        waiters.add(wake);

        function settle(raised: boolean): void {
          clearTimeout(timer);
          waiters.delete(wake);
          resolve(raised);
        }
      });
    },
  };
}
