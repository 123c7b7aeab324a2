// Makes a fresh checkout ready and then runs a script on the Node that the lock file brings:
//
//   node build/bootstrap.mjs [--with-chromium] [script.ts [arguments …]]
//
// It depends on nothing but Node 20 and npm. The scripts in package.json begin with it and let it start the next
// program, instead of `node build/bootstrap.mjs && node build/start.ts`: the shell remembers where it found `node`,
// so a second `node` in the same line would still be the system's.

import { basename, join } from 'node:path';
import { constants } from 'node:os';
import { cacheFolder, projectRoot } from './bootstrap/paths.mjs';
import { findElectron, prepareElectron, recordElectron } from './bootstrap/electron.mjs';
import { createLock } from './bootstrap/lock.mjs';
import { installNodePackages, nodePackagesReady } from './bootstrap/node-packages.mjs';
import { linkPostgres, postgresReady } from './bootstrap/postgres.mjs';
import { createRunner } from './bootstrap/run.mjs';
import { BootstrapError, asBootstrapError, say } from './bootstrap/say.mjs';
import { startScript } from './bootstrap/start-script.mjs';
import { explainMissing, findMissingPackages, installSystemPackages, mayInstall } from './bootstrap/system-packages.mjs';

const args = process.argv.slice(2);
const chromiumAsked = args[0] === '--with-chromium';
if (chromiumAsked) args.shift();

const cache = cacheFolder();
const lock = createLock(join(cache, 'bootstrap.lock'));
const runner = createRunner(lock.noteWorkers);
/** @type {import('./bootstrap/context.mjs').Context} */
const context = {
  root: projectRoot,
  cache,
  run: runner.run,
  // The tests look at HQ's console in a browser, the demo draws its receipts with one; nothing else needs it.
  withChromium: chromiumAsked || (args[0] !== undefined && ['test.ts', 'demo.ts'].includes(basename(args[0]))),
};

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, leave);

try {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new BootstrapError('BOOTSTRAP_NODE_TOO_OLD', `Node ${process.versions.node} is too old: install Node 20 or newer, then start again.`);
  }
  const missing = await findMissingPackages(context);
  if (missing.length > 0 && !mayInstall()) await explainMissing(context, missing);
  if ((missing.length > 0 && mayInstall()) || !everythingElseReady()) await makeReady();
  const electron = findElectron(context);
  if (electron === undefined) throw new Error('Electron vanished while the bootstrap ran');
  recordElectron(projectRoot, electron);
  if (electron.source === 'test-build') say(`using an unofficial Electron ${electron.version}, for development and tests only`);
  if (args.length > 0) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, leave);
    process.exitCode = await startScript(projectRoot, args, electron);
  }
} catch (thrown) {
  const error = asBootstrapError(thrown);
  if (error.details) process.stderr.write(`${error.details.trimEnd()}\n`);
  say(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  runner.stop();
  lock.release();
}

function everythingElseReady() {
  return nodePackagesReady(context) && postgresReady(context) && findElectron(context) !== undefined;
}

/** Does what is left to do, once another bootstrap that may be doing it has ended. */
async function makeReady() {
  const started = performance.now();
  await lock.acquire();
  const systemPackages = prepareSystem();
  try {
    if (!nodePackagesReady(context)) await installNodePackages(context);
    await Promise.all([linkPostgres(context), prepareElectron(context, systemPackages), systemPackages]);
  } finally {
    // A stopped apt-get leaves packages half configured; what else failed can wait for it.
    await systemPackages.catch(() => {});
  }
  lock.release();
  say(`ready after ${Math.round((performance.now() - started) / 1000)} s`);
}

async function prepareSystem() {
  if (!mayInstall()) return;
  const missing = await findMissingPackages(context);
  if (missing.length > 0) await installSystemPackages(context, missing);
}

/** @param {NodeJS.Signals} signal */
function leave(signal) {
  runner.stop();
  lock.release();
  say(`stopped by ${signal}; the next start goes on from here`);
  process.exit(128 + constants.signals[signal]);
}
