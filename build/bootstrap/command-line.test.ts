import { expect, test } from 'vitest';
import { readCommandLine } from './default-app/command-line.mjs';

test.each([
  ['the folder alone', ['app'], { modules: [], application: 'app' }],
  ['what Playwright puts before it', ['--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '/app', '--own'], { modules: [], application: '/app' }],
  ['a module to load first', ['-r', '/loader.js', '--inspect=0', '/app'], { modules: ['/loader.js'], application: '/app' }],
  ['a folder behind --app=', ['--app=/a=b', 'other'], { modules: [], application: '/a=b' }],
  ['no application', ['--inspect=0'], { modules: [], application: undefined }],
  ['a -r without its module', ['-r'], { modules: [], application: undefined }],
])('reads %s', (_, args, expected) => {
  expect(readCommandLine(args)).toEqual(expected);
});
