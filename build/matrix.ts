import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { root } from './start/child.ts';

/**
 * `npm run matrix`: a sale killed at every step and every byte, with each later truth of the terminal; docs/reliability.md.
 * Options: --case=NAME runs one with its whole trace, --list prints the names, --only=TEXT those that have it in their name or
 * group, --draw=N so many of them, by --seed=24, --at-once=10, --write puts the table into docs/reliability.md.
 * With --wallets: payments with wallets and services of a carrier through HQ, killed at either side, with everything that gateways do wrong. The same options, --at-once=2,
 * and --minutes=N, after which no more cases are begun.
 */

/** One file with all of core, so that the thousands of processes that are killed start quickly. Answers its path in `folder`. */
export async function bundleMatrixChild(folder: string): Promise<string> {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: 'main/core/testing/matrix/child.ts',
      outDir: folder,
      target: 'node24',
      minify: false,
      emptyOutDir: true,
      rolldownOptions: { external: ['serialport', /^@serialport\//, 'better-sqlite3', /^node:/], output: { format: 'es', entryFileNames: 'child.mjs' } },
    },
  });
  return path.join(folder, 'child.mjs');
}

/** In the repository, because what stays outside of the bundle is found from there. */
export function matrixFolder(): string {
  fs.mkdirSync(path.join(root, 'out'), { recursive: true });
  return fs.mkdtempSync(path.join(root, 'out/matrix-'));
}

if (import.meta.main) {
  const given = process.argv.slice(2);
  const folder = given.includes('--wallets') ? undefined : matrixFolder();
  const main = folder === undefined ? ['main/core/testing/wallet-matrix/main.ts'] : ['main/core/testing/matrix/main.ts', '--child', await bundleMatrixChild(folder)];
  const child = spawn(process.execPath, [path.join(root, main[0]!), ...main.slice(1), ...given], { stdio: 'inherit' });
  // Ctrl-C reaches both of us: its end is ours, and the folder is removed.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
  process.exitCode = code ?? 1;
}
