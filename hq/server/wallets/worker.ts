import type { Wallet } from '../../../domain/scan/payment-code.ts';
import { createPolling } from '../jobs/polling.ts';
import { createWalletEngine } from './engine.ts';
import type { WalletEngineDeps } from './engine.ts';
import { readDuePayments } from './payments.ts';
import { readDueRefunds } from './refunds.ts';

export interface WalletWorkerDeps extends WalletEngineDeps {
  readonly onProblem: (error: unknown) => void;
  readonly pollMs?: number | undefined;
}

export interface WalletWorker {
  /** Takes turns at everything that is due now. For tests, and called by the timer. */
  readonly run: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Of each wallet: one whose gateway hangs takes nothing from the others. */
const atOnce = 32;

/**
 * Goes on with what is due, whoever began it: payments that are waited for, those that must be ended, those that have ended (perhaps somebody paid them all the
 * same), and refunds. Any number of processes may do so at once.
 */
export function createWalletWorker({ pollMs = 500, ...deps }: WalletWorkerDeps): WalletWorker {
  const { sql, now, onProblem } = deps;
  const engine = createWalletEngine(deps);
  const working = new Map<Wallet, number>();

  const begin = async (): Promise<readonly Promise<void>[]> => {
    const at = now();
    const [payments, refunds] = [await readDuePayments(sql, at, atOnce), await readDueRefunds(sql, at, atOnce)];
    return [...payments.map((place) => within(place.wallet, () => engine.payment(place))), ...refunds.map((place) => within(place.wallet, () => engine.refund(place)))];
  };
  /** What there is no room for is due again at the next look. */
  const within = async (wallet: Wallet, turn: () => Promise<void>): Promise<void> => {
    const count = working.get(wallet) ?? 0;
    if (count >= atOnce) return;
    working.set(wallet, count + 1);
    await turn().finally(() => working.set(wallet, (working.get(wallet) ?? 1) - 1));
  };

  const polling = createPolling({ look: begin, everyMs: pollMs, onProblem });

  return {
    run: async () => void (await Promise.all(await begin())),
    stop: async () => {
      await polling.stop();
      await engine.idle();
    },
  };
}
