import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { History } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { createCommandInbox } from '../store/commands.ts';
import { createDocumentInbox } from '../store/documents.ts';
import type { Journal } from '../store/emitter.ts';
import { createEmitter } from '../store/emitter.ts';
import { createIdentityStore } from '../store/identity.ts';
import { createOutbox } from '../store/outbox.ts';
import { createStoreReader } from '../store/reader.ts';
import { doubtPrints, recordsOf, replayRecords } from '../store/replay.ts';
import { createSyncState } from '../store/sync-state.ts';
import { createStoreWriter } from '../store/writer.ts';
import { createBell } from '../sync/bell.ts';
import { createDown } from '../sync/down.ts';
import { createDownLoop } from '../sync/down-loop.ts';
import type { Guard } from '../sync/guard.ts';
import type { SyncRuntime } from '../sync/runtime.ts';
import type { Sync, SyncTools } from '../sync/sync.ts';
import { createSync } from '../sync/sync.ts';
import type { FromSyncWorker, SyncWorkerStart } from './sync-worker.ts';

export interface SyncPartDeps extends Pick<SyncWorkerStart, 'kioskId' | 'hq' | 'guardFile' | 'app' | 'boot' | 'needsHistory'> {
  /** Sync's own connection to the store. */
  readonly database: Database;
  readonly journal: Journal;
  readonly runtime: SyncRuntime;
  /** A new UUIDv7. */
  readonly newId: () => string;
  readonly enrolmentCode: () => string | undefined;
  readonly post: (message: FromSyncWorker) => void;
  /** In place of the guard file. */
  readonly guard?: Guard;
  /** In place of chance, so that a run can be repeated. */
  readonly newInstance?: () => string;
  readonly randomText?: () => string;
}

/** Sync on a connection to the store, both ways. In a thread of its own (sync-worker.ts), or wherever clocks, timers and network are given from outside. */
export function createSyncPart(deps: SyncPartDeps): Result<Sync, CodedError> {
  const { kioskId, hq, database, journal, runtime, newId, boot, post } = deps;
  const { now, monotonicMs } = runtime;
  const outbox = createOutbox(database);
  const emitter = createEmitter({ database, now, newId, boot: { id: boot, monotonicMs }, journal });
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now, newId, emitter });

  return createSync({
    ...runtime, kioskId, url: hq.url, retryMaxMs: hq.retryMaxMs, configuredHqKey: hq.publicKey, app: deps.app, boot,
    schema: Number(database.pragma('user_version', { simple: true })),
    outbox, identity: createIdentityStore(database), state: createSyncState(database), guardFile: deps.guardFile,
    enrolmentCode: deps.enrolmentCode,
    emit: emitter.transaction((kind: 'clock.skewed', payload: { readonly skewMs: number }) => void emitter.emit(kind, payload)),
    needsHistory: deps.needsHistory,
    onHistory: replay,
    onHistoryTold: () => post({ kind: 'history_told' }),
    onAcknowledged: (lane) => post({ kind: 'acknowledged', lane }),
    onState: (state) => post({ kind: 'state', state }),
    onTrouble: (error) => post({ kind: 'trouble', error }),
    onNote: (message) => post({ kind: 'note', message }),
    down: wayDown,
    ...(deps.guard ? { guard: deps.guard } : {}),
    ...(deps.newInstance ? { newInstance: deps.newInstance } : {}),
    ...(deps.randomText ? { randomText: deps.randomText } : {}),
  });

  /** In one transaction with what was doubtful about its prints: the thread that sells would print them in between. */
  function replay(page: History): void {
    const { applied, conflicts } = emitter.transaction(() => {
      const result = replayRecords(database, recordsOf(page), { now, newId, source: 'hq', keys: page.keys, emitter });
      doubtPrints({ reader, writer }, result.unfinishedPrints);
      return result;
    })();
    post({ kind: 'replayed', applied, conflicts: conflicts.map(({ kind, about }) => `${kind}: ${about}`) });
  }

  function wayDown({ post: ask, hqKey, openBell }: SyncTools) {
    const down = createDown({
      kioskId, post: ask, hqKey, documents: createDocumentInbox(database), commands: createCommandInbox(database, boot), outbox, now, monotonicMs,
      onNews: () => post({ kind: 'news' }),
      onRefused: (kind, revision, detail) => post({ kind: 'trouble', error: codedError('DOCUMENT_REFUSED', `${kind} ${revision}: ${detail}`) }),
    });
    return createDownLoop({ ...runtime, down, bell: (onRing) => createBell({ ...runtime, open: openBell, onRing }) });
  }
}
