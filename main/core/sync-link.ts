import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Lane } from '../../domain/contract/hq.ts';
import type { SyncStatus } from '../sync/sync.ts';
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

const firstRestartMs = 1_000;
const longestRestartMs = 60_000;
/** A thread that lived for so long did not die of its start. */
const longLifeMs = 600_000;
/** A request is given up at once; what takes longer than this hangs. */
const stopWithinMs = 5_000;

/** Starts the thread, and starts it again whenever it dies, with longer and longer pauses; the kiosk sells on meanwhile. */
export function startSync({ boot, onAcknowledged, onNews, onState, onTrouble, onNote, onReplayed, onHistoryTold, ...start }: SyncLinkDeps): SyncLink {
  let worker: Worker | undefined;
  let exited: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let deaths = 0;
  let isStopped = false;
  let isCustomerPresent = false;
  let needsHistory = start.needsHistory;
  let current: SyncStatus | undefined;

  function begin(): void {
    const startedAtMs = boot.monotonicMs();
    let cause = '';
    const syncWorker: SyncWorkerStart = {
      ...start, needsHistory, isCustomerPresent, boot: boot.id,
      // In the same moment by both clocks: the thread goes on with the very clock that the store's events bear.
      bootHrtimeMs: hrtimeMs() - boot.monotonicMs(),
    };
    const begun = new Worker(new URL(`./sync-worker${path.extname(import.meta.filename)}`, import.meta.url), { workerData: { syncWorker }, name: 'sync' });
    worker = begun;
    begun.on('message', (message: FromSyncWorker) => {
      if (!isStopped) hear(message);
    });
    begun.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    exited = new Promise((resolve) => {
      begun.once('exit', (code) => {
        worker = undefined;
        resolve();
        if (isStopped) return;
        deaths = boot.monotonicMs() - startedAtMs > longLifeMs ? 1 : deaths + 1;
        onTrouble(codedError('INTERNAL', `sync has ended (${cause || `exit ${code}`})`));
        timer = setTimeout(begin, Math.min(longestRestartMs, firstRestartMs * 2 ** (deaths - 1)));
      });
    });
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
      case 'state':
        current = message.state;
        return onState(message.state);
    }
  }

  const tell = (message: ToSyncWorker): void => worker?.postMessage(message);
  begin();

  return {
    state: () => current,
    customerPresent(isPresent) {
      if (isPresent === isCustomerPresent) return;
      isCustomerPresent = isPresent;
      tell({ kind: 'customer', isPresent });
    },
    kick: () => tell({ kind: 'kick' }),
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
