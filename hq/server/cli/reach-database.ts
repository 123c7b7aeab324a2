import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../database.ts';
import { connectDatabase } from '../database.ts';
import { superuser } from '../embedded/cluster.ts';
import type { Environment } from '../environment/environment.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { StartFailure } from '../start-failure.ts';

/** As `startPostgres` names it. */
const databaseName = 'counter24';

export interface ReachedDatabase {
  readonly sql: Sql;
  readonly end: () => Promise<void>;
}

/**
 * The database of HQ, whether HQ runs or not: the embedded one is asked by its own port and password while it runs, and else started for as
 * long as this takes. What runs, or is not HQ's own, is left as it is migrated, unless that is what is asked for; an embedded one that rests is brought up
 * to date, as HQ's next start would. None is ever made here: a folder without one is a folder that was mistyped.
 */
export async function reachDatabase(database: Environment['database'], now: () => number, { mayMigrate }: { readonly mayMigrate: boolean }): Promise<ReachedDatabase> {
  if (database.kind === 'given') {
    const sql = connectDatabase(database.url, { maxConnections: 2 });
    const prepare = async () => (mayMigrate ? migrate(sql, await readMigrations(), now) : ensureMigrated(sql));
    await prepare().catch(async (error: unknown) => {
      await sql.end({ timeout: 1 });
      if (error instanceof StartFailure) throw error;
      throw new StartFailure(`The database at DATABASE_URL cannot be used: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`);
    });
    return { sql, end: () => sql.end({ timeout: 5 }) };
  }
  const running = await reachRunning(database.dataFolder);
  if (running) return { sql: running, end: () => running.end({ timeout: 5 }) };
  if (!existsSync(join(database.dataFolder, 'postgres', 'PG_VERSION'))) {
    throw new StartFailure(`There is no database of HQ in ${database.dataFolder}. Is DATA_FOLDER right? HQ itself makes one at its first start.`);
  }
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

/** Throws a StartFailure for a database that is empty, older or newer than this command. */
async function ensureMigrated(sql: Sql): Promise<void> {
  const newest = (await readMigrations()).at(-1);
  const [table] = await sql<{ name: string | null }[]>`select to_regclass('schema_migrations')::text as name`;
  const [row] = table?.name ? await sql<{ version: number; name: string }[]>`select version, name from schema_migrations order by version desc limit 1` : [];
  if (row && newest && row.version > newest.version) throw new StartFailure(`The database at DATABASE_URL is at ${row.name}, newer than this command (${newest.name}). Use the newer HQ.`);
  if (row?.version !== newest?.version) throw new StartFailure(`The database at DATABASE_URL is at ${row?.name ?? 'no migration'}, this command at ${newest?.name}. The command "migrate" brings it up to date.`);
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
