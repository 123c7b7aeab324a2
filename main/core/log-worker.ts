import { performance } from 'node:perf_hooks';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { isDamage } from '../store/integrity.ts';
import type { LogBatch, LogLimits } from '../store/logs/entry.ts';
import { markDamaged, openLogDatabase } from '../store/logs/log-database.ts';
import { exportLogs } from '../store/logs/log-export.ts';
import type { EntryFilter } from '../store/logs/log-reader.ts';
import { createLogReader } from '../store/logs/log-reader.ts';
import { createLogWriter } from '../store/logs/log-writer.ts';

/** What the thread is started with. Cloned between the threads of one process: the key goes nowhere else. */
export interface LogWorkerStart {
  readonly folder: string;
  readonly storeKeyHex: string;
  readonly nativeBinding?: string | undefined;
  readonly limits: LogLimits;
}

/** What can be asked of the log, by name. */
export interface LogQuestions {
  find: { readonly filter: EntryFilter; readonly before?: number | undefined; readonly limit: number };
  since: { readonly filter: EntryFilter; readonly after: number; readonly limit: number };
  faults: Record<string, never>;
  acknowledgedAt: { readonly events: readonly { readonly lane: string; readonly epoch: number; readonly sequence: number; readonly at: number }[] };
  export: { readonly filter: EntryFilter; readonly folder: string; readonly nameStart: string };
}

export type ToLogWorker =
  /** `written` is set to 1 and woken when it is on the disk, for whoever waits for it without an event loop. */
  | { readonly kind: 'write'; readonly batch: LogBatch; readonly written?: Int32Array }
  | { readonly kind: 'ask'; readonly id: number; readonly question: keyof LogQuestions; readonly parameters: LogQuestions[keyof LogQuestions] }
  | { readonly kind: 'stop' };

export type FromLogWorker =
  | { readonly kind: 'written'; readonly name: string; readonly isLost: boolean }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown, string> }
  | { readonly kind: 'begun_anew'; readonly why: string }
  | { readonly kind: 'trouble'; readonly detail: string };

const post = (message: FromLogWorker): void => parentPort?.postMessage(message);
const trimEveryMs = 5_000;
/** Between two pieces of making room, lines are written. */
const trimPauseMs = 20;

function run({ folder, storeKeyHex, nativeBinding, limits }: LogWorkerStart): void {
  const { database, begunAnew } = openLogDatabase({ folder, storeKeyHex, nativeBinding, now: Date.now });
  if (begunAnew !== undefined) post({ kind: 'begun_anew', why: begunAnew });
  const writer = createLogWriter(database, limits);
  const reader = createLogReader(database, () => performance.now());
  let trouble = '';
  let exporting: Promise<unknown> = Promise.resolve();
  let trimTimer = setTimeout(trim, trimEveryMs);

  function trim(): void {
    let isMore = false;
    try {
      isMore = writer.trim();
    } catch (cause) {
      complain(cause);
    }
    trimTimer = setTimeout(trim, isMore ? trimPauseMs : trimEveryMs);
  }

  function complain(cause: unknown): void {
    const detail = messageOf(cause);
    // Damage: a new thread finds it when it opens the file, and puts that aside.
    if (isDamage(cause)) {
      markDamaged(folder);
      throw cause;
    }
    if (detail !== trouble) post({ kind: 'trouble', detail });
    trouble = detail;
  }

  function write(batch: LogBatch): boolean {
    try {
      writer.write(batch);
      trouble = '';
      return true;
    } catch (cause) {
      complain(cause);
      return false;
    }
  }

  function answer(id: number, question: keyof LogQuestions, parameters: LogQuestions[keyof LogQuestions]): void {
    try {
      switch (question) {
        case 'find': {
          const { filter, before, limit } = parameters as LogQuestions['find'];
          const startedMs = performance.now();
          const page = reader.find(filter, before, limit);
          return post({ kind: 'answer', id, result: ok({ ...page, sources: reader.sources(), newest: reader.newest(), tookMs: performance.now() - startedMs }) });
        }
        case 'since': {
          const { filter, after, limit } = parameters as LogQuestions['since'];
          return post({ kind: 'answer', id, result: ok({ entries: reader.since(filter, after, limit), newest: reader.newest() }) });
        }
        case 'faults':
          return post({ kind: 'answer', id, result: ok(reader.faults()) });
        case 'acknowledgedAt': {
          const { events } = parameters as LogQuestions['acknowledgedAt'];
          return post({ kind: 'answer', id, result: ok(events.map(({ lane, epoch, sequence, at }) => reader.acknowledgedAt(lane, epoch, sequence, at))) });
        }
        case 'export': {
          const { filter, folder: to, nameStart } = parameters as LogQuestions['export'];
          // One after the other: two drafts would have one name.
          exporting = exporting.then(() => exportLogs(reader, filter, to, nameStart)).then((result) => post({ kind: 'answer', id, result }));
        }
      }
    } catch (cause) {
      post({ kind: 'answer', id, result: err(messageOf(cause)) });
    }
  }

  parentPort?.on('message', (message: ToLogWorker) => {
    switch (message.kind) {
      case 'write': {
        const isWritten = write(message.batch);
        post({ kind: 'written', name: message.batch.name, isLost: !isWritten });
        if (message.written) {
          Atomics.store(message.written, 0, 1);
          Atomics.notify(message.written, 0);
        }
        return;
      }
      case 'ask':
        return answer(message.id, message.question, message.parameters);
      case 'stop':
        clearTimeout(trimTimer);
        database.close();
        // With nothing to listen to any more the thread ends by itself.
        parentPort?.close();
    }
  });
}

// Imported for its types, it does nothing.
if (!isMainThread && (workerData as { readonly logWorker?: LogWorkerStart } | null)?.logWorker) run((workerData as { readonly logWorker: LogWorkerStart }).logWorker);
