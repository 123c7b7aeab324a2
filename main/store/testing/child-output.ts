import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** What a process prints until it ends. Throws, with its errors, where it does not end well. */
export async function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`ended with ${String(signal ?? code)}: ${errors}`);
  return output;
}
