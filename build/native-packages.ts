import fs from 'node:fs';
import path from 'node:path';
import { root } from './start/child.ts';

/** What the bundles leave outside: the packages with native code, and all that these need at run time. */
const nativePackages = ['better-sqlite3', 'serialport'];
/** Named as dependencies but only used to compile. */
const compileOnly = new Set(['node-addon-api']);

export interface PackagedFolder {
  readonly from: string;
  readonly to: string;
  readonly filter: string[];
}

/**
 * As electron-builder file sets. Left to itself it takes every dependency of the house, HQ's PostgreSQL and Node
 * included, onto the kiosk.
 */
export function nativePackageFiles(): PackagedFolder[] {
  const names = new Set<string>();
  const visit = (name: string) => {
    if (names.has(name) || compileOnly.has(name)) return;
    names.add(name);
    const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
    for (const dependency of Object.keys(dependencies)) visit(dependency);
  };
  for (const name of nativePackages) visit(name);
  return [...names].sort().map((name) => ({
    from: `node_modules/${name}`,
    to: `node_modules/${name}`,
    // Without the sources of SQLite: 10 MB that no kiosk reads.
    filter: ['**/*', '!**/*.{map,d.ts,md}', ...(name === 'better-sqlite3' ? ['!deps/**', '!src/**'] : [])],
  }));
}
