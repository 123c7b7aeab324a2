import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** A place that can be filled up, and emptied again. */
export interface SmallDisk {
  readonly folder: string;
  /** As the kiosk's configuration takes it: what it wants to be free. */
  readonly minFreeMegabytes: number;
  fill(): void;
  empty(): void;
  close(): void;
}

const megabytes = 1024 * 1024;

/**
 * As root a file system of its own, of 96 MB, that is filled to the last byte. Others cannot mount one that is also seen here: for them the kiosk's bound is laid half
 * a gigabyte below what is free now, and so much is set aside by name; a write that fails is tried in main/store/disk.test.ts.
 */
export function openSmallDisk(folder: string): SmallDisk {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m,mode=700', 'small-disk', folder]);
  const filler = path.join(folder, 'filler');
  const freeMegabytes = () => {
    const { bavail, bsize } = fs.statfsSync(folder);
    return Math.floor((bavail * bsize) / megabytes);
  };
  return {
    folder,
    minFreeMegabytes: isRoot ? 8 : freeMegabytes() - 512,
    fill() {
      if (isRoot) {
        const descriptor = fs.openSync(filler, 'w');
        try {
          for (;;) fs.writeSync(descriptor, Buffer.alloc(64 * 1024));
        } catch (cause) {
          if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
        } finally {
          fs.closeSync(descriptor);
        }
      } else execFileSync('fallocate', ['-l', `${1024}M`, filler]);
    },
    empty: () => fs.rmSync(filler, { force: true }),
    close() {
      fs.rmSync(filler, { force: true });
      if (isRoot) execFileSync('umount', ['--lazy', folder]);
    },
  };
}
