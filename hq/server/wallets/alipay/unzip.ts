import { crc32, inflateRawSync } from 'node:zlib';

const [endSignature, centralSignature, localSignature] = [0x06054b50, 0x02014b50, 0x04034b50];
const endBytes = 22;

/**
 * The files of a zip archive, stored or deflated, by its central directory (APPNOTE 4.3). Undefined where it is none, is cut off, is locked, wants Zip64, or a file is
 * larger than `maxBytes` or not what its checksum says. Names are not read: the bills' are in GBK, and what is in them tells them apart.
 */
export function unzip(archive: Buffer, maxBytes: number): Buffer[] | undefined {
  const end = findEnd(archive);
  if (end === undefined) return undefined;
  const files: Buffer[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (at + 46 > end || archive.readUInt32LE(at) !== centralSignature) return undefined;
    const file = readEntry(archive, at, maxBytes);
    if (!file) return undefined;
    files.push(file);
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

function readEntry(archive: Buffer, at: number, maxBytes: number): Buffer | undefined {
  const [flags, method, sum, packed, size, local] = [archive.readUInt16LE(at + 8), archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24), archive.readUInt32LE(at + 42)];
  if ((flags & 1) !== 0 || size > maxBytes || local + 30 > archive.length || archive.readUInt32LE(local) !== localSignature) return undefined;
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (from + packed > archive.length) return undefined;
  const bytes = inflate(archive.subarray(from, from + packed), method, size);
  return bytes && bytes.length === size && crc32(bytes) === sum ? bytes : undefined;
}

function inflate(packed: Buffer, method: number, size: number): Buffer | undefined {
  if (method === 0) return packed;
  if (method !== 8) return undefined;
  try {
    // One more than it says, so that a bomb is found by its length and not by memory.
    return inflateRawSync(packed, { maxOutputLength: size + 1 });
  } catch {
    return undefined;
  }
}

/** From the back: a comment may follow it. */
function findEnd(archive: Buffer): number | undefined {
  for (let at = archive.length - endBytes; at >= 0 && at >= archive.length - endBytes - 65_535; at -= 1) {
    if (archive.readUInt32LE(at) === endSignature && at + endBytes + archive.readUInt16LE(at + 20) === archive.length) return at;
  }
  return undefined;
}
