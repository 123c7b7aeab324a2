import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = new URL('./main.ts', import.meta.url).pathname;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-workbench-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(...args: string[]) {
  return fork(entry, args, { execPath: process.execPath, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

test.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)('tells its parent when it is ready, and leaves nothing behind after %s', async (how) => {
  const child = start(`--folder=${folder}`);
  const [ready] = await once(child, 'message');
  expect(ready).toMatchObject({ kind: 'ready', lines: 'serial', printerPath: join(folder, 'printer'), terminalPath: join(folder, 'terminal') });
  const exited = once(child, 'exit');
  if (how === 'disconnect') child.disconnect();
  else child.kill(how);
  expect(await exited).toEqual([0, null]);
  for (const name of ['printer', 'printer.device', 'terminal', 'terminal.device']) expect(existsSync(join(folder, name))).toBe(false);
});

test.each([
  [[], /Usage/],
  [['--folder=x', '--port=high'], /--port=high is no port/],
  [['--folder=x', '--prot=1'], /--prot/],
] as const)('arguments that it does not understand end it with one sentence: %j', async (args, says) => {
  const child = start(...args);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(said).toMatch(says);
  expect(said.trim().split('\n')).toHaveLength(1);
});
