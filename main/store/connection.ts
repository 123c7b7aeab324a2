import Database from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

export interface ConnectionOptions {
  readonly file: string;
  /** The raw 32-byte key as hex. Never a passphrase: deriving one costs 160 ms at each open. */
  readonly keyHex: string;
  /** Another build of the addon, for runtimes that the package's own does not load in. */
  readonly nativeBinding?: string | undefined;
  readonly readonly?: boolean;
}

/** SQLCipher's format, version 4, whatever the file is: the key comes before the first page is read. */
export function openKeyed({ file, keyHex, nativeBinding, readonly = false }: ConnectionOptions): Database.Database {
  const database = new Database(file, { readonly, ...(nativeBinding ? { nativeBinding } : {}) });
  applyKey(database, keyHex);
  return database;
}

export function applyKey(database: Database.Database, keyHex: string): void {
  database.pragma("cipher = 'sqlcipher'");
  database.pragma('legacy = 4');
  database.pragma(`key = "x'${keyHex}'"`);
}

/** How often a writer that finds the store locked tries again before it gives up. Every transaction of ours takes milliseconds. */
const busyTimeoutMs = 5_000;

/**
 * What makes a connection fit for money: WAL, FULL, foreign keys. This build falls back to NORMAL in WAL mode, which loses acknowledged orders in a
 * power cut: set, then read back, on every connection. Checkpoints are not made on the way of a sale: see `checkpoints.ts`.
 */
export function makeDurable(database: Database.Database): Result<Database.Database, CodedError> {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma(`busy_timeout = ${busyTimeoutMs}`);
  database.pragma('secure_delete = ON');
  const mode = database.pragma('journal_mode', { simple: true });
  const synchronous = database.pragma('synchronous', { simple: true });
  if (mode !== 'wal' || synchronous !== 2) return err(codedError('STORE_NOT_DURABLE', `journal_mode=${String(mode)}, synchronous=${String(synchronous)}`));
  return ok(database);
}
