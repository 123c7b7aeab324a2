import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FolderLock {
  readonly release: () => Promise<void>;
}

/**
 * One HQ per data folder. The lock is a name that the operating system takes back when the process dies, however it
 * dies, so that nothing stale is ever left (an abstract socket on Linux, a pipe on Windows). Elsewhere a socket file,
 * which is taken over when nobody answers on it.
 * @returns undefined where another process holds it
 */
export async function lockFolder(folder: string, platform: NodeJS.Platform = process.platform): Promise<FolderLock | undefined> {
  const name = `counter24-hq-${createHash('sha256').update(await realpath(folder)).digest('hex').slice(0, 32)}`;
  if (platform === 'linux') return tryListen(`\0${name}`);
  if (platform === 'win32') return tryListen(`\\\\.\\pipe\\${name}`);
  const path = join(tmpdir(), `${name}.sock`);
  const lock = await tryListen(path);
  if (lock || (await answers(path))) return lock;
  await rm(path, { force: true });
  return tryListen(path);
}

function tryListen(address: string): Promise<FolderLock | undefined> {
  const server: Server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen({ path: address }, () => resolve({ release: () => new Promise((done) => void server.close(() => done())) }));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
