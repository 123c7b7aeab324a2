import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { openKeyed } from './connection.ts';
import { writeKeyProof } from './integrity-files.ts';
import { syncFile, syncFolder } from './whole-files.ts';

/** Each is done when it is named; a kill after any of them leaves a store that opens with one of the two keys. */
export const rekeySteps = ['locked', 'copied', 'rekeyed', 'verified', 'synced', 'swapped', 'journal_rewritten', 'copies_remade'] as const;
export type RekeyStep = (typeof rekeySteps)[number];

export interface RekeyDeps {
  readonly folder: string;
  readonly keyHex: string;
  readonly nextKeyHex: string;
  readonly keyProvider: string;
  readonly nativeBinding?: string | undefined;
  /** Brings the journal beside the store under the next key; where it is already, it does nothing. */
  readonly rewriteJournal: () => Result<unknown, CodedError>;
  /** Makes a new copy under the next key wherever copies are kept, and removes those of the old key: they will not open any more. */
  readonly remakeCopies: () => Result<unknown, CodedError>;
  readonly onStep?: (step: RekeyStep) => void;
}

export interface RekeyOutcome {
  /** Under which the store lies now. */
  readonly keyHex: string;
  /** What still needs the old key: both are kept until a later call has brought that over, too. */
  readonly waiting?: CodedError;
}

const storeName = 'store.db';
const draftName = 'store.db.rekeyed';
/** What SQLite lays beside a file. None of them may ever meet another file than its own. */
const companions = ['-wal', '-shm', '-journal'] as const;

/**
 * Brings the store under its next key. The store is closed, with every connection of every worker: one that is left open makes this fail, and
 * nothing change. No customer may be there, since nothing can be sold meanwhile; it takes about as long as copying the file twice.
 *
 * `PRAGMA rekey` on the store itself would rewrite it in place, page by page, and is refused in WAL mode. So a copy is rekeyed, looked
 * through, and takes the store's place by a rename. Called again after a kill or a failure, it goes on from where things are.
 *
 * @returns an error where the store lies untouched under the old key
 */
export function rekeyStore(deps: RekeyDeps): Result<RekeyOutcome, CodedError> {
  const { folder, keyHex, nextKeyHex, keyProvider, onStep } = deps;
  const opened: Database.Database[] = [];
  let isSwapped = false;
  const open = (name: string, key: string) => {
    const database = openKeyed({ file: path.join(folder, name), keyHex: key, nativeBinding: deps.nativeBinding });
    opened.push(database);
    return database;
  };
  try {
    const refused = refusal(folder, keyProvider);
    if (refused) return err(refused);
    opened.push(lockFolder(folder, deps.nativeBinding));
    onStep?.('locked');
    removeRekeyDraft(folder);
    isSwapped = keyHex === nextKeyHex || opensWith(folder, nextKeyHex, deps.nativeBinding);
    if (!isSwapped) {
      replaceStore(folder, open, deps, () => {
        isSwapped = true;
      });
    }
    writeKeyProof(folder, nextKeyHex);
    const waiting = finish(deps);
    return ok({ keyHex: nextKeyHex, ...(waiting ? { waiting } : {}) });
  } catch (cause) {
    const failed = codedError('STORE_REKEY_FAILED', messageOf(cause));
    return isSwapped ? ok({ keyHex: nextKeyHex, waiting: failed }) : err(failed);
  } finally {
    for (const database of opened.reverse()) if (database.open) database.close();
    if (!isSwapped) removeQuietly(folder);
  }
}

/** What a kill has left of a copy under way. Nothing needs it. */
export function removeRekeyDraft(folder: string): void {
  for (const suffix of ['', ...companions]) fs.rmSync(path.join(folder, draftName + suffix), { force: true });
}

/** Names a key without telling it, for `key_in_force` (domain/contract/shell.ts). */
export function fingerprintOf(keyHex: string): string {
  return createHash('sha256').update(Buffer.from(keyHex, 'hex')).digest('hex').slice(0, 16);
}

function replaceStore(folder: string, open: (name: string, key: string) => Database.Database, { keyHex, nextKeyHex, onStep }: RekeyDeps, onSwapped: () => void): void {
  const store = open(storeName, keyHex);
  store.pragma('busy_timeout = 0');
  store.prepare('SELECT count(*) FROM sqlite_schema').get();
  // Leaving WAL mode takes in what the WAL holds and removes it, and fails while anybody else has the file open. Held from here on.
  if (store.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') throw new Error('the store could not leave WAL mode');
  store.pragma('locking_mode = EXCLUSIVE');
  store.exec('BEGIN EXCLUSIVE; COMMIT');
  store.prepare('VACUUM INTO ?').run(path.join(folder, draftName));
  onStep?.('copied');

  const draft = open(draftName, keyHex);
  // A copy that a crash spoils is thrown away, so it needs no journal of its own, which would be as large as itself.
  draft.pragma('journal_mode = OFF');
  draft.pragma('synchronous = OFF');
  draft.pragma(`rekey = "x'${nextKeyHex}'"`);
  draft.close();
  onStep?.('rekeyed');

  const rekeyed = open(draftName, nextKeyHex);
  const integrity = rekeyed.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok') throw new Error(`the copy is not whole: ${String(integrity)}`);
  const [before, after] = [inventory(store), inventory(rekeyed)];
  if (before !== after) throw new Error(`the copy differs: ${before} became ${after}`);
  rekeyed.close();
  onStep?.('verified');

  syncFile(path.join(folder, draftName));
  syncFolder(folder);
  onStep?.('synced');

  store.close();
  for (const name of [storeName, draftName]) {
    for (const suffix of companions) if (fs.existsSync(path.join(folder, name + suffix))) throw new Error(`${name}${suffix} is there: somebody has the store open`);
  }
  fs.renameSync(path.join(folder, draftName), path.join(folder, storeName));
  onSwapped();
  syncFolder(folder);
  onStep?.('swapped');
}

/** What hangs on the store: each can be done again, and the old key is needed until all are. */
function finish({ rewriteJournal, remakeCopies, onStep }: RekeyDeps): CodedError | undefined {
  const journal = rewriteJournal();
  if (!journal.ok) return journal.error;
  onStep?.('journal_rewritten');
  const copies = remakeCopies();
  if (!copies.ok) return copies.error;
  onStep?.('copies_remade');
  return undefined;
}

function refusal(folder: string, keyProvider: string): CodedError | undefined {
  const providerFile = path.join(folder, 'store.key-provider');
  const createdBy = fs.existsSync(providerFile) ? fs.readFileSync(providerFile, 'utf8').trim() : undefined;
  if (createdBy !== undefined && createdBy !== keyProvider) return codedError('KEY_PROVIDER_CHANGED', `created with "${createdBy}", now "${keyProvider}"`);
  const size = fs.statSync(path.join(folder, storeName), { throwIfNoEntry: false })?.size ?? 0;
  return size === 0 ? codedError('STORE_MISSING', path.join(folder, storeName)) : undefined;
}

/** The same lock as `openStore` takes. */
function lockFolder(folder: string, nativeBinding: string | undefined): Database.Database {
  const lock = new Database(path.join(folder, 'store.lock'), nativeBinding ? { nativeBinding } : {});
  try {
    lock.pragma('busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw cause;
  }
}

function opensWith(folder: string, keyHex: string, nativeBinding: string | undefined): boolean {
  const database = openKeyed({ file: path.join(folder, storeName), keyHex, nativeBinding, readonly: true });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_NOTADB') return false;
    throw cause;
  } finally {
    database.close();
  }
}

/** Version, tables with their rows, and where each lane stands: what two files of the same store have in common. */
function inventory(database: Database.Database): string {
  const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").pluck().all() as string[];
  const counts = tables.map((table) => [table, database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get()]);
  const lanes = tables.includes('lanes') ? database.prepare('SELECT * FROM lanes ORDER BY lane').all() : [];
  const schema = database.prepare<[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql').pluck().all();
  return JSON.stringify({ version: database.pragma('user_version', { simple: true }), counts, lanes, schema: createHash('sha256').update(JSON.stringify(schema)).digest('hex') });
}

function removeQuietly(folder: string): void {
  try {
    removeRekeyDraft(folder);
  } catch {
    // It takes room and does nothing else; the next call tries again.
  }
}
