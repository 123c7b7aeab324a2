import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Binaries } from './binaries.ts';
import { binariesIn, findBinaries } from './binaries.ts';
import { ensureExecutable } from './binaries-copy.ts';
import type { Owner } from './owner.ts';
import { findOwner } from './owner.ts';
import { run } from './run.ts';

const isRootOnLinux = process.getuid?.() === 0 && process.platform === 'linux';
const nobodyListens = () => {};

test('the installed binaries name their version and machine, which name the copy', () => {
  expect(findBinaries().version).toMatch(new RegExp(`^18\\..+-${process.platform}-${process.arch}$`));
});

test('where PostgreSQL runs as HQ itself, the binaries stay where they are', async () => {
  const binaries = binariesIn('/nowhere', '18');
  expect(await ensureExecutable(binaries, {}, () => expect.unreachable(), '/nowhere/copies')).toBe(binaries);
});

/** Only root runs PostgreSQL as somebody else, for whom a checkout may be out of reach. */
describe.runIf(isRootOnLinux)('as root, from a checkout that only root may enter', () => {
  let owner: Owner;
  let checkout: string;
  let top: string;
  let copies: string;
  let binaries: Binaries;

  beforeEach(async () => {
    owner = await findOwner();
    // Not where TMPDIR points, which may itself be root's alone.
    checkout = await mkdtemp('/tmp/counter24-hq-test-');
    top = await mkdtemp('/tmp/counter24-hq-test-');
    await chmod(top, 0o711);
    copies = join(top, 'copies');
    binaries = binariesIn(checkout, '18.0-test');
    await mkdir(join(checkout, 'native', 'bin'), { recursive: true, mode: 0o700 });
    await mkdir(join(checkout, 'native', 'lib'), { mode: 0o700 });
    await writeFile(binaries.postgres, '#!/bin/sh\ncat "$(dirname "$0")/../lib/now"\n', { mode: 0o700 });
    await writeFile(join(checkout, 'native', 'lib', 'now.1'), 'whole', { mode: 0o600 });
    await symlink('now.1', join(checkout, 'native', 'lib', 'now'));
  });
  afterEach(async () => {
    for (const folder of [checkout, top]) await rm(folder, { recursive: true, force: true });
  });

  const ensure = (onLine: (line: string) => void = nobodyListens) => ensureExecutable(binaries, owner, onLine, copies);

  test("PostgreSQL's user runs one copy that starts at once have made together, and that only root can write", async () => {
    const before = process.umask(0o077);
    const found = await Promise.all([ensure(), ensure(), ensure(), ensure()]).finally(() => process.umask(before));
    const copy = join(copies, '18.0-test');
    for (const { folder } of found) expect(folder).toBe(copy);
    expect(await readdir(copies)).toEqual(['18.0-test']);
    expect(await run(found[0]?.postgres ?? '', [], owner)).toEqual({ code: 0, output: 'whole' });
    expect(await readlink(join(copy, 'native', 'lib', 'now'))).toBe('now.1');
    for (const path of [copies, copy, ...(await readdir(copy, { recursive: true })).map((name) => join(copy, name))]) {
      const entry = await lstat(path);
      expect({ path, uid: entry.uid, writable: entry.isSymbolicLink() ? 0 : entry.mode & 0o022 }).toEqual({ path, uid: 0, writable: 0 });
    }
  });

  test('the copy is made once, and the log says where it is', async () => {
    const lines: string[] = [];
    await ensure((line) => lines.push(line));
    await ensure((line) => lines.push(line));
    const copy = join(copies, '18.0-test');
    expect(lines).toEqual([expect.stringContaining(`copying PostgreSQL 18.0-test to ${copy}`), `HQ: PostgreSQL runs from ${copy}`, `HQ: PostgreSQL runs from ${copy}`]);
  });

  test('a checkout within reach is run where it is', async () => {
    for (const folder of [checkout, join(checkout, 'native'), join(checkout, 'native/bin'), join(checkout, 'native/lib'), binaries.postgres]) await chmod(folder, 0o755);
    await chmod(join(checkout, 'native', 'lib', 'now.1'), 0o644);
    expect(await ensure()).toBe(binaries);
    await expect(lstat(copies)).rejects.toThrow(/ENOENT/);
  });

  test('binaries that root cannot run either are not copied', async () => {
    await writeFile(binaries.postgres, '#!/bin/sh\nexit 1\n');
    expect(await ensure()).toBe(binaries);
    await expect(lstat(copies)).rejects.toThrow(/ENOENT/);
  });

  test.each([
    ['that anybody can write', (folder: string) => mkdir(folder).then(() => chmod(folder, 0o777))],
    ["that is another user's", (folder: string) => mkdir(folder).then(() => chown(folder, owner.uid ?? 0, owner.gid ?? 0))],
    ['that is a link', (folder: string) => symlink(checkout, folder)],
  ])('a folder %s is not trusted, neither for the copies nor as a copy', async (_, plant) => {
    await plant(copies);
    await expect(ensure()).rejects.toThrow(`${copies} must be a folder that belongs to root`);
    await rm(copies, { recursive: true });
    await mkdir(copies);
    await plant(join(copies, '18.0-test'));
    await expect(ensure()).rejects.toThrow(`${join(copies, '18.0-test')} must be a folder that belongs to root`);
  });

  test('a copy that does not run is named in one sentence', async () => {
    await mkdir(join(copies, '18.0-test'), { recursive: true });
    await writeFile(join(copies, '18.0-test', 'part'), '');
    await expect(ensure()).rejects.toThrow(/cannot execute HQ's copy of it in .*Delete that folder/);
  });

  test('what a killed copying left is swept, and one that still goes on is not disturbed', async () => {
    const [old, young] = [join(copies, 'making-old'), join(copies, 'making-young')];
    for (const folder of [old, young]) await mkdir(join(folder, 'native'), { recursive: true });
    const twoHoursAgo = new Date(Date.now() - 7_200_000);
    await utimes(old, twoHoursAgo, twoHoursAgo);
    // Though another HQ has made the copy since.
    await mkdir(join(copies, '18.0-test'));
    await expect(ensure()).rejects.toThrow(/cannot execute/);
    expect((await readdir(copies)).sort()).toEqual(['18.0-test', 'making-young']);
  });
});
