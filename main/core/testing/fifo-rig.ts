import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

/** A file whose readers are counted: each waits until it is served. */
export interface FifoRig {
  /** Resolves when the file was read this many times; each reader gets `text`. */
  serve(text: string, times: number): Promise<void>;
  /** Puts an ordinary file in its place. */
  replaceBy(text: string): void;
}

export function createFifoRig(file: string): FifoRig {
  fs.rmSync(file, { force: true });
  execFileSync('mkfifo', [file]);
  return {
    async serve(text, times) {
      for (let served = 0; served < times; ) {
        try {
          await fs.promises.writeFile(file, text);
          served += 1;
        } catch (cause) {
          // The reader before had not closed yet, and closed now: nobody got this one.
          if (!(cause instanceof Error && 'code' in cause && cause.code === 'EPIPE')) throw cause;
        }
      }
    },
    replaceBy(text) {
      fs.writeFileSync(`${file}.new`, text);
      // Lets go of a reader that waits already.
      const waiting = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
      fs.renameSync(`${file}.new`, file);
      fs.closeSync(waiting);
    },
  };
}
