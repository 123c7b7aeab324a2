import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CartId, OrderId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import type { Order } from '../../domain/order/order.ts';
import type { OpenJournal } from './journal.ts';
import { createJournal } from './journal.ts';
import type { OpenStore, StoreOptions } from './open.ts';
import { openStore } from './open.ts';
import type { StoreEvent } from './integrity-events.ts';
import { createEmitter } from './emitter.ts';
import { createStoreReader } from './reader.ts';
import type { StoreWriter } from './writer.ts';
import { createStoreWriter } from './writer.ts';

export const rigKey = 'a1'.repeat(32);

/** A store in a folder of its own, sold from as a kiosk does, for tests that then break its files. */
export interface DamageRig {
  readonly folder: string;
  readonly file: string;
  readonly events: StoreEvent[];
  tryOpen(options?: Partial<StoreOptions>): ReturnType<typeof openStore>;
  open(options?: Partial<StoreOptions>): OpenStore;
  /** Opens, sells so many orders and answers their ids. `end`: as a process that ends well; `kill`: with the log as a kill leaves it. */
  sell(orders: number, end?: 'close' | 'kill', options?: { readonly journal?: boolean }): OrderId[];
  writer(store: OpenStore, journal?: OpenJournal): StoreWriter;
  /** Ids of the orders in the store, and of the events in its outbox: each there once. */
  orders(store: OpenStore): string[];
  damagedFolders(): string[];
  time(): number;
  remove(): void;
}

export function createDamageRig(): DamageRig {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'store-damage-')), 'store');
  const file = path.join(folder, 'store.db');
  const stores: OpenStore[] = [];
  const events: StoreEvent[] = [];
  let at = 1_790_000_000_000;
  const time = () => (at += 1000);
  const newId = () => uuidV7From(at, randomBytes(10));
  const words = { zh: '面', en: 'Noodles' };

  const tryOpen = (options: Partial<StoreOptions> = {}) => openStore({ folder, keyHex: rigKey, keyProvider: 'test', now: time, onEvent: (event) => events.push(event), ...options });
  const open = (options: Partial<StoreOptions> = {}) => {
    const opened = tryOpen(options);
    if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
    stores.push(opened.value);
    return opened.value;
  };
  const writer = ({ database }: OpenStore, journal?: OpenJournal) => {
    const reader = createStoreReader(database);
    return createStoreWriter({ database, reader, now: time, newId, emitter: createEmitter({ database, now: time, newId, journal }) });
  };
  return {
    folder, file, events, tryOpen, open, writer, time,
    sell(orders, end = 'close', { journal: hasJournal = true } = {}) {
      const store = open();
      const journal = hasJournal ? createJournal({ folder: path.join(folder, 'journal'), keyHex: rigKey, onProblem: () => undefined }) : undefined;
      const writing = writer(store, journal);
      const ids: OrderId[] = [];
      for (let index = 0; index < orders; index++) {
        const id = newId() as OrderId;
        const order: Order = {
          id, cartId: newId() as CartId, number: writing.takePickupNumber(), placedAt: time(), language: 'zh', catalogueRevision: 1,
          lines: [{ offerId: 'noodles', name: words, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 0, total: 0, tax: { basisPoints: 600, included: true, amount: 0 }, form: {}, fields: [] }],
          total: { amount: 0, currency: 'CNY' }, taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
        };
        writing.placeOrder(order, { name: words, address: words, phone: '1', timeZone: 'UTC' }, 'https://hq.example/r/x');
        ids.push(id);
      }
      journal?.close();
      if (end === 'kill') {
        // As they lie on the disk now; closing would tidy them up.
        const names = ['store.db', 'store.db-wal', 'store.db-shm'].filter((name) => fs.existsSync(path.join(folder, name)));
        const kept = names.map((name) => [name, fs.readFileSync(path.join(folder, name))] as const);
        store.close();
        for (const [name, bytes] of kept) fs.writeFileSync(path.join(folder, name), bytes);
      } else store.close();
      return ids;
    },
    orders: ({ database }) => database.prepare<[], string>('SELECT id FROM orders ORDER BY id').pluck().all() as string[],
    damagedFolders: () => fs.readdirSync(folder).filter((name) => name.startsWith('damaged-')),
    remove() {
      for (const store of stores) store.close();
      fs.rmSync(path.dirname(folder), { recursive: true, force: true });
    },
  };
}

export function flip(file: string, offset: number): void {
  const bytes = fs.readFileSync(file);
  bytes[offset]! ^= 1;
  fs.writeFileSync(file, bytes);
}
