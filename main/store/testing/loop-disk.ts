import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf } from './child-output.ts';
import type { FromDevice, ToDevice } from './loop-disk-device.ts';

const deviceFile = fileURLToPath(new URL('./loop-disk-device.ts', import.meta.url));

export interface Cut {
  readonly image: string;
  /** Blocks of 4 KiB that were written and not flushed, and how many of them the image has. */
  readonly unflushed: number;
  readonly kept: number;
  /** How often the file system had flushed the disk. */
  readonly flushes: number;
}

/** An ext4 file system on a loop device on a disk whose power can be cut as often as one likes: each cut leaves an image, and the disk goes on. */
export interface LoopDisk {
  /** What is mounted: for whoever is to have their power cut. */
  readonly folder: string;
  /** What the disk has at this moment. `kept`: how much of what was not flushed, between 0 and 1. */
  cut(kept: number): Promise<Cut>;
  /** Mounts an image, which replays ext4's journal as after a real cut; looks; and unmounts it. */
  inImage<T>(cut: Cut, look: (folder: string) => T | Promise<T>): Promise<T>;
  /** Nobody may use the folder any more. */
  close(): Promise<void>;
}

/** Only in a process of `runWithLoopDisk`, in whose mount namespace all of it is. */
export async function startLoopDisk(top: string, megabytes: number): Promise<LoopDisk> {
  const disk = path.join(top, 'disk');
  const folder = path.join(top, 'mounted');
  fs.mkdirSync(folder);
  fs.writeFileSync(disk, '');
  fs.truncateSync(disk, megabytes * 1024 * 1024);
  must('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', disk);
  const device = fork(deviceFile, [disk], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const tell = (message: ToDevice) => device.send(message);
  const [first] = (await Promise.race([once(device, 'message'), once(device, 'exit')])) as [FromDevice | number];
  if (typeof first !== 'object' || first?.kind !== 'ready') throw new Error(`the disk ended at once: ${String(first)}`);
  must('mount', '-t', 'ext4', '-o', 'loop', disk, folder);
  let cuts = 0;

  return {
    folder,
    async cut(kept) {
      const image = path.join(top, `image-${++cuts}`);
      const answered = once(device, 'message') as Promise<[Extract<FromDevice, { kind: 'cut' }>]>;
      tell({ kind: 'cut', file: image, kept });
      const [{ unflushed, kept: keptBlocks, flushes }] = await answered;
      return { image, unflushed, kept: keptBlocks, flushes };
    },
    async inImage({ image }, look) {
      const place = `${image}-mounted`;
      fs.mkdirSync(place);
      must('mount', '-t', 'ext4', '-o', 'loop', image, place);
      try {
        return await look(place);
      } finally {
        must('umount', place);
        fs.rmSync(image);
      }
    },
    async close() {
      must('umount', folder);
      const exited = once(device, 'exit');
      must('umount', disk);
      device.disconnect();
      await exited;
    },
  };
}

/**
 * Runs a module that makes a loop disk in `process.argv[2]`, and answers what it printed. All mounts are seen by that process and its children alone, and are
 * gone with them, however they end.
 *
 * Throws where nothing may be mounted: a power cut that was not tried is no green test.
 */
export async function runWithLoopDisk(moduleFile: string, ...given: readonly string[]): Promise<string> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'loop-disk-'));
  try {
    const why = whyNot(top);
    if (why !== undefined) throw new Error(`NO LOOP DISK: ${why}. So a power cut cannot be tried at the level of blocks here. Run it as root on a Linux with FUSE, loop devices and ext4.`);
    return await outputOf(spawn('unshare', ['--mount', process.execPath, moduleFile, top, ...given], { stdio: ['ignore', 'pipe', 'pipe'] }));
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
}

/** What is missing, or undefined. */
export function whyNot(top: string): string | undefined {
  if (process.platform !== 'linux') return 'this is no Linux';
  if (process.getuid?.() !== 0) return 'nobody but root may mount a loop device';
  if (!fs.existsSync('/dev/fuse')) return 'there is no /dev/fuse';
  const image = path.join(top, 'try');
  const tried = spawnSync('unshare', ['--mount', 'sh', '-c', 'truncate -s 4M "$1" && mkfs.ext4 -q -F "$1" && mkdir "$1-m" && mount -t ext4 -o loop "$1" "$1-m"', 'sh', image], { encoding: 'utf8' });
  return tried.status === 0 ? undefined : `an ext4 image cannot be made and mounted (${(tried.error?.message ?? tried.stderr).trim()})`;
}

function must(command: string, ...given: readonly string[]): void {
  const done = spawnSync(command, given, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${given.join(' ')}: ${done.error?.message ?? done.stderr}`);
}
