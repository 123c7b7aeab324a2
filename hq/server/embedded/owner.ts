import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartFailure } from '../start-failure.ts';

const execute = promisify(execFile);

/** Who PostgreSQL runs as. Empty: as HQ itself. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
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
