import { isDeepStrictEqual } from 'node:util';
import { readJson, writeJson } from './files.mjs';
import { fetchOfficialElectron, findOfficialElectron, officialElectronWorthTrying } from './official-electron.mjs';
import { recordFile } from './paths.mjs';
import { BootstrapError } from './say.mjs';
import { buildSqliteAddon, findSqliteAddon } from './sqlite-addon.mjs';
import { fetchTestElectron, findTestElectron, testElectronSupported } from './test-electron.mjs';

/**
 * The Electron that scripts are to start. `sqliteAddonPath` is for the `nativeBinding` option of better-sqlite3;
 * without it the prebuilt addon of that package works there.
 * @typedef {{ executablePath: string, distPath: string, version: string, source: 'official' | 'test-build', sqliteAddonPath?: string }} ElectronRuntime
 */

/**
 * The Electron to use, if nothing is left to do for it: the official one, or else the test build with its SQLite.
 * @param {import('./context.mjs').Context} context
 * @returns {ElectronRuntime | undefined}
 */
export function findElectron(context) {
  const official = findOfficialElectron(context);
  if (official !== undefined) return { ...official, source: 'official' };
  if (officialElectronWorthTrying(context)) return undefined;
  const testBuild = findTestElectron(context);
  const sqliteAddonPath = findSqliteAddon(context);
  if (testBuild === undefined || sqliteAddonPath === undefined) return undefined;
  return { ...testBuild, source: 'test-build', sqliteAddonPath };
}

/**
 * Provides an Electron.
 * @param {import('./context.mjs').Context} context
 * @param {Promise<void>} systemPackages settled when g++ and Electron's libraries are there, as far as they can be
 */
export async function prepareElectron(context, systemPackages) {
  if (findElectron(context) !== undefined) return;
  if (officialElectronWorthTrying(context) && await fetchOfficialElectron(context) !== undefined) return;
  if (!testElectronSupported()) {
    throw new BootstrapError('BOOTSTRAP_ELECTRON_UNAVAILABLE', `Electron could not be fetched, and for ${process.platform} on ${process.arch} there is no other: check the connection or set ELECTRON_MIRROR, then start again.`);
  }
  const executable = fetchTestElectron(context).then(() => systemPackages).then(() => String(findTestElectron(context)?.executablePath));
  await Promise.all([executable, systemPackages.then(() => buildSqliteAddon(context, executable))]);
}

/**
 * Notes for other scripts which Electron was found; build/runtime.mjs reads it.
 * @param {string} root
 * @param {ElectronRuntime} runtime
 */
export function recordElectron(root, runtime) {
  const file = recordFile(root, 'runtime.json');
  if (!isDeepStrictEqual(readJson(file), runtime)) writeJson(file, runtime);
}
