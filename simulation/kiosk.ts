import { createPrivateKey, sign } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { KioskId } from '../domain/ids.ts';
import { uuidV7From } from '../domain/ids.ts';
import { createDayCloser } from '../main/core/closing.ts';
import type { Commands } from '../main/core/commands.ts';
import { createCommands } from '../main/core/commands.ts';
import type { DocumentKeeper } from '../main/core/document-keeper.ts';
import { createDocumentKeeper } from '../main/core/document-keeper.ts';
import { createFaults } from '../main/core/faults.ts';
import type { Log } from '../main/core/log.ts';
import { createSyncPart } from '../main/core/sync-part.ts';
import type { FromSyncWorker } from '../main/core/sync-worker.ts';
import { boundWal, createCheckpointer } from '../main/store/checkpoints.ts';
import { createClosings } from '../main/store/closing.ts';
import { createCommandStore } from '../main/store/commands.ts';
import { makeDurable, openKeyed } from '../main/store/connection.ts';
import { createCopyKeeper } from '../main/store/copies.ts';
import { createDocumentStore } from '../main/store/documents.ts';
import type { Emitter, Journal } from '../main/store/emitter.ts';
import { createEmitter } from '../main/store/emitter.ts';
import { createHelpStore } from '../main/store/help.ts';
import { claimIdentity } from '../main/store/identity.ts';
import { askForFullCheck } from '../main/store/integrity.ts';
import { createJournal } from '../main/store/journal.ts';
import type { OpenStore } from '../main/store/open.ts';
import { openStore } from '../main/store/open.ts';
import type { StoreReader } from '../main/store/reader.ts';
import { createStoreReader } from '../main/store/reader.ts';
import { recoveryDone } from '../main/store/recover.ts';
import type { StockReader, StockWriter } from '../main/store/stock.ts';
import { createStockReader, createStockWriter } from '../main/store/stock.ts';
import type { StoreWriter } from '../main/store/writer.ts';
import { createStoreWriter } from '../main/store/writer.ts';
import { openGuard } from '../main/sync/guard.ts';
import type { Sync } from '../main/sync/sync.ts';
import type { Frozen } from './disk.ts';
import { flipBit, freeze, newestSegment, thaw } from './disk.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import { catalogueOf } from './wares.ts';
import type { World } from './world.ts';

/** One run of a kiosk's process: what `main/core/backstage.ts` and `kiosk.ts` put together, on the simulation's clocks. */
export interface Process {
  readonly database: Database;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly stock: StockWriter;
  readonly shelves: StockReader;
  readonly emitter: Emitter;
  readonly documents: DocumentKeeper;
  readonly commands: Commands;
  readonly sync: Sync;
  readonly publicKey: string;
  lookAtDay(): void;
  copy(): void;
  now(): number;
  newId(): string;
}

/** When a process dies in the middle of a transaction: before its record is in the journal, or after it and before the commit. */
export type DeathIn = 'before_journal' | 'after_journal' | 'torn_journal';

export interface Losses {
  /** Bytes of the end of the write-ahead log that a lying disk did not keep. */
  readonly walBytes?: number;
  /** What was appended to the journal and not synced is gone, too. */
  readonly unsynced?: boolean;
}

/** One machine with its disk. Two of them can have one identity. */
export interface SimKiosk {
  readonly name: string;
  readonly kioskId: KioskId;
  readonly folder: string;
  /** Counts its starts: what belonged to another one is over. */
  starts(): number;
  running(): Process | undefined;
  /** Starts it; false where the store could not be opened now. */
  start(): boolean;
  /** The process ends here, and with it every timer and promise; the disk stays as a power cut leaves it. */
  kill(losses?: Losses): void;
  /** As on a restart that was asked for. */
  stop(): Promise<void>;
  dieIn(where: DeathIn): void;
  /** Does something as core would. False where it could not be done now: the disk is full, or the process died of it. */
  act(what: string, step: (process: Process) => void): boolean;
  setFull(isFull: boolean): void;
  isFull(): boolean;
  jumpClock(byMs: number): void;
  /** A copy of all of its disk as it lies now. */
  image(to: string): void;
  putBack(from: string): void;
  /** One bit of the store's main file; the machine is off. */
  flip(): void;
  setCustomerPresent(isPresent: boolean): void;
  readonly onStarted: (run: () => void) => void;
}

export interface SimKioskDeps {
  readonly name: string;
  readonly kioskId: KioskId;
  readonly folder: string;
  readonly world: World;
  readonly random: Random;
  readonly fetchOf: (isAlive: () => boolean) => typeof globalThis.fetch;
  readonly story: Story;
  /** Epoch milliseconds when the world began. */
  readonly epochMs: number;
  readonly hqPublicKey: string;
  readonly enrolmentCode: () => string | undefined;
  /** HQ has asked for a restart. */
  readonly onRestart: () => void;
}

const keyHex = '5c'.repeat(32);
/** Timers fire late on a slow machine; more so while nothing goes on, so that days go by. */
const lateness = { busy: { factor: 8, mostMs: 30_000 }, quiet: { factor: 2_000, mostMs: 1_000_000 } } as const;
const busyForMs = 180_000;

class Death extends Error {}

export function createSimKiosk(deps: SimKioskDeps): SimKiosk {
  const { name, kioskId, folder, world, random, story, epochMs } = deps;
  const storeFolder = path.join(folder, 'store');
  const guardFile = path.join(folder, 'sync.guard');
  let clockOffsetMs = random.int(20_000) - 10_000;
  let starts = 0;
  let full = false;
  let death: DeathIn | undefined;
  let busyUntilMs = 0;
  let process: Process | undefined;
  let end: (() => void) | undefined;
  let whenEnding: ((losses?: Losses, frozen?: Frozen) => void) | undefined;
  let graceful: (() => Promise<void>) | undefined;
  let fill: ((isFull: boolean) => void) | undefined;
  const startedListeners: (() => void)[] = [];
  const happens = (what: string) => story.happens(name, what);

  const now = () => epochMs + world.nowMs() + clockOffsetMs;

  function start(): boolean {
    if (process) return true;
    starts += 1;
    const opened = openStore({
      folder: storeFolder, keyHex, keyProvider: 'simulation', now,
      onEvent: ({ level, code, message }) => level !== 'info' && happens(`store ${code ?? level}: ${message.slice(0, 300)}`),
    });
    if (!opened.ok) {
      happens(`does not start: ${opened.error.code} ${opened.error.detail}`);
      if (opened.error.code !== 'DISK_FULL') story.wrong(`${name} could not be opened: ${opened.error.code} ${opened.error.detail}`);
      return false;
    }
    boundWal(opened.value.database);
    try {
      process = run(opened.value);
    } catch (cause) {
      whenEnding?.();
      if (!isFullDisk(cause) && !(cause instanceof Death)) throw cause;
      happens(`does not start: ${String(cause)}`);
      return false;
    }
    happens(`started (${starts})`);
    for (const run of startedListeners) run();
    return true;
  }

  function run(store: OpenStore): Process {
    const { database } = store;
    const bornMs = world.nowMs();
    const monotonicMs = () => world.nowMs() - bornMs;
    const newId = () => uuidV7From(Math.max(0, now()), random.bytes(10));
    const boot = { id: newId(), monotonicMs };
    let isAlive = true;
    let syncedBytes = newestSegment(folder);
    const syncDatabase = openKeyed({ file: path.join(storeFolder, 'store.db'), keyHex });
    if (!makeDurable(syncDatabase).ok) throw new Error('not durable');
    const checkpointer = createCheckpointer({ database: syncDatabase, file: path.join(storeFolder, 'store.db'), isQuiet: () => true });

    const real = () => createJournal({ folder: path.join(storeFolder, 'journal'), keyHex, onProblem: (problem) => happens(`journal: ${JSON.stringify(problem)}`) });
    const journals = [real(), real()];
    let tornBytes = 0;
    const journalOf = (inner: Journal): Journal => ({
      append(records, isMoney) {
        if (!isAlive) throw new Death();
        if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        const dies = death;
        death = undefined;
        if (dies === 'before_journal') die();
        const before = newestSegment(folder);
        inner.append(records, isMoney);
        const after = newestSegment(folder);
        if (isMoney) syncedBytes = after;
        if (dies === 'torn_journal') tornBytes = after && before?.name === after.name ? 1 + random.int(after.bytes - before.bytes) : 0;
        if (dies) die();
      },
    });
    function die(): never {
      const frozen = freeze(folder);
      isAlive = false;
      happens('dies in a transaction');
      world.after(0, () => finish({}, frozen));
      throw new Death('the process was killed');
    }
    function finish(losses: Losses = {}, given?: Frozen): void {
      if (whenEnding !== finish) return;
      whenEnding = undefined;
      process = undefined;
      isAlive = false;
      end?.();
      const frozen = given ?? freeze(folder);
      const gone = new Map<string, number>();
      const newest = newestSegment(folder);
      if (losses.walBytes) gone.set('store/store.db-wal', losses.walBytes);
      if (newest && tornBytes > 0) gone.set(newest.name, tornBytes);
      if (newest && losses.unsynced && syncedBytes) gone.set(newest.name, random.int(Math.max(0, newest.bytes - (syncedBytes.name === newest.name ? syncedBytes.bytes : newest.bytes)) + 1));
      for (const journal of journals) journal.close();
      syncDatabase.close();
      store.close();
      thaw(folder, frozen, gone);
    }
    whenEnding = finish;

    const timers = {
      setTimeout(action: () => void, delayMs: number) {
        const { factor, mostMs } = world.nowMs() < busyUntilMs ? lateness.busy : lateness.quiet;
        const lateMs = delayMs < 120_000 ? Math.min(mostMs, delayMs * (factor - 1) * (0.5 + random.next())) : 0;
        return world.after(Math.round(delayMs + lateMs), () => {
          if (isAlive) action();
        });
      },
      clearTimeout: (timer: unknown) => (timer as (() => void) | undefined)?.(),
    };
    const log: Log = {
      info: () => undefined,
      warn: (message) => happens(`warns: ${message.slice(0, 200)}`),
      error: (error) => hear({ kind: 'trouble', error }),
    };
    const journal = journalOf(journals[0]!);
    const emitter = createEmitter({ database, now, newId, boot, journal });
    const claimed = claimIdentity(database, kioskId, emitter);
    if (!claimed.ok) throw new Error(claimed.error.code);
    const reader = createStoreReader(database);
    const writer = createStoreWriter({ database, reader, now, newId, emitter, hasStaffPrinter: true });
    writer.saveCatalogue(reader.lastCatalogue() ?? catalogueOf(1));
    const stock = createStockWriter({ database, emitter, now, newId });
    const shelves = createStockReader(database);
    const documents = createDocumentKeeper({ documents: createDocumentStore(database, emitter), transaction: emitter.transaction, writer, log });
    const key = createPrivateKey({ key: Buffer.from(claimed.value.privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    const copies = createCopyKeeper({ folder: storeFolder, keep: 2, now, onEvent: ({ code, message }) => code && happens(`copy: ${code} ${message.slice(0, 200)}`) });
    const copy = () => copies.make(keyHex);
    const closer = createDayCloser({
      closings: createClosings({ database, emitter, kioskId, now, sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64') }),
      now, timeZone: () => 'UTC', lookMs: 2 ** 31 - 1,
      onClosed: ({ number, day }) => happens(`closed day ${number} (${day})`),
      onProblem: (cause) => told('closing the day', cause),
    });
    const commands = createCommands({
      store: createCommandStore(database, emitter, boot.id), transaction: emitter.transaction, afterCommit: emitter.afterCommit, reader, writer, boot, log,
      payments: { running: () => undefined, settleOpenAttempt: () => undefined }, walletRefunds: { look: () => undefined },
      isNobodyThere: () => reader.unsettledAttempt() === undefined && reader.unpaidOrders().length === 0,
      restart: () => void world.after(0, deps.onRestart),
      sendLogs: async () => {
        emitter.transaction(() => emitter.emit('log.lines', { lines: [{ at: now(), level: 'info', message: 'all of it' }] }))();
        return { ok: true, value: '1 line' };
      },
      backUp: async () => {
        const made = copy();
        return made.ok ? { ok: true, value: 'made' } : { ok: false, error: made.error.code };
      },
      testPage: () => ({ language: 'zh', lines: [] }),
      // There is no screen here, and no log that could be followed.
      followLogs: () => undefined, takePicture: async () => ({ ok: false, error: 'there is no screen' }), visits: () => 0,
      emitPicture: (commandId, picture) => void emitter.emit('screenshot.taken', { commandId, picture }),
      onPrintQueued: () => undefined, onPause: () => undefined, onOrderChange: () => undefined,
      help: createHelpStore(database, emitter, now, newId), onHelpAnswered: () => undefined, isHistoryKnown: () => true,
      faults: createFaults(log, (cause) => told('a command', cause)),
    });

    function told(where: string, cause: unknown): void {
      if (cause instanceof Death || !isAlive || isFullDisk(cause)) return;
      if (isDamage(cause)) return damaged(cause);
      story.wrong(`${name}, ${where}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    }
    function hear(message: FromSyncWorker): void {
      if (!isAlive) return;
      switch (message.kind) {
        case 'trouble':
          if (/SQLITE_CORRUPT|SQLITE_NOTADB|malformed|not a database/.test(message.error.detail)) return damaged(message.error.detail);
          if (message.error.code === 'INTERNAL' && !/ENOSPC|SQLITE_FULL|disk is full|process was killed/.test(message.error.detail)) story.wrong(`${name}: ${message.error.code} ${message.error.detail}`);
          return happens(`trouble ${message.error.code}: ${message.error.detail.slice(0, 160)}`);
        case 'note': return happens(message.message);
        case 'replayed': return happens(`replayed ${message.applied}${message.conflicts.length > 0 ? `, conflicts: ${message.conflicts.join('; ').slice(0, 600)}` : ''}`);
        case 'history_told':
          happens('has heard its history');
          return void (store.recovery && guarded('ending a recovery', () => recoveryDone(database)));
        case 'acknowledged':
          return message.lane === 'orders' ? guarded('finishing services', () => void writer.finishRequestedServices()) : undefined;
      }
    }
    function guarded(where: string, act: () => void): void {
      try {
        act();
      } catch (cause) {
        told(where, cause);
      }
    }

    const openedGuard = openGuard(guardFile, (detail) => happens(`guard: ${detail}`));
    const sync = createSyncPart({
      kioskId, hq: { url: 'http://hq.example', retryMaxMs: 300_000, publicKey: deps.hqPublicKey }, guardFile, app: '0.1.0', boot: boot.id, needsHistory: store.recovery?.needsHistory ?? false,
      database: syncDatabase, journal: journalOf(journals[1]!), newId, enrolmentCode: deps.enrolmentCode, post: hear,
      runtime: { fetch: deps.fetchOf(() => isAlive), now, monotonicMs, random: random.next, timers },
      guard: {
        marks: openedGuard.marks,
        note(lane, mark) {
          if (!isAlive) throw new Death();
          if (full) throw Object.assign(new Error('ENOSPC: no space left on device, guard'), { code: 'ENOSPC' });
          openedGuard.note(lane, mark);
        },
      },
      newInstance: newId, randomText: () => Buffer.from(random.bytes(12)).toString('base64url'),
    });
    if (!sync.ok) throw new Error(`${sync.error.code}: ${sync.error.detail}`);
    // Whole pages are what a disk has left: nothing that needs one more can be written.
    fill = (isFull) => {
      for (const each of [database, syncDatabase]) each.pragma(`max_page_count = ${isFull ? Number(each.pragma('page_count', { simple: true })) : 1_073_741_823}`);
    };
    if (full) fill(true);
    end = () => {
      closer.stop();
      commands.stop();
    };
    graceful = async () => {
      await sync.value.stop();
      if (whenEnding !== finish) return;
      whenEnding = undefined;
      process = undefined;
      isAlive = false;
      end?.();
      for (const journalOfOne of journals) journalOfOne.close();
      syncDatabase.close();
      store.close();
    };
    sync.value.start();
    return {
      database, reader, writer, stock, shelves, emitter, documents, commands, sync: sync.value, publicKey: claimed.value.publicKey, now, newId,
      lookAtDay: () => {
        closer.look();
        guarded('a checkpoint', () => void checkpointer.tick());
      },
      copy: () => guarded('a copy', () => void copy()),
    };
  }

  /** Core closes the store and opens it again, which repairs it. */
  function damaged(cause: unknown): void {
    happens(`damage: ${String(cause).slice(0, 200)}`);
    askForFullCheck(storeFolder, 'met in the simulation');
    const then = starts;
    world.after(1_000, () => {
      if (starts !== then) return;
      whenEnding?.();
      start();
    });
  }

  return {
    name, kioskId, folder,
    starts: () => starts,
    running: () => process,
    start,
    kill(losses) {
      whenEnding?.(losses);
    },
    stop: async () => graceful?.(),
    dieIn(where) {
      death = where;
    },
    act(what, step) {
      if (!process) return false;
      busyUntilMs = world.nowMs() + busyForMs;
      const running = process;
      try {
        step(running);
        return true;
      } catch (cause) {
        if (cause instanceof Death) return false;
        if (isFullDisk(cause)) {
          happens(`${what}: no room`);
          return false;
        }
        if (isDamage(cause)) {
          damaged(cause);
          return false;
        }
        story.wrong(`${name}, ${what}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
        return false;
      }
    },
    setFull(isFull) {
      full = isFull;
      if (process) fill?.(isFull);
    },
    isFull: () => full,
    jumpClock(byMs) {
      clockOffsetMs = Math.max(-epochMs, clockOffsetMs + byMs);
    },
    image(to) {
      const frozen = freeze(folder);
      fs.rmSync(to, { recursive: true, force: true });
      fs.cpSync(folder, to, { recursive: true, filter: (from) => !from.endsWith('store.lock') });
      thaw(to, frozen);
    },
    putBack(from) {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.cpSync(from, folder, { recursive: true });
    },
    flip() {
      const file = path.join(storeFolder, 'store.db');
      flipBit(file, random.int(fs.statSync(file).size), random.int(8));
      // A bad sector is met sooner or later; here the next start looks at all of them.
      askForFullCheck(storeFolder, 'a flipped bit');
    },
    setCustomerPresent: (isPresent) => process?.sync.customerPresent(isPresent),
    onStarted: (run) => void startedListeners.push(run),
  };
}

function isFullDisk(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'SQLITE_FULL');
}

function isDamage(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(cause.code);
}
