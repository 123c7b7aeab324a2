import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { outputOf } from './child-output.ts';

/** How a file system can be mounted here: as root, or as the root of a user namespace of its own. */
const ways = [['unshare', '--mount'], ['unshare', '--user', '--map-root-user', '--mount']] as const;

/**
 * Runs a module on a file system of its own of this size, and answers what it printed. The mount is seen by that process alone, and gone with it,
 * however it ends. `process.argv[2]` is the folder.
 *
 * Throws where nothing may be mounted: a full disk that was not tried is no green test.
 */
export async function runOnSmallDisk(moduleFile: string, megabytes: number): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'small-disk-'));
  try {
    const mounting = `mount -t tmpfs -o size=${megabytes}m,mode=700 small-disk "$1"`;
    const way = ways.find(([command, ...options]) => spawnSync(command, [...options, 'sh', '-c', mounting, 'sh', folder], { stdio: 'ignore' }).status === 0);
    if (!way) throw new Error('NO SMALL DISK: this machine lets nobody mount a tmpfs (neither as root nor in a user namespace), so a full disk cannot be tried. Run it as root.');
    const [command, ...options] = way;
    return await outputOf(spawn(command, [...options, 'sh', '-c', `${mounting} && exec "$2" "$3" "$1"`, 'sh', folder, process.execPath, moduleFile], { stdio: ['ignore', 'pipe', 'pipe'] }));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
