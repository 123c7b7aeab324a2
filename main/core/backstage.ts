import { createPrivateKey, sign } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Lane, LogLine } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { appVersion } from '../../domain/version.ts';
import type { AuditStore } from '../store/audit.ts';
import { createAuditStore } from '../store/audit.ts';
import { createClosings } from '../store/closing.ts';
import type { CommandStore } from '../store/commands.ts';
import { createCommandStore } from '../store/commands.ts';
import type { DiskState } from '../store/disk.ts';
import { isDiskFull, watchDisk } from '../store/disk.ts';
import { createDocumentStore } from '../store/documents.ts';
import type { Emitter } from '../store/emitter.ts';
import { createEmitter } from '../store/emitter.ts';
import type { HelpStore } from '../store/help.ts';
import { createHelpStore } from '../store/help.ts';
import type { StoredIdentity } from '../store/identity.ts';
import { claimIdentity, createIdentityStore } from '../store/identity.ts';
import { askForFullCheck, isDamage } from '../store/integrity.ts';
import { createJournal } from '../store/journal.ts';
import type { OpenStore } from '../store/open.ts';
import type { StoreReader } from '../store/reader.ts';
import type { SqlRow, SqlValue } from '../store/short-read.ts';
import { createStoreReader } from '../store/reader.ts';
import { recoveryDone } from '../store/recover.ts';
import { doubtPrints, replayRecords } from '../store/replay.ts';
import type { StaffStore } from '../store/staff.ts';
import { createStaffStore } from '../store/staff.ts';
import type { StoreWriter } from '../store/writer.ts';
import { createStoreWriter } from '../store/writer.ts';
import type { AskFailure, SyncStatus } from '../sync/sync.ts';
import { createDayCloser } from './closing.ts';
import { besideConfig } from './configuration.ts';
import type { DocumentKeeper } from './document-keeper.ts';
import { createDocumentKeeper } from './document-keeper.ts';
import { faultOf } from './faults.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';
import type { LogBook } from './log-book.ts';
import { createLogShipper } from './log-shipper.ts';
import type { StoreLink } from './store-link.ts';
import { startStoreLink } from './store-link.ts';
import { startSync } from './sync-link.ts';

export interface BackstageDeps {
  readonly config: KioskConfig;
  readonly configFile: string;
  readonly dataFolder: string;
  readonly sqliteAddon: string | undefined;
  readonly store: OpenStore;
  readonly boot: { readonly id: string; readonly monotonicMs: () => number };
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
  /** The threads for sync and for the store's chores are started. Without them the kiosk sells, and tells nobody. */
  readonly hasThreads: boolean;
  readonly onDisk: (state: DiskState) => void;
  /** HQ has more of the orders than before, or documents and commands of HQ's wait, or a restored store got back what it lacked. */
  readonly onChange: () => void;
  /** HQ has come or gone. */
  readonly onHq: () => void;
  /** The store was found broken: close all of it when nobody is there, and open it again, which repairs it. */
  readonly onDamage: () => void;
}

/** What goes on behind selling for as long as the store is open: its writers, sync, its chores, the disk, the books of days. */
export interface Backstage {
  readonly kioskId: string;
  readonly database: Database;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly emitter: Emitter;
  readonly documents: DocumentKeeper;
  readonly commandStore: CommandStore;
  readonly helpStore: HelpStore;
  /** What staff did. */
  readonly audit: AuditStore;
  readonly staffStore: StaffStore;
  /** Goes to HQ, too: warnings and errors by themselves. */
  readonly log: Log;
  identity(): StoredIdentity;
  disk(): DiskState;
  /** Of the store's disk; undefined where it does not tell. */
  freeBytes(): number | undefined;
  /** Somebody met a fault of the store: a full disk ends selling until there is room, damage until it is mended. Others it leaves alone. */
  storeFault(cause: unknown): void;
  sync(): SyncStatus | undefined;
  /** HQ answers, as far as was last heard. */
  isHqThere(): boolean;
  /** False while HQ may still tell a restored store what had become of its orders: until then no money goes back by what this store knows. */
  isHistoryKnown(): boolean;
  customerPresent(isPresent: boolean): void;
  /** A question to HQ for somebody who waits (`Sync.ask`). */
  ask(path: string, body: unknown, timeoutMs: number): Promise<Result<unknown, AskFailure>>;
  /** The log on this disk; missing without threads. */
  readonly logBook: LogBook | undefined;
  /** Reads what is committed in the store, in the thread of its chores, in milliseconds or not at all. Never rejects. */
  read(sql: string, parameters?: readonly SqlValue[]): Promise<Result<readonly SqlRow[], CodedError>>;
  /** For so many minutes what is only informative goes to HQ by itself, too. */
  followLogs(minutes: number): void;
  /** Log lines of the last minutes, of every level; answers how many go. */
  sendLogs(minutes: number): number;
  backUp(): Promise<Result<void, CodedError>>;
  stop(): Promise<void>;
}

const timers = { setTimeout: (act: () => void, ms: number) => setTimeout(act, ms), clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout) };
const minuteMs = 60_000;
const choresAfterMs = 10_000;

/** Refused by name where the store belongs to another kiosk. */
export function startBackstage(deps: BackstageDeps): Result<Backstage, CodedError> {
  const { config, store, boot, now, newId, sqliteAddon } = deps;
  const { database, keyHex, recovery } = store;
  const storeFolder = path.join(deps.dataFolder, 'store');
  const journalFolder = path.join(storeFolder, 'journal');
  const journal = createJournal({ folder: journalFolder, keyHex, onProblem: (problem) => log.error(codedError('STORE_DAMAGED', `the journal: ${JSON.stringify(problem)}`)) });
  const emitter = createEmitter({ database, now, newId, boot, journal });
  const claimed = claimIdentity(database, config.kioskId, emitter);
  if (!claimed.ok) {
    journal.close();
    return claimed;
  }
  const identities = createIdentityStore(database);
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now, newId, emitter, hasStaffPrinter: config.kitchenPrinter !== undefined });

  // Before anything is printed: what a restored store got back may have come out long ago, and what waited for something else may fit now.
  const { unfinishedPrints } = replayRecords(database, [], { now, newId, emitter });
  doubtPrints({ reader, writer }, [...(recovery?.unfinishedPrints ?? []), ...unfinishedPrints]);
  if (recovery && !recovery.needsHistory) recoveryDone(database);

  let isStopped = false;
  let disk: DiskState = 'well';
  const shipper = createLogShipper({
    now, timers, disk: () => disk,
    emit: emitter.transaction((lines: readonly LogLine[], dropped: number) => void emitter.emit('log.lines', { lines: [...lines], ...(dropped > 0 ? { dropped } : {}) })),
  });
  const log = shipper.tee(deps.log);
  const storeLog = withSource(log, 'store');
  const syncLog = withSource(log, 'sync');
  const logBook = deps.hasThreads ? deps.log.book : undefined;
  logBook?.open({
    folder: storeFolder, storeKeyHex: keyHex, nativeBinding: sqliteAddon,
    limits: { maxEntries: config.logs.maxEntries, maxBytes: config.logs.maxMegabytes * 1024 * 1024 },
  });
  const documents = createDocumentKeeper({ documents: createDocumentStore(database, emitter), transaction: emitter.transaction, writer, log });
  const tellDisk = emitter.transaction((state: DiskState, freeBytes: number) => void emitter.emit('disk.state', { state, freeBytes: Math.floor(freeBytes) }));
  const diskWatch = watchDisk({
    folder: storeFolder, minFreeMegabytes: config.store.minFreeMegabytes, timers,
    onState(state, freeBytes) {
      disk = state;
      logBook?.setDisk(state);
      if (state === 'full') log.error(codedError('DISK_FULL', `${freeBytes} bytes are free`));
      else if (state === 'low') log.error(codedError('DISK_LOW', `${freeBytes} bytes are free`));
      else storeLog.info('the disk has room again', { freeBytes, event: 'disk.well' });
      // What cannot be written is not told: the next change is.
      try {
        if (state !== 'full') tellDisk(state, freeBytes);
      } catch (cause) {
        log.error(faultOf(cause));
      }
      deps.onDisk(state);
    },
    onUnknown: (cause) => log.error(faultOf(cause)),
  });
  const audit = createAuditStore(database, emitter, config.kioskId, now);
  const closeCutOff = (isLate: boolean) => guarded(() => {
    const cutOff = audit.closeCutOff(isLate);
    if (cutOff > 0) log.warn('acts of staff were cut off in the middle', { acts: cutOff });
  });
  // A restored store hears from HQ first how they have ended: an entry of its own before that would be another chain than the one that HQ has.
  if (!recovery?.needsHistory) closeCutOff(false);
  audit.check()
    .then(({ whole, detail }) => !whole && log.error(codedError('AUDIT_BROKEN', detail)))
    // The store may be closed by now, or is damaged, which others find out, too.
    .catch((cause: unknown) => isStopped || log.error(faultOf(cause)));
  const key = createPrivateKey({ key: Buffer.from(claimed.value.privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const dayCloser = createDayCloser({
    closings: createClosings({ database, emitter, kioskId: config.kioskId, now, sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64') }),
    now, timeZone: () => documents.current('config')?.shop?.timeZone ?? config.shop.timeZone,
    onClosed: ({ number, day }) => log.info('the day is closed', { number, day }),
    onProblem: (cause) => log.error(faultOf(cause)),
  });

  function storeFault(cause: unknown): void {
    if (isDiskFull(cause)) diskWatch.writeFailed();
    if (!isDamage(cause)) return;
    askForFullCheck(storeFolder, messageOf(cause));
    deps.onDamage();
  }

  function guarded(act: () => void): void {
    try {
      act();
    } catch (cause) {
      storeFault(cause);
      log.error(faultOf(cause));
    }
  }

  /** What sync's thread wrote may be what somebody waits for here. */
  function heard(): void {
    guarded(writer.finishRequestedServices);
    deps.onChange();
  }

  const lanePosition = database.prepare<[string], { epoch: number; upTo: number }>('SELECT epoch, acknowledged AS upTo FROM lanes WHERE lane = ?');

  /** What tells later when HQ had an order. The log's own lane is not told of: each acknowledgement would be news to be acknowledged. */
  function tellAcknowledged(lane: Lane): void {
    if (lane === 'logs') return;
    guarded(() => {
      const position = lanePosition.get(lane);
      if (position) syncLog.info('HQ has it', { event: 'sync.acknowledged', lane, ...position });
    });
  }

  let wasHqThere = false;
  let isHistoryKnown = !recovery?.needsHistory;
  const isHqThere = () => sync?.state()?.online ?? false;
  const storeAccess = { keyHex, nativeBinding: sqliteAddon };
  const sync = deps.hasThreads
    ? startSync({
        kioskId: config.kioskId, hq: config.hq, enrolmentFile: besideConfig(deps.configFile, config.hq.enrolmentFile), guardFile: path.join(deps.dataFolder, 'sync.guard'),
        store: { file: path.join(storeFolder, 'store.db'), ...storeAccess }, journalFolder, app: appVersion, boot, needsHistory: recovery?.needsHistory ?? false,
        onAcknowledged(lane) {
          tellAcknowledged(lane);
          if (lane === 'orders') heard();
        },
        onNews: deps.onChange,
        onState() {
          if (isHqThere() === wasHqThere) return;
          wasHqThere = isHqThere();
          syncLog.info(wasHqThere ? 'HQ answers' : 'HQ is away', { event: wasHqThere ? 'sync.online' : 'sync.offline' });
          deps.onHq();
        },
        onTrouble: (error) => syncLog.error(error),
        onNote: (message) => syncLog.info(message),
        onReplayed(applied, conflicts) {
          if (applied > 0) syncLog.warn('HQ had what this store lacked', { applied, conflicts: conflicts.slice(0, 20).join('; ') });
          heard();
        },
        onHistoryTold() {
          isHistoryKnown = true;
          if (!recovery) return;
          guarded(() => recoveryDone(database));
          closeCutOff(true);
        },
      })
    : undefined;
  let isQuiet = true;
  let storeLink: StoreLink | undefined;
  const chores = (): StoreLink | undefined => {
    if (!deps.hasThreads || isStopped) return undefined;
    if (!storeLink) {
      storeLink = startStoreLink({
        folder: storeFolder, ...storeAccess, secondFolder: secondFolderOf(config, deps.configFile),
        personalDays: config.store.personalDays, minFreeMegabytes: config.store.minFreeMegabytes, timeZone: config.shop.timeZone,
        onEvent({ level, code, message, fields }) {
          if (code) storeLog.error(codedError(code, message), fields);
          else storeLog[level === 'info' ? 'info' : 'warn'](message, fields);
        },
        onDamage(detail) {
          log.error(codedError('STORE_DAMAGED', detail));
          deps.onDamage();
        },
      });
      storeLink.setQuiet(isQuiet);
    }
    return storeLink;
  };
  // The kiosk sells first; none of the chores is due in its first minutes.
  const choresTimer = setTimeout(chores, recovery ? 0 : choresAfterMs);

  // What was brought back is worth a good copy at once.
  if (recovery) void chores()?.run('copy');

  return ok({
    kioskId: config.kioskId, database, reader, writer, emitter, documents, log, identity: () => identities.read() ?? claimed.value,
    commandStore: createCommandStore(database, emitter, boot.id),
    audit,
    staffStore: createStaffStore(database, emitter, now),
    helpStore: createHelpStore(database, emitter, now, newId),
    disk: () => disk,
    freeBytes() {
      try {
        const { bavail, bsize } = fs.statfsSync(storeFolder);
        return bavail * bsize;
      } catch {
        return undefined;
      }
    },
    storeFault,
    sync: () => sync?.state(),
    isHqThere,
    isHistoryKnown: () => isHistoryKnown,
    customerPresent(isPresent) {
      sync?.customerPresent(isPresent);
      isQuiet = !isPresent;
      storeLink?.setQuiet(isQuiet);
    },
    ask: async (path, body, timeoutMs) => sync?.ask(path, body, timeoutMs) ?? err({ kind: 'not_asked', detail: 'no thread for it' }),
    logBook,
    read: async (sql, parameters) => chores()?.read(sql, parameters) ?? err(codedError('STORE_FAILED', 'no thread for it')),
    followLogs: shipper.followFor,
    sendLogs: (minutes) => shipper.shipSince(now() - minutes * minuteMs),
    backUp: async () => chores()?.run('copy') ?? err(codedError('STORE_COPY_FAILED', 'no thread for it')),
    async stop() {
      isStopped = true;
      clearTimeout(choresTimer);
      diskWatch.stop();
      dayCloser.stop();
      shipper.stop();
      await Promise.all([sync?.stop(), storeLink?.stop()]);
      journal.close();
      await logBook?.close();
    },
  });
}

/** This kiosk's part of the second disk, alone. */
export function secondFolderOf({ store: { secondFolder }, kioskId }: KioskConfig, configFile: string): string | undefined {
  return secondFolder && path.join(besideConfig(configFile, secondFolder), kioskId);
}
