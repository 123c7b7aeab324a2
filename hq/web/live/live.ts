import type { OrderRow } from '../../contract/console.ts';

export type LiveState = 'connecting' | 'live' | 'lost';

export interface LiveListener {
  readonly onOrders?: (kioskId: string, orders: readonly OrderRow[]) => void;
  /** A customer asks for a person, does not any more, or was answered. */
  readonly onHelp?: () => void;
  /** A kiosk's state, a command's result, its logs or an alarm: something that the fleet's pages show. */
  readonly onFleet?: (kioskId: string) => void;
  /** Something may have been missed. */
  readonly onAgain?: () => void;
}

export interface Live {
  readonly listen: (listener: LiveListener) => () => void;
  readonly state: () => LiveState;
  readonly onState: (listener: () => void) => () => void;
  /** Connects; the function given back disconnects. */
  readonly open: () => () => void;
}

/** HQ sends a beat each 15 s; after three missed ones the line is dead, whatever the browser believes. */
const silenceMs = 50_000;
const retryMs = 2000;

/** HQ's news over server-sent events, connected again for ever. */
export function createLive(address = '/api/live'): Live {
  const listeners = new Set<LiveListener>();
  const stateListeners = new Set<() => void>();
  let state: LiveState = 'connecting';
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;

  const setState = (next: LiveState) => {
    if (state === next) return;
    state = next;
    stateListeners.forEach((listener) => listener());
  };
  const later = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const lose = () => {
    source?.close();
    wasLost = true;
    setState('lost');
    later(retryMs, connect);
  };
  const alive = () => {
    setState('live');
    later(silenceMs, lose);
  };
  const again = () => listeners.forEach((listener) => listener.onAgain?.());

  function connect(): void {
    source = new EventSource(address);
    source.onopen = () => {
      alive();
      if (wasLost) again();
      wasLost = false;
    };
    source.onerror = lose;
    source.addEventListener('beat', alive);
    source.addEventListener('again', () => {
      alive();
      again();
    });
    source.addEventListener('help', () => {
      alive();
      listeners.forEach((listener) => listener.onHelp?.());
    });
    source.addEventListener('fleet', (event: MessageEvent<string>) => {
      alive();
      const { kioskId } = JSON.parse(event.data) as { kioskId: string };
      listeners.forEach((listener) => listener.onFleet?.(kioskId));
    });
    source.addEventListener('orders', (event: MessageEvent<string>) => {
      alive();
      const { kioskId, orders } = JSON.parse(event.data) as { kioskId: string; orders: OrderRow[] };
      listeners.forEach((listener) => listener.onOrders?.(kioskId, orders));
    });
  }
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    onState: (listener) => {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
    open: () => {
      connect();
      return () => {
        clearTimeout(timer);
        source?.close();
      };
    },
  };
}
