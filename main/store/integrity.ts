import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { messageOf } from '../../domain/contract/errors.ts';
import type { ConnectionOptions } from './connection.ts';
import { openKeyed } from './connection.ts';
import { isSqliteError } from './integrity-files.ts';

/** What a look at the pages has found. `index`: what was ordered is all there, only the ways to it are not. */
export type Verdict =
  | { readonly kind: 'well' }
  | { readonly kind: 'index'; readonly detail: string }
  | { readonly kind: 'page'; readonly detail: string };

/**
 * `quick` compares every page with its authentication code and every index by its count: about 5 ms for each megabyte. `full`
 * looks for each row in each index, too. One table alone with `table`.
 */
export function checkPages(database: Database, depth: 'quick' | 'full', table?: string): Verdict {
  try {
    const lines = database.prepare<[], string>(`PRAGMA ${depth === 'quick' ? 'quick' : 'integrity'}_check${table === undefined ? '' : `('${table}')`}`).pluck().all();
    if (lines.length === 1 && lines[0] === 'ok') return { kind: 'well' };
    const kind = lines.every((line) => isOfIndex.test(line)) ? 'index' : 'page';
    return { kind, detail: lines.join('; ').replaceAll('\n', ' ').slice(0, 500) };
  } catch (cause) {
    if (isDamage(cause)) return { kind: 'page', detail: messageOf(cause) };
    throw cause;
  }
}

const isOfIndex = /^(wrong # of entries in index|row \d+ missing from index|non-unique entry in index|rowid not at end-of-record for row \d+ of index)/;

/** The last ones: the disk gives back no page, or not the whole of it. */
const damageCodes = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR_READ', 'SQLITE_IOERR_SHORT_READ', 'SQLITE_IOERR_DATA', 'SQLITE_IOERR_CORRUPTFS'];

/** Whether SQLite says that what is stored is broken, and not that the disk is full or somebody is in the way. */
export function isDamage(cause: unknown): boolean {
  return damageCodes.some((code) => isSqliteError(cause, code));
}

/** Up to this size a start looks at every page: a sixth of a second here. */
const wholeAtStartBytes = 32_000_000;
/** Small, or money: a larger store is checked by these at its start, and as a whole each night. */
const startTables = ['lanes', 'counters', 'stock', 'stock_lots', 'payment_attempts', 'refunds', 'foreign_transactions', 'attention', 'identity', 'sync_state', 'documents', 'commands', 'closings', 'services', 'help_calls', 'feedback'];

/**
 * The look of a start, which a customer waits for. Every page that is read later is authenticated, too: what this does not see shows itself as
 * SQLITE_CORRUPT, in the night at the latest.
 * @param bytes the size of the file
 */
export function checkAtStart(database: Database, bytes: number): Verdict {
  if (bytes <= wholeAtStartBytes) return checkPages(database, 'quick');
  try {
    const here = new Set(database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
    for (const table of startTables) {
      const verdict = here.has(table) ? checkPages(database, 'quick', table) : { kind: 'well' as const };
      if (verdict.kind !== 'well') return verdict;
    }
    return { kind: 'well' };
  } catch (cause) {
    if (isDamage(cause)) return { kind: 'page', detail: messageOf(cause) };
    throw cause;
  }
}

/**
 * The nightly check, for a worker: everything, on a connection of its own, which only reads and so never keeps a sale waiting. Where it finds damage
 * the next start of the store repairs it; who calls this closes and opens the store when no customer is there.
 */
export function checkStore(folder: string, connection: Omit<ConnectionOptions, 'file' | 'readonly'>): Verdict {
  const verdict = checkFile({ ...connection, file: path.join(folder, 'store.db') }, 'full');
  if (verdict.kind !== 'well') askForFullCheck(folder, verdict.detail);
  return verdict;
}

/** `checkPages` on a connection of its own, which is closed again. */
export function checkFile(connection: ConnectionOptions, depth: 'quick' | 'full'): Verdict {
  let database: Database | undefined;
  try {
    database = openKeyed(connection);
    database.pragma('query_only = ON');
    return checkPages(database, depth);
  } catch (cause) {
    if (isDamage(cause)) return { kind: 'page', detail: messageOf(cause) };
    throw cause;
  } finally {
    database?.close();
  }
}

const wishName = 'store.check';

/** Somebody has met damage while the store was open (SQLITE_CORRUPT, a copy that would not be made): the next start checks everything. */
export function askForFullCheck(folder: string, why: string): void {
  fs.writeFileSync(path.join(folder, wishName), `${why.slice(0, 500)}\n`, { mode: 0o600, flush: true });
}

export function wantsFullCheck(folder: string): boolean {
  return fs.existsSync(path.join(folder, wishName));
}

export function fullCheckDone(folder: string): void {
  fs.rmSync(path.join(folder, wishName), { force: true });
}
