import { existsSync } from 'node:fs';
import { readJson } from './bootstrap/files.mjs';
import { projectRoot, recordFile } from './bootstrap/paths.mjs';
import { BootstrapError } from './bootstrap/say.mjs';

export { cacheFolder } from './bootstrap/paths.mjs';

/** @returns {import('./runtime.d.mts').ElectronRuntime} */
export function electronRuntime() {
  const record = readJson(recordFile(projectRoot, 'runtime.json'));
  if (record === undefined || !existsSync(record.executablePath) || (record.sqliteAddonPath !== undefined && !existsSync(record.sqliteAddonPath))) {
    throw new BootstrapError('BOOTSTRAP_NOT_RUN', 'There is no Electron here yet: run `node build/bootstrap.mjs` once.');
  }
  return { ...record, sqliteAddonPath: record.sqliteAddonPath };
}

/** @returns {string | undefined} */
export function chromiumPath() {
  return [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path !== undefined && path !== '' && existsSync(path));
}
