import { existsSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFailure } from '../start-failure.ts';
import type { Binaries } from './binaries.ts';
import { binariesIn } from './binaries.ts';
import type { Owner } from './owner.ts';
import { run } from './run.ts';

/** A system folder of its own: root's, readable by all, and nobody's DATA_FOLDER. */
export const copiesFolder = '/var/lib/counter24-postgresql';
const beingMade = 'making-';
const abandonedAfterMs = 3_600_000;

/**
 * The binaries, where the user that PostgreSQL runs as can execute them. PostgreSQL finds the rest of itself by its real
 * path, so from a checkout that is root's alone (/root, mktemp -d) it cannot run: there, one copy per version is made in
 * a system folder, whole or not at all, and shared by all checkouts. Only root can write it, as it can this process.
 */
export async function ensureExecutable(binaries: Binaries, owner: Owner, onLine: (line: string) => void, folder = copiesFolder): Promise<Binaries> {
  if (owner.uid === undefined || process.platform !== 'linux' || (await runs(binaries, owner))) return binaries;
  // What root cannot run either is no matter of who may reach it: its start says what is wrong.
  if (!(await runs(binaries, {}))) return binaries;
  const copy = join(folder, binaries.version);
  try {
    await mkdir(folder, { recursive: true });
    await ensureRootsOwn(folder);
    await removeAbandoned(folder);
    if (!existsSync(copy)) {
      onLine(`HQ: copying PostgreSQL ${binaries.version} to ${copy}, as the user that it runs as cannot reach ${binaries.folder}`);
      await makeCopy(binaries, folder, copy);
    }
    await ensureRootsOwn(copy);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(`PostgreSQL must be copied to ${copy}, as the user that it runs as cannot reach ${binaries.folder}, and that failed: ${(error as Error).message}`);
  }
  const copied = binariesIn(copy, binaries.version);
  if (!(await runs(copied, owner))) {
    throw new StartFailure(`The user that PostgreSQL runs as cannot execute HQ's copy of it in ${copy}. Delete that folder and start HQ again; if it is mounted noexec, install Counter24 where all may reach it.`);
  }
  onLine(`HQ: PostgreSQL runs from ${copy}`);
  return copied;
}

async function runs({ postgres }: Binaries, owner: Owner): Promise<boolean> {
  return (await run(postgres, ['--version'], owner)).code === 0;
}

/** Whoever can write a folder chooses what PostgreSQL is, so it must be root's alone. */
async function ensureRootsOwn(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new StartFailure(`${folder} must be a folder that belongs to root and that nobody else can write, since HQ keeps the PostgreSQL in it that it runs. Delete it, and HQ makes it anew.`);
  }
  // Whatever the umask was.
  await chmod(folder, 0o755);
}

async function makeCopy({ folder: from }: Binaries, folder: string, copy: string): Promise<void> {
  const making = await mkdtemp(join(folder, beingMade));
  try {
    await copyTree(join(from, 'native'), join(making, 'native'));
    await chmod(making, 0o755);
    await flush(making);
    await rename(making, copy).catch((error: NodeJS.ErrnoException) => {
      // Another HQ was quicker, with the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await flush(folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** What a start that was killed has left; a younger one may be another HQ's that is still copying. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(beingMade)) continue;
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Readable by all whatever the checkout's modes are, its links as they are, and on disk. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(entries.map(async (entry) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) return copyTree(source, target);
    if (entry.isSymbolicLink()) return symlink(await readlink(source), target);
    await copyFile(source, target);
    await chmod(target, (await lstat(source)).mode & 0o100 ? 0o755 : 0o644);
    await flush(target);
  }));
  await chmod(to, 0o755);
  await flush(to);
}

/** A power cut must not leave files that have their names and not their contents. */
async function flush(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
