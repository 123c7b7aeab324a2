import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { StoreCopy } from './copies-files.ts';
import { beforeMigrationName, copiesFolder, draftSuffix, hourlyName, isFromBeforeMigration, listCopies, putInPlace, removeDrafts, verifyCopy } from './copies-files.ts';
import { openKeyed } from './connection.ts';
import type { StoreEvents } from './integrity-events.ts';
import { askForFullCheck, isDamage } from './integrity.ts';
import { isSqliteError } from './integrity-files.ts';
import type { JournalProblem } from './journal.ts';
import { createJournal, dropSegmentsBefore } from './journal.ts';
import { migrations } from './migrations/all.ts';

export interface CopyKeeperOptions extends StoreEvents {
  readonly folder: string;
  /** Another disk, where there is one; this kiosk's alone. */
  readonly secondFolder?: string | undefined;
  readonly nativeBinding?: string | undefined;
  /** How many stay in each place. */
  readonly keep?: number;
  /** Below this much the kiosk sells no more (config.store.minFreeMegabytes): a copy never takes it there. */
  readonly minFreeBytes?: number;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
}

export interface CopyKeeper {
  /**
   * One more copy in each place. It is encrypted with the store's key, looked through before it counts, and there whole or not at all. Takes 15 to 35 ms a
   * megabyte on a connection of its own, so it belongs into a worker; a sale does not wait for it.
   */
  make(keyHex: string): Result<StoreCopy, CodedError>;
  /** After the key was changed: one under the new key, and none that the old one opens. */
  remake(keyHex: string): Result<StoreCopy, CodedError>;
}

/** What must stay free beside a copy: selling goes before copies. */
const reserveBytes = 64_000_000;

export function createCopyKeeper({ folder, secondFolder, nativeBinding, keep = 3, minFreeBytes = 0, now, onEvent }: CopyKeeperOptions): CopyKeeper {
  const first = copiesFolder(folder);
  const places = secondFolder === undefined ? [first] : [first, secondFolder];
  const store = path.join(folder, 'store.db');
  const journalFolder = path.join(folder, 'journal');
  let secondTrouble: string | undefined;
  const newestVersion = migrations.at(-1)!.version;

  function make(keyHex: string): Result<StoreCopy, CodedError> {
    try {
      const made = makeFirst(keyHex);
      if (!made.ok) return made;
      prune(first);
      makeSecond(made.value, keyHex);
      thinJournal();
      return made;
    } catch (cause) {
      if (isDamage(cause)) askForFullCheck(folder, `a copy could not be made: ${messageOf(cause)}`);
      clean(first);
      return err(codedError('STORE_COPY_FAILED', messageOf(cause)));
    }
  }

  function makeFirst(keyHex: string): Result<StoreCopy, CodedError> {
    fs.mkdirSync(first, { recursive: true, mode: 0o700 });
    removeDrafts(first);
    const needed = fs.statSync(store).size + Math.max(reserveBytes, Math.ceil(minFreeBytes * 1.1));
    // The oldest goes before its time rather than that there is no new one; the newest never does.
    for (const copy of listCopies([first]).slice(1).reverse()) if (freeBytes(first) < needed) fs.rmSync(copy.file, { force: true });
    if (freeBytes(first) < needed) return err(codedError('STORE_COPY_FAILED', `no room for ${needed} bytes in ${first}`));

    const number = 1 + Math.max(0, ...listCopies(places).map((copy) => copy.number));
    const madeAt = now();
    const draft = path.join(first, `store${draftSuffix}`);
    const database = openKeyed({ file: store, keyHex, nativeBinding });
    let segment: number | undefined;
    try {
      database.pragma('busy_timeout = 5000');
      segment = startSegment(database, keyHex);
      vacuumInto(database, draft);
    } finally {
      database.close();
    }
    const copy: StoreCopy = { file: path.join(first, hourlyName(number, madeAt, segment)), number, madeAt, segment };
    const verified = verifyCopy({ file: draft, keyHex, nativeBinding }, newestVersion);
    if (!verified.ok) {
      // It was read from the store without an error: its pages are whole, and what is in them is not.
      fs.rmSync(draft, { force: true });
      askForFullCheck(folder, `a copy was not whole: ${verified.error}`);
      return err(codedError('STORE_COPY_FAILED', verified.error));
    }
    putInPlace(draft, copy.file);
    return ok(copy);
  }

  /** The other disk may be unplugged, full, or read-only: that is said once, until it is there again. */
  function makeSecond(made: StoreCopy, keyHex: string): void {
    if (secondFolder === undefined) return;
    try {
      // Only the last folder is made: a mount point that is missing must not be filled on the first disk.
      if (!fs.existsSync(secondFolder)) fs.mkdirSync(secondFolder, { mode: 0o700 });
      removeDrafts(secondFolder);
      const file = path.join(secondFolder, path.basename(made.file));
      fs.copyFileSync(made.file, file + draftSuffix);
      const verified = verifyCopy({ file: file + draftSuffix, keyHex, nativeBinding }, newestVersion);
      if (!verified.ok) throw new Error(`what was read back is not what was written: ${verified.error}`);
      putInPlace(file + draftSuffix, file);
      prune(secondFolder);
      if (secondTrouble !== undefined) onEvent?.({ level: 'info', message: 'copies are kept in the second folder again', fields: { secondFolder } });
      secondTrouble = undefined;
    } catch (cause) {
      clean(secondFolder);
      if (secondTrouble === undefined) onEvent?.({ level: 'warn', code: 'STORE_COPY_FAILED', message: 'no copy in the second folder', fields: { secondFolder, detail: messageOf(cause) } });
      secondTrouble = messageOf(cause);
    }
  }

  /** What the journal has told until now is in the copy that is about to be made. */
  function startSegment(database: Database, keyHex: string): number | undefined {
    if (!fs.existsSync(journalFolder)) return undefined;
    const onProblem = ({ kind, segment: damaged }: JournalProblem) => onEvent?.({ level: 'warn', message: 'the journal is damaged', fields: { kind, segment: damaged } });
    const journal = createJournal({ folder: journalFolder, keyHex, onProblem });
    try {
      return database.transaction(() => journal.startSegment()).immediate();
    } finally {
      journal.close();
    }
  }

  /** The journal reaches back to the oldest copy that may be gone back to, in either place. */
  function thinJournal(): void {
    const copies = listCopies(places).filter((copy) => !isFromBeforeMigration(copy));
    // By number: a second place that is full or read-only keeps older ones for ever.
    const numbers = [...new Set(copies.map(({ number }) => number))];
    const oldest = copies.find(({ number }) => number === numbers[keep - 1])?.segment;
    if (oldest !== undefined) dropSegmentsBefore({ folder: journalFolder, segment: oldest });
  }

  function prune(place: string): void {
    const copies = listCopies([place]).filter((copy) => !isFromBeforeMigration(copy));
    for (const { file } of copies.slice(keep)) fs.rmSync(file, { force: true });
  }

  function clean(place: string): void {
    try {
      removeDrafts(place);
    } catch {
      // It takes room and does nothing else; the next copy tries again.
    }
  }

  return {
    make,
    remake(keyHex) {
      const made = make(keyHex);
      if (!made.ok) return made;
      try {
        for (const { file } of listCopies(places)) if (!verifyCopy({ file, keyHex, nativeBinding }, newestVersion).ok) fs.rmSync(file, { force: true });
        return made;
      } catch (cause) {
        return err(codedError('STORE_COPY_FAILED', messageOf(cause)));
      }
    },
  };
}

/**
 * Keeps what a migration is about to change, and forgets the one from before the migration before. Returns an error where there is no room: then nothing is migrated.
 * @param database open, at the version before
 */
export function copyBeforeMigration(database: Database, folder: string, version: number, now: number): Result<void, CodedError> {
  const place = copiesFolder(folder);
  try {
    fs.mkdirSync(place, { recursive: true, mode: 0o700 });
    removeDrafts(place);
    const older = listCopies([place]).filter(isFromBeforeMigration);
    const file = path.join(place, beforeMigrationName(version, now));
    vacuumInto(database, file + draftSuffix);
    putInPlace(file + draftSuffix, file);
    for (const copy of older) if (copy.file !== file) fs.rmSync(copy.file, { force: true });
    return ok();
  } catch (cause) {
    if (isDamage(cause)) throw cause;
    removeDrafts(place);
    const isFull = isSqliteError(cause, 'SQLITE_FULL') || (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC');
    return err(codedError(isFull ? 'DISK_FULL' : 'STORE_FAILED', `the store could not be copied before its migration: ${messageOf(cause)}`));
  }
}

/** SQLite's own way: the copy is as of one moment, encrypted with the same key, and without the log. Its backup API refuses encrypted databases. */
function vacuumInto(database: Database, file: string): void {
  fs.rmSync(file, { force: true });
  database.prepare('VACUUM INTO ?').run(file);
  fs.chmodSync(file, 0o600);
}

function freeBytes(place: string): number {
  const { bavail, bsize } = fs.statfsSync(place);
  return bavail * bsize;
}
