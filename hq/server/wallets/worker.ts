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

const atOnce = 32;

/**
 * Goes on with what is due, whoever began it: payments that are waited for, those that must be ended, those that have ended (perhaps somebody paid them all the
 * same), and refunds. Any number of processes may do so at once.
 */
export function createWalletWorker({ pollMs = 500, ...deps }: WalletWorkerDeps): WalletWorker {
  const { sql, now, onProblem } = deps;
  const engine = createWalletEngine(deps);
  let isStopped = false;
  let isLooking = false;
  let looking: Promise<unknown> = Promise.resolve();

  const begin = async (): Promise<readonly Promise<void>[]> => {
    const at = now();
    const room = atOnce - engine.working();
    if (room <= 0) return [];
    const [payments, refunds] = [await readDuePayments(sql, at, room), await readDueRefunds(sql, at, room)];
    return [...payments.map(engine.payment), ...refunds.map(engine.refund)];
  };

  const timer = setInterval(() => {
    if (isLooking || isStopped) return;
    isLooking = true;
    looking = begin().catch(onProblem).finally(() => { isLooking = false; });
  }, pollMs);

  return {
    run: async () => void (await Promise.all(await begin())),
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await looking;
      await engine.idle();
    },
  };
}
