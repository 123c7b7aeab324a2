import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Owner } from './owner.ts';
import { reach } from './owner.ts';
import { bareEnvironment, explain } from './run.ts';

export interface RunningServer {
  readonly port: number;
  /** Resolves when PostgreSQL has ended, wanted or not. */
  readonly ended: Promise<void>;
  /** Lets running statements roll back, writes a checkpoint, ends. */
  readonly stop: () => Promise<void>;
}

export interface ServerOptions {
  readonly binary: string;
  readonly cluster: string;
  readonly folder: string;
  readonly owner: Owner;
  readonly onLine: (line: string) => void;
  readonly isThrowaway: boolean;
}

const patienceMs = 60_000;
const portTries = 5;

/** Starts PostgreSQL on a free loopback port and resolves when it accepts connections. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  for (let tried = 1; ; tried++) {
    const started = await tryStart(options, await freePort());
    if ('port' in started) return started;
    // Somebody took the port between our looking and PostgreSQL's binding.
    if (tried >= portTries || !/could not bind|could not create any TCP\/IP sockets/i.test(started.output)) throw explain(started.output, options.folder);
  }
}

async function tryStart({ binary, cluster, owner, onLine, isThrowaway }: ServerOptions, port: number): Promise<RunningServer | { readonly output: string }> {
  const durable = isThrowaway ? 'off' : 'on';
  const settings = {
    listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: durable, synchronous_commit: durable, full_page_writes: durable,
    max_connections: 60, log_timezone: 'UTC', timezone: 'UTC', logging_collector: 'off', log_destination: 'stderr', log_line_prefix: '',
  };
  const { cwd, path } = reach(cluster, owner);
  const child: ChildProcess = spawn(binary, ['-D', path, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], {
    ...owner,
    cwd,
    env: bareEnvironment,
    // A process group of its own: Ctrl-C is for HQ, which still needs its database to finish what it has begun.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  });
  const output: string[] = [];
  let isReady: () => void = () => {};
  const ready = new Promise<'ready'>((resolve) => (isReady = () => resolve('ready')));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      output.push(String(error));
      resolve();
    });
  });
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (output.length < 200) output.push(line);
      onLine(line);
      if (line.includes('database system is ready to accept connections')) isReady();
    });
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), patienceMs)));
  // However this process ends, short of SIGKILL, PostgreSQL is told.
  const onExit = () => void child.kill('SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  const outcome = await Promise.race([ready, ended.then(() => 'ended' as const), late]);
  clearTimeout(timer);
  if (outcome === 'ended') return { output: output.join('\n') };
  const stop = () => stopServer(child, ended);
  if (outcome === 'late') {
    await stop();
    return { output: `error: not ready after ${patienceMs / 1000} s\n${output.join('\n')}` };
  }
  return { port, ended, stop };
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown; SIGQUIT is its immediate one, from which it recovers at the next start.
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), 20_000);
  await ended;
  clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
