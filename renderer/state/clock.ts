import type { Store } from './store.ts';

const lookMs = 5000;

/** Prices and opening hours go by the minute; looked at more often than that, so that a clock that was set is noticed. */
export function startClock(store: Pick<Store, 'dispatch'>): () => void {
  const timer = setInterval(() => store.dispatch({ kind: 'clock_ticked' }), lookMs);
  return () => clearInterval(timer);
}
