import type { Transport } from './transport.ts';

/** The listeners of a transport that stands before another, which is exchanged now and then. */
export interface Relay {
  readonly onData: Transport['onData'];
  readonly onLost: Transport['onLost'];
  /** Bytes of `inner` go to the listeners from now on, and those of the one before no more; `lost` is called at most once. */
  attach(inner: Transport, lost: (detail: string) => void): void;
  detach(): void;
  tellLost(detail: string): void;
}

export function createRelay(): Relay {
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const lostListeners = new Set<(detail: string) => void>();
  let stops: readonly (() => void)[] = [];

  function detach(): void {
    for (const stop of stops) stop();
    stops = [];
  }

  return {
    onData: (listener) => subscribe(dataListeners, listener),
    onLost: (listener) => subscribe(lostListeners, listener),
    attach(inner, lost) {
      detach();
      stops = [
        inner.onData((bytes) => {
          for (const listener of [...dataListeners]) listener(bytes);
        }),
        inner.onLost((detail) => {
          detach();
          lost(detail);
        }),
      ];
    },
    detach,
    tellLost(detail) {
      // A copy: whoever opens again in its listener may subscribe again.
      for (const listener of [...lostListeners]) listener(detail);
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
