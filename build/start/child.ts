import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface ScriptOptions {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes; this process's own, unless told otherwise. */
  readonly quiet?: boolean;
  /** Told of the process before it is ready. */
  readonly onSpawn?: (child: ChildProcess) => void;
}

export interface ReadyChild<T> {
  readonly child: ChildProcess;
  /** What it said when it was ready. */
  readonly ready: T;
}

/**
 * Starts one of our Node scripts and waits until it says `{kind: 'ready', …}`. It gets a process group of its own, so
 * that Ctrl-C reaches us alone and everything ends in good order; it ends by itself when its channel to us closes.
 * @throws with the script's own last words where it ends instead
 */
export function startScript<T extends { kind: 'ready' }>({ script, args = [], env = {}, quiet = false, onSpawn }: ScriptOptions): Promise<ReadyChild<T>> {
  const child = spawn(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'pipe', 'ipc'],
  });
  onSpawn?.(child);
  // Held back until it is ready: if it never is, its last sentence says why, once.
  let held = '';
  let isUp = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (!isUp) held += chunk.toString();
    else if (!quiet) process.stderr.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(lastSentence(held) ?? `${script} ended with code ${code} before it was ready`)));
    child.on('message', (message) => {
      if (!isReady<T>(message)) return;
      isUp = true;
      if (!quiet) process.stderr.write(held);
      resolve({ child, ready: message });
    });
  });
}

/** The last line for people: log lines are JSON. */
function lastSentence(text: string): string | undefined {
  return text.trim().split('\n').findLast((line) => line !== '' && !line.startsWith('{'));
}

function isReady<T extends { kind: 'ready' }>(message: unknown): message is T {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}

/** Asks a process to end and waits; after the limit it is ended anyhow. */
export async function endChild(child: ChildProcess, limitMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await ended;
  clearTimeout(limit);
}

/**
 * Ends a child that leads a process group of its own, and all of that group: as Ctrl-C does, and after the limit anyhow.
 * What the child has left behind ends with it.
 */
export async function endGroup(child: ChildProcess, limitMs = 10_000): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    signalGroup(child, 'SIGINT');
    const limit = setTimeout(() => signalGroup(child, 'SIGKILL'), limitMs);
    await ended;
    clearTimeout(limit);
  }
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') return void child.kill(signal);
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
