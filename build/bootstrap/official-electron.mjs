import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { providedNode } from './paths.mjs';
import { diskFull, saysDiskFull, say } from './say.mjs';

const dayMs = 24 * 60 * 60_000;

/** @typedef {{ executablePath: string, distPath: string, version: string }} OfficialElectron */

/** @param {string} root */
function packageFolder(root) {
  return join(root, 'node_modules', 'electron');
}

/** @param {string} root */
function electronVersion(root) {
  return String(readJson(join(packageFolder(root), 'package.json'))?.version);
}

/** @param {string} cache */
function failureFile(cache) {
  return join(cache, 'official-electron-failed.json');
}

/**
 * The official binary, if it is completely unpacked: the electron package writes path.txt when it has finished.
 * @param {import('./context.mjs').Context} context
 * @returns {OfficialElectron | undefined}
 */
export function findOfficialElectron({ root }) {
  const distPath = join(packageFolder(root), 'dist');
  const version = electronVersion(root);
  try {
    if (readFileSync(join(distPath, 'version'), 'utf8').trim().replace(/^v/, '') !== version) return undefined;
    const executablePath = join(distPath, readFileSync(join(packageFolder(root), 'path.txt'), 'utf8'));
    return existsSync(executablePath) ? { executablePath, distPath, version } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a download is worth a try: not where it failed less than a day ago, so that a start without that network
 * stays quick.
 * @param {import('./context.mjs').Context} context
 */
export function officialElectronWorthTrying({ root, cache }) {
  const failure = readJson(failureFile(cache));
  const age = Date.now() - failure?.at;
  return !(failure?.version === electronVersion(root) && age >= 0 && age < dayMs);
}

/**
 * Lets the electron package fetch its binary, which it checks against the hashes it was published with. The archive
 * stays in our cache; what is unpacked lies where every tool expects it, in the package.
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<OfficialElectron | undefined>} undefined where it could not be fetched
 */
export async function fetchOfficialElectron(context) {
  const { root, cache, run } = context;
  say(`fetching Electron ${electronVersion(root)} …`);
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, electron_config_cache: join(cache, 'official-electron') };
  // These would fetch another binary, unpack it elsewhere, or take hashes from the network instead of the package.
  for (const name of Object.keys(env)) {
    if (/^(ELECTRON_OVERRIDE_DIST_PATH|ELECTRON_INSTALL_.*|npm_config_(platform|arch)|(npm_config_)?electron_use_remote_checksums)$/i.test(name)) delete env[name];
  }
  rmSync(join(packageFolder(root), 'dist'), { recursive: true, force: true });
  const outcome = await run(providedNode(root), [join(packageFolder(root), 'install.js')], { env });
  const electron = findOfficialElectron(context);
  if (outcome.code === 0 && electron !== undefined) return electron;
  if (saysDiskFull(outcome.output)) throw diskFull(' (while unpacking Electron)', outcome.output);
  const reason = outcome.output.trim().split('\n').findLast((line) => /Error|\bE[A-Z]{4,}/.test(line))?.trim() ?? `exit code ${outcome.code}`;
  writeJson(failureFile(cache), { version: electronVersion(root), at: Date.now(), reason });
  say(`the official Electron could not be fetched (${reason}); tried again tomorrow, or when ${failureFile(cache)} is deleted`);
  return undefined;
}
