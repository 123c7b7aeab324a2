import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartFailure } from '../start-failure.ts';

const execute = promisify(execFile);

/** Who PostgreSQL runs as. Empty: as HQ itself. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Where a program that runs as the owner is started, and how it then calls that folder. */
export interface Reached {
  readonly cwd: string;
  readonly path: string;
}

/**
 * Lets the owner use a folder of its own wherever it lies, even in one that is root's alone (/root, mktemp -d): root enters
 * it before it becomes the owner, who then calls it "where I stand", which leads through none of the folders above, and
 * stays true when PostgreSQL goes into it. A relative path would not do: PostgreSQL makes it absolute. Only Linux has such a name.
 */
export function reach(folder: string, { uid }: Owner, platform: NodeJS.Platform = process.platform): Reached {
  return { cwd: folder, path: uid !== undefined && platform === 'linux' ? '/proc/self/cwd' : folder };
}

/** PostgreSQL refuses to run as root, so a root HQ runs it as the user "postgres", made if need be. */
export async function findOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const found = await idsOf('postgres');
  if (found) return found;
  await execute('groupadd', ['--system', 'postgres']).catch(() => undefined);
  await execute('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']).catch(() => undefined);
  const made = await idsOf('postgres');
  if (!made) throw new StartFailure('HQ runs as root, PostgreSQL must not, and the user "postgres" could not be made. Make it, or start HQ as another user.');
  return made;
}

async function idsOf(user: string): Promise<Required<Owner> | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await execute('id', [flag, user])).stdout)));
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
