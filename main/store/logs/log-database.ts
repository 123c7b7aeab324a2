import { hkdfSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { messageOf } from '../../../domain/contract/errors.ts';
import { openKeyed } from '../connection.ts';
import { isDiskFull } from '../disk.ts';

export interface LogDatabaseOptions {
  /** The store's own folder: the log lies beside the store, in a file of its own. */
  readonly folder: string;
  /** The store's raw key, as hex; the log's is derived from it. */
  readonly storeKeyHex: string;
  readonly nativeBinding?: string | undefined;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
}

export interface OpenLogDatabase {
  readonly database: Database;
  /** Why the log that was here was put aside and a new one begun; undefined where it goes on. */
  readonly begunAnew: string | undefined;
}

export const logFileName = 'logs.db';
const damageMark = `${logFileName}.damaged`;
const schemaVersion = 1;
/** What was put aside can be read with the key that it was under, if somebody still has that; it is not kept for ever. */
const asideKeptMs = 14 * 24 * 3_600_000;
/** Pages of the write-ahead log before it is brought into the file: 1 MB. */
const walPages = 250;
export const walBytes = walPages * 4_096;

/** The log has a key of its own, so that neither is known by the other; a store under another key has another log. */
export function logKeyHex(storeKeyHex: string): string {
  return Buffer.from(hkdfSync('sha256', Buffer.from(storeKeyHex, 'hex'), '', 'counter24 logs 1', 32)).toString('hex');
}

/**
 * Opens the log, or begins it. A log that is under another key (the store's was changed), damaged, or of another form is put aside and a new one begun:
 * it is worth much to whoever looks for a fault, and nothing to whoever sells. Throws where not even a new one can be made.
 */
export function openLogDatabase(options: LogDatabaseOptions): OpenLogDatabase {
  const { folder, now } = options;
  const file = path.join(folder, logFileName);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeOldAsides(folder, now());
  const damage = path.join(folder, damageMark);
  if (fs.existsSync(damage)) {
    setAside(file, now());
    fs.rmSync(damage, { force: true });
    return { database: tryOpen(file, options), begunAnew: 'it was damaged' };
  }
  try {
    return { database: tryOpen(file, options), begunAnew: undefined };
  } catch (cause) {
    // No room is no reason to throw away what is there.
    if (isDiskFull(cause) || isBusy(cause)) throw cause;
    setAside(file, now());
    return { database: tryOpen(file, options), begunAnew: messageOf(cause) };
  }
}

/** Damage that shows only while it is used: at the next opening the log is begun anew. */
export function markDamaged(folder: string): void {
  fs.writeFileSync(path.join(folder, damageMark), '');
}

function tryOpen(file: string, { storeKeyHex, nativeBinding }: LogDatabaseOptions): Database {
  const database = openKeyed({ file, keyHex: logKeyHex(storeKeyHex), nativeBinding });
  try {
    // Before there are tables; a log that has been made before has it already.
    database.pragma('auto_vacuum = INCREMENTAL');
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version !== 0 && version !== schemaVersion) throw new Error(`the log is of version ${version}`);
    database.pragma('journal_mode = WAL');
    // A power cut may take the last lines, never the whole.
    database.pragma('synchronous = NORMAL');
    database.pragma('busy_timeout = 2000');
    database.pragma(`wal_autocheckpoint = ${walPages}`);
    database.pragma(`journal_size_limit = ${walBytes}`);
    database.pragma('cache_size = -16000');
    database.pragma('temp_store = MEMORY');
    if (version === 0) database.transaction(() => database.exec(schema))();
    // Reads a page of each, so that damage shows here and not in the middle of the day.
    database.prepare('SELECT (SELECT max(id) FROM entries), (SELECT count(*) FROM meta), (SELECT max(chunk) FROM chunks)').get();
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/**
 * Ids rise in the order of arrival, which is not always that of time: a clock may be set back. Where times lie is noted by chunks of ids, so that a range
 * of time is looked for in a few chunks and exact within them. Text is in one index for each `shardSize` ids (see shards.ts): one whose entries have all gone is
 * dropped whole, and nothing is ever taken out of one.
 */
const schema = `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('info', 'warn', 'error')),
    source TEXT NOT NULL,
    event TEXT,
    code TEXT,
    order_id TEXT,
    message TEXT NOT NULL,
    fields TEXT
  ) STRICT;
  CREATE INDEX entries_trouble ON entries (level, id) WHERE level <> 'info';
  CREATE INDEX entries_by_source ON entries (source, id, level);
  CREATE INDEX entries_by_code ON entries (code, id) WHERE code IS NOT NULL;
  CREATE INDEX entries_by_event ON entries (event, id) WHERE event IS NOT NULL;
  CREATE INDEX entries_by_order ON entries (order_id, id) WHERE order_id IS NOT NULL;
  CREATE TABLE chunks (chunk INTEGER PRIMARY KEY, min_at INTEGER NOT NULL, max_at INTEGER NOT NULL) STRICT;
  -- Faults by code for as long as the log lives, also when their lines have gone.
  CREATE TABLE faults (
    code TEXT NOT NULL, source TEXT NOT NULL, since INTEGER NOT NULL, last_at INTEGER NOT NULL, times INTEGER NOT NULL, cleared_at INTEGER,
    PRIMARY KEY (source, code)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

/** @param at epoch milliseconds UTC, in its new name */
function setAside(file: string, at: number): void {
  // Only the newest is of any use.
  for (const name of asides(path.dirname(file))) fs.rmSync(path.join(path.dirname(file), name), { force: true });
  for (const ending of ['-wal', '-shm']) fs.rmSync(`${file}${ending}`, { force: true });
  if (fs.existsSync(file)) fs.renameSync(file, `${file}.aside-${at}`);
}

function removeOldAsides(folder: string, now: number): void {
  for (const name of asides(folder)) {
    const at = Number(name.slice(name.lastIndexOf('-') + 1));
    if (!(Math.abs(now - at) < asideKeptMs)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

function asides(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith(`${logFileName}.aside-`));
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && /^SQLITE_(BUSY|LOCKED)/.test(cause.code);
}
