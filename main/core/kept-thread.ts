import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

export interface KeptThreadDeps<From> {
  /** Of the file beside this one, and of the thread. */
  readonly name: 'sync-worker' | 'store-worker' | 'log-worker';
  /** Asked at each start: what has changed since the last one is in it. */
  readonly workerData: () => unknown;
  readonly onMessage: (message: From) => void;
  /** It runs, for the first time or again: what it was told before its death it has perhaps not heard. */
  readonly onStarted?: () => void;
  /** It has ended: by itself, with the cause, or because it was stopped. */
  readonly onEnded: (cause: string, wasStopped: boolean) => void;
}

export interface KeptThread<To> {
  isRunning(): boolean;
  /** Lost while it does not run. */
  tell(message: To): void;
  /** @param word that makes it end in order; after five seconds it is ended anyhow. Resolves when it has ended. */
  stop(word: To): Promise<void>;
}

const firstRestartMs = 1_000;
const longestRestartMs = 60_000;
/** A thread that lived for so long did not die of its start. */
const longLifeMs = 600_000;
const stopWithinMs = 5_000;

/** Starts a thread, and starts it again whenever it dies, with longer and longer pauses; the kiosk sells on meanwhile. */
export function keepThread<To, From>({ name, workerData, onMessage, onStarted, onEnded }: KeptThreadDeps<From>): KeptThread<To> {
  let worker: Worker | undefined;
  let exited: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let deaths = 0;
  let isStopped = false;

  function begin(): void {
    const startedMs = performance.now();
    let cause = '';
    // Core is TypeScript under Node and a bundle in Electron; the thread's file lies beside it in both.
    const begun = new Worker(new URL(`./${name}${path.extname(import.meta.filename)}`, import.meta.url), { workerData: workerData(), name });
    worker = begun;
    onStarted?.();
    begun.on('message', onMessage);
    begun.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    exited = new Promise((resolve) => {
      begun.once('exit', (code) => {
        worker = undefined;
        resolve();
        onEnded(cause || `exit ${code}`, isStopped);
        if (isStopped) return;
        deaths = performance.now() - startedMs > longLifeMs ? 1 : deaths + 1;
        timer = setTimeout(begin, Math.min(longestRestartMs, firstRestartMs * 2 ** (deaths - 1)));
      });
    });
  }

  begin();

  return {
    isRunning: () => worker !== undefined && !isStopped,
    tell: (message) => worker?.postMessage(message),
    async stop(word) {
      isStopped = true;
      clearTimeout(timer);
      const ending = worker;
      if (!ending) return;
      ending.postMessage(word);
      const hung = setTimeout(() => void ending.terminate(), stopWithinMs);
      await exited;
      clearTimeout(hung);
    },
  };
}
