import type { Database } from 'better-sqlite3';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { EventKind, HqEventPayload, JobKind, JobState, Mark } from '../../domain/contract/hq.ts';
import type { AttemptId, EventId, JobId, OrderId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import { equals, isZero } from '../../domain/money.ts';
import type { Order, OrderStep } from '../../domain/order/order.ts';
import { nextState, pickupNumber } from '../../domain/order/order.ts';
import type { Attempt, AttemptState } from '../../domain/payment/attempt.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import type { StoreReader } from './reader.ts';

export interface WriterDeps {
  readonly database: Database;
  readonly reader: StoreReader;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

/** How an attempt ended, or what is known of it now. */
export type AttemptSettlement =
  | { readonly state: 'approved'; readonly card: CardDetails }
  /** With the terminal's numbers where it gave them, so that the same answer is known again when it repeats it. */
  | { readonly state: 'declined' | 'cancelled'; readonly resultCode: string; readonly card?: CardDetails | undefined }
  | { readonly state: 'not_paid'; readonly card?: CardDetails | undefined }
  | { readonly state: 'not_sent' | 'unknown' | 'unclear' };

/**
 * Everything that changes the store. Each method is one transaction with its outbox events in it, durable when it
 * returns. A method called in a state that forbids it throws and writes nothing: that is a bug of the caller.
 */
export interface StoreWriter {
  /** The next pickup number; taken once, also when no order comes of it. */
  takePickupNumber(): string;
  /** Writes order, stock reservation and events. A free order is paid at once, with its jobs. */
  placeOrder(order: Order, shop: Shop, receiptUrl: string): void;
  /** Commits the intent to charge the order's whole total. Refused by the database while any attempt is unsettled. */
  startAttempt(orderId: OrderId, amount: Money): Attempt;
  /** The terminal said approved; not yet acknowledged to it. */
  recordAuthorised(attemptId: AttemptId, card: CardDetails): void;
  /** Ends an unsettled attempt, or marks it unknown; an approval makes the order paid, with its jobs. The same state again does nothing. */
  settleAttempt(attemptId: AttemptId, settlement: AttemptSettlement): void;
  /** Gives up an unpaid order and frees its stock. Not while an attempt of it is unsettled: money may be on its way. */
  endOrder(orderId: OrderId, step: 'cancel' | 'expire'): void;
  /** The last job that ends makes a paid order fulfilled. An ended job stays as it is. */
  setJobState(jobId: JobId, state: JobState): void;
  /** Keeps a good catalogue and counts in the stock of offers that are new. */
  saveCatalogue(catalogue: Catalogue): void;
  /** An approval is about to be refused (84 66): noted with the unsettled attempt, or as nobody's where there is none. */
  recordRefused(card: CardDetails): void;
  /** What the terminal had done before any purchase of ours: never to be taken for one. */
  recordBaseline(card: CardDetails): void;
  /** HQ has everything up to the mark: the services asked for in it are requested. */
  acknowledge(mark: Mark): void;
  /** HQ has less than it once had (it was restored): what came after its mark is sent again. */
  rewind(mark: Mark): void;
  /** HQ holds other events under our numbers (this store, or HQ's, is not what it was): all is sent again under the next epoch, with the same event ids. */
  nextEpoch(epoch: number): void;
}

/** States in which nothing more will happen to a job by itself. Where no paper came, or nobody knows, the customer has the e-receipt. */
const endedJobStates: readonly JobState[] = ['done', 'failed', 'uncertain', 'lapsed'];

export function createStoreWriter({ database, reader, now, newId }: WriterDeps): StoreWriter {
  const takeSequence = database.prepare<[], { last: number }>('UPDATE outbox_position SET last = last + 1 RETURNING last');
  const insertEvent = database.prepare('INSERT INTO outbox (sequence, id, kind, version, at, payload) VALUES (?, ?, ?, 1, ?, ?)');
  const insertOrder = database.prepare(
    'INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const setOrderState = database.prepare('UPDATE orders SET state = ? WHERE id = ?');
  const takeNumber = database.prepare<[], { next: number }>(
    "INSERT INTO counters (name, next) VALUES ('pickup_number', 1) ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next");
  const changeStock = database.prepare<[number, string], { available: number }>('UPDATE stock SET available = available + ? WHERE offer_id = ? RETURNING available');
  const insertStock = database.prepare('INSERT INTO stock (offer_id, available) VALUES (?, ?) ON CONFLICT (offer_id) DO NOTHING');
  const insertMove = database.prepare('INSERT INTO stock_moves (offer_id, change, available_after, reason, order_id, at) VALUES (?, ?, ?, ?, ?, ?)');
  const insertAttempt = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state) VALUES (?, ?, ?, ?, ?, 'started')");
  const updateAttempt = database.prepare<[string, string | null, string | null, string], { order_id: OrderId; amount: number; currency: Money['currency'] }>(
    'UPDATE payment_attempts SET state = ?, card = coalesce(?, card), result_code = coalesce(?, result_code) WHERE id = ? RETURNING order_id, amount, currency');
  const attemptState = database.prepare<[string], { state: AttemptState; order_id: OrderId }>('SELECT state, order_id FROM payment_attempts WHERE id = ?');
  const insertJob = database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, sequence) VALUES (?, ?, ?, 'queued', ?, ?)");
  const jobState = database.prepare<[string], { state: JobState }>('SELECT state FROM jobs WHERE id = ?');
  const updateJob = database.prepare<[string, string], { order_id: OrderId; kind: JobKind }>('UPDATE jobs SET state = ? WHERE id = ? RETURNING order_id, kind');
  const requestedJobs = database.prepare<[number], { id: JobId }>(
    "SELECT id FROM jobs WHERE kind = 'request_service' AND state = 'queued' AND sequence <= ? ORDER BY sequence");
  const insertCatalogue = database.prepare('INSERT OR REPLACE INTO last_catalogue (only_row, revision, document, saved_at) VALUES (1, ?, ?, ?)');
  const insertForeign = database.prepare('INSERT INTO foreign_transactions (card, reason, seen_at) VALUES (?, ?, ?)');
  const noteRefusal = database.prepare('UPDATE payment_attempts SET card = ?, refused = 1 WHERE id = ?');
  const rewindTo = database.prepare('UPDATE outbox_position SET acknowledged = ? WHERE epoch = ? AND acknowledged > ?');
  const raiseEpoch = database.prepare('UPDATE outbox_position SET epoch = epoch + 1, acknowledged = 0 WHERE epoch = ?');
  const setAcknowledged = database.prepare('UPDATE outbox_position SET acknowledged = ? WHERE epoch = ? AND acknowledged < ? AND last >= ?');

  function emit<K extends EventKind>(kind: K, payload: HqEventPayload<K>): number {
    const { last } = takeSequence.get()!;
    insertEvent.run(last, newId() as EventId, kind, now(), JSON.stringify(payload));
    return last;
  }

  function transaction<A extends unknown[], R>(body: (...parameters: A) => R): (...parameters: A) => R {
    return database.transaction(body).immediate;
  }

  function step(orderId: OrderId, orderStep: OrderStep): void {
    const stored = reader.order(orderId);
    if (!stored) throw new Error(`order ${orderId} does not exist`);
    const to = nextState(stored.state, orderStep);
    if (to === undefined) throw new Error(`order ${orderId} is ${stored.state}: ${orderStep} is not allowed`);
    if (to === stored.state) return;
    setOrderState.run(to, orderId);
    emit('order.state', { orderId, from: stored.state, to });
  }

  function moveStock(offerId: string, change: number, reason: 'reserved' | 'released', orderId: OrderId): void {
    const row = changeStock.get(change, offerId);
    if (!row) throw new Error(`offer ${offerId} has no stock row`);
    insertMove.run(offerId, change, row.available, reason, orderId, now());
    emit('stock.moved', { offerId, change, left: row.available, reason, orderId });
  }

  function moveStockOf(order: Order, direction: -1 | 1): void {
    for (const line of order.lines) {
      if (line.fulfilment.kind === 'goods') moveStock(line.offerId, direction * line.quantity, direction < 0 ? 'reserved' : 'released', order.id);
    }
  }

  function emitAttempt(attemptId: AttemptId, state: AttemptState, card: CardDetails | undefined, resultCode: string | undefined): OrderId {
    const row = updateAttempt.get(state, card ? JSON.stringify(card) : null, resultCode ?? null, attemptId);
    if (!row) throw new Error(`attempt ${attemptId} does not exist`);
    emit('payment.attempt', {
      attemptId, orderId: row.order_id, amount: { amount: row.amount, currency: row.currency }, state,
      ...(card ? { card } : {}), ...(resultCode === undefined ? {} : { resultCode }),
    });
    return row.order_id;
  }

  /** In the transaction that made the order paid: what is owed to the customer is never only in memory. */
  function createJobs(order: Order): void {
    addJob(order.id, 'print_receipt');
    for (const line of order.lines) {
      if (line.fulfilment.kind !== 'telecom') continue;
      const { service } = line.fulfilment;
      addJob(order.id, 'request_service', (jobId) =>
        emit('service.requested', {
          jobId, orderId: order.id, offerId: line.offerId, service, quantity: line.quantity, amount: line.total, phone: line.form.phone ?? '',
        }));
    }
  }

  function addJob(orderId: OrderId, kind: JobKind, request?: (jobId: JobId) => number): void {
    const jobId = newId() as JobId;
    const sequence = request?.(jobId) ?? null;
    insertJob.run(jobId, orderId, kind, now(), sequence);
    emit('job.state', { jobId, orderId, kind, state: 'queued' });
  }

  function changeJob(jobId: JobId, state: JobState): void {
    const before = jobState.get(jobId)?.state;
    if (before !== undefined && endedJobStates.includes(before)) throw new Error(`job ${jobId} is ${before}: it has ended`);
    const row = updateJob.get(state, jobId);
    if (!row) throw new Error(`job ${jobId} does not exist`);
    emit('job.state', { jobId, orderId: row.order_id, kind: row.kind, state });
    const isFulfilled = reader.jobs(row.order_id).every((job) => endedJobStates.includes(job.state));
    if (isFulfilled && reader.order(row.order_id)?.state === 'paid') step(row.order_id, 'fulfil');
  }

  return {
    takePickupNumber: transaction(() => pickupNumber(takeNumber.get()!.next - 1)),

    placeOrder: transaction((order: Order, shop: Shop, receiptUrl: string) => {
      insertOrder.run(
        order.id, order.cartId, order.number, 'placed', order.total.amount, order.total.currency, order.placedAt,
        JSON.stringify(order), JSON.stringify(shop), receiptUrl);
      emit('order.placed', { order, shop, receiptUrl });
      moveStockOf(order, -1);
      if (isZero(order.total)) {
        step(order.id, 'accept_free');
        createJobs(order);
      }
    }),

    startAttempt: transaction((orderId: OrderId, amount: Money): Attempt => {
      const attempt: Attempt = { id: newId() as AttemptId, orderId, amount, startedAt: now(), state: 'started' };
      const stored = reader.order(orderId);
      if (stored && !equals(stored.order.total, amount)) throw new Error(`order ${orderId} costs ${stored.order.total.amount}, not ${amount.amount}`);
      step(orderId, 'start_payment');
      insertAttempt.run(attempt.id, orderId, amount.amount, amount.currency, attempt.startedAt);
      emit('payment.attempt', { attemptId: attempt.id, orderId, amount, state: 'started' });
      return attempt;
    }),

    recordAuthorised: transaction((attemptId: AttemptId, card: CardDetails) => {
      const before = attemptState.get(attemptId);
      if (before?.state !== 'started') throw new Error(`attempt ${attemptId} is ${before?.state ?? 'unknown'}: it cannot be authorised`);
      emitAttempt(attemptId, 'authorised', card, undefined);
    }),

    settleAttempt: transaction((attemptId: AttemptId, settlement: AttemptSettlement) => {
      const before = attemptState.get(attemptId);
      if (!before) throw new Error(`attempt ${attemptId} does not exist`);
      if (before.state === settlement.state) return;
      if (!isUnsettled(before.state)) throw new Error(`attempt ${attemptId} is ${before.state}: it is settled`);
      const card = 'card' in settlement ? settlement.card : undefined;
      const orderId = emitAttempt(attemptId, settlement.state, card, 'resultCode' in settlement ? settlement.resultCode : undefined);
      if (settlement.state === 'approved') {
        step(orderId, 'payment_approved');
        createJobs(reader.order(orderId)!.order);
      } else if (settlement.state === 'unknown' || settlement.state === 'unclear') {
        if (before.state !== 'unknown') step(orderId, 'payment_lost_sight_of');
      } else {
        step(orderId, 'payment_failed');
      }
    }),

    endOrder: transaction((orderId: OrderId, orderStep: 'cancel' | 'expire') => {
      const stored = reader.order(orderId);
      if (!stored) throw new Error(`order ${orderId} does not exist`);
      if (reader.unsettledAttempt()?.orderId === orderId) throw new Error(`order ${orderId} has an unsettled payment: it cannot be given up`);
      step(orderId, orderStep);
      moveStockOf(stored.order, 1);
    }),

    setJobState: transaction(changeJob),

    saveCatalogue: transaction((catalogue: Catalogue) => {
      insertCatalogue.run(catalogue.revision, JSON.stringify(catalogue), now());
      for (const offer of catalogue.offers) {
        if (offer.fulfilment.kind !== 'goods') continue;
        const { initialStock } = offer.fulfilment;
        if (insertStock.run(offer.id, initialStock).changes === 0) continue;
        insertMove.run(offer.id, initialStock, initialStock, 'initial', null, now());
        emit('stock.moved', { offerId: offer.id, change: initialStock, left: initialStock, reason: 'initial' });
      }
    }),

    recordRefused: transaction((card: CardDetails) => {
      const attempt = reader.unsettledAttempt();
      if (attempt && !attempt.refused) noteRefusal.run(JSON.stringify(card), attempt.id);
      else if (!attempt) insertForeign.run(JSON.stringify(card), 'refused', now());
    }),

    recordBaseline: transaction((card: CardDetails) => {
      insertForeign.run(JSON.stringify(card), 'baseline', now());
    }),

    rewind: transaction((mark: Mark) => {
      rewindTo.run(mark.acknowledged, mark.epoch, mark.acknowledged);
    }),

    nextEpoch: transaction((epoch: number) => {
      raiseEpoch.run(epoch);
    }),

    acknowledge: transaction((mark: Mark) => {
      if (setAcknowledged.run(mark.acknowledged, mark.epoch, mark.acknowledged, mark.acknowledged).changes === 0) return;
      for (const { id } of requestedJobs.all(mark.acknowledged)) changeJob(id, 'done');
    }),
  };
}
