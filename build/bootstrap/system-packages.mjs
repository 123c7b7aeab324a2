import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { diskFull, saysDiskFull, say } from './say.mjs';

/**
 * One entry for each package: the names it goes by, since Debian 13 and Ubuntu 24.04 renamed some with their
 * 64-bit time. Electron needs the libraries, machines without a display Xvfb, the simulated serial lines socat,
 * SerialPort.list() udevadm, the kiosk's voice espeak-ng, and the SQLite addon for the test build of Electron g++ (gcc comes with it).
 * @type {readonly (readonly string[])[]}
 */
const always = [
  ['libgtk-3-0', 'libgtk-3-0t64'], ['libnss3'], ['libasound2', 'libasound2t64'], ['libgbm1'], ['libxss1'], ['libxtst6'],
  ['xvfb'], ['xauth'], ['dbus'], ['socat'], ['udev'], ['espeak-ng'], ['g++'], ['fonts-noto-cjk'],
];

/** @param {boolean} withChromium */
export function wantedPackages(withChromium) {
  return withChromium ? [...always, ['chromium']] : always;
}

/**
 * Which of the wanted packages are not completely installed. A package whose installation was interrupted is known
 * to dpkg in another state than "installed", and counts as missing.
 * @param {readonly (readonly string[])[]} wanted
 * @param {string} listing lines of "name state" as dpkg-query prints them
 * @returns {(readonly string[])[]}
 */
export function missingPackages(wanted, listing) {
  const installed = new Set(listing.split('\n').flatMap((line) => {
    const [name, state] = line.split(' ');
    return name !== undefined && state === 'installed' ? [name] : [];
  }));
  return wanted.filter((names) => !names.some((name) => installed.has(name)));
}

/**
 * The name under which this distribution offers each package.
 * @param {readonly (readonly string[])[]} packages
 * @param {string} policy what `apt-cache policy` printed about all their names
 * @returns {{ offered: string[], unknown: string[] }}
 */
export function offeredNames(packages, policy) {
  const candidates = new Set([...policy.matchAll(/^(\S+):\n(?: .*\n)*? +Candidate: (?!\(none\))/gm)].map((match) => match[1]));
  /** @type {string[]} */
  const offered = [];
  /** @type {string[]} */
  const unknown = [];
  for (const names of packages) {
    const name = names.find((candidate) => candidates.has(candidate));
    if (name === undefined) unknown.push(String(names[0]));
    else offered.push(name);
  }
  return { offered, unknown };
}

/**
 * Asks dpkg for all of them in one call, 10 ms. Where there is no dpkg nothing can be said, so nothing is missing.
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<(readonly string[])[]>}
 */
export async function findMissingPackages({ run, withChromium }) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return [];
  const wanted = wantedPackages(withChromium);
  const outcome = await run('/usr/bin/dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\\n', ...wanted.flat()]);
  return missingPackages(wanted, outcome.stdout);
}

/** Whether this process may install packages. */
export function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/**
 * Says what a person has to run, where the bootstrap may not.
 * @param {import('./context.mjs').Context} context
 * @param {readonly (readonly string[])[]} missing
 */
export async function explainMissing({ run }, missing) {
  const policy = await run('apt-cache', ['policy', ...missing.flat()], { env: plainEnvironment() });
  const { offered, unknown } = offeredNames(missing, policy.stdout);
  const command = `apt-get install -y --no-install-recommends ${[...offered, ...unknown].join(' ')}`;
  say(`going on without some system packages; to install them: ${process.getuid?.() === 0 ? '' : 'sudo '}${command}`);
}

/**
 * Installs what is missing. A failure here is only told: what can run without goes on, and what cannot says so itself.
 * @param {import('./context.mjs').Context} context
 * @param {readonly (readonly string[])[]} missing
 */
export async function installSystemPackages(context, missing) {
  say(`installing system packages (apt-get): ${missing.map((names) => names[0]).join(' ')} …`);
  /** @param {string} command @param {string[]} args */
  const attempt = (command, args) => untilUnlocked(() => context.run(command, args, { env: plainEnvironment() }));

  // Finishes what an earlier, interrupted apt-get left half configured; without it apt-get refuses to begin.
  await attempt('dpkg', ['--configure', '-a', '--force-confdef', '--force-confold']);
  const update = await attempt('apt-get', ['update', '--error-on=any']);
  const policy = await attempt('apt-cache', ['policy', ...missing.flat()]);
  const { offered, unknown } = offeredNames(missing, policy.stdout);
  if (unknown.length > 0 && update.code === 0) say(`this distribution does not offer ${unknown.join(', ')}`);
  if (offered.length === 0 && update.code === 0) return;
  const install = await attempt('apt-get', [
    'install', '-y', '--no-install-recommends', '--fix-broken', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Options::=--force-confold', ...offered,
  ]);
  if (install.code === 0 && offered.length > 0) return;
  const output = install.code === 0 ? update.output : install.output;
  if (saysDiskFull(output)) throw diskFull(' (during apt-get install)', output);
  process.stderr.write(`${output.trimEnd().split('\n').slice(-15).join('\n')}\n`);
  say('apt-get failed as printed above.');
  await explainMissing(context, missing);
}

/** No questions, and English whatever the user's language, because the output is read here. */
function plainEnvironment() {
  return { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
}

/**
 * DPkg::Lock::Timeout covers neither apt's own lists nor dpkg itself, so another apt-get on the machine is waited for here.
 * @param {() => Promise<import('./run.mjs').Outcome>} attempt
 */
async function untilUnlocked(attempt) {
  const started = performance.now();
  for (;;) {
    const outcome = await attempt();
    const locked = outcome.code !== 0 && /Could not get lock|(is|was) locked by another process|Unable to acquire the dpkg/.test(outcome.output);
    if (!locked || performance.now() - started > 300_000) return outcome;
    await wait(1000);
  }
}
