import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unzip } from './unzip.mjs';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'counter24-unzip-')); });
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes the parts of an archive that a reader of its directory needs (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16). */
function archiveOf(files: { name: string; content: string; stored?: boolean; mode?: number }[]): string {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, mode = 0o644 } of files) {
    const data = stored ? Buffer.from(content) : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    local.writeUInt16LE(4, 28); // an extra field that the directory does not have
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE((0o100000 + mode) * 0x10000, 38);
    entry.writeUInt32LE(offset, 42);
    const body = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), data]);
    bodies.push(body);
    directory.push(entry, Buffer.from(name));
    offset += body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  const path = join(folder, 'archive.zip');
  writeFileSync(path, Buffer.concat([...bodies, ...directory, end, Buffer.from('a comment')]));
  return path;
}

test('packed, stored and empty files come out with their modes', async () => {
  const archive = archiveOf([
    { name: 'a/program', content: 'run '.repeat(1000), mode: 0o755 },
    { name: 'a/plain', content: 'as it is', stored: true },
    { name: 'a/empty', content: '', stored: true },
    { name: 'a/', content: '', stored: true },
  ]);
  const out = join(folder, 'out');
  await unzip(archive, out, (name) => name.replace('a/', 'b/'));
  expect(readFileSync(join(out, 'b', 'program'), 'utf8')).toBe('run '.repeat(1000));
  expect(statSync(join(out, 'b', 'program')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(out, 'b', 'plain'), 'utf8')).toBe('as it is');
  expect(readdirSync(join(out, 'b')).toSorted()).toEqual(['empty', 'plain', 'program']);
});

test('a name that leads out of the folder is refused', async () => {
  await expect(unzip(archiveOf([{ name: '../outside', content: 'x' }]), join(folder, 'out'), (name) => name)).rejects.toThrow('leave the folder');
});

test('an archive that was cut short is refused', async () => {
  const archive = archiveOf([{ name: 'file', content: 'x' }]);
  writeFileSync(archive, readFileSync(archive).subarray(0, 40));
  await expect(unzip(archive, join(folder, 'out'), (name) => name)).rejects.toThrow('not a ZIP archive');
});
