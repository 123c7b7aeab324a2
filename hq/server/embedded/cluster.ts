import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lchown, lstat, mkdir, readFile, readdir, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFailure } from '../start-failure.ts';
import type { Binaries } from './binaries.ts';
import type { Owner } from './owner.ts';
import { reach } from './owner.ts';
import { explain, run } from './run.ts';

const majorVersion = '18';
export const superuser = 'counter24';

/** Makes the cluster in `folder/postgres` if it is not there. Interrupted at any point, the next start begins anew. */
export async function ensureCluster(folder: string, binaries: Binaries, owner: Owner, password: string, isThrowaway: boolean): Promise<string> {
  const cluster = join(folder, 'postgres');
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) {
    if (version.trim() !== majorVersion) throw new StartFailure(`${cluster} was made by PostgreSQL ${version.trim()}, this is ${majorVersion}. Dump it with the old HQ and load it into a new folder.`);
    await giveCopy(cluster, owner);
    return cluster;
  }
  if (existsSync(cluster)) throw new StartFailure(`${cluster} is there but is no PostgreSQL folder. Move it away, or choose another DATA_FOLDER.`);
  const making = join(folder, 'postgres.new');
  // An initdb that a killed HQ left behind may be writing in it.
  const clear = () => rm(making, { recursive: true, force: true, maxRetries: 10 });
  await clear();
  await mkdir(making);
  // To be passed through and not written in; the data folder above it lets nobody come this far who is not brought here.
  await chmod(making, 0o711);
  await mkdir(join(making, 'data'), { mode: 0o700 });
  await writeFile(join(making, 'password'), password, { mode: 0o600, flag: 'wx' });
  try {
    for (const name of ['data', 'password']) await give(join(making, name), owner);
    const { cwd, path } = reach(join(making, 'data'), owner);
    // A locale built into PostgreSQL: indexes do not break when the operating system changes its sorting.
    const made = await run(binaries.initdb, [
      `--pgdata=${path}`, `--username=${superuser}`, '--pwfile=../password', '--auth=scram-sha-256',
      '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C', '--data-checksums', ...(isThrowaway ? ['--no-sync'] : []),
    ], owner, cwd);
    if (made.code !== 0) throw explain(made.output, folder);
    await rename(join(making, 'data'), cluster);
  } finally {
    await clear();
  }
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

/** The data folder is HQ's alone, unless PostgreSQL's user has no other way than through it. */
export async function ensureFolder(folder: string, owner: Owner): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isPassedThrough = owner.uid !== undefined && reach(folder, owner).path === folder;
  await chmod(folder, isPassedThrough ? 0o711 : 0o700);
}

/**
 * Stops the PostgreSQL that an HQ left behind when it was killed. We hold the folder's lock, so no living HQ uses it.
 * What only looks so (an old pid file whose number is now another program's) is left to PostgreSQL, which tells them apart.
 * Throws a StartFailure where it cannot be stopped.
 * @returns whether there was one
 */
export async function stopOrphan(cluster: string, binaries: Binaries, owner: Owner): Promise<boolean> {
  const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgresOf(pid, cluster, owner))) return false;
  const { cwd, path } = reach(cluster, owner);
  for (const mode of ['fast', 'immediate']) {
    const stopped = await run(binaries.pgCtl, ['stop', '-D', path, '-m', mode, '-w', '-t', '30'], owner, cwd);
    if (stopped.code === 0) return true;
  }
  throw new StartFailure(`A PostgreSQL that an earlier HQ left running (process ${pid}) cannot be stopped. Stop it by hand.`);
}

async function isPostgresOf(pid: number, cluster: string, owner: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && process.platform !== 'linux';
  }
  if (process.platform !== 'linux') return true;
  // PostgreSQL's working folder is its data folder.
  return (await workingFolder(pid, owner)) === (await realpath(cluster));
}

async function workingFolder(pid: number, owner: Owner): Promise<string> {
  const link = `/proc/${pid}/cwd`;
  const seen = await readlink(link).catch(() => undefined);
  if (seen !== undefined || owner.uid === undefined) return seen ?? '';
  // Root in a container may not look into another user's process; that user may.
  const { code, output } = await run('readlink', ['-n', link], owner);
  return code === 0 ? output : '';
}

/** A cluster that root has copied here is root's, which PostgreSQL refuses. The top comes last: interrupted, it begins anew. */
async function giveCopy(path: string, owner: Owner): Promise<void> {
  const { uid, gid } = owner;
  if (uid === undefined || gid === undefined || (await lstat(path)).uid !== 0) return;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  for (const entry of entries) await lchown(join(entry.parentPath, entry.name), uid, gid);
  await chmod(path, 0o700);
  await lchown(path, uid, gid);
}

async function give(path: string, { uid, gid }: Owner): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}
