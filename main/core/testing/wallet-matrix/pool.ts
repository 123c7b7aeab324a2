import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadKeys } from '../../../../hq/server/sim/wallets/keys.ts';
import { startTestPostgres } from '../../../../hq/server/testing/database.ts';
import type { CaseResult } from './worker.ts';

/** Processes that run cases, each with a database of its own in one PostgreSQL. A case has its whole process to itself: the time in it is the case's. */
export interface WalletPool {
  run(names: readonly string[], onResult?: (result: CaseResult, done: number) => void, isEnough?: () => boolean): Promise<readonly CaseResult[]>;
  close(): Promise<void>;
}

/** A case takes a second of a processor; one that takes so long will not end. */
const caseLimitMs = 120_000;

export async function createWalletPool({ workers, isLoud = false }: { readonly workers: number; readonly isLoud?: boolean }): Promise<WalletPool> {
  const folder = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'counter24-wallet-matrix-'));
  const postgres = await startTestPostgres();
  const keysFolder = path.join(folder, 'keys');
  fs.mkdirSync(keysFolder);
  loadKeys(keysFolder);
  let count = 0;

  async function start(): Promise<ChildProcess> {
    const { url, sql } = await postgres.createDatabase();
    await sql.end({ timeout: 1 });
    count += 1;
    const child = fork(path.join(import.meta.dirname, 'worker.ts'), [url, path.join(folder, `worker-${count}`), keysFolder, ...(isLoud ? ['loud'] : [])], {
      // Ctrl-C is for who has started them, who lets a case come to its end; they end with him.
      stdio: ['ignore', isLoud ? 'inherit' : 'ignore', 'inherit', 'ipc'], execArgv: [], detached: true,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`a worker ended with ${code} before it began`)));
    });
    return child;
  }

  function ask(child: ChildProcess, name: string): Promise<CaseResult> {
    return new Promise((resolve) => {
      const end = (result: CaseResult) => {
        clearTimeout(limit);
        child.off('exit', ended);
        child.off('message', hear);
        resolve(result);
      };
      const failed = (why: string) => end({ name, faults: [why], trace: [], tookMs: caseLimitMs, cpuMs: 0, wasReached: false, listed: 0 });
      const limit = setTimeout(() => {
        child.kill('SIGKILL');
        failed(`it was not done after ${caseLimitMs / 1000} s`);
      }, caseLimitMs);
      const ended = () => failed('its process ended');
      const hear = ({ result }: { result?: CaseResult }) => result && end(result);
      child.once('exit', ended);
      child.on('message', hear);
      child.send({ name });
    });
  }

  return {
    async run(names, onResult = () => {}, isEnough = () => false) {
      const results: CaseResult[] = [];
      const waiting = [...names];
      await Promise.all(Array.from({ length: Math.min(workers, names.length) }, async () => {
        let child = await start();
        for (let name = waiting.shift(); name !== undefined && !isEnough(); name = waiting.shift()) {
          const result = await ask(child, name);
          results.push(result);
          onResult(result, results.length);
          if (child.exitCode !== null || child.signalCode !== null || child.killed) child = await start();
        }
        child.send({});
        await new Promise((resolve) => void child.once('exit', resolve));
      }));
      return results;
    },
    async close() {
      await postgres.stop();
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
