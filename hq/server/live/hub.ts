import type { OrderRow } from '../../contract/console.ts';
import type { Sql } from '../database.ts';
import { readOrderRows } from '../orders/list.ts';
import { liveChannel, readNews } from './announce.ts';
import { createListener } from './listener.ts';

export type LiveMessage =
  | { readonly event: 'orders'; readonly data: { readonly kioskId: string; readonly orders: readonly OrderRow[] } }
  /** A customer asks for a person, does not any more, or was answered: read the calls again. */
  | { readonly event: 'help'; readonly data: { readonly kioskId: string } }
  /** A kiosk's state, a command's result, a picture of its screen, or what people wrote of it. */
  | { readonly event: 'fleet'; readonly data: { readonly kioskId: string } }
  /** Something may have been missed: read again what is shown. */
  | { readonly event: 'again'; readonly data: Record<string, never> };

export interface LiveHub {
  readonly subscribe: (listener: (message: LiveMessage) => void) => () => void;
  /** The database is being listened to. */
  readonly isListening: () => boolean;
  readonly close: () => Promise<void>;
}

export interface LiveHubDeps {
  readonly url: string;
  readonly sql: Sql;
  readonly onProblem: (error: unknown) => void;
  readonly retryMs?: number;
}

/** Passes PostgreSQL's notifications to the consoles of this process; after each gap listeners are told to read again. */
export function createLiveHub({ url, sql, onProblem, retryMs = 1000 }: LiveHubDeps): LiveHub {
  const listeners = new Set<(message: LiveMessage) => void>();
  let work: Promise<void> = Promise.resolve();

  const tell = (message: LiveMessage) => listeners.forEach((listener) => listener(message));

  const read = async (payload: string) => {
    const news = readNews(payload);
    if (!news || listeners.size === 0) return;
    if (news.help) return tell({ event: 'help', data: { kioskId: news.kiosk } });
    if (news.fleet) return tell({ event: 'fleet', data: { kioskId: news.kiosk } });
    try {
      const orders = news.orders.length > 0 ? await readOrderRows(sql, news.kiosk, news.orders) : [];
      tell({ event: 'orders', data: { kioskId: news.kiosk, orders } });
    } catch (error) {
      onProblem(error);
      tell({ event: 'again', data: {} });
    }
  };

  const listener = createListener({
    url, channels: [liveChannel], onProblem, retryMs,
    onNotice: (payload) => { work = work.then(() => read(payload)); },
    onListening: () => tell({ event: 'again', data: {} }),
  });

  return {
    subscribe: (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    isListening: listener.isListening,
    close: async () => {
      listeners.clear();
      await listener.close();
      await work;
    },
  };
}
