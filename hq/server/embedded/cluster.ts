import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFailure } from '../start-failure.ts';
import type { Binaries } from './binaries.ts';
import type { Owner } from './owner.ts';
import { explain, run } from './run.ts';

const majorVersion = '18';
export const superuser = 'counter24';

/** Makes the cluster in `folder/postgres` if it is not there. Interrupted at any point, the next start begins anew. */
export async function ensureCluster(folder: string, binaries: Binaries, owner: Owner, password: string, isThrowaway: boolean): Promise<string> {
  const cluster = join(folder, 'postgres');
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) {
    if (version.trim() !== majorVersion) throw new StartFailure(`${cluster} was made by PostgreSQL ${version.trim()}, this is ${majorVersion}. Dump it with the old HQ and load it into a new folder.`);
    return cluster;
  }
  if (existsSync(cluster)) throw new StartFailure(`${cluster} is there but is no PostgreSQL folder. Move it away, or choose another DATA_FOLDER.`);
  const making = join(folder, 'postgres.new');
  const passwordFile = join(folder, 'initdb.password');
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { mode: 0o700 });
  await give(making, owner);
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  await give(passwordFile, owner);
  try {
    // A locale built into PostgreSQL: indexes do not break when the operating system changes its sorting.
    const made = await run(binaries.initdb, [
      `--pgdata=${making}`, `--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256',
      '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C', '--data-checksums', ...(isThrowaway ? ['--no-sync'] : []),
    ], owner);
    if (made.code !== 0) throw explain(made.output, folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(making, cluster);
  return cluster;
}

/** A random password, made once, readable by HQ alone. */
export async function ensurePassword(folder: string): Promise<string> {
  const path = join(folder, 'postgres.password');
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known?.trim()) return known.trim();
  if (existsSync(join(folder, 'postgres'))) throw new StartFailure(`${path} is missing, so HQ cannot enter its own database. Put it back from a copy.`);
  const password = randomBytes(32).toString('base64url');
  // Renamed into place: half a password would lock HQ out for ever.
  await rm(`${path}.new`, { force: true });
  await writeFile(`${path}.new`, password, { mode: 0o600, flag: 'wx', flush: true });
  await rename(`${path}.new`, path);
  return password;
}

/** The data folder: PostgreSQL's user must be able to pass through, nobody to look around. */
export async function ensureFolder(folder: string, owner: Owner): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, owner.uid === undefined ? 0o700 : 0o711);
}

/**
 * Stops the PostgreSQL that an HQ left behind when it was killed. We hold the folder's lock, so no living HQ uses it.
 * What only looks so (an old pid file whose number is now another program's) is left to PostgreSQL, which tells them apart.
 */
export async function stopOrphan(cluster: string, binaries: Binaries, owner: Owner): Promise<boolean> {
  const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgresOf(pid, cluster))) return false;
  for (const mode of ['fast', 'immediate']) {
    const stopped = await run(binaries.pgCtl, ['stop', '-D', cluster, '-m', mode, '-w', '-t', '30'], owner);
    if (stopped.code === 0) return true;
  }
  throw new StartFailure(`A PostgreSQL that an earlier HQ left running (process ${pid}) cannot be stopped. Stop it by hand.`);
}

async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && process.platform !== 'linux';
  }
  if (process.platform !== 'linux') return true;
  // PostgreSQL's working folder is its data folder.
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === (await realpath(cluster));
}

async function give(path: string, { uid, gid }: Owner): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}
