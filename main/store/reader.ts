import type { Database } from 'better-sqlite3';
import type { Attention, Decision } from '../../domain/attention/attention.ts';
import { attentionSchema } from '../../domain/attention/attention.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { JobKind, JobState } from '../../domain/contract/hq.ts';
import type { AttemptId, AttentionId, CartId, JobId, OrderId, RefundId } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money.ts';
import { money } from '../../domain/money.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import { orderFromOlder } from '../../domain/order/older.ts';
import { orderSchema } from '../../domain/order/order.ts';
import type { Attempt, AttemptState } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import { cardDetailsSchema } from '../../domain/payment/card.ts';
import type { Refund } from '../../domain/payment/refund.ts';
import type { Tender, WalletMode } from '../../domain/payment/tender.ts';
import { walletDetailsSchema } from '../../domain/payment/tender.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import { shopSchema } from '../../domain/receipt/shop.ts';
import { createPersonalData } from './personal.ts';
import type { Refundable } from './refunds.ts';
import { createRefundTable } from './refunds.ts';
import type { StoredService } from './services.ts';
import { createServiceTable } from './services.ts';

export interface StoredOrder {
  readonly order: Order;
  readonly state: OrderState;
  readonly shop: Shop;
  readonly receiptUrl: string;
}

export interface StoredJob {
  readonly id: JobId;
  readonly orderId: OrderId;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly createdAt: number;
}

export const printKinds = ['print_receipt', 'print_copy', 'print_kitchen', 'print_staff_slip', 'print_document', 'print_terminal_slip'] as const;
export type PrintKind = (typeof printKinds)[number];

/** Something to be printed, in the order in which it was asked for. */
export interface PrintJob {
  readonly id: JobId;
  /** Missing for a document that belongs to no order. */
  readonly orderId: OrderId | undefined;
  readonly kind: PrintKind;
  readonly state: JobState;
  readonly createdAt: number;
  /** Counts this kiosk's slips; taken when it is begun. */
  readonly slip: number | undefined;
  /** Of a `print_document` (staff's) or `print_terminal_slip` (the customer's): what is printed. */
  readonly document: Receipt | undefined;
}

export interface PaperUse {
  /** Of the roll that is in. */
  readonly usedMm: number;
  /** Of the newest slips; undefined before the first. */
  readonly meanSlipMm: number | undefined;
}

/** Everything that can be asked of the store. It cannot write. */
export interface StoreReader {
  order(id: OrderId): StoredOrder | undefined;
  /** The order as it rests: its customer's words are sealed. */
  sealedOrder(id: OrderId): Order | undefined;
  orderOfCart(cartId: CartId): OrderId | undefined;
  /** Placed or awaiting payment, oldest first: what a leaving customer or time ends. */
  unpaidOrders(): readonly { readonly id: OrderId; readonly placedAt: number }[];
  /** Oldest first. */
  attempts(orderId: OrderId): readonly Attempt[];
  /** The card's: there is at most one, and while there is no purchase may be sent to the terminal. */
  unsettledAttempt(): Attempt | undefined;
  /** Of whichever tender: there is at most one, and while there is the order can neither be paid nor be given up. */
  unsettledOf(orderId: OrderId): Attempt | undefined;
  /** Of wallets, oldest first: what HQ is asked about until it has said how each ended. */
  unsettledWallets(): readonly Attempt[];
  /** Parts of its money that go back or have gone, oldest first. */
  refundsOf(orderId: OrderId): readonly Refund[];
  refund(id: RefundId): Refund | undefined;
  /** Asked for by way of the tender and not answered, oldest first. */
  openRefunds(): readonly Refund[];
  /** What of it can go back; undefined where no payment of it is approved: not paid, on its way back as a whole, or back. */
  refundable(orderId: OrderId): Refundable | undefined;
  /** What the terminal named after this attempt: of attempts and of what was never ours. */
  cardsSince(id: AttemptId): readonly CardDetails[];
  /** Card details of the newest transactions that cannot be an unsettled attempt's: of settled attempts, and of what was never ours. */
  settledCards(): readonly CardDetails[];
  jobs(orderId: OrderId): readonly StoredJob[];
  /** Services that HQ was asked for, in the order of the order's lines. */
  services(orderId: OrderId): readonly StoredService[];
  service(jobId: JobId): StoredService | undefined;
  /** Orders of which a service was refused: their money is to be thought about, or goes back whole. */
  ordersWithRefused(money: 'open' | 'owed'): readonly OrderId[];
  /** Oldest first. */
  unfinishedPrintJobs(): readonly PrintJob[];
  printJob(id: JobId): PrintJob | undefined;
  /** The slip that was begun last; undefined before the first. Of each kind of printer, since they share the numbers. */
  lastSlip(kinds: readonly PrintKind[]): PrintJob | undefined;
  paperUse(): PaperUse;
  /** What a person must decide, oldest first. */
  attention(): readonly Attention[];
  openAttention(id: AttentionId): Attention | undefined;
  /** A part of its money has gone back or is on its way: it must not go back as a whole any more. */
  isPartGivenBack(orderId: OrderId): boolean;
  /** What was decided; undefined while it is open, or where there is no such thing. */
  decisionOf(id: AttentionId): Decision | undefined;
  /** By id, or by the number that a customer reads: the newest that has it. */
  newestOrder(idOrNumber: string): OrderId | undefined;
  /**
   * Pieces left by offer id: of all that are counted, or of these.
   * @param today the shop's day, "2026-11-23": what is past its own is left out, since it may not be sold; without it, all that the books have
   */
  available(offerIds?: Iterable<string>, today?: string): ReadonlyMap<string, number>;
  lastCatalogue(): Catalogue | undefined;
  /** Its JSON as it was saved, unread: reading and checking ten thousand offers takes a third of a second. */
  lastCatalogueText(): string | undefined;
}

interface OrderRow { state: OrderState; document: string; shop: string; receipt_url: string }
interface AttemptRow { id: AttemptId; order_id: OrderId; amount: number; currency: Currency; started_at: number; state: AttemptState; card: string | null; refused: 0 | 1; result_code: string | null; tender: Tender; mode: WalletMode | null; wallet: string | null }
interface JobRow { id: JobId; order_id: OrderId; kind: JobKind; state: JobState; created_at: number }
interface PrintRow { id: JobId; order_id: OrderId | null; kind: PrintKind; state: JobState; created_at: number; slip: number | null; document: string | null }

/** How far back an old transaction of the terminal is still recognised as one of ours. */
const settledCardsKept = 200;
/** How many slips make the mean length of one. */
const slipsMeasured = 50;

export function createStoreReader(database: Database): StoreReader {
  const order = database.prepare<[string], OrderRow>('SELECT state, document, shop, receipt_url FROM orders WHERE id = ?');
  const orderOfCart = database.prepare<[string], { id: OrderId }>('SELECT id FROM orders WHERE cart_id = ?');
  const unpaid = database.prepare<[], { id: OrderId; placed_at: number }>(
    "SELECT id, placed_at FROM orders WHERE state IN ('placed', 'awaiting_payment') ORDER BY placed_at");
  const attempts = database.prepare<[string], AttemptRow>('SELECT * FROM payment_attempts WHERE order_id = ? ORDER BY rowid');
  const unsettled = database.prepare<[], AttemptRow>("SELECT * FROM payment_attempts WHERE tender = 'card' AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')");
  const unsettledOf = database.prepare<[string], AttemptRow>("SELECT * FROM payment_attempts WHERE order_id = ? AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')");
  const unsettledWallets = database.prepare<[], AttemptRow>(`
    SELECT * FROM payment_attempts INDEXED BY one_unsettled_of_order
    WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing') AND tender <> 'card' ORDER BY rowid`);
  const approved = database.prepare<[string], AttemptRow>("SELECT * FROM payment_attempts WHERE order_id = ? AND state = 'approved'");
  const settledCards = database.prepare<[number], { card: string }>(
    "SELECT card FROM payment_attempts WHERE card IS NOT NULL AND state NOT IN ('started', 'authorised', 'unknown', 'unclear', 'reversing') ORDER BY rowid DESC LIMIT ?");
  const cardsSince = database.prepare<[string, string], { card: string }>(`
    SELECT card FROM payment_attempts WHERE card IS NOT NULL AND rowid > (SELECT rowid FROM payment_attempts WHERE id = ?)
    UNION ALL SELECT card FROM foreign_transactions WHERE seen_at >= (SELECT started_at FROM payment_attempts WHERE id = ?)`);
  const foreignCards = database.prepare<[number], { card: string }>('SELECT card FROM foreign_transactions ORDER BY id DESC LIMIT ?');
  const jobs = database.prepare<[string], JobRow>(
    "SELECT id, order_id, kind, state, created_at FROM jobs WHERE order_id = ? AND document IS NULL ORDER BY created_at, id");
  const printColumns = 'SELECT id, order_id, kind, state, created_at, slip, document FROM jobs';
  const printJobs = database.prepare<[], PrintRow>(
    `${printColumns} WHERE state IN ('queued', 'doing') AND kind <> 'request_service' ORDER BY created_at, id`);
  const printJob = database.prepare<[string], PrintRow>(`${printColumns} WHERE id = ? AND kind <> 'request_service'`);
  const lastSlips = database.prepare<[], PrintRow>(`${printColumns} WHERE slip IS NOT NULL ORDER BY slip DESC LIMIT 50`);
  const roll = database.prepare<[], { used_mm: number }>('SELECT used_mm FROM paper_rolls ORDER BY id DESC LIMIT 1');
  const meanSlip = database.prepare<[number], { mean: number | null }>(
    'SELECT avg(paper_mm) AS mean FROM (SELECT paper_mm FROM jobs WHERE paper_mm IS NOT NULL AND slip IS NOT NULL ORDER BY slip DESC LIMIT ?)');
  const attention = database.prepare<[], { document: string }>('SELECT document FROM attention WHERE decision IS NULL ORDER BY raised_at, id');
  const decision = database.prepare<[string], { decision: Decision | null }>('SELECT decision FROM attention WHERE id = ?');
  const partGivenBack = database.prepare<[string, string], 1>(`
    SELECT 1 FROM attention WHERE order_id = ? AND kind = 'service_refused' AND decision = 'part_given_back'
    UNION ALL SELECT 1 FROM refunds WHERE order_id = ? AND state <> 'refused'`).pluck();
  const newestOrder = database.prepare<[string, string], { id: OrderId }>('SELECT id FROM orders WHERE id = ? OR number = ? ORDER BY placed_at DESC, id DESC LIMIT 1');
  const openAttention = database.prepare<[string], { document: string }>('SELECT document FROM attention WHERE id = ? AND decision IS NULL');
  const stock = database.prepare<[], { offer_id: string; available: number }>('SELECT offer_id, available FROM stock');
  const stockOf = database.prepare<[string], { available: number }>('SELECT available FROM stock WHERE offer_id = ?');
  const expired = database.prepare<[string], { offer_id: string; pieces: number }>(
    'SELECT offer_id, sum(available) AS pieces FROM stock_lots WHERE best_before < ? AND available > 0 AND best_before IS NOT NULL GROUP BY offer_id');
  const catalogue = database.prepare<[], { document: string }>('SELECT document FROM last_catalogue');
  const personal = createPersonalData(database);
  const services = createServiceTable(database);
  const refunds = createRefundTable(database);

  return {
    order(id) {
      const row = order.get(id);
      if (!row) return undefined;
      return { order: personal.open(orderIn(row)), state: row.state, shop: shopSchema.parse(JSON.parse(row.shop)), receiptUrl: row.receipt_url };
    },
    sealedOrder(id) {
      const row = order.get(id);
      return row && orderIn(row);
    },
    orderOfCart: (cartId) => orderOfCart.get(cartId)?.id,
    unpaidOrders: () => unpaid.all().map((row) => ({ id: row.id, placedAt: row.placed_at })),
    attempts: (orderId) => attempts.all(orderId).map(attemptOf),
    unsettledAttempt() {
      const row = unsettled.get();
      return row && attemptOf(row);
    },
    unsettledOf(orderId) {
      const row = unsettledOf.get(orderId);
      return row && attemptOf(row);
    },
    unsettledWallets: () => unsettledWallets.all().map(attemptOf),
    refundsOf: refunds.ofOrder,
    refund: refunds.get,
    openRefunds: refunds.open,
    refundable(orderId) {
      const row = approved.get(orderId);
      if (!row) return undefined;
      const attempt = attemptOf(row);
      const givenBack = refunds.givenBack(attempt);
      return { attempt, left: money(Math.max(0, row.amount - givenBack), row.currency), isWhole: givenBack === 0 };
    },
    settledCards: () =>
      [...settledCards.all(settledCardsKept), ...foreignCards.all(settledCardsKept)].map((row) => cardDetailsSchema.parse(JSON.parse(row.card))),
    cardsSince: (id) => cardsSince.all(id, id).map((row) => cardDetailsSchema.parse(JSON.parse(row.card))),
    lastSlip(kinds) {
      const row = lastSlips.all().find(({ kind }) => kinds.includes(kind));
      return row && printJobOf(row);
    },
    jobs: (orderId) => jobs.all(orderId).map(jobOf),
    unfinishedPrintJobs: () => printJobs.all().map(printJobOf),
    printJob(id) {
      const row = printJob.get(id);
      return row && printJobOf(row);
    },
    paperUse: () => ({ usedMm: roll.get()?.used_mm ?? 0, meanSlipMm: meanSlip.get(slipsMeasured)?.mean ?? undefined }),
    attention: () => attention.all().map(attentionOf),
    isPartGivenBack: (orderId) => partGivenBack.get(orderId, orderId) !== undefined,
    decisionOf: (id) => decision.get(id)?.decision ?? undefined,
    newestOrder: (idOrNumber) => newestOrder.get(idOrNumber, idOrNumber)?.id,
    openAttention(id) {
      const row = openAttention.get(id);
      return row && attentionOf(row);
    },
    services: services.ofOrder,
    service: services.get,
    ordersWithRefused: services.ordersWith,
    available(offerIds, today) {
      const past = new Map(today === undefined ? [] : expired.all(today).map((row) => [row.offer_id, row.pieces]));
      const ofRow = (row: { offer_id: string; available: number }) => [row.offer_id, row.available - (past.get(row.offer_id) ?? 0)] as const;
      if (!offerIds) return new Map(stock.all().map(ofRow));
      return new Map([...new Set(offerIds)].flatMap((offerId) => {
        const row = stockOf.get(offerId);
        return row ? [ofRow({ offer_id: offerId, ...row })] : [];
      }));
    },
    lastCatalogueText: () => catalogue.get()?.document,
    lastCatalogue() {
      const row = catalogue.get();
      // What an older Counter24 let pass and this one does not is none.
      const read = row && catalogueSchema.safeParse(JSON.parse(row.document));
      return read?.success ? read.data : undefined;
    },
  };
}

function orderIn({ document }: OrderRow): Order {
  return orderSchema.parse(orderFromOlder(JSON.parse(document)));
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    orderId: row.order_id,
    amount: money(row.amount, row.currency),
    startedAt: row.started_at,
    tender: row.tender,
    ...(row.mode === null ? {} : { mode: row.mode }),
    state: row.state,
    ...(row.wallet === null ? {} : { wallet: walletDetailsSchema.parse(JSON.parse(row.wallet)) }),
    ...(row.card === null ? {} : { card: cardDetailsSchema.parse(JSON.parse(row.card)) }),
    ...(row.refused === 1 ? { refused: true } : {}),
    ...(row.result_code === null ? {} : { resultCode: row.result_code }),
  };
}

function attentionOf({ document }: { readonly document: string }): Attention {
  return attentionSchema.parse(JSON.parse(document));
}

function printJobOf(row: PrintRow): PrintJob {
  return {
    id: row.id, orderId: row.order_id ?? undefined, kind: row.kind, state: row.state, createdAt: row.created_at,
    slip: row.slip ?? undefined,
    // It was made here and never leaves: its shape is ours.
    document: row.document === null ? undefined : (JSON.parse(row.document) as Receipt),
  };
}

function jobOf(row: JobRow): StoredJob {
  return { id: row.id, orderId: row.order_id, kind: row.kind, state: row.state, createdAt: row.created_at };
}
