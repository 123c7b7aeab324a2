import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Lane } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { leaveCheckpoints } from '../store/checkpoints.ts';
import { makeDurable, openKeyed } from '../store/connection.ts';
import { createJournal } from '../store/journal.ts';
import type { AskFailure, Sync, SyncStatus } from '../sync/sync.ts';
import { hrtimeMs } from './sync-hrtime.ts';
import { createSyncPart } from './sync-part.ts';

/** What the worker is started with. Cloned between the threads of one process: the key goes nowhere else. */
export interface SyncWorkerStart {
  readonly kioskId: KioskId;
  readonly hq: { readonly url: string; readonly retryMaxMs: number; readonly publicKey?: string | undefined };
  readonly enrolmentFile: string;
  readonly guardFile: string;
  readonly store: { readonly file: string; readonly keyHex: string; readonly nativeBinding?: string | undefined };
  readonly journalFolder: string;
  readonly app: string;
  /** This start of the kiosk; its monotonic clock stood at 0 when the system's stood there. */
  readonly boot: string;
  readonly bootHrtimeMs: number;
  readonly needsHistory: boolean;
  readonly isCustomerPresent: boolean;
}

export type ToSyncWorker =
  | { readonly kind: 'stop' | 'kick' }
  | { readonly kind: 'customer'; readonly isPresent: boolean }
  /** For `Sync.ask`. May hold a payment code: for this thread's memory alone. */
  | { readonly kind: 'ask'; readonly id: number; readonly path: string; readonly body: unknown; readonly timeoutMs: number };

export type FromSyncWorker =
  | { readonly kind: 'acknowledged'; readonly lane: Lane }
  | { readonly kind: 'state'; readonly state: SyncStatus }
  /** To the `ask` of that number. */
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Result<unknown, AskFailure> }
  | { readonly kind: 'trouble'; readonly error: CodedError }
  | { readonly kind: 'note'; readonly message: string }
  /** Documents or commands wait in the store. */
  | { readonly kind: 'news' }
  /** HQ had something that this store lacked: it is in the store now. */
  | { readonly kind: 'replayed'; readonly applied: number; readonly conflicts: readonly string[] }
  | { readonly kind: 'history_told' };

const post = (message: FromSyncWorker): void => parentPort?.postMessage(message);

function run(start: SyncWorkerStart): void {
  const database = openKeyed(start.store);
  const durable = makeDurable(database);
  if (!durable.ok) throw new Error(durable.error.detail);
  leaveCheckpoints(database);
  const journal = createJournal({
    folder: start.journalFolder, keyHex: start.store.keyHex,
    onProblem: (problem) => post({ kind: 'trouble', error: codedError('STORE_DAMAGED', `the journal: ${JSON.stringify(problem)}`) }),
  });
  const sync = createSyncPart({
    ...start, database, journal, post,
    runtime: {
      fetch: globalThis.fetch, now: Date.now, monotonicMs: () => hrtimeMs() - start.bootHrtimeMs, random: Math.random,
      timers: { setTimeout: (action, delayMs) => setTimeout(action, delayMs), clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    },
    newId: () => uuidV7From(Date.now(), randomBytes(10)),
    enrolmentCode: () => readCode(start.enrolmentFile),
  });
  if (!sync.ok) throw new Error(`${sync.error.code}: ${sync.error.detail}`);
  sync.value.customerPresent(start.isCustomerPresent);
  obey(sync.value, () => {
    journal.close();
    database.close();
  });
  sync.value.start();
}

function obey(sync: Sync, close: () => void): void {
  parentPort?.on('message', (message: ToSyncWorker) => {
    switch (message.kind) {
      case 'customer': return sync.customerPresent(message.isPresent);
      case 'kick': return sync.kick();
      case 'ask': return void sync.ask(message.path, message.body, message.timeoutMs).then((answer) => post({ kind: 'answer', id: message.id, answer }));
      case 'stop': return void stop();
    }
  });

  async function stop(): Promise<void> {
    await sync.stop();
    close();
    // With nothing to listen to any more the thread ends by itself.
    parentPort?.close();
  }
}

function readCode(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

// Imported for its types, it does nothing.
if (!isMainThread && (workerData as { readonly syncWorker?: SyncWorkerStart } | null)?.syncWorker) run((workerData as { readonly syncWorker: SyncWorkerStart }).syncWorker);
