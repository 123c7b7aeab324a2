import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import { connectDatabase } from '../database.ts';
import { housekeeping } from './housekeeping.ts';
import type { Job } from './jobs.ts';
import { createJobs } from './jobs.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';

let postgres: TestPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
}, 60_000);
afterAll(() => postgres?.stop());
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** One HQ process as far as jobs go, with a pool of its own. */
function startProcess(jobs: (sql: Sql) => readonly Job[], problems: string[] = []) {
  const sql = connectDatabase(database.url, { maxConnections: 2 });
  const done: string[] = [];
  const locks = connectDatabase(database.url, { maxConnections: 1 });
  const started = createJobs({ locks, jobs: jobs(sql), onDone: ({ job }) => done.push(job), onProblem: (job, error) => problems.push(`${job}: ${String(error)}`), firstAfterMs: 5 });
  cleanups.push(async () => {
    await started.stop();
    await Promise.all([sql, locks].map((pool) => pool.end({ timeout: 1 })));
  });
  return { done, stop: started.stop };
}

describe('jobs', () => {
  test('are done by one process at a time, however many there are', async () => {
    let now = 0;
    let most = 0;
    let count = 0;
    const job = (): readonly Job[] => [{ name: 'counted', everyMs: 5, run: async () => {
      most = Math.max(most, ++now);
      count++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      now--;
    } }];
    [1, 2, 3].forEach(() => startProcess(job));
    await expect.poll(() => count).toBeGreaterThan(10);
    expect(most).toBe(1);
  });

  test('are known by their names to processes whose lists differ, as of one that has no mail server', async () => {
    let now = 0;
    let most = 0;
    const slow: Job = { name: 'slow', everyMs: 5, run: async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 15));
      now--;
    } };
    const first = startProcess(() => [slow]);
    const second = startProcess(() => [{ name: 'mails', everyMs: 5, run: async () => {} }, slow]);
    await expect.poll(() => Math.min(...[first, second].map(({ done }) => done.filter((name) => name === 'slow').length))).toBeGreaterThan(5);
    expect(most).toBe(1);
  });

  test('that fail are told of and tried again, and do not keep the others from running', async () => {
    const problems: string[] = [];
    let tries = 0;
    const { done } = startProcess(() => [
      { name: 'fails', everyMs: 5, run: async () => { if (++tries < 3) throw new Error('no'); } }, { name: 'works', everyMs: 5, run: async () => {} },
    ], problems);
    await expect.poll(() => done).toEqual(expect.arrayContaining(['fails', 'works']));
    expect(problems).toEqual(['fails: Error: no', 'fails: Error: no']);
  });

  test('go on after the database had cut every connection', async () => {
    const { done } = startProcess((sql) => [{ name: 'asks', everyMs: 5, run: async () => {
      await sql`select 1`;
      // The lock's connection rests meanwhile, and may break.
      await new Promise((resolve) => setTimeout(resolve, 20));
    } }]);
    await expect.poll(() => done.length).toBeGreaterThan(2);
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    const before = done.length;
    await expect.poll(() => done.length).toBeGreaterThan(before + 3);
  });

  test('wait at the stop for what is under way, and then end', async () => {
    let isBegun = false;
    let isFinished = false;
    const { stop, done } = startProcess(() => [{ name: 'long', everyMs: 5, run: async () => {
      isBegun = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
      isFinished = true;
    } }]);
    await expect.poll(() => isBegun).toBe(true);
    await stop();
    const count = done.length;
    expect([isFinished, count]).toEqual([true, 1]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done.length).toBe(count);
  });

  test('of HQ itself run on a real database, on a pool of two connections', async () => {
    const problems: string[] = [];
    let names: readonly string[] = [];
    const { done } = startProcess((sql) => {
      const jobs = housekeeping({ sql, now: Date.now, onEffective: async () => {} });
      names = jobs.map(({ name }) => name);
      return jobs;
    }, problems);
    await expect.poll(() => [...new Set(done)].toSorted()).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(names.length);
    expect(problems).toEqual([]);
  });
});
