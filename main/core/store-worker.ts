import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { CodedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { createCheckpointer } from '../store/checkpoints.ts';
import { makeDurable, openKeyed } from '../store/connection.ts';
import { copiesFolder, listCopies } from '../store/copies-files.ts';
import { createCopyKeeper } from '../store/copies.ts';
import type { StoreEvent } from '../store/integrity-events.ts';
import { checkStore, wantsFullCheck } from '../store/integrity.ts';
import { createOutbox } from '../store/outbox.ts';
import { createPersonalData } from '../store/personal.ts';
import { removeOldStores } from '../store/retention-files.ts';
import { createRetention } from '../store/retention.ts';
import type { SqlRow, SqlValue } from '../store/short-read.ts';
import { createShortReads } from '../store/short-read.ts';
import type { ChoreName } from './store-worker-chores.ts';
import { createChores } from './store-worker-chores.ts';

/** What the thread is started with. Cloned between the threads of one process: the key goes nowhere else. */
export interface StoreWorkerStart {
  readonly folder: string;
  readonly keyHex: string;
  readonly nativeBinding?: string | undefined;
  readonly secondFolder?: string | undefined;
  readonly personalDays: number;
  /** Copies never take the last of it. */
  readonly minFreeMegabytes: number;
  /** IANA name: the night is the shop's. */
  readonly timeZone: string;
  readonly isQuiet: boolean;
}

export type ToStoreWorker =
  | { readonly kind: 'read'; readonly id: number; readonly sql: string; readonly parameters: readonly SqlValue[] }
  | { readonly kind: 'chore'; readonly id: number; readonly chore: ChoreName }
  | { readonly kind: 'quiet'; readonly isQuiet: boolean }
  | { readonly kind: 'stop' };

export type FromStoreWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<readonly SqlRow[] | undefined, CodedError> }
  | { readonly kind: 'event'; readonly event: StoreEvent }
  | { readonly kind: 'damage'; readonly detail: string };

const post = (message: FromStoreWorker): void => parentPort?.postMessage(message);
const onEvent = (event: StoreEvent): void => post({ kind: 'event', event });

function run(start: StoreWorkerStart): void {
  const { folder, keyHex, nativeBinding } = start;
  const file = path.join(folder, 'store.db');
  let { isQuiet } = start;
  const database = openKeyed({ file, keyHex, nativeBinding });
  const durable = makeDurable(database);
  if (!durable.ok) throw new Error(durable.error.detail);
  const readOnly = openKeyed({ file, keyHex, nativeBinding, readonly: true });
  const read = createShortReads(readOnly, () => performance.now());
  const copies = createCopyKeeper({ folder, secondFolder: start.secondFolder, nativeBinding, minFreeBytes: start.minFreeMegabytes * 1024 * 1024, now: Date.now, onEvent });
  const retention = createRetention({ personal: createPersonalData(database), outbox: createOutbox(database), personalDays: start.personalDays, now: Date.now });
  const checkpointer = createCheckpointer({ database, file, isQuiet: () => isQuiet });
  const hourOfDay = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: start.timeZone });
  const chores = createChores({
    monotonicMs: () => performance.now(),
    timers: { setTimeout: (act, ms) => setTimeout(act, ms), clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    isQuiet: () => isQuiet,
    hour: () => Number(hourOfDay.format(new Date())),
    checkpoint: checkpointer.tick,
    cutWal: checkpointer.cut,
    copy() {
      const made = copies.make(keyHex);
      // What it could not read, nobody can.
      if (!made.ok && wantsFullCheck(folder)) post({ kind: 'damage', detail: made.error.detail });
      return made;
    },
    check: () => checkStore(folder, { keyHex, nativeBinding }),
    forget() {
      const forgotten = retention.runChunk();
      const removed = forgotten.isMore ? [] : removeOldStores({ folder, personalDays: start.personalDays, now: Date.now });
      if (removed.length > 0) onEvent({ level: 'info', message: 'old stores were removed', fields: { names: removed.join(', ') } });
      return forgotten;
    },
    copyAgeMs() {
      const newest = listCopies([copiesFolder(folder)])[0];
      return newest && Date.now() - newest.madeAt;
    },
    onTrouble: ({ code, detail }) => onEvent({ level: 'error', code, message: detail }),
    onNote: (message, fields) => onEvent({ level: 'info', message, ...(fields ? { fields } : {}) }),
    onDamage: (detail) => post({ kind: 'damage', detail }),
  });

  parentPort?.on('message', (message: ToStoreWorker) => {
    switch (message.kind) {
      case 'read':
        return post({ kind: 'answer', id: message.id, result: read(message.sql, message.parameters) });
      case 'chore': {
        const done = chores.run(message.chore);
        return post({ kind: 'answer', id: message.id, result: done.ok ? { ok: true, value: undefined } : done });
      }
      case 'quiet':
        isQuiet = message.isQuiet;
        return;
      case 'stop':
        chores.stop();
        readOnly.close();
        database.close();
        // With nothing to listen to any more the thread ends by itself.
        parentPort?.close();
    }
  });
}

// Imported for its types, it does nothing.
if (!isMainThread && (workerData as { readonly storeWorker?: StoreWorkerStart } | null)?.storeWorker) run((workerData as { readonly storeWorker: StoreWorkerStart }).storeWorker);
