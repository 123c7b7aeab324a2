import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { JobId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { makeDurable, openKeyed } from './connection.ts';
import { copiesFolder, listCopies, verifyCopy } from './copies-files.ts';
import type { Emitter, JournalRecord } from './emitter.ts';
import { createEmitter } from './emitter.ts';
import type { StoreEvents } from './integrity-events.ts';
import { checkPages } from './integrity.ts';
import type { OpenJournal } from './journal.ts';
import { createOutbox } from './outbox.ts';
import { readEpochs, rememberEpochs } from './recover-epochs.ts';
import { openEpochs } from './recover-lanes.ts';
import { migrate, newestVersion } from './recover-migrate.ts';
import { salvage, salvageEvents } from './recover-salvage.ts';
import { syncFile, syncFolder } from './whole-files.ts';

/** What was found; each is recognised by itself (see integrity-files.ts and open.ts). */
export type DamageCause =
  | 'file_missing' | 'file_empty' | 'file_zeroed' | 'file_cut'
  /** Another database, or no database. */
  | 'file_foreign'
  | 'first_page' | 'page' | 'index'
  /** The write-ahead log was not taken up to where it went: what was committed last is gone. */
  | 'log'
  /** The log is another database's. */
  | 'log_foreign'
  /** The file is whole, and less than its journal tells. */
  | 'behind_journal';

export interface Damage {
  readonly cause: DamageCause;
  readonly detail: string;
  /** Its log was damaged, too: what was committed last is gone, whatever else can be read. */
  readonly hasLostLog?: boolean;
}

/** How a store was brought back. It stays in the store until its history was asked of HQ (`recoveryDone`). */
export interface Recovery {
  readonly cause: DamageCause;
  /** `repair`: nothing of the file was lost, or only its end. `copy`: an older copy. `empty`: from the journal alone. */
  readonly from: 'repair' | 'copy' | 'empty';
  /** When that copy was made. */
  readonly copyAt?: number | undefined;
  /** How many events came from the journal. */
  readonly fromJournal: number;
  /** HQ may have what this store lacks: it is to be asked. */
  readonly needsHistory: boolean;
  /** Print jobs that may have come out since: before anything is printed they go to the staff's list (`doubtPrints`). */
  readonly unfinishedPrints: readonly JobId[];
  readonly detail: string;
  /** Folder in which the damaged files are now. */
  readonly aside?: string | undefined;
  readonly at: number;
}

export interface JournalContents {
  readonly records: readonly JournalRecord[];
  /** Nothing in it is damaged or missing. */
  readonly isWhole: boolean;
  readonly firstSegment: number;
}

/** The second file, as recovery uses it. */
export interface RecoveryJournal {
  /** Undefined where there is none that these keys open. */
  read(): JournalContents | undefined;
  /** Brings into the store what it lacks of these, each event once. Within a transaction. Answers the prints of which nobody knows whether they came out. */
  replay(database: Database, records: readonly JournalRecord[], emitter: Emitter): readonly JobId[];
  /** What recovery itself tells is written there, too: else its numbers could be given again. Undefined where there is no journal. */
  write(keyHex: string): OpenJournal | undefined;
}

export interface RecoveryDeps extends StoreEvents {
  readonly folder: string;
  readonly secondFolder?: string | undefined;
  /** The one that the store is under, as far as is known, first. */
  readonly keysHex: readonly string[];
  readonly nativeBinding?: string | undefined;
  readonly now: () => number;
  readonly journal: RecoveryJournal;
  /** Called after each step; for tests, which stop there. */
  readonly onStep?: ((step: RecoveryStep) => void) | undefined;
}

export type RecoveryStep = 'salvaged' | 'copied' | 'emptied' | 'migrated' | 'replayed' | 'drafted' | 'finished' | 'aside_made' | 'file_moved' | 'aside_done' | 'placed';

const draftName = 'store.recovering.db';
const finishedName = 'store.recovered.db';
const companions = ['', '-wal', '-shm', '-journal'] as const;

/**
 * Brings back a store whose files cannot be used as they are. Everything is done on a draft beside it, which becomes `store.recovered.db` when it is
 * complete: until then the damaged files lie untouched, and a start after a kill begins again; from then on it only has to be put in place
 * (`placeRecovered`). The store is closed.
 * @returns STORE_DAMAGED or STORE_FOREIGN where there is nothing to go back to
 */
export function recoverStore(given: RecoveryDeps, damage: Damage): Result<Recovery, CodedError> {
  // One moment for all that is named by it.
  const at = given.now();
  const deps: RecoveryDeps = { ...given, now: () => at };
  const { folder, onStep, onEvent } = deps;
  const draft = path.join(folder, draftName);
  removeWithCompanions(draft);
  const told = deps.journal.read();
  const base = salvagedBase(deps, damage, draft) ?? copiedBase(deps, draft) ?? (told && told.records.length > 0 ? emptyBase(deps, draft) : undefined);
  // A journal may be short or damaged, too: what the file still tells comes first.
  const journal = told && base?.from === 'empty' ? { ...told, records: withoutDoubles([...fromDamaged(deps, damage), ...told.records]) } : told;
  if (!base) {
    removeWithCompanions(draft);
    const code = damage.cause === 'file_foreign' ? 'STORE_FOREIGN' : damage.cause === 'file_missing' || damage.cause === 'file_empty' ? 'STORE_MISSING' : 'STORE_DAMAGED';
    return err(codedError(code, `${path.join(folder, 'store.db')}: ${damage.cause}${damage.detail ? `, ${damage.detail}` : ''}`));
  }
  const database = openKeyed({ file: draft, keyHex: base.keyHex, nativeBinding: deps.nativeBinding });
  try {
    database.pragma('foreign_keys = ON');
    const migrated = migrate(database);
    if (!migrated.ok) return migrated;
    onStep?.('migrated');
    const aside = path.join(folder, asideName(deps));
    const recovery = catchUp(deps, database, journal, { cause: damage.cause, detail: damage.detail, from: base.from, copyAt: base.copyAt, aside, isCertain: base.isCertain(journal) });
    onStep?.('drafted');
    const verdict = checkPages(database, 'quick');
    if (verdict.kind !== 'well') return err(codedError('STORE_DAMAGED', `what was recovered is not whole: ${verdict.detail}`));
    // The file alone is to be moved: it takes in its log first.
    if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') return err(codedError('STORE_FAILED', 'the recovered store could not leave WAL mode'));
    database.close();
    syncFile(draft);
    fs.renameSync(draft, path.join(folder, finishedName));
    syncFolder(folder);
    onStep?.('finished');
    placeRecovered(deps);
    onEvent?.({ level: 'error', code: 'STORE_RECOVERED', message: sentence(recovery), fields: fieldsOf(recovery) });
    return ok(recovery);
  } finally {
    if (database.open) database.close();
  }
}

/**
 * Puts a recovered store in place that is complete, and what was there aside. Called at each start: a kill may have come in between.
 * @returns whether there was one
 */
export function placeRecovered({ folder, now, onStep }: Pick<RecoveryDeps, 'folder' | 'now' | 'onStep'>): boolean {
  const finished = path.join(folder, finishedName);
  if (!fs.existsSync(finished)) return false;
  // What was known of the damaged files is in the recovered one.
  troubleDone(folder);
  setAside({ folder, now, onStep }, 'move', companions.map((suffix) => `store.db${suffix}`));
  fs.renameSync(finished, path.join(folder, 'store.db'));
  syncFolder(folder);
  onStep?.('placed');
  return true;
}

/** Beside the store: what is wrong with it, until its consequences are drawn. */
export const troubleName = 'store.trouble';

export function troubleDone(folder: string): void {
  fs.rmSync(path.join(folder, troubleName), { force: true });
}

/**
 * Keeps damaged files as they are, in a folder of their own beside the store.
 * @param how `copy` where they stay in use
 * @returns the folder; undefined where none of them is there
 */
export function setAside({ folder, now, onStep }: Pick<RecoveryDeps, 'folder' | 'now' | 'onStep'>, how: 'move' | 'copy', names: readonly string[]): string | undefined {
  const there = names.filter((name) => fs.existsSync(path.join(folder, name)));
  if (there.length === 0) return undefined;
  // A start that fails is tried again and again: the same is not kept each time.
  const kept = how === 'copy' ? keptBefore(folder, there) : undefined;
  if (kept) return kept;
  const aside = path.join(folder, asideName({ folder, now }));
  fs.mkdirSync(aside, { recursive: true, mode: 0o700 });
  onStep?.('aside_made');
  for (const name of there) {
    const target = path.join(aside, name);
    if (how === 'copy') {
      fs.copyFileSync(path.join(folder, name), target);
      syncFile(target);
    } else fs.renameSync(path.join(folder, name), target);
    onStep?.('file_moved');
  }
  syncFolder(aside);
  syncFolder(folder);
  onStep?.('aside_done');
  return aside;
}

/** The folder that holds the same files already. */
function keptBefore(folder: string, names: readonly string[]): string | undefined {
  const folders = fs.readdirSync(folder).filter((name) => name.startsWith('damaged-')).map((name) => path.join(folder, name));
  return folders.find((aside) => names.every((name) => isSameFile(path.join(aside, name), path.join(folder, name))));
}

function isSameFile(left: string, right: string): boolean {
  const sizes = [left, right].map((file) => fs.statSync(file, { throwIfNoEntry: false })?.size);
  return sizes[0] !== undefined && sizes[0] === sizes[1] && fs.readFileSync(left).equals(fs.readFileSync(right));
}

/** One that has no file of the store yet: a start after a kill goes on in the folder that it had begun. */
function asideName({ folder, now }: Pick<RecoveryDeps, 'folder' | 'now'>): string {
  const time = new Date(now()).toISOString().replaceAll(':', '-').replace('Z', '');
  for (let count = 1; ; count++) {
    const name = count === 1 ? `damaged-${time}` : `damaged-${time}-${count}`;
    if (!fs.existsSync(path.join(folder, name))) return name;
  }
}

interface CatchUp {
  readonly cause: DamageCause;
  readonly detail: string;
  readonly from: Recovery['from'];
  readonly copyAt?: number | undefined;
  readonly aside?: string | undefined;
  /** The store and the journal are together everything that there was. */
  readonly isCertain: boolean;
}

/**
 * What the journal knows and the store does not, then epochs that nobody has used for the lanes whose end is not certain, and a word to HQ: one transaction,
 * with the note that sync reads.
 */
export function catchUp(deps: RecoveryDeps, database: Database, journal: JournalContents | undefined, { cause, detail, from, copyAt, aside, isCertain }: CatchUp): Recovery {
  const { now, folder } = deps;
  const count = database.prepare<[], number>('SELECT count(*) FROM outbox').pluck();
  const writing = deps.journal.write(deps.keysHex[0]!);
  const emitter = createEmitter({ database, now, newId: () => uuidV7From(now(), randomBytes(10)), journal: writing });
  try {
    return emitter.transaction(() => {
      // An epoch that was being opened: until its end what is moved seems newer than what is not.
      const outbox = createOutbox(database);
      while (outbox.continueEpochs());
      const before = count.get()!;
      const records = journal?.records ?? [];
      const unfinishedPrints = records.length > 0 ? deps.journal.replay(database, records, emitter) : [];
      const fromJournal = count.get()! - before;
      deps.onStep?.('replayed');
      const epochs = openEpochs(database, records, isCertain, from !== 'empty' && (journal?.isWhole ?? false), readEpochs(folder));
      rememberEpochs(folder, database);
      const opened = epochs.map(({ lane, from: left, to }) => `${lane} ${left} -> ${to}`).join(', ');
      // One that is not through yet goes on in this one.
      const earlier = pendingRecovery(database);
      // What is older than it was may have printed since, and no journal tells.
      const perhapsPrinted = from !== 'repair' || !isCertain ? openPrints(database) : [];
      const recovery: Recovery = {
        cause, from, copyAt, fromJournal, aside, at: now(), needsHistory: epochs.length > 0 || earlier?.needsHistory === true,
        unfinishedPrints: [...new Set([...(earlier?.unfinishedPrints ?? []), ...unfinishedPrints, ...perhapsPrinted])],
        detail: [detail, opened && `epochs: ${opened}`, aside && `set aside in ${path.basename(aside)}`].filter(Boolean).join('; ').slice(0, 2000),
      };
      emitter.emit('store.recovered', { cause, from, ...(copyAt === undefined ? {} : { copyAt }), fromJournal, fromHq: 0, detail: recovery.detail });
      database.prepare('INSERT OR REPLACE INTO sync_state (name, value) VALUES (?, ?)').run(recoveryName, JSON.stringify(recovery));
      return recovery;
    })();
  } finally {
    writing?.close();
  }
}

function openPrints(database: Database): readonly JobId[] {
  return database.prepare<[], JobId>("SELECT id FROM jobs WHERE state IN ('queued', 'doing') AND kind <> 'request_service' ORDER BY id").pluck().all();
}

const recoveryName = 'recovery';

/** The recovery whose history HQ has not been asked for yet. */
export function pendingRecovery(database: Database): Recovery | undefined {
  const value = database.prepare<[string], string>('SELECT value FROM sync_state WHERE name = ?').pluck().get(recoveryName);
  return value === undefined ? undefined : (JSON.parse(value) as Recovery);
}

/** HQ has given what it had: sync calls this once. */
export function recoveryDone(database: Database): void {
  database.prepare('DELETE FROM sync_state WHERE name = ?').run(recoveryName);
}

export function sentence({ cause, from, fromJournal, needsHistory, detail }: Recovery): string {
  return `${cause}, brought back from ${from}, ${fromJournal} events from the journal${needsHistory ? ', HQ is asked for the rest' : ''}; ${detail}`;
}

export function fieldsOf({ cause, from, copyAt, fromJournal, needsHistory, aside }: Recovery): Record<string, string | number | boolean | null> {
  return { cause, from, copyAt: copyAt ?? null, fromJournal, needsHistory, aside: aside ?? null };
}

interface Base {
  readonly from: Recovery['from'];
  readonly keyHex: string;
  readonly copyAt?: number | undefined;
  /** Whether this and the journal are together everything that there was. */
  isCertain(journal: JournalContents | undefined): boolean;
}

/** Events that a store with broken pages still tells. */
function fromDamaged({ folder, keysHex, nativeBinding }: RecoveryDeps, { cause }: Damage): readonly JournalRecord[] {
  const [keyHex] = keysHex;
  if (keyHex === undefined || (cause !== 'page' && cause !== 'index')) return [];
  const source = path.join(folder, 'store.salvage.db');
  try {
    for (const suffix of ['', '-wal']) if (fs.existsSync(path.join(folder, `store.db${suffix}`))) fs.copyFileSync(path.join(folder, `store.db${suffix}`), source + suffix);
    return salvageEvents({ file: source, keyHex, nativeBinding });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EIO')) throw cause;
    return [];
  } finally {
    removeWithCompanions(source);
  }
}

/** Each event once, where it stands first. */
function withoutDoubles(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    if (record.kind !== 'event') return true;
    const isNew = !seen.has(record.event.id);
    seen.add(record.event.id);
    return isNew;
  });
}

/** Only a broken page leaves rows to read. */
function salvagedBase({ folder, keysHex, nativeBinding, onStep }: RecoveryDeps, { cause, hasLostLog }: Damage, draft: string): Base | undefined {
  if (cause !== 'page' && cause !== 'index') return undefined;
  const [keyHex] = keysHex;
  // From a copy with its log: opening the store itself would write into it.
  const source = path.join(folder, 'store.salvage.db');
  try {
    for (const suffix of ['', '-wal']) if (fs.existsSync(path.join(folder, `store.db${suffix}`))) fs.copyFileSync(path.join(folder, `store.db${suffix}`), source + suffix);
    if (!keyHex || !salvage({ file: source, keyHex, nativeBinding }, { file: draft, keyHex, nativeBinding })) {
      removeWithCompanions(draft);
      return undefined;
    }
  } catch (cause) {
    // The disk itself cannot read it. Any other error, as one that is full, is not for now and for good.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EIO')) throw cause;
    removeWithCompanions(draft);
    return undefined;
  } finally {
    removeWithCompanions(source);
  }
  onStep?.('salvaged');
  return { from: 'repair', keyHex, isCertain: (journal) => hasLostLog !== true || journal?.isWhole === true };
}

/** The newest copy that is whole, of both places and with any key that there is. */
function copiedBase({ folder, secondFolder, keysHex, nativeBinding, onStep, onEvent }: RecoveryDeps, draft: string): Base | undefined {
  for (const copy of listCopies([copiesFolder(folder), ...(secondFolder === undefined ? [] : [secondFolder])])) {
    let why = '';
    for (const keyHex of keysHex) {
      removeWithCompanions(draft);
      try {
        fs.copyFileSync(copy.file, draft);
        fs.chmodSync(draft, 0o600);
      } catch (cause) {
        why = messageOf(cause);
        break;
      }
      const verified = verifyCopy({ file: draft, keyHex, nativeBinding }, newestVersion);
      if (verified.ok) {
        onStep?.('copied');
        const { segment } = copy;
        const isCertain = (journal: JournalContents | undefined) => journal !== undefined && journal.isWhole && segment !== undefined && journal.firstSegment <= segment;
        return { from: 'copy', keyHex, copyAt: copy.madeAt, isCertain };
      }
      why = verified.error;
    }
    onEvent?.({ level: 'warn', message: 'a copy of the store cannot be used', fields: { file: path.basename(copy.file), detail: why } });
  }
  removeWithCompanions(draft);
  return undefined;
}

function emptyBase({ keysHex, nativeBinding, onStep }: RecoveryDeps, draft: string): Base | undefined {
  const [keyHex] = keysHex;
  if (keyHex === undefined) return undefined;
  removeWithCompanions(draft);
  const database = openKeyed({ file: draft, keyHex, nativeBinding });
  try {
    const durable = makeDurable(database);
    if (!durable.ok) return undefined;
    fs.chmodSync(draft, 0o600);
  } finally {
    database.close();
  }
  onStep?.('emptied');
  return { from: 'empty', keyHex, isCertain: () => false };
}

function removeWithCompanions(file: string): void {
  for (const suffix of companions) fs.rmSync(file + suffix, { force: true });
}
