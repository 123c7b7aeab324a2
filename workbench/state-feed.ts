/** Tells listeners of changes, gathered for a moment: a slip of forty lines is one change in motion, not forty. */
export interface StateFeed {
  /** Something may have changed. Cheap; may be called as often as one likes. */
  touch(): void;
  /** Gets the state as JSON, now and after each change. Returns the unsubscribe function. */
  subscribe(listener: (json: string) => void): () => void;
  close(): void;
}

export function createStateFeed(state: () => unknown, gatherMs = 40): StateFeed {
  const listeners = new Set<(json: string) => void>();
  let last = '';
  let timer: NodeJS.Timeout | undefined;

  return {
    touch() {
      if (listeners.size === 0) return;
      timer ??= setTimeout(tell, gatherMs);
    },
    subscribe(listener) {
      const json = JSON.stringify(state());
      if (listeners.size === 0) last = json;
      listeners.add(listener);
      listener(json);
      return () => listeners.delete(listener);
    },
    close() {
      clearTimeout(timer);
      listeners.clear();
    },
  };

  function tell(): void {
    timer = undefined;
    const json = JSON.stringify(state());
    if (json === last) return;
    last = json;
    for (const listener of listeners) listener(json);
  }
}
