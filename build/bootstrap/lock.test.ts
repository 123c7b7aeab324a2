import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLock, processIdentity } from './lock.mjs';

describe('the lock between bootstraps', () => {
  let folder: string;
  let file: string;
  let other: ChildProcess;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'counter24-lock-'));
    file = join(folder, 'bootstrap.lock');
    other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  });

  afterEach(() => {
    other.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const holdBy = (...identities: (string | undefined)[]) => writeFileSync(file, JSON.stringify({ host: hostname(), holders: identities }));
  const identityOfOther = () => processIdentity(other.pid ?? 0);

  test('is waited for while a program that a killed bootstrap started still runs', async () => {
    holdBy('1@dead', identityOfOther());
    const lock = createLock(file);
    let acquired = false;
    const acquiring = lock.acquire().then(() => { acquired = true; });
    const ended = once(other, 'exit').then(() => expect(acquired).toBe(false));
    other.stdin?.end();
    await ended;
    await acquiring;
    expect(acquired).toBe(true);
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  test('is free when its process id belongs to a different process by now', async () => {
    holdBy(`${other.pid}@1`);
    const lock = createLock(file);
    await lock.acquire();
    lock.release();
  });

  test.each(['', '{"host":', 'null'])('is free when its file was cut short: %j', async (content) => {
    writeFileSync(file, content);
    const lock = createLock(file);
    await lock.acquire();
    lock.release();
  });

  test('stays for as long as a program runs that was asked to end', async () => {
    const lock = createLock(file);
    await lock.acquire();
    lock.noteWorkers([other.pid ?? 0]);
    lock.release();
    expect(existsSync(file)).toBe(true);
    const next = createLock(file);
    const acquiring = next.acquire();
    other.kill('SIGKILL');
    await acquiring;
    next.release();
  });
});
