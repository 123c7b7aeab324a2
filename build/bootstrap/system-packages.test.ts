import { expect, test } from 'vitest';
import { missingPackages, offeredNames, wantedPackages } from './system-packages.mjs';

const complete = wantedPackages(true).map((names) => `${names[0]} installed`).join('\n');

test('nothing is missing where dpkg says that all are installed', () => {
  expect(missingPackages(wantedPackages(true), complete)).toEqual([]);
});

test.each(['unpacked', 'half-configured', 'half-installed', 'triggers-pending', 'config-files', 'not-installed'])('a package in the state %s is missing', (state) => {
  expect(missingPackages(wantedPackages(false), complete.replace('g++ installed', `g++ ${state}`))).toEqual([['g++']]);
});

test('the name that Debian 13 gave a library counts as well', () => {
  const renamed = complete.replace('libasound2 installed', 'libasound2t64 installed');
  expect(missingPackages(wantedPackages(true), renamed)).toEqual([]);
});

test('the voice of the kiosk is always wanted: its tests speak', () => {
  expect(missingPackages(wantedPackages(false), complete.replace('espeak-ng installed', ''))).toEqual([['espeak-ng']]);
});

test('Chromium is only wanted where a browser is driven', () => {
  const without = complete.replace('chromium installed', '');
  expect(missingPackages(wantedPackages(false), without)).toEqual([]);
  expect(missingPackages(wantedPackages(true), without)).toEqual([['chromium']]);
});

test('a package is installed under the name that has a candidate', () => {
  const policy = [
    'libasound2:', '  Installed: (none)', '  Candidate: (none)', '  Version table:',
    'libasound2t64:', '  Installed: (none)', '  Candidate: 1.2.14-1', '  Version table:', '     1.2.14-1 500',
    'g++:', '  Installed: (none)', '  Candidate: 4:14.2.0-1', '  Version table:', '',
  ].join('\n');
  expect(offeredNames([['libasound2', 'libasound2t64'], ['g++'], ['chromium']], policy)).toEqual({ offered: ['libasound2t64', 'g++'], unknown: ['chromium'] });
});
