import { createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

// Enough of APPNOTE.TXT (the ZIP specification) for an archive whose hash was checked before: no ZIP64, no
// encryption, no links. Node has no reader of its own and an unzip program may be absent.

const endSignature = 0x06054b50; // section 4.3.16
const entrySignature = 0x02014b50; // section 4.3.12
const localHeaderLength = 30; // section 4.3.7

/** @typedef {{ name: string, method: number, compressedSize: number, mode: number, localOffset: number }} Entry */

/**
 * Unpacks the files for which `target` gives a path.
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => string | undefined} target path inside `folder`, undefined to leave the file out
 */
export async function unzip(archive, folder, target) {
  const file = await open(archive, 'r');
  try {
    for (const entry of await readEntries(file)) {
      const path = entry.name.endsWith('/') ? undefined : target(entry.name);
      if (path === undefined) continue;
      const destination = resolve(folder, path);
      if (!destination.startsWith(resolve(folder) + sep)) throw new Error(`${entry.name} would leave the folder`);
      mkdirSync(dirname(destination), { recursive: true });
      await extract(file, entry, destination);
    }
  } finally {
    await file.close();
  }
}

/**
 * Reads the central directory.
 * @param {import('node:fs/promises').FileHandle} file
 * @returns {Promise<Entry[]>}
 */
async function readEntries(file) {
  const { size } = await file.stat();
  const tail = await read(file, Math.max(0, size - 65_557), Math.min(size, 65_557)); // 22 bytes and the longest comment
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw new Error('not a ZIP archive');
  const directory = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  /** @type {Entry[]} */
  const entries = [];
  for (let at = 0; at < directory.length;) {
    if (directory.readUInt32LE(at) !== entrySignature) throw new Error('broken ZIP directory');
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressedSize: directory.readUInt32LE(at + 20),
      mode: directory.readUInt32LE(at + 38) >>> 16, // Unix archives keep st_mode in the upper half
      localOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {Entry} entry
 * @param {string} destination
 */
async function extract(file, { name, method, compressedSize, mode, localOffset }, destination) {
  if (method !== 0 && method !== 8) throw new Error(`${name} is packed with method ${method}`);
  const header = await read(file, localOffset, localHeaderLength);
  const start = localOffset + localHeaderLength + header.readUInt16LE(26) + header.readUInt16LE(28);
  const output = createWriteStream(destination, { mode: (mode & 0o777) || 0o644 });
  if (compressedSize === 0) {
    output.end();
    await new Promise((done, fail) => output.on('finish', () => done(undefined)).on('error', fail));
    return;
  }
  const input = chunks(file, start, start + compressedSize);
  await (method === 8 ? pipeline(input, createInflateRaw(), output) : pipeline(input, output));
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} start
 * @param {number} end
 */
async function* chunks(file, start, end) {
  const most = 1 << 20;
  for (let at = start; at < end; at += most) yield await read(file, at, Math.min(most, end - at));
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} position
 * @param {number} length
 */
async function read(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the archive ends too early');
  return buffer;
}
