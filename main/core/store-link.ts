import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { StoreEvent } from '../store/integrity-events.ts';
import type { SqlRow, SqlValue } from '../store/short-read.ts';
import { keepThread } from './kept-thread.ts';
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

/** Starts the thread and keeps it. */
export function startStoreLink({ onEvent, onDamage, ...start }: StoreLinkDeps): StoreLink {
  const waiting = new Map<number, (result: Result<readonly SqlRow[] | undefined, CodedError>) => void>();
  let nextId = 1;
  let isStopped = false;
  let isQuiet = false;
  const thread = keepThread<ToStoreWorker, FromStoreWorker>({
    name: 'store-worker',
    workerData: (): { storeWorker: StoreWorkerStart } => ({ storeWorker: { ...start, isQuiet } }),
    onMessage: (message) => hear(message),
    onEnded(cause, wasStopped) {
      const ended = codedError('STORE_FAILED', wasStopped ? 'the kiosk is stopping' : `the store's thread has ended (${cause})`);
      for (const answer of waiting.values()) answer(err(ended));
      waiting.clear();
      if (!wasStopped) onEvent({ level: 'error', code: ended.code, message: ended.detail });
    },
  });

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

  function ask(message: (id: number) => ToStoreWorker): Promise<Result<readonly SqlRow[] | undefined, CodedError>> {
    if (!thread.isRunning()) return Promise.resolve(err(codedError('STORE_FAILED', "the store's thread does not run")));
    const id = nextId++;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      thread.tell(message(id));
    });
  }

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
      thread.tell({ kind: 'quiet', isQuiet });
    },
    stop() {
      isStopped = true;
      return thread.stop({ kind: 'stop' });
    },
  };
}
