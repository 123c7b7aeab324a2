import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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
    const child = spawn(command, [...options, 'sh', '-c', `${mounting} && exec "$2" "$3" "$1"`, 'sh', folder, process.execPath, moduleFile], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code !== 0) throw new Error(`ended with ${String(signal ?? code)}: ${errors}`);
    return output;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
