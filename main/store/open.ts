import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { migrations } from './migrations/all.ts';

export interface StoreOptions {
  readonly folder: string;
  /** The raw 32-byte key as hex. Never a passphrase: deriving one costs 160 ms at each open. */
  readonly keyHex: string;
  /** Which provider gave the key: remembered beside the store, a change is refused by name. */
  readonly keyProvider: string;
  /** Another build of the addon, for runtimes that the package's own does not load in. */
  readonly nativeBinding?: string | undefined;
}

export interface OpenStore {
  readonly database: Database.Database;
  /** Whether the file that is open is still the one at its path: a deleted one takes every write, and keeps none. */
  isInPlace(): boolean;
  close(): void;
}

/**
 * Opens the encrypted store, or creates it where there is none, and brings its schema up to date. What it finds and
 * cannot open it leaves untouched: never a new empty store in silence.
 */
export function openStore({ folder, keyHex, keyProvider, nativeBinding }: StoreOptions): Result<OpenStore, CodedError> {
  const opened: Database.Database[] = [];
  const close = () => {
    for (const database of opened.reverse()) if (database.open) database.close();
  };
  const open = (name: string) => {
    const database = new Database(path.join(folder, name), nativeBinding ? { nativeBinding } : {});
    opened.push(database);
    return database;
  };
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const locked = lockFolder(open('store.lock'));
    const opening = locked.ok ? openDatabase(open, folder, keyHex, keyProvider) : locked;
    if (!opening.ok) close();
    return opening.ok ? ok({ database: opening.value, isInPlace: stillInPlace(path.join(folder, 'store.db')), close }) : opening;
  } catch (cause) {
    close();
    return err(codedError('STORE_FAILED', messageOf(cause)));
  }
}

/** An exclusive transaction that is never ended: the operating system lets go of it when the process dies, however it dies. */
function lockFolder(lock: Database.Database): Result<void, CodedError> {
  try {
    lock.pragma('busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
    return ok();
  } catch (cause) {
    return err(codedError(isSqliteError(cause, 'SQLITE_BUSY') ? 'STORE_IN_USE' : 'STORE_FAILED', String(cause)));
  }
}

function openDatabase(open: (name: string) => Database.Database, folder: string, keyHex: string, keyProvider: string): Result<Database.Database, CodedError> {
  const file = path.join(folder, 'store.db');
  const providerFile = path.join(folder, 'store.key-provider');
  const isEmpty = (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
  const createdBy = fs.existsSync(providerFile) ? fs.readFileSync(providerFile, 'utf8').trim() : undefined;
  // The provider's name is written when a store has been made, so where it stands there was one.
  if (isEmpty && (createdBy !== undefined || fs.existsSync(`${file}-wal`))) return err(codedError('STORE_MISSING', file));
  if (createdBy !== undefined && createdBy !== keyProvider) {
    return err(codedError('KEY_PROVIDER_CHANGED', `created with "${createdBy}", now "${keyProvider}"`));
  }

  const database = open('store.db');
  database.pragma("cipher = 'sqlcipher'");
  database.pragma('legacy = 4');
  database.pragma(`key = "x'${keyHex}'"`);
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (cause) {
    if (isSqliteError(cause, 'SQLITE_NOTADB')) return err(codedError('STORE_KEY_REJECTED', file));
    throw cause;
  }
  database.pragma('journal_mode = WAL');
  // This build falls back to NORMAL in WAL mode, which loses acknowledged orders in a power cut: set, then read back.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 2000');
  const mode = database.pragma('journal_mode', { simple: true });
  const synchronous = database.pragma('synchronous', { simple: true });
  if (mode !== 'wal' || synchronous !== 2) return err(codedError('STORE_NOT_DURABLE', `journal_mode=${String(mode)}, synchronous=${String(synchronous)}`));
  const migrated = migrate(database);
  if (migrated.ok && createdBy === undefined) fs.writeFileSync(providerFile, `${keyProvider}\n`, { mode: 0o600, flush: true });
  return migrated;
}

function stillInPlace(file: string): () => boolean {
  const opened = fs.statSync(file);
  return () => {
    const current = fs.statSync(file, { throwIfNoEntry: false });
    return current?.ino === opened.ino && current.dev === opened.dev;
  };
}

function migrate(database: Database.Database): Result<Database.Database, CodedError> {
  const found = Number(database.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (found > newest) return err(codedError('STORE_TOO_NEW', `store is version ${found}, this Counter24 knows ${newest}`));
  for (const { version, sql } of migrations) {
    if (version <= found) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${version}`);
    }).immediate();
  }
  return ok(database);
}

function isSqliteError(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith(code);
}
