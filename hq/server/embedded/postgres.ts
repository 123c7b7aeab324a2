import { resolve } from 'node:path';
import { connectDatabase } from '../database.ts';
import { ensureExecutable } from './binaries-copy.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster, ensureFolder, ensurePassword, stopOrphan, superuser } from './cluster.ts';
import { lockFolder } from './folder-lock.ts';
import { findOwner } from './owner.ts';
import { explain } from './run.ts';
import { startServer } from './server.ts';
import { StartFailure } from '../start-failure.ts';

export interface OwnedPostgres {
  readonly url: string;
  /** Resolves when it has ended, wanted or not. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface OwnedPostgresOptions {
  readonly dataFolder: string;
  readonly onLine?: (line: string) => void;
  /** Nothing is waited for until it is on disk: for tests of what HQ reckons, never of what it keeps. */
  readonly isThrowaway?: boolean;
}

const databaseName = 'counter24';

/**
 * Starts the PostgreSQL that HQ owns: made in `dataFolder/postgres` the first time, on loopback with a random password,
 * locked against a second HQ, stopped with HQ. One that a killed HQ left running is stopped first.
 * Throws a StartFailure with one clear sentence.
 */
export async function startPostgres({ dataFolder, onLine = () => {}, isThrowaway = false }: OwnedPostgresOptions): Promise<OwnedPostgres> {
  const folder = resolve(dataFolder);
  const owner = await findOwner();
  const binaries = await ensureExecutable(findBinaries(), owner, onLine);
  await ensureFolder(folder, owner).catch((error: Error) => {
    throw explain(`error: ${error.message}`, folder);
  });
  const lock = await lockFolder(folder);
  if (!lock) throw new StartFailure(`Another HQ is running on ${folder}. Stop it first, or choose another DATA_FOLDER.`);
  try {
    const password = await ensurePassword(folder);
    const cluster = await ensureCluster(folder, binaries, owner, password, isThrowaway);
    if (await stopOrphan(cluster, binaries, owner)) onLine('HQ: stopped the PostgreSQL that a killed HQ had left running');
    const server = await startServer({ binary: binaries.postgres, cluster, folder, owner, onLine, isThrowaway });
    const urlOf = (database: string) => `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}`;
    const stop = async () => {
      await server.stop();
      await lock.release();
    };
    try {
      await ensureDatabase(urlOf('postgres'));
    } catch (error) {
      await stop();
      throw explain(`error: ${(error as Error).message}`, folder);
    }
    return { url: urlOf(databaseName), ended: server.ended, stop };
  } catch (error) {
    await lock.release();
    if (error instanceof StartFailure) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw code ? explain(`error: ${code === 'ENOSPC' ? 'No space left on device' : message}`, folder) : error;
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const sql = connectDatabase(url, { maxConnections: 1 });
  try {
    const [known] = await sql`select 1 from pg_database where datname = ${databaseName}`;
    if (!known) await sql.unsafe(`create database ${databaseName}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
