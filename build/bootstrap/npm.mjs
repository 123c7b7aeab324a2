import { basename } from 'node:path';
import { BootstrapError, diskFull, saysDiskFull } from './say.mjs';

/**
 * Runs the user's npm, with the user's registry and proxy settings. Under `npm start` npm says itself where it is;
 * that also avoids npm.cmd on Windows, which Node only starts through a shell.
 * @param {import('./context.mjs').Context} context
 * @param {readonly string[]} args
 * @returns {Promise<import('./run.mjs').Outcome>}
 */
export async function runNpm({ run, root }, args) {
  const script = process.env.npm_execpath;
  const outcome = script !== undefined && basename(script) === 'npm-cli.js'
    ? await run(process.env.npm_node_execpath ?? process.execPath, [script, ...args], { cwd: root })
    : await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: root, shell: process.platform === 'win32' });
  if (outcome.missing) {
    throw new BootstrapError('BOOTSTRAP_NPM_MISSING', 'npm was not found: install Node 20 or newer together with npm, then start again.');
  }
  return outcome;
}

/**
 * Finds the one sentence in what npm printed when it failed.
 * @param {string} what what npm was doing, as in "npm ci"
 * @param {string} output
 * @returns {BootstrapError}
 */
export function explainNpmFailure(what, output) {
  if (saysDiskFull(output)) return diskFull(` (during ${what})`, output);
  if (/EINTEGRITY/.test(output)) {
    return new BootstrapError('BOOTSTRAP_INTEGRITY_MISMATCH', `What ${what} downloaded is not what the lock file names: try again, and if it stays do not use that registry.`, output);
  }
  if (/EUSAGE/.test(output)) {
    const withoutUsage = output.replace(/npm error\s+Clean install a project[^]*/, '');
    return new BootstrapError('BOOTSTRAP_LOCK_FILE_MISMATCH', 'package.json and package-lock.json do not agree: run `npm install` and look at the difference.', withoutUsage);
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return new BootstrapError('BOOTSTRAP_NOT_WRITABLE', `${what} may not write to node_modules or to npm's cache: give this user the right to, then start again.`, output);
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|FETCH_ERROR|ERR_INVALID_URL|\bE(40[137]|5\d\d)\b|network/i.test(output)) {
    return new BootstrapError('BOOTSTRAP_REGISTRY_UNREACHABLE', `${what} could not reach the npm registry: check the connection, the proxy and \`npm config get registry\`, then start again.`, output);
  }
  return new BootstrapError('BOOTSTRAP_NPM_FAILED', `${what} failed for the reason that it printed.`, output);
}
