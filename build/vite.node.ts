import { builtinModules } from 'node:module';
import path from 'node:path';
import type { InlineConfig } from 'vite';

/** Stay outside of every bundle: Electron itself, Node's own, and packages that bring native code. */
const external = ['electron', 'serialport', /^@serialport\//, 'better-sqlite3', /^node:/, ...builtinModules];

const root = path.resolve(import.meta.dirname, '..');

/** One bundle that Electron's Node loads. Electron 33 has Node 20, so that is what the code is brought down to. */
function bundle(entry: string, outDir: string, format: 'es' | 'cjs', name = 'main.js'): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: path.join('dist', outDir),
      target: 'node20',
      minify: false,
      sourcemap: true,
      emptyOutDir: true,
      rolldownOptions: { external, output: { format, entryFileNames: name } },
    },
  };
}

export const shell = bundle('main/shell/main.ts', 'shell', 'es');
/** A sandboxed preload is CommonJS. */
export const preload = bundle('preload/preload.ts', 'preload', 'cjs', 'preload.cjs');
export const core = bundle('main/core/main.ts', 'core', 'es');
export const workbenchWindow = bundle('workbench/window/main.ts', 'workbench-window', 'es');
