import type { Sql } from '../database.ts';
import { createPolling } from '../jobs/polling.ts';
import { claimOfKiosk, readDue } from './claim.ts';
import type { ServiceProvider } from './provider.ts';
import { createTurns, usualPendingAfterMs } from './turns.ts';

export interface ServicesDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly provider: ServiceProvider;
  readonly onProblem: (error: unknown) => void;
  readonly pendingAfterMs?: number | undefined;
  /** After so long without an end it is taken back, where the provider can. */
  readonly limitMs?: number;
  /** After so long without an end nobody at HQ asks any more, and it is a person's. */
  readonly giveUpMs?: number | undefined;
  /** After so long without an answer nobody waits for it any more. */
  readonly timeoutMs?: number | undefined;
  readonly pollMs?: number;
}

export interface Services {
  /** Takes one turn at everything that is due now. For tests, and called by the timer. */
  readonly run: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const atOnce = 16;

/**
 * HQ's work on services, in any number of processes at once: each claims a few rows with SKIP LOCKED, one kiosk a transaction, and writes "submitting" before the
 * provider hears of it. Whatever is killed in between is due again after the claim's time, and is asked for then. The provider's answer and what the kiosk is
 * told of it are one transaction.
 */
export function createServices({ sql, now, provider, onProblem, pendingAfterMs = usualPendingAfterMs, limitMs = 600_000, giveUpMs, timeoutMs, pollMs = 500 }: ServicesDeps): Services {
  const working = new Set<Promise<void>>();
  const busy = new Set<string>();
  const { claimMs, take, record } = createTurns({ sql, now, provider, pendingAfterMs, giveUpMs, timeoutMs });
  const times = { claimMs, pendingAfterMs, limitMs };

  const begin = async (): Promise<readonly Promise<void>[]> => {
    const at = now();
    const due = await readDue(sql, at, atOnce);
    const claims = await Promise.allSettled([...due].map(async ([kioskId, jobIds]) => {
      const free = jobIds.filter((jobId) => !busy.has(`${kioskId} ${jobId}`));
      return free.length === 0 ? [] : sql.begin((transaction) => claimOfKiosk(transaction, kioskId, free, provider.name, at, times));
    }));
    return claims.flatMap((claim): readonly Promise<void>[] => {
      if (claim.status === 'rejected') {
        onProblem(claim.reason);
        return [];
      }
      return claim.value.map((turn) => {
        const place = `${turn.kioskId} ${turn.jobId}`;
        busy.add(place);
        const work: Promise<void> = take(turn).then((answer) => record(turn, answer)).catch(onProblem).finally(() => {
          busy.delete(place);
          working.delete(work);
        });
        working.add(work);
        return work;
      });
    });
  };

  // A slow provider holds up no look, but there is an end to how many are asked at once.
  const polling = createPolling({ look: async () => working.size < atOnce && begin(), everyMs: pollMs, onProblem });

  return {
    run: async () => void (await Promise.all(await begin())),
    stop: async () => {
      await polling.stop();
      await Promise.all(working);
    },
  };
}
