import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { StoreEvent } from '../store/integrity-events.ts';
import type { SqlRow, SqlValue } from '../store/short-read.ts';
import type { ChoreName } from './store-worker-chores.ts';
import type { FromStoreWorker, StoreWorkerStart, ToStoreWorker } from './store-worker.ts';

export interface StoreLinkDeps extends Omit<StoreWorkerStart, 'isQuiet'> {
  /** For the log. */
  readonly onEvent: (event: StoreEvent) => void;
  /** The nightly check has found the store broken: close it when no customer is there, and open it again, which repairs it. */
  readonly onDamage: (detail: string) => void;
}

/** Core's hold on the thread that does to the store what must not make a sale wait: reports, copies, checks, checkpoints, retention. */
export interface StoreLink {
  /** Reads what is committed, in a snapshot of its own, in milliseconds or not at all (`readLimits`). Never rejects. */
  read(sql: string, parameters?: readonly SqlValue[]): Promise<Result<readonly SqlRow[], CodedError>>;
  /** Does it now, whether it is its time or not: for the technician and for HQ's commands. Never rejects. */
  run(chore: ChoreName): Promise<Result<void, CodedError>>;
  /** Nobody is at the kiosk, or somebody is. */
  setQuiet(isQuiet: boolean): void;
  /** The thread has ended, and with it every connection that it had. */
  stop(): Promise<void>;
}

const firstRestartMs = 1_000;
const longestRestartMs = 60_000;
/** A thread that lived for so long did not die of its start. */
const longLifeMs = 600_000;
/** A copy of a large store is under way; a kill does it no harm. */
const stopWithinMs = 5_000;

/** Starts the thread, and starts it again whenever it dies, with longer and longer pauses; the kiosk sells on meanwhile. */
export function startStoreLink({ onEvent, onDamage, ...start }: StoreLinkDeps): StoreLink {
  const waiting = new Map<number, (result: Result<readonly SqlRow[] | undefined, CodedError>) => void>();
  let worker: Worker | undefined;
  let exited: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let deaths = 0;
  let nextId = 1;
  let isStopped = false;
  let isQuiet = false;

  function begin(): void {
    const startedMs = performance.now();
    let cause = '';
    const storeWorker: StoreWorkerStart = { ...start, isQuiet };
    const begun = new Worker(new URL(`./store-worker${path.extname(import.meta.filename)}`, import.meta.url), { workerData: { storeWorker }, name: 'store' });
    worker = begun;
    begun.on('message', (message: FromStoreWorker) => hear(message));
    begun.on('error', (error) => {
      cause = messageOf(error);
    });
    exited = new Promise((resolve) => {
      begun.once('exit', (code) => {
        worker = undefined;
        const ended = codedError('STORE_FAILED', isStopped ? 'the kiosk is stopping' : `the store's thread has ended (${cause || `exit ${code}`})`);
        for (const answer of waiting.values()) answer(err(ended));
        waiting.clear();
        resolve();
        if (isStopped) return;
        deaths = performance.now() - startedMs > longLifeMs ? 1 : deaths + 1;
        onEvent({ level: 'error', code: ended.code, message: ended.detail });
        timer = setTimeout(begin, Math.min(longestRestartMs, firstRestartMs * 2 ** (deaths - 1)));
      });
    });
  }

  function hear(message: FromStoreWorker): void {
    if (message.kind === 'answer') {
      waiting.get(message.id)?.(message.result);
      waiting.delete(message.id);
    } else if (isStopped) {
      // Nobody acts on it any more, and the log may be closed.
    } else if (message.kind === 'event') {
      onEvent(message.event);
    } else {
      onDamage(message.detail);
    }
  }

  const tell = (message: ToStoreWorker): void => worker?.postMessage(message);

  function ask(message: (id: number) => ToStoreWorker): Promise<Result<readonly SqlRow[] | undefined, CodedError>> {
    if (!worker || isStopped) return Promise.resolve(err(codedError('STORE_FAILED', "the store's thread does not run")));
    const id = nextId++;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      tell(message(id));
    });
  }

  begin();

  return {
    async read(sql, parameters = []) {
      const result = await ask((id) => ({ kind: 'read', id, sql, parameters }));
      return result.ok ? ok(result.value ?? []) : result;
    },
    async run(chore) {
      const result = await ask((id) => ({ kind: 'chore', id, chore }));
      return result.ok ? ok() : result;
    },
    setQuiet(value) {
      if (value === isQuiet) return;
      isQuiet = value;
      tell({ kind: 'quiet', isQuiet });
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      const ending = worker;
      if (!ending) return;
      tell({ kind: 'stop' });
      const hung = setTimeout(() => void ending.terminate(), stopWithinMs);
      await exited;
      clearTimeout(hung);
    },
  };
}
