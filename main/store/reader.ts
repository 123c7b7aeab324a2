import type { Database } from 'better-sqlite3';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { HqEvent, JobKind, JobState } from '../../domain/contract/hq.ts';
import type { AttemptId, CartId, EventId, JobId, OrderId } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money.ts';
import { money } from '../../domain/money.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import { orderSchema } from '../../domain/order/order.ts';
import type { Attempt, AttemptState } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import { cardDetailsSchema } from '../../domain/payment/card.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import { shopSchema } from '../../domain/receipt/shop.ts';

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

export interface OutboxPosition {
  readonly epoch: number;
  readonly last: number;
  readonly acknowledged: number;
}

/** Everything that can be asked of the store. It cannot write. */
export interface StoreReader {
  order(id: OrderId): StoredOrder | undefined;
  orderOfCart(cartId: CartId): OrderId | undefined;
  /** Placed or awaiting payment, oldest first: what a leaving customer or time ends. */
  unpaidOrders(): readonly { readonly id: OrderId; readonly placedAt: number }[];
  /** Oldest first. */
  attempts(orderId: OrderId): readonly Attempt[];
  /** There is at most one. */
  unsettledAttempt(): Attempt | undefined;
  /** Card details of the newest transactions that cannot be an unsettled attempt's: of settled attempts, and of what was never ours. */
  settledCards(): readonly CardDetails[];
  jobs(orderId: OrderId): readonly StoredJob[];
  /** Oldest first. */
  unfinishedPrintJobs(): readonly StoredJob[];
  available(): ReadonlyMap<string, number>;
  lastCatalogue(): Catalogue | undefined;
  outbox(after: number, limit: number): readonly HqEvent[];
  outboxPosition(): OutboxPosition;
}

interface OrderRow { state: OrderState; document: string; shop: string; receipt_url: string }
interface AttemptRow { id: AttemptId; order_id: OrderId; amount: number; currency: Currency; started_at: number; state: AttemptState; card: string | null; refused: 0 | 1; result_code: string | null }
interface JobRow { id: JobId; order_id: OrderId; kind: JobKind; state: JobState; created_at: number }

/** How far back an old transaction of the terminal is still recognised as one of ours. */
const settledCardsKept = 200;

export function createStoreReader(database: Database): StoreReader {
  const order = database.prepare<[string], OrderRow>('SELECT state, document, shop, receipt_url FROM orders WHERE id = ?');
  const orderOfCart = database.prepare<[string], { id: OrderId }>('SELECT id FROM orders WHERE cart_id = ?');
  const unpaid = database.prepare<[], { id: OrderId; placed_at: number }>(
    "SELECT id, placed_at FROM orders WHERE state IN ('placed', 'awaiting_payment') ORDER BY placed_at");
  const attempts = database.prepare<[string], AttemptRow>('SELECT * FROM payment_attempts WHERE order_id = ? ORDER BY rowid');
  const unsettled = database.prepare<[], AttemptRow>("SELECT * FROM payment_attempts WHERE state IN ('started', 'authorised', 'unknown', 'unclear')");
  const settledCards = database.prepare<[number], { card: string }>(
    "SELECT card FROM payment_attempts WHERE card IS NOT NULL AND state NOT IN ('started', 'authorised', 'unknown', 'unclear') ORDER BY rowid DESC LIMIT ?");
  const foreignCards = database.prepare<[number], { card: string }>('SELECT card FROM foreign_transactions ORDER BY id DESC LIMIT ?');
  const jobs = database.prepare<[string], JobRow>('SELECT id, order_id, kind, state, created_at FROM jobs WHERE order_id = ? ORDER BY created_at, id');
  const printJobs = database.prepare<[], JobRow>(
    "SELECT id, order_id, kind, state, created_at FROM jobs WHERE state IN ('queued', 'doing') AND kind = 'print_receipt' ORDER BY created_at, id");
  const stock = database.prepare<[], { offer_id: string; available: number }>('SELECT offer_id, available FROM stock');
  const catalogue = database.prepare<[], { document: string }>('SELECT document FROM last_catalogue');
  const outbox = database.prepare<[number, number], HqEvent & { id: EventId }>(
    'SELECT sequence, id, kind, version, at, payload FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?');
  const position = database.prepare<[], OutboxPosition>('SELECT epoch, last, acknowledged FROM outbox_position');

  return {
    order(id) {
      const row = order.get(id);
      if (!row) return undefined;
      return { order: orderSchema.parse(JSON.parse(row.document)), state: row.state, shop: shopSchema.parse(JSON.parse(row.shop)), receiptUrl: row.receipt_url };
    },
    orderOfCart: (cartId) => orderOfCart.get(cartId)?.id,
    unpaidOrders: () => unpaid.all().map((row) => ({ id: row.id, placedAt: row.placed_at })),
    attempts: (orderId) => attempts.all(orderId).map(attemptOf),
    unsettledAttempt() {
      const row = unsettled.get();
      return row && attemptOf(row);
    },
    settledCards: () =>
      [...settledCards.all(settledCardsKept), ...foreignCards.all(settledCardsKept)].map((row) => cardDetailsSchema.parse(JSON.parse(row.card))),
    jobs: (orderId) => jobs.all(orderId).map(jobOf),
    unfinishedPrintJobs: () => printJobs.all().map(jobOf),
    available: () => new Map(stock.all().map((row) => [row.offer_id, row.available])),
    lastCatalogue() {
      const row = catalogue.get();
      return row && catalogueSchema.parse(JSON.parse(row.document));
    },
    outbox: (after, limit) => outbox.all(after, limit),
    outboxPosition: () => position.get()!,
  };
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    orderId: row.order_id,
    amount: money(row.amount, row.currency),
    startedAt: row.started_at,
    state: row.state,
    ...(row.card === null ? {} : { card: cardDetailsSchema.parse(JSON.parse(row.card)) }),
    ...(row.refused === 1 ? { refused: true } : {}),
    ...(row.result_code === null ? {} : { resultCode: row.result_code }),
  };
}

function jobOf(row: JobRow): StoredJob {
  return { id: row.id, orderId: row.order_id, kind: row.kind, state: row.state, createdAt: row.created_at };
}
