/** A time-out that rings into the queue of whoever reads it: a ring that was overtaken by a new setting is known for an old one. */
export interface Alarm {
  /** Begins anew. */
  set(ms: number): void;
  clear(): void;
  isSet(): boolean;
  /** True, once, where `ring` is of the latest setting. */
  takes(ring: NodeJS.Timeout): boolean;
}

export function createAlarm(onRing: (ring: NodeJS.Timeout) => void): Alarm {
  let timer: NodeJS.Timeout | undefined;

  return {
    set(ms) {
      clearTimeout(timer);
      const started: NodeJS.Timeout = setTimeout(() => onRing(started), ms);
      timer = started;
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
    },
    isSet: () => timer !== undefined,
    takes(ring) {
      if (ring !== timer) return false;
      timer = undefined;
      return true;
    },
  };
}
