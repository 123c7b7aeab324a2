import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Where logs can be written to. */
export interface ExportTarget {
  readonly id: string;
  readonly kind: 'usb' | 'folder';
  readonly label: string;
  readonly freeBytes: number;
}

export interface TargetsDeps {
  /** Where the operating system puts sticks: each mounted folder within, or one below (/media/user/STICK), is one. */
  readonly stickFolders: readonly string[];
  /** Absolute; of the configuration. */
  readonly exportFolder: string | undefined;
}

/** Where desktops mount by themselves; a folder there that is no mount is what a stick has left behind, and lies on the kiosk's own disk. */
const mountPlaces: ReadonlySet<string> = new Set(['/media', '/run/media', '/mnt', '/Volumes']);

/** Everything that is there now. The id is the folder's path; whoever comes with an id is held against this list again. */
export async function exportTargets({ stickFolders, exportFolder }: TargetsDeps): Promise<readonly ExportTarget[]> {
  // A medium that hangs (a stick in the middle of dying) is no target, and hides none of the others.
  const sticks = await Promise.all(stickFolders.map(sticksIn));
  const own = exportFolder === undefined ? undefined : await targetAt(exportFolder, 'folder');
  return [...sticks.flat(), ...(own ? [own] : [])].filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index);
}

async function sticksIn(folder: string): Promise<readonly ExportTarget[]> {
  const found = await Promise.all((await foldersIn(folder)).map(async (inside): Promise<readonly string[]> => {
    if (await isMount(inside)) return [inside];
    const deeper = await foldersIn(inside);
    const mounts = await Promise.all(deeper.map(async (each) => ((await isMount(each)) ? [each] : [])));
    if (mounts.flat().length > 0) return mounts.flat();
    return mountPlaces.has(path.resolve(folder)) ? [] : [inside];
  }));
  const targets = await Promise.all(found.flat().map((each) => targetAt(each, 'usb')));
  return targets.filter((target) => target !== undefined);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = (await Promise.race([fs.readdir(folder, { withFileTypes: true }).catch(() => []), after(statWithinMs)])) ?? [];
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => path.join(folder, entry.name));
}

async function isMount(folder: string): Promise<boolean> {
  const [own, above] = await Promise.all([folder, path.dirname(folder)].map((each) => Promise.race([fs.stat(each).catch((): Stats | undefined => undefined), after(statWithinMs)])));
  return own !== undefined && above !== undefined && own.dev !== above.dev;
}

async function targetAt(folder: string, kind: ExportTarget['kind']): Promise<ExportTarget | undefined> {
  const free = await Promise.race([fs.statfs(folder).then(({ bavail, bsize }) => bavail * bsize), after(statWithinMs)]).catch(() => undefined);
  return free === undefined ? undefined : { id: folder, kind, label: path.basename(folder), freeBytes: Math.floor(free) };
}

const statWithinMs = 2_000;

function after(ms: number): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setTimeout(() => resolve(undefined), ms).unref();
  return promise;
}
