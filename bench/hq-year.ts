import type { ParseArgsOptionsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { Sql } from '../hq/server/database.ts';
import { connectDatabase } from '../hq/server/database.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';

export const yearOptions = { folder: { type: 'string' }, rounds: { type: 'string', default: '7' } } as const satisfies ParseArgsOptionsConfig;

/** Runs over the year that build/seed made: in DATABASE_URL, or in the folder that it was made in, whose tables are brought to this version. */
export async function onYear(work: (sql: Sql, rounds: number) => Promise<void>): Promise<void> {
  const { values } = parseArgs({ options: yearOptions });
  const given = process.env['DATABASE_URL'];
  if (!given && !values.folder) throw new Error('Set DATABASE_URL, or say --folder=… of build/seed');
  const owned = given ? undefined : await startPostgres({ dataFolder: values.folder ?? '' });
  const sql = connectDatabase(given ?? owned?.url ?? '', { maxConnections: 4 });
  try {
    if (owned) await migrate(sql, await readMigrations(), Date.now);
    await work(sql, Number(values.rounds));
  } finally {
    await sql.end({ timeout: 5 });
    await owned?.stop();
  }
}
