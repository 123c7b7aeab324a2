import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * A disk with a write cache that forgets: one file, served over FUSE, on which a loop device stands. What the file system has flushed is kept; of what it
 * wrote since, a cut keeps some blocks and not others, as a real disk may. Between a flush and its answer nothing is cut, so that an image is what a
 * power cut at one moment leaves, never pieces of several moments. Run by `startLoopDisk` as a process of its own: whoever waits for this disk must not
 * be who serves it. Arguments: the file to serve, whose contents are the disk's first.
 *
 * FUSE as in linux/include/uapi/linux/fuse.h, protocol 7.31; every number is the machine's own, which is little-endian wherever this runs.
 */
export type ToDevice =
  /** Writes the image to `file`. Each 4 KiB block that was not flushed is kept with this probability. */
  | { readonly kind: 'cut'; readonly file: string; readonly kept: number }
  | { readonly kind: 'stop' };
export type FromDevice =
  | { readonly kind: 'ready' }
  | { readonly kind: 'cut'; readonly unflushed: number; readonly kept: number; readonly flushes: number };

const [file = ''] = process.argv.slice(2);
const blockBytes = 4096;
const headerBytes = 40;
const maxWrite = 128 * 1024;
const root = 1n;
const opcodes = { forget: 2, getattr: 3, setattr: 4, open: 14, read: 15, write: 16, statfs: 17, release: 18, fsync: 20, getxattr: 22, flush: 25, init: 26, destroy: 38, batchForget: 42 } as const;
const errors = { noSystem: -38, inputOutput: -5 } as const;

/** What was flushed. */
const durable = fs.readFileSync(file);
/** What the disk answers when it is read. */
const current = Buffer.from(durable);
/** Numbers of the blocks in which both may differ. */
const unflushed = new Set<number>();
let flushes = 0;

const device = fs.openSync('/dev/fuse', 'r+');
const mounted = spawnSync('mount', ['-i', '-t', 'fuse', '-o', 'fd=3,rootmode=100000,user_id=0,group_id=0', 'loop-disk', file], { stdio: ['ignore', 'ignore', 'inherit', device] });
if (mounted.status !== 0) process.exit(1);

function attributes(): Buffer {
  const bytes = Buffer.alloc(88);
  bytes.writeBigUInt64LE(root, 0);
  bytes.writeBigUInt64LE(BigInt(current.length), 8);
  bytes.writeBigUInt64LE(BigInt(current.length / 512), 16);
  bytes.writeUInt32LE(0o100600, 60);
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(blockBytes, 80);
  return bytes;
}

function answerTo(opcode: number, body: Buffer): Buffer | number | undefined {
  switch (opcode) {
    case opcodes.init: {
      const out = Buffer.alloc(64);
      out.writeUInt32LE(7, 0);
      out.writeUInt32LE(31, 4);
      out.writeUInt32LE(maxWrite, 8);
      // Big writes; and what the kernel reads ahead may come in any order.
      out.writeUInt32LE((1 << 5) | 1, 12);
      out.writeUInt16LE(32, 16);
      out.writeUInt16LE(24, 18);
      out.writeUInt32LE(maxWrite, 20);
      out.writeUInt32LE(1, 24);
      return out;
    }
    case opcodes.getattr: case opcodes.setattr: {
      const out = Buffer.alloc(16 + 88);
      // Nobody else changes it.
      out.writeBigUInt64LE(3600n, 0);
      attributes().copy(out, 16);
      return out;
    }
    case opcodes.open: {
      const out = Buffer.alloc(16);
      // FOPEN_DIRECT_IO: every write of the loop device comes here at once, and none rests in a cache of this machine.
      out.writeUInt32LE(1, 8);
      return out;
    }
    case opcodes.read: {
      const offset = Number(body.readBigUInt64LE(8));
      return current.subarray(offset, offset + body.readUInt32LE(16));
    }
    case opcodes.write: {
      const offset = Number(body.readBigUInt64LE(8));
      const size = body.readUInt32LE(16);
      if (offset + size > current.length) return errors.inputOutput;
      body.copy(current, offset, 40, 40 + size);
      for (let block = Math.floor(offset / blockBytes); block * blockBytes < offset + size; block++) unflushed.add(block);
      const out = Buffer.alloc(8);
      out.writeUInt32LE(size, 0);
      return out;
    }
    case opcodes.fsync: {
      for (const block of unflushed) current.copy(durable, block * blockBytes, block * blockBytes, (block + 1) * blockBytes);
      unflushed.clear();
      flushes += 1;
      return Buffer.alloc(0);
    }
    case opcodes.statfs: return Buffer.alloc(80);
    case opcodes.flush: case opcodes.release: case opcodes.destroy: return Buffer.alloc(0);
    case opcodes.forget: case opcodes.batchForget: return undefined;
    default: return errors.noSystem;
  }
}

const request = Buffer.alloc(maxWrite + 4096);
function serve(): void {
  fs.read(device, request, 0, request.length, null, (error, length) => {
    if (error) {
      if (['EINTR', 'EAGAIN', 'ENOENT'].includes(error.code ?? '')) return serve();
      // Unmounted: nobody has the disk any more.
      process.exit(error.code === 'ENODEV' ? 0 : 1);
    }
    const answer = answerTo(request.readUInt32LE(4), request.subarray(headerBytes, length));
    if (answer !== undefined) {
      const data = typeof answer === 'number' ? Buffer.alloc(0) : answer;
      const out = Buffer.alloc(16 + data.length);
      out.writeUInt32LE(out.length, 0);
      out.writeInt32LE(typeof answer === 'number' ? answer : 0, 4);
      request.copy(out, 8, 8, 16);
      data.copy(out, 16);
      try {
        fs.writeSync(device, out);
      } catch (cause) {
        // Who asked was interrupted, and waits no more.
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
      }
    }
    serve();
  });
}

function cut(to: string, probability: number): FromDevice {
  const image = fs.openSync(to, 'w');
  fs.ftruncateSync(image, durable.length);
  const empty = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < durable.length; at += empty.length) {
    const part = durable.subarray(at, at + empty.length);
    if (!part.equals(empty.subarray(0, part.length))) fs.writeSync(image, part, 0, part.length, at);
  }
  let kept = 0;
  for (const block of unflushed) {
    if (Math.random() >= probability) continue;
    kept += 1;
    fs.writeSync(image, current, block * blockBytes, blockBytes, block * blockBytes);
  }
  fs.closeSync(image);
  return { kind: 'cut', unflushed: unflushed.size, kept, flushes };
}

process.on('message', (message: ToDevice) => {
  if (message.kind === 'stop') process.exit(0);
  process.send?.(cut(message.file, message.kept));
});
process.on('disconnect', () => process.exit(0));
serve();
process.send?.({ kind: 'ready' } satisfies FromDevice);
