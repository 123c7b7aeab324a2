import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { openKeyed } from './connection.ts';
import { isCutShort, lookAtLog } from './integrity-files.ts';
import { checkAtStart, checkPages, isDamage, wantsFullCheck } from './integrity.ts';
import { newestVersion, versionOf } from './recover-migrate.ts';
import type { Damage, RecoveryDeps } from './recover.ts';
import { setAside, troubleName } from './recover.ts';
import { writeWhole } from './whole-files.ts';

/** What was wrong with a store that is nevertheless used as it is, and is to be said. */
export interface Trouble extends Damage {
  readonly aside: string | undefined;
  /** Nothing of what was committed is missing. */
  readonly isAllThere: boolean;
}

export interface Diagnosed {
  readonly database: Database;
  readonly keyHex: string;
  readonly trouble?: Trouble | undefined;
}

/**
 * Opens a store whose key fits, with its log examined before SQLite touches it, and looks through its pages. What an index lacks is
 * made anew; anything graver goes to `onGrave`, with the store closed.
 * @param onOpened told of the connection, which the caller closes in the end whatever happens
 */
export function diagnose(
  deps: RecoveryDeps, keyHex: string, onOpened: (database: Database) => void, onGrave: (damage: Damage) => Result<Diagnosed, CodedError>,
): Result<Diagnosed, CodedError> {
  const { folder, nativeBinding } = deps;
  const file = path.join(folder, 'store.db');
  const logTrouble = examineLog(deps, keyHex);
  let database = openKeyed({ file, keyHex, nativeBinding });
  onOpened(database);
  const grave = (damage: Damage) => {
    database.close();
    const cause = damage.cause === 'page' && isCutShort(file, keyHex) ? 'file_cut' : damage.cause;
    return onGrave({ ...damage, cause, hasLostLog: logTrouble !== undefined });
  };
  try {
    const version = versionOf(database);
    if (version > newestVersion) return err(codedError('STORE_TOO_NEW', `store is version ${version}, this Counter24 knows ${newestVersion}`));
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    return grave({ cause: 'page', detail: messageOf(cause) });
  }

  const check = (): ReturnType<typeof checkPages> => (logTrouble || wantsFullCheck(folder) ? checkPages(database, 'full') : checkAtStart(database, fs.statSync(file).size));
  const verdict = check();
  if (verdict.kind === 'page') return grave({ cause: 'page', detail: verdict.detail });
  if (verdict.kind === 'index') {
    // Reading a file that SQLite has open takes its locks from it.
    database.close();
    const aside = setAside(deps, 'copy', ['store.db', 'store.db-wal']);
    database = openKeyed({ file, keyHex, nativeBinding });
    onOpened(database);
    const made = reindex(database);
    if (made !== undefined) return grave({ cause: 'index', detail: made });
    return ok({ database, keyHex, trouble: logTrouble ?? { cause: 'index', detail: verdict.detail, aside, isAllThere: true } });
  }
  return ok({ database, keyHex, trouble: logTrouble });
}

/** Indexes are derived: made anew from the rows. Answers what is still wrong afterwards. */
function reindex(database: Database): string | undefined {
  try {
    database.exec('REINDEX');
    const again = checkPages(database, 'full');
    return again.kind === 'well' ? undefined : again.detail;
  } catch (cause) {
    if (isDamage(cause)) return messageOf(cause);
    throw cause;
  }
}

/** A log that SQLite does not take as far as it goes is kept before it is written over; one of another database is put away. */
function examineLog(deps: RecoveryDeps, keyHex: string): Trouble | undefined {
  const log = lookAtLog(path.join(deps.folder, 'store.db'), keyHex);
  if (log.kind === 'damaged' || log.kind === 'foreign') {
    const trouble = { cause: log.kind === 'damaged' ? 'log' : 'log_foreign', detail: log.detail, aside: undefined, isAllThere: false } as const;
    note(deps.folder, trouble);
    const aside = log.kind === 'damaged' ? setAside(deps, 'copy', ['store.db-wal']) : setAside(deps, 'move', ['store.db-wal', 'store.db-shm']);
    return note(deps.folder, { ...trouble, aside });
  }
  const noted = path.join(deps.folder, troubleName);
  // Written here, below, by a start that did not come to its end.
  return fs.existsSync(noted) ? (JSON.parse(fs.readFileSync(noted, 'utf8')) as Trouble) : undefined;
}

/** As soon as SQLite closes the store nothing is to be seen any more of a log that was damaged: it is remembered until its consequences are drawn. */
function note(folder: string, trouble: Trouble): Trouble {
  writeWhole(path.join(folder, troubleName), JSON.stringify(trouble));
  return trouble;
}
