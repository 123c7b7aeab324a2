import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import path from 'node:path';
import type { FromChild, ToChild } from './child.ts';

/** A process that has loaded core and runs no kiosk yet, or no more. */
export interface Member {
  tell(message: ToChild): void;
  /** One listener at a time: the life that runs in it. */
  listen(listener: (message: FromChild) => void): void;
  /** Resolves with the signal or the exit code that ended it. */
  readonly ended: Promise<string>;
  isAlive(): boolean;
}

/**
 * Processes that wait with core loaded, so that no case waits for Node to start. One that has come through a case in good
 * order begins the next: only what is killed costs a new one.
 */
export interface Pool {
  take(): Promise<Member>;
  giveBack(member: Member): void;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** The bundle of child.ts. */
  readonly childFile: string;
  /** So many wait at most. */
  readonly spares: number;
}

export function createPool({ childFile, spares }: PoolOptions): Pool {
  const idle: Member[] = [];
  const all = new Set<ChildProcess>();
  const wanting: ((member: Member) => void)[] = [];
  let starting = 0;
  let closed = false;

  function offer(member: Member): void {
    const wants = wanting.shift();
    if (wants) wants(member);
    else idle.push(member);
  }

  /** Two at once at most: loading core takes a processor, and would make the others' devices late. */
  function refill(): void {
    while (!closed && starting < 2 && starting + idle.length < wanting.length + spares) {
      starting += 1;
      void start().then((member) => {
        starting -= 1;
        offer(member);
        refill();
      });
    }
  }

  function start(): Promise<Member> {
    const child = fork(childFile, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [], env: { ...process.env, NODE_COMPILE_CACHE: path.join(path.dirname(childFile), 'compile-cache') } });
    all.add(child);
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      words = (words + chunk).slice(-4_000);
    });
    let listener: ((message: FromChild) => void) | undefined;
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => {
        all.delete(child);
        resolve(signal ?? `code ${code}: ${words}`);
      });
    });
    const member: Member = {
      tell: (message) => void (child.connected && child.send(message, () => undefined)),
      listen: (next) => {
        listener = next;
      },
      ended,
      isAlive: () => child.exitCode === null && child.signalCode === null,
    };
    return new Promise((resolve, reject) => {
      child.on('message', (message: FromChild) => (message.kind === 'up' ? resolve(member) : listener?.(message)));
      void ended.then((how) => reject(new Error(`${childFile} ended with ${how} before it was up`)));
    });
  }

  refill();
  return {
    take() {
      const ready = idle.pop();
      if (ready) {
        refill();
        return Promise.resolve(ready);
      }
      return new Promise((resolve) => {
        wanting.push(resolve);
        refill();
      });
    },
    giveBack(member) {
      if (member.isAlive()) offer(member);
    },
    async close() {
      closed = true;
      await Promise.all([...all].map((child) => new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      })));
    },
  };
}
