import { spawn } from 'node:child_process';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Given on standard input: every user of the machine may read the arguments of a process. */
  readonly input: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export type ProgramError =
  | { readonly kind: 'aborted' | 'timed_out' | 'too_long' }
  /** There is no such program. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly detail: string };

/** Runs a program to its end and answers what it wrote. Whatever happens, it answers once, and the process does not live on. What it complains of is dropped: it may repeat its input. */
export function runProgram({ program, args, input, timeoutMs, maxBytes }: ProgramRun, signal: AbortSignal): Promise<Result<Buffer, ProgramError>> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(err({ kind: 'aborted' }));
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env: environment(), windowsHide: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const deadline = setTimeout(() => end(err({ kind: 'timed_out' })), timeoutMs);
    const onAbort = () => end(err({ kind: 'aborted' }));
    signal.addEventListener('abort', onAbort, { once: true });

    function end(result: Result<Buffer, ProgramError>): void {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      resolve(result);
    }

    child.on('error', (cause: NodeJS.ErrnoException) => end(err(cause.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', detail: cause.code ?? 'could not be started' })));
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end(err({ kind: 'too_long' }));
      else chunks.push(chunk);
    });
    // All of its output has come only then; at its exit some may still be under way.
    child.on('close', (code, killedBy) => end(code === 0 ? ok(Buffer.concat(chunks)) : err({ kind: 'failed', detail: `ended with ${code ?? killedBy ?? 'nothing'}` })));
    // A program that ends before it has read all: its exit says why.
    child.stdin.on('error', () => {});
    child.stdout.on('error', () => {});
    child.stdin.end(input);
  });
}

/** As little as it needs: neither the store's nor the payment's secrets are a voice's business. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, ESPEAK_DATA_PATH } = process.env;
  return { LC_ALL: 'C.UTF-8', ...(PATH === undefined ? {} : { PATH }), ...(SystemRoot === undefined ? {} : { SystemRoot }), ...(ESPEAK_DATA_PATH === undefined ? {} : { ESPEAK_DATA_PATH }) };
}
