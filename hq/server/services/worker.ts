import type { Sql } from '../database.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { announce } from '../live/announce.ts';
import type { Turn, WorkState } from './claim.ts';
import { claimOfKiosk, readDue } from './claim.ts';
import type { QueryAnswer, ServiceAnswer, ServiceProvider } from './provider.ts';
import { tellKiosk } from './tell.ts';

export interface ServicesDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly provider: ServiceProvider;
  readonly onProblem: (error: unknown) => void;
  readonly pendingAfterMs?: number;
  readonly limitMs?: number;
  /** After so long without an answer nobody waits for it any more. */
  readonly timeoutMs?: number;
  readonly pollMs?: number;
}

export interface Services {
  /** Takes one turn at everything that is due now. For tests, and called by the timer. */
  readonly run: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const atOnce = 16;
/** Waits after each turn without an end: a customer stands there for the first. */
const waitsMs = [1000, 1000, 2000, 2000, 3000, 5000, 5000, 10_000, 10_000, 15_000, 30_000, 60_000];
/** After a day there is nothing to hurry for. */
const laterMs = 600_000;
const maxReference = 60;

/**
 * HQ's work on services, in any number of processes at once: each claims a few rows with SKIP LOCKED, one kiosk a transaction, and writes "submitting" before the
 * provider hears of it. Whatever is killed in between is due again after the claim's time, and is asked for then. The provider's answer and what the kiosk is
 * told of it are one transaction.
 */
export function createServices({ sql, now, provider, onProblem, pendingAfterMs = 10_000, limitMs = 600_000, timeoutMs = 8000, pollMs = 500 }: ServicesDeps): Services {
  const working = new Set<Promise<void>>();
  const busy = new Set<string>();
  let isStopped = false;
  // Two calls at most in one turn, and time to write the end of it.
  const times = { claimMs: 2 * timeoutMs + 5000, pendingAfterMs, limitMs };

  const within = async <A extends QueryAnswer>(call: (signal: AbortSignal) => Promise<A>): Promise<A | Extract<ServiceAnswer, { kind: 'unknown' }>> => {
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<Extract<ServiceAnswer, { kind: 'unknown' }>>((resolve) => {
      timer = setTimeout(() => {
        resolve({ kind: 'unknown', detail: `${provider.name} did not answer within ${timeoutMs} ms` });
        abort.abort();
      }, timeoutMs);
    });
    const answer = Promise.resolve().then(() => call(abort.signal)).catch((error: unknown) => ({ kind: 'unknown' as const, detail: error instanceof Error ? error.message : String(error) }));
    return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
  };

  const take = async ({ kind, order }: Turn): Promise<ServiceAnswer> => {
    const submit = () => within((signal) => provider.submit(order, signal));
    if (kind === 'submit') return submit();
    const found = await within((signal) => provider.query(order.key, signal));
    if (found.kind !== 'not_found') return found;
    // Said that it has it, and now that it never had: nobody submits it again on that.
    return kind === 'query' ? { kind: 'unknown', detail: `${provider.name} had it, and does not find it any more` } : submit();
  };

  const record = async ({ kioskId, jobId, orderId, turn }: Turn, answer: ServiceAnswer): Promise<void> => {
    const at = now();
    await sql.begin(async (transaction) => {
      const [row] = await transaction<{ state: WorkState; turns: number; told: string | null; asked_at: number; submitted_at: number }[]>`
        select state, turns, told, asked_at, submitted_at from service_work where kiosk_id = ${kioskId} and job_id = ${jobId} and ended_at is null for update`;
      // Settled meanwhile, by a person or by the kiosk's own word.
      if (!row || row.state === 'done' || row.state === 'refused' || row.state === 'held') return;
      if (answer.kind === 'done' || answer.kind === 'refused') {
        const reference = answer.kind === 'done' ? answer.reference.slice(0, maxReference) || null : null;
        const detail = answer.kind === 'refused' ? answer.detail.slice(0, 500) : null;
        await transaction`update service_work set state = ${answer.kind}, reference = ${reference}, detail = ${detail}, next_at = ${at} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
        await settleAlarms(transaction, kioskId, 'service_open', at, jobId);
        await tellKiosk(transaction, { kioskId, jobId, orderId, outcome: answer.kind, reference, by: `HQ: ${provider.name}`, now: at });
        await announce(transaction, kioskId, [orderId]);
        return;
      }
      // Another process has asked since: what it hears is newer.
      if (row.turns !== turn) return;
      // That nobody answered takes nothing back of what was said.
      const state = answer.kind === 'unknown' && (row.state === 'accepted' || row.state === 'pending') ? row.state : answer.kind;
      const waitMs = at - row.submitted_at > 86_400_000 ? laterMs : (waitsMs[turn - 1] ?? waitsMs.at(-1)!);
      const nextAt = row.told === null ? Math.min(at + waitMs, Math.max(at, row.asked_at + pendingAfterMs)) : at + waitMs;
      await transaction`
        update service_work set state = ${state}, detail = ${answer.kind === 'unknown' ? answer.detail.slice(0, 500) : null}, next_at = ${nextAt} where kiosk_id = ${kioskId} and job_id = ${jobId}`;
      if (state !== row.state) await announce(transaction, kioskId, [orderId]);
    });
  };

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

  // The next look does not wait for a slow provider, only for the last look; but there is an end to how many are asked at once.
  let looking: Promise<unknown> = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking || isStopped || working.size >= atOnce) return;
    isLooking = true;
    looking = begin().catch(onProblem).finally(() => { isLooking = false; });
  }, pollMs);

  return {
    run: async () => void (await Promise.all(await begin())),
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await looking;
      await Promise.all(working);
    },
  };
}
