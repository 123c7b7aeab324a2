import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../database.ts';
import { connectDatabase } from '../database.ts';
import { superuser } from '../embedded/cluster.ts';
import type { Environment } from '../environment.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { startPostgres } from '../postgres.ts';
import { StartFailure } from '../start-failure.ts';

/** As `startPostgres` names it. */
const databaseName = 'counter24';

export interface ReachedDatabase {
  readonly sql: Sql;
  readonly end: () => Promise<void>;
}

/**
 * The database of HQ, whether HQ runs or not: the embedded one is asked by its own port and password while it runs, and else started for as
 * long as this takes. What runs is left as it is migrated; everything else is brought up to date.
 */
export async function reachDatabase(database: Environment['database'], now: () => number): Promise<ReachedDatabase> {
  if (database.kind === 'given') {
    const sql = connectDatabase(database.url, { maxConnections: 2 });
    await migrate(sql, await readMigrations(), now).catch(async (error: unknown) => {
      await sql.end({ timeout: 1 });
      if (error instanceof StartFailure) throw error;
      throw new StartFailure(`The database at DATABASE_URL cannot be used: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`);
    });
    return { sql, end: () => sql.end({ timeout: 5 }) };
  }
  const running = await reachRunning(database.dataFolder);
  if (running) return { sql: running, end: () => running.end({ timeout: 5 }) };
  const owned = await startPostgres({ dataFolder: database.dataFolder });
  const sql = connectDatabase(owned.url, { maxConnections: 2 });
  const end = async () => {
    await sql.end({ timeout: 5 });
    await owned.stop();
  };
  await migrate(sql, await readMigrations(), now).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return { sql, end };
}

/** @returns undefined where nothing runs in the folder: no pid file, or an old one whose port nobody answers on, or somebody else */
async function reachRunning(dataFolder: string): Promise<Sql | undefined> {
  const pidFile = await readFile(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined);
  const password = await readFile(join(dataFolder, 'postgres.password'), 'utf8').catch(() => undefined);
  // postmaster.pid: process, data folder, start, port, …
  const port = Number(pidFile?.split('\n')[3]);
  if (!password || !Number.isInteger(port) || port < 1) return undefined;
  const sql = connectDatabase(`postgres://${superuser}:${encodeURIComponent(password.trim())}@127.0.0.1:${port}/${databaseName}`, { maxConnections: 2 });
  try {
    const newest = (await readMigrations()).at(-1);
    const [row] = await sql<{ version: number; name: string }[]>`select version, name from schema_migrations order by version desc limit 1`;
    if (row?.version === newest?.version) return sql;
    await sql.end({ timeout: 1 });
    throw new StartFailure(`The HQ that runs on ${dataFolder} is at ${row?.name ?? 'no migration'}, this command at ${newest?.name}. Use the one that fits, or stop HQ first.`);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    await sql.end({ timeout: 1 });
    return undefined;
  }
}
