import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { core, preload, shell, workbenchWindow } from './vite.node.ts';

const root = path.resolve(import.meta.dirname, '..');

/**
 * What hardware/device/receipt-printer/raster reads when a receipt has a character that the printer's font lacks: resvg's
 * WebAssembly (2.4 MB) and all subsets of the screen's font (4.5 MB), since a line is drawn with all of its characters.
 */
function copyRasterFiles(): void {
  const target = path.join(root, 'dist/core/raster');
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(path.join(target, 'noto-sans-sc'), { recursive: true });
  fs.copyFileSync(path.join(root, 'node_modules/@resvg/resvg-wasm/index_bg.wasm'), path.join(target, 'resvg.wasm'));
  const font = path.join(root, 'node_modules/@fontsource-variable/noto-sans-sc');
  for (const name of ['files', 'unicode.json', 'LICENSE']) fs.cpSync(path.join(font, name), path.join(target, 'noto-sans-sc', name), { recursive: true });
}

/** Bundles everything that Electron and browsers load into dist/. HQ's server, the workbench and all scripts run as they are. */
export async function buildAll(): Promise<void> {
  for (const config of [shell, preload, core, workbenchWindow]) await build({ ...config, configFile: false, logLevel: 'warn' });
  fs.copyFileSync(path.join(root, 'build/icons/icon.png'), path.join(root, 'dist/icon.png'));
  copyRasterFiles();
  for (const configFile of ['build/vite.renderer.ts', 'build/vite.hq-web.ts', 'build/vite.workbench.ts']) await build({ configFile, logLevel: 'warn' });
}

if (import.meta.main) await buildAll();
