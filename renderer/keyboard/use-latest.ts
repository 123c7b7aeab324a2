import { useCallback, useLayoutEffect, useRef } from 'react';

/** A function that stays the same over all renders and does what the last one says: many keys need not be drawn anew for each letter. */
export function useLatest<Args extends readonly unknown[]>(act: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
