import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { makeDurable } from './connection.ts';
import { copyBeforeMigration } from './copies.ts';
import { copiesFolder, listCopies, verifyCopy } from './copies-files.ts';
import type { StoreEvents } from './integrity-events.ts';
import { isSqliteError, isStoreOf, keyFits, lookAtFile, readKeyProof, writeKeyProof } from './integrity-files.ts';
import { fullCheckDone } from './integrity.ts';
import { segmentsOf } from './journal.ts';
import { rememberEpochs } from './recover-epochs.ts';
import { diagnose } from './recover-diagnose.ts';
import { bringLevel } from './recover-in-place.ts';
import { createRecoveryJournal } from './recover-journal.ts';
import { migrate, newestVersion } from './recover-migrate.ts';
import type { Damage, Recovery, RecoveryDeps, RecoveryJournal } from './recover.ts';
import { pendingRecovery, placeRecovered, recoverStore, troubleDone } from './recover.ts';
import { removeRekeyDraft } from './rekey.ts';

export interface StoreOptions extends StoreEvents {
  readonly folder: string;
  /** The raw 32-byte key as hex. Never a passphrase: deriving one costs 160 ms at each open. */
  readonly keyHex: string;
  /** While the key is being changed: the one after it, which the store may be under already. */
  readonly nextKeyHex?: string | undefined;
  /** Which provider gave the key: remembered beside the store, a change is refused by name. */
  readonly keyProvider: string;
  /** Where copies are kept besides: another disk, this kiosk's part of it alone. */
  readonly secondFolder?: string | undefined;
  /** Another build of the addon, for runtimes that the package's own does not load in. */
  readonly nativeBinding?: string | undefined;
  /** Epoch milliseconds UTC. */
  readonly now?: () => number;
  /** The second file; the one in `folder` where none is given. */
  readonly journal?: RecoveryJournal | undefined;
  /** For tests, which stop a recovery after one of its steps. */
  readonly onStep?: RecoveryDeps['onStep'];
}

export interface OpenStore {
  readonly database: Database.Database;
  /** The key that the store is under. */
  readonly keyHex: string;
  /** 0 for `keyHex`, 1 for `nextKeyHex` of the options. */
  readonly keyIndex: number;
  /** How the store was brought back, now or at an earlier start whose history HQ has not been asked for yet. */
  readonly recovery: Recovery | undefined;
  /** Whether the file that is open is still the one at its path: a deleted one takes every write, and keeps none. */
  isInPlace(): boolean;
  close(): void;
}

/**
 * Opens the encrypted store, or creates it where there is none, and brings its schema up to date. A store that is damaged, gone or behind its
 * journal is brought back (docs: recover.ts), and says so; what was found is kept aside. Where there is nothing to bring it back from, or the key
 * is not known to be the right one, it is left untouched: never a new empty store in silence.
 */
export function openStore(options: StoreOptions): Result<OpenStore, CodedError> {
  const { folder, nativeBinding } = options;
  const opened: Database.Database[] = [];
  const close = () => {
    for (const database of opened.reverse()) if (database.open) database.close();
  };
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = new Database(path.join(folder, 'store.lock'), nativeBinding ? { nativeBinding } : {});
    opened.push(lock);
    const locked = lockFolder(lock);
    const opening = locked.ok ? openLocked(options, (database) => opened.push(database)) : locked;
    if (!opening.ok) {
      close();
      return opening;
    }
    return ok({ ...opening.value, isInPlace: stillInPlace(path.join(folder, 'store.db')), close });
  } catch (cause) {
    close();
    return err(codedError(isSqliteError(cause, 'SQLITE_FULL') || hasCode(cause, 'ENOSPC') ? 'DISK_FULL' : 'STORE_FAILED', messageOf(cause)));
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

type Opened = Pick<OpenStore, 'database' | 'keyHex' | 'keyIndex' | 'recovery'>;

function openLocked(options: StoreOptions, onOpened: (database: Database.Database) => void): Result<Opened, CodedError> {
  const { folder, keyProvider, now = Date.now } = options;
  const keysHex = [options.keyHex, ...(options.nextKeyHex === undefined ? [] : [options.nextKeyHex])];
  const providerFile = path.join(folder, 'store.key-provider');
  const createdBy = fs.existsSync(providerFile) ? fs.readFileSync(providerFile, 'utf8').trim() : undefined;
  if (createdBy !== undefined && createdBy !== keyProvider) {
    return err(codedError('KEY_PROVIDER_CHANGED', `created with "${createdBy}", now "${keyProvider}"`));
  }
  placeRecovered({ folder, now, onStep: options.onStep });
  removeRekeyDraft(folder);

  const journal = options.journal ?? createRecoveryJournal(folder, keysHex, now, options);
  const found = findKey({ ...options, keysHex, journal, wasHere: createdBy !== undefined });
  if (!found.ok) return found;
  const { keyHex, damage } = found.value;
  const deps: RecoveryDeps = { ...options, now, journal, keysHex: [keyHex, ...keysHex.filter((other) => other !== keyHex)] };
  const opening = damage ? recoverAndOpen(deps, damage, onOpened) : diagnose(deps, keyHex, onOpened, (grave) => recoverAndOpen(deps, grave, onOpened));
  if (!opening.ok) return opening;
  const { database, keyHex: usedKeyHex, trouble } = opening.value;

  const durable = makeDurable(database);
  if (!durable.ok) return durable;
  const migrated = migrate(database, (version) => copyBeforeMigration(database, folder, version, now()));
  if (!migrated.ok) return migrated;
  bringLevel(deps, database, trouble);
  rememberEpochs(folder, database);
  writeKeyProof(folder, usedKeyHex, String(database.pragma('cipher_salt', { simple: true })));
  if (createdBy === undefined) fs.writeFileSync(providerFile, `${keyProvider}\n`, { mode: 0o600, flush: true });
  fullCheckDone(folder);
  troubleDone(folder);
  return ok({ database, keyHex: usedKeyHex, keyIndex: keysHex.indexOf(usedKeyHex), recovery: pendingRecovery(database) });
}

/** After a recovery the file is a new one, and is opened as any other; it is not recovered twice. */
function recoverAndOpen(deps: RecoveryDeps, damage: Damage, onOpened: (database: Database.Database) => void): ReturnType<typeof diagnose> {
  const recovered = recoverStore(deps, damage);
  if (!recovered.ok) return recovered;
  const file = path.join(deps.folder, 'store.db');
  const keyHex = deps.keysHex.find((candidate) => keyFits(file, candidate));
  if (keyHex === undefined) return err(codedError('STORE_DAMAGED', 'what was recovered cannot be opened'));
  return diagnose(deps, keyHex, onOpened, (grave) => err(codedError('STORE_DAMAGED', `what was recovered is damaged: ${grave.cause}, ${grave.detail}`)));
}

interface Search extends StoreOptions {
  readonly keysHex: readonly string[];
  readonly journal: RecoveryJournal;
  readonly wasHere: boolean;
}

/** The key that the store is under; where the file does not tell, the one that is known to be the store's by other signs, and what is wrong with the file. */
function findKey(search: Search): Result<{ readonly keyHex: string; readonly damage?: Damage }, CodedError> {
  const { folder, keysHex } = search;
  const file = path.join(folder, 'store.db');
  const look = lookAtFile(file);
  if (look === 'missing' || look === 'empty') {
    const copies = listCopies(copyPlaces(search));
    const wasHere = search.wasHere || fs.existsSync(`${file}-wal`) || segmentsOf(path.join(folder, 'journal')).length > 0 || copies.length > 0;
    if (!wasHere) return ok({ keyHex: search.keyHex });
    return ok({ keyHex: provenKey(search) ?? search.keyHex, damage: { cause: look === 'missing' ? 'file_missing' : 'file_empty', detail: '' } });
  }
  const fitting = keysHex.find((keyHex) => keyFits(file, keyHex));
  if (fitting !== undefined) return ok({ keyHex: fitting });

  const keyHex = provenKey(search);
  if (keyHex === undefined) return err(codedError(look === 'foreign' ? 'STORE_FOREIGN' : look === 'pages' ? 'STORE_KEY_REJECTED' : 'STORE_DAMAGED', file));
  if (look !== 'pages') return ok({ keyHex, damage: { cause: look === 'foreign' ? 'file_foreign' : look === 'zeroed' ? 'file_zeroed' : 'file_cut', detail: '' } });
  const isOurs = isStoreOf(file, keyHex, readKeyProof(folder, keyHex).salt);
  return ok({ keyHex, damage: isOurs ? { cause: 'first_page', detail: 'other pages are whole' } : { cause: 'file_foreign', detail: 'no page of it is under this key' } });
}

/** A key that has opened this store before, or opens one of its copies or its journal. */
function provenKey(search: Search): string | undefined {
  const { folder, keysHex, nativeBinding, journal } = search;
  const file = path.join(folder, 'store.db');
  const look = lookAtFile(file);
  const known = keysHex.find((keyHex) => readKeyProof(folder, keyHex).isThisKey || ((look === 'pages' || look === 'cut') && isStoreOf(file, keyHex, undefined)));
  if (known !== undefined) return known;
  const copies = listCopies(copyPlaces(search));
  const ofCopy = keysHex.find((keyHex) => copies.some((copy) => verifyCopy({ file: copy.file, keyHex, nativeBinding }, newestVersion).ok));
  return ofCopy ?? (keysHex.length === 1 && journal.read() ? keysHex[0] : undefined);
}

function copyPlaces({ folder, secondFolder }: StoreOptions): readonly string[] {
  return [copiesFolder(folder), ...(secondFolder === undefined ? [] : [secondFolder])];
}

function stillInPlace(file: string): () => boolean {
  const opened = fs.statSync(file);
  return () => {
    const current = fs.statSync(file, { throwIfNoEntry: false });
    return current?.ino === opened.ino && current.dev === opened.dev;
  };
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
