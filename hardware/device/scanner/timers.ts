/** The time-outs of one device by their names: setting one again replaces it, and none is left when the device is closed. */
export interface Timers<Name extends string> {
  set(name: Name, ms: number, act: () => void): void;
  clear(...names: readonly Name[]): void;
  clearAll(): void;
}

export function createTimers<Name extends string>(): Timers<Name> {
  const running = new Map<Name, NodeJS.Timeout>();

  function clear(...names: readonly Name[]): void {
    for (const name of names) {
      clearTimeout(running.get(name));
      running.delete(name);
    }
  }

  return {
    set(name, ms, act) {
      clear(name);
      running.set(name, setTimeout(() => {
        running.delete(name);
        act();
      }, ms));
    },
    clear,
    clearAll: () => clear(...running.keys()),
  };
}
