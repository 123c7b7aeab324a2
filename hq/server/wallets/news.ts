import type { Queries } from '../database.ts';
import { createListener } from '../live/listener.ts';

export const walletChannel = 'counter24_wallets';

/** Tells every HQ process that a wallet payment, or a refund of it, has moved on, if and when the transaction commits. */
export async function tellWallet(sql: Queries, attemptId: string): Promise<void> {
  await sql`select pg_notify(${walletChannel}, ${attemptId})`;
}

export interface WalletNews {
  /** Calls back once for each change of an attempt, and where some may have been missed, until the answer is called. */
  readonly watch: (attemptId: string, onChange: () => void) => () => void;
  readonly isListening: () => boolean;
  readonly close: () => Promise<void>;
}

export interface WalletNewsDeps {
  readonly url: string;
  readonly onProblem: (error: unknown) => void;
  readonly retryMs?: number;
}

/** Who waits in this process for the end of a payment: all of them hang on one connection of the database. */
export function createWalletNews({ url, onProblem, retryMs = 1000 }: WalletNewsDeps): WalletNews {
  const watching = new Map<string, Set<() => void>>();
  const listener = createListener({
    url, channels: [walletChannel], onProblem, retryMs,
    onNotice: (attemptId) => watching.get(attemptId)?.forEach((tell) => tell()),
    onListening: () => watching.forEach((tells) => tells.forEach((tell) => tell())),
  });
  return {
    watch: (attemptId, onChange) => {
      const tells = watching.get(attemptId) ?? new Set();
      tells.add(onChange);
      watching.set(attemptId, tells);
      return () => {
        tells.delete(onChange);
        if (tells.size === 0 && watching.get(attemptId) === tells) watching.delete(attemptId);
      };
    },
    isListening: listener.isListening,
    close: listener.close,
  };
}
