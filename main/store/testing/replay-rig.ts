import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Decision } from '../../../domain/attention/attention.ts';
import { decisionsFor } from '../../../domain/attention/attention.ts';
import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../../domain/catalogue/catalogue.ts';
import type { Fulfilment } from '../../../domain/catalogue/offer.ts';
import type { History, HqEvent, JobState, Lane } from '../../../domain/contract/hq.ts';
import { jobStates } from '../../../domain/contract/hq.ts';
import type { AttemptId, CartId, JobId, OrderId, RefundId } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { Order } from '../../../domain/order/order.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import type { WalletDetails } from '../../../domain/payment/tender.ts';
import { openKeyed } from '../connection.ts';
import { createEmitter } from '../emitter.ts';
import type { Journal } from '../emitter.ts';
import type { HelpStore } from '../help.ts';
import { createHelpStore } from '../help.ts';
import type { OpenJournal, JournalProblem } from '../journal.ts';
import { createJournal } from '../journal.ts';
import { openStore } from '../open.ts';
import { createOutbox } from '../outbox.ts';
import type { Outbox } from '../outbox.ts';
import type { StoreReader } from '../reader.ts';
import { createStoreReader } from '../reader.ts';
import type { StockReader, StockWriter } from '../stock.ts';
import { createStockReader, createStockWriter } from '../stock.ts';
import type { AttemptSettlement, AttemptWay, StoreWriter } from '../writer.ts';
import { createStoreWriter } from '../writer.ts';

export const rigKeyHex = 'c3'.repeat(32);
const shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
const fulfilments: Readonly<Record<string, Fulfilment>> = {
  cola: { kind: 'goods', initialStock: 6 }, charger: { kind: 'goods', initialStock: 9 }, water: { kind: 'goods', initialStock: 4 }, noodles: { kind: 'food' }, 'top-up': { kind: 'telecom', service: 'top_up' },
};
const word = (text: string) => ({ zh: text, en: text });
const formOf = (offerId: string): Order['lines'][number]['form'] => (offerId === 'top-up' ? { phone: '13912345678' } : {});

/** A store with the real reader and writer, and the journal beside it. The clock moves between two steps, and not within one. */
export interface ReplayRig {
  readonly folder: string;
  readonly journalFolder: string;
  readonly database: Database;
  readonly journal: OpenJournal;
  readonly problems: JournalProblem[];
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly outbox: Outbox;
  readonly help: HelpStore;
  readonly stock: StockWriter;
  readonly shelves: StockReader;
  readonly now: () => number;
  readonly newId: () => string;
  tick(): void;
  place(wish: Readonly<Record<string, number>>, unitPrice: number): Order;
  /** The store as it is now, opened. */
  copy(): Database;
  dispose(): void;
}

export function createReplayRig(): ReplayRig {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-replay-'));
  const opened = openStore({ folder, keyHex: rigKeyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  const { database } = opened.value;
  // No power is cut here: thousands of steps would wait for the disk.
  database.pragma('synchronous = OFF');
  const journalFolder = path.join(folder, 'journal');
  const problems: JournalProblem[] = [];
  const journal = createJournal({ folder: journalFolder, keyHex: rigKeyHex, onProblem: (problem) => void problems.push(problem) });
  const copies: Database[] = [];
  let time = 1_700_000_000_000;
  let ids = 0;
  const now = () => time;
  const newId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`;
  const parts = selling(database, now, newId, { append: (records) => journal.append(records, false) });
  parts.writer.saveCatalogue(catalogue(1, ['cola', 'charger']));

  return {
    ...parts, folder, journalFolder, journal, problems,
    tick: () => void (time += 1000),
    copy() {
      const file = path.join(folder, `copy-${copies.length}.db`);
      database.prepare('VACUUM INTO ?').run(file);
      const copied = openKeyed({ file, keyHex: rigKeyHex });
      copied.pragma('foreign_keys = ON');
      copied.pragma('synchronous = OFF');
      copies.push(copied);
      return copied;
    },
    dispose() {
      for (const copied of copies) copied.close();
      journal.close();
      opened.value.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** The same kiosk on a store of its own way, with the same clock and the same source of ids; without a journal, unless one is told. */
export function onCopy(rig: ReplayRig, database: Database, journal?: Journal): ReplayRig {
  return { ...rig, ...selling(database, rig.now, rig.newId, journal) };
}

function selling(database: Database, now: () => number, newId: () => string, journal?: Journal) {
  const reader = createStoreReader(database);
  const emitter = createEmitter({ database, now, newId, journal });
  const writer = createStoreWriter({ database, reader, now, newId, emitter, hasStaffPrinter: true });
  return {
    database, reader, writer, outbox: createOutbox(database), help: createHelpStore(database, emitter, now, newId), now, newId,
    stock: createStockWriter({ database, emitter, now, newId }), shelves: createStockReader(database),
    place(wish: Readonly<Record<string, number>>, unitPrice: number): Order {
      const lines = Object.entries(wish).map(([offerId, quantity]) => ({
        offerId, name: word(offerId), fulfilment: fulfilments[offerId]!, choices: [], quantity, unitPrice, total: unitPrice * quantity,
        tax: { basisPoints: 1300, included: true, amount: 0 }, form: formOf(offerId), fields: [],
      }));
      const order: Order = {
        id: newId() as OrderId, cartId: newId() as CartId, number: writer.takePickupNumber(), placedAt: now(), language: 'zh', catalogueRevision: 1, lines,
        total: money(lines.reduce((sum, line) => sum + line.total, 0), 'CNY'), taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
      };
      writer.placeOrder(order, shop, `https://hq.example/r/${order.receiptToken}`);
      return order;
    },
  };
}

/** What HQ would answer: everything that the outbox ever held, and the keys. */
export function historyOf(database: Database): History {
  const events = database.prepare<[], HqEvent & { lane: Lane; epoch: number }>(
    'SELECT lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms AS monotonicMs, payload, hash FROM outbox ORDER BY lane, epoch, sequence').all();
  const raw = events.map(({ lane, epoch, ...event }) => ({ lane, epoch, event }));
  return { events: raw, keys: createOutbox(database).keysFor(raw.map(({ event }) => event)) };
}

/** An empty store with the schema and nothing in it, as after a total loss. */
export function emptyStore(): { readonly database: Database; dispose(): void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-replay-'));
  const opened = openStore({ folder, keyHex: rigKeyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  opened.value.database.pragma('synchronous = OFF');
  return {
    database: opened.value.database,
    dispose() {
      opened.value.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

export function catalogue(revision: number, offers: readonly string[]): Catalogue {
  const picture = { kind: 'drawing', name: 'any', tint: 'sand' } as const;
  return catalogueSchema.parse({
    revision, currency: 'CNY', categories: [{ id: 'shelf', business: 'goods', name: word('Shelf'), picture }],
    offers: offers.map((id) => ({ id, categoryId: 'shelf', name: word(id), description: word(id), picture, price: 300, taxPerMille: 130, fulfilment: fulfilments[id], options: [], form: [], maxPerOrder: 9 })),
    scenes: [{ offerId: offers[0], line: word('Scene') }],
  });
}

/** What a step chooses among, by numbers: what can be done then is known only then. */
export interface RandomStep { readonly what: number; readonly which: number; readonly how: number }

const wishes: readonly Readonly<Record<string, number>>[] = [{ cola: 1 }, { charger: 2, cola: 1 }, { noodles: 1 }, { 'top-up': 1, cola: 1 }, { noodles: 1, 'top-up': 2 }, { water: 1 }, { cola: 3 }];
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

/** One thing that a kiosk does, whatever it may do now; what it may not do the writer refuses, and nothing changes. */
export function randomStep(rig: ReplayRig, { what, which, how }: RandomStep): void {
  rig.tick();
  try {
    act(rig, what % 30, which, how);
  } catch (cause) {
    if (!(cause instanceof Error) || !/is |does not|cannot|CHECK|UNIQUE|costs|unsettled|ended/.test(cause.message)) throw cause;
  }
}

function act(rig: ReplayRig, what: number, which: number, how: number): void {
  const { writer, reader, database } = rig;
  const wallet: WalletDetails = { transactionId: `42000${which}${how}`, paidAt: rig.now() };
  const card: CardDetails = { receiptNumber: String(which % 7).padStart(4, '0'), traceNumber: String(how % 5).padStart(6, '0'), maskedPan: '************1234' };
  const newest = <T>(sql: string): T | undefined => {
    const rows = database.prepare<[], T>(sql).all();
    return rows.length === 0 ? undefined : rows[Math.floor((which % 4) * (rows.length / 8)) % rows.length];
  };
  const order = newest<{ id: OrderId; total: number }>("SELECT id, total FROM orders WHERE state IN ('placed', 'awaiting_payment') ORDER BY id DESC");
  const unsettled = reader.unsettledAttempt();
  switch (what) {
    case 0: case 1: rig.place(pick(wishes, which), pick([300, 300, 0], how)); break;
    case 2: case 3: if (order) writer.startAttempt(order.id, money(order.total, 'CNY')); break;
    case 4: if (unsettled) writer.recordAuthorised(unsettled.id, card); break;
    case 5: case 6: case 7: if (unsettled) writer.settleAttempt(unsettled.id, pick<AttemptSettlement>([
      { state: 'approved', card }, { state: 'approved', card }, { state: 'approved', card }, { state: 'declined', resultCode: '05', card }, { state: 'cancelled', resultCode: '6C' }, { state: 'not_paid', card },
      { state: 'not_sent' }, { state: 'unknown' }, { state: 'unknown' }, { state: 'unclear', detail: 'it fits neither', last: card }, { state: 'reversing', card },
    ], how)); break;
    case 8: {
      const attempt = newest<{ id: AttemptId }>("SELECT id FROM payment_attempts WHERE state = 'approved' ORDER BY id DESC");
      if (attempt) writer.startReversal(attempt.id);
      break;
    }
    case 9: if (unsettled) writer.settleReversal(unsettled.id, pick([{ kind: 'reversed', card } as const, { kind: 'refused', detail: 'b5' } as const], how)); break;
    case 10: {
      const attention = pick(reader.attention(), which) as ReturnType<StoreReader['attention']>[number] | undefined;
      if (attention) writer.settleAttention(attention.id, pick<Decision>(decisionsFor[attention.kind], how));
      break;
    }
    case 11: if (order && how % 3 === 0) writer.endOrder(order.id, pick(['cancel', 'expire'] as const, how)); break;
    case 12: case 13: {
      const job = newest<{ id: JobId }>("SELECT id FROM jobs WHERE state IN ('queued', 'doing') AND kind <> 'print_document' ORDER BY created_at DESC, id");
      if (job) writer.setJobState(job.id, pick<JobState>(jobStates, how), 80);
      break;
    }
    case 14: pick([() => writer.recordRefused(card, true), () => writer.recordRefused(card, false), () => writer.recordBaseline(card), () => writer.saveCatalogue(catalogue(2, ['cola', 'water']))], how)(); break;
    case 16: {
      const service = newest<{ job_id: JobId }>('SELECT job_id FROM services ORDER BY job_id DESC');
      if (service) writer.settleService(service.job_id, pick(['pending', 'done', 'refused', 'refused'] as const, how), pick([undefined, 'CM-1'], which));
      break;
    }
    case 17: {
      const paid = newest<{ id: OrderId }>("SELECT id FROM orders WHERE state IN ('paid', 'fulfilled') ORDER BY id DESC");
      if (paid) writer.giveFeedback(paid.id, { stars: 1 + (how % 5), chips: ['quick'], ...(which % 2 ? { words: 'fine' } : {}) });
      break;
    }
    case 18: {
      const [call] = rig.help.open();
      if (call) rig.help.end(call.id, pick(['customer', 'idle'] as const, how));
      else rig.help.call('home', order?.id);
      break;
    }
    case 19: case 20: {
      const offerId = pick(['cola', 'charger', 'cola', 'water'], which);
      const lot = { offerId, slot: pick([undefined, 'A1', 'A2'], how), bestBefore: pick([undefined, '2023-11-10', '2023-11-14', '2024-01-01'], which) };
      rig.stock.move({ moveId: moveIdOf(rig, which, how), staff: pick(staffNumbers, which), reason: 'refilled', changes: [{ lot, change: 1 + (how % 4) }] });
      break;
    }
    case 21: case 22: {
      const found = pick(rig.shelves.lots(), which) as ReturnType<StockReader['lots']>[number] | undefined;
      if (!found) break;
      const { id, ...lot } = found;
      const about = how % 2 === 0 ? { reason: 'counted', why: 'missing' } as const : { reason: 'wasted', why: 'expired', note: 'mouldy' } as const;
      // Of two lots at once, as when a slot is cleared.
      const other = rig.shelves.lots().find((candidate) => candidate.offerId === lot.offerId && candidate.id !== id && candidate.count > 0);
      const changes = [{ lot: { ...lot, id }, change: about.reason === 'counted' ? (how % 3) - 1 : -1 }, ...(other && how % 5 === 0 ? [{ lot: other, change: -1 }] : [])];
      rig.stock.move({ moveId: moveIdOf(rig, which, how), staff: pick(staffNumbers, how), ...about, changes });
      break;
    }
    case 23: rig.stock.finishVisit(pick(staffNumbers, which)); break;
    case 24: if (order) writer.startAttempt(order.id, money(order.total, 'CNY'), pick<AttemptWay>([{ tender: 'wechat', mode: 'shown' }, { tender: 'alipay', mode: 'read' }], which)); break;
    case 25: case 26: {
      const attempt = pick(reader.unsettledWallets(), which) as ReturnType<StoreReader['unsettledWallets']>[number] | undefined;
      if (attempt?.state === 'reversing') writer.settleReversal(attempt.id, pick([{ kind: 'reversed' } as const, { kind: 'refused', detail: 'not enough' } as const], how));
      else if (attempt) writer.settleAttempt(attempt.id, pick<AttemptSettlement>([
        { state: 'approved', wallet }, { state: 'approved', wallet }, { state: 'approved', wallet }, { state: 'declined', resultCode: 'not_enough' }, { state: 'cancelled' }, { state: 'not_paid' },
        { state: 'not_sent' }, { state: 'unknown' }, { state: 'unclear', detail: 'HQ could not find out' }, { state: 'reversing', wallet },
      ], how));
      break;
    }
    case 27: case 28: {
      const paid = newest<{ id: OrderId }>("SELECT id FROM orders WHERE state IN ('paid', 'fulfilled') ORDER BY id DESC");
      const left = paid && reader.refundable(paid.id)?.left;
      if (paid && left && left.amount > 0) writer.askRefund({ orderId: paid.id, amount: pick([left, { ...left, amount: Math.ceil(left.amount / 3) }], how), way: pick(['tender', 'tender', 'by_hand'], which), reason: 'cold noodles', by: '1001' });
      break;
    }
    case 29: {
      const refund = newest<{ id: RefundId }>('SELECT id FROM refunds ORDER BY id DESC');
      if (refund) writer.settleRefund(refund.id, pick([{ state: 'done' } as const, { state: 'done' } as const, { state: 'refused', detail: 'the gateway would not' } as const], how));
      break;
    }
    default: {
      const { epoch, last, acknowledged } = rig.outbox.position('orders');
      rig.outbox.setAcknowledged('orders', epoch, acknowledged + Math.floor(((last - acknowledged) * (which % 5)) / 4));
      writer.finishRequestedServices();
    }
  }
}

const staffNumbers = ['1001', '1002'];
/** Mostly a new one; at times one that the page may have used before, here or in a story that was lost. */
function moveIdOf({ newId }: ReplayRig, which: number, how: number): string {
  return which % 3 === 0 ? `00000000-0000-4000-8000-${String(how % 6).padStart(12, '0')}` : newId();
}

/**
 * What must be as it was. Not compared, since nothing tells of it: paper, print documents, the catalogue, HQ's mark, numbers that became no order, and keys of
 * customers' words (the journal has them where the writer notes them; HQ's history brings them).
 */
export function told(database: Database): unknown {
  const all = (sql: string) => database.prepare(sql).all();
  return {
    orders: all('SELECT * FROM orders ORDER BY id'),
    attempts: all('SELECT * FROM payment_attempts ORDER BY rowid'),
    refunds: all('SELECT * FROM refunds ORDER BY id'),
    foreign: all('SELECT card, reason, seen_at FROM foreign_transactions ORDER BY id'),
    stock: all('SELECT * FROM stock ORDER BY offer_id'),
    lots: all('SELECT * FROM stock_lots ORDER BY lot_id'),
    moves: all('SELECT offer_id, lot_id, change, available_after, lot_after, reason, order_id, at, slot, move_id, visit_id, staff, why, note FROM stock_moves ORDER BY id'),
    visits: all('SELECT * FROM restock_visits ORDER BY visit_id'),
    jobs: all('SELECT id, order_id, kind, state, created_at, event_id, slip FROM jobs WHERE document IS NULL ORDER BY id'),
    attention: all('SELECT * FROM attention ORDER BY id'),
    slip: all("SELECT next FROM counters WHERE name = 'slip'"),
    services: all('SELECT job_id, order_id, nth, state, reference, settled_at FROM services ORDER BY order_id, nth'),
    help: all('SELECT id FROM help_calls ORDER BY id'),
    feedback: all('SELECT order_id FROM feedback ORDER BY order_id'),
    outbox: all('SELECT lane, epoch, sequence, id, kind, version, at, boot, monotonic_ms, payload, hash FROM outbox ORDER BY lane, epoch, sequence'),
    lanes: all('SELECT lane, epoch, last, head, base_epoch, base_acknowledged FROM lanes ORDER BY lane'),
  };
}
