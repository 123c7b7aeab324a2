import { createHash } from 'node:crypto';
import type { Sql } from '../database.ts';

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** Idempotent: it may be cut off, and another process may do it a moment later. */
  readonly run: () => Promise<unknown>;
}

export interface JobsDeps {
  /**
   * A pool of one connection, which holds the lock and does nothing else. Not a reserved one of a larger pool: the driver ends the whole process when
   * such a connection breaks while it rests (porsager/postgres#1208).
   */
  readonly locks: Sql;
  readonly jobs: readonly Job[];
  readonly onDone: (done: { readonly job: string; readonly outcome: unknown; readonly ms: number }) => void;
  readonly onProblem: (job: string, error: unknown) => void;
  readonly firstAfterMs?: number;
}

/** "c24j", and a number made of the job's name: processes of other versions or options have other lists. */
const lockClass = 0x63_32_34_6a;

function lockOf(name: string): number {
  return createHash('sha256').update(name, 'utf8').digest().readInt32BE();
}

/**
 * What HQ does by itself from time to time. Any number of processes may have these timers: an advisory lock of the database lets one at a time do a job,
 * and whoever finds it taken leaves it. The lock belongs to a connection, so it is gone with a process that was killed.
 */
export function createJobs({ locks, jobs, onDone, onProblem, firstAfterMs = 5000 }: JobsDeps): { readonly stop: () => Promise<void> } {
  const running = new Set<Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isStopped = false;
  // One at a time in this process: there is one connection for locks, and a lock that it holds it would get again.
  let queue: Promise<unknown> = Promise.resolve();

  const runOnce = async ({ name, run }: Job): Promise<void> => {
    const place = lockOf(name);
    const [lock] = await locks<{ taken: boolean }[]>`select pg_try_advisory_lock(${lockClass}, ${place}) as taken`;
    if (!lock?.taken) return;
    const begun = performance.now();
    try {
      const outcome = await run();
      onDone({ job: name, outcome, ms: Math.round(performance.now() - begun) });
    } finally {
      await locks`select pg_advisory_unlock(${lockClass}, ${place})`;
    }
  };

  const schedule = (job: Job, inMs: number) => {
    if (isStopped) return;
    timers.set(job.name, setTimeout(() => {
      const work: Promise<void> = queue.then(() => (isStopped ? undefined : runOnce(job))).catch((error: unknown) => onProblem(job.name, error)).finally(() => {
        running.delete(work);
        // From its end, and not all processes in one moment.
        schedule(job, job.everyMs * (0.9 + Math.random() * 0.2));
      });
      queue = work;
      running.add(work);
    }, inMs));
  };
  jobs.forEach((job) => schedule(job, Math.min(job.everyMs, firstAfterMs)));

  return {
    stop: async () => {
      isStopped = true;
      timers.forEach(clearTimeout);
      await Promise.all(running);
    },
  };
}
