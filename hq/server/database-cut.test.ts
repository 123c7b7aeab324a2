import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from './database.ts';
import type { CuttingProxy } from './testing/process-rig.ts';
import { startCuttingProxy } from './testing/process-rig.ts';
import type { TestDatabase, TestPostgres } from './testing/database.ts';
import { startTestPostgres } from './testing/database.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let proxy: CuttingProxy;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
  proxy = await startCuttingProxy();
  proxy.setTargets([database.url.replace(/^postgres:\/\/[^@]*@/, 'http://')]);
}, 60_000);
afterAll(async () => {
  await proxy?.close();
  await postgres?.stop();
});

describe('a database whose line is cut', () => {
  test('in the middle of transactions fails those, and serves the next ones', async () => {
    const sql = connectDatabase(database.url.replace(/@[^/]*/, `@${new URL(proxy.url).host}`), { maxConnections: 4 });
    try {
      for (let round = 0; round < 10; round++) {
        const begun = Promise.withResolvers<void>();
        const works = Array.from({ length: 6 }, async (_, index) => sql.begin(async (transaction) => {
          await transaction`select ${index}::int`;
          begun.resolve();
          await transaction`select pg_sleep(0.05)`;
          await Promise.all([transaction`select 1`, transaction`select pg_sleep(0.05)`]);
        }));
        const settled = Promise.allSettled(works);
        await begun.promise;
        proxy.cut();
        const outcomes = await settled;
        expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
      }
      expect(await sql`select 7 as n`).toEqual([{ n: 7 }]);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }, 60_000);
});
