import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readJson } from './files.mjs';
import { BootstrapError, say } from './say.mjs';

// Two bootstraps at once would run two `npm ci` in one folder, so one holds this lock file and the other waits.
// A killed bootstrap can leave an npm behind that still writes: the file names those programs as well, and the lock
// is free when the last of them is gone.

const longestWaitMs = 20 * 60_000;
const foreignHostMs = 60 * 60_000;

/**
 * Something that names a running process beyond the reuse of its id, or undefined when it is gone.
 * @param {number} processId
 * @returns {string | undefined}
 */
export function processIdentity(processId) {
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return undefined;
  }
  if (process.platform !== 'linux') return String(processId);
  try {
    // proc(5): after the name in brackets, which may itself hold blanks, come state (field 3) … starttime (field 22).
    const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' ? undefined : `${processId}@${fields[19]}`;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @returns {{ acquire: () => Promise<void>, noteWorkers: (processIds: number[]) => void, release: () => void }}
 */
export function createLock(file) {
  let held = false;
  const temporary = `${file}.${process.pid}`;
  /** @type {number[]} */
  let workers = [];

  /** @param {number[]} processIds */
  const write = (processIds) => {
    const holders = processIds.map(processIdentity).filter((identity) => identity !== undefined);
    writeFileSync(temporary, JSON.stringify({ host: hostname(), holders }));
  };

  return {
    async acquire() {
      mkdirSync(dirname(file), { recursive: true });
      const started = performance.now();
      for (let announced = false; ; announced = true) {
        write([process.pid]);
        if (link(temporary, file)) break;
        const holder = livingHolder(file);
        if (holder === undefined) {
          removeStale(file);
          continue;
        }
        if (!announced) say(`waiting for what another bootstrap started (process ${holder}) …`);
        if (performance.now() - started > longestWaitMs) {
          throw new BootstrapError('BOOTSTRAP_LOCKED', `Another bootstrap (process ${holder}) has run for 20 minutes: end it, or delete ${file}, then start again.`);
        }
        await wait(250);
      }
      rmSync(temporary, { force: true });
      held = true;
      removeRemains(file);
    },
    noteWorkers(processIds) {
      workers = processIds;
      if (!held) return;
      try {
        write([process.pid, ...workers]);
        renameSync(temporary, file);
      } catch {
        // A full disk: the file goes on naming this process, and the program that met it tells of it.
      }
    },
    release() {
      if (!held) return;
      held = false;
      // Programs that were just asked to end may still write; the file goes on naming them, and is dead when they are.
      if (workers.length === 0) return rmSync(file, { force: true });
      try {
        write(workers);
        renameSync(temporary, file);
      } catch {
        rmSync(file, { force: true });
      }
    },
  };
}

/**
 * Removes what killed runs left beside the lock.
 * @param {string} file
 */
function removeRemains(file) {
  for (const name of readdirSync(dirname(file))) {
    const owner = name.startsWith(`${basename(file)}.`) ? Number(name.split(/[.-]/).at(-1)) : Number.NaN;
    if (Number.isInteger(owner) && processIdentity(owner) === undefined) rmSync(join(dirname(file), name), { force: true });
  }
}

/**
 * A hard link appears at once and with its content, or not at all.
 * @param {string} from
 * @param {string} to
 */
function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {string | undefined} the process that holds the lock, undefined when nobody who is alive does
 */
function livingHolder(file) {
  const content = readJson(file);
  if (!content) return undefined;
  if (content.host !== hostname()) {
    // A cache folder that machines share: nobody there can be asked, so only age tells.
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - changed < foreignHostMs ? `on ${content.host}` : undefined;
  }
  const holder = content.holders?.find((/** @type {string} */ identity) => processIdentity(Number.parseInt(identity, 10)) === identity);
  return holder?.split('@')[0];
}

/**
 * Renames before it removes: of two processes that find the same dead lock, one succeeds. If a third has taken the
 * lock in between, its lock is put back.
 * @param {string} file
 */
function removeStale(file) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (livingHolder(aside) !== undefined) link(aside, file);
  rmSync(aside, { force: true });
}
