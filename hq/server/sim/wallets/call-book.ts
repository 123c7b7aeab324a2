import type { Wallet } from './trade.ts';

export interface Call {
  readonly at: number;
  readonly wallet: Wallet;
  /** The script's name of it; "unknown" where it is no operation of ours. */
  readonly on: string;
  readonly tradeNo: string | undefined;
  /** "200", "400 ORDER_CLOSED", "200, lost". */
  readonly outcome: string;
}

export interface CallBook {
  note(call: Omit<Call, 'at'>): void;
  /** The newest 2000, the oldest first. */
  list(): readonly Call[];
}

/** What was asked of the gateways, in memory: for tests and for the page. No body, and so no payment code. */
export function createCallBook(now: () => number): CallBook {
  const calls: Call[] = [];
  return {
    note(call) {
      calls.push({ at: now(), ...call });
      if (calls.length > 2000) calls.splice(0, calls.length - 2000);
    },
    list: () => [...calls],
  };
}
