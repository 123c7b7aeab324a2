import type { Database } from 'better-sqlite3';
import type { Attention, Decision } from '../../domain/attention/attention.ts';
import { mayDecide } from '../../domain/attention/attention.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { HqEventPayload, JobState } from '../../domain/contract/hq.ts';
import type { AttemptId, AttentionId, JobId, OrderId, RefundId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import { equals, isZero } from '../../domain/money.ts';
import type { Order, OrderState, OrderStep } from '../../domain/order/order.ts';
import { isOpen, isPaid, nextState, pickupNumber } from '../../domain/order/order.ts';
import type { Attempt, AttemptState } from '../../domain/payment/attempt.ts';
import { isUnsettled } from '../../domain/payment/attempt.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Refund } from '../../domain/payment/refund.ts';
import type { Tender, WalletDetails, WalletMode, WalletRefusal } from '../../domain/payment/tender.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { Shop } from '../../domain/receipt/shop.ts';
import { dayAt } from '../../domain/sync/day-closing.ts';
import { createAttentionList } from './attention-list.ts';
import type { Emitter, EmitterDeps } from './emitter.ts';
import { createEmitter } from './emitter.ts';
import { createForeignTransactions } from './foreign-transactions.ts';
import type { DocumentKind } from './jobs.ts';
import { createJobs } from './jobs.ts';
import { createPersonalData } from './personal.ts';
import type { StoreReader } from './reader.ts';
import type { RefundSettlement, RefundWish } from './refunds.ts';
import { createRefundActs, createRefundTable } from './refunds.ts';
import { costOfLine, createRefusedServices } from './refused-services.ts';
import type { ServiceOutcome } from './services.ts';
import { createServiceTable } from './services.ts';
import { createStockLedger } from './stock-ledger.ts';

export interface WriterDeps extends EmitterDeps {
  readonly database: Database;
  readonly reader: StoreReader;
  /** Shared by all writers of the connection; made from the rest where none is given. */
  readonly emitter?: Emitter;
  /** Staff have a printer of their own: there an order with food gets a kitchen ticket, one with goods a counted slip. */
  readonly hasStaffPrinter?: boolean;
}

/** How an order is to be paid. */
export type AttemptWay = { readonly tender: 'card' } | { readonly tender: Exclude<Tender, 'card'>; readonly mode: WalletMode };

/** How an attempt ended, or what is known of it now. `card` or `wallet`, as it was started. */
export type AttemptSettlement =
  | { readonly state: 'approved'; readonly card: CardDetails }
  | { readonly state: 'approved'; readonly wallet: WalletDetails | undefined }
  /** With the terminal's numbers where it gave them, so that the same answer is known again when it repeats it. */
  | { readonly state: 'declined' | 'cancelled'; readonly resultCode: string; readonly card?: CardDetails | undefined }
  /** Of a wallet: why, where its customer can do something about it. */
  | { readonly state: 'declined' | 'cancelled'; readonly resultCode?: WalletRefusal | undefined; readonly card?: undefined }
  | { readonly state: 'not_paid'; readonly card?: CardDetails | undefined }
  | { readonly state: 'not_sent' | 'unknown' }
  /** A person must decide: `detail` says why. */
  | { readonly state: 'unclear'; readonly detail: string; readonly last?: CardDetails | undefined }
  /** It was unknown (of a wallet: not ended) and is found paid, and the sale cannot be completed any more. */
  | { readonly state: 'reversing'; readonly card: CardDetails }
  | { readonly state: 'reversing'; readonly wallet: WalletDetails | undefined };

export interface Feedback extends Pick<HqEventPayload<'feedback.given'>, 'stars' | 'chips'> {
  /** The customer's own: sealed before it rests anywhere. */
  readonly words?: string | undefined;
}

export type ReversalSettlement =
  /** `card`: the reversal's own numbers, so that it is never taken for a purchase. */
  | { readonly kind: 'reversed'; readonly card?: CardDetails | undefined }
  | { readonly kind: 'refused'; readonly detail: string };

/**
 * Everything that changes the store. Each method is one transaction with its outbox events in it, durable when it
 * returns. A method called in a state that forbids it throws and writes nothing: that is a bug of the caller.
 */
export interface StoreWriter {
  /** The next pickup number; taken once, also when no order comes of it. */
  takePickupNumber(): string;
  /**
   * Writes order, stock reservation and events. A free order is paid at once, with its jobs. Throws where there are not so many pieces that may be sold on the
   * day on which it was placed.
   */
  placeOrder(order: Order, shop: Shop, receiptUrl: string): void;
  /**
   * Commits the intent to charge the order's whole total, by card unless told. Refused by the database while an attempt of this order is unsettled, and by card while
   * any attempt of the card is.
   */
  startAttempt(orderId: OrderId, amount: Money, way?: AttemptWay): Attempt;
  /** The terminal said approved; not yet acknowledged to it. */
  recordAuthorised(attemptId: AttemptId, card: CardDetails): void;
  /**
   * Ends an unsettled attempt, or marks it unknown; an approval makes the order paid, with its jobs. The same state again does
   * nothing. A card's that is unclear is settled by a person alone (`settleAttention`); a wallet's also by what HQ finds out later (approved, not_paid or reversing),
   * which then takes it off the list.
   */
  settleAttempt(attemptId: AttemptId, settlement: AttemptSettlement): void;
  /** Commits that an approved payment is to go back as a whole. A card's is refused by the database while any attempt of the card is unsettled. */
  startReversal(attemptId: AttemptId): void;
  /** The money is back: the order is refunded. Or the terminal will not: the order stays (or is now) paid, and stands on the staff's list. */
  settleReversal(attemptId: AttemptId, settlement: ReversalSettlement): void;
  /**
   * Commits that a part of a paid order's money goes back: to the customer's wallet, or given by a person. The same id again is the same refund. Throws where that is
   * more than is left (`StoreReader.refundable`), where the whole of a wallet's payment is meant (`startReversal`), and for a card's by its terminal, which gives back
   * whole purchases only. With the last part the payment is reversed and the order refunded.
   */
  askRefund(wish: RefundWish): Refund;
  /**
   * HQ has answered: it is done, or refused, and then a person has to decide. `too_much`: it had been refused, and is told as done now, and that would be more than was
   * paid: somebody has given the money back meanwhile. Throws where there is no such refund.
   */
  settleRefund(id: RefundId, settlement: RefundSettlement): 'settled' | 'as_before' | 'too_much';
  /**
   * What a person has decided about something on the list, with all that follows from it. What they have given back is noted as a refund by hand; throws where so much
   * is not left.
   * @param by who: a staff number, or HQ and its person's name
   */
  settleAttention(id: AttentionId, decision: Decision, by?: string): void;
  /** Gives up an unpaid order and frees its stock. Not while an attempt of it is unsettled: money may be on its way. */
  endOrder(orderId: OrderId, step: 'cancel' | 'expire'): void;
  /**
   * The last job that ends makes a paid order fulfilled. An ended job stays as it is; an uncertain print goes on the staff's
   * list. A print that begins takes the next slip number. `paperMm`: what it took of the roll.
   */
  setJobState(jobId: JobId, state: JobState, paperMm?: number): void;
  /** Queues lines that are no order's receipt: a card terminal's slip, a test page. `kept`: written down, and not printed. */
  queueDocument(document: Receipt, kind: DocumentKind, orderId: OrderId | undefined, kept?: 'kept'): JobId;
  /** A second print of a paid order's receipt: it says COPY. */
  printCopy(orderId: OrderId): void;
  /** A new roll of paper is in. */
  startPaperRoll(): void;
  /** Keeps a good catalogue and counts in the stock of offers that are new. */
  saveCatalogue(catalogue: Catalogue): void;
  /**
   * An approval is about to be refused (84 66): noted with the unsettled attempt, or as nobody's where there is none. One that
   * nobody waited for may be an old one told again: what is known already is not noted.
   */
  recordRefused(card: CardDetails, isOfRunningPurchase: boolean): void;
  /** What the terminal had done before any purchase of ours: never to be taken for one. */
  recordBaseline(card: CardDetails): void;
  /**
   * What HQ says of a service, told back to it, with what follows for the money (refused-services.ts). `as_before`: it is known. `final`: it is done or refused already,
   * and stays so. Throws where there is no such service.
   */
  settleService(jobId: JobId, outcome: ServiceOutcome, reference: string | undefined): 'settled' | 'as_before' | 'final';
  /** Thinks about the money of refused services where a restored store has not yet, or others of the order were waited for. */
  judgeRefusedServices(): void;
  /** What an order's customer says of it: once. False where they have said so already. */
  giveFeedback(orderId: OrderId, feedback: Feedback): boolean;
  /** Ends the jobs whose request HQ has by now. Answers how many there were. */
  finishRequestedServices(): number;
}

/** What HQ finds out later of a wallet's payment that was unclear, as a person would have decided it. */
const foundOut: Readonly<Partial<Record<AttemptState, Decision>>> = { approved: 'paid', reversing: 'paid_send_back', not_paid: 'not_paid' };

export function createStoreWriter({ hasStaffPrinter = false, ...deps }: WriterDeps): StoreWriter {
  const { database, reader, now, newId } = deps;
  const { emit, noteLocal, transaction } = deps.emitter ?? createEmitter(deps);
  const personal = createPersonalData(database, (row) => noteLocal('personal_key', row, 'soon'));
  const stock = createStockLedger(database, emit, now);
  const services = createServiceTable(database);
  const list = createAttentionList({ database, reader, emit, now, newId });
  const foreign = createForeignTransactions({ database, reader, noteLocal, now });
  const jobs = createJobs({
    database, reader, emitter: { emit, noteLocal }, now, newId, takeSlipNumber: () => takeNumber.get('slip')!.next, raise: list.raise,
    onAllEnded: (orderId) => void (reader.order(orderId)?.state === 'paid' && step(orderId, 'fulfil')),
  });
  const refunds = createRefundActs({
    table: createRefundTable(database), refundable: reader.refundable, emit, now, newId, allIsBack: refund,
    refused: list.raiseAboutRefund, cameAfterAll: ({ id, jobId }) => list.closeParts((open) => (jobId !== undefined && open.jobId === jobId) || open.refundId === id),
  });
  const refusedServices = createRefusedServices({ database, reader, services, raise: list.raise, close: list.close, askRefund: refunds.ask });
  const insertFeedback = database.prepare('INSERT INTO feedback (order_id, given_at) VALUES (?, ?) ON CONFLICT (order_id) DO NOTHING');
  const insertOrder = database.prepare(
    'INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const orderHead = database.prepare<[string], { state: OrderState; total: number; currency: Money['currency'] }>('SELECT state, total, currency FROM orders WHERE id = ?');
  const setOrderState = database.prepare('UPDATE orders SET state = ? WHERE id = ?');
  const takeNumber = database.prepare<[string], { next: number }>(
    'INSERT INTO counters (name, next) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next');
  const insertAttempt = database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state, tender, mode) VALUES (?, ?, ?, ?, ?, 'started', ?, ?)");
  const updateAttempt = database.prepare<(string | null)[], { order_id: OrderId; amount: number; currency: Money['currency']; tender: Tender; mode: WalletMode | null }>(`
    UPDATE payment_attempts SET state = ?, card = coalesce(?, card), wallet = coalesce(?, wallet), result_code = coalesce(?, result_code) WHERE id = ?
    RETURNING order_id, amount, currency, tender, mode`);
  const attemptState = database.prepare<[string], { state: AttemptState; order_id: OrderId; tender: Tender }>('SELECT state, order_id, tender FROM payment_attempts WHERE id = ?');
  const insertCatalogue = database.prepare('INSERT OR REPLACE INTO last_catalogue (only_row, revision, document, saved_at) VALUES (1, ?, ?, ?)');

  function step(orderId: OrderId, orderStep: OrderStep): void {
    const stored = orderHead.get(orderId);
    if (!stored) throw new Error(`order ${orderId} does not exist`);
    const to = nextState(stored.state, orderStep);
    if (to === undefined) throw new Error(`order ${orderId} is ${stored.state}: ${orderStep} is not allowed`);
    if (to === stored.state) return;
    setOrderState.run(to, orderId);
    emit('order.state', { orderId, from: stored.state, to });
  }

  function reserveFor(order: Order, timeZone: string): void {
    const today = () => dayAt(order.placedAt, timeZone);
    for (const { fulfilment, offerId, quantity } of order.lines) if (fulfilment.kind === 'goods') stock.reserve(order.id, offerId, quantity, today);
  }

  /** Into the lots that they came from. */
  function releaseOf(order: Order): void {
    const pieces = new Map<string, number>();
    for (const { fulfilment, offerId, quantity } of order.lines) if (fulfilment.kind === 'goods') pieces.set(offerId, (pieces.get(offerId) ?? 0) + quantity);
    for (const [offerId, quantity] of pieces) stock.release(order.id, offerId, quantity);
  }

  function emitAttempt(attemptId: AttemptId, state: AttemptState, told: { readonly card?: CardDetails | undefined; readonly wallet?: WalletDetails | undefined; readonly resultCode?: string | undefined } = {}): OrderId {
    const { card, wallet, resultCode } = told;
    const row = updateAttempt.get(state, card ? JSON.stringify(card) : null, wallet ? JSON.stringify(wallet) : null, resultCode ?? null, attemptId);
    if (!row) throw new Error(`attempt ${attemptId} does not exist`);
    emit('payment.attempt', {
      attemptId, orderId: row.order_id, amount: { amount: row.amount, currency: row.currency }, tender: row.tender, ...(row.mode === null ? {} : { mode: row.mode }), state,
      ...(card ? { card } : {}), ...(wallet ? { wallet } : {}), ...(resultCode === undefined ? {} : { resultCode }),
    });
    return row.order_id;
  }

  /** In the transaction that made the order paid: what is owed to the customer is never only in memory. */
  function queueJobs(orderId: OrderId): void {
    const order = personal.sealAgain(reader.sealedOrder(orderId)!, now());
    jobs.add(order.id, 'print_receipt');
    const isIn = (kind: 'food' | 'goods') => order.lines.some((line) => line.fulfilment.kind === kind);
    if (hasStaffPrinter && isIn('food')) jobs.add(order.id, 'print_kitchen');
    if (hasStaffPrinter && isIn('goods')) jobs.add(order.id, 'print_staff_slip');
    for (const line of order.lines) {
      if (line.fulfilment.kind !== 'telecom') continue;
      const { service } = line.fulfilment;
      jobs.add(order.id, 'request_service', (jobId) => {
        services.add(jobId, order.id);
        return emit('service.requested', { jobId, orderId: order.id, offerId: line.offerId, service, quantity: line.quantity, amount: costOfLine(line), form: line.form });
      });
    }
  }

  const isReversing = (orderId: OrderId) => reader.attempts(orderId).some(({ state }) => state === 'reversing');

  function settle(attemptId: AttemptId, told: AttemptSettlement, isDecided = false): void {
    const before = attemptState.get(attemptId);
    if (!before) throw new Error(`attempt ${attemptId} does not exist`);
    // Where two stories of a restored store have met, its order may have been given up, or paid back, in the other: then nothing can be delivered for it any more.
    const { state: orderState } = orderHead.get(before.order_id)!;
    const isHeld = isOpen(orderState);
    const settlement: AttemptSettlement = told.state === 'approved' && !isHeld && isUnsettled(before.state) && before.state !== 'reversing' ? { ...told, state: 'reversing' } : told;
    if (before.state === settlement.state) return;
    if (!isUnsettled(before.state) || before.state === 'reversing') throw new Error(`attempt ${attemptId} is ${before.state}: it is settled`);
    const isWallet = before.tender !== 'card';
    if (('wallet' in settlement && !isWallet) || ('card' in settlement && settlement.card && isWallet)) throw new Error(`attempt ${attemptId} is of ${before.tender}: it cannot be settled so`);
    if (before.state === 'unclear' && !isDecided) {
      const decision = isWallet ? foundOut[settlement.state] : undefined;
      if (!decision) throw new Error(`attempt ${attemptId} is unclear: a person decides about it`);
      for (const { id, orderId } of reader.attention().filter((open) => open.attemptId === attemptId)) list.close(id, 'payment_unclear', orderId, decision);
    } else if (told.state === 'reversing' && before.state !== 'unknown' && !isDecided && !isWallet) {
      throw new Error(`attempt ${attemptId} is ${before.state}: only what was unknown is taken back at once`);
    }
    const orderId = emitAttempt(attemptId, settlement.state, {
      card: 'card' in settlement ? settlement.card : undefined, wallet: 'wallet' in settlement ? settlement.wallet : undefined,
      resultCode: 'resultCode' in settlement ? settlement.resultCode : undefined,
    });
    const stepOn = (orderStep: OrderStep) => void (isHeld && step(orderId, orderStep));
    switch (settlement.state) {
      case 'approved':
        stepOn('payment_approved');
        queueJobs(orderId);
        return;
      case 'unknown':
      case 'unclear':
        if (orderState !== 'payment_unknown') stepOn('payment_lost_sight_of');
        if (settlement.state === 'unclear') list.raiseAboutAttempt('payment_unclear', attemptId, orderId, settlement.detail, settlement.last);
        return;
      case 'reversing':
        // The money is on its way back: until it is there, the order can neither be paid nor be given up.
        if (orderState !== 'payment_unknown') stepOn('payment_lost_sight_of');
        return;
      default:
        stepOn('payment_failed');
    }
  }

  /** A person has given this part back. An order of which nothing is paid (two stories of it met) has nothing to count it against: there the decision alone tells. */
  function giveByHand({ id, orderId, jobId, amount, refundId, kind }: Attention, by: string | undefined): void {
    if (!amount || !reader.refundable(orderId)) return;
    const reason = refundId === undefined ? 'service refused' : (reader.refund(refundId)?.reason ?? kind);
    // Under the entry's own id: what answers the list is told from what was given beside it. One of another story that gave way is not this one.
    const own = id as string as RefundId;
    refunds.ask({ id: reader.refund(own)?.state === 'refused' ? undefined : own, orderId, amount, way: 'by_hand', reason, by, jobId });
  }

  /** The money is back. What was never sold is free again; what was to be printed for it is not printed any more. */
  function refund(attemptId: AttemptId): void {
    for (const { id, kind, orderId } of reader.attention().filter((open) => open.attemptId === attemptId)) list.close(id, kind, orderId, 'was_back');
    const orderId = emitAttempt(attemptId, 'reversed');
    const stored = reader.order(orderId)!;
    // Given up or refunded in another story of a restored store: it stays so, and its stock is free already.
    const isItsOrder = nextState(stored.state, 'refund') !== undefined;
    if (isItsOrder) step(orderId, 'refund');
    // With the whole, each part of it is back.
    list.closeParts((open) => open.orderId === orderId);
    services.clearMoney(orderId);
    // Nothing was ever to be done for it: found too late, or never known.
    if (isItsOrder && reader.jobs(orderId).length === 0) releaseOf(stored.order);
    for (const job of reader.jobs(orderId)) if (job.state === 'queued' && job.kind !== 'request_service') jobs.change(job.id, 'lapsed');
  }

  return {
    takePickupNumber: transaction(() => {
      const { next } = takeNumber.get('pickup_number')!;
      noteLocal('number', { name: 'pickup_number', next }, 'soon');
      return pickupNumber(next - 1);
    }),

    placeOrder: transaction((given: Order, shop: Shop, receiptUrl: string) => {
      const order = personal.seal(given, now());
      insertOrder.run(
        order.id, order.cartId, order.number, 'placed', order.total.amount, order.total.currency, order.placedAt,
        JSON.stringify(order), JSON.stringify(shop), receiptUrl);
      emit('order.placed', { order, shop, receiptUrl });
      reserveFor(order, shop.timeZone);
      if (isZero(order.total)) {
        step(order.id, 'accept_free');
        queueJobs(order.id);
      }
    }),

    startAttempt: transaction((orderId: OrderId, amount: Money, way: AttemptWay = { tender: 'card' }): Attempt => {
      const attempt: Attempt = { id: newId() as AttemptId, orderId, amount, startedAt: now(), ...way, state: 'started' };
      const stored = orderHead.get(orderId);
      if (stored && !equals({ amount: stored.total, currency: stored.currency }, amount)) throw new Error(`order ${orderId} costs ${stored.total}, not ${amount.amount}`);
      step(orderId, 'start_payment');
      insertAttempt.run(attempt.id, orderId, amount.amount, amount.currency, attempt.startedAt, way.tender, attempt.mode ?? null);
      emit('payment.attempt', { attemptId: attempt.id, orderId, amount, ...way, state: 'started' });
      return attempt;
    }),

    recordAuthorised: transaction((attemptId: AttemptId, card: CardDetails) => {
      const before = attemptState.get(attemptId);
      if (before?.state !== 'started') throw new Error(`attempt ${attemptId} is ${before?.state ?? 'unknown'}: it cannot be authorised`);
      if (before.tender !== 'card') throw new Error(`attempt ${attemptId} is of ${before.tender}: it cannot be authorised`);
      emitAttempt(attemptId, 'authorised', { card });
    }),

    settleAttempt: transaction((attemptId: AttemptId, settlement: AttemptSettlement) => settle(attemptId, settlement)),

    startReversal: transaction((attemptId: AttemptId) => {
      const before = attemptState.get(attemptId);
      if (before?.state !== 'approved') throw new Error(`attempt ${attemptId} is ${before?.state ?? 'unknown'}: there is nothing to take back`);
      // A reversal is of the whole, and that part would go back a second time.
      if (reader.isPartGivenBack(before.order_id)) throw new Error(`a part of order ${before.order_id} was given back by hand or to the wallet, or is on its way: it cannot go back as a whole`);
      services.clearMoney(emitAttempt(attemptId, 'reversing'));
    }),

    settleReversal: transaction((attemptId: AttemptId, settlement: ReversalSettlement) => {
      const before = attemptState.get(attemptId);
      if (before?.state !== 'reversing') throw new Error(`attempt ${attemptId} is ${before?.state ?? 'unknown'}: it is not being taken back`);
      if (settlement.kind === 'reversed') {
        if (settlement.card) foreign.note(settlement.card, 'reversal');
        return refund(attemptId);
      }
      const orderId = emitAttempt(attemptId, 'approved');
      // Paid it is; but its customer has gone, so nothing is printed or asked for until a person has decided.
      if (reader.order(orderId)?.state === 'payment_unknown') step(orderId, 'payment_approved');
      list.raiseAboutAttempt('reversal_refused', attemptId, orderId, settlement.detail);
    }),

    askRefund: transaction((wish: RefundWish): Refund => {
      const refund = refunds.ask(wish);
      refusedServices.closeCovered(refund.orderId);
      // What was to go back as a whole goes back as the rest of it now.
      services.reopenMoney(refund.orderId);
      refusedServices.judge(refund.orderId);
      return refund;
    }),

    settleRefund: transaction((id: RefundId, settlement: RefundSettlement) => {
      const settled = refunds.settle(id, settlement);
      if (settlement.state === 'done') refusedServices.closeCovered(reader.refund(id)!.orderId);
      return settled;
    }),

    settleAttention: transaction((id: AttentionId, decision: Decision, by?: string) => {
      const attention = reader.openAttention(id);
      if (!attention) throw new Error(`${id} does not stand on the list`);
      const { kind, orderId, attemptId } = attention;
      if (!mayDecide(kind, decision)) throw new Error(`${decision} cannot be decided about ${kind}`);
      if (decision === 'part_given_back' && isReversing(orderId)) throw new Error(`order ${orderId} is being taken back just now, as a whole`);
      // Before it is closed: what was decided counts as given back, too. With the last part of the order all that stands on the list of it is closed.
      if (decision === 'part_given_back') giveByHand(attention, by);
      if (reader.openAttention(id)) list.close(id, kind, orderId, decision);
      // Whatever was decided: that transaction is known now, and is never taken for a later purchase.
      if (attention.lastCard) foreign.note(attention.lastCard, 'baseline');
      const isWallet = attemptId !== undefined && attemptState.get(attemptId)?.tender !== 'card';
      const paidBy = isWallet ? { wallet: undefined } : { card: attention.card ?? {} };
      if (attemptId && decision === 'paid') settle(attemptId, { state: 'approved', ...paidBy }, true);
      else if (attemptId && decision === 'not_paid') settle(attemptId, { state: 'not_paid', card: attention.card }, true);
      else if (attemptId && decision === 'paid_send_back') settle(attemptId, { state: 'reversing', ...paidBy }, true);
      else if (attemptId && decision === 'stays_paid') {
        if (reader.jobs(orderId).length === 0 && isPaid(reader.order(orderId)!.state)) queueJobs(orderId);
      } else if (attemptId) {
        if (attemptState.get(attemptId)?.state !== 'approved') throw new Error(`attempt ${attemptId} is being taken back just now`);
        refund(attemptId);
      }
      else if (decision === 'print_copy') jobs.printAgain(orderId, attention.jobId);
    }),

    endOrder: transaction((orderId: OrderId, orderStep: 'cancel' | 'expire') => {
      const stored = reader.order(orderId);
      if (!stored) throw new Error(`order ${orderId} does not exist`);
      if (reader.unsettledOf(orderId)) throw new Error(`order ${orderId} has an unsettled payment: it cannot be given up`);
      step(orderId, orderStep);
      releaseOf(stored.order);
    }),

    setJobState: transaction(jobs.change),

    queueDocument: transaction(jobs.queueDocument),

    printCopy: transaction((orderId: OrderId) => {
      const stored = reader.order(orderId);
      if (!stored || (!isPaid(stored.state) && stored.state !== 'refunded')) throw new Error(`order ${orderId} is ${stored?.state ?? 'unknown'}: it has no receipt`);
      jobs.add(orderId, 'print_copy');
    }),

    startPaperRoll: transaction(jobs.startPaperRoll),

    saveCatalogue: transaction((catalogue: Catalogue) => {
      insertCatalogue.run(catalogue.revision, JSON.stringify(catalogue), now());
      for (const offer of catalogue.offers) {
        if (offer.fulfilment.kind === 'goods') stock.countIn(offer.id, offer.fulfilment.initialStock);
      }
    }),

    recordRefused: transaction(foreign.recordRefused),

    recordBaseline: transaction((card: CardDetails) => {
      foreign.note(card, 'baseline');
    }),

    settleService: transaction((jobId: JobId, outcome: ServiceOutcome, reference: string | undefined) => {
      const service = services.get(jobId);
      if (!service) throw new Error(`service ${jobId} was never asked for`);
      const { orderId } = service;
      if (!services.settle(jobId, outcome, reference ?? null, now())) return service.state === outcome ? 'as_before' : 'final';
      emit('service.settled', { jobId, orderId, outcome, ...(reference === undefined ? {} : { reference }) });
      // HQ answers what it has: its acknowledgement may have been lost.
      if (jobs.isQueued(jobId)) jobs.change(jobId, 'done');
      // Also where this one is done: another one may have waited for it.
      if (outcome !== 'pending') refusedServices.judge(orderId);
      return 'settled';
    }),

    judgeRefusedServices: transaction(refusedServices.judgeAll),

    giveFeedback: transaction((orderId: OrderId, { stars, chips, words }: Feedback) => {
      const stored = reader.order(orderId);
      if (!stored) throw new Error(`order ${orderId} does not exist`);
      if (insertFeedback.run(orderId, now()).changes === 0) return false;
      // The time after which words are forgotten is the order's, whenever they were said.
      emit('feedback.given', { orderId, stars, chips, ...(words ? { words: personal.sealWords(orderId, words, stored.order.placedAt) } : {}) });
      return true;
    }),

    finishRequestedServices: transaction(jobs.finishRequested),
  };
}
