import fs from 'node:fs';
import path from 'node:path';
import { build, Platform } from 'electron-builder';
import type { Configuration } from 'electron-builder';
import { nativePackageFiles } from './native-packages.ts';
import { electronRuntime } from './runtime.mjs';
import { root } from './start/child.ts';
import { buildIfStale } from './start/fresh.ts';

export const testBuildFolder = path.join(root, 'out/package-test-build');
const releaseFolder = path.join(root, 'out/package');

/**
 * Makes the unpacked Linux application with the official Electron. Where that cannot be had it makes one with the
 * repackaged Electron that tests use, in a folder and under a name that say so: a test build is never shipped.
 * @returns the folder of the application
 */
export async function packageKiosk(): Promise<string> {
  await buildIfStale();
  const runtime = electronRuntime();
  const isRelease = runtime.source === 'official';
  const output = isRelease ? releaseFolder : testBuildFolder;
  fs.rmSync(output, { recursive: true, force: true });
  const difference: Configuration = isRelease
    ? { electronDist: runtime.distPath }
    : {
        electronDist: runtime.distPath,
        electronVersion: runtime.version,
        productName: 'Counter24 TEST BUILD',
        extraMetadata: { version: `0.0.0-test-build.electron.${runtime.version}` },
        // Its Node is too old for the prebuilds of the SQLite package, so it brings the addon that bootstrap built.
        extraResources: runtime.sqliteAddonPath ? [{ from: runtime.sqliteAddonPath, to: 'better_sqlite3.node' }] : [],
      };
  await build({
    targets: Platform.LINUX.createTarget('dir'),
    projectDir: root,
    publish: null,
    config: {
      extends: path.join(root, 'electron-builder.yml'),
      directories: { output, buildResources: 'build/icons' },
      files: ['!node_modules/**', ...nativePackageFiles()],
      ...difference,
    },
  });
  console.log(`package: ${isRelease ? 'the application' : 'a TEST BUILD, never to be shipped,'} is in ${output}`);
  return path.join(output, 'linux-unpacked');
}

if (import.meta.main) await packageKiosk();
