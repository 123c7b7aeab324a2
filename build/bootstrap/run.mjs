import { spawn } from 'node:child_process';

/**
 * @typedef {{ code: number, output: string, stdout: string, missing: boolean }} Outcome
 *   `code` is the exit code, 128 and more where a signal ended it; `output` holds stdout and stderr as they came;
 *   `missing` says that there is no such program.
 * @typedef {(command: string, args: readonly string[], options?: { cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }) => Promise<Outcome>} Run
 */

/**
 * Starts programs, keeps their output for the case that they fail, and knows which still run, so that they can be
 * ended with the bootstrap.
 * @param {(processIds: number[]) => void} onChange told which processes run, whenever that changes
 */
export function createRunner(onChange) {
  /** @type {Set<import('node:child_process').ChildProcess>} */
  const children = new Set();
  const report = () => onChange([...children].flatMap((child) => child.pid ?? []));

  /** @type {Run} */
  const run = (command, args, options = {}) => new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { output += text; });
    children.add(child);
    report();
    /** @param {number} code @param {boolean} missing */
    const end = (code, missing) => {
      if (!children.delete(child)) return;
      report();
      resolve({ code, output, stdout, missing });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127, /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT');
    });
    child.on('close', (code) => end(code ?? 128, false));
  });

  return {
    run,
    /** Asks every program that still runs to end. */
    stop() {
      for (const child of children) child.kill('SIGTERM');
    },
  };
}
