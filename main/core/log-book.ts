import { randomUUID } from 'node:crypto';
import type { Result } from '../../domain/result.ts';
import { err } from '../../domain/result.ts';
import type { LogBatch, LogDraft, StoredEntry } from '../store/logs/entry.ts';
import type { DiskState } from '../store/disk.ts';
import type { LogExport } from '../store/logs/log-export.ts';
import type { EntryPage, StoredFault } from '../store/logs/log-reader.ts';
import type { KeptThread } from './kept-thread.ts';
import { keepThread } from './kept-thread.ts';
import type { FromLogWorker, LogQuestions, LogWorkerStart, ToLogWorker } from './log-worker.ts';

export interface LogAnswers {
  find: EntryPage & { readonly sources: readonly string[]; readonly newest: number; readonly tookMs: number };
  since: { readonly entries: readonly StoredEntry[]; readonly newest: number };
  faults: readonly StoredFault[];
  acknowledgedAt: readonly (number | undefined)[];
  export: LogExport;
}

/**
 * The kiosk's own log on the disk. Nobody waits for it: lines are taken at any time, kept while there is nowhere to write them yet, brought to a thread of its
 * own several times a second, and dropped and counted where that is away or behind.
 */
export interface LogBook {
  take(line: LogDraft): void;
  /** From now on lines go into the database in this folder; with another key into another one. */
  open(start: LogWorkerStart): void;
  /** Never rejects. The error says why there is no answer. */
  ask<Q extends keyof LogQuestions>(question: Q, parameters: LogQuestions[Q]): Promise<Result<LogAnswers[Q], string>>;
  /** While the disk is low only warnings and errors are kept, while it is full only errors. */
  setDisk(state: DiskState): void;
  /** Waits, without letting anything else of this thread run, until what was taken is on the disk: for the last words of a process. */
  flushNow(withinMs: number): void;
  /** What was taken is written, and the thread has ended. Lines that come later are kept for the next `open`. */
  close(): Promise<void>;
}

const flushMs = 200;
/** A quiet kiosk says some lines a minute, a broken one some thousand a second. */
const maxKept = 5_000;
const maxBatch = 500;

/** @param now epoch milliseconds UTC */
export function createLogBook(now: () => number, thread = keepThread<ToLogWorker, FromLogWorker>): LogBook {
  const run = randomUUID();
  let kept: LogDraft[] = [];
  let dropped = 0;
  let batches = 0;
  /** Given to the thread and not confirmed yet: given again when it has died, and counted once by its name. */
  let given: LogBatch | undefined;
  let worker: KeptThread<ToLogWorker> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextId = 1;
  let room: DiskState = 'well';
  /** Opening and closing, one after the other. */
  let turn: Promise<void> = Promise.resolve();
  const waiting = new Map<number, (result: Result<unknown, string>) => void>();

  function say(level: LogDraft['level'], message: string, event: string, fields?: LogDraft['fields']): void {
    take({ at: now(), level, source: 'log', event, message, ...(fields ? { fields } : {}) });
  }

  function take(line: LogDraft): void {
    // The last of a disk is for orders.
    const isTooMuch = room === 'full' ? line.level !== 'error' : room === 'low' && line.level === 'info';
    if (isTooMuch || kept.length >= maxKept) {
      // What came first tells more of what went wrong than what came of it.
      dropped += 1;
      return;
    }
    kept.push(line);
    plan();
  }

  function plan(): void {
    if (worker && !given) timer ??= setTimeout(give, flushMs);
  }

  function nextBatch(): LogBatch | undefined {
    if (dropped > 0) {
      kept.push({ at: now(), level: 'warn', source: 'log', event: 'log.dropped', message: 'lines of the log were dropped', fields: { dropped } });
      dropped = 0;
    }
    if (kept.length === 0) return undefined;
    batches += 1;
    return { name: `${run} ${batches}`, lines: kept.splice(0, maxBatch) };
  }

  function give(): void {
    timer = undefined;
    if (!worker || given) return;
    given = nextBatch();
    if (given) worker.tell({ kind: 'write', batch: given });
  }

  function hear(message: FromLogWorker): void {
    switch (message.kind) {
      case 'written':
        if (message.name === given?.name) {
          if (message.isLost) dropped += given.lines.length;
          given = undefined;
          if (kept.length >= maxBatch) give();
          else if (kept.length > 0) plan();
        }
        return;
      case 'answer':
        waiting.get(message.id)?.(message.result);
        waiting.delete(message.id);
        return;
      case 'begun_anew':
        return say('warn', 'the log could not be opened and was begun anew: the old one is put aside', 'log.begun_anew', { why: message.why });
      case 'trouble':
        return say('error', 'the log could not be written', 'log.trouble', { detail: message.detail });
    }
  }

  function begin(start: LogWorkerStart): void {
    worker = thread({
      name: 'log-worker',
      workerData: () => ({ logWorker: start }),
      onMessage: hear,
      onStarted() {
        if (given) worker?.tell({ kind: 'write', batch: given });
      },
      onEnded(cause, wasStopped) {
        for (const answer of waiting.values()) answer(err(wasStopped ? 'the kiosk is stopping' : 'the log is being opened again'));
        waiting.clear();
        if (!wasStopped) say('error', 'the thread of the log has ended and is started again', 'log.thread', { cause: cause.slice(0, 500) });
      },
    });
    plan();
  }

  async function close(): Promise<void> {
    const ending = worker;
    if (!ending) return;
    clearTimeout(timer);
    timer = undefined;
    if (ending.isRunning()) {
      // In the order in which they are told, and the thread ends after them.
      for (let batch = nextBatch(); batch; batch = nextBatch()) ending.tell({ kind: 'write', batch });
    }
    worker = undefined;
    await ending.stop({ kind: 'stop' });
    given = undefined;
  }

  return {
    take,
    open(start) {
      turn = turn.then(close).then(() => begin(start));
    },
    close() {
      turn = turn.then(close);
      return turn;
    },
    setDisk(state) {
      room = state;
    },
    ask(question, parameters) {
      if (!worker?.isRunning()) return Promise.resolve(err('the log is not open'));
      const id = nextId++;
      const { promise, resolve } = Promise.withResolvers<Result<unknown, string>>();
      waiting.set(id, resolve);
      worker.tell({ kind: 'ask', id, question, parameters });
      return promise as Promise<Result<never, string>>;
    },
    flushNow(withinMs) {
      if (!worker?.isRunning()) return;
      const written = new Int32Array(new SharedArrayBuffer(4));
      for (let batch = nextBatch(); batch; batch = nextBatch()) {
        worker.tell({ kind: 'write', batch, ...(kept.length === 0 ? { written } : {}) });
        if (kept.length === 0) Atomics.wait(written, 0, 0, withinMs);
      }
    },
  };
}
