import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Lane } from '../../domain/contract/hq.ts';
import type { SyncStatus } from '../sync/sync.ts';
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
  /** The thread has ended, and the store's second connection with it. */
  stop(): Promise<void>;
}

/** Starts the thread and keeps it. */
export function startSync({ boot, onAcknowledged, onNews, onState, onTrouble, onNote, onReplayed, onHistoryTold, ...start }: SyncLinkDeps): SyncLink {
  let isStopped = false;
  let isCustomerPresent = false;
  let needsHistory = start.needsHistory;
  let current: SyncStatus | undefined;
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
      if (!wasStopped) onTrouble(codedError('INTERNAL', `sync has ended (${cause})`));
    },
  });

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
    stop() {
      isStopped = true;
      return thread.stop({ kind: 'stop' });
    },
  };
}
