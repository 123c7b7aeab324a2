import postgres from 'postgres';
import type { OrderRow } from '../../contract/console.ts';
import type { Sql } from '../database.ts';
import { readOrderRows } from '../orders/list.ts';
import { liveChannel, readNews } from './announce.ts';

export type LiveMessage =
  | { readonly event: 'orders'; readonly data: { readonly kioskId: string; readonly orders: readonly OrderRow[] } }
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

/**
 * Passes PostgreSQL's notifications to the consoles of this process. The driver's own `listen` gives up for good when
 * one reconnection fails, so the connection is kept here; after each gap listeners are told to read again.
 */
export function createLiveHub({ url, sql, onProblem, retryMs = 1000 }: LiveHubDeps): LiveHub {
  const listeners = new Set<(message: LiveMessage) => void>();
  let isClosed = false;
  let isListening = false;
  let listening: postgres.Sql | undefined;
  let retry: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  const tell = (message: LiveMessage) => listeners.forEach((listener) => listener(message));

  const read = async (payload: string) => {
    const news = readNews(payload);
    if (!news || listeners.size === 0) return;
    try {
      const orders = news.orders.length > 0 ? await readOrderRows(sql, news.kiosk, news.orders) : [];
      tell({ event: 'orders', data: { kioskId: news.kiosk, orders } });
    } catch (error) {
      onProblem(error);
      tell({ event: 'again', data: {} });
    }
  };

  const again = (lost: postgres.Sql) => {
    if (isClosed || listening !== lost) return;
    listening = undefined;
    isListening = false;
    void lost.end({ timeout: 0 });
    retry = setTimeout(listen, retryMs);
  };

  const listen = () => {
    // `onnotify` is missing in the driver's types; its own `listen` uses it.
    const options = {
      max: 1, idle_timeout: 0, max_lifetime: null, fetch_types: false, connect_timeout: 5, onnotice: () => {},
      connection: { application_name: 'counter24-hq-live' },
      onnotify: (_channel: string, payload: string) => { work = work.then(() => read(payload)); },
      onclose: () => again(client),
    };
    const client: postgres.Sql = postgres(url, options as never);
    listening = client;
    client.unsafe(`listen ${liveChannel}`).then(
      () => {
        isListening = true;
        tell({ event: 'again', data: {} });
      },
      (error: unknown) => {
        if (!isClosed) onProblem(error);
        again(client);
      },
    );
  };
  listen();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isListening: () => isListening,
    close: async () => {
      isClosed = true;
      clearTimeout(retry);
      listeners.clear();
      await listening?.end({ timeout: 1 });
      await work;
    },
  };
}
