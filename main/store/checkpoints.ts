import fs from 'node:fs';
import type { Database } from 'better-sqlite3';

/**
 * Checkpoints off the way of a sale: a worker's connection makes them, and the selling connection only at a hard bound. A checkpoint in the
 * middle of a sale costs its customer 10 ms at p99 where it is 1.4 ms without.
 */
export interface CheckpointBounds {
  /** Pages in the WAL that are not in the main file yet, from which on they are taken over though a customer is there: about 200 orders. */
  readonly pendingPages: number;
  /** Above this the WAL begins anew and is cut, at a moment without a customer. */
  readonly walBytes: number;
  /** At so many pages the selling connection checkpoints by itself, whoever else does not. */
  readonly hardPages: number;
}

export const checkpointBounds: CheckpointBounds = { pendingPages: 1_500, walBytes: 16 * 1024 * 1024, hardPages: 8_192 };

/**
 * For the connection that sells. SQLite's own automatic checkpoint is the hard bound: a PASSIVE one at the end of a commit, which waits for nobody.
 * Where it has taken all over, and nobody reads what is old, the next commit begins the WAL anew, and cuts it to the bound.
 */
export function boundWal(database: Database, bounds: CheckpointBounds = checkpointBounds): void {
  database.pragma(`wal_autocheckpoint = ${bounds.hardPages}`);
  database.pragma(`journal_size_limit = ${bounds.walBytes}`);
}

/** For every other connection: what it commits is checkpointed by the worker. */
export function leaveCheckpoints(database: Database, bounds: CheckpointBounds = checkpointBounds): void {
  database.pragma('wal_autocheckpoint = 0');
  database.pragma(`journal_size_limit = ${bounds.walBytes}`);
}

export type CheckpointOutcome =
  | { readonly kind: 'nothing' }
  /** `pending` pages are still in the WAL alone, since somebody reads what was before them. */
  | { readonly kind: 'taken_over'; readonly pages: number; readonly pending: number }
  /** The WAL is empty and cut. */
  | { readonly kind: 'cut'; readonly bytesBefore: number }
  /** The WAL is above its bound and cannot be cut: somebody holds an old snapshot. Tried again each time. */
  | { readonly kind: 'held'; readonly walBytes: number };

export interface CheckpointerDeps {
  /** A connection of its own that may write. */
  readonly database: Database;
  readonly file: string;
  readonly isQuiet: () => boolean;
  readonly bounds?: CheckpointBounds;
}

interface CheckpointRow { busy: number; log: number; checkpointed: number }

/** How long cutting the WAL may hold up a writer that comes meanwhile. */
const cutWaitMs = 20;

export function createCheckpointer({ database, file, isQuiet, bounds = checkpointBounds }: CheckpointerDeps): { tick(): CheckpointOutcome; cut(): CheckpointOutcome } {
  leaveCheckpoints(database, bounds);
  const checkpoint = (mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE') => (database.pragma(`wal_checkpoint(${mode})`) as [CheckpointRow])[0];
  const walBytes = () => fs.statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;

  /** TRUNCATE keeps writers out while it waits for readers, so it hardly waits. */
  function cut(): CheckpointOutcome {
    const bytesBefore = walBytes();
    if (bytesBefore === 0) return { kind: 'nothing' };
    const waitMs = Number(database.pragma('busy_timeout', { simple: true }));
    database.pragma(`busy_timeout = ${cutWaitMs}`);
    try {
      return checkpoint('TRUNCATE').busy === 0 ? { kind: 'cut', bytesBefore } : { kind: 'held', walBytes: walBytes() };
    } finally {
      database.pragma(`busy_timeout = ${waitMs}`);
    }
  }

  return {
    cut,
    /** To be called every second or so. */
    tick() {
      const isLarge = walBytes() > bounds.walBytes;
      if (isLarge && isQuiet()) return cut();
      // NOOP only counts.
      const { log, checkpointed } = checkpoint('NOOP');
      const pending = log - checkpointed;
      if (pending > 0 && (pending >= bounds.pendingPages || isQuiet())) {
        const taken = checkpoint('PASSIVE');
        const left = taken.log - taken.checkpointed;
        if (isLarge && left > 0) return { kind: 'held', walBytes: walBytes() };
        return { kind: 'taken_over', pages: Math.max(0, pending - left), pending: left };
      }
      return { kind: 'nothing' };
    },
  };
}
