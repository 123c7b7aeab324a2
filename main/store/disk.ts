import fs from 'node:fs';

/** `low`: logs are thinned. `full`: nothing is sold, and what is under way may still be written. */
export type DiskState = 'well' | 'low' | 'full';

const bytesPerMegabyte = 1024 * 1024;
/** Better again only with so much more than what made it worse, or a single log line would switch it to and fro. */
const betterPercent = 110;

/** @param boundBytes below it the disk is full, below twice as much low */
export function diskStateAfter(before: DiskState, freeBytes: number, boundBytes: number): DiskState {
  const isBelow = (limit: number, isInForce: boolean) => freeBytes < (isInForce ? (limit * betterPercent) / 100 : limit);
  if (isBelow(boundBytes, before === 'full')) return 'full';
  return isBelow(boundBytes * 2, before !== 'well') ? 'low' : 'well';
}

export interface DiskWatchDeps {
  /** Where the store lies. */
  readonly folder: string;
  /** config.store.minFreeMegabytes */
  readonly minFreeMegabytes: number;
  readonly timers: { setTimeout(act: () => void, ms: number): unknown; clearTimeout(timer: unknown): void };
  readonly onState: (state: DiskState, freeBytes: number) => void;
  /** The room cannot be asked for: said once, and the state stays as it was. */
  readonly onUnknown?: (cause: unknown) => void;
  /** Bytes that a process without privileges may still write; asks the file system where none is given. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface DiskWatch {
  state(): DiskState;
  /** Looks now. Resolves with the state after it. */
  look(): Promise<DiskState>;
  /**
   * A write failed for want of room (`isDiskFull`): full from now on, whatever the bound says, since there are bounds that nobody can ask for (a
   * quota). Over when some looks in a row have found room: selling must not switch to and fro with each try.
   */
  writeFailed(): void;
  stop(): void;
}

/** Often enough that a disk that fills at 10 MB/s takes 100 MB of a bound of 200 unseen. */
const lookMs = 10_000;
/** So many looks after a failed write. */
const looksAfterFailure = 5;
/** While it is full, a technician stands there and wants to see it go on. */
const lookWhileFullMs = 2_000;

export function watchDisk({ folder, minFreeMegabytes, timers, onState, onUnknown, freeBytes = freeBytesOf }: DiskWatchDeps): DiskWatch {
  const boundBytes = minFreeMegabytes * bytesPerMegabyte;
  let state: DiskState = 'well';
  let timer: unknown;
  let isStopped = false;
  let isUnknown = false;
  let looksLeft = 0;
  let looking: Promise<DiskState> | undefined;

  function become(next: DiskState, free: number): void {
    if (next === state) return;
    state = next;
    onState(state, free);
  }

  async function ask(): Promise<DiskState> {
    try {
      const free = await freeBytes(folder);
      isUnknown = false;
      const next = diskStateAfter(state, free, boundBytes);
      if (next !== 'full' && looksLeft > 0) looksLeft -= 1;
      if (!isStopped && (next === 'full' || looksLeft === 0)) become(next, free);
    } catch (cause) {
      if (!isUnknown && !isStopped) onUnknown?.(cause);
      isUnknown = true;
    }
    return state;
  }

  /** Never two at once: a file system that hangs is asked once. */
  function look(): Promise<DiskState> {
    looking ??= ask().finally(() => {
      looking = undefined;
      plan();
    });
    return looking;
  }

  function plan(): void {
    timers.clearTimeout(timer);
    if (!isStopped) timer = timers.setTimeout(() => void look(), state === 'full' ? lookWhileFullMs : lookMs);
  }

  void look();

  return {
    state: () => state,
    look,
    writeFailed() {
      if (isStopped) return;
      looksLeft = looksAfterFailure;
      become('full', 0);
      plan();
    },
    stop() {
      isStopped = true;
      timers.clearTimeout(timer);
    },
  };
}

/** Whether a write failed for want of room: SQLite's own word for it, or the file system's. */
export function isDiskFull(cause: unknown): boolean {
  if (!(cause instanceof Error) || !('code' in cause)) return false;
  return cause.code === 'SQLITE_FULL' || cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.promises.statfs(folder);
  return bavail * bsize;
}
