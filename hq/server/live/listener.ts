import postgres from 'postgres';

export interface ListenerDeps {
  readonly url: string;
  readonly channels: readonly string[];
  readonly onNotice: (payload: string, channel: string) => void;
  /** The channels are heard, the first time or again: whatever came in between was missed. */
  readonly onListening: () => void;
  readonly onProblem: (error: unknown) => void;
  readonly retryMs?: number;
}

export interface Listener {
  readonly isListening: () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * One connection that hears channels of PostgreSQL for as long as the process lives. The driver's own `listen` gives up for good when one
 * reconnection fails, so the connection is kept here.
 */
export function createListener({ url, channels, onNotice, onListening, onProblem, retryMs = 1000 }: ListenerDeps): Listener {
  let isClosed = false;
  let isListening = false;
  let listening: postgres.Sql | undefined;
  let retry: NodeJS.Timeout | undefined;

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
      onnotify: (channel: string, payload: string) => onNotice(payload, channel),
      onclose: () => again(client),
    };
    const client: postgres.Sql = postgres(url, options as never);
    listening = client;
    client.unsafe(channels.map((channel) => `listen ${channel}`).join('; ')).then(
      () => {
        if (isClosed || listening !== client) return;
        isListening = true;
        onListening();
      },
      (error: unknown) => {
        if (!isClosed) onProblem(error);
        again(client);
      },
    );
  };
  listen();

  return {
    isListening: () => isListening,
    close: async () => {
      isClosed = true;
      isListening = false;
      clearTimeout(retry);
      await listening?.end({ timeout: 1 });
    },
  };
}
