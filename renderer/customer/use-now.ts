import { useEffect, useState } from 'react';
import { monotonicNow } from '../state/monotonic.ts';

/** The time of day, epoch milliseconds, for a clock on the wall. What is counted down or waited for goes by `useMonotonicNow`. */
export function useNow(everyMs: number): number {
  return useReading(Date.now, everyMs);
}

/** Milliseconds of `monotonicNow`. */
export function useMonotonicNow(everyMs: number): number {
  return useReading(monotonicNow, everyMs);
}

/** Read anew at every interval: a clock is a system outside React, so this is an effect. */
function useReading(read: () => number, everyMs: number): number {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), everyMs);
    return () => clearInterval(timer);
  }, [read, everyMs]);
  return now;
}
