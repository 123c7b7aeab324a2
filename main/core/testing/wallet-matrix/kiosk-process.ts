import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { CartId, OrderId } from '../../../../domain/ids.ts';
import type { OrderView } from '../../../../domain/order/view.ts';
import { priceCart } from '../../../../domain/pricing/pricing.ts';
import { err } from '../../../../domain/result.ts';
import { codedError } from '../../../../domain/contract/errors.ts';
import { momentOf } from '../../../../domain/time.ts';
import { createAuditStore } from '../../../store/audit.ts';
import { createCommandStore } from '../../../store/commands.ts';
import { makeDurable, openKeyed } from '../../../store/connection.ts';
import { createDocumentStore } from '../../../store/documents.ts';
import { createEmitter } from '../../../store/emitter.ts';
import { createHelpStore } from '../../../store/help.ts';
import { claimIdentity } from '../../../store/identity.ts';
import { createJournal } from '../../../store/journal.ts';
import { openStore } from '../../../store/open.ts';
import { createStoreReader } from '../../../store/reader.ts';
import { createStaffStore } from '../../../store/staff.ts';
import type { StoreWriter } from '../../../store/writer.ts';
import { createStoreWriter } from '../../../store/writer.ts';
import type { SyncStatus } from '../../../sync/sync.ts';
import type { Backstage } from '../../backstage.ts';
import { readConfig } from '../../configuration.ts';
import { createDocumentKeeper } from '../../document-keeper.ts';
import { createLog } from '../../log.ts';
import { createNewIds } from '../../new-ids.ts';
import type { Selling } from '../../selling.ts';
import { startSelling } from '../../selling.ts';
import { createSyncPart } from '../../sync-part.ts';
import type { FromSyncWorker } from '../../sync-worker.ts';
import { rigCatalogue } from '../catalogue-rig.ts';
import type { MatrixClock, Owner } from './clock.ts';
import type { KillSwitch } from './kill-switch.ts';

/** One run of the kiosk's process: its real store, sync and selling, in this process and on the matrix's clock. No device is connected: a wallet needs none. */
export interface KioskProcess {
  readonly owner: Owner;
  readonly database: Database;
  readonly selling: Selling;
  /** Does something as this process. */
  own<T>(act: () => T): T;
  isHqThere(): boolean;
  /** How many events HQ has not acknowledged. */
  waiting(): number;
  /** What the page was shown of the order on the screen. */
  shown(): readonly OrderView[];
  place(offers: readonly string[]): OrderId | undefined;
  setVisited(isVisited: boolean): void;
  kill(): void;
  stop(): Promise<void>;
}

export interface KioskProcessDeps {
  readonly name: string;
  readonly clock: MatrixClock;
  readonly kills: KillSwitch;
  readonly folder: string;
  readonly configFile: string;
  readonly now: () => number;
  readonly random: (count: number) => Uint8Array;
  readonly code: string;
  readonly fetch: (isAlive: () => boolean, die: () => void) => typeof globalThis.fetch;
  readonly onLine: (line: string) => void;
  readonly onKilled: () => void;
}

export const keyHex = '5c'.repeat(32);
const probed = ['startAttempt', 'settleAttempt', 'startReversal', 'settleReversal', 'askRefund', 'settleRefund', 'settleService'] as const;

export class Death extends Error {}

export function startKioskProcess(deps: KioskProcessDeps): KioskProcess {
  const owner: Owner = { name: deps.name, isAlive: true };
  return deps.clock.own(owner, () => run(deps, owner));
}

function run(deps: KioskProcessDeps, owner: Owner): KioskProcess {
  const { clock, kills, folder, now } = deps;
  const bornMs = clock.nowMs();
  const monotonicMs = () => clock.nowMs() - bornMs;
  const newId = createNewIds(now);
  const boot = { id: newId(), monotonicMs };
  const log = createLog((line) => owner.isAlive && deps.onLine(line), now);
  const config = readConfig(deps.configFile);
  if (!config.ok) throw new Error(config.error.detail);
  const { kioskId } = config.value;
  const storeFolder = path.join(folder, 'store');
  const opened = openStore({ folder: storeFolder, keyHex, keyProvider: 'test', now, onEvent: ({ level, message }) => level !== 'info' && deps.onLine(JSON.stringify({ level, message })) });
  if (!opened.ok) throw new Error(`the store does not open: ${opened.error.code} ${opened.error.detail}`);
  const store = opened.value;
  const { database } = store;
  const syncDatabase = openKeyed({ file: path.join(storeFolder, 'store.db'), keyHex });
  if (!makeDurable(syncDatabase).ok) throw new Error('not durable');
  // Nothing is pulled out of the wall here; what is committed is read again by the next run.
  for (const each of [database, syncDatabase]) each.pragma('synchronous = OFF');
  const problem = (what: unknown) => deps.onLine(JSON.stringify({ level: 'error', message: `journal: ${JSON.stringify(what)}` }));
  const journals = [createJournal({ folder: path.join(storeFolder, 'journal'), keyHex, onProblem: problem }), createJournal({ folder: path.join(storeFolder, 'journal'), keyHex, onProblem: problem })] as const;
  const emitter = createEmitter({ database, now, newId, boot, journal: journals[0] });
  const claimed = claimIdentity(database, kioskId, emitter);
  if (!claimed.ok) throw new Error(claimed.error.code);
  const reader = createStoreReader(database);

  function die(): never {
    kill();
    throw new Death('the kiosk was killed');
  }
  function kill(): void {
    if (!owner.isAlive) return;
    owner.isAlive = false;
    for (const each of [database, syncDatabase]) {
      try {
        if (each.inTransaction) each.exec('ROLLBACK');
      } catch {
        // It is closed below, which ends the transaction.
      }
    }
    for (const journal of journals) journal.close();
    syncDatabase.close();
    store.close();
    deps.onKilled();
  }

  /** Every write of money is a moment to be killed at. */
  const real = createStoreWriter({ database, reader, now, newId, emitter });
  const acts = Object.fromEntries(probed.filter((name) => name in real).map((name) => [name, (...given: unknown[]) => {
    if (!owner.isAlive) throw new Death('it is dead');
    if (kills.at('kiosk', name, 'before')) die();
    const result = (real[name as keyof StoreWriter] as (...all: unknown[]) => unknown)(...given);
    if (kills.at('kiosk', name, 'after')) die();
    return result;
  }]));
  const writer = { ...real, ...acts } as StoreWriter;

  const documents = createDocumentKeeper({ documents: createDocumentStore(database, emitter), transaction: emitter.transaction, writer, log });
  let state: SyncStatus | undefined;
  let wasHqThere = false;
  let selling: Selling | undefined;
  let isVisited = false;
  const shown: OrderView[] = [];
  const isHqThere = () => state?.online ?? false;

  function hear(message: FromSyncWorker): void {
    if (!owner.isAlive) return;
    // Another thread's messages come by themselves.
    queueMicrotask(() => {
      if (!owner.isAlive) return;
      try {
        if (message.kind === 'state') {
          state = message.state;
          if (isHqThere() === wasHqThere) return;
          wasHqThere = isHqThere();
          selling?.hqChanged();
        } else if (message.kind === 'acknowledged' && message.lane === 'orders') {
          writer.finishRequestedServices();
          selling?.lookAround();
        } else if (message.kind === 'news' || message.kind === 'replayed') selling?.lookAround();
        else if (message.kind === 'trouble') log.warn(`sync: ${message.error.code} ${message.error.detail}`);
      } catch (cause) {
        if (!(cause instanceof Death)) throw cause;
      }
    });
  }

  const sync = createSyncPart({
    kioskId, hq: { url: config.value.hq.url, retryMaxMs: 4000 }, guardFile: path.join(folder, 'sync.guard'), app: '0.1.0', boot: boot.id, needsHistory: store.recovery?.needsHistory ?? false,
    database: syncDatabase, journal: journals[1], newId, enrolmentCode: () => deps.code, post: hear,
    runtime: {
      fetch: deps.fetch(() => owner.isAlive, kill), now, monotonicMs, random: () => 0.5,
      timers: { setTimeout: (act, ms) => setTimeout(() => owner.isAlive && act(), ms), clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    },
  });
  if (!sync.ok) throw new Error(`${sync.error.code}: ${sync.error.detail}`);

  const backstage: Backstage = {
    kioskId, database, reader, writer, emitter, documents, log, identity: () => claimed.value,
    commandStore: createCommandStore(database, emitter, boot.id), audit: createAuditStore(database, emitter, kioskId, now), staffStore: createStaffStore(database, emitter, now),
    helpStore: createHelpStore(database, emitter, now, newId),
    disk: () => 'well', freeBytes: () => undefined, storeFault: () => undefined, sync: () => state, isHqThere, isHistoryKnown: () => true,
    customerPresent: (isPresent) => sync.value.customerPresent(isPresent),
    ask: (asked, body, timeoutMs) => sync.value.ask(asked, body, timeoutMs),
    logBook: undefined, read: async () => err(codedError('STORE_FAILED', 'no thread')), followLogs: () => undefined, sendLogs: () => 0,
    backUp: async () => err(codedError('STORE_COPY_FAILED', 'no thread')), stop: async () => undefined,
  };
  const started = startSelling({
    sentPicturesFolder: path.join(folder, 'pictures'), config: config.value, configFile: deps.configFile, backstage, boot, log, now, monotonicNow: monotonicMs, newId, newToken: () => Buffer.from(deps.random(16)).toString('base64url'), random: () => 0.5,
    isVisited: () => isVisited, mayTakeMoney: () => true, isStaffIn: () => false, isStaffBusy: () => false, onStaffDocument: () => undefined, onStaffCard: () => undefined,
    onStaffSlots: () => undefined, onStaffScan: () => undefined, around: () => ({ app: '0.1.0', kioskId, paused: false }), takePicture: async () => err('there is no screen'), visits: () => 0,
    onDevices: () => undefined, onRemake: () => undefined, onRestartWanted: () => undefined, onStatus: () => undefined,
    kioskStatus: () => { throw new Error('nobody asks'); }, onShopfront: () => undefined, onStock: () => undefined, onScanned: () => undefined, onHelp: () => undefined,
    onOrder: (order) => void shown.push(order),
  });
  if (!started.ok) throw new Error(`selling does not begin: ${started.error.code} ${started.error.detail}`);
  selling = started.value;
  sync.value.start();
  const own = selling;

  return {
    owner, database, selling: own, isHqThere,
    own: (act) => clock.own(owner, act),
    waiting: () => database.prepare<[], number>('SELECT count(*) FROM outbox JOIN lanes ON lanes.lane = outbox.lane WHERE (outbox.epoch, outbox.sequence) > (lanes.epoch, lanes.acknowledged)').pluck().get() ?? 0,
    shown: () => shown,
    place(offers) {
      const lines = offers.map((offerId, index) => ({ id: `line-${index}`, quantity: 1, choices: {}, form: offerId === 'top-up-30' ? { phone: '13800138000' } : {}, offerId }));
      const cart = { id: newId() as CartId, lines, dining: 'eat_in' as const };
      const placed = own.place({ cart, language: 'en', catalogueRevision: rigCatalogue.revision, shownTotal: priceCart(rigCatalogue, cart, momentOf(now(), config.value.shop.timeZone)).total });
      if (!placed.ok) throw new Error(`not placed: ${placed.error.code} ${placed.error.detail}`);
      return placed.value.kind === 'placed' ? placed.value.order.id : undefined;
    },
    setVisited: (is) => void (isVisited = is),
    kill,
    async stop() {
      if (!owner.isAlive) return;
      owner.isAlive = false;
      for (const journal of journals) journal.close();
      syncDatabase.close();
      store.close();
    },
  };
}
