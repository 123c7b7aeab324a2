import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from '../database.ts';
import { connectDatabase } from '../database.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { startPostgres } from '../embedded/postgres.ts';

export interface TestDatabase {
  readonly url: string;
  readonly sql: Sql;
}

export interface TestPostgres {
  /** A database of its own, migrated unless told otherwise. */
  readonly createDatabase: (options?: { readonly isMigrated?: boolean }) => Promise<TestDatabase>;
  readonly stop: () => Promise<void>;
}

/** A real PostgreSQL for one test file, in a temporary folder and on a port of its own: files run at once without clashing. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dataFolder = await temporaryFolder();
  const owned = await startPostgres({ dataFolder, isThrowaway: true }).catch(async (error: unknown) => {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  });
  const databases: Sql[] = [];
  const urlOf = (name: string) => owned.url.replace(/[^/]+$/, name);
  const admin = connectDatabase(urlOf('postgres'), { maxConnections: 1 });
  // Copying a migrated database is quicker than migrating each.
  const template = connectDatabase(owned.url, { maxConnections: 1 });
  await migrate(template, await readMigrations(), Date.now);
  await template.end({ timeout: 5 });
  let count = 0;
  return {
    createDatabase: async ({ isMigrated = true } = {}) => {
      const name = `test_${++count}`;
      await admin.unsafe(`create database ${name} template ${isMigrated ? 'counter24' : 'template0'}`);
      const sql = connectDatabase(urlOf(name));
      databases.push(sql);
      return { url: urlOf(name), sql };
    },
    stop: async () => {
      await Promise.all([...databases, admin].map((sql) => sql.end({ timeout: 1 })));
      await owned.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Its maker's alone (mode 0700), as a new user's may be. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'counter24-hq-test-'));
}
