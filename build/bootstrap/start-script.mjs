import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { providedNode } from './paths.mjs';

/**
 * Runs a script on the provided Node, in this terminal, with node_modules/.bin first in PATH.
 * @param {string} root
 * @param {readonly string[]} args script and its arguments
 * @param {import('./electron.mjs').ElectronRuntime} electron
 * @returns {Promise<number>} the exit code; 128 and the signal's number where a signal ended it
 */
export function startScript(root, args, electron) {
  const env = { ...process.env };
  // Windows spells it Path; two spellings in one environment would hide each other.
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[pathName] = [join(root, 'node_modules', '.bin'), env[pathName]].join(delimiter);
  // The electron command and tools that ask the electron package for its binary get the test build as well.
  if (electron.source === 'test-build') env.ELECTRON_OVERRIDE_DIST_PATH = electron.distPath;

  const child = spawn(providedNode(root), args, { stdio: 'inherit', env });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to every process in it: passed on, it would arrive twice and look like impatience.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)]));
  });
}
