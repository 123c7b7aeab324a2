import { execFile } from 'node:child_process';
import type { Owner } from './owner.ts';
import { StartFailure } from '../start-failure.ts';

/** Nothing of HQ's environment reaches PostgreSQL: it may hold secrets, and PG… variables would change it. */
export const bareEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH ?? '', ...(process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot ?? '' } : {}) };

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a tool to its end, in `cwd`. */
export function run(file: string, args: readonly string[], owner: Owner, cwd = '/'): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(file, [...args], { ...owner, env: bareEnvironment, cwd, timeout: 120_000, windowsHide: true }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, output: `${stdout}${stderr}${error && typeof error.code !== 'number' ? error.message : ''}` });
    });
  });
}

/** What PostgreSQL said when it did not start, as one sentence. */
export function explain(output: string, folder: string): StartFailure {
  const line = /(?:FATAL|PANIC|error):\s*(.+)/i.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  if (/No space left on device/i.test(output)) return new StartFailure(`The disk is full: PostgreSQL cannot write in ${folder}. Make room and start HQ again; nothing is lost.`);
  if (/EACCES|Permission denied/i.test(output)) {
    return new StartFailure(`The user that PostgreSQL runs as may not use ${folder} or the installed binaries (as root, HQ runs it as the user "postgres"). Choose a DATA_FOLDER that it can reach, such as /var/lib/counter24-hq. (${line})`);
  }
  return new StartFailure(`PostgreSQL did not start in ${folder}: ${line}`);
}
