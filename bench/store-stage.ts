import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { kioskIdSchema, uuidV7From } from '../domain/ids.ts';
import { boundWal, leaveCheckpoints } from '../main/store/checkpoints.ts';
import { openKeyed } from '../main/store/connection.ts';
import type { Emitter, EmitterDeps } from '../main/store/emitter.ts';
import { createEmitter } from '../main/store/emitter.ts';
import { claimIdentity } from '../main/store/identity.ts';
import { createJournal } from '../main/store/journal.ts';
import { openStore } from '../main/store/open.ts';
import type { SellerRig } from '../main/store/testing/seller-rig.ts';
import { createSellerRig } from '../main/store/testing/seller-rig.ts';

export const benchKey = 'be'.repeat(32);
export const benchKiosk = kioskIdSchema.parse('kiosk-001');
export const benchBoot = { id: '0190b000-0000-4000-8000-000000000001', monotonicMs: () => performance.now() };
export const newId = (): string => uuidV7From(Date.now(), randomBytes(10));
export const journalFolder = (folder: string): string => path.join(folder, 'journal');

/** A store as the kiosk opens it, with its journal and its identity, and the rig that sells on it. */
export interface StoreStage {
  readonly database: Database;
  readonly seller: SellerRig;
  /** What the store's worker does from time to time, on a connection of its own. */
  checkpoint(): void;
  close(): void;
}

export function openStage(folder: string, wrap: (database: Database) => Database = (database) => database): StoreStage {
  const opened = openStore({ folder, keyHex: benchKey, keyProvider: 'bench' });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  const { database, close } = opened.value;
  boundWal(database);
  const journal = createJournal({ folder: journalFolder(folder), keyHex: benchKey, onProblem: (problem) => { throw new Error(JSON.stringify(problem)); } });
  const makeEmitter = (deps: EmitterDeps): Emitter => createEmitter({ ...deps, boot: benchBoot, journal });
  const seller = createSellerRig(wrap(database), Date.now, makeEmitter);
  const claimed = claimIdentity(database, benchKiosk, seller.emitter);
  if (!claimed.ok) throw new Error(claimed.error.code);
  const checkpoints = openCheckpoints(path.join(folder, 'store.db'));
  return {
    database, seller,
    checkpoint: checkpoints.run,
    close() {
      checkpoints.close();
      journal.close();
      close();
    },
  };
}

export function openCheckpoints(file: string): { run(): void; close(): void } {
  const database = openKeyed({ file, keyHex: benchKey });
  leaveCheckpoints(database);
  return { run: () => void database.pragma('wal_checkpoint(PASSIVE)'), close: () => database.close() };
}

/** Free orders by the real writer, many to a transaction and without waiting for the disk: only what comes after it is measured. */
export function fillStore(folder: string, orders: number): void {
  const { database, seller, checkpoint, close } = openStage(folder);
  database.pragma('synchronous = OFF');
  const some = seller.emitter.transaction((howMany: number) => {
    for (let order = 0; order < howMany; order += 1) seller.sell();
  });
  for (let left = orders; left > 0; left -= 500) {
    some(Math.min(500, left));
    checkpoint();
  }
  close();
  const file = fs.openSync(path.join(folder, 'store.db'), 'r+');
  fs.fsyncSync(file);
  fs.closeSync(file);
}
