import type { Database } from 'better-sqlite3';
import { lanes } from '../../domain/contract/hq.ts';
import type { Trouble } from './recover-diagnose.ts';
import { journalHeads, standing } from './recover-lanes.ts';
import type { Recovery, RecoveryDeps } from './recover.ts';
import { catchUp, fieldsOf, sentence } from './recover.ts';

/**
 * The last step of each start: a store that is less than its journal tells gets the rest, with the same event ids. A log that lost its end leaves a
 * store that opens as if nothing were (500 of 500 tried): only the journal knows. One transaction; nothing where all is well.
 */
export function bringLevel(deps: RecoveryDeps, database: Database, trouble: Trouble | undefined): Recovery | undefined {
  const journal = deps.journal.read();
  const heads = journalHeads(journal?.records ?? []);
  const apart = lanes.filter((lane) => standing(database, lane, heads.get(lane)) !== 'level');
  if (!trouble && apart.length === 0) return undefined;
  indexAnew(database);
  const recovery = catchUp(deps, database, journal, {
    cause: trouble?.cause ?? 'behind_journal', from: 'repair', aside: trouble?.aside,
    detail: [trouble?.detail, apart.length > 0 && `behind: ${apart.join(', ')}`].filter(Boolean).join('; '),
    // What a log has lost stands in the journal, which was written first.
    isCertain: trouble?.isAllThere === true || journal?.isWhole === true,
  });
  // So that what is left of the old log is not examined again.
  if (trouble) database.pragma('wal_checkpoint(TRUNCATE)');
  deps.onEvent?.({ level: 'error', code: 'STORE_RECOVERED', message: sentence(recovery), fields: fieldsOf(recovery) });
  return recovery;
}

/**
 * A log that lost its end after it was copied into the store leaves pages of two times: an index may know of a row that its table has not yet, and then the
 * row that the journal brings back is taken for one that is there. The rows count. An index that they contradict stays as it is.
 */
function indexAnew(database: Database): void {
  const names = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'index'").pluck().all();
  for (const name of names) {
    try {
      database.exec(`REINDEX "${name}"`);
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('SQLITE_CONSTRAINT'))) throw cause;
    }
  }
}
