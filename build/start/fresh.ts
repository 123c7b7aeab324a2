import fs from 'node:fs';
import path from 'node:path';
import { buildAll } from '../build.ts';
import { root } from './child.ts';

const sources = ['domain', 'hardware', 'main', 'preload', 'renderer', 'workbench', 'hq', 'build', 'package.json', 'package-lock.json'];
const stamp = path.join(root, 'dist', '.built');

/** Bundles again if any source is newer than the last bundles. */
export async function buildIfStale(): Promise<void> {
  const builtAt = fs.statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newest(sources.map((source) => path.join(root, source))) <= builtAt) return;
  console.log('start: bundling the kiosk, the workbench and the console …');
  const startedAt = new Date();
  fs.rmSync(stamp, { force: true });
  await buildAll();
  fs.writeFileSync(stamp, '');
  // What was edited while we bundled is newer than this, and bundled next time.
  fs.utimesSync(stamp, startedAt, startedAt);
}

function newest(paths: readonly string[]): number {
  let latest = 0;
  for (const place of paths) {
    const stats = fs.statSync(place, { throwIfNoEntry: false });
    if (!stats) continue;
    const children = stats.isDirectory() ? fs.readdirSync(place).map((name) => path.join(place, name)) : [];
    latest = Math.max(latest, stats.mtimeMs, newest(children));
  }
  return latest;
}
