import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Reads a JSON file; a missing or broken one is undefined, because every file read here can be made again.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Writes a file so that an interruption leaves either the old one or the new one.
 * @param {string} path
 * @param {unknown} value
 */
export function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporarySibling(path);
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, path);
}

/**
 * Fills a folder beside its final place and moves it there when it is complete, so that a folder that exists is
 * a whole one. Only called under the lock: any other temporary folder there was left by a run that died, and goes.
 * @template T
 * @param {string} folder
 * @param {(temporary: string) => Promise<T>} fill
 * @returns {Promise<T>}
 */
export async function createFolderWhole(folder, fill) {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.includes('.tmp-')) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const temporary = temporarySibling(folder);
  try {
    mkdirSync(temporary);
    const result = await fill(temporary);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return result;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string} path */
function temporarySibling(path) {
  return `${path}.tmp-${process.pid}-${Date.now().toString(36)}`;
}
