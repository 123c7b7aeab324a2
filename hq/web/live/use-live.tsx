import { createContext, use, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { Live, LiveListener, LiveState } from './live.ts';
import { createLive } from './live.ts';

const LiveContext = createContext<Live | undefined>(undefined);

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [live] = useState(() => createLive());
  // A connection is the outside world: opened and closed with the page.
  useEffect(() => live.open(), [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(listener: LiveListener): void {
  const live = use(LiveContext);
  const onOrders = useEffectEvent((...news: Parameters<NonNullable<LiveListener['onOrders']>>) => listener.onOrders?.(...news));
  const onHelp = useEffectEvent(() => listener.onHelp?.());
  const onFleet = useEffectEvent((kioskId: string) => listener.onFleet?.(kioskId));
  const onAgain = useEffectEvent(() => listener.onAgain?.());
  useEffect(() => live?.listen({ onOrders: (kioskId, orders) => onOrders(kioskId, orders), onHelp: () => onHelp(), onFleet: (kioskId) => onFleet(kioskId), onAgain: () => onAgain() }), [live]);
}

export function useLiveState(): LiveState {
  const live = use(LiveContext);
  return useSyncExternalStore(live?.onState ?? noSubscription, live?.state ?? notYet);
}

function noSubscription(): () => void {
  return () => {};
}

function notYet(): LiveState {
  return 'connecting';
}
