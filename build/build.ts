import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { core, preload, shell, workbenchWindow } from './vite.node.ts';

/** Bundles everything that Electron and browsers load into dist/. HQ's server, the workbench and all scripts run as they are. */
export async function buildAll(): Promise<void> {
  for (const config of [shell, preload, core, workbenchWindow]) await build({ ...config, configFile: false, logLevel: 'warn' });
  fs.copyFileSync(path.join(import.meta.dirname, 'icons/icon.png'), path.join(import.meta.dirname, '../dist/icon.png'));
  for (const configFile of ['build/vite.renderer.ts', 'build/vite.hq-web.ts', 'build/vite.workbench.ts']) await build({ configFile, logLevel: 'warn' });
}

if (import.meta.main) await buildAll();
