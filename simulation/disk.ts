import fs from 'node:fs';
import path from 'node:path';
import { segmentsOf, segmentName } from '../main/store/journal.ts';

/** The bytes of a kiosk's files as a power cut leaves them: what is closed tidily afterwards is not what lay there. */
export interface Frozen {
  readonly files: ReadonlyMap<string, Buffer>;
}

const storeFiles = ['store/store.db', 'store/store.db-wal'];

export function freeze(folder: string): Frozen {
  const files = new Map<string, Buffer>();
  const journal = path.join(folder, 'store/journal');
  const names = [...storeFiles, 'sync.guard', ...segmentsOf(journal).map((segment) => `store/journal/${segmentName(segment)}`)];
  for (const name of names) if (fs.existsSync(path.join(folder, name))) files.set(name, fs.readFileSync(path.join(folder, name)));
  return { files };
}

/** @param gone how many bytes of the end of a file did not reach the disk */
export function thaw(folder: string, { files }: Frozen, gone: ReadonlyMap<string, number> = new Map()): void {
  for (const name of [...storeFiles, 'store/store.db-shm', 'sync.guard']) fs.rmSync(path.join(folder, name), { force: true });
  fs.rmSync(path.join(folder, 'store/journal'), { recursive: true, force: true });
  for (const [name, bytes] of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), bytes.subarray(0, Math.max(0, bytes.length - (gone.get(name) ?? 0))));
  }
}

export function newestSegment(folder: string): { readonly name: string; readonly bytes: number } | undefined {
  const newest = segmentsOf(path.join(folder, 'store/journal')).at(-1);
  if (newest === undefined) return undefined;
  const name = `store/journal/${segmentName(newest)}`;
  return { name, bytes: fs.statSync(path.join(folder, name)).size };
}

export function flipBit(file: string, at: number, bit: number): void {
  const descriptor = fs.openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  fs.readSync(descriptor, byte, 0, 1, at);
  byte[0]! ^= 1 << bit;
  fs.writeSync(descriptor, byte, 0, 1, at);
  fs.closeSync(descriptor);
}
