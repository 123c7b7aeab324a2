import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * A shell that reads from a pipe whose only writer is this process. Its end is our end, SIGKILL included: then it asks
 * the child to end, and what is left of the child's process group after ten seconds is killed.
 */
const watcherScript = 'read -r _; kill "$1"; for _ in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 -- "-$1" || exit 0; sleep 1; done; kill -s KILL -- "-$1"';

/** Makes a child, which leads a process group of its own (`detached`), end with this process, however that ends. */
export function endWithUs(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const watcher = spawn('/bin/sh', ['-c', watcherScript, 'sh', String(child.pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without its watcher the child is merely not watched.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  // It must not keep us alive.
  watcher.unref();
  (watcher.stdin as Socket).unref();
  child.once('exit', () => watcher.kill('SIGKILL'));
}
