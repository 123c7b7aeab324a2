import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Sql } from './database.ts';
import { StartFailure } from './start-failure.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** One lock for all HQ processes of a database ("c24m"). */
const migrationLock = 0x63_32_34_6d;

/** The files `0001-name.sql` of a folder in order. Throws where a number is missing or there twice: that is a bug. */
export async function readMigrations(folder: URL = new URL('./migrations/', import.meta.url)): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (file, index) => {
      const version = Number(/^(\d{4})-/.exec(file)?.[1]);
      if (version !== index + 1) throw new Error(`migrations: ${file} stands where number ${index + 1} should`);
      return { version, name: file.slice(0, -'.sql'.length), sql: await readFile(new URL(file, folder), 'utf8') };
    }),
  );
}

/**
 * Brings the database to the newest migration, each in a transaction of its own, under a lock: several HQ processes
 * may start at once. A database that a newer HQ has changed, or in which an applied file differs, is refused by name.
 * @returns how many were applied
 */
export async function migrate(sql: Sql, migrations: readonly Migration[], now: () => number): Promise<number> {
  let applied = 0;
  await sql.begin(async (transaction) => {
    await transaction`set local lock_timeout = 0`;
    // "if not exists" is not safe against itself when two processes run it at once.
    await transaction`select pg_advisory_xact_lock(${migrationLock})`;
    await transaction`create table if not exists schema_migrations (version integer primary key, name text not null, sha256 text not null, applied_at bigint not null)`;
  });
  for (const migration of migrations) {
    await sql.begin(async (transaction) => {
      // A migration may take longer than any request may.
      await transaction`set local statement_timeout = 0`;
      await transaction`set local lock_timeout = 0`;
      await transaction`select pg_advisory_xact_lock(${migrationLock})`;
      const known = await transaction<{ version: number; name: string; sha256: string }[]>`select version, name, sha256 from schema_migrations order by version`;
      const newest = known.at(-1);
      if (newest && newest.version > migrations.length) {
        throw new StartFailure(`The database was changed by a newer HQ (${newest.name}); this one knows it up to ${migrations.at(-1)?.name ?? 'nothing'}. Start the newer HQ.`);
      }
      const sha256 = createHash('sha256').update(migration.sql).digest('hex');
      const before = known.find((candidate) => candidate.version === migration.version);
      if (before && before.sha256 !== sha256) {
        throw new StartFailure(`The database was migrated by another text of ${migration.name} (there ${before.name}). An applied migration is never edited: add a new one.`);
      }
      if (before) return;
      await transaction.unsafe(migration.sql);
      await transaction`insert into schema_migrations (version, name, sha256, applied_at) values (${migration.version}, ${migration.name}, ${sha256}, ${now()})`;
      applied++;
    });
  }
  return applied;
}
