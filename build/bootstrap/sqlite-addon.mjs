import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFolderWhole } from './files.mjs';
import { BootstrapError, diskFull, saysDiskFull, say } from './say.mjs';
import { testElectron } from './test-electron.mjs';

// The prebuilt addon of better-sqlite3 wants Node-API 10, which the test build of Electron lacks. So it is built once
// from the package's own sources, without node-gyp, which would fetch headers and ask for Python.

/** Makes Node 20 accept what better-sqlite3 13 uses of Node-API 10; finalize-later.h tells the price. */
const nodeApiDefines = [
  'NAPI_VERSION=2147483647', 'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT', 'NAPI_DISABLE_CPP_EXCEPTIONS',
  'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];

/** -O1 compiles in half the time of -O2 and inserts into an encrypted table as fast; -m…: the cipher uses AES instructions. */
const sqliteFlags = ['-c', '-O1', '-pipe', '-fPIC', '-std=c99', '-w', '-msse4.2', '-maes', '-DNDEBUG'];
const bindingFlags = ['-c', '-O2', '-pipe', '-fPIC', '-std=c++20', '-w', '-fvisibility=hidden', '-fvisibility-inlines-hidden', '-DNDEBUG'];
const lateFinalizers = fileURLToPath(new URL('finalize-later.h', import.meta.url));
const linkFlags = ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-ldl'];

/**
 * The definitions that better-sqlite3 compiles SQLite with.
 * @param {string} gypi text of its deps/defines.gypi
 * @returns {string[]} as in "SQLITE_DQS=0"
 */
export function parseDefines(gypi) {
  const list = /'defines'\s*:\s*\[([^\]]*)\]/.exec(gypi.replace(/^\s*#.*$/gm, ''))?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map((match) => String(match[1]));
}

/**
 * Where the addon lies in the cache. The lock file's hashes of the packages stand for their sources.
 * @param {import('./context.mjs').Context} context
 */
function folderOf({ root, cache }) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sources = ['better-sqlite3', 'node-addon-api', 'node-api-headers'].map((name) => packages[`node_modules/${name}`]);
  const key = createHash('sha256')
    .update(JSON.stringify([sources.map(({ integrity }) => integrity), nodeApiDefines, sqliteFlags, bindingFlags, linkFlags]))
    .update(readFileSync(lateFinalizers))
    .digest('hex').slice(0, 12);
  return join(cache, 'sqlite-addon', `${sources[0].version}-electron-${testElectron.version}-${key}`);
}

/**
 * @param {import('./context.mjs').Context} context
 * @returns {string | undefined} path of the addon, for the `nativeBinding` option of better-sqlite3
 */
export function findSqliteAddon(context) {
  const path = join(folderOf(context), 'better_sqlite3.node');
  return existsSync(path) ? path : undefined;
}

/**
 * Builds the addon and tries it in the Electron it is for. The longest step of a first start, so it runs beside the download.
 * @param {import('./context.mjs').Context} context
 * @param {Promise<string>} electron resolves to that Electron's executable
 */
export async function buildSqliteAddon(context, electron) {
  if (findSqliteAddon(context) !== undefined) return;
  say(`compiling SQLite for Electron ${testElectron.version} (about half a minute) …`);
  await createFolderWhole(folderOf(context), async (temporary) => {
    await compile(context, temporary);
    await tryAddon(context, temporary, await electron);
  });
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {string} temporary
 */
async function compile({ root, run }, temporary) {
  const modules = join(root, 'node_modules');
  const source = join(modules, 'better-sqlite3');
  const defines = parseDefines(readFileSync(join(source, 'deps', 'defines.gypi'), 'utf8'));
  if (defines.length === 0) throw failed('deps/defines.gypi reads differently from what was expected', '');
  const flags = (/** @type {string[]} */ names) => names.map((name) => `-D${name}`);
  const includes = [join(source, 'deps', 'sqlite3'), join(modules, 'node-api-headers', 'include'), join(modules, 'node-addon-api')].map((folder) => `-I${folder}`);
  // The compilers' own temporary files go with the folder, should this be interrupted.
  const options = { cwd: temporary, env: { ...process.env, TMPDIR: temporary } };

  const compiled = await Promise.all([
    run('gcc', [...sqliteFlags, ...flags(defines), join(source, 'deps', 'sqlite3', 'sqlite3.c'), '-o', 'sqlite3.o'], options),
    run('g++', [...bindingFlags, ...flags([...defines, ...nodeApiDefines]), ...includes, '-include', lateFinalizers, join(source, 'src', 'better_sqlite3.cpp'), '-o', 'better_sqlite3.o'], options),
  ]);
  const linked = compiled.every(({ code }) => code === 0)
    ? await run('g++', ['sqlite3.o', 'better_sqlite3.o', ...linkFlags, '-o', 'better_sqlite3.node'], options)
    : undefined;
  if (linked?.code === 0) {
    for (const object of ['sqlite3.o', 'better_sqlite3.o']) rmSync(join(temporary, object));
    return;
  }
  const outcomes = linked === undefined ? compiled : [linked];
  if (outcomes.some(({ missing }) => missing)) {
    throw new BootstrapError('BOOTSTRAP_COMPILER_MISSING', 'SQLite cannot be compiled for this Electron without g++: install it (sudo apt-get install -y g++), then start again.');
  }
  throw failed('the compiler failed', outcomes.map(({ output }) => output).join(''));
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {string} temporary
 * @param {string} executable
 */
async function tryAddon({ root, run }, temporary, executable) {
  const script = fileURLToPath(new URL('try-sqlite-addon.cjs', import.meta.url));
  const outcome = await run(executable, ['--expose-gc', script, root, temporary], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  if (outcome.code === 0) return;
  if (/error while loading shared libraries/.test(outcome.output)) {
    // The addon is not to blame, and it is kept.
    say(`Electron cannot start here until the system packages are installed: ${outcome.output.trim()}`);
    return;
  }
  throw failed('it does not work in that Electron', outcome.output);
}

/** @param {string} reason @param {string} output */
function failed(reason, output) {
  if (saysDiskFull(output)) return diskFull(' (while compiling SQLite)', output);
  return new BootstrapError('BOOTSTRAP_SQLITE_ADDON_FAILED', `SQLite could not be compiled because ${reason}: start again, and report this if it stays.`, output);
}
