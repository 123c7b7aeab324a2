import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { History, Lane } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { leaveCheckpoints } from '../store/checkpoints.ts';
import { createCommandInbox } from '../store/commands.ts';
import { makeDurable, openKeyed } from '../store/connection.ts';
import { createDocumentInbox } from '../store/documents.ts';
import { createEmitter } from '../store/emitter.ts';
import { createIdentityStore } from '../store/identity.ts';
import { createJournal } from '../store/journal.ts';
import { createOutbox } from '../store/outbox.ts';
import { createStoreReader } from '../store/reader.ts';
import { doubtPrints, recordsOf, replayRecords } from '../store/replay.ts';
import { createSyncState } from '../store/sync-state.ts';
import { createStoreWriter } from '../store/writer.ts';
import { createBell } from '../sync/bell.ts';
import { createDown } from '../sync/down.ts';
import { createDownLoop } from '../sync/down-loop.ts';
import type { SyncRuntime } from '../sync/runtime.ts';
import type { Sync, SyncStatus, SyncTools } from '../sync/sync.ts';
import { createSync } from '../sync/sync.ts';
import { hrtimeMs } from './sync-hrtime.ts';

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

export type ToSyncWorker = { readonly kind: 'stop' | 'kick' } | { readonly kind: 'customer'; readonly isPresent: boolean };

export type FromSyncWorker =
  | { readonly kind: 'acknowledged'; readonly lane: Lane }
  | { readonly kind: 'state'; readonly state: SyncStatus }
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
  const monotonicMs = () => hrtimeMs() - start.bootHrtimeMs;
  const runtime: SyncRuntime = {
    fetch: globalThis.fetch, now: Date.now, monotonicMs, random: Math.random,
    timers: { setTimeout: (action, delayMs) => setTimeout(action, delayMs), clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
  };
  const outbox = createOutbox(database);
  const journal = createJournal({
    folder: start.journalFolder, keyHex: start.store.keyHex,
    onProblem: (problem) => post({ kind: 'trouble', error: codedError('STORE_DAMAGED', `the journal: ${JSON.stringify(problem)}`) }),
  });
  const newId = () => uuidV7From(Date.now(), randomBytes(10));
  const emitter = createEmitter({ database, now: Date.now, newId, boot: { id: start.boot, monotonicMs }, journal });

  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: Date.now, newId, emitter });

  const sync = createSync({
    ...runtime, kioskId: start.kioskId, url: start.hq.url, retryMaxMs: start.hq.retryMaxMs, configuredHqKey: start.hq.publicKey, app: start.app, boot: start.boot,
    schema: Number(database.pragma('user_version', { simple: true })),
    outbox, identity: createIdentityStore(database), state: createSyncState(database), guardFile: start.guardFile,
    enrolmentCode: () => readCode(start.enrolmentFile),
    emit: emitter.transaction((kind: 'clock.skewed', payload: { readonly skewMs: number }) => void emitter.emit(kind, payload)),
    needsHistory: start.needsHistory,
    onHistory: replay,
    onHistoryTold: () => post({ kind: 'history_told' }),
    onAcknowledged: (lane) => post({ kind: 'acknowledged', lane }),
    onState: (state) => post({ kind: 'state', state }),
    onTrouble: (error) => post({ kind: 'trouble', error }),
    onNote: (message) => post({ kind: 'note', message }),
    down: wayDown,
  });
  if (!sync.ok) throw new Error(`${sync.error.code}: ${sync.error.detail}`);
  sync.value.customerPresent(start.isCustomerPresent);
  obey(sync.value, () => {
    journal.close();
    database.close();
  });
  sync.value.start();

  /** In one transaction with what was doubtful about its prints: the thread that sells would print them in between. */
  function replay(page: History): void {
    const { applied, conflicts } = emitter.transaction(() => {
      const result = replayRecords(database, recordsOf(page), { now: Date.now, newId, source: 'hq', keys: page.keys, emitter });
      doubtPrints({ reader, writer }, result.unfinishedPrints);
      return result;
    })();
    post({ kind: 'replayed', applied, conflicts: conflicts.map(({ kind, about }) => `${kind}: ${about}`) });
  }

  function wayDown({ post: ask, hqKey, openBell }: SyncTools) {
    const down = createDown({
      kioskId: start.kioskId, post: ask, hqKey, documents: createDocumentInbox(database), commands: createCommandInbox(database, start.boot), outbox, now: Date.now, monotonicMs,
      onNews: () => post({ kind: 'news' }),
      onRefused: (kind, revision, detail) => post({ kind: 'trouble', error: codedError('DOCUMENT_REFUSED', `${kind} ${revision}: ${detail}`) }),
    });
    return createDownLoop({ ...runtime, down, bell: (onRing) => createBell({ ...runtime, open: openBell, onRing }) });
  }
}

function obey(sync: Sync, close: () => void): void {
  parentPort?.on('message', (message: ToSyncWorker) => {
    switch (message.kind) {
      case 'customer': return sync.customerPresent(message.isPresent);
      case 'kick': return sync.kick();
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
