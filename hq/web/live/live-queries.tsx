import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from './use-live.tsx';

/** Many orders in a second are one reading. */
const gatherMs = 1000;

/** What news tell of is read again, wherever it is shown: by the tag of its route. */
export function LiveQueries(): null {
  const client = useQueryClient();
  const pending = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const timers = pending.current;
    return () => {
      timers.forEach(clearTimeout);
      timers.clear();
    };
  }, []);
  const readAgain = (tag: string, afterMs: number) => {
    if (pending.current.has(tag)) return;
    pending.current.set(tag, setTimeout(() => {
      pending.current.delete(tag);
      void client.invalidateQueries({ predicate: ({ meta }) => meta?.['tag'] === tag });
    }, afterMs));
  };
  useLive({
    onHelp: () => readAgain('help', 0),
    onOrders: () => readAgain('orders', gatherMs),
    onFleet: () => readAgain('fleet', gatherMs),
    onAgain: () => void client.invalidateQueries(),
  });
  return null;
}
