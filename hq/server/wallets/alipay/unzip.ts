import { crc32, createInflateRaw } from 'node:zlib';
import { chunkBytes, slicesOf } from '../adapter/bill-text.ts';

const [endSignature, centralSignature, localSignature] = [0x06054b50, 0x02014b50, 0x04034b50];
const endBytes = 22;

/** A file of an archive, as its central directory tells of it; nothing of it is believed before it was read. */
export interface ZipEntry {
  readonly packed: Buffer;
  readonly isDeflated: boolean;
  readonly size: number;
  readonly sum: number;
}

/**
 * The files of a zip archive, stored or deflated, by its central directory (APPNOTE 4.3). Undefined where it is none, is cut off, is locked, wants Zip64, or a file
 * says that it is larger than `maxBytes`. Names are not read: the bills' are in GBK, and what is in them tells them apart.
 */
export function readEntries(archive: Buffer, maxBytes: number): readonly ZipEntry[] | undefined {
  const end = findEnd(archive);
  if (end === undefined) return undefined;
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (at + 46 > end || archive.readUInt32LE(at) !== centralSignature) return undefined;
    const entry = readEntry(archive, at, maxBytes);
    if (!entry) return undefined;
    entries.push(entry);
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function readEntry(archive: Buffer, at: number, maxBytes: number): ZipEntry | undefined {
  const [flags, method, sum, packed, size, local] = [archive.readUInt16LE(at + 8), archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24), archive.readUInt32LE(at + 42)];
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8) || size > maxBytes || local + 30 > archive.length || archive.readUInt32LE(local) !== localSignature) return undefined;
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  return from + packed > archive.length ? undefined : { packed: archive.subarray(from, from + packed), isDeflated: method === 8, size, sum };
}

/** What is in it, a chunk at a time. @throws where it is not what its size and checksum say, at the latest behind its last chunk: until then nobody may believe it */
export async function* contentOf({ packed, isDeflated, size, sum }: ZipEntry): AsyncGenerator<Buffer> {
  let [length, found] = [0, 0];
  for await (const chunk of isDeflated ? inflated(packed) : slicesOf(packed)) {
    length += chunk.length;
    // A bomb is found by its length and not by memory.
    if (length > size) break;
    found = crc32(chunk, found);
    yield chunk;
  }
  if (length !== size || found !== sum) throw new Error('a file of the archive is not what its checksum says');
}

function inflated(packed: Buffer): AsyncIterable<Buffer> {
  const inflate = createInflateRaw({ chunkSize: chunkBytes });
  inflate.end(packed);
  return inflate;
}

/** From the back: a comment may follow it. */
function findEnd(archive: Buffer): number | undefined {
  for (let at = archive.length - endBytes; at >= 0 && at >= archive.length - endBytes - 65_535; at -= 1) {
    if (archive.readUInt32LE(at) === endSignature && at + endBytes + archive.readUInt16LE(at + 20) === archive.length) return at;
  }
  return undefined;
}
