import { builtinModules } from 'node:module';
import path from 'node:path';
import type { InlineConfig } from 'vite';

/** Stay outside of every bundle: Electron itself, Node's own, and packages that bring native code. */
const external = ['electron', 'serialport', /^@serialport\//, 'better-sqlite3', /^node:/, ...builtinModules];

const root = path.resolve(import.meta.dirname, '..');

/** One bundle that Electron's Node loads. Electron 33 has Node 20, so that is what the code is brought down to. */
function bundle(entries: string | Readonly<Record<string, string>>, outDir: string, format: 'es' | 'cjs', name = 'main.js'): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: typeof entries === 'string' ? entries : true,
      outDir: path.join('dist', outDir),
      target: 'node20',
      minify: false,
      sourcemap: true,
      emptyOutDir: true,
      // What several entries share lies beside them: files that belong to a bundle are found from there.
      rolldownOptions: { external, ...(typeof entries === 'string' ? {} : { input: { ...entries } }), output: { format, entryFileNames: name, chunkFileNames: '[name]-[hash].js' } },
    },
  };
}

export const shell = bundle('main/shell/main.ts', 'shell', 'es');
/** A sandboxed preload is CommonJS. */
export const preload = bundle('preload/preload.ts', 'preload', 'cjs', 'preload.cjs');
/** Core, and its two threads, which it starts by their file's name beside its own. */
export const coreEntries = { main: 'main/core/main.ts', 'sync-worker': 'main/core/sync-worker.ts', 'store-worker': 'main/core/store-worker.ts', 'log-worker': 'main/core/log-worker.ts' } as const;
export const core = bundle(coreEntries, 'core', 'es', '[name].js');
export const workbenchWindow = bundle('workbench/window/main.ts', 'workbench-window', 'es');
