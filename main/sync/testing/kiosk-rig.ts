import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CodedError, ErrorCode } from '../../../domain/contract/errors.ts';
import type { History, Lane } from '../../../domain/contract/hq.ts';
import { lanes } from '../../../domain/contract/hq.ts';
import type { OrderId } from '../../../domain/ids.ts';
import { kioskIdSchema, uuidV7From } from '../../../domain/ids.ts';
import { orderSchema } from '../../../domain/order/order.ts';
import { createEmitter } from '../../store/emitter.ts';
import { claimIdentity, createIdentityStore } from '../../store/identity.ts';
import { openStore } from '../../store/open.ts';
import type { Outbox } from '../../store/outbox.ts';
import { createOutbox } from '../../store/outbox.ts';
import { createStoreReader } from '../../store/reader.ts';
import { createSyncState } from '../../store/sync-state.ts';
import { createStoreWriter } from '../../store/writer.ts';
import type { SyncRuntime } from '../runtime.ts';
import type { EpochOpened } from '../session.ts';
import type { Sync, SyncDeps, SyncStatus } from '../sync.ts';
import { createSync } from '../sync.ts';

export const rigKiosk = kioskIdSchema.parse('kiosk-001');
export const rigCode = 'ABCD-EFGH';
const keyHex = 'f6'.repeat(32);
/** Twenty true seconds: nothing here waits for a timeout, and a busy machine must not look like an HQ that is away. */
const slowMachineMs = 1_000_000;
const boot = '11111111-1111-4111-8111-111111111111';

/** Time that runs fifty times as fast, by both clocks: nobody waits for a poll, a gathering or a timeout. An HQ beside it needs the same `now`. */
const hurry = 50;
export const quickRuntime: SyncRuntime = {
  fetch: globalThis.fetch,
  now: () => Math.floor(performance.timeOrigin + performance.now() * hurry),
  monotonicMs: () => performance.now() * hurry,
  random: () => 0,
  timers: {
    setTimeout: (run, delayMs) => setTimeout(run, delayMs / hurry),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  },
};

/** A kiosk's store in a folder of its own, and sync in this very process. */
export interface KioskRig {
  readonly folder: string;
  readonly outbox: Outbox;
  /** A free order, of three events or more. */
  sell(name?: string, form?: Record<string, string>): OrderId;
  log(lines: number): void;
  /** As old events are forgotten: those of the lane's epoch up to this one. */
  forget(lane: Lane, sequence: number): void;
  /** Another run of sync on this store. */
  sync(url: string, changes?: Partial<SyncDeps>): SyncRig;
  /** The store as it lies on the disk now: the whole folder. */
  image(): string;
  close(): void;
}

export interface SyncRig {
  readonly sync: Sync;
  readonly troubles: CodedError[];
  readonly notes: string[];
  readonly opened: EpochOpened[];
  readonly history: History[];
  codes(): readonly ErrorCode[];
  status(): SyncStatus | undefined;
  /** Resolves once it holds. */
  until(holds: () => boolean): Promise<void>;
  /** Until HQ has acknowledged everything. */
  untilDry(): Promise<void>;
  stop(): Promise<void>;
}

let made = 0;

/** @param image the folder that an earlier kiosk's `image` gave: it is opened as it is */
export function openKiosk(image?: string): KioskRig {
  const folder = image ?? fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-sync-'));
  const store = path.join(folder, 'store');
  const opened = openStore({ folder: store, keyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail}`);
  const { database, close } = opened.value;
  const newId = () => uuidV7From(++made, new Uint8Array(10).fill(made % 251));
  const reader = createStoreReader(database);
  const emitter = createEmitter({ database, now: quickRuntime.now, newId, boot: { id: boot, monotonicMs: quickRuntime.monotonicMs } });
  const claimed = claimIdentity(database, rigKiosk, emitter);
  if (!claimed.ok) throw new Error(claimed.error.code);
  const writer = createStoreWriter({ database, reader, emitter, now: quickRuntime.now, newId });
  const outbox = createOutbox(database);
  const syncs: SyncRig[] = [];

  return {
    folder, outbox,
    sell(name = '面', form = {}) {
      const words = { zh: name, en: 'Noodles' };
      const order = orderSchema.parse({
        id: newId(), cartId: newId(), number: writer.takePickupNumber(), placedAt: made, language: 'zh', catalogueRevision: 1,
        lines: Array.from({ length: name.length > 10 ? 100 : 1 }, () => ({ offerId: 'noodles', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 0, total: 0, tax: { basisPoints: 0, included: true, amount: 0 }, form, fields: [] })),
        total: { amount: 0, currency: 'CNY' }, taxes: [], receiptToken: String(made).padStart(22, 'a'),
      });
      writer.placeOrder(order, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
      return order.id;
    },
    log: emitter.transaction((lines: number) => {
      for (let count = 0; count < lines; count++) emitter.emit('log.lines', { lines: [{ at: 1, level: 'info', message: 'x'.repeat(500) }] });
    }),
    forget: (lane, sequence) => void database.prepare('DELETE FROM outbox WHERE lane = ? AND epoch = (SELECT epoch FROM lanes WHERE lanes.lane = outbox.lane) AND sequence <= ?').run(lane, sequence),
    sync(url, changes = {}) {
      const rig = startSync(url, database, outbox, folder, emitter, changes);
      syncs.push(rig);
      return rig;
    },
    image() {
      database.pragma('wal_checkpoint(TRUNCATE)');
      const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-sync-'));
      fs.cpSync(folder, copy, { recursive: true });
      fs.rmSync(path.join(copy, 'store/store.lock'), { force: true });
      return copy;
    },
    close() {
      close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startSync(url: string, database: Parameters<typeof createIdentityStore>[0], outbox: Outbox, folder: string, emitter: ReturnType<typeof createEmitter>, changes: Partial<SyncDeps>): SyncRig {
  const troubles: CodedError[] = [];
  const notes: string[] = [];
  const openedEpochs: EpochOpened[] = [];
  const history: History[] = [];
  const waiters = new Set<() => void>();
  let last: SyncStatus | undefined;
  const look = () => {
    for (const waiter of [...waiters]) waiter();
  };
  const created = createSync({
    ...quickRuntime, kioskId: rigKiosk, url, retryMaxMs: 1_000, timeoutMs: slowMachineMs, app: '0.0.0', schema: 3, boot, outbox,
    identity: createIdentityStore(database), state: createSyncState(database), guardFile: path.join(folder, 'guard.json'), enrolmentCode: () => rigCode,
    emit: emitter.transaction((kind: 'clock.skewed', payload: { readonly skewMs: number }) => void emitter.emit(kind, payload)),
    onHistory: (page) => void history.push(page),
    onAcknowledged: look,
    onState(state) {
      last = state;
      look();
    },
    onTrouble(error) {
      troubles.push(error);
      look();
    },
    onNote(note) {
      notes.push(note);
      look();
    },
    onEpochOpened: (opened) => void openedEpochs.push(opened),
    ...changes,
  });
  if (!created.ok) throw new Error(`${created.error.code} ${created.error.detail}`);
  const sync = created.value;
  sync.start();

  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!holds()) return;
        waiters.delete(check);
        clearInterval(looking);
        resolve();
      };
      // What HQ has done is told by nobody here.
      const looking = setInterval(check, 20);
      waiters.add(check);
      check();
    });
  }
  const isDry = (lane: Lane) => {
    const { last: newest, acknowledged } = outbox.position(lane);
    return newest === acknowledged;
  };
  return {
    sync, troubles, notes, opened: openedEpochs, history, until,
    codes: () => troubles.map(({ code }) => code),
    status: () => last,
    untilDry: () => until(() => lanes.every(isDry)),
    stop: sync.stop,
  };
}
