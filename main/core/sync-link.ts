import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Lane } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { err } from '../../domain/result.ts';
import type { AskFailure, SyncStatus } from '../sync/sync.ts';
import { keepThread } from './kept-thread.ts';
import { hrtimeMs } from './sync-hrtime.ts';
import type { FromSyncWorker, SyncWorkerStart, ToSyncWorker } from './sync-worker.ts';

export interface SyncLinkDeps extends Omit<SyncWorkerStart, 'isCustomerPresent' | 'bootHrtimeMs' | 'boot'> {
  readonly boot: { readonly id: string; readonly monotonicMs: () => number };
  /** HQ has acknowledged more of a lane; the store says how far. */
  readonly onAcknowledged: (lane: Lane) => void;
  /** Documents or commands from HQ wait in the store. */
  readonly onNews: () => void;
  readonly onState: (state: SyncStatus) => void;
  readonly onTrouble: (error: CodedError) => void;
  readonly onNote: (message: string) => void;
  /** HQ had something that a restored store lacked: it is in the store now. What did not fit is told in words. */
  readonly onReplayed: (applied: number, conflicts: readonly string[]) => void;
  /** HQ has told all that it has beyond a store that was restored. */
  readonly onHistoryTold: () => void;
}

/** Core's hold on sync, which runs in a thread of its own: in the thread that sells, it would make a sale wait 18 ms. */
export interface SyncLink {
  /** The last that was heard; undefined before the first. */
  state(): SyncStatus | undefined;
  customerPresent(isPresent: boolean): void;
  /** Looks now, up and down. */
  kick(): void;
  /** See `Sync.ask`. Never rejects; settles within `timeoutMs` and a moment, also where the thread dies. */
  ask(path: string, body: unknown, timeoutMs: number): Promise<Result<unknown, AskFailure>>;
  /** The thread has ended, and the store's second connection with it. */
  stop(): Promise<void>;
}

/** A thread that has not answered so long after it should have will not. */
const graceMs = 2_000;

/** Starts the thread and keeps it. */
export function startSync({ boot, onAcknowledged, onNews, onState, onTrouble, onNote, onReplayed, onHistoryTold, ...start }: SyncLinkDeps): SyncLink {
  let isStopped = false;
  let isCustomerPresent = false;
  let needsHistory = start.needsHistory;
  let current: SyncStatus | undefined;
  let questions = 0;
  const asked = new Map<number, (answer: Result<unknown, AskFailure>) => void>();
  const thread = keepThread<ToSyncWorker, FromSyncWorker>({
    name: 'sync-worker',
    workerData(): { syncWorker: SyncWorkerStart } {
      // In the same moment by both clocks: the thread goes on with the very clock that the store's events bear.
      return { syncWorker: { ...start, needsHistory, isCustomerPresent, boot: boot.id, bootHrtimeMs: hrtimeMs() - boot.monotonicMs() } };
    },
    onMessage(message) {
      if (!isStopped) hear(message);
    },
    onEnded(cause, wasStopped) {
      // It may have sent what it was given.
      answerAll('sync has ended');
      if (wasStopped) return;
      if (current) hear({ kind: 'state', state: { ...current, online: false } });
      onTrouble(codedError('INTERNAL', `sync has ended (${cause})`));
    },
  });

  function answerAll(detail: string): void {
    for (const answer of [...asked.values()]) answer(err({ kind: 'no_answer', detail }));
  }

  function hear(message: FromSyncWorker): void {
    switch (message.kind) {
      case 'acknowledged': return onAcknowledged(message.lane);
      case 'trouble': return onTrouble(message.error);
      case 'note': return onNote(message.message);
      case 'news': return onNews();
      case 'replayed': return onReplayed(message.applied, message.conflicts);
      case 'history_told':
        needsHistory = false;
        return onHistoryTold();
      case 'answer': return asked.get(message.id)?.(message.answer);
      case 'state':
        current = message.state;
        return onState(message.state);
    }
  }

  return {
    state: () => current,
    customerPresent(isPresent) {
      if (isPresent === isCustomerPresent) return;
      isCustomerPresent = isPresent;
      thread.tell({ kind: 'customer', isPresent });
    },
    kick: () => thread.tell({ kind: 'kick' }),
    async ask(path, body, timeoutMs) {
      if (isStopped || !thread.isRunning() || !current?.online) return err({ kind: 'not_asked', detail: 'HQ is away' });
      const id = ++questions;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<Result<unknown, AskFailure>>((resolve) => {
          asked.set(id, resolve);
          timer = setTimeout(() => resolve(err({ kind: 'no_answer', detail: 'sync does not answer' })), timeoutMs + graceMs);
          thread.tell({ kind: 'ask', id, path, body, timeoutMs });
        });
      } finally {
        clearTimeout(timer);
        asked.delete(id);
      }
    },
    stop() {
      isStopped = true;
      answerAll('it is over');
      return thread.stop({ kind: 'stop' });
    },
  };
}
