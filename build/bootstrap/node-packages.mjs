import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './files.mjs';
import { explainNpmFailure, runNpm } from './npm.mjs';
import { providedNode, recordFile } from './paths.mjs';
import { BootstrapError, say } from './say.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} LockFile
 * @typedef {{ os: string, cpu: string, libc: string | undefined }} Machine
 */

/**
 * Whether node_modules is what the lock file describes. A record made after the last good look says so at once.
 * Without one that fits, npm's own record is compared: npm writes it last, so it also vouches for a complete
 * `npm install` that a developer ran himself. Modification times are not asked: a clone or a copy makes them new.
 * @param {import('./context.mjs').Context} context
 */
export function nodePackagesReady({ root }) {
  if (!existsSync(providedNode(root))) return false;
  const wanted = fingerprint(root);
  if (readJson(recordFile(root, 'installed.json'))?.fingerprint === wanted) return true;
  const lockFile = readJson(join(root, 'package-lock.json'));
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (lockFile === undefined || installed === undefined) return false;
  if (firstDifference(lockFile, installed, thisMachine()) !== undefined) return false;
  if (!Object.keys(installed.packages).every((path) => existsSync(join(root, path)))) return false;
  writeJson(recordFile(root, 'installed.json'), { fingerprint: wanted });
  return true;
}

/**
 * Runs `npm ci`, which empties node_modules first and thereby mends whatever an interruption left there.
 * Scripts of packages stay off by .npmrc; development packages come along even where NODE_ENV says production.
 * @param {import('./context.mjs').Context} context
 */
export async function installNodePackages(context) {
  say('installing packages (npm ci) …');
  const outcome = await runNpm(context, ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-update-notifier']);
  if (outcome.code !== 0) throw explainNpmFailure('npm ci', outcome.output);
  const node = providedNode(context.root);
  if (!existsSync(node)) {
    throw new BootstrapError('BOOTSTRAP_UNSUPPORTED_PLATFORM', `There is no Node 24 among the packages for ${process.platform} on ${process.arch}: use Linux (x64, arm64), macOS or Windows (x64).`);
  }
  writeJson(recordFile(context.root, 'installed.json'), { fingerprint: fingerprint(context.root) });
}

/**
 * The first package in which two lock files differ. Packages for other machines are rightly absent, and so may be
 * optional ones that name no machine: npm leaves out what only an absent package needs.
 * @param {LockFile} lockFile
 * @param {LockFile} installed npm's record of what lies in node_modules
 * @param {Machine} machine
 * @returns {string | undefined} its path, or undefined where they agree
 */
export function firstDifference(lockFile, installed, machine) {
  const differing = Object.entries(lockFile.packages).find(([path, locked]) => {
    if (path === '') return false;
    const found = installed.packages[path];
    if (found === undefined) return !(locked.optional === true && mayBeAbsent(locked, machine));
    return found.version !== locked.version || found.integrity !== locked.integrity;
  });
  return differing?.[0];
}

/**
 * @param {LockedPackage} locked
 * @param {Machine} machine
 */
function mayBeAbsent(locked, machine) {
  if (locked.os === undefined && locked.cpu === undefined) return true;
  return !admits(locked.os, machine.os) || !admits(locked.cpu, machine.cpu) || (machine.os === 'linux' && !admits(locked.libc, machine.libc));
}

/**
 * @param {string | string[] | undefined} listed names, or names after a "!" for all others
 * @param {string | undefined} name
 */
function admits(listed, name) {
  if (listed === undefined || name === undefined) return true;
  const names = [listed].flat();
  if (names.includes(`!${name}`)) return false;
  return names.includes(name) || names.includes('any') || names.every((other) => other.startsWith('!'));
}

/** @returns {Machine} */
function thisMachine() {
  if (process.platform !== 'linux') return { os: process.platform, cpu: process.arch, libc: undefined };
  const report = /** @type {any} */ (process.report.getReport());
  return { os: 'linux', cpu: process.arch, libc: report.header.glibcVersionRuntime === undefined ? 'musl' : 'glibc' };
}

/**
 * Everything that decides what `npm ci` installs here. Of package.json only the dependencies: a changed script
 * needs no installation.
 * @param {string} root
 */
function fingerprint(root) {
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides, process.platform, process.arch]))
    .digest('hex');
}
